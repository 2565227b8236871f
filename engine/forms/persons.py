"""Names that a case is found by: which fields ask for the applicant's or the household's, how they compare.

A field of kind `name` is meant when it is the first one of a level that also asks for an identity number of
the household, or the first at the top of the start form. Investigators, proxies, relatives on the staff and
objectors are asked for elsewhere or behind it, and are not indexed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.forms.form import Form
from engine.forms.households import asks_for_household
from engine.forms.kinds import KINDS
from engine.forms.model import Level, Path

NAME = "name"
SHORTEST, LONGEST = 2, 30
_BETWEEN = re.compile(r"[\s·•・‧.∙]+")
"""What parts of a name are set apart by; people write it in many ways, or leave it out."""


def name_places(forms: Iterable[Form], start_form: Form | None) -> frozenset[Path]:
    """Where answers hold such names: each a path, through rows too."""
    places = {place for form in forms for place in _of_level(form.level, ())}
    if start_form is not None:
        places.update(_of_level(start_form.level, ()), _first(start_form.level))
    return frozenset(places)


def _of_level(level: Level, above: Path) -> Iterator[Path]:
    if asks_for_household(level):
        yield from (above + path for path in _first(level))
    for field in level.fields:
        if field.rows is not None:
            yield from _of_level(field.rows, above + field.path)


def _first(level: Level) -> list[Path]:
    return [field.path for field in level.fields if field.kind == NAME][:1]


def names_in(answers: Any, places: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """The kind and the compared form of every name at these places of plain JSON answers."""
    for place in places:
        for found in _at(answers, place):
            name = compared(found) if isinstance(found, str) else None
            if name is not None:
                yield NAME, name


def _at(value: Any, place: Path) -> Iterator[Any]:
    if isinstance(value, list):
        for row in value:
            yield from _at(row, place)
    elif not place:
        yield value
    elif isinstance(value, Mapping) and place[0] in value:
        yield from _at(value[place[0]], place[1:])


def compared(text: str) -> str | None:
    """A name as it is indexed and searched: whole, without spaces and dots; None for what is no name."""
    name = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()
    if not SHORTEST <= len(name) <= LONGEST or KINDS[NAME].fault(name) is not None:
        return None
    return name
