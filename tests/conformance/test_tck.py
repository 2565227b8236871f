"""The DMN TCK, where a copy of it lies beside the repository (or where the variable TCK says)."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from .__main__ import main
from .tck import Result, alike, run_folder

FOLDER = Path(os.environ.get("TCK") or Path(__file__).parents[2] / ".." / "shared" / "dmn-tck").resolve()

ALLOWED_FAILURES: dict[str, str] = {}
"""Level 3 cases that fail, with the reason. Whoever mends one takes it off the list."""


@pytest.fixture(scope="module")
def results() -> list[Result]:
    if not FOLDER.is_dir():
        pytest.skip(f"no DMN TCK at {FOLDER}; set TCK to its folder")
    return list(run_folder(FOLDER))


def test_every_level_2_case_passes(results: list[Result]) -> None:
    level_2 = [r for r in results if r.level == 2]
    assert len(level_2) > 100
    assert [f"{r.name}: {r.problem}" for r in level_2 if r.problem] == []


def test_level_3_fails_exactly_where_it_is_known_to(results: list[Result]) -> None:
    level_3 = [r for r in results if r.level == 3 and not r.excluded]
    assert len(level_3) > 500
    ran = {r.name for r in level_3}
    failed = {r.name: r.problem for r in level_3 if r.problem}
    assert failed.keys() == ALLOWED_FAILURES.keys() & ran, failed


def test_only_java_functions_are_excluded(results: list[Result]) -> None:
    assert {r.name.partition("/")[0] for r in results if r.excluded} <= {"0076-feel-external-java"}


def test_a_folder_without_cases_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(str(tmp_path)) == 2
    assert "no test cases" in capsys.readouterr().out


def test_a_wrong_result_is_listed_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "compliance-level-2" / "0000-wrong"
    folder.mkdir(parents=True)
    model = "<literalExpression><text>1 + 1</text></literalExpression>"
    (folder / "m.dmn").write_text(
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m">'
        f'<decision id="d" name="d"><variable name="d"/>{model}</decision></definitions>'
    )
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    value = '<expected><value xsi:type="xsd:decimal">{}</value></expected>'
    cases = "".join(
        f'<testCase id="{i}"><resultNode name="d">{value.format(n)}</resultNode></testCase>'
        for i, n in enumerate(["2", "3"])
    )
    (folder / "t.xml").write_text(f"<testCases {xsi}><modelName>m.dmn</modelName>{cases}</testCases>")
    assert main(str(tmp_path)) == 1
    printed = capsys.readouterr().out
    assert "level 2: 1 of 2" in printed
    assert "FAIL 0000-wrong/1: d: expected Decimal('3'), got Decimal('2')" in printed


def test_comparison_is_close_for_numbers_and_strict_for_types() -> None:
    assert alike(Decimal("0.1"), Decimal("0.1000000001"))
    assert not alike(Decimal("0.1"), Decimal("0.1001"))
    assert not alike(Decimal(1), True)
    assert not alike(None, [])
    assert not alike({"a": Decimal(1)}, {"a": Decimal(1), "b": None})
