"""Population and staff from and to a table: one row a township or village and first day.

Importing the same table twice changes nothing. A correction of a day's figures replaces them, and the
audit log keeps both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from os.path import commonprefix

from engine import access
from engine.actions.headcounts import ROLES
from engine.actions.sheets import Format, ImportReport, RowFault, as_date, read_rows, settle, write_rows
from engine.clocks import SHANGHAI
from engine.store import audit, headcounts, people
from engine.store.db import Tx
from engine.store.headcounts import HeadcountRow
from engine.store.people import Region
from engine.types import Actor

COLUMNS = {
    "region": "地区代码", "population": "户籍人口", "full_time": "专职人数", "part_time": "兼职人数",
    "valid_from": "起始日期", "source": "数据来源",
}  # fmt: skip
_AUDITED = 200
_MOST = {"population": 10_000_000, "full_time": 999, "part_time": 999}


def import_headcounts(
    tx: Tx,
    *,
    data: bytes,
    actor: Actor,
    at: datetime,
    dry_run: bool = False,
    skip_bad: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> ImportReport:
    """Take over the figures of a table. Raises SheetError, RowsError (nothing written), ForbiddenError."""
    scope = access.regions_where(actor, "headcount.manage")
    if not scope:
        access.require(actor, "headcount.manage", "")
    rows = read_rows(data, COLUMNS)
    regions = {region.code: region for region in people.list_regions(tx)}
    known = {(row.region, row.valid_from): row for row in headcounts.list_headcounts(tx, scope=scope)}
    faults: list[RowFault] = []
    wanted: dict[tuple[str, date], HeadcountRow] = {}
    for number, (row, said) in enumerate(rows, 1):
        wrong = [RowFault(row, *fault) for fault in _wrong(said, regions, actor)]
        if not wrong:
            found = _row(said, actor, at)
            key = (found.region, found.valid_from)
            if key in wanted:
                wrong = [RowFault(row, "region", "与表中另一行重复", "this row stands in the table twice")]
            else:
                wanted[key] = found
        faults += wrong
        if number % 500 == 0 or number == len(rows):
            progress(number, len(rows))
    changed = [
        row for key, row in wanted.items() if key not in known or _figures(known[key]) != _figures(row)
    ]
    write = settle(len(rows), faults, dry_run=dry_run, skip_bad=skip_bad)
    if write and changed:
        headcounts.save(tx, changed)
        _record(tx, changed, known, actor, at)
    added = sum((row.region, row.valid_from) not in known for row in changed)
    return ImportReport(
        rows=len(rows),
        added=added,
        changed=len(changed) - added,
        unchanged=len(wanted) - len(changed),
        faults=tuple(faults),
        written=write,
    )


def export_headcounts(tx: Tx, *, actor: Actor, form: Format) -> bytes:
    """Every figure where the actor is in charge, as `import_headcounts` reads them."""
    scope = access.regions_where(actor, "headcount.see")
    if not scope:
        access.require(actor, "headcount.see", "")
    rows = (
        [
            row.region, "" if row.population is None else str(row.population), str(row.full_time),
            str(row.part_time), row.valid_from.isoformat(), row.source,
        ]
        for row in headcounts.list_headcounts(tx, scope=scope)
    )  # fmt: skip
    return write_rows(COLUMNS, rows, form)


def _wrong(said: dict[str, str], regions: dict[str, Region], actor: Actor) -> Iterator[tuple[str, str, str]]:
    code = said.get("region", "")
    region = regions.get(code)
    if region is None:
        yield "region", f"没有行政区划代码“{code}”", f'no region has the code "{code}"'
    elif region.level not in ROLES:
        yield "region", "应为乡镇（街道）或村（社区）", "it is a township or a village"
    elif not access.may(actor, "headcount.manage", code):
        yield "region", "本人无权填报该地区", "this region is not yours to report"
    for column, most in _MOST.items():
        text = said.get(column, "")
        needed = column == "full_time" or (
            column == "population" and region is not None and region.level == "town"
        )
        if not text and not needed:
            continue
        if not (text.isascii() and text.isdigit()) or len(text) > 8 or int(text) > most:
            yield column, f"应为0至{most}的整数", f"it is a whole number from 0 to {most}"
    day = said.get("valid_from", "")
    if day and as_date(day) is None:
        yield "valid_from", f"“{day}”不是日期，应如 2026-01-31", f'"{day}" is no date like 2026-01-31'
    source = said.get("source", "")
    if not source or len(source) > 200 or not source.isprintable():
        yield "source", "应写明数据来源，不超过200字", "say where the figures come from, in 200 characters"


def _row(said: dict[str, str], actor: Actor, at: datetime) -> HeadcountRow:
    population = said.get("population", "")
    return HeadcountRow(
        region=said["region"],
        valid_from=as_date(said.get("valid_from", "")) or at.astimezone(SHANGHAI).date(),
        population=int(population) if population else None,
        full_time=int(said["full_time"]),
        part_time=int(said.get("part_time") or 0),
        source=said["source"],
        recorded_at=at,
        recorded_by=actor.username,
    )


def _figures(row: HeadcountRow) -> tuple[int | None, int, int, str]:
    return row.population, row.full_time, row.part_time, row.source


def _record(
    tx: Tx,
    rows: list[HeadcountRow],
    known: dict[tuple[str, date], HeadcountRow],
    actor: Actor,
    at: datetime,
) -> None:
    changes = []
    for row in rows:
        before = known.get((row.region, row.valid_from))
        was = _figures(before) if before else None
        changes.append([row.region, row.valid_from.isoformat(), was, _figures(row)])
    place = commonprefix([row.region for row in rows])
    for first in range(0, len(changes), _AUDITED):
        data = {"changes": changes[first : first + _AUDITED]}
        audit.append(tx, kind="headcounts_imported", actor=actor.username, data=data, at=at, region=place)
