"""A decision table as boxes over the atoms of its columns: the form in which it can be searched."""

from __future__ import annotations

from dataclasses import dataclass

from engine import feel
from engine.decisions import coverage, partition
from engine.decisions import model as m
from engine.decisions.cells import constants
from engine.decisions.coercion import Types
from engine.decisions.coverage import Box, Point
from engine.decisions.session import show
from engine.errors import ExpressionError

MAX_CELLS = 200_000


@dataclass(frozen=True, slots=True)
class Grid:
    """A table over atoms. `may` holds every input a rule can match, `must` those it surely matches."""

    titles: tuple[str, ...]
    values: tuple[tuple[feel.Value, ...], ...]
    may: tuple[Box, ...]
    must: tuple[Box, ...]

    @property
    def space(self) -> Box:
        return coverage.full([len(column) for column in self.values])

    def show(self, point: Point) -> str:
        shown = (
            f"{title} = {show(column[atom])}"
            for title, column, atom in zip(self.titles, self.values, point, strict=True)
        )
        return ", ".join(shown)


def build_grid(types: Types, table: m.Table, kinds: list[str], cells: list[list[feel.Expression]]) -> Grid:
    """`kinds` are the types of the columns. Raises `TooLarge`.

    Columns that ask the same expression are one column, so that a shown input is possible.
    """
    groups: dict[str, list[int]] = {}
    for index, clause in enumerate(table.inputs):
        groups.setdefault(clause.expression.text.strip(), []).append(index)
    values, may, must = [], [], []
    for indexes in groups.values():
        kind, clause = kinds[indexes[0]], table.inputs[indexes[0]]
        column = [row[i] for row in cells for i in indexes]
        atoms = partition.atoms(types.base(kind), column, _allowed(types, kind, clause))
        if len(atoms) * len(column) > MAX_CELLS:
            raise coverage.TooLarge
        values.append(tuple(atoms))
        may.append([_mask([row[i] for i in indexes], atoms, True) for row in cells])
        must.append([_mask([row[i] for i in indexes], atoms, False) for row in cells])
    return Grid(
        titles=tuple(groups),
        values=tuple(values),
        may=tuple(zip(*may, strict=True)) if may else ((),) * len(cells),
        must=tuple(zip(*must, strict=True)) if must else ((),) * len(cells),
    )


def _allowed(types: Types, kind: str, clause: m.InputClause) -> feel.Expression | None:
    item = types.items.get(kind)
    text = clause.allowed or (item.allowed if item and not item.is_list else None)
    try:
        return feel.compile_unary(text.text) if text else None
    except ExpressionError:
        return None


def _mask(cells: list[feel.Expression], atoms: list[feel.Value], opaque: bool) -> int:
    """The atoms that all the cells accept; an opaque cell counts as `opaque`."""
    mask = 0
    for bit, value in enumerate(atoms):
        if all(opaque if constants(c) is None else partition.answers(c, value) for c in cells):
            mask |= 1 << bit
    return mask
