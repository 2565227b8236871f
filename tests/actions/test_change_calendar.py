"""A changed calendar reaches every open case, once, whichever way the case is met first."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from engine.actions.change_calendar import change_calendar, recalculate_clocks
from engine.actions.fire_timer import fire_timer
from engine.clocks import SHANGHAI, CalendarDay
from engine.errors import ForbiddenError
from engine.store import timers
from engine.store.ids import read_id
from engine.types import SYSTEM
from tests.builders import THREE_STEPS, Office


def _announce_typhoon(office: Office, day: date) -> None:
    """The county closes its offices for a day."""
    typhoon = CalendarDay(
        day=day, works=False, zh="台风停工", en="typhoon", announced=date(2026, 9, 22),
        source="永安市政府通告", region="350481",
    )  # fmt: skip
    county = office.who("county")
    with office.database.write() as tx:
        change_calendar(tx, days=[typhoon], actor=county, at=office.now)


def test_a_changed_calendar_moves_every_open_clock_once(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    here, closed = office.open("three-steps"), office.open("three-steps")
    for element, by in (("check", "officer"), ("visit", "officer2"), ("confirm", "leader")):
        closed = office.complete(closed, element, by=by)
    _announce_typhoon(office, date(2026, 9, 23))
    with office.database.write() as tx:
        assert recalculate_clocks(tx, at=office.now) == 1
        assert recalculate_clocks(tx, at=office.now) == 0
    assert office.task(here, "check").due_date == date(2026, 9, 24)
    assert office.clock(here, "total").due_date == date(2026, 10, 28)
    last = office.history(here)[-1]
    assert (last.kind, sorted(last.data["recalculated"])) == ("clocks_recalculated", ["check", "total"])
    assert "台风停工" in office.clock(here, "total").explain("zh")
    assert office.kinds(closed)[-1] == "task_completed"


def test_the_worker_counts_anew_before_it_fires(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.complete(office.open("three-steps"), "check")
    _announce_typhoon(office, date(2026, 9, 24))
    office.advance(datetime(2026, 9, 25, tzinfo=SHANGHAI))  # when the reminder was due on the old calendar
    assert office.kinds(case)[-1] == "clocks_recalculated"
    office.advance(datetime(2026, 9, 29, tzinfo=SHANGHAI))
    assert office.kinds(case)[-1] == "timer_fired"


def test_a_timer_fired_directly_is_counted_anew_first(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.complete(office.open("three-steps"), "check")
    _announce_typhoon(office, date(2026, 9, 24))
    with office.database.write() as tx:
        chase = next(row for row in timers.list_of_case(tx, read_id(case.id)) if row.kind == "diagram")
        fire_timer(tx, timer_id=chase.id, at=datetime(2026, 9, 25, tzinfo=SHANGHAI))
    assert office.kinds(case)[-1] == "clocks_recalculated"


def test_a_county_day_moves_nothing_elsewhere_and_needs_a_right_there(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    here = office.open("three-steps")
    elsewhere = CalendarDay(
        day=date(2026, 9, 23), works=False, zh="停工", en="closed", announced=date(2026, 9, 22),
        source="尤溪县通告", region="350426",
    )  # fmt: skip
    with office.database.write() as tx, pytest.raises(ForbiddenError):
        change_calendar(tx, days=[elsewhere], actor=office.who("county"), at=office.now)
    with office.database.write() as tx:
        change_calendar(tx, days=[elsewhere], actor=SYSTEM, at=office.now)
    with office.database.write() as tx:
        recalculate_clocks(tx, at=office.now)
    now = office.look(here)
    assert (now.version, now.tasks) == (here.version, here.tasks)
    assert [clock.due for clock in now.clocks] == [clock.due for clock in here.clocks]


def test_a_step_after_a_changed_calendar_counts_on_the_new_one_at_once(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.open("three-steps")
    _announce_typhoon(office, date(2026, 9, 28))
    case = office.complete(case, "check")
    assert office.task(case, "visit").due_date == date(2026, 9, 29)
    assert office.clock(case, "total").due_date == date(2026, 10, 28)
    assert office.history(case)[-1].data["recalculated"] == ["total"]
