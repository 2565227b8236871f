"""Made-up applicants: common names and identity numbers that pass the check but were never issued."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.forms.kinds import id_check_digit

_SURNAMES = "陈林黄张吴李郑王刘苏蔡杨许邓罗赖廖范江钟"
_GIVEN = ("秀英", "建国", "玉兰", "志强", "丽华", "福生", "阿妹", "永春", "桂香", "水木", "金凤", "大勇")
_ID_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_NAME_KEYS = frozenset({"applicant_name", "person_name"})


def name_of(number: int) -> str:
    """The name of the demo's applicant `number`."""
    return _SURNAMES[number % len(_SURNAMES)] + _GIVEN[(number * 7) % len(_GIVEN)]


class Disguise:
    """Exchanges the applicant's name and everybody's identity number in all answers of one case.

    Birth dates stay, because eligibility depends on them; the place in the day's sequence changes.
    """

    def __init__(self, start_answers: Mapping[str, Any], number: int) -> None:
        self._number = number
        self._names = {value: name_of(number) for key, value in start_answers.items() if key in _NAME_KEYS}

    def over(self, value: Any) -> Any:
        """The answers with the names and numbers exchanged."""
        match value:
            case dict():
                return {key: self.over(item) for key, item in value.items()}
            case list():
                return [self.over(item) for item in value]
            case str() if _ID_NUMBER.fullmatch(value):
                return _other_id_number(value, self._number)
            case str():
                return self._names.get(value, value)
            case _:
                return value


def _other_id_number(value: str, number: int) -> str:
    """Same region, birth date and sex, another place in the day's sequence."""
    sequence = (int(value[14:17]) + 2 * number) % 1000
    first17 = f"{value[:14]}{sequence:03d}"
    return first17 + id_check_digit(first17)
