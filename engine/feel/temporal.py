"""The five temporal values of FEEL: dates, times, date-times and the two durations.

Owns the proleptic Gregorian calendar for years -999999999..999999999 (Python's `datetime` ends at 9999)
and time zones. Refuses any notion of "now": nothing here reads a clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

NANOS = 1_000_000_000
DAY = 86_400 * NANOS
MAX_YEAR = 999_999_999
MAX_OFFSET = 18 * 3600
_EPOCH_1970 = 719_468
_ZONE_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*")


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar (years count from March inside)."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return (
        era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - _EPOCH_1970
    )


def civil_from_days(days: int) -> tuple[int, int, int]:
    """The inverse of `days_from_civil`."""
    era, doe = divmod(days + _EPOCH_1970, 146_097)
    year_of_era = (doe - doe // 1460 + doe // 36_524 - doe // 146_096) // 365
    day_of_year = doe - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


@lru_cache(maxsize=256)
def find_zone(name: str) -> ZoneInfo | None:
    """The IANA zone of that name, None when there is none. Only names of the official list are opened."""
    if not _ZONE_KEY.fullmatch(name) or name not in _zone_names():
        return None
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class YearsMonths:
    """A years and months duration, as a signed number of months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        body = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return ("-" if self.months < 0 else "") + "P" + body


@dataclass(frozen=True, slots=True)
class DaysTime:
    """A days and time duration, as a signed number of nanoseconds."""

    nanos: int

    def __str__(self) -> str:
        days, rest = divmod(abs(self.nanos), DAY)
        hours, rest = divmod(rest, 3600 * NANOS)
        minutes, rest = divmod(rest, 60 * NANOS)
        time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        if rest or not (days or time):
            time += seconds_text(rest) + "S"
        return (
            ("-" if self.nanos < 0 else "")
            + "P"
            + (f"{days}D" if days else "")
            + ("T" + time if time else "")
        )


def seconds_text(nanos: int, width: int = 1) -> str:
    seconds, fraction = divmod(nanos, NANOS)
    return f"{seconds:0{width}d}" + (f".{fraction:09d}".rstrip("0") if fraction else "")


@dataclass(frozen=True, slots=True)
class Date:
    year: int
    month: int
    day: int

    @property
    def days(self) -> int:
        """Days since 1970-01-01."""
        return days_from_civil(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """1 for Monday to 7 for Sunday."""
        return (self.days + 3) % 7 + 1

    @staticmethod
    def from_days(days: int) -> Date:
        """Raises OverflowError outside the years FEEL knows."""
        year, month, day = civil_from_days(days)
        if not -MAX_YEAR <= year <= MAX_YEAR:
            raise OverflowError("year out of range")
        return Date(year, month, day)

    def plus_months(self, months: int) -> Date:
        """The same day `months` later, or the last of that month when it is shorter."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        if not -MAX_YEAR <= year <= MAX_YEAR:
            raise OverflowError("year out of range")
        return Date(year, month + 1, min(self.day, days_in_month(year, month + 1)))

    def __str__(self) -> str:
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day: nanoseconds since midnight, with an offset in seconds, a zone name, or neither."""

    nanos: int
    offset: int | None = None
    zone: str | None = None

    @property
    def hour(self) -> int:
        return self.nanos // (3600 * NANOS)

    @property
    def minute(self) -> int:
        return self.nanos // (60 * NANOS) % 60

    @property
    def second(self) -> int:
        return self.nanos // NANOS % 60

    @property
    def is_local(self) -> bool:
        return self.offset is None and self.zone is None

    def offset_on(self, days: int) -> int | None:
        """Seconds east of UTC on the day `days` after 1970-01-01; None for a local time."""
        if self.zone is None:
            return self.offset
        zone = find_zone(self.zone)
        return 0 if zone is None else _zone_offset(zone, days, self.nanos)

    @property
    def utc_nanos(self) -> int:
        """Nanoseconds since midnight UTC; a zone has its offset of 1970-01-01, a local time counts as UTC."""
        return self.nanos - (self.offset_on(0) or 0) * NANOS

    def __str__(self) -> str:
        seconds = seconds_text(self.nanos % (60 * NANOS), 2)
        return f"{self.hour:02d}:{self.minute:02d}:{seconds}{self._zone_text()}"

    def _zone_text(self) -> str:
        if self.zone is not None:
            return "@" + self.zone
        if self.offset is None:
            return ""
        if self.offset == 0:
            return "Z"
        minutes, seconds = divmod(abs(self.offset), 60)
        text = f"{'-' if self.offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
        return text + (f":{seconds:02d}" if seconds else "")


@lru_cache(maxsize=4096)
def _zone_offset(zone: ZoneInfo, days: int, nanos: int) -> int:
    """Offset of a wall time; years outside 1..9999 use the same day of a year 400 years' multiple away."""
    year, month, day = civil_from_days(days)
    if not 2 <= year <= 9998:
        year = 2000 + year % 400 if year > 0 else 2
        day = min(day, days_in_month(year, month))
    seconds = nanos // NANOS
    wall = datetime(year, month, day, seconds // 3600, seconds // 60 % 60, seconds % 60, tzinfo=zone)
    offset = wall.utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


@dataclass(frozen=True)
class DateTime:
    date: Date
    time: Time

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC; None for a local date-time."""
        return self.time.offset_on(self.date.days) if self.time.zone is not None else self.time.offset

    @cached_property
    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00Z; a local date-time counts as UTC."""
        return self.local_nanos - (self.offset or 0) * NANOS

    @property
    def local_nanos(self) -> int:
        return self.date.days * DAY + self.time.nanos

    def plus_months(self, months: int) -> DateTime:
        return DateTime(self.date.plus_months(months), self.time)

    def plus_nanos(self, nanos: int) -> DateTime:
        """That much later on the time line, in the same zone or offset."""
        if self.time.zone is None:
            return DateTime.at_local(self.local_nanos + nanos, self.time)
        return self.in_zone(self.instant + nanos, self.time.zone)

    @staticmethod
    def at_local(local: int, like: Time) -> DateTime:
        days, nanos = divmod(local, DAY)
        return DateTime(Date.from_days(days), Time(nanos, like.offset, like.zone))

    @staticmethod
    def in_zone(instant: int, zone: str) -> DateTime:
        """The wall time of an instant in a zone."""
        guess = DateTime.at_local(instant, Time(0, None, zone))
        found = find_zone(zone)
        if found is not None and 2 <= guess.date.year <= 9998:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant // NANOS)
            offset = moment.astimezone(found).utcoffset() or timedelta()
            return DateTime.at_local(instant + int(offset.total_seconds()) * NANOS, guess.time)
        return DateTime.at_local(instant + (guess.offset or 0) * NANOS, guess.time)

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"
