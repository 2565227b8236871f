"""Due days against an independent count that walks from day to day and looks at midnights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import chinese_calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clocks import SHANGHAI, Calendar, Clock, Limit, open_clock, pause, resume

NATION = Calendar()
FIRST = datetime(2024, 1, 1, tzinfo=SHANGHAI)
ONE_DAY = timedelta(days=1)
Pauses = list[tuple[datetime, datetime]]

starts = st.integers(0, 540 * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds))
steps = st.lists(st.tuples(st.integers(0, 12 * 86_400), st.integers(0, 9 * 86_400)), max_size=5)


def laid_out(start: datetime, steps: list[tuple[int, int]]) -> Pauses:
    """Pauses one after another: so long running, then so long paused."""
    pauses: Pauses = []
    for running, paused in steps:
        begin = start + timedelta(seconds=running)
        start = begin + timedelta(seconds=paused)
        pauses.append((begin, start))
    return pauses


def ledger(limit: Limit, start: datetime, pauses: Pauses) -> Clock:
    clock = open_clock("x", limit, start, NATION)
    for begin, end in pauses:
        clock = resume(pause(clock, begin, "officer", "补正材料"), end, "officer")
    return clock


def slow_last_day(start: datetime, amount: int, pauses: Pauses, counts: Callable[[date], bool]) -> date:
    """Walks day by day. A day counts unless the clock stands still when it ends, or began it standing still
    with no broken-off day to finish. The last day is the first free working day from the `amount`-th on.
    """
    day, left, owed = start.date(), amount, False
    while True:
        runs_on = any(begin.date() <= day < end.date() for begin, end in pauses)
        stood = any(begin.date() < day <= end.date() for begin, end in pauses)
        usable = day > start.date() and (not stood or owed)
        if any(begin.date() == day < end.date() for begin, end in pauses):
            owed = usable and counts(day)
        if usable and not runs_on:
            left -= counts(day)
            if left <= 0 and chinese_calendar.is_workday(day):
                return day
        day += ONE_DAY


@settings(max_examples=1000, deadline=None)
@given(start=starts, amount=st.integers(1, 45), steps=steps)
def test_working_days_with_pauses_agree_with_a_slow_count(
    start: datetime, amount: int, steps: list[tuple[int, int]]
) -> None:
    pauses = laid_out(start, steps)
    expected = slow_last_day(start, amount, pauses, chinese_calendar.is_workday)
    assert ledger(Limit("workdays", amount), start, pauses).due_date(NATION) == expected


@settings(max_examples=1000, deadline=None)
@given(start=starts, amount=st.integers(1, 60), steps=steps)
def test_calendar_days_with_pauses_agree_with_a_slow_count(
    start: datetime, amount: int, steps: list[tuple[int, int]]
) -> None:
    pauses = laid_out(start, steps)
    expected = slow_last_day(start, amount, pauses, lambda day: True)
    assert ledger(Limit("calendar_days", amount), start, pauses).due_date(NATION) == expected


@settings(max_examples=300, deadline=None)
@given(start=starts, amount=st.integers(1, 72), steps=steps)
def test_hours_with_pauses_agree_with_a_slow_count(
    start: datetime, amount: int, steps: list[tuple[int, int]]
) -> None:
    pauses = laid_out(start, steps)
    at, left = start, amount * 3600
    while left:
        held = next((end for begin, end in pauses if begin <= at < end), None)
        if held is None:
            pace = min([left, 60, *(int((begin - at).total_seconds()) for begin, _ in pauses if begin > at)])
            left -= pace
            at += timedelta(seconds=pace)
        else:
            at = held
    assert ledger(Limit("hours", amount), start, pauses).due(NATION) == at


@settings(max_examples=300, deadline=None)
@given(start=starts, amount=st.integers(1, 45), steps=steps)
def test_a_pause_never_brings_a_deadline_forward(
    start: datetime, amount: int, steps: list[tuple[int, int]]
) -> None:
    clock = open_clock("x", Limit("workdays", amount), start, NATION)
    due = clock.due(NATION)
    for begin, end in laid_out(start, steps):
        clock = resume(pause(clock, begin, "officer", "补正材料"), end, "officer")
        later = clock.due(NATION)
        assert due is not None
        assert later is not None
        assert later >= due
        assert later == due or begin < due
        due = later
