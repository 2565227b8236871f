"""Every shipped scenario passes and every element of every shipped process is passed by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.scenarios import FolderReport, run_folder

PROCESSES = Path(__file__).parent.parent.parent / "processes"


@pytest.fixture(scope="module")
def report() -> FolderReport:
    return run_folder(PROCESSES)


def test_every_shipped_scenario_passes(report: FolderReport) -> None:
    assert {f"{r.file}: {r.failures}" for r in report.results if not r.ok} == set()
    assert report.results


def test_every_flow_node_and_sequence_flow_is_passed(report: FolderReport) -> None:
    assert {coverage.process: coverage.missing for coverage in report.coverage} == {
        coverage.process: () for coverage in report.coverage
    }


def test_every_shipped_scenario_names_its_article(report: FolderReport) -> None:
    assert [result.file for result in report.results if not result.source] == []


def test_shipped_files_have_no_findings_to_mend(report: FolderReport) -> None:
    remarks = [f for f in report.findings if f.severity == "error" or f.code.startswith("unknown")]
    assert remarks == []
