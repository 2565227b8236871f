"""The clocks of one case while it is worked on: a tree of ledgers, and what is derived from them.

Case clocks carry the names the designer gave them; a task clock bears its element's id and a timer
clock its timer's. Pausing a clock holds everything below it, with the parent's name as the cause.
Knows ledgers and calendars; what starts or stops a clock is decided by the callers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import clocks as law
from engine.clocks import Calendar, Clock, Deadline, Limit, Thresholds
from engine.errors import FieldError, InputError, NotFoundError
from engine.store.clocks import ClockRow
from engine.store.tasks import TaskRow


@dataclass(eq=False)
class Clockwork:
    """All clocks of a case by name. `changed` are those whose ledger grew since the case was loaded."""

    clocks: dict[str, Clock] = field(default_factory=dict)
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    calendar: Calendar = field(default_factory=Calendar)
    thresholds: Thresholds | None = None

    def set_law(self, calendar: Calendar, thresholds: Thresholds) -> None:
        """Set what deadlines derive from, besides the ledgers."""
        if calendar is not self.calendar or thresholds != self.thresholds:
            self.calendar, self.thresholds = calendar, thresholds
            self.deadlines.clear()

    def get(self, name: str) -> Clock:
        """The clock; `NotFoundError` names those there are."""
        clock = self.clocks.get(name)
        if clock is None:
            known = ", ".join(self.clocks) or "-"
            raise NotFoundError(
                f'This case has no clock "{name}"; it has {known}.', f"本案没有时限“{name}”，现有：{known}。"
            )
        return clock

    def deadline(self, name: str) -> Deadline:
        """Due instant, lights and state of a clock, computed once a change."""
        found = self.deadlines.get(name)
        if found is None:
            found = self.deadlines[name] = self.get(name).deadline(self.calendar, self.thresholds)
        return found

    def due_of(self, limit: Limit, at: datetime) -> datetime | None:
        """When a limit that began at `at` would end, without starting a clock."""
        return law.open_clock("", limit, at, self.calendar).due(self.calendar)

    def is_open(self, name: str | None) -> bool:
        """Whether there is such a clock and it has not been stopped."""
        clock = self.clocks.get(name) if name else None
        return clock is not None and clock.stopped_at is None

    def free_name(self, name: str, key: str) -> str:
        """`name`, unless a clock of that name still runs (a second instance of the same element)."""
        return f"{name}#{key}" if self.is_open(name) else name

    def start(
        self,
        name: str,
        limit: Limit,
        at: datetime,
        *,
        by: str,
        parent: str | None,
        promised: Limit | None = None,
    ) -> None:
        """Start a clock; under a paused parent it is held at once."""
        clock = law.open_clock(name, limit, at, self.calendar, promised=promised, parent=parent, by=by)
        self._put(clock)
        if parent is not None and self.clocks[parent].state == "paused":
            self._put(law.pause(clock, at, by, "", cause=parent))

    def stop(self, name: str, at: datetime, by: str) -> None:
        """Stop a clock for good; one that has stopped already is left alone."""
        if self.is_open(name):
            self._put(law.stop(self.clocks[name], at, by))

    def pause(
        self, name: str, at: datetime, by: str, ground: str, *, article: str = "", cause: str = ""
    ) -> None:
        """Pause a clock for a cause and hold what hangs below it."""
        before = self.get(name)
        self._put(law.pause(before, at, by, ground, article, cause=cause))
        if before.state == "running":
            for child in self._below(name):
                self.pause(child, at, by, "", cause=name)

    def resume(
        self, name: str, at: datetime, by: str, ground: str = "", *, article: str = "", cause: str = ""
    ) -> None:
        """End a cause; when none is left the clock runs on, and what hangs below it too."""
        clock = law.resume(self.get(name), at, by, ground, article, cause=cause)
        self._put(clock)
        if clock.state == "running":
            for child in self._below(name):
                if name in self.clocks[child].open_causes():
                    self.resume(child, at, by, cause=name)

    def extend(
        self, name: str, at: datetime, by: str, limit: Limit, ground: str, approver: str, article: str
    ) -> None:
        """Replace the limit by a longer lawful one."""
        clock = self.get(name)
        self._put(law.extend(clock, at, by, limit, ground, approver, article, calendar=self.calendar))

    def recalculate(self, at: datetime, kept: Mapping[str, ClockRow], ground: str) -> list[str]:
        """Record for every open clock what a changed calendar moved; returns the names of those moved."""
        moved = []
        for name in filter(self.is_open, kept):
            clock = law.recalculate(self.clocks[name], self.calendar, at, kept[name].due, ground=ground)
            if clock is not self.clocks[name]:
                self._put(clock)
                moved.append(name)
            elif self._row(name) != kept[name]:  # the due day stays, but the light turns on another one
                self.changed.add(name)
        return moved

    def held_since(self, name: str) -> datetime | None:
        """When the pause began that holds a clock now."""
        clock = self.clocks[name]
        if clock.state != "paused":
            return None
        begun = None
        causes: set[str] = set()
        for entry in clock.entries:
            if entry.kind == "paused":
                begun = begun if causes else entry.at
                causes.add(entry.cause)
            elif entry.kind == "resumed":
                causes.discard(entry.cause)
        return begun

    def parent_for(self, names: Iterable[str], holder: str | None = None) -> str | None:
        """The first open clock of `names` that the activity `holder` does not hold itself.

        What an activity waits for while it holds a clock must not stand still with that clock.
        """
        open_ = (name for name in names if self.is_open(name))
        return next((name for name in open_ if holder not in self.clocks[name].open_causes()), None)

    def case_lights(self, tasks: Iterable[TaskRow]) -> dict[str, Any]:
        """When the case as a whole turns yellow and red: with the first of its clocks and tasks."""
        open_ = [self.deadline(name) for name in filter(self.is_open, self.clocks)]
        yellow = [d.yellow_at for d in open_] + [t.yellow_at for t in tasks]
        red = [d.red_at for d in open_] + [t.red_at for t in tasks]
        states = {d.state for d in open_}
        return {
            "yellow_at": min((at for at in yellow if at), default=None),
            "red_at": min((at for at in red if at), default=None),
            "paused": states == {"paused"},
        }

    def rows(self, names: set[str]) -> list[ClockRow]:
        """What the store keeps of these clocks."""
        return [self._row(name) for name in sorted(names)]

    def _row(self, name: str) -> ClockRow:
        clock, found = self.clocks[name], self.deadline(name)
        open_ = clock.stopped_at is None
        return ClockRow(
            name,
            clock.to_json(),
            found.due if open_ else None,
            found.yellow_at if open_ else None,
            found.red_at if open_ else None,
        )

    def _below(self, parent: str) -> list[str]:
        return [n for n, c in self.clocks.items() if c.parent == parent and c.stopped_at is None]

    def _put(self, clock: Clock) -> None:
        self.clocks[clock.name] = clock
        self.deadlines.pop(clock.name, None)
        self.changed.add(clock.name)


def as_limit(value: object, what: str) -> Limit:
    """The limit that an expression gave; InputError names the element or clock that it was for."""
    if isinstance(value, Limit):
        return value
    en = f'{what}: the expression gives no limit such as workdays(3) or limit("…").'
    zh = f'{what}：表达式的结果不是时限（如 workdays(3)、limit("…")）。'
    raise InputError(en, zh, [FieldError(pointer=f"/{what}", zh=zh, en=en)])
