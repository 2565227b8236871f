"""An export checked by itself: chains, and how each case stands, without the database it came from.

A masked export shows that no row was changed, dropped, added or moved; a plain one also that the data of
each row is what was hashed, and that the case stands as its rows say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from engine.actions.faults import Fault
from engine.actions.replay import replay
from engine.actions.verify import Report
from engine.errors import NotFoundError
from engine.store.events import GENESIS, SALT, EventRow, hash_row
from engine.store.ids import read_id
from engine.store.packing import canonical


def verify_export(exported: Iterable[Mapping[str, Any]]) -> Report:
    """What does not hold in exported cases, one mapping a case. `ValueError` if one is no exported case."""
    count, rows, faults = 0, 0, list[Fault]()
    for case in exported:
        try:
            faults += _verify(case)
            rows += len(case["record"])
        except (KeyError, TypeError, AttributeError, NotFoundError) as error:
            raise ValueError(f"entry {count + 1} is no exported case ({error!r})") from error
        count += 1
    return Report(cases=count, events=rows, problems=tuple(faults))


def _verify(case: Mapping[str, Any]) -> Iterator[Fault]:
    previous, rows, whole = GENESIS, list[EventRow](), True
    for seq, row in enumerate(case["record"], 1):
        event = EventRow(
            row["seq"], datetime.fromisoformat(row["at"]), row["actor"], row["kind"], row["data"],
            bytes.fromhex(row["hash"]),
        )  # fmt: skip
        content = bytes.fromhex(row["digest"])
        plain = SALT in event.data  # masked rows are shown without it
        changed = plain and sha256(canonical(event.data)).digest() != content
        if (
            changed
            or event.seq != seq
            or hash_row(previous, read_id(case["id"]), event, content) != event.hash
        ):
            yield _fault(case, "history", seq, "与链不符", "breaks the chain")
            return
        previous, whole = event.hash, whole and plain
        rows.append(event)
    if [len(rows), previous.hex()] != case["head"]:
        yield _fault(case, "history", len(rows) + 1, "缺失或多余", "is missing, or the last row is too much")
    elif whole:
        yield from _standing(case, rows)


def _standing(case: Mapping[str, Any], rows: list[EventRow]) -> Iterator[Fault]:
    told = replay(rows)
    for seq, zh, en in told.breaks:
        yield _fault(case, "history", seq, zh, en)
    if told.standing is None or told.origin is None or told.process is None:
        return
    said = dict(zip(("version", "status", "outcome"), told.standing.value, strict=True))
    said |= dict(zip(("number", "region", "business_key"), told.origin.value, strict=True))
    said |= dict(zip(("process", "process_version", "definition"), told.process.value, strict=True))
    said |= {"opened_at": rows[0].at.isoformat(), "closed_at": told.closed and told.closed.at.isoformat()}
    for name, value in said.items():
        if case[name] != value:
            zh, en = f"{name}应为{value}，实为{case[name]}", f"{name} is {case[name]}, not {value}"
            yield _fault(case, "case", told.standing.seq, zh, en)


def _fault(case: Mapping[str, Any], kind: Any, seq: int, zh: str, en: str) -> Fault:
    number = case["number"]
    return Fault(
        case_id=case["id"],
        case_number=number,
        kind=kind,
        seq=seq,
        zh=f"案件{number}（办理记录第{seq}条）：{zh}。",
        en=f"Case {number} (history row {seq}): {en}.",
    )
