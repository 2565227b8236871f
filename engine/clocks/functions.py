"""The product functions that FEEL gets besides the standard ones. docs/functions.md is their table.

Refuses to guess: an unknown parameter is an error, a missing argument gives null with a warning, and a
count that touches an unpublished year warns that it is provisional.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.clocks.calendar import SHANGHAI, Calendar
from engine.clocks.clock import ClockRef
from engine.feel import Date, DateTime, Environment, Function, Null, Value, Warned, from_datetime
from engine.parameters import Limit, Parameters, Unit

# Outside these years a date is a slip of the pen, and a calendar would be laid out for nothing.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_MOST_WORKDAYS = 10_000
_LARGEST = 10**9
_ZONE = "Asia/Shanghai"


def product_functions(
    parameters: Parameters, calendar: Calendar, accepted_at: datetime | None, number: str | None = None
) -> Mapping[str, Function]:
    """The functions for one case: its parameters in force, its calendar, its acceptance, its number."""
    law = _Law(parameters, calendar, accepted_at, number)
    functions = (
        Function("workdays", ("n",), law.limit_of("workdays")),
        Function("calendar days", ("n",), law.limit_of("calendar_days")),
        Function("hours", ("n",), law.limit_of("hours")),
        Function("limit", ("key",), lambda args, env: parameters.limit(_text(args[0], "key"))),
        Function("parameter", ("key",), lambda args, env: parameters.get(_text(args[0], "key"))),
        Function("clock", ("name",), lambda args, env: ClockRef(_text(args[0], "name"))),
        Function("accepted at", (), law.accepted),
        Function("case number", (), law.case_number),
        Function("age at", ("birth date", "date"), _age_at),
        Function("count months", ("from", "to"), _count_months),
        Function("is workday", ("date",), law.is_workday),
        Function("add workdays", ("date", "n"), law.add_workdays),
        Function("count workdays", ("from", "to"), law.workdays_between),
        Function("close relative", ("relation",), law.close_relative),
        Function("近亲属", ("关系",), law.close_relative),
    )
    return {function.name: function for function in functions}


@dataclass(frozen=True, slots=True)
class _Law:
    """What the functions of one case stand on."""

    parameters: Parameters
    calendar: Calendar
    accepted_at: datetime | None
    number: str | None

    def limit_of(self, unit: Unit) -> Callable[[list[Value], Environment], Value]:
        def call(args: list[Value], env: Environment) -> Limit:
            return Limit(unit, _whole(args[0], "n"))

        return call

    def accepted(self, args: list[Value], env: Environment) -> DateTime:
        if self.accepted_at is None:
            raise Null("The case has not been accepted yet.", "案件尚未受理。", "not-accepted")
        return from_datetime(self.accepted_at.astimezone(SHANGHAI))

    def case_number(self, args: list[Value], env: Environment) -> str:
        if self.number is None:
            raise Null("The case has no number here.", "此处没有案件编号。", "no-case-number")
        return self.number

    def is_workday(self, args: list[Value], env: Environment) -> bool:
        day = _day(args[0], "date")
        self._warn_if_unpublished(day, day, env)
        return self.calendar.is_workday(day)

    def add_workdays(self, args: list[Value], env: Environment) -> Date:
        day, count = _day(args[0], "date"), _whole(args[1], "n")
        if not 0 <= count <= _MOST_WORKDAYS:
            raise Null(f"'n' must be from 0 to {_MOST_WORKDAYS}.", f"“n”须为0至{_MOST_WORKDAYS}。")
        if count == 0:
            return Date(day.year, day.month, day.day)
        last = date.fromordinal(self.calendar.workday_after(day.toordinal(), count))
        self._warn_if_unpublished(day, last, env)
        return Date(last.year, last.month, last.day)

    def workdays_between(self, args: list[Value], env: Environment) -> Decimal:
        after, until = _day(args[0], "from"), _day(args[1], "to")
        self._warn_if_unpublished(after, until, env)
        return Decimal(self.calendar.workdays_between(after.toordinal(), until.toordinal()))

    def close_relative(self, args: list[Value], env: Environment) -> bool:
        relation = _text(args[0], "relation").strip().casefold()
        return relation in (str(word).casefold() for word in self.parameters.get("kin.close"))

    def _warn_if_unpublished(self, first: date, last: date, env: Environment) -> None:
        for year in range(first.year, last.year + 1):
            if not self.calendar.is_published(year):
                en = f"The holidays of {year} are not published; only weekends are left out."
                zh = f"{year}年放假安排尚未公布，暂只扣除周末。"
                env.warnings.append(Warned("provisional-calendar", en, zh))
                return


def _age_at(args: list[Value], env: Environment) -> Decimal:
    """Whole years (周岁). Born on 29 February, one is a year older on 28 February (民法典 Art.202)."""
    born, day = _day(args[0], "birth date"), _day(args[1], "date")
    if day < born:
        raise Null("'date' is before the birth date.", "“date”早于出生日期。")
    return Decimal(_months(born, day) // 12)


def _count_months(args: list[Value], env: Environment) -> Decimal:
    first, last = _day(args[0], "from"), _day(args[1], "to")
    return Decimal(_months(first, last) if first <= last else -_months(last, first))


def _months(first: date, last: date) -> int:
    """Whole months; a month without the day in question ends with its last day (民法典 Art.202)."""
    months = (last.year - first.year) * 12 + last.month - first.month
    reached = Date(first.year, first.month, first.day).plus_months(months)
    return months if last.day >= reached.day else months - 1


def _day(value: Any, name: str) -> date:
    """A date, or the day in China of a date-time."""
    if isinstance(value, DateTime):
        value = value.date if value.offset is None else DateTime.in_zone(value.instant, _ZONE).date
    if not isinstance(value, Date):
        raise Null(f"'{name}' must be a date.", f"“{name}”须为日期。")
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise Null(
            f"'{name}' must be between {_FIRST_YEAR} and {_LAST_YEAR}.",
            f"“{name}”须在{_FIRST_YEAR}年至{_LAST_YEAR}年之间。",
        )
    return date(value.year, value.month, value.day)


def _whole(value: Any, name: str) -> int:
    if not isinstance(value, Decimal) or abs(value) > _LARGEST or value != value.to_integral_value():
        raise Null(f"'{name}' must be a whole number.", f"“{name}”须为整数。")
    return int(value)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise Null(f"'{name}' must be text.", f"“{name}”须为文本。")
    return value
