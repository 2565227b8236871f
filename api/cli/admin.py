"""`aidflow db`, `verify` and `export`: what operators do to the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO

import click

from api.cli.common import OPERATOR, data_option, opened, settings_from
from engine.actions.export_cases import export_cases, record_plain_export
from engine.actions.verify import verify as verify_record
from engine.clocks import wall


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@data_option
def db_upgrade(data: Path | None, database_url: str | None) -> None:
    """Bring the schema to this release."""
    with opened(settings_from(data, database_url), upgrade=True):
        click.echo("the schema is current")


@click.command()
@data_option
def verify(data: Path | None, database_url: str | None) -> None:
    """Recompute history chains, clocks and armed deadlines; exit code 1 if anything diverges."""
    with opened(settings_from(data, database_url)) as database, database.read() as tx:
        report = verify_record(tx, at=wall.now())
    for problem in report.problems:
        click.echo(problem, err=True)
    click.echo(f"{report.cases} cases, {report.events} events checked; {len(report.problems)} problems")
    if report.problems:
        raise click.exceptions.Exit(1)


@click.command()
@click.option(
    "--out", type=click.File("w", encoding="utf-8"), default="-", help="File to write [standard output]"
)
@click.option("--plain", is_flag=True, help="People's numbers in full; takes --reason and is recorded")
@click.option("--reason", default="", help="Why the numbers are needed in full")
@data_option
def export(out: IO[str], plain: bool, reason: str, data: Path | None, database_url: str | None) -> None:
    """Write every case with its whole record, one JSON object a line; people's numbers are masked."""
    out.write("")  # opens the file, so that a wrong one is said before the work
    count = 0
    with opened(settings_from(data, database_url)) as database:
        if plain:
            with database.write() as tx:
                record_plain_export(tx, reason=reason, actor=OPERATOR, at=wall.now())
        with database.read() as tx:
            for case in export_cases(tx, actor=OPERATOR, plain=plain):
                out.write(json.dumps(case, ensure_ascii=False) + "\n")
                count += 1
    click.echo(f"{count} cases exported", err=True)


COMMANDS = (db, verify, export)
