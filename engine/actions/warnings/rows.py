"""One row of a department's table: which columns it has, what may stand in them, what is wrong.

Knows no database: regions and the present day are handed in. Values that name a person are told masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from engine import access
from engine.actions.sheets import as_date
from engine.forms.kinds import KINDS
from engine.forms.privacy import mask, mask_text
from engine.store.people import Region
from engine.types import Actor

COLUMNS = {
    "source": "数据来源", "record": "记录编号", "name": "姓名", "id_number": "公民身份号码",
    "indicator": "指标", "value": "数值", "income": "家庭年收入（元）", "happened_on": "日期",
    "region": "地区代码", "phone": "手机", "address": "地址",
}  # fmt: skip
SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "medical": "医疗保障", "education": "教育", "employment": "人力资源社会保障", "health": "卫生健康",
        "disabled": "残疾人联合会", "agriculture": "农业农村", "emergency": "应急管理", "police": "公安",
        "tax": "税务", "hotline": "热线", "visit": "走访", "civil": "民政",
    }
)  # fmt: skip
INDICATORS: Mapping[str, str] = MappingProxyType(
    {
        "main_earner_lost": "主要劳动力遭遇火灾、事故或死亡", "minor_unattended": "未成年人无人照料",
        "crisis": "热线求助危机", "medical_spending": "自付医疗费", "disability": "新增残疾",
        "serious_illness": "新增重病", "all_unemployed": "全部劳动力失业", "aid_ended": "停保",
        "income_fall": "收入下降", "school_hardship": "就学困难", "housing_damage": "住房受损",
        "conflict": "数据冲突",
    }
)  # fmt: skip
_YUAN = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")
_SPENDING, _DISABILITY = "medical_spending", "disability"
_LONGEST = {"record": 60, "address": 200, "value": 60}
_SHOWN = 40

Fault = tuple[str, str, str, str]
"""Column, rule, and the sentence in both languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningFault:
    """What is wrong in a cell: its value masked, and the rule that it breaks."""

    row: int
    column: str
    value: str
    rule: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A row that is right. `amount` is in fen for spending, `level` that of a disability."""

    source: str
    record: str
    name: str
    id_number: str
    indicator: str
    happened_on: date
    region: str
    value: str = ""
    amount_fen: int | None = None
    income_fen: int | None = None
    level: int | None = None
    phone: str = ""
    address: str = ""

    def content(self) -> dict[str, Any]:
        """All that it says, as plain JSON."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Desk:
    """What rows are held against."""

    actor: Actor
    today: date
    regions: Mapping[str, Region]


def read_signal(number: int, said: Mapping[str, str], desk: Desk) -> Signal | list[WarningFault]:
    """The signal in a row, or all that is wrong with it."""
    faults = [
        WarningFault(row=number, column=column, value=_shown(column, said), rule=rule, zh=zh, en=en)
        for column, rule, zh, en in _wrong(said, desk)
    ]
    return faults or _signal(said)


def _wrong(said: Mapping[str, str], desk: Desk) -> Iterator[Fault]:
    if _key(SOURCES, said.get("source", "")) is None:
        yield "source", "known-source", f"应为：{'、'.join(SOURCES.values())}", f"one of {', '.join(SOURCES)}"
    yield from _wrong_text("record", said, needed=True)
    yield from _wrong_text("address", said, needed=False)
    for column, kind, needed in (
        ("name", "name", True),
        ("id_number", "idNumber", True),
        ("phone", "mobile", False),
    ):
        text = said.get(column, "").upper()
        fault = KINDS[kind].fault(text) if text else ("不能为空", "it is missing") if needed else None
        if fault is not None:
            yield column, kind, *fault
    if _key(INDICATORS, said.get("indicator", "")) is None:
        known = "、".join(INDICATORS.values())
        yield "indicator", "known-indicator", f"应为：{known}", f"one of {', '.join(INDICATORS)}"
    yield from _wrong_value(said)
    day = as_date(said.get("happened_on", ""))
    if day is None:
        yield "happened_on", "date", "应为日期，如 2026-01-31", "it is a date like 2026-01-31"
    elif day > desk.today:
        yield "happened_on", "not-in-the-future", "不得晚于今天", "it cannot lie in the future"
    yield from _wrong_region(said.get("region", ""), desk)


def _wrong_text(column: str, said: Mapping[str, str], *, needed: bool) -> Iterator[Fault]:
    text, longest = said.get(column, ""), _LONGEST[column]
    if needed and not text:
        yield column, "required", "不能为空", "it is missing"
    elif len(text) > longest or not text.isprintable():
        yield column, "text", f"不超过{longest}个可见字符", f"at most {longest} printable characters"
    elif mask_text(text) != text:
        yield column, "no-identity-number", "不得含身份号码", "it must not contain an identity number"


def _wrong_value(said: Mapping[str, str]) -> Iterator[Fault]:
    indicator, text = _key(INDICATORS, said.get("indicator", "")), said.get("value", "")
    if indicator == _SPENDING:
        if not _YUAN.fullmatch(text):
            yield (
                "value",
                "yuan",
                "应为金额（元），至多两位小数",
                "it is an amount in yuan, two decimals at most",
            )
    elif indicator == _DISABILITY:
        if text not in ("1", "2", "3", "4"):
            yield "value", "disability-level", "残疾等级应为1至4", "a level of disability from 1 to 4"
    else:
        yield from _wrong_text("value", said, needed=False)
    income = said.get("income", "")
    if income and not _YUAN.fullmatch(income):
        yield (
            "income",
            "yuan",
            "应为金额（元），至多两位小数",
            "it is an amount in yuan, two decimals at most",
        )


def _wrong_region(code: str, desk: Desk) -> Iterator[Fault]:
    region = desk.regions.get(code)
    if region is None:
        yield "region", "known-region", "没有该行政区划代码", "no region has this code"
    elif region.level not in ("town", "village"):
        yield "region", "town-or-village", "应为乡镇（街道）或村（社区）", "it is a township or a village"
    elif not region.is_valid(desk.today):
        yield "region", "valid-region", "该地区已撤并，请用承继地区", "it is gone; use its successor"
    elif not access.may(desk.actor, "warning.import", code):
        yield "region", "own-region", "本人无权报送该地区", "this region is not yours to report"


def _signal(said: Mapping[str, str]) -> Signal:
    indicator, value = _key(INDICATORS, said["indicator"]) or "", said.get("value", "")
    return Signal(
        source=_key(SOURCES, said["source"]) or "",
        record=said["record"],
        name=said["name"],
        id_number=said["id_number"].upper(),
        indicator=indicator,
        happened_on=as_date(said["happened_on"]) or date.min,
        region=said["region"],
        value=value,
        amount_fen=_fen(value) if indicator == _SPENDING else None,
        income_fen=_fen(said["income"]) if said.get("income") else None,
        level=int(value) if indicator == _DISABILITY else None,
        phone=said.get("phone", ""),
        address=said.get("address", ""),
    )


def _key(names: Mapping[str, str], text: str) -> str | None:
    """The key that a text is, or is the Chinese name of."""
    return text if text in names else next((key for key, zh in names.items() if zh == text), None)


def _fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _shown(column: str, said: Mapping[str, str]) -> str:
    """A value as a report may show it."""
    text = said.get(column, "")
    match column:
        case "id_number":
            return mask("idNumber", text)
        case "phone":
            return mask("mobile", text)
        case "name":
            return text[:1] + "*" * (len(text) - 1)
    return mask_text(text)[:_SHOWN]
