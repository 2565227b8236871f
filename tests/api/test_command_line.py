"""The command line as scripts see it: exit codes and what stands where."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import main
from tests.builders import bpmn, end, start, user


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The exit code of `aidflow words…`."""
    monkeypatch.setattr("sys.argv", ["aidflow", *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def folder(path: Path, *, process: bytes, expects: str) -> str:
    (path / "p.bpmn").write_bytes(process)
    story = f"scenario: one\nprocess: p\nstart: {{}}\nsteps: [{{expect: {{open: [{expects}]}}}}]\n"
    (path / "s.yaml").write_text(story, encoding="utf-8")
    return str(path)


GOOD = bpmn("p", start() + user("work") + end(), "begin>work work>done")
BAD = bpmn("p", start() + user("work", form="nowhere") + end(), "begin>work work>done")


def test_what_passes_leaves_with_0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder(tmp_path, process=GOOD, expects="work")
    assert [run(monkeypatch, command, path) for command in ("lint", "test")] == [0, 0]


def test_files_that_would_be_refused_leave_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder(tmp_path, process=BAD, expects="work")
    assert [run(monkeypatch, command, path) for command in ("lint", "test")] == [1, 1]
    assert "nowhere" in capsys.readouterr().err


def test_a_scenario_that_fails_leaves_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "test", folder(tmp_path, process=GOOD, expects="other")) == 1


def test_a_wrong_command_line_leaves_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [run(monkeypatch, *words) for words in (("nonsense",), ("lint", "/no/such"))] == [2, 2]


def test_one_of_several_processes_is_told_where_their_forms_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "forms").mkdir()
    inner = tmp_path / "processes" / "p"
    inner.mkdir(parents=True)
    path = folder(inner, process=BAD, expects="work")
    for command in ("lint", "test"):
        assert run(monkeypatch, command, path) == 1
        assert "run this on processes (test takes -k p)" in capsys.readouterr().err
