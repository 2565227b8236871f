"""Who is on file in a case as a relative of the household. Filed once is filed for ever."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, insert, select

from engine.store.db import Tx
from engine.store.tables import recusals
from engine.types import Actor

_OF_CASE = select(recusals.c.kind, recusals.c.value).where(recusals.c.case_id == bindparam("case_id"))


def list_filed(tx: Tx, case_id: int) -> frozenset[tuple[str, str]]:
    """Pairs of kind ("name" or "account") and value."""
    return frozenset((row.kind, row.value) for row in tx.execute(_OF_CASE, {"case_id": case_id}))


def file(tx: Tx, case_id: int, people: Collection[tuple[str, str]]) -> None:
    """File people, by name or account; what is on file already stays."""
    wanted = {(kind, _plain(value)) for kind, value in people if _plain(value)}
    new = sorted(wanted - list_filed(tx, case_id)) if wanted else []
    if new:
        rows = [{"case_id": case_id, "kind": kind, "value": value} for kind, value in new]
        tx.execute(insert(recusals), rows)


def concerns(filed: Collection[tuple[str, str]], actor: Actor) -> bool:
    """Whether somebody is among those on file, by the account's name or by the person's."""
    return ("account", _plain(actor.username)) in filed or ("name", _plain(actor.name)) in filed


def _plain(text: str) -> str:
    """Without the spaces and capitals in which people write the same name differently."""
    return "".join(text.split()).casefold()
