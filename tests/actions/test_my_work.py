"""What somebody should do next and why, how much they have, and to whom a task could go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.actions.claim_task import claim_task
from engine.actions.colleagues import list_colleagues
from engine.actions.my_work import WorkCounts, count_work, find_next, list_applicants, list_steps
from engine.actions.views import CaseView
from engine.errors import NotFoundError
from engine.store.ids import read_id
from tests.builders import THREE_STEPS, Office, bpmn, end, start, user


@pytest.fixture
def deployed(office: Office) -> Office:
    office.deploy(three_steps_bpmn=THREE_STEPS)
    return office


def next_case(office: Office, by: str = "officer") -> str | None:
    with office.database.read() as tx:
        found = find_next(tx, actor=office.who(by), at=office.now)
    return found and found.task.case_number


def counts(office: Office, by: str = "officer") -> WorkCounts:
    with office.database.read() as tx:
        return count_work(tx, actor=office.who(by), at=office.now)


def test_nobody_has_a_next_task_where_there_is_none(deployed: Office) -> None:
    assert next_case(deployed) is None
    assert counts(deployed) == WorkCounts(mine=0, mine_overdue=0, group=0, group_overdue=0)


def test_ones_own_work_comes_before_what_waits(deployed: Office) -> None:
    waiting = deployed.open("three-steps")
    deployed.now += timedelta(days=1)
    held = deployed.open("three-steps")
    assert next_case(deployed) == waiting.number
    deployed.claim(deployed.task(held, "check"))
    assert next_case(deployed) == held.number
    assert counts(deployed) == WorkCounts(mine=1, mine_overdue=0, group=1, group_overdue=0)


def test_an_emergency_comes_first_among_equals(deployed: Office) -> None:
    urgent = bpmn(
        "urgent",
        start() + user("act", due="workdays(1)") + end(),
        "begin>act act>done",
        {"emergency": "true"},
    )
    deployed.deploy(urgent_bpmn=urgent)
    deployed.open("three-steps")
    case = deployed.open("urgent")
    assert next_case(deployed) == case.number


def test_what_is_overdue_comes_before_an_emergency_in_time(deployed: Office) -> None:
    urgent = bpmn(
        "urgent",
        start() + user("act", due="workdays(5)") + end(),
        "begin>act act>done",
        {"emergency": "true"},
    )
    deployed.deploy(urgent_bpmn=urgent)
    late = deployed.open("three-steps")
    deployed.now += timedelta(days=3)
    deployed.open("urgent")
    assert next_case(deployed) == late.number
    assert counts(deployed) == WorkCounts(mine=0, mine_overdue=0, group=2, group_overdue=1)


def test_a_task_goes_only_to_those_whom_no_duty_bars(deployed: Office) -> None:
    case: CaseView = deployed.open("three-steps")
    task = read_id(deployed.task(case, "check").id)
    deployed.act(claim_task, "officer2", task_id=task)
    with deployed.database.read() as tx:
        found = list_colleagues(tx, task_id=task, actor=deployed.who("leader"), at=deployed.now)
        with pytest.raises(NotFoundError):
            list_colleagues(tx, task_id=task, actor=deployed.who("designer"), at=deployed.now)
    assert [(one.username, one.holds) for one in found] == [("officer", 0), ("officer2", 1)]


def test_steps_and_applicants_have_names(deployed: Office) -> None:
    case = deployed.open("three-steps", name="李甲")
    with deployed.database.read() as tx:
        assert [step[0] for step in list_steps(tx, process="three-steps")] == ["check", "visit", "confirm"]
        assert list_applicants(tx, case_ids=[case.id]) == {}, "no form says which answer is a name"
        with pytest.raises(NotFoundError):
            list_steps(tx, process="no-such")
