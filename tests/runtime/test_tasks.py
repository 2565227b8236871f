"""Each kind of task: who waits, who passes, what comes back; and what the trace says."""

from __future__ import annotations

import dataclasses

import pytest

from engine import feel
from engine.clocks import ClockRef, Limit
from engine.errors import NotFoundError, TaskNotOpenError
from engine.runtime import Instance, ProcessSet

from .bpmn import (
    boundary,
    element,
    end,
    file,
    gateway,
    mappings,
    process,
    properties,
    script,
    service,
    start,
    timer,
    user,
    zeebe,
)
from .driving import Drive, FakeHost, parsed


def one(piece: str, element_id: str = "t") -> ProcessSet:
    return parsed(file(process("p", start(), piece, end(), arrows=f"s > {element_id} > e")))


@pytest.mark.parametrize("tag", ["task", "manualTask"])
def test_tasks_without_work_pass_through(tag: str) -> None:
    case = Drive(one(element(tag, "t")))
    assert case.status == "completed"
    assert case.done == ["s", "t", "e"]


def test_script_writes_its_result_variable() -> None:
    case = Drive(
        one(script("t", "=人均收入 < 低保标准", "eligible")), variables={"人均收入": 500, "低保标准": 800}
    )
    assert case.variables["eligible"] is True


def test_decision_task_asks_the_host_and_notes_the_outcome() -> None:
    ext = zeebe("calledDecision", decisionId="amount", resultVariable="paid")
    case = Drive(
        one(element("businessRuleTask", "t", ext=ext)),
        variables={"n": 2},
        amount=lambda scope: scope["n"] * 2,
    )
    assert case.variables["paid"] == 4


def test_decision_that_fails_is_a_failure_of_the_task() -> None:
    ext = zeebe("calledDecision", decisionId="missing", resultVariable="paid")
    case = Drive(one(element("businessRuleTask", "t", ext=ext)))
    assert [f.element_id for f in case.failures] == ["t"]


def test_job_waits_for_its_result() -> None:
    headers = zeebe("taskHeaders", zeebe("header", key="url", value="x"))
    case = Drive(one(service("t", ext=headers, type="check")), variables={"n": 1})
    job = case.instance.jobs()[0]
    assert (job.type, job.retries, dict(job.headers), job.waits, job.scope["n"]) == (
        "check",
        3,
        {"url": "x"},
        True,
        1,
    )
    case.finish("t", found=[1, 2])
    assert case.variables == {"n": 1, "found": [1, 2]}
    with pytest.raises(TaskNotOpenError):
        case.instance.finish_job(job.key, {})


def test_send_task_hands_over_once_and_goes_on() -> None:
    ext = zeebe("taskDefinition", type='="mail-" + kind') + properties(notice="Told")
    instance = Instance.start(one(element("sendTask", "t", ext=ext)), "p", {"kind": "x"}, FakeHost())
    instance.run()
    assert [(j.type, j.waits, j.properties["notice"]) for j in instance.handed_over] == [
        ("mail-x", False, "Told")
    ]
    assert instance.status == "completed"


def test_user_task_shows_what_its_dialect_says() -> None:
    ext = (
        zeebe(
            "assignmentDefinition",
            assignee="=who",
            candidateGroups="town.officer, town.leader",
            candidateUsers='=["u1", "u2"]',
        )
        + zeebe("assignmentDefinition", candidateUsers='=["u1", "u2"]').replace(
            "assignmentDefinition", "unknown"
        )
        + zeebe("formDefinition", formId="check")
        + zeebe("priorityDefinition", priority="=40 + 30")
        + zeebe("taskSchedule", dueDate='=date("2026-10-01")', followUpDate="2026-09-28T09:00:00+08:00")
        + properties(separateFrom="a", titleEn="Check")
    )
    case = Drive(one(user("t", ext=ext, name="核查")), variables={"who": "officer"})
    task = case.instance.user_tasks()[0]
    assert (task.name, task.assignee, task.form_id, task.priority) == ("核查", "officer", "check", 70)
    assert task.candidate_groups == ("town.officer", "town.leader")
    assert task.candidate_users == ("u1", "u2")
    assert (str(task.due), str(task.follow_up)) == ("2026-10-01", "2026-09-28T09:00:00+08:00")
    assert task.properties == {"separateFrom": "a", "titleEn": "Check"}


@pytest.mark.parametrize("groups", ["=whoever", "=[]"])
def test_a_task_whose_candidates_come_to_nobody_is_a_failure(groups: str) -> None:
    processes = one(user("t", ext=zeebe("assignmentDefinition", candidateGroups=groups)))
    instance = Instance.start(processes, "p", {}, FakeHost())
    assert [failure.element_id for failure in instance.run()] == ["t"]
    instance.set_variables({"whoever": "town.officer"})
    again = instance.run()
    assert [failure.element_id for failure in again] == ([] if groups == "=whoever" else ["t"])


class LawfulHost(FakeHost):
    """A host with the product's functions for limits and clocks."""

    def __init__(self) -> None:
        super().__init__()
        limit = Limit(unit="workdays", amount=3, source="Art. 4", key="step")
        functions = {
            "workdays": feel.Function(
                "workdays", ("n",), lambda args, env: dataclasses.replace(limit, amount=int(args[0]))
            ),
            "clock": feel.Function("clock", ("name",), lambda args, env: ClockRef(args[0])),
        }
        self.env = feel.Environment(functions=functions)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("=workdays(5)", Limit(unit="workdays", amount=5, source="Art. 4", key="step")),
        ("workdays(5)", Limit(unit="workdays", amount=5, source="Art. 4", key="step")),
        ('=clock("total")', ClockRef("total")),
    ],
)
def test_limits_and_clocks_survive_save_and_load(text: str, value: object) -> None:
    ext = zeebe("taskSchedule", dueDate=text)
    data = file(
        process(
            "p",
            start(),
            user("t", ext=ext),
            boundary("b", "t", timer(text)),
            end(),
            end("e2"),
            arrows="s > t > e\n b > e2",
        )
    )
    processes, host = parsed(data), LawfulHost()
    instance = Instance.start(processes, "p", {}, host)
    assert instance.run() == []
    loaded = Instance.load(processes, "p", instance.dump(), host)
    assert loaded.user_tasks()[0].due == value
    assert loaded.timers()[0].value == value
    assert loaded.dump() == instance.dump()


@pytest.mark.parametrize("text", ["P3D", '=duration("P3D")'])
def test_a_due_date_may_be_a_duration_from_when_the_task_opens(text: str) -> None:
    case = Drive(one(user("t", ext=zeebe("taskSchedule", dueDate=text))))
    now = case.instance.evaluate('now() + duration("P3D")')
    assert case.instance.user_tasks()[0].due == now


def test_a_limit_cannot_become_a_variable() -> None:
    processes, host = one(script("t", "=workdays(3)", "x")), LawfulHost()
    instance = Instance.start(processes, "p", {}, host)
    failures = instance.run()
    assert [f.element_id for f in failures] == ["t"]
    assert instance.variables == {}
    Instance.load(processes, "p", instance.dump(), host)


def test_condition_that_gives_no_boolean_counts_as_false_and_is_noted() -> None:
    data = file(
        process(
            "p",
            start(),
            gateway("exclusive", "x", default="x_b"),
            user("a"),
            user("b"),
            end(),
            arrows='s > x\n x > a | ="yes"\n x > b | default\n a > e\n b > e',
        )
    )
    instance = Instance.start(parsed(data), "p", {}, FakeHost())
    instance.run()
    assert [t.element_id for t in instance.user_tasks()] == ["b"]
    noted = next(e for e in instance.trace if e.element_id == "x" and e.what == "completed")
    assert noted.data == {"not_boolean": ["x_a"]}


def test_failing_output_mapping_keeps_the_answers_for_the_retry() -> None:
    task = user("t", ext=mappings(outputs={"total": "=price * n.m("}))
    case = Drive(one(task)).complete("t", n=3)
    assert [f.element_id for f in case.failures] == ["t"]
    assert case.open == []
    assert case.variables == {}
    assert case.status == "active"


def test_tasks_that_are_not_open_are_refused() -> None:
    case = Drive(one(user("t")))
    key = case.instance.user_tasks()[0].key
    with pytest.raises(TaskNotOpenError):
        case.instance.finish_job(key, {})
    with pytest.raises(TaskNotOpenError):
        case.instance.complete("nowhere", {})
    case.complete("t")
    with pytest.raises(TaskNotOpenError):
        case.instance.complete(key, {})


def test_unknown_process_is_refused() -> None:
    with pytest.raises(NotFoundError):
        Instance.start(one(user("t")), "other", {}, FakeHost())


def test_terminate_cancels_everything() -> None:
    case = Drive(one(user("t")))
    case.instance.terminate()
    assert case.instance.status == "terminated"
    assert [(e.what, e.element_id) for e in case.instance.trace] == [("cancelled", "t")]
    case.reload()
    assert case.open == []


def test_properties_are_evaluated_in_the_case() -> None:
    case = Drive(one(user("t", ext=mappings(inputs={"local": "=2"}))), variables={"n": 1})
    key = case.instance.user_tasks()[0].key
    assert case.instance.evaluate("=n + 1") == 2
    assert case.instance.evaluate("=n + local", key) == 3
