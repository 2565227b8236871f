"""Reads the rules of one component: limits, options, checks, patterns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel import Expression
from engine.feel.temporal_text import parse_temporal
from engine.forms.kinds import MOST_FEN
from engine.forms.model import LISTS, TEXTS, Bound, Check, Option, Path
from engine.forms.notes import Notes
from engine.forms.patterns import why_not_portable

_MOST_TEXT, _MOST_ITEMS = 20_000, 2_000
_PRESETS = {
    "email": r"^[A-Za-z0-9_.+\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+$",
    "phone": r"^(\+|00)[1-9][0-9]{6,20}$",
}


@dataclass(frozen=True, slots=True)
class Defaults:
    """Limits of texts and lists that set none of their own."""

    textfield: Bound = Decimal(200)
    textarea: Bound = Decimal(2000)
    items: Bound = Decimal(50)


def read_defaults(form: Mapping[str, Any], properties: Mapping[str, str], notes: Notes) -> Defaults:
    """The form's own limits of its texts and lists, where it sets any."""
    found: dict[str, Bound] = {}
    for name, places in (("maxLength", ("textfield", "textarea")), ("maxItems", ("items",))):
        limit = notes.count(form, properties.get(name), name)
        if isinstance(limit, Expression):
            zh, en = f"表单的 {name} 应为数字。", f"The form's `{name}` must be a number."
            notes.error(form, "bad-limit", zh, en)
        elif limit is not None:
            found |= dict.fromkeys(places, limit)
    return Defaults(**found)


def read_limits(
    component: Mapping[str, Any], properties: Mapping[str, str], defaults: Defaults, notes: Notes
) -> dict[str, Bound]:
    """Limits by name; what the component leaves open gets the form's defaults."""
    kind = component["type"]
    if kind in TEXTS:
        return _text_limits(component, defaults, notes)
    if kind == "number":
        return _number_limits(component, properties, notes)
    if kind == "datetime":
        found = {n: _date_limit(component, properties.get(n), n, notes) for n in ("min", "max")}
        return {name: limit for name, limit in found.items() if limit is not None}
    return _list_limits(component, properties, defaults, notes) if kind in LISTS else {}


def _text_limits(component: Mapping[str, Any], defaults: Defaults, notes: Notes) -> dict[str, Bound]:
    validate = rules_of(component)
    longest = notes.count(component, validate.get("maxLength"), "validate.maxLength")
    limits: dict[str, Bound] = {
        "maxLength": longest
        or (defaults.textfield if component["type"] == "textfield" else defaults.textarea)
    }
    if isinstance(limits["maxLength"], Decimal) and limits["maxLength"] > _MOST_TEXT:
        notes.error(
            component,
            "bad-limit",
            f"文字最长 {_MOST_TEXT} 字。",
            f"A text may have at most {_MOST_TEXT} characters.",
        )
    shortest = notes.count(component, validate.get("minLength"), "validate.minLength")
    if shortest:
        limits["minLength"] = shortest
    return limits


def _number_limits(
    component: Mapping[str, Any], properties: Mapping[str, str], notes: Notes
) -> dict[str, Bound]:
    validate = rules_of(component)
    limits: dict[str, Bound] = {}
    for name in ("min", "max"):
        limit = notes.number(component, validate.get(name), f"validate.{name}")
        if limit is not None:
            limits[name] = limit
    increment = notes.number(component, component.get("increment"), "increment")
    digits = notes.count(component, component.get("decimalDigits"), "decimalDigits")
    if isinstance(digits, Decimal) and digits <= 34:
        limits["decimalDigits"] = digits
    if component.get("serializeToString"):
        notes.error(
            component, "bad-attribute",
            "数字在此精确保存，请关闭“输出为字符串”（serializeToString）。",
            "Numbers are exact here; turn `serializeToString` off.",
        )  # fmt: skip
    if isinstance(increment, Decimal) and increment > 0:
        limits["increment"] = increment
    if isinstance(digits, Expression) or (increment is not None and "increment" not in limits):
        notes.error(
            component,
            "bad-limit",
            "increment 应大于 0，decimalDigits 应为整数，均不能是表达式。",
            "`increment` must be over 0 and `decimalDigits` a whole number; neither may be FEEL.",
        )
    if properties.get("kind") == "moneyFen":
        limits["decimalDigits"] = Decimal(0)
        limits.setdefault("max", Decimal(MOST_FEN))
    return limits


def _list_limits(
    component: Mapping[str, Any], properties: Mapping[str, str], defaults: Defaults, notes: Notes
) -> dict[str, Bound]:
    limits: dict[str, Bound] = {"maxItems": defaults.items}
    if component["type"] == "filepicker" and not notes.switch(component, component, "multiple"):
        limits["maxItems"] = Decimal(1)
    for name in ("minItems", "maxItems", "maxBytes"):
        limit = notes.count(component, properties.get(name), name)
        if limit is not None:
            limits[name] = limit
    if isinstance(limits.get("maxBytes"), Expression):
        notes.error(component, "bad-limit", "maxBytes 应为整数。", "`maxBytes` must be a whole number.")
    if isinstance(limits["maxItems"], Decimal) and limits["maxItems"] > _MOST_ITEMS:
        notes.error(
            component,
            "bad-limit",
            f"列表最多 {_MOST_ITEMS} 项。",
            f"A list may have at most {_MOST_ITEMS} items.",
        )
    return limits


def _date_limit(component: Mapping[str, Any], text: str | None, name: str, notes: Notes) -> Expression | None:
    if not text:
        return None
    if not text.startswith("=") and parse_temporal(text) is not None:
        text = f'=@"{text}"'
    return notes.feel(component, text, name)


def rules_of(component: Mapping[str, Any]) -> Mapping[str, Any]:
    """The `validate` object; empty when there is none (or it is none: a finding says so elsewhere)."""
    value = component.get("validate")
    return value if isinstance(value, dict) else {}


def read_pattern(component: Mapping[str, Any], notes: Notes) -> str:
    """The pattern or that of the preset; empty when there is none or it isn't portable."""
    validate = rules_of(component)
    preset = str(validate.get("validationType") or "custom")
    if preset in _PRESETS:
        return _PRESETS[preset]
    pattern = validate.get("pattern") or ""
    reason = why_not_portable(pattern) if isinstance(pattern, str) else ("不是文字", "is no text")
    if preset != "custom":
        reason = (f"不认识 validationType {preset}", f"has an unknown validationType {preset}")
    if reason is None:
        return str(pattern)
    zh, en = reason
    notes.error(component, "bad-pattern", f"格式“{pattern}”{zh}。", f"The pattern “{pattern}” {en}.")
    return ""


def read_checks(
    component: Mapping[str, Any], properties: Mapping[str, str], notes: Notes
) -> tuple[Check, ...]:
    """`check`, `check:<name>` with their messages in both languages."""
    found = []
    for name, text in properties.items():
        head, _, rest = name.partition(":")
        if head != "check":
            continue
        suffix = f":{rest}" if rest else ""
        zh, en = properties.get(f"checkMessageZh{suffix}"), properties.get(f"checkMessageEn{suffix}")
        if not zh or not en:
            notes.error(
                component, "no-check-message",
                f"{name} 缺少 checkMessageZh{suffix} 或 checkMessageEn{suffix}。",
                f"`{name}` lacks `checkMessageZh{suffix}` or `checkMessageEn{suffix}`.",
            )  # fmt: skip
        expression = notes.feel(component, text, name)
        if expression is not None:
            found.append(Check(expression, zh or "", en or ""))
    stray = {
        name
        for name in properties
        if name.startswith("checkMessage")
        and "check" + name.removeprefix("checkMessage")[2:] not in properties
    }
    notes.unknown(component, stray, "property")
    return tuple(found)


def read_options(
    component: Mapping[str, Any], properties: Mapping[str, str], notes: Notes
) -> tuple[tuple[Option, ...], Expression | None]:
    """The fixed options, or the expression that lists them; exactly one of form-js's three sources."""
    sources = [n for n in ("values", "valuesKey", "valuesExpression") if component.get(n)]
    if len(sources) != 1:
        notes.error(
            component, "no-options",
            "应有且只有一种选项来源：values、valuesKey 或 valuesExpression。",
            "There must be exactly one source of options: values, valuesKey or valuesExpression.",
        )  # fmt: skip
        return (), None
    if sources == ["valuesKey"]:
        return (), notes.feel(component, f"={component['valuesKey']}", "valuesKey")
    if sources == ["valuesExpression"]:
        return (), notes.feel(component, component["valuesExpression"], "valuesExpression")
    return _fixed_options(component, properties, notes), None


def _fixed_options(
    component: Mapping[str, Any], properties: Mapping[str, str], notes: Notes
) -> tuple[Option, ...]:
    options: list[Option] = []
    for entry in component["values"] if isinstance(component["values"], list) else [None]:
        value = entry.get("value") if isinstance(entry, dict) else entry
        if isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if not isinstance(value, (str, bool, Decimal)) or any(o.value == value for o in options):
            notes.error(
                component, "bad-options",
                f"选项值 {value} 重复，或不是文字、数字、是否。",
                f"The option value {value} stands twice or is no text, number or boolean.",
            )  # fmt: skip
            continue
        zh = str(entry.get("label") or value) if isinstance(entry, dict) else str(value)
        english = properties.get(f"optionEn:{value}")
        if english is None:
            notes.warn(
                component,
                "no-english-label",
                f"选项“{zh}”缺少英文。",
                f"The option “{zh}” has no `optionEn:{value}`.",
            )
        options.append(Option(value, zh, english or zh))
    stray = {n for n in properties if n.startswith("optionEn:")} - {f"optionEn:{o.value}" for o in options}
    notes.unknown(component, stray, "property")
    return tuple(options)


def read_unique_by(properties: Mapping[str, str]) -> tuple[Path, ...]:
    """The columns that tell one row from another."""
    return tuple(tuple(k.strip().split(".")) for k in properties.get("uniqueBy", "").split(",") if k.strip())
