"""Every shipped scenario passes and every element of every shipped process is passed by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions import read_folder
from engine.scenarios import FolderReport, run_folder
from engine.scenarios.coverage import elements_of
from tests.processes.policy_tables import read_rows

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


def test_the_stories_of_each_rule_pass_the_elements_it_names(report: FolderReport) -> None:
    """What docs/policy.md says of a rule is played, not only written; decisions and tests aside."""
    passed = {f"processes/{result.file}": result.passed for result in report.results}
    nodes = {name for found in elements_of(read_folder(PROCESSES)).values() for name in found.nodes}
    unseen = []
    for row in read_rows():
        stories = [story for story in (*row.passes, *row.refused) if "::" not in story]
        seen = {name for story in stories for elements in passed[story].values() for name in elements}
        unseen += [f"{row.rule}: {name}" for _, name in row.elements if stories and name in nodes - seen]
    assert unseen == []
