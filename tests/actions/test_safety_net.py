"""No silent escalation: under every limit lies an armed net, and it goes up the line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from engine.actions.verify import unarmed_deadlines, verify
from tests.builders import THREE_STEPS, TUESDAY, Office, bpmn, end, start, user
from tests.tampering import drop_triggers

DAY = timedelta(days=1)


def _caught(office: Office, case: Any) -> list[tuple[int, str, str]]:
    rows = [event.data["safety_net"][0] for event in office.history(case) if event.kind == "task_overdue"]
    return [(row["level"], row["act"], row["to"]) for row in rows]


def test_an_overdue_task_is_chased_up_the_line_and_the_net_stays_armed(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.open("three-steps")
    office.now = TUESDAY
    for _ in range(40):
        office.advance(DAY)
    assert _caught(office, case)[:4] == [
        (1, "催办", "town.leader"),
        (2, "督办", "county.supervisor"),
        (3, "黄牌", "county.coordinator"),
        (4, "红牌", "county.coordinator"),
    ]
    assert len(_caught(office, case)) > 4
    with office.database.read() as tx:
        assert unarmed_deadlines(tx, on=office.now.date()) == []


def test_the_steps_come_after_the_days_that_the_parameters_say(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.open("three-steps")  # due 09-23; 09-24 on the next working day 09-28 (Mid-Autumn)
    days = []
    for _ in range(30):
        office.advance(office.now.replace(hour=0) + DAY)
        days += [office.now.date().isoformat()] * (len(_caught(office, case)) - len(days))
    # Overdue by one working day at the end of 09-24, by three at the end of 09-29, by five of 10-08.
    assert days[:4] == ["2026-09-24", "2026-09-25", "2026-09-30", "2026-10-09"]


def test_after_an_outage_the_step_that_is_due_is_taken_once(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.open("three-steps")
    office.advance(TUESDAY + 8 * DAY)  # 09-30: overdue by three working days
    assert _caught(office, case) == [(3, "黄牌", "county.coordinator")]


def test_a_task_of_the_leader_is_told_to_the_county_first(office: Office) -> None:
    nodes = start() + user("sign", groups="town.leader", due="workdays(1)") + end()
    office.deploy(sign_bpmn=bpmn("sign-it", nodes, "begin>sign sign>done"))
    case = office.open("sign-it")
    office.advance(2 * DAY)
    assert _caught(office, case)[0] == (1, "催办", "county.supervisor")


def test_a_limit_in_hours_is_chased_in_hours(office: Office) -> None:
    nodes = start() + user("help", due="hours(24)") + end()
    office.deploy(help_bpmn=bpmn("help-now", nodes, "begin>help help>done"))
    case = office.open("help-now")
    for hours in (24, 24, 24):
        office.advance(timedelta(hours=hours))
    assert [level for level, _, _ in _caught(office, case)] == [1, 2, 3]


def test_completing_the_task_takes_the_net_away(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.complete(office.open("three-steps"), "check")
    case = office.complete(case, "visit", by="officer2")
    office.advance(60 * DAY)
    assert _caught(office, case) == []


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM timers WHERE kind = 'net'",
        "UPDATE timers SET run_at = NULL WHERE kind = 'net'",
        "UPDATE tasks SET candidates = '|nobody.at.all|'",
        "UPDATE tasks SET assignee = 'ghost', candidates = NULL",
    ],
)
def test_the_check_finds_a_limit_without_a_net_or_an_owner(office: Office, damage: str) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    office.open("three-steps")
    with office.database.write() as tx:
        tx.execute(text(damage))
    with office.database.read() as tx:
        faults = unarmed_deadlines(tx, on=office.now.date())
    assert [fault.kind for fault in faults] == ["unarmed"]


def test_a_sound_store_verifies_and_a_damaged_one_does_not(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.open("three-steps")
    for element, by in (("check", "officer"), ("visit", "officer2"), ("confirm", "leader")):
        case = office.complete(case, element, by=by)
    office.open("three-steps")
    with office.database.read() as tx:
        report = verify(tx, at=office.now)
    assert (report.cases, report.events, report.problems) == (2, 5, ())
    for damage, kind in (
        ("UPDATE clocks SET due = due + 60000000 WHERE name = 'total' AND due IS NOT NULL", "clock"),
        ("UPDATE clocks SET ledger = '{}' WHERE due IS NOT NULL", "clock"),
        ("UPDATE cases SET red_at = NULL", "light"),
        ("UPDATE events SET kind = 'case_withdrawn' WHERE seq = 4", "history"),
    ):
        with office.database.read() as tx:  # rolled back at the end
            drop_triggers(tx)
            tx.execute(text(damage))
            assert kind in {fault.kind for fault in verify(tx, at=office.now).problems}, damage
