"""Numbers that only grow, each in a row of its own."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.db import Tx
from engine.store.tables import counters

CALENDAR = "calendar"  # counts the changes of the calendar days, so that nobody computes with old ones

_values = {"name": bindparam("name"), "value": 1}
_raised = {"value": counters.c.value + 1}
_NEXT = {
    "sqlite": sqlite.insert(counters)
    .values(_values)
    .on_conflict_do_update(index_elements=["name"], set_=_raised)
    .returning(counters.c.value),
    "postgresql": postgresql.insert(counters)
    .values(_values)
    .on_conflict_do_update(index_elements=["name"], set_=_raised)
    .returning(counters.c.value),
}
_READ = select(counters.c.value).where(counters.c.name == bindparam("name"))


def next_value(tx: Tx, name: str) -> int:
    """Raise the counter by one and return it; a new counter starts at 1. Held until the commit."""
    return int(tx.execute(_NEXT[tx.dialect.name], {"name": name}).scalar_one())


def current_value(tx: Tx, name: str) -> int:
    """The counter's value, 0 if it never counted."""
    return tx.execute(_READ, {"name": name}).scalar_one_or_none() or 0
