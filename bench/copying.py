"""Cases as sets of rows, and their copies under new ids: the engine's tables, sealed and chained anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from os import urandom
from typing import Any

from sqlalchemy import insert, select

from engine.store import cases as case_store
from engine.store.db import Tx
from engine.store.events import GENESIS, hash_row
from engine.store.ids import instant_of, new_id
from engine.store.packing import seal, unpack, unseal
from engine.store.tables import cases, clocks, events, outbox, recusals, tasks, timers
from engine.store.vault_tables import identities

_HANGING = (tasks, clocks, timers, recusals, identities)  # rows that a copy takes besides history


@dataclass(frozen=True, slots=True)
class Template:
    """A case with its rows; what is sealed for its ids is open here."""

    case: dict[str, Any]
    state: bytes | None
    rows: dict[str, list[dict[str, Any]]]
    history: list[tuple[Any, bytes, bytes]] = field(repr=False)  # row, packed data, SHA-256 of the data

    @property
    def is_open(self) -> bool:
        return self.case["closed_at"] is None


def read_templates(tx: Tx) -> list[Template]:
    """All cases of the database that are in no trouble and wait for no effect."""
    waiting = set(tx.scalars(select(outbox.c.case_id).where(outbox.c.finished_at.is_(None))))
    sound = select(cases).where(cases.c.status != "incident")
    return [_template(tx, dict(row._mapping)) for row in tx.execute(sound) if row.id not in waiting]


def _template(tx: Tx, case: dict[str, Any]) -> Template:
    case_id = case["id"]
    rows = {
        table.name: [
            dict(row._mapping) for row in tx.execute(select(table).where(table.c.case_id == case_id))
        ]
        for table in _HANGING
    }
    history = []
    for row in tx.execute(select(events).where(events.c.case_id == case_id).order_by(events.c.seq)):
        packed = unseal(tx, row.data, "events", case_id, row.seq)
        history.append((row, packed, sha256(unpack(packed)).digest()))
    state = case.pop("state")
    return Template(case, None if state is None else unseal(tx, state, "cases", case_id), rows, history)


def copy_rows(tx: Tx, batch: list[tuple[Template, str]]) -> None:
    """Insert a copy of each template's rows, as a case of the given region."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for template, region in batch:
        _copy(tx, template, region, rows)
    for table in (cases, *_HANGING, events):
        if found := rows.get(table.name):
            tx.execute(insert(table), found)


def _copy(tx: Tx, template: Template, region: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    case_id = _fresh(template.case["id"])
    opened_at = template.case["opened_at"]
    head = GENESIS
    for row, packed, content in template.history:
        head = hash_row(head, case_id, row, content)
        sealed = seal(tx, packed, "events", case_id, row.seq)
        rows.setdefault("events", []).append(
            {**row._mapping, "case_id": case_id, "data": sealed, "hash": head}
        )
    state = None if template.state is None else seal(tx, template.state, "cases", case_id)
    number = case_store.next_number(tx, region, opened_at)
    changed = {"id": case_id, "number": number, "region": region, "head": head, "business_key": None}
    rows.setdefault("cases", []).append({**template.case, **changed, "state": state})
    for name, kept in template.rows.items():
        for row in kept:
            rows.setdefault(name, []).append(_moved(name, row, case_id, region))


def _moved(table: str, row: dict[str, Any], case_id: int, region: str) -> dict[str, Any]:
    new = {**row, "case_id": case_id}
    if "id" in row:
        new["id"] = _fresh(row["id"])
    if table == "tasks":
        new |= {"region": region, "draft": None}
        new |= {name: _counterpart(row[name], region) for name in ("assignee", "closed_by")}
    if table == "identities":
        new["blind"] = urandom(len(row["blind"]))
    return new


def _fresh(old: int) -> int:
    """A new id of the same millisecond."""
    return new_id(instant_of(old))


def _counterpart(username: str | None, region: str) -> str | None:
    """Who does there what a demo account does in its own town."""
    if username is None:
        return None
    post = username.partition("_")[0]
    place = region[:6] if post.startswith(("county", "supervisor", "coordinator")) else region
    return f"{post}_{place}"
