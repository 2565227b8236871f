"""What a check of the record found, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.store.cases import CaseRow
from engine.store.ids import show_id

Kind = Literal[
    "history", "case", "state", "task", "clock", "light", "timer", "outbox", "incident", "unarmed",
    "definition", "number", "link", "audit", "head", "fund", "notice",
    "mention",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that does not hold, in both languages. `seq` is the row of history that it contradicts."""

    case_id: str = ""
    case_number: str = ""
    kind: Kind
    seq: int | None = None
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.en} {self.zh}"


def fault_of(row: CaseRow, kind: Kind, seq: int | None, zh: str, en: str) -> Fault:
    """A fault of a case."""
    place_zh, place_en = ("", "") if seq is None else (f"（办理记录第{seq}条）", f" (history row {seq})")
    return Fault(
        case_id=show_id(row.id),
        case_number=row.number,
        kind=kind,
        seq=seq,
        zh=f"案件{row.number}{place_zh}：{zh}。",
        en=f"Case {row.number}{place_en}: {en}.",
    )
