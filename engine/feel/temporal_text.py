"""Reads temporal values from text, by the lexical rules of XML Schema with FEEL's `@Zone` suffix.

Every function returns None for text that is not such a value; it never raises.
"""

from __future__ import annotations

import re

from engine.feel.temporal import (
    DAY,
    MAX_OFFSET,
    MAX_YEAR,
    NANOS,
    Date,
    DateTime,
    DaysTime,
    Time,
    YearsMonths,
    days_in_month,
    find_zone,
)

_DATE = r"(-?)([1-9][0-9]{4,8}|[0-9]{4})-([0-9]{2})-([0-9]{2})"
_ZONE = r"(Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_/+-]+)?"
_TIME = r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,100}))?" + _ZONE
_date_re = re.compile(_DATE, re.ASCII)
_time_re = re.compile("T?" + _TIME, re.ASCII)
_date_time_re = re.compile(_DATE + "T" + _TIME, re.ASCII)
_years_months_re = re.compile(r"(-?)P(?=[0-9])(?:([0-9]{1,12})Y)?(?:([0-9]{1,12})M)?", re.ASCII)
_days_time_re = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]{1,18})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})(?:\.([0-9]{0,100}))?S)?)?",
    re.ASCII,
)


def make_date(year: int, month: int, day: int) -> Date | None:
    if not (-MAX_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
        return None
    return Date(year, month, day)


def parse_date(text: str) -> Date | None:
    """`[-]YYYY-MM-DD`; more than four year digits may not begin with 0."""
    found = _date_re.fullmatch(text)
    return None if found is None else _date_of(found.groups())


def _date_of(groups: tuple[str, ...]) -> Date | None:
    sign, year, month, day = groups[:4]
    return make_date(-int(year) if sign else int(year), int(month), int(day))


def parse_time(text: str) -> Time | None:
    """`HH:MM:SS[.fraction][Z|±HH:MM[:SS]|@Zone]`; 24:00:00 is midnight."""
    found = _time_re.fullmatch(text)
    if found is None:
        return None
    parsed = _time_of(found.groups())
    return None if parsed is None else Time(parsed.nanos % DAY, parsed.offset, parsed.zone)


def _time_of(groups: tuple[str | None, ...]) -> Time | None:
    """The time of a match; 24:00:00 comes back as a whole day of nanoseconds."""
    hour, minute, second = (int(part or "0") for part in groups[:3])
    nanos = int(((groups[3] or "") + "000000000")[:9])
    total = ((hour * 60 + minute) * 60 + second) * NANOS + nanos
    if minute > 59 or second > 59 or total > DAY:
        return None
    suffix = groups[4]
    if suffix is None:
        return Time(total)
    if suffix[0] == "@":
        return Time(total, None, suffix[1:]) if find_zone(suffix[1:]) else None
    offset = _offset_of(suffix)
    return None if offset is None else Time(total, offset)


def _offset_of(text: str) -> int | None:
    if text == "Z":
        return 0
    parts = [int(part) for part in text[1:].split(":")]
    seconds = parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) > 2 else 0)
    if seconds > MAX_OFFSET or parts[1] > 59 or parts[-1] > 59:
        return None
    return -seconds if text[0] == "-" else seconds


def parse_date_time(text: str) -> DateTime | None:
    """A date, `T` and a time; a date alone is its first instant, local."""
    found = _date_time_re.fullmatch(text)
    if found is None:
        date = parse_date(text)
        return None if date is None else DateTime(date, Time(0))
    date, time = _date_of(found.groups()), _time_of(found.groups()[4:])
    if date is None or time is None:
        return None
    if time.nanos == DAY:
        try:
            return DateTime(Date.from_days(date.days + 1), Time(0, time.offset, time.zone))
        except OverflowError:
            return None
    return DateTime(date, time)


def parse_duration(text: str) -> YearsMonths | DaysTime | None:
    """`[-]PnYnM` or `[-]PnDTnHnMn.nS`; the two kinds may not be mixed."""
    found = _years_months_re.fullmatch(text)
    if found is not None:
        sign, years, months = found.groups()
        total = int(years or 0) * 12 + int(months or 0)
        return YearsMonths(-total if sign else total)
    found = _days_time_re.fullmatch(text)
    if found is None:
        return None
    sign, days, hours, minutes, seconds, fraction = found.groups()
    whole = ((int(days or 0) * 24 + int(hours or 0)) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    nanos = whole * NANOS + int(((fraction or "") + "000000000")[:9])
    return DaysTime(-nanos if sign else nanos)


def parse_temporal(text: str) -> Date | Time | DateTime | YearsMonths | DaysTime | None:
    """What the literal `@"text"` means."""
    return (
        parse_date(text)
        or (parse_date_time(text) if "T" in text else None)
        or parse_time(text)
        or parse_duration(text)
    )
