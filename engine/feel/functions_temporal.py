"""Temporal functions. `now()` and `today()` read the environment's instant; nothing reads a clock."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.registry import builtin
from engine.feel.temporal import Date, DateTime, days_from_civil
from engine.feel.values import Null, Run, Value

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _date(day: Date | DateTime) -> Date:
    return day.date if isinstance(day, DateTime) else day


def _now(run: Run) -> DateTime:
    if run.env.now is None:
        raise Null("there is no current time here", "此处没有当前时间", "no-clock")
    return run.env.now


@builtin("now", "")
def _now_function(run: Run) -> Value:
    return _now(run)


@builtin("today", "")
def _today(run: Run) -> Value:
    return _now(run).date


@builtin("day of year", "date: day")
def _day_of_year(run: Run, day: Date | DateTime) -> Value:
    date = _date(day)
    return Decimal(date.days - days_from_civil(date.year, 1, 1) + 1)


@builtin("day of week", "date: day")
def _day_of_week(run: Run, day: Date | DateTime) -> Value:
    return _DAYS[_date(day).weekday - 1]


@builtin("month of year", "date: day")
def _month_of_year(run: Run, day: Date | DateTime) -> Value:
    return _MONTHS[_date(day).month - 1]


@builtin("week of year", "date: day")
def _week_of_year(run: Run, day: Date | DateTime) -> Value:
    """ISO 8601: the week belongs to the year of its Thursday."""
    date = _date(day)
    thursday = Date.from_days(date.days - date.weekday + 4)
    return Decimal((thursday.days - days_from_civil(thursday.year, 1, 1)) // 7 + 1)
