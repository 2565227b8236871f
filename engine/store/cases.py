"""The case row: lock it, read it, save it, number it. The lock on this row guards all that hangs on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, insert, select, update

from engine.errors import NotFoundError
from engine.store.counters import CALENDAR, next_value
from engine.store.db import Tx
from engine.store.metadata import SHANGHAI
from engine.store.packing import seal, unseal
from engine.store.tables import cases, counters, process_versions, tasks

_NUMBERS, _DIGITS = "case:", 6  # the counters of case numbers, and how long a running number is


class CaseRow(NamedTuple):
    """A case with the version of the process it is bound to."""

    id: int
    number: str
    process_id: int
    region: str
    status: str
    outcome: str | None
    version: int
    business_key: str | None
    opened_at: datetime
    opened_by: str
    accepted_at: datetime | None
    closed_at: datetime | None
    yellow_at: datetime | None
    red_at: datetime | None
    paused: bool
    calendar: int
    seq: int
    head: bytes
    decided_at: datetime | None
    decision_due: datetime | None
    process: str
    process_version: int
    process_name: str
    definition_hash: str


class LockedCase(NamedTuple):
    """The case row as nobody else can change it now, its saved state and the calendar's revision."""

    row: CaseRow
    state: bytes | None
    calendar_revision: int


_OWN = [column for column in cases.c if column.name != "state"]
COLUMNS = (
    *_OWN,
    process_versions.c.key.label("process"),
    process_versions.c.version.label("process_version"),
    process_versions.c.name.label("process_name"),
    process_versions.c.hash.label("definition_hash"),
)
OWN_NAMES = frozenset(column.name for column in _OWN)
_REVISION = select(counters.c.value).where(counters.c.name == CALENDAR).scalar_subquery()


def _joined(*columns: Any) -> Select[Any]:
    return select(*columns).select_from(cases).join(process_versions)


_BY_ID = _joined(*COLUMNS, _REVISION).where(cases.c.id == bindparam("id"))
_WITH_STATE = _joined(*COLUMNS, cases.c.state, _REVISION)
_STATE_BY_ID = _WITH_STATE.where(cases.c.id == bindparam("id"))
_LOCK = _WITH_STATE.with_for_update(of=cases)
_LOCK_BY_ID = _LOCK.where(cases.c.id == bindparam("id"))
_LOCK_BY_TASK = _LOCK.where(
    cases.c.id == select(tasks.c.case_id).where(tasks.c.id == bindparam("task_id")).scalar_subquery()
)
_INSERT = insert(cases)


def get_case(tx: Tx, case_id: int) -> tuple[CaseRow, int]:
    """The case and the calendar's revision; `NotFoundError` if there is none."""
    row = tx.execute(_BY_ID, {"id": case_id}).one_or_none()
    if row is None:
        raise NotFoundError
    return CaseRow._make(row[:-1]), row[-1] or 0


def get_case_with_state(tx: Tx, case_id: int) -> tuple[CaseRow, int, bytes | None]:
    """The case, the calendar's revision and the saved engine state, without locking anything."""
    row = tx.execute(_STATE_BY_ID, {"id": case_id}).one_or_none()
    if row is None:
        raise NotFoundError
    return CaseRow._make(row[:-2]), row[-1] or 0, _open_state(tx, row)


def load_for_update(tx: Tx, *, case_id: int | None = None, task_id: int | None = None) -> LockedCase:
    """Lock the case, by its own id or that of one of its tasks; `NotFoundError` if there is none."""
    if task_id is not None:
        row = tx.execute(_LOCK_BY_TASK, {"task_id": task_id}).one_or_none()
    else:
        row = tx.execute(_LOCK_BY_ID, {"id": case_id}).one_or_none()
    if row is None:
        raise NotFoundError
    return LockedCase(CaseRow._make(row[:-2]), _open_state(tx, row), row[-1] or 0)


def _open_state(tx: Tx, row: Any) -> bytes | None:
    return None if row.state is None else unseal(tx, row.state, "cases", row.id)


def add_case(tx: Tx, values: dict[str, Any]) -> None:
    """Insert a case."""
    tx.execute(_INSERT, values)


_SAVED = (
    "status", "outcome", "version", "accepted_at", "closed_at", "yellow_at", "red_at", "paused",
    "calendar", "seq", "head", "decided_at", "decision_due", "state",
)  # fmt: skip
_UPDATE = (
    update(cases).where(cases.c.id == bindparam("case_id")).values({name: bindparam(name) for name in _SAVED})
)
_UPDATE_STATUS = (
    update(cases)
    .where(cases.c.id == bindparam("case_id"))
    .values({name: bindparam(name) for name in ("status", "version", "seq", "head")})
)
_UPDATE_HEAD = (
    update(cases)
    .where(cases.c.id == bindparam("case_id"))
    .values(seq=bindparam("seq"), head=bindparam("head"))
)


def save_case(tx: Tx, case_id: int, values: dict[str, Any]) -> None:
    """Save everything a step can change."""
    state = values["state"]
    sealed = None if state is None else seal(tx, state, "cases", case_id)
    tx.execute(_UPDATE, {"case_id": case_id, **values, "state": sealed})


def save_status(tx: Tx, case_id: int, *, status: str, version: int, seq: int, head: bytes) -> None:
    """Save a change that leaves the engine state and the clocks alone."""
    values = {"status": status, "version": version, "seq": seq, "head": head}
    tx.execute(_UPDATE_STATUS, {"case_id": case_id, **values})


def save_head(tx: Tx, case_id: int, seq: int, head: bytes) -> None:
    """Save the head of the history chain after a row that changed nothing else of the case."""
    tx.execute(_UPDATE_HEAD, {"case_id": case_id, "seq": seq, "head": head})


def next_number(tx: Tx, region: str, at: datetime) -> str:
    """The next number of the region's year, `2026-350481100-000123`. One counter row a region and year.

    The region is the case's own, not its county: whoever sees one case of a region sees all of them, so
    that a number tells nobody how many cases there are where they may not look.
    """
    prefix = f"{at.astimezone(SHANGHAI).year}-{region}"
    return f"{prefix}-{next_value(tx, f'{_NUMBERS}{prefix}'):0{_DIGITS}d}"


def count_numbers(tx: Tx) -> list[tuple[str, int, int]]:
    """What precedes the running number, how many of these were given, and how many cases bear one."""
    prefix = func.substr(cases.c.number, 1, func.length(cases.c.number) - _DIGITS - 1)
    kept = {row[0]: int(row[1]) for row in tx.execute(select(prefix, func.count()).group_by(prefix))}
    given = tx.execute(select(counters.c.name, counters.c.value).where(counters.c.name.startswith(_NUMBERS)))
    numbers = {row.name.removeprefix(_NUMBERS): row.value for row in given}
    return [(name, numbers.get(name, 0), kept.get(name, 0)) for name in sorted({*numbers, *kept})]


def list_behind_calendar(tx: Tx, revision: int, after: int, limit: int) -> list[int]:
    """Open cases whose clocks are counted on an older calendar, in id order from behind `after`."""
    query = select(cases.c.id).where(cases.c.closed_at.is_(None), cases.c.calendar < revision)
    return list(tx.scalars(query.where(cases.c.id > after).order_by(cases.c.id).limit(limit)))


def save_calendar(tx: Tx, case_id: int, revision: int) -> None:
    """The case's clocks stand on this revision, unmoved."""
    tx.execute(update(cases).where(cases.c.id == case_id).values(calendar=revision))


def list_ids(tx: Tx, after: int, limit: int) -> list[int]:
    """All cases in id order, a batch at a time."""
    return list(tx.scalars(select(cases.c.id).where(cases.c.id > after).order_by(cases.c.id).limit(limit)))
