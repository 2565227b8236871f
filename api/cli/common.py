"""What commands share: the data option, an open database with the current schema, the shipped files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import click

from api.settings import Settings
from engine.actions.fill_index import fill_index
from engine.actions.seed_people import seed_regions
from engine.clocks import wall
from engine.store import schema
from engine.store.db import Database, open_database
from engine.store.keys import check_keys, record_key
from engine.types import Actor, Position

Command = TypeVar("Command", bound=Callable[..., Any])

# Whoever can run commands on the server administers it; the record names the command line as the actor.
OPERATOR = Actor(
    username="command-line",
    name="命令行",
    positions=(Position(role="admin", region=""), Position(role="designer", region="")),
)


def data_option(command: Command) -> Command:
    """`--data FOLDER` and `--database URL`, also from AIDFLOW_DATA and AIDFLOW_DATABASE_URL."""
    command = click.option(
        "--data", type=click.Path(path_type=Path), help="Folder of the embedded database [data]"
    )(command)
    return click.option("--database", "database_url", help="SQLAlchemy URL instead of the folder")(command)


def settings_from(data: Path | None, database_url: str | None, **overrides: Any) -> Settings:
    """Settings from the environment with the command line's values on top."""
    if data is not None:
        overrides["data"] = data
    if database_url:
        overrides["database_url"] = database_url
    try:
        return Settings.from_environment(**overrides)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@contextmanager
def opened(settings: Settings, *, upgrade: bool = False) -> Iterator[Database]:
    """The database, closed at the end.

    `upgrade` makes what is missing: folder, schema, regions. Without it, nothing is made: a folder without
    a database and a schema of another release are refused with what to do.
    """
    if not settings.database_url:
        _check_folder(settings.data, make=upgrade)
    database = open_database(settings.url, settings.vault())
    try:
        check_keys(database)
        if upgrade:
            schema.upgrade(database)
            with database.write() as tx:
                seed_regions(tx)
            record_key(database, wall.now())
            sum(fill_index(database))
        elif not schema.is_current(database):
            raise click.ClickException(
                "the database has the schema of another release; run `aidflow db upgrade` first"
            )
        yield database
    finally:
        database.close()


def _check_folder(folder: Path, *, make: bool) -> None:
    if make:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.ClickException(f"cannot use the folder {folder}: {error.strerror}") from None
    elif not (folder / "aidflow.db").is_file():
        raise click.ClickException(
            f"there is no database in the folder {folder}; name it with --data, "
            "or make one with `aidflow db upgrade`"
        )


def shipped(name: str) -> Path:
    """The folder `processes` or `forms`: beside the code in a checkout, else inside the installed wheel."""
    beside = Path(__file__).resolve().parent.parent.parent / name
    return beside if beside.is_dir() else Path(str(files("aidflow_data").joinpath(name)))
