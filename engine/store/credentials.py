"""What an account signs in with: its password hash and whether it may sign in at all."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from engine.errors import NotFoundError
from engine.store.db import Tx
from engine.store.people_tables import accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An account as sign-in sees it; the names are what its password may not be made of."""

    username: str
    name: str
    name_en: str
    password_hash: str
    active: bool
    must_change: bool


_ALL = select(
    accounts.c.username,
    accounts.c.name,
    accounts.c.name_en,
    accounts.c.password_hash,
    accounts.c.active,
    accounts.c.must_change,
)


def find_credentials(tx: Tx, username: str) -> Credentials | None:
    """The credentials of an active account, or None."""
    row = tx.execute(_ALL.where(accounts.c.username == username, accounts.c.active)).one_or_none()
    return Credentials(**row._mapping) if row else None


def get_credentials(tx: Tx, username: str) -> Credentials:
    """The credentials of an account, active or not; `NotFoundError` if there is none."""
    row = tx.execute(_ALL.where(accounts.c.username == username)).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no account {username!r}.", f"没有账号“{username}”。")
    return Credentials(**row._mapping)


def set_password_hash(tx: Tx, *, username: str, password_hash: str, must_change: bool) -> None:
    """Replace the password of an existing account."""
    values = {"password_hash": password_hash, "must_change": must_change}
    tx.execute(update(accounts).where(accounts.c.username == username).values(values))


def set_active(tx: Tx, *, username: str, active: bool) -> None:
    """Let an existing account sign in, or no longer."""
    tx.execute(update(accounts).where(accounts.c.username == username).values(active=active))
