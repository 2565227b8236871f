"""Numbers that name a person: which variables hold them, how they are shown, what is searched for.

A variable is guarded when a form field of that name has the kind `idNumber`, `mobile` or `bankCard`; its
name guards it wherever it turns up (in rows, payloads, a decision's inputs). Beneath lies a net: what has
the shape and the check digit of an identity number is masked in any text. Decides nothing about who may
see more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.forms.kinds import KINDS, id_check_digit
from engine.forms.model import Level

if TYPE_CHECKING:
    from engine.forms.form import Form

PERSONAL = ("idNumber", "mobile", "bankCard")

Names = Mapping[str, str]
"""Guarded variable names, each with its kind."""

_ID_SHAPE = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")
_MASKED = re.compile(r"[0-9]{6}\*{8}[0-9]{3}[0-9Xx]|[0-9]{3}\*{4}[0-9]{4}|(?:\*{4} ){3}[0-9]{4}")
_MASKED_ID = re.compile(r"[0-9]{6}\*{8}[0-9]{3}[0-9Xx]")
_MISSING: Any = object()


def guarded_names(forms: Iterable[Form]) -> dict[str, str]:
    """The names that the fields of these forms guard, those in rows too."""
    return {name: kind for form in forms for name, kind in _of_level(form.level)}


def _of_level(level: Level) -> Iterator[tuple[str, str]]:
    for field in level.fields:
        if field.kind in PERSONAL:
            yield field.path[-1], field.kind
        if field.rows is not None:
            yield from _of_level(field.rows)


def mask(kind: str, text: str) -> str:
    """`350481********0013`, `138****0000`, `**** **** **** 1234`; what is too short shows nothing.

    What is masked already stays as it is.
    """
    size = len(text)
    if _MASKED.fullmatch(text):
        return text
    if kind == "idNumber" and size >= 15:
        return f"{text[:6]}********{text[-4:]}"
    if kind == "mobile" and size >= 11:
        return f"{text[: size - 8]}****{text[-4:]}"
    if kind == "bankCard" and size >= 12:
        return f"**** **** **** {text[-4:]}"
    return "*" * size


def mask_text(text: str) -> str:
    """A text with every identity number in it masked."""
    if len(text) < 18:
        return text
    return _ID_SHAPE.sub(lambda found: _mask_valid(found.group()), text)


def _mask_valid(number: str) -> str:
    return mask("idNumber", number) if is_id_number(number) else number


def is_id_number(text: str) -> bool:
    """Whether 18 characters end in the check digit that GB 11643 gives the first seventeen."""
    return id_check_digit(text[:17]) == text[17].upper()


def masked(value: Any, names: Names, name: str = "") -> Any:
    """A plain JSON value as it is shown; `name` is what it is kept under."""
    if isinstance(value, str):
        return mask_text(mask(names[name], value) if name in names else value)
    if isinstance(value, Mapping):
        return {mask_text(key): masked(inner, names, key) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked(inner, names, name) for inner in value]
    if isinstance(value, bool | float) or value is None:
        return value
    text = str(value)
    shown = masked(text, names, name)
    return value if shown == text else shown


def numbers_in(value: Any, names: Names, name: str = "") -> Iterator[tuple[str, str]]:
    """The kind and the number of every well-formed guarded value."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from numbers_in(inner, names, key)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers_in(inner, names, name)
    elif name in names and value is not None:
        text = str(value).strip().upper()
        if KINDS[names[name]].fault(text) is None:
            yield names[name], text


def kinds_of(number: str) -> list[str]:
    """The kinds that a number to search for may be of."""
    return [kind for kind in PERSONAL if KINDS[kind].fault(number) is None]


def has_mask(value: Any) -> bool:
    """Whether anything in a plain JSON value looks masked."""
    if isinstance(value, str):
        return "*" in value
    if isinstance(value, Mapping):
        return any(map(has_mask, value.values()))
    return isinstance(value, list) and any(map(has_mask, value))


def unmasked(sent: Any, kept: Any, names: Names) -> Any:
    """What was sent, with the kept value put back wherever its masked form came back unchanged.

    A row that changed is matched by the value alone, so that rows may move; where two kept numbers look
    alike masked, neither is taken. `kept` is plain JSON.
    """
    return _unmasked(sent, kept, [kept], names, "")


def _unmasked(sent: Any, same: Any, pool: list[Any], names: Names, name: str) -> Any:
    if isinstance(sent, Mapping):
        return {key: _entry(key, inner, same, pool, names) for key, inner in sent.items()}
    if isinstance(sent, list):
        here = same if isinstance(same, list) else []
        rows = [row for item in pool if isinstance(item, list) for row in item]
        return [
            here[n]
            if n < len(here) and masked(here[n], names, name) == row
            else _unmasked(row, _MISSING, rows, names, name)
            for n, row in enumerate(sent)
        ]
    if not isinstance(sent, str) or "*" not in sent:
        return sent
    candidates = [same] if same is not _MISSING else pool
    found = {item for item in candidates if _is_plain(item) and masked(item, names, name) == sent}
    return found.pop() if len(found) == 1 else _with_id_numbers(sent, candidates)


def _entry(key: str, sent: Any, same: Any, pool: list[Any], names: Names) -> Any:
    here = same.get(key, _MISSING) if isinstance(same, Mapping) else _MISSING
    inside = [item[key] for item in pool if isinstance(item, Mapping) and key in item]
    return _unmasked(sent, here, inside, names, key)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _with_id_numbers(sent: str, candidates: list[Any]) -> str:
    """A text edited around a masked identity number that stood in it keeps the number."""
    known: dict[str, set[str]] = {}
    for text in candidates:
        for number in _ID_SHAPE.findall(text) if isinstance(text, str) else ():
            known.setdefault(_mask_valid(number), set()).add(number)
    alone = {shown: numbers.pop() for shown, numbers in known.items() if len(numbers) == 1}
    return _MASKED_ID.sub(lambda found: alone.get(found.group(), found.group()), sent)


def still_masked(value: Any, names: Names, pointer: str = "", name: str = "") -> Iterator[str]:
    """JSON pointers of what is masked and was not put back: nobody knows which number is meant."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            escaped = str(key).replace("~", "~0").replace("/", "~1")
            yield from still_masked(inner, names, f"{pointer}/{escaped}", key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from still_masked(inner, names, f"{pointer}/{number}", name)
    elif isinstance(value, str) and "*" in value:
        if _MASKED.fullmatch(value) if name in names else _MASKED_ID.search(value):
            yield pointer
