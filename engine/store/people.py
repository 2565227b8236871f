"""Regions, accounts and positions: who is who and where. Holds no rule about what they may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, or_, select, update

from engine.errors import InputError, NotFoundError
from engine.store.people_tables import accounts, positions, regions
from engine.types import Actor, Position


class UnknownRegionError(InputError):
    """No region has this administrative code."""

    code = "unknown-region"
    default_zh = "没有这个行政区划代码。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A node of the administrative tree; `level` is city, county, town or village."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str | None


def get_region(tx: Connection, code: str) -> Region:
    """The region with this code; `UnknownRegionError` if there is none."""
    row = tx.execute(select(regions).where(regions.c.code == code)).one_or_none()
    if row is None:
        raise UnknownRegionError(f"No region has the code {code!r}.", f"没有代码为“{code}”的行政区划。")
    return Region(**row._mapping)


def list_regions(tx: Connection) -> list[Region]:
    """The whole tree, parents before children (a parent's code is a prefix of its child's)."""
    return [Region(**row._mapping) for row in tx.execute(select(regions).order_by(regions.c.code))]


def add_region(tx: Connection, *, code: str, name: str, name_en: str, level: str) -> None:
    """Add a region under the longest known prefix of its code."""
    prefixes = [code[:length] for length in (4, 6, 9) if length < len(code)]
    parent = tx.scalar(
        select(regions.c.code).where(regions.c.code.in_(prefixes)).order_by(regions.c.code.desc()).limit(1)
    )
    tx.execute(insert(regions).values(code=code, name=name, name_en=name_en, level=level, parent=parent))


def add_account(tx: Connection, *, username: str, name: str, name_en: str, password_hash: str) -> None:
    """Add an account; the caller has hashed the password."""
    if tx.scalar(select(accounts.c.username).where(accounts.c.username == username)) is not None:
        raise InputError(f"The account {username!r} exists already.", f"账号“{username}”已存在。")
    tx.execute(
        insert(accounts).values(
            username=username, name=name, name_en=name_en, password_hash=password_hash, active=True
        )
    )


def set_password_hash(tx: Connection, *, username: str, password_hash: str) -> None:
    """Replace the password hash of an account; `NotFoundError` if there is no such account."""
    changed = tx.execute(
        update(accounts).where(accounts.c.username == username).values(password_hash=password_hash)
    )
    if changed.rowcount == 0:
        raise NotFoundError(f"There is no account {username!r}.", f"没有账号“{username}”。")


def add_position(tx: Connection, *, username: str, role: str, region: str, valid_from: date) -> None:
    """Give an account a role in a region from a day on; `UnknownRegionError` for an unknown region."""
    get_region(tx, region)
    tx.execute(insert(positions).values(username=username, role=role, region=region, valid_from=valid_from))


def list_roles(tx: Connection) -> frozenset[str]:
    """The role keys that anybody holds or has held."""
    return frozenset(tx.scalars(select(positions.c.role).distinct()))


def find_password_hash(tx: Connection, username: str) -> str | None:
    """The password hash of an active account, or None."""
    return tx.scalar(
        select(accounts.c.password_hash).where(accounts.c.username == username, accounts.c.active)
    )


_HELD_ON = and_(
    positions.c.username == accounts.c.username,
    positions.c.valid_from <= bindparam("day"),
    or_(positions.c.valid_to.is_(None), positions.c.valid_to >= bindparam("day")),
)
# Written once: this is read with every request, and to write it anew costs more than to run it.
ACTOR = (
    select(accounts.c.username, accounts.c.name, positions.c.role, positions.c.region)
    .select_from(accounts)
    .outerjoin(positions, _HELD_ON)
    .where(accounts.c.active)
    .order_by(positions.c.role, positions.c.region)
)
_ACTOR_BY_NAME = ACTOR.where(accounts.c.username == bindparam("username"))


def find_actor(tx: Connection, username: str, on: date) -> Actor | None:
    """The active account with the positions that it holds on a day, in one statement; or None."""
    return actor_of(tx.execute(_ACTOR_BY_NAME, {"username": username, "day": on}).all())


def actor_of(rows: Sequence[Any]) -> Actor | None:
    """The actor in the rows of `ACTOR`: one row a position, or one without; None if there are none."""
    if not rows:
        return None
    return Actor(
        username=rows[0].username,
        name=rows[0].name,
        positions=tuple(Position(role=row.role, region=row.region) for row in rows if row.role),
    )


def list_people(tx: Connection, *, role: str, region: str, on: date) -> list[Actor]:
    """The active people who hold `role` on a day in a region that contains `region`, by user name."""
    containing = [region[:length] for length in range(4, len(region) + 1)]
    names = tx.scalars(
        select(positions.c.username)
        .join(accounts, accounts.c.username == positions.c.username)
        .where(positions.c.role == role, positions.c.region.in_(containing), accounts.c.active)
        .where(positions.c.valid_from <= on)
        .where(or_(positions.c.valid_to.is_(None), positions.c.valid_to >= on))
        .distinct()
        .order_by(positions.c.username)
    )
    found = (find_actor(tx, name, on) for name in names.all())
    return [actor for actor in found if actor is not None]
