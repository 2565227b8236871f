"""What a type reference demands of a value, and the conversions DMN allows on the way (DMN 1.5, 10.3.2.9.4).

A value that fits comes back, perhaps converted; a misfit comes back as `MISFIT`. Null fits every type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from engine import feel
from engine.decisions.model import ItemType
from engine.errors import ExpressionError
from engine.feel import types as ft

Coerce: TypeAlias = Callable[[feel.Value, feel.Environment], feel.Value]

MISFIT: Final = object()

_ALIASES = {"integer": "number", "long": "number", "double": "number", "datetime": "date and time"}
"""Names older modelers write for the types FEEL has."""

_MIDNIGHT = feel.Time(0, 0)


class Types:
    """The item definitions one model can name, its own and the imported ones (`import name.type`)."""

    def __init__(self, items: Mapping[str, ItemType]) -> None:
        self.items = items
        self.feel: Mapping[str, ft.FeelType] = {name: self._item_feel(item) for name, item in items.items()}
        self._known: dict[str, Coerce | None] = {}

    def is_known(self, name: str) -> bool:
        return not name or name in self.items or ft.is_builtin(_ALIASES.get(name, name))

    def feel_type(self, name: str) -> ft.FeelType:
        return ft.NamedType(_ALIASES.get(name, name)) if name else ft.ANY

    def base(self, name: str) -> str:
        """The type behind item definitions that only rename or constrain another."""
        while name in self.items:
            name = self.items[name].base
        return _ALIASES.get(name, name)

    def coercer(self, name: str) -> Coerce | None:
        """None when any value fits."""
        if name not in self._known:
            if name in self.items:
                self._known[name] = lambda value, env: self._known_item(name)(value, env)
                self._known[name] = self._item(self.items[name])
            else:
                self._known[name] = _builtin(_ALIASES.get(name, name))
        return self._known[name]

    def _known_item(self, name: str) -> Coerce:
        found = self._known[name]
        assert found is not None
        return found

    def _item_feel(self, item: ItemType) -> ft.FeelType:
        kind: ft.FeelType
        if item.is_function:
            params = tuple(self.feel_type(p.type) for p in item.parameters)
            kind = ft.FunctionType(params, self.feel_type(item.result))
        elif item.components:
            kind = ft.ContextType(tuple((c.name, self._item_feel(c)) for c in item.components))
        else:
            kind = self.feel_type(item.base)
        return ft.ListType(kind) if item.is_list else kind

    def _item(self, item: ItemType) -> Coerce:
        if item.is_function:
            single: Coerce = _function(self._item_feel(item), self.feel)
        elif item.components:
            single = _context({c.name: self._item(c) for c in item.components})
        else:
            single = self.coercer(item.base) or _anything
        single = _allowed(single, item.allowed.text if item.allowed else "")
        whole = _list(single) if item.is_list else _singleton(single)
        return _allowed(whole, item.constraint.text if item.constraint else "")


def _anything(value: feel.Value, env: feel.Environment) -> feel.Value:
    return value


def _builtin(name: str) -> Coerce | None:
    if name in ("", "Any") or not ft.is_builtin(name):
        return None
    if name == "list":
        return lambda value, env: value if value is None or isinstance(value, list) else [value]
    if name in ("date and time", "dateTime"):
        return _singleton(_date_time)
    kind = ft.NamedType(name)
    return _singleton(lambda value, env: value if value is None or ft.conforms(value, kind, {}) else MISFIT)


def _date_time(value: feel.Value, env: feel.Environment) -> feel.Value:
    if isinstance(value, feel.Date):
        return feel.DateTime(value, _MIDNIGHT)
    return value if value is None or isinstance(value, feel.DateTime) else MISFIT


def _function(kind: ft.FeelType, types: Mapping[str, ft.FeelType]) -> Coerce:
    def coerce(value: feel.Value, env: feel.Environment) -> feel.Value:
        return value if value is None or ft.conforms(value, kind, types) else MISFIT

    return coerce


def _context(components: Mapping[str, Coerce]) -> Coerce:
    def coerce(value: feel.Value, env: feel.Environment) -> feel.Value:
        if value is None:
            return None
        if not isinstance(value, dict):
            return MISFIT
        changed = {}
        for name, component in components.items():
            if name not in value:
                return MISFIT
            fitted = component(value[name], env)
            if fitted is MISFIT:
                return MISFIT
            if fitted is not value[name]:
                changed[name] = fitted
        return {**value, **changed} if changed else value

    return coerce


def _list(item: Coerce) -> Coerce:
    def coerce(value: feel.Value, env: feel.Environment) -> feel.Value:
        if value is None:
            return None
        fitted = [item(v, env) for v in (value if isinstance(value, list) else [value])]
        return MISFIT if any(v is MISFIT for v in fitted) else fitted

    return coerce


def _singleton(single: Coerce) -> Coerce:
    """A list of one stands for its item where the type is no list."""

    def coerce(value: feel.Value, env: feel.Environment) -> feel.Value:
        fitted = single(value, env)
        if fitted is MISFIT and isinstance(value, list) and len(value) == 1:
            return single(value[0], env)
        return fitted

    return coerce


def _allowed(inner: Coerce, text: str) -> Coerce:
    if not text:
        return inner
    test = allowed_test(text)

    def coerce(value: feel.Value, env: feel.Environment) -> feel.Value:
        fitted = inner(value, env)
        return fitted if fitted is None or fitted is MISFIT or test(fitted, env) else MISFIT

    return coerce


def allowed_test(text: str) -> Callable[[feel.Value, feel.Environment], bool]:
    """Whether a value is allowed; text that can't be read allows all (the check reports it)."""
    try:
        test = feel.compile_unary(text)
    except ExpressionError:
        return lambda value, env: True
    return lambda value, env: test.evaluate({"?": value}, env) is True
