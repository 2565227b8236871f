"""The administrative tree: added to, renamed, merged; never deleted, for cases keep their region."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from engine import access
from engine.actions.sheets import Format, ImportReport, RowFault, as_date, read_rows, settle, write_rows
from engine.errors import FieldError, InputError
from engine.store import audit, people
from engine.store.db import Tx
from engine.store.people import Region
from engine.types import Actor

LEVELS = {"city": 4, "county": 6, "town": 9, "village": 12}
"""Levels with the length of their codes (GB/T 2260 and the statistical division codes)."""
COLUMNS = {
    "code": "代码", "name": "名称", "name_en": "英文名", "level": "级别",
    "valid_from": "设立", "valid_to": "撤销", "successor": "承继代码",
}  # fmt: skip
_LONGEST = 60


def save_region(
    tx: Tx,
    *,
    code: str,
    name: str,
    name_en: str,
    level: str,
    actor: Actor,
    at: datetime,
    valid_from: date | None = None,
    valid_to: date | None = None,
    successor: str = "",
) -> Region:
    """Add a region, or change its names, dates and successor. Raises InputError by field, ForbiddenError."""
    said = {"code": code, "name": name, "name_en": name_en, "level": level, "successor": successor}
    said |= {
        "valid_from": valid_from and valid_from.isoformat() or "",
        "valid_to": valid_to and valid_to.isoformat() or "",
    }
    known = {region.code: region for region in people.list_regions(tx)}
    access.require(actor, "region.manage", code)
    faults = [
        FieldError(pointer=f"/{column}", zh=f"{zh}。", en=f"{en}.")
        for column, zh, en in _wrong(said, known, {code}, actor)
    ]
    if faults:
        raise InputError(f"The region cannot be saved: {faults[0].en}", f"无法保存：{faults[0].zh}", faults)
    _write(tx, [_region(said, known)], known, actor, at)
    return people.get_region(tx, code)


def list_regions(tx: Tx, *, actor: Actor, on: date | None = None) -> list[Region]:
    """The tree, parents first; with `on` only what exists on that day. Codes are public, so all see all."""
    return [region for region in people.list_regions(tx) if on is None or region.is_valid(on)]


def import_regions(
    tx: Tx,
    *,
    data: bytes,
    actor: Actor,
    at: datetime,
    dry_run: bool = False,
    skip_bad: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> ImportReport:
    """Bring the tree in line with a table. Raises SheetError, RowsError (nothing written), ForbiddenError."""
    if not access.regions_where(actor, "region.manage"):
        access.require(actor, "region.manage", "")
    rows = read_rows(data, COLUMNS)
    known = {region.code: region for region in people.list_regions(tx)}
    coming = {said.get("code", "") for _, said in rows}
    faults: list[RowFault] = []
    wanted: dict[str, Region] = {}
    for number, (row, said) in enumerate(rows, 1):
        wrong = [RowFault(row, *fault) for fault in _wrong(said, known, coming, actor)]
        if not wrong and said["code"] in wanted:
            wrong = [RowFault(row, "code", "代码与表中另一行重复", "this code stands in the table twice")]
        faults += wrong
        if not wrong:
            wanted[said["code"]] = _region(said, known)
        if number % 500 == 0 or number == len(rows):
            progress(number, len(rows))
    changed = [region for region in wanted.values() if known.get(region.code) != region]
    write = settle(len(rows), faults, dry_run=dry_run, skip_bad=skip_bad)
    if write:
        _write(tx, changed, known, actor, at)
    added = sum(region.code not in known for region in changed)
    return ImportReport(
        rows=len(rows),
        added=added,
        changed=len(changed) - added,
        unchanged=len(wanted) - len(changed),
        faults=tuple(faults),
        written=write,
    )


def export_regions(tx: Tx, *, actor: Actor, form: Format) -> bytes:
    """The tree, as `import_regions` reads it."""
    return write_rows(COLUMNS, (_cells(region) for region in list_regions(tx, actor=actor)), form)


def _cells(region: Region) -> list[str]:
    days = [day.isoformat() if day else "" for day in (region.valid_from, region.valid_to)]
    return [region.code, region.name, region.name_en, region.level, *days, region.successor or ""]


def _wrong(
    said: dict[str, str], known: dict[str, Region], coming: Iterable[str], actor: Actor
) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a region: column and both sentences. `coming` are the codes of the same table."""
    code, level = said.get("code", ""), said.get("level", "")
    if not (code.isascii() and code.isdigit()) or len(code) not in LEVELS.values():
        yield "code", "代码应为4、6、9或12位数字", "a code has 4, 6, 9 or 12 digits"
        return
    if LEVELS.get(level) != len(code):
        expected = next(name for name, length in LEVELS.items() if length == len(code))
        yield (
            "level",
            f"{len(code)}位代码的级别应为 {expected}",
            f"the level of a code of {len(code)} digits is {expected}",
        )
    if not access.may(actor, "region.manage", code):
        yield "code", "本人无权管理该地区", "you may not manage this region"
    for column in ("name", "name_en"):
        text = said.get(column, "")
        if not text.isprintable() or len(text) > _LONGEST or (column == "name" and not text):
            yield column, "应为1至60个字符", "it has 1 to 60 characters"
    days = {column: as_date(said.get(column, "")) for column in ("valid_from", "valid_to")}
    for column, day in days.items():
        if said.get(column) and day is None:
            yield (
                column,
                f"“{said[column]}”不是日期，应如 2026-01-31",
                f'"{said[column]}" is no date like 2026-01-31',
            )
    if days["valid_from"] and days["valid_to"] and days["valid_to"] < days["valid_from"]:
        yield "valid_to", "撤销早于设立", "it ends before it begins"
    yield from _wrong_successor(said, known, coming, days["valid_to"])


def _wrong_successor(
    said: dict[str, str], known: dict[str, Region], coming: Iterable[str], ends: date | None
) -> Iterator[tuple[str, str, str]]:
    code, successor = said["code"], said.get("successor", "")
    if not successor:
        return
    if ends is None and not said.get("valid_to"):
        yield "successor", "有承继代码的，须写明撤销日期", "who has a successor has a last day"
    if successor not in known and successor not in coming:
        yield "successor", f"没有代码“{successor}”", f'no region has the code "{successor}"'
    seen, after = {code}, successor
    while after:
        if after in seen:
            yield "successor", "承继关系成环", "it would be its own successor in the end"
            return
        seen.add(after)
        after = (known[after].successor or "") if after in known else ""


def _region(said: dict[str, str], known: dict[str, Region]) -> Region:
    code = said["code"]
    parent = known[code].parent if code in known else None
    return Region(
        code=code,
        name=said["name"],
        name_en=said.get("name_en", "") or (known[code].name_en if code in known else ""),
        level=said["level"],
        parent=parent,
        valid_from=as_date(said.get("valid_from", "")),
        valid_to=as_date(said.get("valid_to", "")),
        successor=said.get("successor") or None,
    )


def _write(tx: Tx, regions: Iterable[Region], known: dict[str, Region], actor: Actor, at: datetime) -> None:
    """Parents before children; successors last, since they may stand further down."""
    changes: list[dict[str, Any]] = []
    for region in sorted(regions, key=lambda one: one.code):
        values = {
            "name": region.name, "name_en": region.name_en,
            "valid_from": region.valid_from, "valid_to": region.valid_to,
        }  # fmt: skip
        if region.code in known:
            people.change_region(tx, region.code, **values)
        else:
            people.add_region(tx, code=region.code, level=region.level, **values)  # type: ignore[arg-type]
        before = known[region.code].successor if region.code in known else None
        if region.successor != before:
            people.change_region(tx, region.code, successor=region.successor)
        said = {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
        changes.append({"code": region.code, "successor": region.successor, **said})
    for change in changes:
        audit.append(
            tx, kind="region_saved", actor=actor.username, data=change, at=at, region=str(change["code"])
        )
