"""`aidflow headcounts` and `aidflow funds`: staff, population and money of counties."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.common import OPERATOR, data_option, opened, settings_from
from api.cli.people import DRY, OUT, SKIP, TABLE, export_table, import_table
from engine.actions.fund_kinds import yuan
from engine.actions.funds import list_funds
from engine.actions.import_headcounts import export_headcounts, import_headcounts


@click.group()
def headcounts() -> None:
    """Registered population and staff by township and village as CSV or Excel."""


@headcounts.command("import")
@TABLE
@DRY
@SKIP
@data_option
def headcounts_import(
    table: Path, dry_run: bool, skip_bad: bool, data: Path | None, database_url: str | None
) -> None:
    """Take over the figures of TABLE (.csv or .xlsx)."""
    import_table(import_headcounts, table, dry_run, skip_bad, data, database_url)


@headcounts.command("export")
@OUT
@data_option
def headcounts_export(table: Path, data: Path | None, database_url: str | None) -> None:
    """Write the figures to TABLE (.csv or .xlsx)."""
    export_table(export_headcounts, table, data, database_url)


@click.command()
@click.option("--year", type=click.IntRange(2000, 2100), help="Only this year")
@data_option
def funds(year: int | None, data: Path | None, database_url: str | None) -> None:
    """List the counties' funds in yuan: budget, committed, paid, left."""
    with opened(settings_from(data, database_url)) as database, database.read() as tx:
        for fund in list_funds(tx, actor=OPERATOR, year=year):
            amounts = "\t".join(yuan(sum_) for sum_ in (fund.budget, fund.committed, fund.paid, fund.left))
            click.echo(f"{fund.county}\t{fund.year}\t{fund.key}\t{amounts}")


COMMANDS = (headcounts, funds)
