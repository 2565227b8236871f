"""What a job that is done inside the database gets, and what it may leave behind besides its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TYPES = frozenset({"draw-sample", "ledger", "open-case", "propose-reviews", "recall-decision", "tell-case"})
"""The job types of `engine.actions.inside` that a diagram may ask for."""

LETTER = "letter"
"""The job type under which a message to another case waits in the outbox; no diagram uses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InsideJob:
    """One job of a case. `facts` go into the row of history that finishes it, `letters` to other cases.

    `key` is None for what the case does not wait for: then the case is not locked.
    """

    id: int  # of the outbox item: the same over repetitions
    case_id: int
    region: str
    element_id: str
    variables: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message to another case, delivered in a transaction of its own.

    `to` None is every other open case of the household: one letter, so that the sender's record does
    not tell how many there are.
    """

    to: int | None
    message: str
    payload: Mapping[str, Any]
    correlation: Any = None
