"""`aidflow db`, `verify` and `export`: what operators do to the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO

import click

from api.cli.common import OPERATOR, data_option, opened, settings_from
from engine.actions.export_cases import export_cases, record_plain_export
from engine.actions.faults import Fault
from engine.actions.heads import compare_receipt, take_receipt
from engine.actions.verify import Report, verify_batch, verify_rest
from engine.actions.verify_export import verify_export
from engine.clocks import wall
from engine.store.db import Database, Tx


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
@click.option(
    "--export", "exported", type=click.File(encoding="utf-8"), help="Check a file that `aidflow export` wrote"
)
@click.option(
    "--heads",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Receipt of where the chains end: compared if the file is there, else written",
)
@data_option
def verify(exported: IO[str] | None, heads: Path | None, data: Path | None, database_url: str | None) -> None:
    """Recompute every case from its record; exit code 1 if anything diverges, the first place on top."""
    if exported is not None:
        try:
            report = verify_export(json.loads(line) for line in exported)
        except ValueError as error:
            raise click.ClickException(f"{exported.name}: {error}") from error
    else:
        with opened(settings_from(data, database_url)) as database:
            report = _verify_live(database, heads)
    for problem in report.problems:
        click.echo(problem, err=True)
    click.echo(f"{report.cases} cases, {report.events} events checked; {len(report.problems)} problems")
    if report.problems:
        raise click.exceptions.Exit(1)


def _verify_live(database: Database, heads: Path | None) -> Report:
    """A transaction a batch, so that a long check holds nothing back."""
    count, rows, faults, last = 0, 0, list[Fault](), 0
    while True:
        with database.read() as tx:
            batch = verify_batch(tx, at=wall.now(), after=last)
        count, rows = count + batch.cases, rows + batch.events
        faults += batch.problems
        if batch.last is None:
            break
        last = batch.last
        click.echo(f"{count} cases …", err=True)
    with database.read() as tx:
        faults += verify_rest(tx, at=wall.now())
        if heads is not None:
            faults += _check_heads(tx, heads)
    return Report(cases=count, events=rows, problems=tuple(faults))


def _check_heads(tx: Tx, path: Path) -> list[Fault]:
    try:
        if path.exists():
            return compare_receipt(tx, json.loads(path.read_text("utf-8")))
        path.write_text(json.dumps(take_receipt(tx), indent=1), "utf-8")
    except (ValueError, OSError) as error:
        raise click.ClickException(f"{path}: {error}") from error
    return []


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
