"""Which days are working days: county over province over nation, in China's time zone.

The nation's official days come from `chinesecalendar`; additions are data with source and day of
announcement. Refuses to invent holidays: a year that nobody has published yet has weekends only, and
`is_published` says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from chinese_calendar import constants as nation

SHANGHAI = ZoneInfo("Asia/Shanghai")

_LIBRARY_YEARS = frozenset(day.year for day in nation.holidays)
_CHINESE_NAMES: dict[str, str] = {holiday.value: holiday.chinese for holiday in nation.Holiday}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day that a nation (`region` ""), province, city or county declared free or working.

    `region` is an administrative code prefix; `announced` is the day it became known.
    """

    day: date
    works: bool
    zh: str
    en: str
    announced: date
    source: str
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYear:
    """A year whose national calendar was published after the library was built."""

    year: int
    announced: date
    source: str


class Calendar:
    """The working days of one county, immutable; days are counted in proleptic ordinals (`date.toordinal`).

    Of several additions for a day the narrowest region wins, then the latest announced. `known_on`
    gives the calendar as it was known on that day. Years are laid out as sorted tuples when first asked.
    """

    __slots__ = ("_added", "_published", "_years", "county")

    def __init__(
        self,
        days: Iterable[CalendarDay] = (),
        county: str = "",
        published: Iterable[CalendarYear] = (),
        known_on: date | None = None,
    ) -> None:
        horizon = known_on or date.max
        self.county = county
        self._published = _LIBRARY_YEARS | {row.year for row in published if row.announced <= horizon}
        ours = (row for row in days if county.startswith(row.region) and row.announced <= horizon)
        self._added = {row.day: row for row in sorted(ours, key=lambda row: (len(row.region), row.announced))}
        self._years: dict[int, tuple[int, ...]] = {}

    def is_workday(self, day: date) -> bool:
        added = self._added.get(day)
        if added is not None:
            return added.works
        return day in nation.workdays or (day.weekday() < 5 and day not in nation.holidays)

    def is_published(self, year: int) -> bool:
        """Whether the nation's official days of that year are known."""
        return year in self._published

    def name_of(self, day: date, lang: str) -> str:
        """The holiday a free day belongs to, or the reason why a weekend day is worked; else ""."""
        chinese = lang.startswith("zh")
        added = self._added.get(day)
        if added is not None:
            return added.zh if chinese else added.en
        name = nation.holidays.get(day) or nation.workdays.get(day) or ""
        return _CHINESE_NAMES[name] if chinese and name else name

    def workday_after(self, day: int, count: int) -> int:
        """The `count`-th working day after `day` (count >= 1), both as ordinals."""
        year = date.fromordinal(day).year
        while True:
            days = self._workdays(year)
            index = bisect_right(days, day) + count - 1
            if index < len(days):
                return days[index]
            count -= len(days) - (index - count + 1)
            year += 1

    def workdays_between(self, after: int, until: int) -> int:
        """How many working days lie in (`after`, `until`], as ordinals; 0 if `until` is not later."""
        if until <= after:
            return 0
        first, last = date.fromordinal(after).year, date.fromordinal(until).year
        total = -bisect_right(self._workdays(first), after)
        for year in range(first, last):
            total += len(self._workdays(year))
        return total + bisect_right(self._workdays(last), until)

    def _workdays(self, year: int) -> tuple[int, ...]:
        days = self._years.get(year)
        if days is None:
            first = date(year, 1, 1)
            whole = (first + timedelta(days=n) for n in range(date(year, 12, 31).timetuple().tm_yday))
            days = self._years[year] = tuple(day.toordinal() for day in whole if self.is_workday(day))
        return days
