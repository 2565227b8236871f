"""A preview of the calendar says exactly what announcing would move, and moves nothing itself."""

from __future__ import annotations

from datetime import date

import pytest

from engine.actions.change_calendar import change_calendar, recalculate_clocks
from engine.actions.preview_calendar import CalendarPreview, preview_calendar
from engine.clocks import CalendarDay, CalendarYear
from engine.errors import ForbiddenError
from engine.store.counters import CALENDAR, current_value
from tests.builders import THREE_STEPS, Office

TYPHOON = CalendarDay(
    day=date(2026, 9, 23), works=False, zh="台风停工", en="typhoon", announced=date(2026, 9, 22),
    source="永安市政府通告", region="350481",
)  # fmt: skip


def preview(office: Office, by: str = "county", **more: object) -> CalendarPreview:
    with office.database.read() as tx:
        return preview_calendar(tx, days=[TYPHOON], actor=office.who(by), **more)  # type: ignore[arg-type]


def test_what_is_told_is_what_then_moves(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.open("three-steps")
    told = {one.clock: (one.before, one.after) for one in preview(office).items}
    assert {name: days[0] for name, days in told.items()} == {
        name: office.clock(case, name).due_date for name in ("check", "total")
    }
    with office.database.write() as tx:
        change_calendar(tx, days=[TYPHOON], actor=office.who("county"), at=office.now)
        recalculate_clocks(tx, at=office.now)
    assert {name: days[1] for name, days in told.items()} == {
        name: office.clock(case, name).due_date for name in ("check", "total")
    }


def test_a_preview_writes_nothing(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    case = office.open("three-steps")
    before = office.clock(case, "total").due_date, office.kinds(case)
    preview(office)
    with office.database.read() as tx:
        assert current_value(tx, CALENDAR) == 0
    assert (office.clock(case, "total").due_date, office.kinds(case)) == before


def test_a_county_moves_nothing_next_door(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    office.open("three-steps", by="officer_sanyuan", region="350404100")
    assert preview(office).items == ()


def test_pages_tell_every_clock_once(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)
    numbers = {office.open("three-steps").number for _ in range(4)}
    told, cursor, pages = [], None, 0
    while True:
        page = preview(office, cursor=cursor, limit=3)
        told += [(one.case_number, one.clock) for one in page.items]
        cursor, pages = page.next, pages + 1
        if cursor is None:
            break
    assert sorted(told) == sorted((number, name) for number in numbers for name in ("check", "total"))
    assert pages > 1


def test_who_may_not_announce_may_not_preview(office: Office) -> None:
    with pytest.raises(ForbiddenError):
        preview(office, by="officer")


def test_only_who_serves_every_region_announces_for_the_nation(office: Office) -> None:
    year = CalendarYear(year=2031, announced=date(2030, 11, 1), source="国务院办公厅通知")
    with office.database.write() as tx:
        with pytest.raises(ForbiddenError):
            change_calendar(tx, days=[], years=[year], actor=office.who("county"), at=office.now)
        assert change_calendar(tx, days=[], years=[year], actor=office.who("admin"), at=office.now) == 1
