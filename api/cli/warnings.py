"""`aidflow warnings`: signals of departments for early warning."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.cli.common import OPERATOR, data_option, opened, settings_from
from api.cli.people import DRY, TABLE
from engine.actions.warnings.importing import import_warnings
from engine.clocks import wall


@click.group()
def warnings() -> None:
    """Departments' signals for early warning as CSV or Excel."""


@warnings.command("import")
@TABLE
@DRY
@data_option
def warnings_import(table: Path, dry_run: bool, data: Path | None, database_url: str | None) -> None:
    """Take in the signals of TABLE (.csv or .xlsx); exit code 1 if rows were left out.

    An import that was cut off goes on where it was when it is started again.
    """
    columns = (SpinnerColumn(), TextColumn("{task.completed} rows"), TimeElapsedColumn())
    with (
        opened(settings_from(data, database_url)) as database,
        Progress(*columns, console=Console(stderr=True)) as progress,
    ):
        task = progress.add_task("import", total=None)
        report = import_warnings(
            database,
            data=table.read_bytes(),
            actor=OPERATOR,
            at=wall.now(),
            dry_run=dry_run,
            progress=lambda rows: progress.update(task, completed=rows),
        )
    for fault in report.faults:
        click.echo(
            f"{fault.row}\t{fault.column}\t{fault.value}\t{fault.rule}\t{fault.zh}\t{fault.en}", err=True
        )
    did = "written" if report.written else "nothing written"
    click.echo(
        f"{report.rows} rows: {report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.bad} left out; {report.opened} cases opened, {report.merged} merged; {did}"
    )
    if report.faults:
        raise click.exceptions.Exit(1)


COMMANDS = (warnings,)
