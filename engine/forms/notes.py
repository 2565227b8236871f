"""Collects findings while a form is read, and compiles its expressions on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.errors import ExpressionError
from engine.feel import Expression, compile
from engine.types import Finding

_MOST = 10**9


@dataclass(slots=True)
class Notes:
    """`names` are the multi-word names that expressions may use, e.g. `calendar days`."""

    file: str = ""
    names: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    expressions: list[tuple[Mapping[str, Any], Expression]] = field(default_factory=list)

    def error(self, component: Mapping[str, Any], code: str, zh: str, en: str) -> None:
        self.findings.append(self.finding(component, code, zh, en))

    def warn(self, component: Mapping[str, Any], code: str, zh: str, en: str) -> None:
        self.findings.append(self.finding(component, code, zh, en, severity="warning"))

    def finding(
        self, component: Mapping[str, Any], code: str, zh: str, en: str, *, severity: Any = "error",
        line: int | None = None, column: int | None = None,
    ) -> Finding:  # fmt: skip
        return Finding(
            severity=severity, code=code, zh=zh, en=en, file=self.file, line=line, column=column,
            element_id=_text(component.get("id")), element_name=_text(component.get("label")),
        )  # fmt: skip

    def mapping(self, component: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        """The object at `name`; empty when absent, with a finding when it is something else."""
        value = component.get(name)
        if value is None or isinstance(value, dict):
            return value or {}
        self.error(component, "component-shape", f"{name} 应为对象。", f"`{name}` must be an object.")
        return {}

    def feel(self, component: Mapping[str, Any], text: object, place: str) -> Expression | None:
        """The compiled expression; a finding and None when it isn't FEEL with a leading `=`."""
        if not isinstance(text, str) or not text.startswith("="):
            self.error(
                component, "no-expression",
                f"{place} 应为以“=”开头的 FEEL 表达式。",
                f"`{place}` must be a FEEL expression that begins with `=`.",
            )  # fmt: skip
            return None
        try:
            expression = compile(text, names=self.names)
        except ExpressionError as error:
            self.findings.append(
                self.finding(
                    component, "bad-expression",
                    f"{place} 不是有效的 FEEL：{error.zh}",
                    f"`{place}` is no valid FEEL: {error.en}",
                    line=error.data.get("line"), column=error.data.get("column"),
                )
            )  # fmt: skip
            return None
        self.expressions.append((component, expression))
        return expression

    def switch(self, component: Mapping[str, Any], holder: Mapping[str, Any], name: str) -> bool:
        """True or false, nothing else."""
        value = holder.get(name)
        if value is not None and not isinstance(value, bool):
            zh, en = f"{name} 应为 true 或 false。", f"`{name}` must be true or false."
            self.error(component, "bad-attribute", zh, en)
        return value is True

    def number(self, component: Mapping[str, Any], value: object, place: str) -> Decimal | Expression | None:
        """A limit: a number, digits as text (form-js stores both) or FEEL. None when absent or wrong."""
        if value is None or value == "":
            return None
        if isinstance(value, str) and value.startswith("="):
            return self.feel(component, value, place)
        parsed = _decimal(value)
        if parsed is None:
            self.error(
                component, "bad-limit", f"{place} 应为数字或表达式。", f"`{place}` must be a number or FEEL."
            )
        return parsed

    def count(self, component: Mapping[str, Any], value: object, place: str) -> Decimal | Expression | None:
        """A limit that counts something: a whole number of at least 0, or FEEL."""
        limit = self.number(component, value, place)
        if isinstance(limit, Decimal) and not (0 <= limit <= _MOST and limit == limit.to_integral_value()):
            self.error(
                component,
                "bad-limit",
                f"{place} 应为非负整数。",
                f"`{place}` must be a whole number, not negative.",
            )
            return None
        return limit

    def unknown(self, component: Mapping[str, Any], names: Iterable[str], what: str) -> None:
        for name in sorted(names):
            self.error(
                component, "unknown-attribute",
                f"{what} {name} 在此处没有含义，请删除或更正拼写。",
                f"The {what} `{name}` means nothing here; remove it or correct its spelling.",
            )  # fmt: skip


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        return None
    try:
        number = Decimal(value)
    except ArithmeticError:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= 34 else None
