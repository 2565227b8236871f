"""`aidflow deploy`, `lint` and `test`: what designers do with a folder of files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from api.cli.common import OPERATOR, data_option, opened, settings_from
from engine.actions.deploy import deploy as deploy_files
from engine.actions.deploy import find_faults
from engine.clocks import wall
from engine.definitions import read_bundle, read_folder
from engine.errors import DeploymentError
from engine.scenarios import FolderReport, read_scenarios, run_folder
from engine.types import Finding

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=_FOLDER)
@data_option
def deploy(folder: Path, data: Path | None, database_url: str | None) -> None:
    """Check FOLDER and deploy it as one bundle."""
    with opened(settings_from(data, database_url), upgrade=True) as database, database.write() as tx:
        result = deploy_files(tx, files=read_folder(folder), actor=OPERATOR, at=wall.now())
    _show_findings(result.findings)
    for definition in result.definitions:
        click.echo(f"{definition.key} version {definition.version} ({definition.hash[:12]})")
    if not result.changed:
        click.echo("nothing changed")


@click.command()
@click.argument("folder", type=_FOLDER)
def lint(folder: Path) -> None:
    """Check FOLDER as a deployment would, and its scenarios; exit code 1 if it would be refused."""
    files = read_folder(folder)
    findings = find_faults(read_bundle(files))
    _show_findings(findings)
    errors = sum(finding.severity == "error" for finding in findings)
    click.echo(f"{errors} errors, {len(findings) - errors} remarks")
    read_scenarios(files)
    if errors:
        _show_where_the_rest_is(folder)
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("-k", "only", default="", help="Only scenarios whose title or file contains this text")
def test(folder: Path, only: str) -> None:
    """Play every scenario below FOLDER and print the element coverage of each process."""
    console = Console(highlight=False, soft_wrap=True)
    try:
        with console.status("deploying …") as status:
            report = run_folder(folder, only=only, progress=status.update)
    except DeploymentError:
        _show_where_the_rest_is(folder)
        raise
    _show_report(console, report, names_missing=not only)
    if not report.ok:
        raise click.exceptions.Exit(1)


def _show_where_the_rest_is(folder: Path) -> None:
    """A folder out of a tree of processes lacks the forms and parameters that they share."""
    above = folder.resolve().parent
    if (above.parent / "forms").is_dir() and not (folder / "forms").is_dir():
        zh = f"{above} 的各流程共用其旁 forms/ 中的表单和上级的参数；请对整个 {above.name} 运行"
        en = f"the processes in {above} share forms/ beside it and its parameters: run this on {above.name}"
        click.echo(f"{zh}（test 可用 -k {folder.name}）。{en} (test takes -k {folder.name}).", err=True)


def _show_report(console: Console, report: FolderReport, *, names_missing: bool) -> None:
    _show_findings([f for f in report.findings if f.severity != "info"])
    for result in report.results:
        console.print(f"{'ok  ' if result.ok else 'FAIL'} {result.file}: {result.title}", markup=False)
        for failure in result.failures:
            console.print(f"     {failure}", markup=False)
        for remark in result.remarks:
            console.print(f"     · {remark}", markup=False)
    for coverage in report.coverage:
        missing = (
            f"; not covered: {', '.join(coverage.missing)}" if coverage.missing and names_missing else ""
        )
        console.print(
            f"coverage {coverage.process}: flow nodes {coverage.nodes_covered}/{coverage.nodes} "
            f"({_percent(coverage.nodes_covered, coverage.nodes)}), sequence flows "
            f"{coverage.flows_covered}/{coverage.flows} "
            f"({_percent(coverage.flows_covered, coverage.flows)}){missing}",
            markup=False,
        )
    failed = sum(not result.ok for result in report.results)
    console.print(f"{len(report.results) - failed} scenarios passed, {failed} failed")


def _percent(part: int, whole: int) -> str:
    """Rounded down, so that 100% means all."""
    return f"{100 * part // whole if whole else 100}%"


def _show_findings(findings: Sequence[Finding]) -> None:
    for finding in findings:
        click.echo(show_finding(finding), err=True)


def show_finding(finding: Finding) -> str:
    """One line: how bad, where, which element, and the sentence in both languages."""
    place = ":".join(str(part) for part in (finding.file, finding.line, finding.column) if part)
    element = " ".join(part for part in (finding.element_id, finding.element_name) if part)
    element = f" [{element}]" if element else ""
    return f"{finding.severity}: {place}{element} {finding.zh} {finding.en}"


COMMANDS = (deploy, lint, test)
