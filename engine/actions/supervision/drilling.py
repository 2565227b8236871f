"""From a figure to the cases or tasks behind it: the same conditions, as a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Literal

from engine.actions.reading import list_cases, list_tasks
from engine.actions.supervision.field import day_start, look_at
from engine.actions.views import CaseSummary, Page, TaskView
from engine.clocks import SHANGHAI
from engine.errors import FieldError, InputError
from engine.store.db import Tx
from engine.store.narrowing import Narrowing
from engine.types import Actor

Turns = Literal["yellow", "red"]
_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """The filters of a list of cases, by the names that `GET /cases` gives them.

    `step` is an element with an open task; `turns` with `from_day` and `to_day` is what turns to that
    light on those days; `done_step` is an element that was completed on some days (`done_late`: late); the
    others are days of coming and of the decision, the last one included.
    """

    region: str | None = None
    process: str | None = None
    version: int | None = None
    status: str | None = None
    light: str | None = None
    number: str | None = None
    text: str | None = None
    step: str | None = None
    turns: Turns | None = None
    from_day: date | None = None
    to_day: date | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    decided_from: date | None = None
    decided_to: date | None = None
    late: bool | None = None
    done_step: str | None = None
    done_from: date | None = None
    done_to: date | None = None
    done_late: bool = False
    open: bool = False

    def described(self, lang: str) -> Iterator[tuple[str, str]]:
        """The filters that are set, for people."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and value is not False:
                yield WORDS[field.name][0 if lang == "zh" else 1], str(value)

    def filters(self, at: datetime) -> dict[str, Any]:
        """The same as `list_cases` takes it."""
        same = ("region", "process", "version", "status", "light", "number", "text", "step")
        found = {name: getattr(self, name) for name in same}
        return {**found, "open_only": self.open, "narrowing": self._narrowing(at)}

    def _narrowing(self, at: datetime) -> Narrowing:
        opened = _between(self.opened_from, self.opened_to)
        decided = _between(self.decided_from, self.decided_to)
        done = _between(self.done_from, self.done_to)
        first, after = (None, None) if self.turns is None else _ahead(self.from_day, self.to_day, at)
        yellow, red = self.turns == "yellow", self.turns == "red"
        return Narrowing(
            yellow_after=first if yellow else None,
            yellow_until=after if yellow else None,
            red_after=first if red else None,
            red_until=after if red else None,
            opened_since=opened[0],
            opened_until=opened[1],
            decided_since=decided[0],
            decided_until=decided[1],
            late=self.late,
            done_step=self.done_step,
            done_since=done[0],
            done_until=done[1],
            done_late=self.done_late,
        )


WORDS = {
    "region": ("地区", "region"), "process": ("流程", "process"), "version": ("版本", "version"),
    "status": ("状态", "status"), "number": ("编号", "number"),
    "text": ("文字", "text"), "light": ("灯色", "light"), "step": ("环节", "step"),
    "turns": ("将变为", "turns"), "from_day": ("自", "from"), "to_day": ("至", "to"),
    "opened_from": ("收件自", "received from"), "opened_to": ("收件至", "received to"),
    "decided_from": ("决定自", "decided from"), "decided_to": ("决定至", "decided to"),
    "done_step": ("办结环节", "step done"), "done_from": ("环节办结自", "step done from"),
    "done_to": ("环节办结至", "step done to"), "done_late": ("环节逾期办结", "step done late"),
    "late": ("逾期作出决定", "decided late"), "open": ("仅未结", "open only"),
}  # fmt: skip


def _between(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    after = None if last is None else day_start(last + timedelta(days=1))
    return None if first is None else day_start(first), after


def _ahead(first: date | None, last: date | None, at: datetime) -> tuple[datetime, datetime]:
    """From just before a day to its end or another's; today is the day that is left out."""
    begin = first or at.astimezone(SHANGHAI).date()
    if last is not None and last < begin:
        zh, en = "截止日不能早于起始日", "the last day must not be before the first"
        raise InputError(f"to_day: {en}.", f"{zh}。", [FieldError(pointer="/to_day", zh=zh, en=en)])
    # What turns at the very first moment of the day belongs to it.
    return day_start(begin) - timedelta(microseconds=1), day_start((last or begin) + timedelta(days=1))


def list_behind(tx: Tx, *, actor: Actor, at: datetime, query: CaseQuery, limit: int) -> list[CaseSummary]:
    """The newest cases that a figure counts, as far as the actor supervises them."""
    look_at(tx, actor)
    found: list[CaseSummary] = []
    cursor = None
    while len(found) < limit:
        page = page_of_cases(
            tx, actor=actor, at=at, query=query, cursor=cursor, limit=min(_BATCH, limit - len(found))
        )
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    return found


def page_of_cases(
    tx: Tx, *, actor: Actor, at: datetime, query: CaseQuery, cursor: str | None = None, limit: int = 50
) -> Page[CaseSummary]:
    """One page of the cases behind a figure."""
    field = look_at(tx, actor, region=query.region, process=query.process, version=query.version)
    return list_cases(
        tx,
        actor=actor,
        at=at,
        scope=field.scope,
        **query.filters(at),
        cursor=cursor,
        limit=limit,
    )


def page_of_tasks(
    tx: Tx,
    *,
    actor: Actor,
    at: datetime,
    region: str | None = None,
    process: str | None = None,
    step: str | None = None,
    light: str | None = None,
    holder: str | None = None,
    queue: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[TaskView]:
    """One page of the open tasks behind a figure; `queue` is a role that somebody unnamed waits for."""
    field = look_at(tx, actor, region=region, process=process)
    return list_tasks(
        tx,
        actor=actor,
        at=at,
        region=region,
        process=process,
        step=step,
        light=light,
        holder=holder,
        queue=queue,
        scope=field.scope,
        cursor=cursor,
        limit=limit,
    )
