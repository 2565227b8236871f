"""Turns one input component into a `Field`, or into findings that say why it can't be one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.feel import Expression
from engine.forms.attributes import properties_of, refuse_unknown, refuse_unknown_of_form
from engine.forms.kinds import KINDS
from engine.forms.model import CHOICES, INPUTS, RESERVED, Field, Path
from engine.forms.notes import Notes
from engine.forms.rules import (
    Defaults,
    read_checks,
    read_defaults,
    read_limits,
    read_options,
    read_pattern,
    read_unique_by,
)

_NAME = re.compile(r"[^\W\d]\w*")
_KEYWORDS = {"if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not",
             "between", "instance", "of", "function", "external", "true", "false", "null"}  # fmt: skip
_MOST_PARTS = 8
_ZONES = ("utc_offset", "utc_normalized", "no_timezone")


def read_form_rules(form: Mapping[str, Any], notes: Notes) -> tuple[Field, Defaults]:
    """The form as a group over everything, and its default limits."""
    properties = properties_of(form, notes)
    refuse_unknown_of_form(form, properties, notes)
    defaults = read_defaults(form, properties, notes)
    title = properties.get("title") or form["id"]
    checks = read_checks(form, properties, notes)
    whole = Field(
        id=form["id"], type="group", path=(), zh=title, en=properties.get("titleEn") or title,
        checks=checks, component=form,
    )  # fmt: skip
    return whole, defaults


def read_field(
    component: Mapping[str, Any],
    prefix: Path,
    outer: tuple[Expression, ...],
    defaults: Defaults,
    notes: Notes,
) -> Field | None:
    """The field; None (with a finding) when its type or place can't be read."""
    kind = component.get("type")
    if not isinstance(kind, str) or kind not in INPUTS | {"group"}:
        notes.error(
            component, "unknown-component",
            f"不支持组件类型 {kind}。", f"The component type {kind} has no meaning on the server.",
        )  # fmt: skip
        return None
    properties = properties_of(component, notes)
    refuse_unknown(component, properties, notes)
    notes.mapping(component, "appearance")
    path = _path(component, prefix, notes)
    if path is None:
        return None
    zh, en = _labels(component, properties, path, notes)
    options, options_from = read_options(component, properties, notes) if kind in CHOICES else ((), None)
    return Field(
        id=str(component.get("id")), type=kind, path=path, zh=zh, en=en,
        kind=_kind(component, properties, notes),
        required=notes.switch(component, notes.mapping(component, "validate"), "required"),
        subtype=_one_of(component, "subtype", ("date", "time", "datetime"), notes),
        zone_format=_one_of(component, "timeSerializingFormat", _ZONES, notes),
        hides=outer + _hide(component, notes),
        locked=component.get("disabled") is True or component.get("readonly") is True,
        locks=_locks(component, notes),
        options=options, options_from=options_from,
        limits=read_limits(component, properties, defaults, notes),
        checks=read_checks(component, properties, notes),
        computed=_computed(component, notes) if kind == "expression" else None,
        unique_by=read_unique_by(properties),
        accept=_accept(component),
        pattern=read_pattern(component, notes),
        no_past=notes.switch(component, component, "disallowPassedDates"),
        component=component,
    )  # fmt: skip


def _path(component: Mapping[str, Any], prefix: Path, notes: Notes) -> Path | None:
    kind = component["type"]
    attribute = "path" if kind in ("group", "dynamiclist") else "key"
    text = component.get(attribute)
    if kind == "group" and not text:
        return prefix
    parts = text.split(".") if isinstance(text, str) else []
    bad = any(not _NAME.fullmatch(part) or part in _KEYWORDS for part in parts)
    if bad or not 1 <= len(parts) <= _MOST_PARTS or (not prefix and parts[0] in RESERVED):
        notes.error(
            component, "bad-key",
            f"{attribute} “{text}”不能作变量名。", f"The {attribute} “{text}” can't be a variable name.",
        )  # fmt: skip
        return None
    return (*prefix, *parts)


def _labels(
    component: Mapping[str, Any], properties: Mapping[str, str], path: Path, notes: Notes
) -> tuple[str, str]:
    label = component.get("label") or component.get("dateLabel") or component.get("timeLabel") or ""
    for text in (label, component.get("description") or ""):
        if not isinstance(text, str) or text.startswith("=") or "{{" in text:
            zh = "标签和说明应为固定文字，不能是表达式。"
            en = "Labels and descriptions must be fixed text, no expressions."
            notes.error(component, "bad-label", zh, en)
            label = ""
    english = (
        properties.get("labelEn") or properties.get("dateLabelEn") or properties.get("timeLabelEn") or ""
    )
    if label and not english:
        notes.warn(
            component, "no-english-label", f"“{label}”缺少英文标签 labelEn。", f"“{label}” has no `labelEn`."
        )
    if not label and component["type"] not in ("expression", "group"):
        notes.warn(component, "no-label", "输入组件没有标签。", "This input has no label.")
    zh = label or (path[-1] if path else str(component.get("id")))
    return zh, english or zh


def _kind(component: Mapping[str, Any], properties: Mapping[str, str], notes: Notes) -> str:
    kind = properties.get("kind", "")
    if "allowNegative" in properties and (kind != "moneyFen" or properties["allowNegative"] != "true"):
        notes.unknown(component, ["allowNegative"], "property")
    if not kind or (kind in KINDS and KINDS[kind].component == component["type"]):
        return kind
    notes.error(
        component, "unknown-kind", f"此组件不能用 kind“{kind}”。", f"The kind “{kind}” has no meaning here."
    )
    return ""


def _one_of(component: Mapping[str, Any], name: str, allowed: tuple[str, ...], notes: Notes) -> str:
    value = component.get(name) or allowed[0]
    if value in allowed:
        return str(value)
    notes.error(component, "bad-attribute", f"{name} 不能是 {value}。", f"`{name}` can't be {value}.")
    return allowed[0]


def _hide(component: Mapping[str, Any], notes: Notes) -> tuple[Expression, ...]:
    hide = notes.mapping(component, "conditional").get("hide")
    if hide in (None, "", False):
        return ()
    expression = notes.feel(component, hide, "conditional.hide")
    return (expression,) if expression else ()


def _locks(component: Mapping[str, Any], notes: Notes) -> tuple[Expression, ...]:
    written = [(name, component.get(name)) for name in ("readonly", "disabled")]
    found = [
        notes.feel(component, value, name) for name, value in written if value not in (None, "", True, False)
    ]
    return tuple(lock for lock in found if lock is not None)


def _computed(component: Mapping[str, Any], notes: Notes) -> Expression | None:
    if component.get("computeOn", "change") not in ("change", "presubmit"):
        notes.error(
            component,
            "bad-attribute",
            "computeOn 应为 change 或 presubmit。",
            "`computeOn` must be change or presubmit.",
        )
    return notes.feel(component, component.get("expression"), "expression")


def _accept(component: Mapping[str, Any]) -> tuple[str, ...]:
    parts = str(component.get("accept") or "").lower().split(",")
    return tuple(part.strip() for part in parts if part.strip())
