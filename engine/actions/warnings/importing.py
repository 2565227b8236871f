"""Takes departments' tables in: checked row by row, a batch a transaction, each row once.

Rows at fault are told and left out; the others are kept. The same row again changes nothing, whenever it
comes; other content under the same number of the same source is a correction and replaces the earlier
version, which stays. An import that was cut off goes on where it was when the same file comes again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import access
from engine.actions.sheets import iter_rows
from engine.actions.warnings.grading import PROCESS, Grader, load_grader
from engine.actions.warnings.matching import standings
from engine.actions.warnings.merging import open_warnings
from engine.actions.warnings.rows import COLUMNS, Desk, Signal, WarningFault, read_signal
from engine.clocks import SHANGHAI
from engine.store import audit, people, warnings
from engine.store.db import Database, Tx
from engine.store.ids import new_id, show_id
from engine.store.warnings import ImportRow, Known, SignalRow
from engine.types import Actor

BATCH = 500
"""Rows a transaction: few enough that nobody waits long for it, enough that commits do not count."""
_Batch = list[tuple[int, Signal]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningReport:
    """What an import did, or on a dry run would do. `opened`, `merged`: cases that it led to."""

    rows: int
    added: int
    changed: int
    unchanged: int
    faults: tuple[WarningFault, ...]
    opened: int
    merged: int
    written: bool

    @property
    def bad(self) -> int:
        """How many rows were left out."""
        return len({fault.row for fault in self.faults})


@dataclass
class _Run:
    """An import under way."""

    database: Database
    actor: Actor
    at: datetime
    dry_run: bool
    row: ImportRow
    faults: list[WarningFault] = field(default_factory=list)
    seen: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)
    rows: int = 0
    touched: set[str] = field(default_factory=set)

    def is_new(self, number: int, signal: Signal) -> bool:
        """Whether the record comes for the first time in this file; a contradiction is a fault."""
        key = _short(f"{signal.source}\0{signal.record}")
        content = _short(repr(signal))
        first = self.seen.setdefault(key, (content, number))
        if first[0] != content:
            zh = f"与第{first[1]}行编号相同而内容不同"
            en = f"row {first[1]} has the same number and says something else"
            self.faults.append(
                WarningFault(
                    row=number, column="record", value=signal.record, rule="one-version", zh=zh, en=en
                )
            )
        return first[1] == number


def import_warnings(
    database: Database,
    *,
    data: bytes,
    actor: Actor,
    at: datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _rows: None,
) -> WarningReport:
    """Take a table in and bring its signals to cases; `progress` hears how many rows are done.

    Raises SheetError, ForbiddenError, NotFoundError (the process is not deployed).
    """
    if not access.regions_where(actor, "warning.import"):
        access.require(actor, "warning.import", "")
    digest = hashlib.sha256(data).digest()
    with database.read() as tx:
        before = warnings.find_import(tx, digest, actor.username)
        desk = Desk(
            actor, at.astimezone(SHANGHAI).date(), {region.code: region for region in people.list_regions(tx)}
        )
        load_grader(tx, at)
    run = _Run(database, actor, at, dry_run, _go_on(before) or _fresh(digest, actor, at))
    for batch in _batches(run, data, desk):
        _take(run, batch)
        progress(run.rows)
    finished = run.row
    opened, merged = (0, 0) if dry_run else open_warnings(database, actor=actor, at=at)
    if not dry_run:
        _finish(run, opened, merged)
    return WarningReport(
        rows=run.rows,
        added=finished.added,
        changed=finished.changed,
        unchanged=finished.unchanged,
        faults=tuple(run.faults),
        opened=opened,
        merged=merged,
        written=not dry_run,
    )


def _go_on(before: ImportRow | None) -> ImportRow | None:
    """An import that was cut off; one that was finished is read from its first row again."""
    if before is None or before.finished_at is None:
        return before
    return before._replace(read=0, added=0, changed=0, unchanged=0)


def _fresh(digest: bytes, actor: Actor, at: datetime) -> ImportRow:
    return ImportRow(new_id(at), digest, actor.username, at, None, 0, 0, 0, 0)


def _batches(run: _Run, data: bytes, desk: Desk) -> Iterator[_Batch]:
    """Rows that are right, some at a time; what is wrong with others is noted on the way."""
    batch: _Batch = []
    for number, said in iter_rows(data, COLUMNS):
        run.rows += 1
        found = read_signal(number, said, desk)
        if isinstance(found, list):
            run.faults += found
        elif run.is_new(number, found):
            batch.append((number, found))
        if run.rows % BATCH == 0:
            yield batch
            batch = []
    if run.rows % BATCH:
        yield batch


def _take(run: _Run, batch: _Batch) -> None:
    """Keep a batch, and how far the import has come, in one transaction."""
    if run.rows <= run.row.read:
        return  # taken before the import was cut off
    with run.database.read() if run.dry_run else run.database.write() as tx:
        known = warnings.find_known(tx, ((signal.source, signal.record) for _, signal in batch))
        fresh: list[tuple[Signal, bytes, Known | None]] = []
        for _, signal in batch:
            before = known.get((signal.source, signal.record))
            digests = warnings.row_digests(tx, signal.content())
            if before is None or before.digests.isdisjoint(digests):
                fresh.append((signal, digests[0], before))
        added = sum(before is None for _, _, before in fresh)
        run.row = run.row._replace(
            read=run.rows,
            added=run.row.added + added,
            changed=run.row.changed + len(fresh) - added,
            unchanged=run.row.unchanged + len(batch) - len(fresh),
        )
        if not run.dry_run and (fresh or run.row.finished_at is None):
            warnings.save_import(tx, run.row)
            _keep(tx, run, fresh)


def _keep(tx: Tx, run: _Run, fresh: list[tuple[Signal, bytes, Known | None]]) -> None:
    grader = load_grader(tx, run.at)
    standing = stand(tx, grader, [(signal.id_number, signal.region) for signal, _, _ in fresh])
    rows, replaced = [], []
    for signal, digest, known in fresh:
        earlier = known.current if known else None
        signal_id, content = new_id(run.at), signal.content()
        run.touched.add(signal.region)
        rows.append(
            SignalRow(
                id=signal_id,
                import_id=run.row.id,
                source=signal.source,
                record=signal.record,
                version=earlier.version + 1 if earlier else 1,
                digest=digest,
                blind=warnings.person_blind(tx, signal.id_number),
                indicator=signal.indicator,
                happened_on=signal.happened_on,
                region=signal.region,
                received_at=run.at,
                content=warnings.seal_content(tx, signal_id, content),
                grade=grader.of_signal(content, standing[signal.id_number]),
                replaced_by=None,
                case_id=None,
                corrects_case=(earlier.case_id or earlier.corrects_case) if earlier else None,
            )
        )
        if earlier:
            replaced.append((earlier.id, signal_id))
    warnings.add_signals(tx, rows, replaced)


def stand(tx: Tx, grader: Grader, people_: list[tuple[str, str]]) -> dict[str, str]:
    """What is on record of people, by the processes that the parameters name."""
    benefits: Any = grader.law.get("warning.benefits")
    return standings(tx, people_, benefits=frozenset(benefits), ignored=frozenset({PROCESS}))


def _finish(run: _Run, opened: int, merged: int) -> None:
    """Note that all is taken; nothing is written where nothing has changed."""
    row = run.row
    if row.finished_at is not None and not (row.added or row.changed or opened or merged):
        return
    counts = {"rows": run.rows, "added": row.added, "changed": row.changed, "unchanged": row.unchanged}
    data: dict[str, Any] = {
        "import": show_id(row.id), "file": row.digest.hex(), **counts, "opened": opened, "merged": merged,
        "bad": len({fault.row for fault in run.faults}),
    }  # fmt: skip
    scope = access.regions_where(run.actor, "warning.import")
    with run.database.write() as tx:
        warnings.save_import(tx, row._replace(finished_at=run.at))
        audit.append(
            tx,
            kind="warnings_imported",
            actor=run.actor.username,
            data=data,
            at=run.at,
            region=scope[0] if len(scope) == 1 else "",
        )


def _short(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=12).digest()
