"""When a case was decided, and when that was due: what trends and their curves count.

The first clock that the process declares is the one under which the law wants a decision. It stops
with the decision, however long the case lives on to pay or to be reviewed.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from engine.actions.clockwork import Clockwork
from engine.actions.program import Program


class Decided(NamedTuple):
    """The instant of the decision and the one it was due at; `due` is None where no limit ran."""

    at: datetime | None
    due: datetime | None


UNDECIDED = Decided(None, None)


def decision(clockwork: Clockwork, program: Program, status: str, closed_at: datetime | None) -> Decided:
    """The decision as the clocks tell it; a case that ends without such a clock is decided with its end.

    What is withdrawn before its clock stops was never decided.
    """
    clock = clockwork.clocks.get(next(iter(program.clock_limits), ""))
    if clock is None:
        return Decided(closed_at, None) if status == "completed" else UNDECIDED
    stopped = clock.stopped_at
    if stopped is None:
        return UNDECIDED
    ended_by_withdrawal = status == "withdrawn" and closed_at is not None
    if ended_by_withdrawal and stopped == closed_at.replace(microsecond=0):  # type: ignore[union-attr]
        return UNDECIDED
    return Decided(stopped, clockwork.deadline(clock.name).due)
