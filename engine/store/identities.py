"""The blind index: which cases hold a person's number or name, without holding either.

An entry names the key that blinded it, so that entries under an older key are found until they are made
anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Insert, bindparam, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.db import Tx, vault_of
from engine.store.vault_tables import identities, index_fills


def _new(into: Any) -> Insert:
    return into(identities).on_conflict_do_nothing()  # type: ignore[no-any-return]


_ADD = {"sqlite": _new(sqlite.insert), "postgresql": _new(postgresql.insert)}
_OF_CASE = delete(identities).where(identities.c.case_id == bindparam("of_case"))


def add_numbers(tx: Tx, case_id: int, numbers: Iterable[tuple[str, str]]) -> None:
    """Index the numbers and names (kind and value) of a case; those indexed already stay."""
    vault = vault_of(tx)
    rows = [
        {"case_id": case_id, "kind": kind, "blind": vault.blind(kind, value)} for kind, value in set(numbers)
    ]
    if rows:
        tx.execute(_ADD[tx.dialect.name], rows)


def replace_numbers(tx: Tx, case_id: int, numbers: Iterable[tuple[str, str]]) -> None:
    """Index the numbers and names of a case anew, under the current key alone."""
    tx.execute(_OF_CASE, {"of_case": case_id})
    add_numbers(tx, case_id, numbers)


def blinds_of(tx: Tx, kinds: Iterable[str], value: str) -> list[bytes]:
    """What to look for in the index to find a number or name that may be of these kinds."""
    vault = vault_of(tx)
    return [blind for kind in kinds for blind in vault.blinds(kind, value)]


def count_numbers(tx: Tx, case_id: int) -> int:
    """How many numbers of a case are indexed."""
    return tx.scalar(select(func.count()).where(identities.c.case_id == case_id)) or 0


def find_fill(tx: Tx) -> int | None:
    """The last of the older cases that is indexed; None once all are."""
    return tx.scalar(select(index_fills.c.after))


def note_fill(tx: Tx, after: int | None) -> None:
    """Remember how far the older cases are indexed; None: all of them."""
    tx.execute(delete(index_fills))
    if after is not None:
        tx.execute(insert(index_fills).values(after=after))
