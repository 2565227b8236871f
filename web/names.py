"""What regions and people are called. Kept for a minute, since lists ask for the same few again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from engine.actions.read_definitions import process_titles
from engine.store import people
from engine.store.db import Tx
from engine.types import SYSTEM
from web.language import in_tongue, t
from web.page import asked

_SECONDS_KEPT = 60.0
Pairs = Mapping[str, tuple[str, str]]


@dataclass(slots=True)
class _Kept:
    read: Callable[[Tx], Pairs]
    names: Pairs = field(default_factory=dict)
    until: float = 0.0

    def find(self, tx: Tx, key: str) -> tuple[str, str] | None:
        if tx.closed:  # a refusal is drawn behind its transaction, with what is known
            return self.names.get(key)
        if key not in self.names and time.monotonic() >= self.until - _SECONDS_KEPT + 1:
            self.until = 0.0  # somebody new: look again, but not more than once a second
        if time.monotonic() >= self.until:
            self.names, self.until = self.read(tx), time.monotonic() + _SECONDS_KEPT
        return self.names.get(key)


def _regions(tx: Tx) -> Pairs:
    return {one.code: (one.name, one.name_en) for one in people.list_regions(tx)}


class Names:
    """The names of one application's regions and people."""

    def __init__(self) -> None:
        self._regions = _Kept(_regions)
        self._people = _Kept(people.account_names)
        self._processes = _Kept(process_titles)

    def region(self, code: str) -> Markup:
        """What a region is called; its code where nobody named it."""
        return _say(self._regions, code)

    def process(self, key: str) -> Markup:
        """What a process is called; its key where it is deployed no more."""
        return _say(self._processes, key)

    def person(self, username: str | None) -> Markup:
        """What a person is called; the account where nobody named it."""
        if username == SYSTEM.username:
            return escape(t(SYSTEM.name, "System"))
        return _say(self._people, username or "")


def _say(kept: _Kept, key: str) -> Markup:
    ask = asked()
    pair = kept.find(ask.tx, key) if ask and key else None
    return in_tongue(*pair) if pair else escape(key)
