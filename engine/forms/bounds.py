"""The size of answers and the characters and numbers in them, before anything else looks at them.

Owns what no form may hold: too much, too deep, control characters, NaN. Costs one pass over the values.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from engine.errors import AnswersError, FieldError

MAX_VALUES, MAX_CHARACTERS, MAX_DEPTH, MAX_DIGITS = 20_000, 1_000_000, 32, 34

AnswerPath = tuple[str | int, ...]
Reason = tuple[str, str]
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def screen(answers: object) -> tuple[dict[str, Any], dict[AnswerPath, Reason]]:
    """The answers without what can't be kept, and the reason for each thing left out.

    Raises AnswersError at once when they are no object, too many or too deep.
    """
    if not isinstance(answers, dict):
        raise _refusal("answers-shape", "填写内容应为 JSON 对象。", "The answers must be a JSON object.")
    faults: dict[AnswerPath, Reason] = {}
    stack: list[tuple[AnswerPath, Any]] = [((), answers)]
    values = characters = 0
    while stack:
        path, container = stack.pop()
        is_object = isinstance(container, dict)
        values += len(container)
        if values > MAX_VALUES or len(path) > MAX_DEPTH:
            raise _too_big()
        for key, value in container.items() if is_object else enumerate(container):
            if is_object:
                characters += len(str(key))
            kind = type(value)
            if kind is str:
                characters += len(value)
                wrong = None if value.isprintable() else _text_fault(value)
            elif kind is dict or kind is list:
                stack.append(((*path, key), value))
                wrong = None
            else:
                wrong = _number_fault(value)
            if (
                is_object
                and (not isinstance(key, str) or not key.isprintable())
                and _FORBIDDEN.search(str(key))
            ):
                wrong = ("名称含有控制字符", "has a name with control characters")
            if wrong:
                faults[(*path, key)] = wrong
        if characters > MAX_CHARACTERS:
            raise _too_big()
    return (_without(answers, faults, ()) if faults else answers), faults


def _text_fault(text: str) -> Reason | None:
    found = _FORBIDDEN.search(text)
    if found is None:
        return None
    name = f"U+{ord(found.group()):04X}"
    return f"含有不允许的字符 {name}，请删去", f"has the character {name}, which is not allowed; remove it"


def _number_fault(value: object) -> Reason | None:
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int):
        too_long = value.bit_length() > 113  # 34 digits
    elif isinstance(value, Decimal):
        if not value.is_finite():
            return "不是数字，请更正", "is no number; correct it"
        too_long = len(value.as_tuple().digits) > MAX_DIGITS or abs(value.adjusted()) > MAX_DIGITS
    elif isinstance(value, float):
        if not math.isfinite(value):
            return "不是数字，请更正", "is no number; correct it"
        too_long = not (value == 0 or 1e-34 < abs(value) < 1e34)
    else:
        return "不是 JSON 值，请更正", "is no JSON value; correct it"
    return ("数字过长，请核对", "is too long a number; check it") if too_long else None


def _without(value: Any, faults: dict[AnswerPath, Reason], path: AnswerPath) -> Any:
    """A copy with null for what is at fault; names at fault are left out. Depth is bounded by `screen`."""
    if isinstance(value, dict):
        return {
            key: None if (*path, key) in faults else _without(inner, faults, (*path, key))
            for key, inner in value.items()
            if isinstance(key, str) and not _FORBIDDEN.search(key)
        }
    if isinstance(value, list):
        return [
            None if (*path, n) in faults else _without(inner, faults, (*path, n))
            for n, inner in enumerate(value)
        ]
    return value


def _refusal(code: str, zh: str, en: str) -> AnswersError:
    return AnswersError(zh=zh, en=en, errors=[FieldError(pointer="", zh=zh, en=en, code=code)])


def _too_big() -> AnswersError:
    return _refusal(
        "answers-too-big",
        f"填写内容过多：最多 {MAX_VALUES} 项、{MAX_CHARACTERS} 字、{MAX_DEPTH} 层。",
        f"The answers are too big: at most {MAX_VALUES} values, {MAX_CHARACTERS} characters and "
        f"{MAX_DEPTH} levels.",
    )
