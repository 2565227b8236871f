"""People and their positions, one at a time: who serves where, given and ended by an administrator there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine import access
from engine.actions import accounts
from engine.actions.cursors import CursorError, check_limit
from engine.actions.sign_in_policy import SignInPolicy
from engine.actions.views import Page
from engine.clocks import SHANGHAI
from engine.errors import ConflictError, FieldError, InputError, NotFoundError
from engine.store import audit, people, staff
from engine.store.db import Tx
from engine.store.staff import Held, Person
from engine.types import Actor

PAGE = 50
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPosition:
    """A position to be given; from today unless a first day is named."""

    role: str
    region: str
    valid_from: date | None = None
    valid_to: date | None = None


def list_staff(
    tx: Tx, *, actor: Actor, region: str = "", role: str = "", cursor: str | None = None, limit: int = PAGE
) -> Page[Person]:
    """Everybody with a position where the actor may see staff, by user name, with those positions."""
    scope = access.regions_where(actor, "people.see")
    if not scope:
        access.require(actor, "people.see", "")
    check_limit(limit)
    if cursor and not cursor.isprintable():
        raise CursorError
    found = staff.list_persons(tx, scope=scope, after=cursor or "", limit=limit + 1, region=region, role=role)
    shown = tuple(found[:limit])
    return Page(items=shown, next=shown[-1].username if len(found) > limit else None)


def add_person(
    tx: Tx,
    *,
    username: str,
    name: str,
    name_en: str,
    positions: Sequence[NewPosition],
    password: str | None,
    policy: SignInPolicy,
    actor: Actor,
    at: datetime,
) -> tuple[Person, str]:
    """Add an account with positions where the actor manages people; returns its initial password too.

    Raises InputError by field, ForbiddenError, WeakPasswordError.
    """
    for position in positions:
        access.require(actor, "people.manage", position.region)
    _check_names(tx, username, name, name_en)
    initial = accounts.add_account(
        tx,
        username=username,
        name=name,
        name_en=name_en,
        held=(),
        password=password,
        policy=policy,
        actor=actor,
        at=at,
    )
    for position in positions:
        add_position(tx, username=username, position=position, actor=actor, at=at)
    return _person(tx, username), initial


def add_position(tx: Tx, *, username: str, position: NewPosition, actor: Actor, at: datetime) -> Person:
    """Give a position. Raises InputError by field, ForbiddenError, ConflictError (held already)."""
    today = at.astimezone(SHANGHAI).date()
    person = _person(tx, username)
    access.require(actor, "people.manage", position.region)
    region = people.get_region(tx, position.region)
    starts = position.valid_from or today
    if position.role not in access.ROLES | people.list_roles(tx):
        raise _fault("role", f"没有岗位“{position.role}”", f'there is no role "{position.role}"')
    if position.valid_to is not None and position.valid_to < starts:
        raise _fault("valid_to", "任职止早于任职起", "it ends before it begins")
    if not region.is_valid(starts):
        raise _fault("region", f"“{region.name}”届时不存在", f"{region.name_en} does not exist then")
    for held in person.positions:
        same = (held.role, held.region) == (position.role, position.region)
        if same and _meet(held, starts, position.valid_to):
            raise ConflictError(
                f"{username} holds this position from {held.valid_from} on already.",
                f"{username}自{held.valid_from}起已任该岗位。",
            )
    row = {"username": username, "role": position.role, "region": position.region, "valid_from": starts}
    staff.add_positions(tx, [{**row, "valid_to": position.valid_to}])
    _record(tx, "position_added", row, position.valid_to, actor, at)
    return _person(tx, username)


def end_position(
    tx: Tx, *, username: str, role: str, region: str, actor: Actor, at: datetime, last_day: date | None = None
) -> Person:
    """End what somebody holds today, after `last_day` (today's eve unless named: it is over at once).

    Raises NotFoundError, ForbiddenError, InputError (a last day before the first).
    """
    today = at.astimezone(SHANGHAI).date()
    access.require(actor, "people.manage", region)
    person = _person(tx, username)
    for held in person.positions:
        if (held.role, held.region) == (role, region) and held.is_held(today):
            ends = last_day or today - timedelta(days=1)
            if last_day is not None and last_day < held.valid_from:
                raise _fault("last_day", "任职止早于任职起", "it ends before it begins")
            key = (username, role, region, held.valid_from)
            staff.end_position(tx, key, ends)
            row = {"username": username, "role": role, "region": region, "valid_from": held.valid_from}
            _record(tx, "position_ended", row, ends, actor, at)
            return _person(tx, username)
    raise NotFoundError(f"{username} does not hold this position.", f"{username}未任该岗位。")


def _check_names(tx: Tx, username: str, name: str, name_en: str) -> None:
    """InputError that names every field at fault."""
    faults = []
    if not username or len(username) > LONGEST_NAME or not username.isprintable() or " " in username:
        zh, en = (
            f"账号应为1至{LONGEST_NAME}个字符，不含空格",
            f"a user name has 1 to {LONGEST_NAME} characters",
        )
        faults.append(("username", zh, f"{en} and no space"))
    elif staff.find_person(tx, username) is not None:
        faults.append(("username", f"账号“{username}”已存在", f"the account {username!r} exists already"))
    for pointer, text, least in (("name", name, 1), ("name_en", name_en, 0)):
        if not least <= len(text) <= LONGEST_NAME or not text.isprintable():
            zh, en = f"应为{least}至{LONGEST_NAME}个字符", f"it has {least} to {LONGEST_NAME} characters"
            faults.append((pointer, zh, en))
    if faults:
        errors = [FieldError(pointer=f"/{name}", zh=f"{zh}。", en=f"{en}.") for name, zh, en in faults]
        raise InputError(errors[0].en, errors[0].zh, errors)


def _meet(held: Held, starts: date, ends: date | None) -> bool:
    return (held.valid_to is None or starts <= held.valid_to) and (ends is None or held.valid_from <= ends)


def _person(tx: Tx, username: str) -> Person:
    found = staff.find_person(tx, username)
    if found is None:
        raise _fault("username", f"没有账号“{username}”", f"there is no account {username!r}")
    return found


def _fault(pointer: str, zh: str, en: str) -> InputError:
    return InputError(f"{en}.", f"{zh}。", [FieldError(pointer=f"/{pointer}", zh=f"{zh}。", en=f"{en}.")])


def _record(tx: Tx, kind: str, row: dict[str, object], ends: date | None, actor: Actor, at: datetime) -> None:
    data = {**row, "valid_from": str(row["valid_from"]), "valid_to": ends and ends.isoformat()}
    audit.append(tx, kind=kind, actor=actor.username, data=data, at=at, region=str(row["region"]))
