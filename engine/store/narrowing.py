"""Conditions on cases that figures lead to: what turns on a day, what came, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from engine.store.tables import cases, tasks


def inside(column: ColumnElement[str], prefixes: Sequence[str]) -> ColumnElement[bool]:
    """Codes that begin with one of the prefixes, as ranges that an index can serve."""
    if not prefixes:
        return false()
    return or_(*(and_(column >= prefix, column < prefix + ":") for prefix in prefixes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """From one instant until before another: turning yellow or red, opened, decided (`late` or not)."""

    yellow_after: datetime | None = None
    yellow_until: datetime | None = None
    red_after: datetime | None = None
    red_until: datetime | None = None
    opened_since: datetime | None = None
    opened_until: datetime | None = None
    decided_since: datetime | None = None
    decided_until: datetime | None = None
    late: bool | None = None
    done_step: str | None = None  # an element that somebody completed
    done_since: datetime | None = None
    done_until: datetime | None = None
    done_late: bool = False

    def conditions(self, at: datetime) -> list[ColumnElement[bool]]:
        """What must hold of a case at `at`. What turns is open, and has not turned yet."""
        found: list[ColumnElement[bool]] = []
        if self.yellow_until is not None:
            found += [*turns("yellow", max(at, self.yellow_after or at), self.yellow_until)]
        if self.red_until is not None:
            found += [*turns("red", max(at, self.red_after or at), self.red_until)]
        for column, low, high in (
            (cases.c.opened_at, self.opened_since, self.opened_until),
            (cases.c.decided_at, self.decided_since, self.decided_until),
        ):
            if low is not None:
                found.append(column >= low)
            if high is not None:
                found.append(column < high)
        if self.late is not None:
            due = cases.c.decision_due
            late = cases.c.decided_at >= due if self.late else cases.c.decided_at < due
            found += [cases.c.decided_at.is_not(None), due.is_not(None), late]
        if self.done_step is not None:
            found.append(cases.c.id.in_(self._doing(self.done_step)))
        return found

    def _doing(self, step: str) -> Select[tuple[int]]:
        """The cases in which somebody completed an element."""
        query = select(tasks.c.case_id).where(tasks.c.closed_by.is_not(None), tasks.c.element_id == step)
        if self.done_since is not None:
            query = query.where(tasks.c.closed_at >= self.done_since)
        if self.done_until is not None:
            query = query.where(tasks.c.closed_at < self.done_until)
        return query.where(tasks.c.closed_at >= tasks.c.due) if self.done_late else query


EVERYTHING = Narrowing()


def turns(light: str, at: datetime, until: datetime) -> list[ColumnElement[bool]]:
    """The condition under which an open case turns to a light in (`at`, `until`)."""
    column = cases.c.red_at if light == "red" else cases.c.yellow_at
    found = [cases.c.closed_at.is_(None), column > at, column < until]
    if light == "yellow":
        found += [~cases.c.paused, or_(cases.c.red_at.is_(None), cases.c.red_at > at)]
    return found
