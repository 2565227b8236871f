"""Variable scopes after Camunda 8: a tree; each variable is stored once, in the scope that holds it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine import feel
from engine.errors import BoundError, ExpressionError

#: A case may hold about this much, counted as characters of its values.
MAX_WEIGHT = 1_000_000

_STORABLE = frozenset(
    (
        type(None),
        bool,
        Decimal,
        feel.Date,
        feel.Time,
        feel.DateTime,
        feel.YearsMonths,
        feel.DaysTime,
        feel.Range,
    )
)


def weigh(value: Any, room: int = MAX_WEIGHT) -> int:
    """The approximate stored size of a value; stops counting once it passes `room`.

    Raises `ExpressionError` for what cannot be saved: a function or a limit.
    """
    total, stack = 0, [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            total += len(item) + 2
        elif isinstance(item, Mapping):
            total += 2 + sum(len(key) + 4 for key in item)
            stack.extend(item.values())
        elif isinstance(item, list | tuple):
            total += 2 + len(item)
            stack.extend(item)
        elif type(item) in _STORABLE:
            total += 8
        else:
            raise ExpressionError(
                en=f"A {type(item).__name__} cannot be kept in a variable.",
                zh=f"{type(item).__name__} 类型的值不能存入变量。",
            )
        if total > room:
            break
    return total


def weigh_all(variables: Mapping[str, Any]) -> int:
    """What some variables weigh together, with their names."""
    return sum(weigh(value) + len(name) for name, value in variables.items())


class Budget:
    """How much all variables of one case weigh; shared by its scopes."""

    __slots__ = ("weight",)

    def __init__(self, weight: int = 0) -> None:
        self.weight = weight

    def change(self, delta: int) -> None:
        """Count a change; raises `BoundError` if the case would grow past its bound."""
        self.check(delta)
        self.weight += delta

    def check(self, delta: int) -> None:
        """Raises `BoundError` if so much more would be too much."""
        if delta > 0 and self.weight + delta > MAX_WEIGHT:
            raise BoundError(
                en=f"The variables of the case would exceed {MAX_WEIGHT} characters.",
                zh=f"案件变量将超过 {MAX_WEIGHT} 个字符的上限。",
            )


class Scope:
    """One level of variables. Reading looks upwards; `merge` writes where the name is held."""

    __slots__ = ("budget", "parent", "vars")

    def __init__(self, parent: Scope | None, variables: dict[str, Any], budget: Budget) -> None:
        self.parent = parent
        self.vars = variables
        self.budget = budget

    def view(self, extra: dict[str, Any] | None = None) -> Mapping[str, Any]:
        """All visible variables, nearest first; `extra` lies before them. Not a copy."""
        if self.parent is None and not extra:
            return self.vars
        maps: list[dict[str, Any]] = [extra] if extra else []
        scope: Scope | None = self
        while scope is not None:
            maps.append(scope.vars)
            scope = scope.parent
        return ChainMap(*maps)

    def set_local(self, values: Mapping[str, Any]) -> None:
        """Write here, whoever else holds the names."""
        self.budget.change(self._growth(values))
        self.vars.update(values)

    def place(self, values: Mapping[str, Any]) -> None:
        """Write local variables whose weight was checked before: counts them, refuses nothing."""
        self.budget.weight += self._growth(values)
        self.vars.update(values)

    def place_item(self, name: str, index: int, value: Any) -> None:
        """Replace an item, checked before, of a local list. It is copied: an expression may have kept it."""
        items = list(self.vars[name])
        self.budget.weight += weigh(value) - weigh(items[index])
        items[index] = value
        self.vars[name] = items

    def merge(self, values: Mapping[str, Any]) -> None:
        """Write each variable to the nearest scope that holds its name, else to the process scope."""
        targets: dict[int, tuple[Scope, dict[str, Any]]] = {}
        for name, value in values.items():
            holder = self._holder(name)
            targets.setdefault(id(holder), (holder, {}))[1][name] = value
        if len(targets) > 1:
            self.budget.check(weigh(values))
        for holder, part in targets.values():
            holder.set_local(part)

    def _growth(self, values: Mapping[str, Any]) -> int:
        replaced = {name: self.vars[name] for name in values if name in self.vars}
        return weigh_all(values) - weigh_all(replaced)

    def _holder(self, name: str) -> Scope:
        scope = self
        while name not in scope.vars and scope.parent is not None:
            scope = scope.parent
        return scope

    def release(self) -> None:
        """Forget the variables of a scope whose element is gone."""
        self.budget.change(-weigh_all(self.vars))
        self.vars = {}
