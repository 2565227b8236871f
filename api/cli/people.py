"""`aidflow people` and `aidflow regions`: staff and the administrative tree as tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from api.cli.common import OPERATOR, data_option, opened, settings_from
from engine.actions.import_people import export_people, import_people
from engine.actions.region_tree import export_regions, import_regions
from engine.actions.sheets import ImportReport
from engine.clocks import wall

TABLE = click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
OUT = click.argument("table", type=click.Path(dir_okay=False, writable=True, path_type=Path))
DRY = click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing")
SKIP = click.option("--skip-bad", is_flag=True, help="Leave out the rows at fault")


@click.group()
def people() -> None:
    """Staff and their positions as CSV or Excel."""


@people.command("import")
@TABLE
@DRY
@SKIP
@data_option
def people_import(
    table: Path, dry_run: bool, skip_bad: bool, data: Path | None, database_url: str | None
) -> None:
    """Bring accounts and positions in line with TABLE (.csv or .xlsx)."""
    import_table(import_people, table, dry_run, skip_bad, data, database_url)


@people.command("export")
@OUT
@data_option
def people_export(table: Path, data: Path | None, database_url: str | None) -> None:
    """Write accounts and positions to TABLE (.csv or .xlsx)."""
    export_table(export_people, table, data, database_url)


@click.group()
def regions() -> None:
    """The administrative tree as CSV or Excel."""


@regions.command("import")
@TABLE
@DRY
@SKIP
@data_option
def regions_import(
    table: Path, dry_run: bool, skip_bad: bool, data: Path | None, database_url: str | None
) -> None:
    """Bring the tree in line with TABLE (.csv or .xlsx)."""
    import_table(import_regions, table, dry_run, skip_bad, data, database_url)


@regions.command("export")
@OUT
@data_option
def regions_export(table: Path, data: Path | None, database_url: str | None) -> None:
    """Write the tree to TABLE (.csv or .xlsx)."""
    export_table(export_regions, table, data, database_url)


def import_table(
    action: Callable[..., ImportReport],
    table: Path,
    dry_run: bool,
    skip_bad: bool,
    data: Path | None,
    database_url: str | None,
) -> None:
    """Read TABLE with an action that imports; exit code 1 if rows are at fault."""
    content = table.read_bytes()
    with opened(settings_from(data, database_url)) as database, database.write() as tx:
        report = action(
            tx,
            data=content,
            actor=OPERATOR,
            at=wall.now(),
            dry_run=dry_run,
            skip_bad=skip_bad,
            progress=lambda done, whole: click.echo(f"{done}/{whole} rows read", err=True),
        )
    for fault in report.faults:
        shown = fault.as_field()
        click.echo(f"{shown.zh} {shown.en}", err=True)
    did = "written" if report.written else "nothing written"
    click.echo(
        f"{report.rows} rows: {report.added} added, {report.changed} changed, "
        f"{report.unchanged} unchanged, {len(report.faults)} faults; {did}"
    )
    if report.faults and not skip_bad:
        raise click.exceptions.Exit(1)


def export_table(action: Any, table: Path, data: Path | None, database_url: str | None) -> None:
    """Write what an action exports to TABLE, in the form that its name ends in."""
    form = table.suffix.lower().removeprefix(".")
    if form not in ("csv", "xlsx"):
        raise click.UsageError(f"{table} ends in neither .csv nor .xlsx")
    with opened(settings_from(data, database_url)) as database, database.read() as tx:
        table.write_bytes(action(tx, actor=OPERATOR, form=form))
    click.echo(f"written to {table}")


COMMANDS = (people, regions)
