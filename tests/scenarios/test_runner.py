"""The runner on small folders: what passes, what fails and how it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import DeploymentError
from engine.scenarios import run_folder
from engine.scenarios.runner import Result
from tests.actions.test_links import CHILD, FORM, PARENT
from tests.api.bundles import VISIT_BPMN, VISIT_FORM
from tests.builders import bpmn, end, script, start, user

START = "start: {at: 2026-09-22T09:00+08:00, by: officer, answers: {}}"
REGISTER = (
    "  - complete: {task: register, by: officer, at: 2026-09-23T09:00+08:00,"
    " answers: {applicant: 王五, household_size: 3, income: 90000}}\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "visit.bpmn").write_text(VISIT_BPMN, encoding="utf-8")
    (tmp_path / "visit.form").write_text(VISIT_FORM, encoding="utf-8")
    return tmp_path


def play(folder: Path, steps: str, start: str = START) -> Result:
    text = f"scenario: A visit\nprocess: visit\nsource: Art.15\n{start}\nsteps:\n{steps}"
    (folder / "visit.yaml").write_text(text, encoding="utf-8")
    return run_folder(folder).results[0]


def test_story_that_comes_true_passes(folder: Path) -> None:
    result = play(
        folder,
        "  - expect: {open: [register], not_open: [confirm], due: {register: 2026-09-28}}\n"
        "  - expect: {due: {total: 2026-10-27}}\n"
        + REGISTER
        + "  - expect: {open: [confirm], done: [register], variables: {household_size: 3}, status: active}\n"
        "  - refused: {complete: {task: register, by: officer, answers: {}}, code: task-not-open}\n"
        "  - refused: {complete: {task: confirm, by: officer, answers: {}}, code: forbidden}\n"
        "  - complete: {task: confirm, by: leader, answers: {}}\n"
        "  - expect: {status: completed, outcome: granted}\n",
    )
    assert result.failures == ()


def test_overdue_task_turns_red_and_its_safety_net_escalates(folder: Path) -> None:
    result = play(
        folder,
        "  - advance_to: 2026-09-28T23:59+08:00\n"
        "  - expect: {lights: {register: yellow, total: green}}\n"
        "  - advance_to: 2026-09-29T00:00+08:00\n"
        "  - expect: {lights: {register: red}, escalations: [register], notices: [task_overdue]}\n",
    )
    assert result.failures == ()


def test_paused_clock_is_grey_and_resumes_with_what_was_left(folder: Path) -> None:
    result = play(
        folder,
        "  - pause: {clock: total, by: officer, at: 2026-09-23T09:00+08:00, ground: 等待申请人补正}\n"
        "  - expect: {lights: {total: grey}}\n"
        "  - resume: {clock: total, by: officer, at: 2026-09-29T09:00+08:00}\n"
        "  - expect: {lights: {total: green}, due: {total: 2026-10-30}}\n",
    )
    assert result.failures == ()


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("  - expect: {open: [confirm]}\n", "open: confirm is missing; there is register"),
        ("  - expect: {not_open: [register]}\n", "not_open: register is open"),
        ("  - expect: {due: {register: 2026-09-30}}\n", "due of register: expected 2026-09-30"),
        ("  - expect: {lights: {register: red}}\n", "light of register: expected red, found"),
        ("  - expect: {lights: {nothing: red}}\n", "nothing of that name runs"),
        ("  - expect: {status: completed}\n", "status: expected completed, found active"),
        ("  - expect: {variables: {income: 5}}\n", "variable income: expected 5"),
        ("  - expect: {notices: [letter]}\n", "notices: letter is missing"),
        ("  - complete: {task: confirm, by: leader}\n", "complete: task-not-open"),
        ("  - complete: {task: register, by: nobody}\n", "complete: not-found"),
        ("  - advance_to: 2026-01-01\n", "time runs forward only"),
        (f"  - refused:\n{REGISTER.replace('  - ', '      ')}", "refused complete: it was not refused"),
        ("  - refused: {complete: {task: register, by: leader}, code: stale}\n", "expected code stale"),
    ],
)
def test_story_that_does_not_come_true_says_where(folder: Path, steps: str, said: str) -> None:
    result = play(folder, steps)
    assert not result.ok
    assert "step 1" in result.failures[0]
    assert said in result.failures[0]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("  - dance: {}\n", "/steps/0/dance"),
        ("  - complete: {task: a, colour: red}\n", "/steps/0/complete/colour"),
        ("  - expect: {open: register}\n", "/steps/0/expect/open"),
        ("  - expect: {closed: []}\n", "/steps/0/expect/closed"),
        ("  - expect: {status: aktive}\n", "/steps/0/expect/status"),
        ("  - expect: {lights: {register: amber}}\n", "/steps/0/expect/lights/register"),
        ("  - expect: {due: {register: later}}\n", "/steps/0/expect/due/register"),
        ("  - complete: {by: officer}\n", "/steps/0/complete/task"),
        ("  - complete: {task: register, at: soon}\n", "/steps/0/complete/at"),
        ("  - complete: {task: register, answers: [1]}\n", "/steps/0/complete/answers"),
        ("  - advance_to: soon\n", "/steps/0/advance_to"),
        ("  - {complete: {task: a}, expect: {}}\n", "/steps/0"),
    ],
)
def test_file_that_is_no_scenario_is_refused_by_place(folder: Path, steps: str, said: str) -> None:
    with pytest.raises(DeploymentError) as refused:
        play(folder, steps)
    assert said in str(refused.value)
    assert "visit.yaml" in str(refused.value)


def test_coverage_names_what_no_scenario_passed(folder: Path) -> None:
    play(folder, REGISTER + "  - complete: {task: confirm, by: leader, answers: {}}\n")
    coverage = run_folder(folder).coverage[0]
    assert (coverage.nodes, coverage.nodes_covered) == (6, 5)
    assert coverage.missing == ("f4", "refused")


def test_a_failed_story_says_how_the_case_stood(folder: Path) -> None:
    result = play(folder, "  - expect: {open: [confirm]}\n")
    assert result.remarks[0].endswith("then 2026-09-22T09:00+08:00: active, open register")


@pytest.mark.parametrize(
    "step",
    [
        "  - expect: {not_open: [regsiter]}\n",
        "  - refused: {complete: {task: regsiter, by: officer}, code: task-not-open}\n",
    ],
)
def test_a_name_that_no_element_has_is_told_where_the_step_can_only_pass(folder: Path, step: str) -> None:
    result = play(folder, step)
    assert result.ok
    assert '"regsiter"' in result.remarks[0]


def test_what_failed_inside_is_told_beside_the_failure(tmp_path: Path) -> None:
    (tmp_path / "p.bpmn").write_bytes(
        bpmn(
            "p",
            start() + user("work") + script("ratio", "for i in 1..count return i", "r") + end(),
            "begin>work work>ratio ratio>done",
        )
    )
    (tmp_path / "s.yaml").write_text(
        "scenario: s\nprocess: p\nstart: {answers: {count: 10000000}}\nsteps:\n"
        "  - complete: {task: work}\n  - expect: {status: completed}\n"
    )
    result = run_folder(tmp_path).results[0]
    assert "expected completed, found incident" in result.failures[0]
    assert any(remark.startswith("incident at ratio") for remark in result.remarks)


def test_a_called_process_is_covered_by_its_callers(tmp_path: Path) -> None:
    (tmp_path / "main.bpmn").write_bytes(
        bpmn("main", start() + call("child") + end(), "begin>child child>done")
    )
    (tmp_path / "child.bpmn").write_bytes(bpmn("child", start("inside") + end("ready"), "inside>ready"))
    (tmp_path / "s.yaml").write_text("scenario: s\nprocess: main\nstart: {}\n")
    report = run_folder(tmp_path)
    assert report.ok
    assert {c.process: c.missing for c in report.coverage} == {"main": (), "child": ()}


def follow(folder: Path, after: str, steps: str = "  - expect: {open: [register]}\n") -> list[Result]:
    head = "scenario: {name}\nprocess: visit\n"
    (folder / "a.yaml").write_text(
        f"{head.format(name='a')}{START}\nsteps:\n  - advance_to: 2026-10-08T00:00+08:00\n", encoding="utf-8"
    )
    (folder / "b.yaml").write_text(
        f"{head.format(name='b')}after: {after}\nstart: {{answers: {{}}}}\nsteps:\n{steps}", encoding="utf-8"
    )
    return [result for result in run_folder(folder).results if result.title == "b"]


def test_a_scenario_may_begin_where_another_ended(folder: Path) -> None:
    steps = "  - expect: {open: [register], due: {register: 2026-10-12}}\n"
    assert [result.failures for result in follow(folder, "a.yaml", steps)] == [()]


@pytest.mark.parametrize(("after", "says"), [("c.yaml", "no scenario file"), ("b.yaml", "follows none")])
def test_what_a_scenario_follows_is_there_and_stands_alone(folder: Path, after: str, says: str) -> None:
    with pytest.raises(DeploymentError, match=says):
        follow(folder, after)


def test_the_applicant_acts_in_their_case_and_nowhere_else(tmp_path: Path) -> None:
    story = """
scenario: applicant
process: p
start: {at: 2026-09-22T09:00, by: officer}
steps:
  - refused: {complete: {task: theirs, by: helper}, code: forbidden}
  - complete: {task: theirs, by: applicant}
  - refused: {complete: {task: office, by: applicant}, code: forbidden}
  - expect: {open: [office], done: [theirs]}
"""
    nodes = start() + user("theirs", groups="applicant") + user("office") + end()
    flows = "begin>theirs theirs>office office>done"
    (tmp_path / "p.bpmn").write_bytes(bpmn("p", nodes, flows))
    (tmp_path / "s.yaml").write_text(story, encoding="utf-8")
    assert [result.failures for result in run_folder(tmp_path).results] == [()]


def call(process: str) -> str:
    called = f'<zeebe:calledElement processId="{process}"/>'
    return (
        f'<bpmn:callActivity id="{process}"><bpmn:extensionElements>{called}</bpmn:extensionElements>'
        "</bpmn:callActivity>"
    )


def test_a_step_may_speak_of_a_case_that_was_opened(tmp_path: Path) -> None:
    story = """
scenario: linked
process: parent
start: {at: 2026-09-22T09:00, by: officer, answers: {given: {name: 王}, where: "350481100"}}
steps:
  - expect: {case: child, open: [work], variables: {name: 王}}
  - refused: {complete: {case: child, task: work, by: helper}, code: forbidden}
  - complete: {case: child, task: work, by: officer}
  - expect: {case: child, outcome: granted}
  - expect: {status: completed, variables: {ended.outcome: granted}}
"""
    for name, data in {"p.bpmn": PARENT, "c.bpmn": CHILD, "c.form": FORM, "s.yaml": story.encode()}.items():
        (tmp_path / name).write_bytes(data)
    report = run_folder(tmp_path)
    assert [result.failures for result in report.results] == [()]
    child = next(found for found in report.coverage if found.process == "child")
    assert child.missing == ()
