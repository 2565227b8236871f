"""`aidflow keys`: the keys that applicant data is sealed with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.app import attachment_store
from api.cli.common import OPERATOR, data_option, opened, settings_from
from engine.actions import rotate_keys
from engine.clocks import wall
from engine.store import keys as stored_keys
from engine.store.resealing import count_sealed
from engine.vault import new_secret, write_secret


@click.group()
def keys() -> None:
    """Keys of the data at rest."""


@keys.command("list")
@data_option
def keys_list(data: Path | None, database_url: str | None) -> None:
    """Show each key's id, and how many stored values need it."""
    with opened(settings_from(data, database_url)) as database:
        with database.read() as tx:
            known = stored_keys.list_keys(tx)
            used, blinded = count_sealed(tx), stored_keys.count_blinded(tx)
        for number, key in enumerate(rotate_keys.ring_of(database)):
            name = key.id.hex()
            since = f"since {known[name]:%Y-%m-%d}" if name in known else "never current"
            state = "current" if number == 0 else "opens"
            counts = f"{used.get(name, 0)} values, {blinded.get(name, 0)} index entries"
            click.echo(f"{name}  {state:8} {since:17} {counts}")
        if plain := used.get("", 0):
            click.echo(f"{plain} values are not sealed; `aidflow keys rotate` seals them", err=True)


@keys.command("new")
def keys_new() -> None:
    """Print a new random key for AIDFLOW_KEYS."""
    click.echo(write_secret(new_secret()))


@keys.command("add")
@data_option
def keys_add(data: Path | None, database_url: str | None) -> None:
    """Add a key to the key file, to be distributed before `rotate` makes it current."""
    with opened(settings_from(data, database_url)) as database:
        click.echo(f"added {rotate_keys.add_key(database, actor=OPERATOR, at=wall.now())}")


@keys.command("rotate")
@click.option("--index", is_flag=True, help="Also blind the search index anew, so that old keys can go")
@data_option
def keys_rotate(index: bool, data: Path | None, database_url: str | None) -> None:
    """Make another key current and seal everything anew while the service runs; may be repeated."""
    settings = settings_from(data, database_url)
    blobs = attachment_store(settings)
    with opened(settings) as database:
        current = rotate_keys.begin_rotation(database, actor=OPERATOR, at=wall.now())
        click.echo(f"current key: {current}")
        sealed = _count("values sealed anew", rotate_keys.seal_all_anew(database))
        files = _count("attachments sealed anew", rotate_keys.seal_blobs_anew(database, blobs))
        click.echo(f"{sealed} values and {files} attachments sealed anew")
        if index:
            cases = _count("cases indexed anew", rotate_keys.index_anew(database))
            click.echo(f"{cases} cases indexed anew")


def _count(what: str, batches: Iterator[int]) -> int:
    """The sum of the batches, shown as it grows."""
    total = 0
    columns = (SpinnerColumn(), TextColumn("{task.completed} {task.description}"), TimeElapsedColumn())
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task(what, total=None)
        for count in batches:
            total += count
            progress.update(task, completed=total)
    return total


@keys.command("retire")
@click.argument("key_id")
@data_option
def keys_retire(key_id: str, data: Path | None, database_url: str | None) -> None:
    """Take a key that nothing needs any more out of the key file."""
    with opened(settings_from(data, database_url)) as database:
        rotate_keys.retire_key(database, key_id=key_id, actor=OPERATOR, at=wall.now())
    click.echo(f"retired {key_id}")


COMMANDS = (keys,)
