"""What a person reads when an answer is refused: one sentence each in zh-CN and English."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from engine.errors import FieldError
from engine.forms.model import Field

_SENTENCES: dict[str, tuple[str, str]] = {
    "required": ("请填写“{zh}”。", "Fill in “{en}”."),
    "required-checkbox": ("请勾选“{zh}”后再提交。", "Tick “{en}” before you submit."),
    "hidden": (
        "按现有填写内容，“{zh}”不适用，请删去该项。",
        "With these answers “{en}” does not apply; remove it.",
    ),
    "readonly": ("“{zh}”不能修改，请保持原值。", "“{en}” can't be changed; keep its value."),
    "maximum": ("“{zh}”不能大于 {limit}，请更正。", "“{en}” can be at most {limit}; correct it."),
    "minimum": ("“{zh}”不能小于 {limit}，请更正。", "“{en}” must be at least {limit}; correct it."),
    "maxLength": (
        "“{zh}”最多 {limit} 个字，请缩短。",
        "“{en}” can have at most {limit} characters; shorten it.",
    ),
    "minLength": (
        "“{zh}”至少 {limit} 个字，请补充。",
        "“{en}” must have at least {limit} characters; add to it.",
    ),
    "maxItems": (
        "“{zh}”最多 {limit} 项，请减少。",
        "“{en}” takes at most {limit}; remove some.",
    ),
    "minItems": (
        "“{zh}”至少 {limit} 项，请补充。",
        "“{en}” needs at least {limit}; add what is missing.",
    ),
    "multipleOf": (
        "“{zh}”应为 {limit} 的整数倍，请更正。",
        "“{en}” must be a multiple of {limit}; correct it.",
    ),
    "whole": ("“{zh}”应为整数，请更正。", "“{en}” must be a whole number; correct it."),
    "decimals": (
        "“{zh}”最多 {limit} 位小数，请更正。",
        "“{en}” can have at most {limit} decimals; correct it.",
    ),
    "uniqueItems": ("“{zh}”中有重复的项，请删去一个。", "“{en}” names something twice; remove one."),
    "enum": ("“{zh}”请从所列选项中选择。", "Choose “{en}” from the options listed."),
    "pattern": ("“{zh}”格式不对，请按要求填写。", "“{en}” has the wrong form; correct it."),
    "unknown": ("本表没有“{name}”这一项，请删去。", "This form has no “{name}”; remove it."),
    "duplicate": (
        "“{zh}”与第 {limit} 项重复，请核对。",
        "“{en}” is the same as in item {limit}; check it.",
    ),
    "past": ("“{zh}”不能早于今天，请更正。", "“{en}” can't lie before today; correct it."),
    "not-allowed": ("“{zh}”{say_zh}。", "“{en}” {say_en}."),
    "kind": ("“{zh}”{say_zh}。", "“{en}” {say_en}."),
    "line-break": (
        "“{zh}”只能填一行，请删去换行和制表符。",
        "“{en}” takes one line; remove line breaks and tabs.",
    ),
    "date": (
        "“{zh}”应为真实日期，如 2026-09-22。",
        "“{en}” must be a date that exists, like 2026-09-22.",
    ),
    "time": ("“{zh}”应为时间，如 {limit}。", "“{en}” must be a time, like {limit}."),
    "datetime": (
        "“{zh}”应为真实的日期和时间，如 {limit}。",
        "“{en}” must be a real date and time, like {limit}.",
    ),
    "file-type": (
        "“{zh}”只接受 {limit}，请换一个文件。",
        "“{en}” takes only {limit}; choose another file.",
    ),
    "file-size": (
        "“{zh}”单个文件最大 {limit} 字节，请压缩。",
        "“{en}” takes files of at most {limit} bytes; make it smaller.",
    ),
    "file": (
        "“{zh}”的附件应写 id，以及 name、sha256、size、type，请重新上传。",
        "An attachment of “{en}” must give id, name, sha256, size and type; upload it again.",
    ),
}  # fmt: skip
_TYPES: dict[str, tuple[str, str]] = {
    "number": ("“{zh}”应填数字，不加引号。", "“{en}” must be a number, without quotes."),
    "checkbox": ("“{zh}”应填 true 或 false。", "“{en}” must be true or false."),
    "list": ("“{zh}”应为列表。", "“{en}” must be a list."),
    "row": ("“{zh}”的每一项应为对象。", "Each item of “{en}” must be an object."),
    "object": ("“{name}”应为对象。", "“{name}” must be an object."),
    "text": ("“{zh}”应填文字，加引号。", "“{en}” must be text, in quotes."),
    "choice": ("“{zh}”请从所列选项中选择。", "Choose “{en}” from the options listed."),
}


def pointer(path: Iterable[str | int]) -> str:
    """RFC 6901."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def fault(path: Iterable[str | int], code: str, item: Field | None = None, **data: Any) -> FieldError:
    """The refusal of one answer. `limit` is what it should have kept to."""
    zh, en = _TYPES[code] if code in _TYPES else _SENTENCES[code]
    if isinstance(data.get("limit"), Decimal):
        data["limit"] = f"{data['limit']:f}"
    words = {"zh": item.zh, "en": item.en, **data} if item else data
    shown = "type" if code in _TYPES else code.removesuffix("-checkbox")
    return FieldError(pointer=pointer(path), zh=zh.format(**words), en=en.format(**words), code=shown)


def plain_fault(path: Iterable[str | int], code: str, zh: str, en: str) -> FieldError:
    """A refusal in the designer's own words."""
    return FieldError(pointer=pointer(path), zh=zh, en=en, code=code)
