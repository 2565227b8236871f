"""Made-up applicants: common names and identity numbers that pass the check but were never issued."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.forms.kinds import id_check_digit

_SURNAMES = "陈林黄张吴李郑王刘苏蔡杨许邓罗赖廖范江钟"
_GIVEN = ("秀英", "建国", "玉兰", "志强", "丽华", "福生", "阿妹", "永春", "桂香", "水木", "金凤", "大勇")
_NAME_KEYS = frozenset({"applicant_name", "person_name"})


def name_of(number: int) -> str:
    """The name of the demo's applicant `number`."""
    return _SURNAMES[number % len(_SURNAMES)] + _GIVEN[(number * 7) % len(_GIVEN)]


def dressed(answers: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A scenario's answers with the applicant's name and everybody's identity number exchanged.

    Birth dates stay, because eligibility depends on them; the order of the numbers in the day changes.
    """
    return {key: _dressed(key, value, number) for key, value in answers.items()}


def _dressed(key: str, value: Any, number: int) -> Any:
    match value:
        case dict():
            return dressed(value, number)
        case list():
            return [_dressed(key, item, number) for item in value]
        case str() if key in _NAME_KEYS:
            return name_of(number)
        case str() if key.endswith("id_number") and len(value) == 18:
            return _other_id_number(value, number)
        case _:
            return value


def _other_id_number(value: str, number: int) -> str:
    """Same region, birth date and sex, another place in the day's sequence."""
    sequence = (int(value[14:17]) + 2 * number) % 1000
    first17 = f"{value[:14]}{sequence:03d}"
    return first17 + id_check_digit(first17)
