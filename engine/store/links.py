"""Which case opened which: one opener a case, any number of opened cases."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, insert, or_, select

from engine.store.cases import COLUMNS, CaseRow
from engine.store.db import Tx
from engine.store.link_tables import case_links
from engine.store.tables import cases, process_versions


class LinkRow(NamedTuple):
    """`opener_id` has opened `case_id`; `link` says what that is to it."""

    case_id: int
    opener_id: int
    link: str
    at: datetime


class Opener(NamedTuple):
    """The case that opened another, and where it is."""

    case_id: int
    region: str


_INSERT = insert(case_links)
_OPENER = (
    select(case_links.c.opener_id, cases.c.region)
    .join(cases, cases.c.id == case_links.c.opener_id)
    .where(case_links.c.case_id == bindparam("of_case"))
)
_OF_CASE = (
    select(case_links)
    .where(or_(case_links.c.case_id == bindparam("of_case"), case_links.c.opener_id == bindparam("of_case")))
    .order_by(case_links.c.case_id)
)


def add_link(tx: Tx, *, case_id: int, opener_id: int, link: str, at: datetime) -> None:
    """Keep that a case was opened by another."""
    tx.execute(_INSERT, {"case_id": case_id, "opener_id": opener_id, "link": link, "at": at})


def find_opener(tx: Tx, case_id: int) -> Opener | None:
    """Who opened a case, if a case did."""
    row = tx.execute(_OPENER, {"of_case": case_id}).one_or_none()
    return Opener._make(row) if row else None


def list_links(tx: Tx, case_id: int) -> list[LinkRow]:
    """The links of a case, in both directions, oldest case first."""
    return [LinkRow._make(row) for row in tx.execute(_OF_CASE, {"of_case": case_id})]


def list_linked(tx: Tx, case_id: int, scope: tuple[str, ...]) -> list[tuple[LinkRow, CaseRow]]:
    """The links of a case whose other side lies in one of the regions."""
    found = list_links(tx, case_id)
    others = {link.opener_id if link.case_id == case_id else link.case_id: link for link in found}
    if not others or not scope:
        return []
    query = (
        select(*COLUMNS)
        .select_from(cases)
        .join(process_versions)
        .where(cases.c.id.in_(others), or_(*(cases.c.region.startswith(prefix) for prefix in scope)))
        .order_by(cases.c.id)
    )
    rows = [CaseRow._make(row) for row in tx.execute(query)]
    return [(others[row.id], row) for row in rows]
