"""Which handler takes which job type, and what goes in and comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from engine.errors import BusinessError

__all__ = ["RECORD", "BusinessError", "Done", "Effect", "Effects", "Handler"]

RECORD = "record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One promised effect. `id` never changes over retries: send it along as an idempotency key."""

    id: str
    case_id: str
    kind: str  # "notice" or "job"
    type: str
    attempt: int
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of it: variables for the case that waits, and who took it."""

    result: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    sink: str = RECORD


Handler = Callable[[Effect], Mapping[str, Any] | None]


class Effects:
    """The handlers by job type. A handler may be called again with the same effect after a crash."""

    def __init__(self, handlers: Mapping[str, Handler] | None = None) -> None:
        self._handlers = dict(handlers or {})

    def handles(self, type_: str) -> bool:
        """Whether something other than the record takes this type."""
        return type_ in self._handlers

    def perform(self, effect: Effect) -> Done:
        """Keep the promise. Raises BusinessError, or whatever the handler raises: it is tried again then."""
        handler = self._handlers.get(effect.type)
        if handler is None:
            return Done()
        return Done(result=handler(effect) or {}, sink=effect.type)
