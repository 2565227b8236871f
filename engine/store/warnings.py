"""Signals of departments and the cases that warn of people: kept, matched by keyed identity, listed.

Numbers only as keyed hashes; what a row says about a person is sealed for that row. A correction is
another version of its record: the earlier one stays.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, or_, select, update

from engine.store.cases import COLUMNS, CaseRow
from engine.store.db import Tx, vault_of
from engine.store.narrowing import inside
from engine.store.packing import canonical, pack, seal, unpack, unseal
from engine.store.tables import cases, process_versions
from engine.store.warning_tables import warning_imports, warning_signals, warnings

_PERSON, _ROW = "warning", "warning-row"  # set these hashes apart from those of other indexes
_SIGNALS = "warning_signals"
_ADD = insert(warning_signals)
_REPLACE = (
    update(warning_signals)
    .where(warning_signals.c.id == bindparam("old"))
    .values(replaced_by=bindparam("new"))
)


class SignalRow(NamedTuple):
    """One version of a department's record."""

    id: int
    import_id: int
    source: str
    record: str
    version: int
    digest: bytes
    blind: bytes
    indicator: str
    happened_on: date
    region: str
    received_at: datetime
    content: bytes
    grade: str
    replaced_by: int | None
    case_id: int | None
    corrects_case: int | None


class WarningRow(NamedTuple):
    """The standing of a case that warns of a person."""

    case_id: int
    blind: bytes
    grade: str
    signals: int
    opened_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is there of a record: its current version, and the hashes of all versions ever taken."""

    current: SignalRow
    digests: frozenset[bytes]


def person_blind(tx: Tx, number: str) -> bytes:
    """What is kept of a person's number."""
    return vault_of(tx).blind(_PERSON, number)


def person_blinds(tx: Tx, number: str) -> list[bytes]:
    """What to look for, under each key."""
    return vault_of(tx).blinds(_PERSON, number)


def row_digests(tx: Tx, content: Mapping[str, Any]) -> list[bytes]:
    """Keyed hashes of all that a row says, under each key; the current key's comes first."""
    return vault_of(tx).blinds(_ROW, canonical(content).decode())


def seal_content(tx: Tx, signal_id: int, content: Mapping[str, Any]) -> bytes:
    """What a signal says, sealed for its row."""
    return seal(tx, pack(canonical(content)), _SIGNALS, signal_id)


def open_content(tx: Tx, row: SignalRow) -> dict[str, Any]:
    """What `seal_content` was given."""
    found: dict[str, Any] = json.loads(unpack(unseal(tx, row.content, _SIGNALS, row.id)))
    return found


def find_known(tx: Tx, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Known]:
    """The records (source and number) that were taken before."""
    by_source: dict[str, list[str]] = {}
    for source, record in keys:
        by_source.setdefault(source, []).append(record)
    found: dict[tuple[str, str], list[SignalRow]] = {}
    for source, records in by_source.items():
        query = select(*warning_signals.c).where(
            warning_signals.c.source == source, warning_signals.c.record.in_(records)
        )
        for row in tx.execute(query.order_by(warning_signals.c.version)):
            signal = SignalRow._make(row)
            found.setdefault((signal.source, signal.record), []).append(signal)
    return {
        key: Known(current=rows[-1], digests=frozenset(row.digest for row in rows))
        for key, rows in found.items()
    }


def add_signals(tx: Tx, rows: Sequence[SignalRow], replaced: Sequence[tuple[int, int]]) -> None:
    """Keep signals; `replaced` pairs each earlier version with the one that corrects it."""
    if rows:
        tx.execute(_ADD, [row._asdict() for row in rows])
    if replaced:
        tx.execute(_REPLACE, [{"old": old, "new": new} for old, new in replaced])


def list_pending(tx: Tx, *, scope: Sequence[str], after: int, limit: int) -> list[SignalRow]:
    """Signals that call for a case and have none yet, by id; corrections of what a case knows too."""
    columns = warning_signals.c
    query = select(*columns).where(
        columns.case_id.is_(None),
        columns.replaced_by.is_(None),
        or_(columns.grade != "none", columns.corrects_case.is_not(None)),
        inside(columns.region, scope),
        columns.id > after,
    )
    return [SignalRow._make(row) for row in tx.execute(query.order_by(columns.id).limit(limit))]


def list_pending_of(tx: Tx, blinds: Collection[bytes]) -> list[SignalRow]:
    """The same of one person, the oldest first."""
    columns = warning_signals.c
    query = select(*columns).where(
        columns.blind.in_(list(blinds)),
        columns.case_id.is_(None),
        columns.replaced_by.is_(None),
        or_(columns.grade != "none", columns.corrects_case.is_not(None)),
    )
    return [SignalRow._make(row) for row in tx.execute(query.order_by(columns.id))]


def list_of_case(tx: Tx, case_id: int) -> list[SignalRow]:
    """What a case was told, without versions that were corrected, the oldest first."""
    columns = warning_signals.c
    query = select(*columns).where(columns.case_id == case_id, columns.replaced_by.is_(None))
    return [SignalRow._make(row) for row in tx.execute(query.order_by(columns.id))]


def give_case(tx: Tx, ids: Collection[int], case_id: int) -> None:
    """Note which case the signals went to."""
    tx.execute(update(warning_signals).where(warning_signals.c.id.in_(list(ids))).values(case_id=case_id))


def find_open(tx: Tx, blinds: Collection[bytes], since: datetime) -> WarningRow | None:
    """The open warning of a person that was opened at `since` or later: the newest."""
    query = (
        select(*warnings.c)
        .join(cases, cases.c.id == warnings.c.case_id)
        .where(warnings.c.blind.in_(list(blinds)), warnings.c.opened_at >= since, cases.c.closed_at.is_(None))
    )
    row = tx.execute(query.order_by(warnings.c.case_id.desc()).limit(1)).one_or_none()
    return None if row is None else WarningRow._make(row)


def find_open_case(tx: Tx, case_id: int) -> WarningRow | None:
    """The warning of a case, while the case is open."""
    query = select(*warnings.c).join(cases, cases.c.id == warnings.c.case_id)
    row = tx.execute(query.where(warnings.c.case_id == case_id, cases.c.closed_at.is_(None))).one_or_none()
    return None if row is None else WarningRow._make(row)


def add_warning(tx: Tx, row: WarningRow) -> None:
    """Keep which case warns of a person."""
    tx.execute(insert(warnings), row._asdict())


def change_warning(tx: Tx, case_id: int, *, grade: str, signals: int, at: datetime) -> None:
    """Another signal went to the case."""
    values = {"grade": grade, "signals": signals, "changed_at": at}
    tx.execute(update(warnings).where(warnings.c.case_id == case_id).values(values))


def list_warnings(
    tx: Tx,
    *,
    scope: Sequence[str],
    region: str | None,
    grade: str | None,
    open_only: bool,
    before: int | None,
    limit: int,
) -> list[tuple[WarningRow, CaseRow]]:
    """The newest first, of cases in these regions."""
    query = (
        select(*warnings.c, *COLUMNS)
        .select_from(warnings)
        .join(cases, cases.c.id == warnings.c.case_id)
        .join(process_versions)
        .where(inside(cases.c.region, scope))
    )
    if region is not None:
        query = query.where(inside(cases.c.region, [region]))
    if grade is not None:
        query = query.where(warnings.c.grade == grade)
    if open_only:
        query = query.where(cases.c.closed_at.is_(None))
    if before is not None:
        query = query.where(warnings.c.case_id < before)
    width = len(WarningRow._fields)
    rows = tx.execute(query.order_by(warnings.c.case_id.desc()).limit(limit))
    return [(WarningRow._make(row[:width]), CaseRow._make(row[width:])) for row in rows]


def index_signals_anew(tx: Tx, after: int, limit: int) -> int | None:
    """Blind the next signals anew under the current key; returns the last one's id, None at the end."""
    columns = warning_signals.c
    query = select(*columns).where(columns.id > after).order_by(columns.id).limit(limit)
    rows = [SignalRow._make(row) for row in tx.execute(query)]
    for row in rows:
        content = open_content(tx, row)
        blind = person_blind(tx, content["id_number"])
        fresh = {"blind": blind, "digest": row_digests(tx, content)[0]}
        tx.execute(update(warning_signals).where(columns.id == row.id).values(fresh))
        if row.case_id is not None:
            tx.execute(update(warnings).where(warnings.c.case_id == row.case_id).values(blind=blind))
    return rows[-1].id if rows else None


class ImportRow(NamedTuple):
    """How far an import has come."""

    id: int
    digest: bytes
    actor: str
    started_at: datetime
    finished_at: datetime | None
    read: int
    added: int
    changed: int
    unchanged: int


def find_import(tx: Tx, digest: bytes, actor: str) -> ImportRow | None:
    """The import of a file by somebody, if there was one."""
    query = select(*warning_imports.c).where(
        warning_imports.c.digest == digest, warning_imports.c.actor == actor
    )
    row = tx.execute(query).one_or_none()
    return None if row is None else ImportRow._make(row)


def save_import(tx: Tx, row: ImportRow) -> None:
    """Keep how far it has come."""
    done = tx.execute(
        update(warning_imports).where(warning_imports.c.id == row.id).values(row._asdict())
    ).rowcount
    if not done:
        tx.execute(insert(warning_imports), row._asdict())
