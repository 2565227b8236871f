"""What may be made public about an applicant: name, household size and amount, and nothing else.

民发〔2021〕57号 Art.24 and 民发〔2022〕83号 四(二) name these three and forbid unrelated data. A job of a
public type carries no other variable to the outside, whatever the case knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.forms.privacy import mask_text

PUBLIC_TYPES = frozenset({"publicity", "publication"})
"""Job types whose payload leaves for the notice board or the web: 公示 and 公布."""
FIELDS: Mapping[str, tuple[str, str]] = {
    "name": ("申请人姓名", "the applicant's name"),
    "household_size": ("家庭人数", "the household size"),
    "amount_fen": ("保障金额（分）", "the amount in fen"),
}
"""The variables that such a job needs, given by its input mappings."""
_LONG_NUMBER = re.compile(r"[0-9]{4}")


def published(variables: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The three values out of plain JSON variables, and the names of those that cannot be published."""
    found = {name: variables.get(name) for name in FIELDS}
    return found, [name for name, value in found.items() if not _fits(name, value)]


def _fits(name: str, value: Any) -> bool:
    if name == "name":
        is_text = isinstance(value, str) and 1 <= len(value.strip()) <= 100
        return is_text and not _LONG_NUMBER.search(value) and mask_text(value) == value
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
