"""Clocks of a case: what starts, pauses, extends and moves them, and that timers and lights follow."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from engine.actions.change_clock import extend_clock, pause_clock, resume_clock
from engine.actions.send_message import NotWaitedForError, send_message
from engine.clocks import SHANGHAI
from engine.errors import ForbiddenError, InputError, NotFoundError
from engine.store.ids import read_id
from tests.builders import (
    THREE_STEPS,
    TUESDAY,
    Office,
    boundary,
    bpmn,
    end,
    message_element,
    start,
    user,
    wait_for,
)

DAY = timedelta(days=1)

PARAMETERS = """
parameters:
  - key: total
    title: {zh: 总时限, en: Total}
    unit: workdays
    values:
      - {from: 2021-01-01, value: 20, source: 甲}
      - {from: 2026-09-29, value: 25, source: 乙}
  - key: special
    title: {zh: 特殊时限, en: Special}
    unit: workdays
    values: [{from: 2021-01-01, value: 45, source: 丙}]
  - key: special.grounds
    title: {zh: 延长情形, en: Grounds}
    unit: list
    values: [{from: 2021-01-01, value: [公示有异议], source: 丙}]
""".encode()

# Papers are missing: the clock stands still until they come, and the wait has a limit of its own.
SUPPLEMENT = bpmn(
    "supplement",
    start()
    + user("check", due="workdays(1)")
    + user("supply", due="workdays(10)", pauseClock="total", pauseGround="补正材料")
    + boundary("late", "supply", duration="=workdays(5)")
    + end("nudged")
    + user("decide", due="workdays(3)")
    + boundary("chase", "decide", duration="=workdays(2)")
    + end("chased")
    + end(),
    "begin>check check>supply supply>decide decide>done late>nudged chase>chased",
    {"clock:total": 'limit("total")'},
)

# The clock starts when the application is accepted, not when it is handed in.
ACCEPTANCE = bpmn(
    "acceptance",
    start() + user("check") + user("survey", due='limit("total")', startClock="total") + end(),
    "begin>check check>survey survey>done",
    {"clock:total": 'limit("total")'},
)


@pytest.fixture
def supplement(office: Office) -> Office:
    office.deploy(supplement_bpmn=SUPPLEMENT, parameters_yaml=PARAMETERS)
    return office


def test_a_case_and_its_task_run_side_by_side(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.open("three-steps")
    assert {clock.name: clock.due_date for clock in case.clocks} == {
        "total": date(2026, 10, 27),
        "check": date(2026, 9, 23),
    }
    assert (case.tasks[0].due_date, case.tasks[0].light) == (date(2026, 9, 23), "yellow")
    assert office.clock(case, "check").clock.parent == "total"


def test_an_activity_pauses_the_case_but_not_its_own_limit(supplement: Office) -> None:
    case = supplement.complete(supplement.open("supplement"), "check")
    assert supplement.clock(case, "total").status == "paused"
    assert supplement.clock(case, "supply").status == "running"
    assert supplement.clock(case, "total").clock.entries[-1].ground == "补正材料"
    supplement.now = (
        TUESDAY + 8 * DAY
    )  # 09-30; three working days were paused: 09-23, 24, 28, 29 and 30 less 22
    case = supplement.complete(case, "supply")
    total = supplement.clock(case, "total")
    assert (total.status, total.light) == ("running", "green")
    assert total.due_date is not None
    assert total.due_date > date(2026, 10, 27)


def test_a_pause_holds_the_tasks_and_timers_below_and_resuming_moves_them(supplement: Office) -> None:
    office = supplement
    case = office.complete(office.complete(office.open("supplement"), "check"), "supply")
    case_id, before = read_id(case.id), office.task(case, "decide").due
    office.act(pause_clock, "leader", case_id=case_id, name="total", ground="不可抗力")
    task = office.task(case, "decide")
    assert (task.due, task.light) == (None, "grey")
    assert office.clock(case, "chase").status == "paused"
    assert office.look(case).light == "grey"
    office.advance(20 * DAY)
    assert "timer_fired" not in office.kinds(case)
    assert office.kinds(case).count("task_overdue") == 0

    case = office.act(resume_clock, "leader", case_id=case_id, name="total")
    task = office.task(case, "decide")
    assert before is not None
    assert task.due is not None
    assert task.due > office.now
    assert task.due - before >= 10 * DAY
    office.advance(task.due + DAY)
    assert "timer_fired" in office.kinds(case)


def test_what_is_late_stays_red_while_paused(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.open("three-steps")
    office.now = TUESDAY + 10 * DAY
    case = office.act(pause_clock, "leader", case_id=read_id(case.id), name="total", ground="不可抗力")
    assert case.tasks[0].light == "red"


def test_a_pause_needs_a_ground_and_a_known_clock(supplement: Office) -> None:
    case = supplement.open("supplement")
    with pytest.raises(InputError) as refused:
        supplement.act(pause_clock, "leader", case_id=read_id(case.id), name="total", ground=" ")
    assert refused.value.errors[0].pointer == "/ground"
    with pytest.raises(NotFoundError, match="total"):
        supplement.act(pause_clock, "leader", case_id=read_id(case.id), name="nonsense", ground="不可抗力")
    with pytest.raises(ForbiddenError):
        supplement.act(pause_clock, "helper", case_id=read_id(case.id), name="total", ground="不可抗力")


def test_an_extension_needs_a_listed_ground_and_an_approver_and_promises_a_notice(
    supplement: Office,
) -> None:
    case = supplement.open("supplement")
    what = {"case_id": read_id(case.id), "name": "total", "to": 'limit("special")'}
    with pytest.raises(InputError) as refused:
        supplement.act(extend_clock, "leader", ground="工作太忙", **what)
    assert refused.value.errors[0].pointer == "/ground"
    with pytest.raises(ForbiddenError):
        supplement.act(extend_clock, "officer", ground="公示有异议", **what)
    case = supplement.act(extend_clock, "leader", ground="公示有异议", **what)
    assert supplement.clock(case, "total").due_date == date(2026, 12, 1)
    assert supplement.clock(case, "total").clock.entries[-1].approver == "leader"
    assert supplement.history(case)[-1].data["notices"] == ["clock_extended"]


def test_an_extension_to_something_that_is_no_limit_is_refused(supplement: Office) -> None:
    case = supplement.open("supplement")
    for wrong in ("3", "workdays(", "null", 'limit("no.such")'):
        with pytest.raises(InputError):
            supplement.act(
                extend_clock, "leader", case_id=read_id(case.id), name="total", to=wrong, ground="公示有异议"
            )


def test_a_timer_on_a_clock_that_has_stopped_never_fires(office: Office) -> None:
    nodes = (
        start() + user("decide", stopClock="total") + user("pay")
        + boundary("late", "pay", duration='=clock("total")') + end("told") + end()
    )  # fmt: skip
    flows = "begin>decide decide>pay pay>done late>told"
    office.deploy(stop_bpmn=bpmn("stop", nodes, flows, {"clock:total": "workdays(5)"}))
    case = office.complete(office.open("stop"), "decide")
    assert office.clock(case, "total").status == "stopped"
    assert office.advance(60 * DAY) == 0


def test_a_timer_on_a_clock_follows_it(office: Office) -> None:
    nodes = (
        start() + user("work") + boundary("late", "work", duration='=clock("total")') + end("told") + end()
    )
    office.deploy(
        follow_bpmn=bpmn("follow", nodes, "begin>work work>done late>told", {"clock:total": "workdays(5)"})
    )
    case = office.open("follow")
    case_id = read_id(case.id)
    office.act(pause_clock, "leader", case_id=case_id, name="total", ground="不可抗力")
    assert office.advance(30 * DAY) == 0
    office.act(resume_clock, "leader", case_id=case_id, name="total")
    due = office.clock(case, "total").due
    assert due is not None
    office.advance(due - timedelta(seconds=1))
    assert "timer_fired" not in office.kinds(case)
    office.advance(due)
    assert "timer_fired" in office.kinds(case)


def test_the_law_in_force_on_the_acceptance_day_counts(office: Office) -> None:
    office.deploy(acceptance_bpmn=ACCEPTANCE, parameters_yaml=PARAMETERS)
    case = office.open("acceptance")
    assert (case.accepted_at, case.clocks, case.light) == (None, (), None)
    office.now = datetime(2026, 9, 29, 10, tzinfo=SHANGHAI)
    case = office.complete(case, "check")
    assert case.accepted_at == office.now
    total = office.clock(case, "total")
    assert total.clock.limit.amount == 25
    assert office.task(case, "survey").due == total.due


def test_a_message_that_is_waited_for_moves_the_case(office: Office) -> None:
    nodes = start() + wait_for("papers", "papers_supplied") + user("read") + end()
    office.deploy(
        wait_bpmn=bpmn(
            "wait", nodes, "begin>papers papers>read read>done", outside=message_element("papers_supplied")
        )
    )
    case = office.open("wait")
    with pytest.raises(NotWaitedForError) as refused:
        office.act(send_message, case_id=read_id(case.id), name="other", payload={})
    assert refused.value.data == {"expected": ["papers_supplied"]}
    case = office.act(send_message, case_id=read_id(case.id), name="papers_supplied", payload={"pages": 3})
    assert case.tasks[0].element_id == "read"
