"""Accounts with all their positions, past and to come: what administration and files of staff work on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, insert, or_, select, update

from engine.store.db import Tx
from engine.store.people_tables import accounts, positions

Key = tuple[str, str, str, date]
"""Account, role, region, first day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A position from one day to another; `valid_to` is the last day, None for an open end."""

    role: str
    region: str
    valid_from: date
    valid_to: date | None

    def is_held(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account with its positions, the first begun first."""

    username: str
    name: str
    name_en: str
    active: bool
    positions: tuple[Held, ...]


def list_persons(
    tx: Tx,
    *,
    scope: Sequence[str],
    after: str = "",
    limit: int | None = None,
    region: str = "",
    username: str | None = None,
    role: str = "",
) -> list[Person]:
    """Accounts by user name from behind `after` that have a position in the scope.

    The scope of everything ("") takes in those without a position. Positions outside the scope are not
    shown. `region` narrows to positions there, `username` to one account, `role` to who ever held it there.
    """
    inside = _inside(scope, region)
    some = exists().where(positions.c.username == accounts.c.username)
    wanted: ColumnElement[bool] = some.where(inside)
    if role:
        wanted = some.where(inside, positions.c.role == role)
    elif not region and "" in scope:
        wanted = or_(wanted, ~some)
    query = select(accounts.c.username, accounts.c.name, accounts.c.name_en, accounts.c.active)
    query = query.where(accounts.c.username > after, wanted).order_by(accounts.c.username).limit(limit)
    if username is not None:
        query = query.where(accounts.c.username == username)
    rows = tx.execute(query).all()
    held: dict[str, list[Held]] = {row.username: [] for row in rows}
    if rows:
        between = positions.c.username.between(rows[0].username, rows[-1].username)
        query = select(*positions.c).where(between, inside)
        for row in tx.execute(query.order_by(positions.c.valid_from, positions.c.role, positions.c.region)):
            if row.username in held:
                values = {name: getattr(row, name) for name in Held.__dataclass_fields__}
                held[row.username].append(Held(**values))
    return [Person(**row._mapping, positions=tuple(held[row.username])) for row in rows]


def find_person(tx: Tx, username: str) -> Person | None:
    """The account with all its positions, or None."""
    found = list_persons(tx, scope=("",), username=username)
    return found[0] if found else None


def add_accounts(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Insert accounts that nobody can sign in to until they are given a password."""
    if rows:
        tx.execute(insert(accounts), [{"password_hash": "-", "active": True, **row} for row in rows])


def rename(tx: Tx, username: str, *, name: str, name_en: str) -> None:
    """Change a person's names."""
    tx.execute(update(accounts).where(accounts.c.username == username).values(name=name, name_en=name_en))


def add_positions(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Insert positions."""
    if rows:
        tx.execute(insert(positions), rows)


def end_position(tx: Tx, key: Key, valid_to: date | None) -> None:
    """Set the last day of a position."""
    username, role, region, valid_from = key
    tx.execute(
        update(positions)
        .where(positions.c.username == username, positions.c.role == role)
        .where(positions.c.region == region, positions.c.valid_from == valid_from)
        .values(valid_to=valid_to)
    )


def list_held(tx: Tx, on: date) -> list[tuple[str, str, str]]:
    """User name, role and region of every position that an active account holds on a day."""
    query = (
        select(positions.c.username, positions.c.role, positions.c.region)
        .join(accounts, accounts.c.username == positions.c.username)
        .where(accounts.c.active, positions.c.valid_from <= on)
        .where(or_(positions.c.valid_to.is_(None), positions.c.valid_to >= on))
    )
    return [(row.username, row.role, row.region) for row in tx.execute(query)]


def _inside(scope: Iterable[str], region: str) -> Any:
    code = positions.c.region
    within = or_(*(and_(code >= prefix, code < prefix + ":") for prefix in scope))
    return and_(within, code >= region, code < region + ":") if region else within


def list_posts(tx: Tx, scope: Sequence[str], on: date) -> list[tuple[str, str, str]]:
    """User name, role and region of the active posts held on a day within, or over, one of the regions."""
    return [
        held
        for held in list_held(tx, on)
        if any(held[2].startswith(prefix) or prefix.startswith(held[2]) for prefix in scope)
    ]


def list_expiring(
    tx: Tx, *, scope: Sequence[str], first: date, last: date, limit: int
) -> list[tuple[str, Held]]:
    """Positions of active accounts that end within these days, the first to end first."""
    query = (
        select(*positions.c)
        .join(accounts, accounts.c.username == positions.c.username)
        .where(accounts.c.active, positions.c.valid_to.between(first, last), _inside(scope, ""))
        .order_by(positions.c.valid_to, positions.c.username, positions.c.role)
        .limit(limit)
    )
    return [
        (row.username, Held(**{name: getattr(row, name) for name in Held.__dataclass_fields__}))
        for row in tx.execute(query)
    ]


def list_names(tx: Tx, usernames: Iterable[str]) -> dict[str, str]:
    """User name → name, of those accounts that there are."""
    wanted = set(usernames)
    query = select(accounts.c.username, accounts.c.name).order_by(accounts.c.username)
    return {row.username: row.name for row in tx.execute(query) if row.username in wanted}
