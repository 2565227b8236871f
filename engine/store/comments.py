"""Comments as rows of a case's history, and whom they mention. Says nothing of who may read or write them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, func, insert, literal, select, tuple_, type_coerce, update

from engine.store.cases import COLUMNS, CaseRow
from engine.store.comment_tables import mentions
from engine.store.db import Tx
from engine.store.narrowing import inside
from engine.store.packing import unpack, unseal
from engine.store.tables import cases, events, process_versions

KIND = "comment_added"
"""What a row of history that holds a comment is called."""


class CommentRow(NamedTuple):
    """One comment as its row of history has it."""

    case_id: int
    seq: int
    at: datetime
    actor: str
    text: str
    mentions: tuple[str, ...]


class MentionRow(NamedTuple):
    """One mention, with its case."""

    case_id: int
    seq: int
    username: str
    at: datetime
    seen_at: datetime | None
    case: CaseRow


_COLUMNS = (events.c.case_id, events.c.seq, events.c.at, events.c.actor, events.c.data)


def list_comments(tx: Tx, case_id: int) -> list[CommentRow]:
    """The comments of a case, oldest first."""
    query = select(*_COLUMNS).where(events.c.case_id == case_id, events.c.kind == KIND)
    return [_comment(tx, row) for row in tx.execute(query.order_by(events.c.seq))]


def find_comments(tx: Tx, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], CommentRow]:
    """The comments at these places, each the id of a case and a row of its history."""
    if not places:
        return {}
    query = select(*_COLUMNS).where(tuple_(events.c.case_id, events.c.seq).in_(places))
    return {(row.case_id, row.seq): _comment(tx, row) for row in tx.execute(query)}


def _comment(tx: Tx, row: tuple[int, int, datetime, str, bytes]) -> CommentRow:  # a Row of _COLUMNS
    case_id, seq, at, actor, data = row
    said = json.loads(unpack(unseal(tx, data, "events", case_id, seq)))
    return CommentRow(case_id, seq, at, actor, said["text"], tuple(said["mentions"]))


def add_mentions(tx: Tx, case_id: int, seq: int, usernames: Iterable[str], at: datetime) -> None:
    """Keep whom the comment in row `seq` of a case's history mentions."""
    rows = [{"case_id": case_id, "seq": seq, "username": name, "at": at} for name in usernames]
    if rows:
        tx.execute(insert(mentions), rows)


def mentioned_in(tx: Tx, case_id: int) -> dict[int, set[str]]:
    """Who is mentioned in a case, by row of its history."""
    found: dict[int, set[str]] = {}
    query = select(mentions.c.seq, mentions.c.username).where(mentions.c.case_id == case_id)
    for seq, username in tx.execute(query):
        found.setdefault(seq, set()).add(username)
    return found


def list_mentions(
    tx: Tx, username: str, scope: Sequence[str], *, before: tuple[int, ...] | None, limit: int
) -> list[MentionRow]:
    """Where somebody is mentioned in cases of these regions, newest first; `before` is the last row seen."""
    key = tuple_(type_coerce(mentions.c.at, BigInteger), mentions.c.case_id, mentions.c.seq)
    query = select(*mentions.c, *COLUMNS).select_from(mentions).join(cases).join(process_versions)
    query = query.where(mentions.c.username == username, inside(cases.c.region, scope))
    if before is not None:
        query = query.where(key < tuple_(*map(literal, before)))
    order = (mentions.c.at.desc(), mentions.c.case_id.desc(), mentions.c.seq.desc())
    rows = tx.execute(query.order_by(*order).limit(limit))
    own = {name: place for place, name in enumerate(mentions.c.keys())}
    return [
        MentionRow(
            row[own["case_id"]], row[own["seq"]], row[own["username"]], row[own["at"]], row[own["seen_at"]],
            CaseRow._make(row[len(own) :]),
        )
        for row in rows
    ]  # fmt: skip


def count_unseen(tx: Tx, username: str, scope: Sequence[str]) -> int:
    """How many mentions of somebody in cases of these regions they have not seen yet."""
    query = select(func.count()).select_from(mentions).join(cases)
    query = query.where(mentions.c.username == username, mentions.c.seen_at.is_(None))
    return tx.scalar(query.where(inside(cases.c.region, scope))) or 0


def mark_seen(tx: Tx, username: str, at: datetime) -> None:
    """Somebody has seen all their mentions."""
    mine = mentions.c.username == username, mentions.c.seen_at.is_(None)
    tx.execute(update(mentions).where(*mine).values(seen_at=at))
