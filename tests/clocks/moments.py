"""Short ways to say a moment in China and to open a clock in tests."""

from __future__ import annotations

from datetime import date, datetime

from engine.clocks import SHANGHAI, Calendar, Clock, Limit, open_clock

NATION = Calendar()
TOTAL = Limit("workdays", 20, "dibao.total", "民发〔2022〕83号 四(一)")
SPECIAL = Limit(
    "workdays", 45, "dibao.special", "民发〔2022〕83号 四(一)", grounds=("公示有异议", "人户分离")
)


def moment(text: str) -> datetime:
    """`2026-09-22 09:00` or `2026-09-22` (midnight), in China."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def a_clock(
    start: str = "2026-09-22 09:00", limit: Limit = TOTAL, calendar: Calendar = NATION, **more: object
) -> Clock:
    return open_clock("total", limit, moment(start), calendar, **more)  # type: ignore[arg-type]


def day(text: str) -> date:
    return date.fromisoformat(text)
