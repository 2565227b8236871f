"""Substitutions: who covers whose work from which day to which. Knows no rule about who may be named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, or_, select, update

from engine.store.db import Tx
from engine.store.people_tables import accounts, substitutions

_SHOWN = [column for column in substitutions.c if column.name not in ("created_at", "ended_by")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """`process` None is every process, `region` "" wherever the absent person serves; both days count."""

    id: int
    absent: str
    substitute: str
    process: str | None
    region: str
    starts: date
    ends: date
    created_by: str
    ended_at: datetime | None

    def meets(self, starts: date, ends: date) -> bool:
        """Whether it shares a day with a period."""
        return self.starts <= ends and starts <= self.ends

    def is_about(self, process: str | None, region: str) -> bool:
        """Whether it shares work with a process and a region."""
        same_place = region.startswith(self.region) or self.region.startswith(region)
        return same_place and (None in (process, self.process) or process == self.process)


def lock_people(tx: Tx, usernames: Sequence[str]) -> None:
    """Let nobody else name these people at the same time."""
    query = select(accounts.c.username).where(accounts.c.username.in_(usernames))
    tx.execute(query.order_by(accounts.c.username).with_for_update()).all()


def list_of_people(tx: Tx, usernames: Sequence[str], *, since: date) -> list[Substitution]:
    """Those in which one of these people is absent or a substitute and that have not ended before a day."""
    concerned = or_(substitutions.c.absent.in_(usernames), substitutions.c.substitute.in_(usernames))
    return _list(tx, concerned, substitutions.c.ends >= since, substitutions.c.ended_at.is_(None))


def list_all(tx: Tx, *, since: date) -> list[Substitution]:
    """All that have not ended before a day, the first to start first."""
    return _list(tx, substitutions.c.ends >= since, substitutions.c.ended_at.is_(None))


def find(tx: Tx, substitution_id: int) -> Substitution | None:
    """The substitution, or None."""
    found = _list(tx, substitutions.c.id == substitution_id)
    return found[0] if found else None


def add(tx: Tx, **values: Any) -> None:
    """Insert a substitution."""
    tx.execute(insert(substitutions).values(**values))


def end(tx: Tx, substitution_id: int, *, at: datetime, by: str) -> None:
    """End it now, before its last day."""
    chosen = update(substitutions).where(substitutions.c.id == substitution_id)
    tx.execute(chosen.values(ended_at=at, ended_by=by))


def _list(tx: Tx, *conditions: Any) -> list[Substitution]:
    query = select(*_SHOWN).where(*conditions).order_by(substitutions.c.starts, substitutions.c.id)
    return [Substitution(**row._mapping) for row in tx.execute(query)]
