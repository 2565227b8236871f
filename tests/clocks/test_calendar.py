"""Calendars: the nation's official days, additions by region, years nobody has published."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clocks import Calendar, CalendarDay, CalendarYear, Limit, load_calendar
from engine.errors import DeploymentError
from tests.clocks.moments import NATION, a_clock, day

PUBLISHED = range(2004, 2027)
# `holidays` follows the State Council's 2006 notice, which made the last Saturday of 2005 a working day;
# `chinesecalendar` gives a year's exchanged days only from its own year's notice. No live case reaches back.
KNOWN_DIFFERENCES = {date(2005, 12, 31)}
FILE = """
calendar:
  published:
    - {year: 2027, announced: 2026-11-20, source: 国办通知}
  days:
    - {from: 2027-01-01, to: 2027-01-03, works: false, zh: 元旦, en: New Year's Day,
       announced: 2026-11-20, source: 国办通知}
    - {from: 2026-10-15, works: false, region: "350481", zh: 县庆, en: County day,
       announced: 2026-09-25, source: 县政府公告}
"""


def a_day(text: str, works: bool, region: str, announced: str = "2026-01-01") -> CalendarDay:
    return CalendarDay(
        day=day(text),
        works=works,
        zh="县庆",
        en="County day",
        announced=day(announced),
        source="x",
        region=region,
    )


def every_day(years: range) -> list[date]:
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_published_years_agree_with_a_second_library() -> None:
    theirs = holidays.country_holidays("CN", years=range(PUBLISHED[0] - 1, PUBLISHED[-1] + 2))
    exchanged = theirs.weekend_workdays
    different = {
        one
        for one in every_day(PUBLISHED)
        if NATION.is_workday(one) != (one in exchanged or (one.weekday() < 5 and one not in theirs))
    }
    assert different == KNOWN_DIFFERENCES


def test_the_days_of_2026_are_those_of_the_state_council_notice() -> None:
    off = [("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3), ("10-01", 7)]
    free = {day(f"2026-{start}") + timedelta(days=n) for start, length in off for n in range(length)}
    worked = {day(f"2026-{one}") for one in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")}
    for one in every_day(range(2026, 2027)):
        assert NATION.is_workday(one) == (one in worked or (one.weekday() < 5 and one not in free)), one


@given(
    after=st.dates(date(2004, 1, 1), date(2026, 6, 30)), count=st.integers(1, 90), span=st.integers(0, 400)
)
def test_counting_agrees_with_looking_at_each_day(after: date, count: int, span: int) -> None:
    until = min(after + timedelta(days=span), date(2026, 12, 31))
    looked = sum(map(chinese_calendar.is_workday, every_day_after(after, until)))
    assert NATION.workdays_between(after.toordinal(), until.toordinal()) == looked
    found = date.fromordinal(NATION.workday_after(after.toordinal(), count))
    assert NATION.is_workday(found)
    assert NATION.workdays_between(after.toordinal(), found.toordinal()) == count


def every_day_after(after: date, until: date) -> list[date]:
    return [after + timedelta(days=n + 1) for n in range((until - after).days)]


def test_the_county_overrules_the_province_and_the_province_the_nation() -> None:
    days = [
        a_day("2026-10-01", True, "35"),
        a_day("2026-10-02", True, "35"),
        a_day("2026-10-02", False, "350481"),
    ]
    county = Calendar(days, county="350481")
    assert [county.is_workday(day(f"2026-10-0{n}")) for n in (1, 2, 3)] == [True, False, False]
    elsewhere = Calendar(days, county="110101")
    assert [elsewhere.is_workday(day(f"2026-10-0{n}")) for n in (1, 2, 3)] == [False, False, False]


def test_the_latest_announcement_of_one_region_wins_from_its_day_on() -> None:
    days = [
        a_day("2026-10-15", False, "350481", "2026-09-01"),
        a_day("2026-10-15", True, "350481", "2026-10-01"),
    ]
    thursday = day("2026-10-15")
    assert Calendar(days, "350481", known_on=day("2026-08-31")).is_workday(thursday)
    assert not Calendar(days, "350481", known_on=day("2026-09-30")).is_workday(thursday)
    assert Calendar(days, "350481").is_workday(thursday)


def test_a_county_day_moves_only_the_clocks_of_that_county() -> None:
    days, published = load_calendar(FILE, file="calendar.yaml")
    county = Calendar(days, "350481", published)
    assert a_clock(calendar=county).due_date(county) == day("2026-10-28")
    neighbour = Calendar(days, "350402", published)
    assert a_clock(calendar=neighbour).due_date(neighbour) == day("2026-10-27")


def test_holidays_and_exchanged_days_have_names_in_both_languages() -> None:
    assert NATION.name_of(day("2026-09-26"), "zh-CN") == "中秋"
    assert NATION.name_of(day("2026-10-03"), "en") == "National Day"
    assert NATION.name_of(day("2026-10-10"), "en") == "National Day"
    assert NATION.name_of(day("2026-10-17"), "zh") == ""
    county = Calendar([a_day("2026-10-15", False, "350481")], "350481")
    assert county.name_of(day("2026-10-15"), "zh-CN") == "县庆"


def test_an_unpublished_year_makes_a_deadline_provisional_until_it_is_published() -> None:
    days, published = load_calendar(FILE, file="calendar.yaml")
    assert not NATION.is_published(2027)
    clock = a_clock("2026-12-22 09:00")
    assert clock.due_date(NATION) == day("2027-01-19")
    assert clock.provisional(NATION)
    later = Calendar(days, published=published)
    assert later.is_published(2027)
    assert not clock.provisional(later)
    assert clock.due_date(later) == day("2027-01-20")
    assert not Calendar(published=published, known_on=day("2026-11-19")).is_published(2027)


def test_hours_and_days_within_published_years_are_never_provisional() -> None:
    assert not a_clock("2026-12-30 09:00", Limit("hours", 72)).provisional(NATION)
    assert not a_clock("2026-12-01 09:00").provisional(NATION)
    assert a_clock("2026-12-28 09:00", Limit("calendar_days", 7)).provisional(NATION)


BAD_FILES = {
    "no top": ("days: []", "/calendar"),
    "no mapping": ("calendar: {days: [3]}", "/calendar/days/0"),
    "unknown field": ("calendar: {published: [{year: 2027, announced: 2026-11-20, source: x, a: 1}]}", "/a"),
    "missing source": ("calendar: {published: [{year: 2027, announced: 2026-11-20}]}", "/source"),
    "year as text": ("calendar: {published: [{year: '2027', announced: 2026-11-20, source: x}]}", "/year"),
    "a flag as year": ("calendar: {published: [{year: true, announced: 2026-11-20, source: x}]}", "/year"),
    "not a list": ("calendar: {days: 7}", "/calendar/days"),
}
DAY = "calendar: {days: [{from: 2027-05-01, works: false, zh: a, en: b, announced: 2026-11-20, source: x%s}]}"


@pytest.mark.parametrize(("text", "pointer"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_faulty_calendar_file_is_refused_by_entry(text: str, pointer: str) -> None:
    with pytest.raises(DeploymentError) as caught:
        load_calendar(text, file="calendar.yaml")
    assert caught.value.errors[0].pointer.endswith(pointer)
    assert "calendar.yaml" in caught.value.en
    assert "calendar.yaml" in caught.value.zh


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        (", to: 2027-04-30", "/to"),
        (", to: 2028-05-01", "/to"),
        (", region: 永安", "/region"),
        (", region: 350481", "/region"),
    ],
)
def test_a_faulty_run_of_days_is_refused(more: str, pointer: str) -> None:
    assert len(load_calendar(DAY % "")[0]) == 1
    with pytest.raises(DeploymentError) as caught:
        load_calendar(DAY % more, file="calendar.yaml")
    assert caught.value.errors[0].pointer == f"/calendar/days/0{pointer}"


def test_a_published_year_is_plain_data() -> None:
    row = CalendarYear(year=2027, announced=day("2026-11-20"), source="国办通知")
    assert Calendar(published=[row]).is_published(2027)
