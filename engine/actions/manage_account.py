"""One account as its administrators see it: looked at, renamed, closed, released, given a new password.

Whoever acts must manage people in every region that the account has ever served: nobody gets at the
account of somebody who is in charge of more than they are. Nobody closes their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine import access
from engine.actions import accounts
from engine.actions.sign_in_policy import SignInPolicy
from engine.actions.staff import LONGEST_NAME
from engine.errors import ConflictError, FieldError, InputError, NotFoundError
from engine.store import attempts, audit, staff
from engine.store.db import Tx
from engine.store.staff import Person
from engine.types import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """A person with what is known of the account. `locked_until` is set while failed sign-ins lock it."""

    person: Person
    locked_until: datetime | None
    may_manage: bool


def get_account(tx: Tx, *, username: str, actor: Actor, at: datetime) -> AccountView:
    """The person with the positions that the actor may see. Raises NotFoundError, ForbiddenError."""
    scope = access.regions_where(actor, "people.see")
    if not scope:
        access.require(actor, "people.see", "")
    found = staff.list_persons(tx, scope=scope, username=username)
    if not found:
        raise NotFoundError(f'There is no account "{username}" here.', f"此处没有账号“{username}”。")
    key = attempts.key_of("account", username)
    tally = attempts.read_tallies(tx, [key]).get(key)
    locked = tally.locked_until if tally else None
    return AccountView(
        person=found[0],
        locked_until=locked if locked and locked > at else None,
        may_manage=_may_manage(tx, username, actor),
    )


def rename_person(
    tx: Tx, *, username: str, name: str, name_en: str, actor: Actor, at: datetime
) -> AccountView:
    """Change what somebody is called. Raises InputError by field, NotFoundError, ForbiddenError."""
    _require_charge(tx, username, actor)
    for pointer, text, least in (("name", name, 1), ("name_en", name_en, 0)):
        if not least <= len(text) <= LONGEST_NAME or not text.isprintable():
            zh, en = f"应为{least}至{LONGEST_NAME}个字符", f"it has {least} to {LONGEST_NAME} characters"
            raise InputError(
                f"{en}.", f"{zh}。", [FieldError(pointer=f"/{pointer}", zh=f"{zh}。", en=f"{en}.")]
            )
    staff.rename(tx, username, name=name, name_en=name_en)
    audit.append(tx, kind="account_renamed", actor=actor.username, data={"account": username}, at=at)
    return get_account(tx, username=username, actor=actor, at=at)


def set_account_active(tx: Tx, *, username: str, active: bool, actor: Actor, at: datetime) -> AccountView:
    """Close an account with its sessions and tokens, or open it again. Raises ConflictError for one's own."""
    _require_charge(tx, username, actor)
    if username == actor.username and not active:
        raise ConflictError("Nobody closes their own account.", "不能停用自己的账号。")
    accounts.set_active(tx, username=username, active=active, actor=actor, at=at)
    return get_account(tx, username=username, actor=actor, at=at)


def release_account(tx: Tx, *, username: str, actor: Actor, at: datetime) -> AccountView:
    """End the locks that failed sign-ins put on an account."""
    _require_charge(tx, username, actor)
    accounts.unlock_account(tx, username=username, actor=actor, at=at)
    return get_account(tx, username=username, actor=actor, at=at)


def give_password(
    tx: Tx, *, username: str, policy: SignInPolicy, actor: Actor, at: datetime
) -> tuple[AccountView, str]:
    """A new initial password, good for one use; ends the account's sessions and tokens."""
    _require_charge(tx, username, actor)
    initial = accounts.reset_password(tx, username=username, password=None, policy=policy, actor=actor, at=at)
    return get_account(tx, username=username, actor=actor, at=at), initial


def _may_manage(tx: Tx, username: str, actor: Actor) -> bool:
    return all(access.may(actor, "people.manage", region) for region in _served(tx, username))


def _require_charge(tx: Tx, username: str, actor: Actor) -> None:
    for region in _served(tx, username):
        access.require(actor, "people.manage", region)


def _served(tx: Tx, username: str) -> list[str]:
    """Every region the account has ever served; one that serves nowhere is the topmost's to manage."""
    whole = staff.find_person(tx, username)
    if whole is None:
        raise NotFoundError(f'There is no account "{username}" here.', f"此处没有账号“{username}”。")
    return sorted({held.region for held in whole.positions}) or [""]
