"""FEEL for the process: the script engine that the library's workflow is given. Never Python."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from engine import feel
from engine.errors import EngineFault, ExpressionError
from engine.runtime.values import Host


class FeelEngine:
    """Evaluates the expressions of one case with the host's functions and time."""

    def __init__(self, host: Host) -> None:
        self.host = host
        # Only names that are not plain words can change how a text is read.
        self.special = tuple(name for name in host.env.functions if not name.isidentifier())

    def value(self, text: str, scope: Mapping[str, Any]) -> Any:
        """The value of a FEEL expression over a scope; raises `ExpressionError`."""
        return feel.compile(text, names=chain(scope, self.special)).evaluate(scope, self.host.env)

    def text_or_value(self, text: str, scope: Mapping[str, Any]) -> Any:
        """Camunda 8's rule for attributes: an expression if it starts with "=", else the text itself."""
        return self.value(text, scope) if text.lstrip().startswith("=") else text

    def holds(self, text: str, scope: Mapping[str, Any]) -> bool | None:
        """The truth of a condition; None where it is null or no boolean."""
        value = self.value(text, scope)
        return value if isinstance(value, bool) else None

    def context(
        self, pairs: tuple[tuple[str, str], ...], scope: Mapping[str, Any], into: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The results of mappings `(source, target)`, each seeing those before it.

        As in Camunda 8 the target `a.b` writes entry b of a context a; what a holds in `into` is kept.
        """
        results: dict[str, Any] = {}
        for source, target in pairs:
            view: Mapping[str, Any] = {**scope, **results} if results else scope
            value = self.text_or_value(source, view)
            name, *path = target.split(".")
            results[name] = _put(results.get(name, into.get(name)), path, value)
        return results

    def items(self, text: str, scope: Mapping[str, Any]) -> list[Any]:
        """The list that a collection expression gives; raises `ExpressionError` for anything else."""
        value = self.value(text, scope)
        if not isinstance(value, list):
            raise ExpressionError(
                en=f"The collection {text!r} is not a list.", zh=f"集合表达式 {text!r} 的结果不是列表。"
            )
        return value

    def execute(self, *_: Any, **__: Any) -> None:
        """The library's way to run a script; our dialect has none."""
        raise EngineFault(en="Scripts other than FEEL are not run.", zh="除 FEEL 外不执行任何脚本。")


def _put(old: Any, path: list[str], value: Any) -> Any:
    """`value`, or the context `old` with the value at the end of the path."""
    if not path:
        return value
    name, *rest = path
    context = old if isinstance(old, dict) else {}
    return {**context, name: _put(context.get(name), rest, value)}
