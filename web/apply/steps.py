"""A form in short steps: a group is a step, and so are a few ungrouped fields in a row.

Knows the order of a form's components and nothing of answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.forms import Drawn, Form

_MOST = 5  # ungrouped fields of one step: what fits on a phone without much scrolling
_SILENT = frozenset({"text", "html", "image", "separator", "spacer", "button", "expression"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the ids of the form's components in it."""

    ids: frozenset[str]


def steps_of(form: Form) -> tuple[Step, ...]:
    """The steps of a form, in its order."""
    steps: list[list[str]] = [[]]
    fields = 0
    for raw in form.data.get("components", ()):
        identity, kind = str(raw.get("id")), raw.get("type")
        if kind in ("group", "dynamiclist"):
            steps += [[identity], []]
            fields = 0
            continue
        if kind not in _SILENT:
            fields += 1
        if fields > _MOST:
            steps.append([])
            fields = 1
        steps[-1].append(identity)
    return tuple(Step(frozenset(ids)) for ids in steps if ids)


def of_step(drawn: Sequence[Drawn], step: Step) -> tuple[Drawn, ...]:
    """The visible components of a step."""
    return tuple(one for one in drawn if one.id in step.ids)


def places_in(drawn: Sequence[Drawn]) -> frozenset[str]:
    """Where the answers of these components stand, those in groups and lists too."""
    found: set[str] = set()
    for one in drawn:
        if one.pointer:
            found.add(one.pointer)
        found |= places_in(one.children)
        for row in one.rows:
            found |= places_in(row)
    return frozenset(found)


def belongs(pointer: str, places: frozenset[str]) -> bool:
    """Whether a fault at a place is one of these components', or of something within them."""
    return pointer in places or any(pointer.startswith(f"{place}/") for place in places)


def visible_steps(form: Form, drawn: Sequence[Drawn]) -> list[int]:
    """The numbers, from 1, of the steps in which there is something to fill in now."""
    return [
        number
        for number, step in enumerate(steps_of(form), 1)
        if any(one.type not in _SILENT for one in of_step(drawn, step))
    ]
