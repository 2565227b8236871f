"""The deadline table of the law's arithmetic for autumn 2026, every value of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.clocks import Limit, open_clock
from tests.clocks.moments import NATION, a_clock, day, moment

TABLE = {
    "2026-09-14": ("2026-09-17", "2026-09-28", "2026-10-16", "2026-10-30", "2026-11-20"),
    "2026-09-22": ("2026-09-28", "2026-10-13", "2026-10-27", "2026-11-10", "2026-12-01"),
    "2026-09-28": ("2026-10-08", "2026-10-16", "2026-10-30", "2026-11-13", "2026-12-04"),
    "2026-09-29": ("2026-10-09", "2026-10-19", "2026-11-02", "2026-11-16", "2026-12-07"),
}
PUBLICITY = {
    "2026-09-14": "2026-09-21",
    "2026-09-22": "2026-09-29",
    "2026-09-28": "2026-10-08",
    "2026-09-29": "2026-10-08",
}
VALUES = [
    (start, amount, due)
    for start, row in TABLE.items()
    for amount, due in zip((3, 10, 20, 30, 45), row, strict=True)
]
HOURS_OF_DAY = ("00:00", "09:00", "23:59:59")


@pytest.mark.parametrize(("start", "amount", "due"), VALUES)
def test_working_days_end_on_the_day_the_table_says(start: str, amount: int, due: str) -> None:
    for hour in HOURS_OF_DAY:
        clock = a_clock(f"{start} {hour}", Limit("workdays", amount))
        assert clock.due_date(NATION) == day(due)


@pytest.mark.parametrize(("start", "due"), PUBLICITY.items())
def test_seven_days_of_publicity_roll_off_a_holiday(start: str, due: str) -> None:
    for hour in HOURS_OF_DAY:
        assert a_clock(f"{start} {hour}", Limit("calendar_days", 7)).due_date(NATION) == day(due)


def test_a_day_limit_is_due_when_its_last_day_has_ended() -> None:
    assert a_clock().due(NATION) == moment("2026-10-28")


def test_hours_run_through_holidays_from_the_very_second() -> None:
    clock = a_clock("2026-10-02 14:00:07", Limit("hours", 72))
    assert clock.due(NATION) == moment("2026-10-05 14:00:07")


def test_a_clock_started_on_a_rest_day_counts_from_the_next_working_day() -> None:
    assert a_clock("2026-10-04 09:00", Limit("workdays", 3)).due_date(NATION) == day("2026-10-10")


def test_the_start_is_taken_in_china_wherever_the_time_was_written() -> None:
    """17:00 UTC on the 21st is already the 22nd in China."""
    utc = datetime(2026, 9, 21, 17, tzinfo=UTC)
    clock = open_clock("total", Limit("workdays", 20), utc, NATION)
    assert clock.due_date(NATION) == day("2026-10-27")
