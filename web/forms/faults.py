"""What is wrong with the answers of a form, as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable

from engine.errors import FieldError
from web.language import t


def faults_by_place(errors: Iterable[FieldError]) -> dict[str, list[str]]:
    """The sentences at each answer's place."""
    found: dict[str, list[str]] = {}
    for one in errors:
        found.setdefault(one.pointer, []).append(t(one.zh, one.en))
    return found
