"""A decision table as boxes over the atoms of its columns: the form in which it can be searched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_

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
    values: list[tuple[feel.Value, ...]] = []
    may: list[list[int]] = []
    must: list[list[int]] = []
    for indexes in groups.values():
        kind, clause = kinds[indexes[0]], table.inputs[indexes[0]]
        column = [row[i] for row in cells for i in indexes]
        atoms = partition.atoms(types.base(kind), column, _allowed(types, kind, clause))
        if len(atoms) * len(column) > MAX_CELLS:
            raise coverage.TooLarge
        values.append(tuple(atoms))
        masks = {cell.text: _masks(cell, atoms) for cell in column}
        may.append([_all(masks[row[i].text][0] for i in indexes) for row in cells])
        must.append([_all(masks[row[i].text][1] for i in indexes) for row in cells])
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


def _masks(cell: feel.Expression, atoms: list[feel.Value]) -> tuple[int, int]:
    """The atoms a cell may accept and those it surely accepts; they differ for an opaque cell only."""
    if constants(cell) is None:
        return (1 << len(atoms)) - 1, 0
    mask = sum(1 << bit for bit, value in enumerate(atoms) if partition.answers(cell, value))
    return mask, mask


def _all(masks: Iterable[int]) -> int:
    return reduce(and_, masks)
