"""Calendars: a county's year as a page of days; what an announcement would move, before it is made."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response

from engine import access
from engine.actions.change_calendar import change_calendar
from engine.actions.preview_calendar import preview_calendar
from engine.actions.read_calendar import DayView, get_year
from engine.actions.region_tree import list_regions
from engine.actions.sheets import as_date
from engine.clocks import SHANGHAI, CalendarDay, CalendarYear
from engine.errors import EngineError
from web.admin.frame import day_of, draw, fault
from web.page import Ask, go_to, page, say

routes = Blueprint("admin_calendars", __name__, template_folder="../templates")
HOLIDAYS = (
    ("元旦", "New Year's Day"), ("春节", "Spring Festival"), ("清明节", "Tomb-sweeping Day"),
    ("劳动节", "Labour Day"), ("端午节", "Dragon Boat Festival"), ("中秋节", "Mid-autumn Festival"),
    ("国庆节", "National Day"),
)  # fmt: skip
SHIFTED = 6
"""Rows for working days that a year moves onto weekends."""
_LONGEST_RUN = 31  # days of one row: a slip of the year would otherwise free months


def _months(days: tuple[DayView, ...]) -> Iterator[tuple[date, list[list[DayView | None]]]]:
    """Each month as weeks from Monday on."""
    by_day = {one.day: one for one in days}
    year = days[0].day.year
    for month in range(1, 13):
        first, length = monthrange(year, month)
        cells: list[DayView | None] = [None] * first
        cells += [by_day[date(year, month, number)] for number in range(1, length + 1)]
        cells += [None] * (-len(cells) % 7)
        yield date(year, month, 1), [cells[at : at + 7] for at in range(0, len(cells), 7)]


def _year(ask: Ask, error: EngineError | None = None) -> Response:
    today = ask.at.astimezone(SHANGHAI).date()
    text, county = ask.args.get("year", ask.form.get("year", "")), ask.args.get("county", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today.year
    found = get_year(ask.tx, year=number, county=county)
    return draw(
        ask, "calendars", error=error, year=found, months=list(_months(found.days)), today=today,
        entered=ask.form, holidays=HOLIDAYS, shifted=SHIFTED,
        counties=[one for one in list_regions(ask.tx, actor=ask.actor, on=today) if one.level == "county"],
        mine=access.regions_where(ask.actor, "calendar.change"),
    )  # fmt: skip


@page(routes, "GET", "/admin/calendars")
def calendars(ask: Ask) -> Response:
    """A year, day by day."""
    return _year(ask)


@page(routes, "POST", "/admin/calendars/preview", access="admin", again=_year)
def preview(ask: Ask) -> Response:
    """What these announcements would move; nothing is written."""
    said = _announced(ask)
    found = preview_calendar(ask.tx, actor=ask.actor, cursor=ask.form.get("cursor") or None, **said)
    kept = [(name, value) for name, value in ask.form.items(multi=True) if name != "cursor"]
    return draw(ask, "calendar_preview", tab="calendars", found=found, kept=kept, **said)


@page(routes, "POST", "/admin/calendars", access="admin", again=_year)
def announce(ask: Ask) -> Response:
    """Announce what was previewed."""
    said = _announced(ask)
    change_calendar(ask.tx, actor=ask.actor, at=ask.at, **said)
    day = said["days"][0].day if said["days"] else date(said["years"][0].year, 1, 1)
    county = said["days"][0].region if said["days"] else ""
    path = f"/admin/calendars?year={day.year}" + (f"&county={county}" if county else "")
    return say(
        go_to(path), "已公布。在办案件的期限正在逐件重算。", "Announced. Open cases are being counted anew."
    )


def _announced(ask: Ask) -> dict[str, Any]:
    """The days and years of the form; InputError at the field that is wrong."""
    form, announced = ask.form, day_of(ask, "announced")
    source = form.get("source", "").strip()
    if not source or len(source) > 200:
        raise fault("source", "请填写依据，不超过200字", "the source is needed, of at most 200 characters")
    known: dict[str, Any] = {"announced": announced, "source": source}
    text = form.get("year", "")
    years = []
    if text:
        if not (text.isascii() and text.isdigit() and len(text) == 4):
            raise fault("year", "年度应为四位数字", "a year has four digits")
        years = [CalendarYear(year=int(text), **known)]
    days = [
        CalendarDay(**row, **known)
        for number in range(len(form.getlist("from")))
        for row in _row(ask, number, int(text) if text else None)
    ]
    if not days:
        raise fault("from-0", "请至少填写一行日期", "fill in the days of one row at least")
    return {"days": days, "years": years}


def _row(ask: Ask, number: int, year: int | None) -> Iterator[dict[str, Any]]:
    """The days of one row; a row without a first day is left out."""
    row = {
        name: found[number].strip() if number < len(found := ask.form.getlist(name)) else ""
        for name in ("from", "to", "works", "zh", "en")
    }
    if not row["from"]:
        return
    first, last = as_date(row["from"]), as_date(row["to"] or row["from"])
    if first is None:
        raise fault(f"from-{number}", "不是日期，应如 2026-01-31", "no date like 2026-01-31")
    if last is None or not 0 <= (last - first).days < _LONGEST_RUN:
        zh = f"止日应不早于起日，且不超过{_LONGEST_RUN}天"
        raise fault(f"to-{number}", zh, f"it ends on or after its first day, within {_LONGEST_RUN} days")
    if year is not None and year not in (first.year, last.year):
        raise fault(f"from-{number}", f"该日不在{year}年", f"this day is not in {year}")
    if not row["zh"] or len(row["zh"]) > 60 or len(row["en"]) > 60:
        raise fault(f"zh-{number}", "请填写名称，不超过60字", "a name is needed, of at most 60 characters")
    for offset in range((last - first).days + 1):
        yield {
            "day": first + timedelta(days=offset), "works": row["works"] == "works", "zh": row["zh"],
            "en": row["en"] or row["zh"], "region": ask.form.get("region", ""),
        }  # fmt: skip
