"""The parameters in force, over all processes or of one: values with their days and sources, placeholders."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.actions.program import load_program
from engine.actions.read_definitions import list_definitions
from engine.parameters.model import DatedValue, Parameter
from engine.store.db import Tx
from engine.types import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterView:
    """A parameter as these processes have it; where another process has other values, that is another one."""

    key: str
    zh: str
    en: str
    unit: str
    values: tuple[DatedValue, ...]
    processes: tuple[str, ...]

    @property
    def placeholder(self) -> bool:
        """Whether the newest value, or any of them, still waits for its source."""
        return any(value.placeholder for value in self.values)


def list_parameters(
    tx: Tx, *, actor: Actor, process: str | None = None, placeholders_only: bool = False
) -> tuple[ParameterView, ...]:
    """By key. Raises ForbiddenError."""
    found: dict[tuple[str, tuple[DatedValue, ...]], ParameterView] = {}
    for definition in list_definitions(tx, actor=actor):
        if process is not None and definition.key != process:
            continue
        for key, parameter in load_program(tx, definition.key, definition.hash).definition.parameters.items():
            place = (key, parameter.values)
            if (known := found.get(place)) is None:
                found[place] = _show(parameter, definition.key)
            else:
                found[place] = replace(known, processes=(*known.processes, definition.key))
    shown = sorted(found.values(), key=lambda view: (view.key, view.processes))
    return tuple(view for view in shown if view.placeholder or not placeholders_only)


def _show(parameter: Parameter, process: str) -> ParameterView:
    return ParameterView(
        key=parameter.key, zh=parameter.zh, en=parameter.en, unit=parameter.unit, values=parameter.values,
        processes=(process,),
    )  # fmt: skip
