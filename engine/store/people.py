"""Regions, accounts and positions: who is who and where. Holds no rule about what they may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, literal, or_, select, update

from engine.errors import InputError
from engine.store.people_tables import accounts, positions, region_heirs, regions, substitutions
from engine.types import Actor, Position, StandIn


class UnknownRegionError(InputError):
    """No region has this administrative code."""

    code = "unknown-region"
    default_zh = "没有这个行政区划代码。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A node of the administrative tree; `level` is city, county, town or village.

    `valid_to` is the last day of a region that was merged or renamed, `successor` who has taken it over.
    """

    code: str
    name: str
    name_en: str
    level: str
    parent: str | None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None

    def is_valid(self, on: date) -> bool:
        """Whether the region exists on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


def get_region(tx: Connection, code: str) -> Region:
    """The region with this code; `UnknownRegionError` if there is none."""
    row = tx.execute(select(regions).where(regions.c.code == code)).one_or_none()
    if row is None:
        raise UnknownRegionError(f"No region has the code {code!r}.", f"没有代码为“{code}”的行政区划。")
    return Region(**row._mapping)


def list_regions(tx: Connection) -> list[Region]:
    """The whole tree, parents before children (a parent's code is a prefix of its child's)."""
    return [Region(**row._mapping) for row in tx.execute(select(regions).order_by(regions.c.code))]


def account_names(tx: Connection) -> dict[str, tuple[str, str]]:
    """What everybody who ever had an account is called, in Chinese and in English."""
    columns = (accounts.c.username, accounts.c.name, accounts.c.name_en)
    return {username: (name, name_en) for username, name, name_en in tx.execute(select(*columns))}


def add_region(
    tx: Connection,
    *,
    code: str,
    name: str,
    name_en: str,
    level: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    successor: str | None = None,
) -> None:
    """Add a region under the longest known prefix of its code; one with a successor brings in its heirs."""
    prefixes = [code[:length] for length in (4, 6, 9) if length < len(code)]
    parent = tx.scalar(
        select(regions.c.code).where(regions.c.code.in_(prefixes)).order_by(regions.c.code.desc()).limit(1)
    )
    values = {"code": code, "name": name, "name_en": name_en, "level": level, "parent": parent}
    dates = {"valid_from": valid_from, "valid_to": valid_to, "successor": successor}
    tx.execute(insert(regions).values(**values, **dates))
    if successor is not None:
        _work_out_heirs(tx)


def change_region(tx: Connection, code: str, **values: Any) -> None:
    """Change names, dates or the successor of a region; its code and level are for ever."""
    tx.execute(update(regions).where(regions.c.code == code).values(**values))
    if "successor" in values:
        _work_out_heirs(tx)


def _work_out_heirs(tx: Connection) -> None:
    """Every former region with each region down the line of its successors."""
    found = tx.execute(select(regions.c.code, regions.c.successor).where(regions.c.successor.is_not(None)))
    successors = {row.code: row.successor for row in found}
    pairs = {(heir, former) for former in successors for heir in _line(successors, former)}
    tx.execute(delete(region_heirs))
    if pairs:
        tx.execute(insert(region_heirs), [{"heir": h, "former": f} for h, f in sorted(pairs)])


def _line(successors: dict[str, str], code: str) -> list[str]:
    found: list[str] = []
    while (code := successors.get(code, "")) and code not in found:
        found.append(code)
    return found


def add_account(
    tx: Connection, *, username: str, name: str, name_en: str, password_hash: str, must_change: bool = False
) -> None:
    """Add an account; the caller has hashed the password, which `must_change` makes good for one use."""
    if tx.scalar(select(accounts.c.username).where(accounts.c.username == username)) is not None:
        raise InputError(f"The account {username!r} exists already.", f"账号“{username}”已存在。")
    tx.execute(
        insert(accounts).values(
            username=username,
            name=name,
            name_en=name_en,
            password_hash=password_hash,
            active=True,
            must_change=must_change,
        )
    )


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


_absent = accounts.alias("absent")
_HELD_ON = and_(
    positions.c.username.in_([accounts.c.username, _absent.c.username]),
    positions.c.valid_from <= bindparam("day"),
    or_(positions.c.valid_to.is_(None), positions.c.valid_to >= bindparam("day")),
)
_COVERED_ON = and_(
    substitutions.c.substitute == accounts.c.username,
    substitutions.c.starts <= bindparam("day"),
    substitutions.c.ends >= bindparam("day"),
    substitutions.c.ended_at.is_(None),
)
# Whoever serves a region serves those that it, or a part of it, has taken over.
_HEIR_OF = func.substr(region_heirs.c.heir, 1, func.length(positions.c.region)) == positions.c.region
# Written once: this is read with every request, and to write it anew costs more than to run it.
ACTOR = (
    select(
        accounts.c.username,
        accounts.c.name,
        positions.c.username.label("holder"),
        positions.c.role,
        positions.c.region,
        region_heirs.c.former,
        _absent.c.name.label("absent_name"),
        substitutions.c.process.label("covered_process"),
        substitutions.c.region.label("covered_region"),
    )
    .select_from(accounts)
    .outerjoin(substitutions, _COVERED_ON)
    .outerjoin(_absent, and_(_absent.c.username == substitutions.c.absent, _absent.c.active))
    .outerjoin(positions, _HELD_ON)
    .outerjoin(region_heirs, _HEIR_OF)
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
    username = rows[0].username
    own: dict[Position, None] = {}
    covered: dict[tuple[str, str, str | None, str], dict[Position, None]] = {}
    for row in rows:
        if not row.role:
            continue
        held = own
        if row.holder != username:
            leave = (row.holder, row.absent_name, row.covered_process, row.covered_region)
            held = covered.setdefault(leave, {})
        held[Position(role=row.role, region=row.region)] = None
        if row.former and not row.former.startswith(row.region):
            held[Position(role=row.role, region=row.former)] = None
    return Actor(
        username=username,
        name=rows[0].name,
        positions=tuple(own),
        stands_in=tuple(
            StandIn(absent=absent, name=name, positions=tuple(held), process=process, region=region)
            for (absent, name, process, region), held in covered.items()
        ),
    )


def list_people(tx: Connection, *, role: str, region: str, on: date) -> list[Actor]:
    """The active people who hold `role` on a day in a region that contains `region`, by user name.

    Of a region that is gone, those who serve its heirs too.
    """
    heirs = tx.scalars(
        select(region_heirs.c.heir).where(
            func.substr(literal(region), 1, func.length(region_heirs.c.former)) == region_heirs.c.former
        )
    ).all()
    containing = {code[:length] for code in (region, *heirs) for length in range(2, len(code) + 1)} | {""}
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
