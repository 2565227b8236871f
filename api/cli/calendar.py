"""`aidflow calendar load`: publish a year, or add days that a county declared free or working."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import Progress

from api.cli.common import OPERATOR, data_option, opened, settings_from
from engine.actions.change_calendar import change_calendar, list_stale_cases, recalculate_clocks
from engine.clocks import load_calendar, wall
from engine.store.db import Database


@click.group()
def calendar() -> None:
    """Working days and days off."""


@calendar.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
def calendar_load(file: Path, data: Path | None, database_url: str | None) -> None:
    """Announce the days and years in FILE and count every open case's clocks anew.

    FILE is YAML: `calendar: {published: [{year, announced, source}], days: [{from, to, works, region,
    zh, en, announced, source}]}`; without `region` a day counts for the whole nation.
    """
    days, years = load_calendar(file.read_bytes(), file=file.name)
    with opened(settings_from(data, database_url)) as database:
        with database.write() as tx:
            change_calendar(tx, days=days, years=years, actor=OPERATOR, at=wall.now())
        click.echo(f"announced {len(days)} days and {len(years)} years")
        click.echo(f"{_recalculate(database)} open cases counted anew")


def _recalculate(database: Database) -> int:
    """A batch a transaction, so that people can work meanwhile."""
    with database.read() as tx:
        waiting = len(list_stale_cases(tx, limit=1_000_000))
    done = 0
    with Progress(transient=True) as progress:
        bar = progress.add_task("counting clocks anew", total=waiting)
        while True:
            with database.write() as tx:
                batch = recalculate_clocks(tx, at=wall.now())
            if batch == 0:
                return done
            done += batch
            progress.update(bar, completed=done)


COMMANDS = (calendar,)
