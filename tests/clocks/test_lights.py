"""Lights at their edges: the first green-no-more second, the first red one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clocks import SHANGHAI, Clock, Limit, Thresholds, extend, open_clock, pause, resume, stop
from engine.parameters import DEFAULTS
from tests.clocks.moments import NATION, SPECIAL, a_clock, moment

SECOND = timedelta(seconds=1)
CASES = {
    "20 working days: four left on 10-21": (
        "2026-09-22 09:00",
        Limit("workdays", 20),
        "2026-10-21",
        "2026-10-28",
    ),
    "3 working days: one left on 09-24": (
        "2026-09-22 09:00",
        Limit("workdays", 3),
        "2026-09-24",
        "2026-09-29",
    ),
    "1 working day: at once": ("2026-09-22 09:00", Limit("workdays", 1), "2026-09-22 09:00", "2026-09-24"),
    "7 days: one left": ("2026-09-14 09:00", Limit("calendar_days", 7), "2026-09-20", "2026-09-22"),
    "7 days over a holiday: one working day left": (
        "2026-09-28 09:00",
        Limit("calendar_days", 7),
        "2026-09-30",
        "2026-10-09",
    ),
    "72 hours: a fifth left": (
        "2026-10-02 14:00",
        Limit("hours", 72),
        "2026-10-04 23:36",
        "2026-10-05 14:00",
    ),
    "1 hour: a fifth left": ("2026-10-02 14:00", Limit("hours", 1), "2026-10-02 14:48", "2026-10-02 15:00"),
}


@pytest.mark.parametrize(("start", "limit", "yellow", "red"), CASES.values(), ids=CASES.keys())
def test_lights_change_at_their_instants(start: str, limit: Limit, yellow: str, red: str) -> None:
    clock = a_clock(start, limit)
    yellow_at, red_at = clock.light_changes(NATION)
    assert (yellow_at, red_at) == (moment(yellow), moment(red))
    assert clock.light(NATION, moment(yellow)) == "yellow"
    assert clock.light(NATION, moment(red) - SECOND) == "yellow"
    assert clock.light(NATION, moment(red)) == "red"
    if yellow != start:
        assert clock.light(NATION, moment(yellow) - SECOND) == "green"


@settings(max_examples=300, deadline=None)
@given(
    start=st.datetimes(datetime(2024, 1, 1), datetime(2026, 5, 1)),  # noqa: DTZ001
    limit=st.builds(Limit, st.sampled_from(["workdays", "calendar_days"]), st.integers(1, 60)),
    hours_later=st.integers(0, 2400),
)
def test_the_light_of_day_limits_is_the_rule_of_what_is_left(
    start: datetime, limit: Limit, hours_later: int
) -> None:
    """Said once more in the rule's own words, from what remains, instead of the instants."""
    clock = open_clock("x", limit, start.replace(tzinfo=SHANGHAI), NATION)
    at = clock.opened_at + timedelta(hours=hours_later)
    left = clock.remaining(NATION, at)
    due = clock.due_date(NATION)
    assert due is not None
    workdays_left = NATION.workdays_between(at.date().toordinal(), due.toordinal())
    if left.overdue:
        expected = "red"
    elif workdays_left <= 1 or Decimal(left.amount) / limit.amount <= Decimal("0.2"):
        expected = "yellow"
    else:
        expected = "green"
    assert clock.light(NATION, at) == expected


def test_a_paused_clock_is_grey_and_green_again_with_its_remainder() -> None:
    clock = pause(a_clock(), moment("2026-09-28 10:00"), "officer", "补正材料")
    assert clock.light(NATION, moment("2026-09-28 09:00")) == "green"
    assert clock.light(NATION, moment("2026-09-28 10:00")) == "grey"
    assert clock.light(NATION, moment("2027-01-01")) == "grey"
    resumed = resume(clock, moment("2026-12-01 10:00"), "officer")
    assert resumed.light(NATION, moment("2026-12-01 10:00")) == "green"


def test_an_overdue_clock_stays_red_when_it_is_paused() -> None:
    clock = pause(a_clock(), moment("2026-10-28 00:00"), "officer", "补正材料")
    assert clock.light(NATION, moment("2026-10-30")) == "red"
    assert clock.light_changes(NATION) == (moment("2026-10-21"), moment("2026-10-28"))
    resumed = resume(clock, moment("2026-11-30"), "officer")
    assert resumed.due(NATION) == moment("2026-10-28")


@pytest.mark.parametrize(
    ("stopped", "light"),
    [("2026-10-20 23:59:59", "green"), ("2026-10-21", "yellow"), ("2026-10-28", "red")],
)
def test_a_stopped_clock_keeps_its_last_light(stopped: str, light: str) -> None:
    clock = stop(a_clock(), moment(stopped))
    assert clock.light(NATION, moment("2027-06-01")) == light


def test_a_clock_stopped_while_paused_stays_grey() -> None:
    clock = stop(pause(a_clock(), moment("2026-09-28"), "o", "补正材料"), moment("2026-09-29"))
    assert clock.light(NATION, moment("2027-06-01")) == "grey"
    resumed = resume(pause(a_clock(), moment("2026-09-28"), "o", "补正材料"), moment("2026-09-29"), "o")
    assert stop(resumed, moment("2026-09-29")).light(NATION, moment("2027-06-01")) == "green"


def test_an_extension_turns_a_yellow_clock_green() -> None:
    at = moment("2026-10-26 10:00")
    clock = a_clock()
    assert clock.light(NATION, at) == "yellow"
    extended = extend(clock, at, "o", SPECIAL, "人户分离", "leader", calendar=NATION)
    assert extended.light(NATION, at) == "green"


def test_thresholds_are_parameters() -> None:
    assert Thresholds.of(DEFAULTS.at(date(2026, 9, 22))) == Thresholds(1, Decimal("0.2"))
    strict = Thresholds(5, Decimal("0.5"))
    assert a_clock().light_changes(NATION, strict)[0] == moment("2026-10-13")
    assert a_clock().light(NATION, moment("2026-10-13"), strict) == "yellow"


def test_deadline_says_all_of_it_at_once() -> None:
    clock = a_clock(promised=Limit("workdays", 10))
    found = clock.deadline(NATION)
    assert (found.due, found.due_date) == (clock.due(NATION), clock.due_date(NATION))
    assert (found.yellow_at, found.red_at) == clock.light_changes(NATION)
    assert found.promised_due == clock.promised_due(NATION) == moment("2026-10-14")
    assert (found.provisional, found.state) == (False, "running")


@pytest.mark.parametrize(
    ("clock", "at", "zh", "en"),
    [
        (a_clock(), "2026-10-26 12:00", "还剩1个工作日", "1 working day left"),
        (a_clock(), "2026-10-27 12:00", "还剩0个工作日", "0 working days left"),
        (a_clock(), "2026-10-30 12:00", "逾期3个工作日", "3 working days overdue"),
        (a_clock(limit=Limit("hours", 2)), "2026-09-22 10:29:30", "还剩31分钟", "31 min left"),
        (a_clock(limit=Limit("hours", 2)), "2026-09-22 14:00", "逾期3小时", "3 h overdue"),
        (
            a_clock("2026-09-28 09:00", Limit("calendar_days", 7)),
            "2026-10-01 09:00",
            "还剩7天",
            "7 calendar days left",
        ),
    ],
)
def test_what_is_left_is_said_in_the_units_of_the_law(clock: Clock, at: str, zh: str, en: str) -> None:
    left = clock.remaining(NATION, moment(at))
    assert (left.text("zh-CN"), left.text("en")) == (zh, en)
