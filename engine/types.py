"""Small frozen values that every layer shares. No behaviour beyond reading themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

CaseId = NewType("CaseId", str)
TaskId = NewType("TaskId", str)

CaseStatus = Literal["active", "completed", "withdrawn", "incident"]
Light = Literal["green", "yellow", "red", "grey"]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A role in a region: `region` is an administrative code prefix (3504 ⊃ 350481 ⊃ 350481100)."""

    role: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """Somebody's work during their leave; `process` None is every process, `region` "" all of theirs."""

    absent: str
    name: str
    positions: tuple[Position, ...]
    process: str | None = None
    region: str = ""

    def covers(self, process: str | None, region: str) -> bool:
        """Whether work of this process in this region is among what is covered."""
        return self.process in (None, process) and region.startswith(self.region)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts. `username` is `system` for timers and effects; `stands_in` says whose leave they cover.

    `applies` is set for whoever has no account: the id of the one case that they are the applicant of, or
    0 while there is none yet. They hold no position and see nothing else.
    """

    username: str
    name: str = ""
    positions: tuple[Position, ...] = ()
    stands_in: tuple[StandIn, ...] = ()
    applies: int | None = None

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(p.role for p in self.positions)

    def holds(self, role: str, region: str) -> bool:
        """Whether the actor holds `role` in a region that contains `region`."""
        return any(p.role == role and region.startswith(p.region) for p in self.positions)


SYSTEM = Actor(username="system", name="系统")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found in a file. `error` refuses the deployment; others are shown."""

    severity: Severity
    code: str
    zh: str
    en: str
    file: str = ""
    element_id: str = ""
    element_name: str = ""
    line: int | None = None
    column: int | None = None
