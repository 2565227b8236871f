"""A clock: a budget on a calendar plus a ledger. Frozen; everything else is derived from it.

Owns the value and its stored form. What the ledger means is in `reckoning`, how it grows in `ledger`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from engine.clocks import explaining, lights, reckoning
from engine.clocks.calendar import SHANGHAI, Calendar
from engine.errors import EngineFault
from engine.parameters import Limit
from engine.types import Light

EntryKind = Literal["started", "paused", "resumed", "extended", "recalculated", "stopped"]
State = Literal["running", "paused", "stopped"]

_LETTERS = dict(zip("sprxcz", get_args(EntryKind), strict=True))
_KINDS = {kind: letter for letter, kind in _LETTERS.items()}
_TEXTS = {"b": "by", "g": "ground", "r": "article", "v": "approver", "c": "cause"}


@dataclass(frozen=True, slots=True)
class ClockRef:
    """The name of a case clock, as FEEL's `clock("total")` gives it to a timer."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger; `at` is exact to the second.

    `limit` and `promised` are what a start or an extension set; `was` and `due` what a recalculation
    changed; `cause` says which of several pauses begins or ends (the parent's name, an activity's key).
    """

    kind: EntryKind
    at: datetime
    by: str = ""
    ground: str = ""
    article: str = ""
    approver: str = ""
    cause: str = ""
    limit: Limit | None = None
    promised: Limit | None = None
    was: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """One running, paused or stopped deadline. The first entry is always its start."""

    name: str
    entries: tuple[Entry, ...]
    parent: str | None = None

    @property
    def opened_at(self) -> datetime:
        return self.entries[0].at

    @property
    def limit(self) -> Limit:
        """The statutory limit in force: the last one that the ledger set."""
        for entry in reversed(self.entries):
            if entry.limit is not None:
                return entry.limit
        raise EngineFault(f"The clock '{self.name}' has no limit.", f"时限“{self.name}”没有期限。")

    @property
    def promised(self) -> Limit | None:
        return next((entry.promised for entry in reversed(self.entries) if entry.promised), None)

    @property
    def stopped_at(self) -> datetime | None:
        last = self.entries[-1]
        return last.at if last.kind == "stopped" else None

    @property
    def state(self) -> State:
        if self.stopped_at:
            return "stopped"
        return "paused" if self.open_causes() else "running"

    @property
    def paused_since(self) -> datetime | None:
        """When the pause began that lasts now; stopping ends it."""
        pauses = reckoning.find_pauses(self)
        return pauses[-1].begin if pauses and pauses[-1].end is None else None

    def open_causes(self) -> frozenset[str]:
        """The causes that hold the clock now; it runs when there is none."""
        causes: set[str] = set()
        for entry in self.entries:
            if entry.kind == "paused":
                causes.add(entry.cause)
            elif entry.kind == "resumed":
                causes.discard(entry.cause)
        return frozenset(causes)

    def as_of(self, at: datetime) -> Clock:
        """The clock as the ledger stood at `at`."""
        if self.entries[-1].at <= at:
            return self
        known = tuple(entry for entry in self.entries if entry.at <= at)
        return Clock(self.name, known or self.entries[:1], self.parent)

    def deadline(self, calendar: Calendar, thresholds: lights.Thresholds | None = None) -> lights.Deadline:
        """Everything the store keeps beside the ledger, in one pass."""
        return lights.deadline(self, calendar, thresholds)

    def due(self, calendar: Calendar) -> datetime | None:
        """The instant from which the clock is overdue; None while paused before it."""
        return reckoning.reckon(self, calendar, self.limit).due

    def due_date(self, calendar: Calendar) -> date | None:
        """The last day, as people say it (hour limits: the day of the instant)."""
        return reckoning.reckon(self, calendar, self.limit).due_date

    def promised_due(self, calendar: Calendar) -> datetime | None:
        """The promised instant, never later than the statutory one; None without promise or while paused."""
        return lights.promised_due(self, calendar)

    def provisional(self, calendar: Calendar) -> bool:
        """Whether the deadline runs into a year whose calendar is not published."""
        return reckoning.reckon(self, calendar, self.limit).provisional

    def light(self, calendar: Calendar, at: datetime, thresholds: lights.Thresholds | None = None) -> Light:
        """Green, yellow, red or grey at `at`, by policy.md section 9; a stopped clock keeps its last."""
        return lights.light(self, calendar, at, thresholds)

    def light_changes(
        self, calendar: Calendar, thresholds: lights.Thresholds | None = None
    ) -> tuple[datetime | None, datetime | None]:
        """When it turns yellow and red if nothing happens; None where it will not."""
        found = lights.deadline(self, calendar, thresholds)
        return found.yellow_at, found.red_at

    def remaining(self, calendar: Calendar, at: datetime) -> reckoning.Remaining:
        """What is left of the budget at `at`: counted days after that day, or seconds."""
        return reckoning.remaining(self, calendar, at)

    def explain(self, calendar: Calendar, lang: str) -> str:
        """How the deadline comes about, in one sentence of the language (`zh…` or English)."""
        return explaining.explain(self, calendar, lang)

    def to_json(self) -> str:
        """Compact JSON: it is stored once a task, so keys are letters and defaults are left out."""
        stored: dict[str, Any] = {"n": self.name, "e": [_entry_to_json(entry) for entry in self.entries]}
        if self.parent is not None:
            stored["p"] = self.parent
        return json.dumps(stored, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Clock:
        stored = json.loads(text)
        return cls(stored["n"], tuple(map(_entry_from_json, stored["e"])), stored.get("p"))


def _entry_to_json(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {"k": _KINDS[entry.kind], "t": int(entry.at.timestamp())}
    row |= {key: value for key, name in _TEXTS.items() if (value := getattr(entry, name))}
    row |= {
        key: limit.to_list()
        for key, limit in (("l", entry.limit), ("m", entry.promised))
        if limit is not None
    }
    row |= {
        key: int(instant.timestamp())
        for key, instant in (("w", entry.was), ("d", entry.due))
        if instant is not None
    }
    return row


def _entry_from_json(row: dict[str, Any]) -> Entry:
    fields: dict[str, Any] = {name: row[key] for key, name in _TEXTS.items() if key in row}
    fields |= {name: Limit.from_list(row[k]) for k, name in (("l", "limit"), ("m", "promised")) if k in row}
    fields |= {name: _instant(row[k]) for k, name in (("w", "was"), ("d", "due")) if k in row}
    return Entry(kind=_LETTERS[row["k"]], at=_instant(row["t"]), **fields)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, SHANGHAI)
