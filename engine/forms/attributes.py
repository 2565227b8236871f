"""Which attributes and extra properties each component type may carry.

Names and meanings are form-js's (schema 19) and docs/forms.md's. What is not listed is refused, so that a
misspelt or newer rule is never lost in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.forms.model import CHOICES, INPUTS, LISTS
from engine.forms.notes import Notes
from engine.forms.relatives import NAMES

_COMMON = {"type", "id", "layout", "conditional", "properties"}
_INPUT = {"key", "label", "description", "readonly", "disabled", "validate", "defaultValue", "appearance"}
_CHOICE = {"values", "valuesKey", "valuesExpression"}
_CONTAINER = {"label", "path", "components", "showOutline", "verticalAlignment"}

ATTRIBUTES: Mapping[str, set[str]] = {
    "textfield": _INPUT,
    "textarea": _INPUT,
    "number": _INPUT | {"decimalDigits", "increment", "serializeToString"},
    "checkbox": _INPUT,
    "radio": _INPUT | _CHOICE,
    "select": _INPUT | _CHOICE | {"searchable"},
    "checklist": _INPUT | _CHOICE,
    "taglist": _INPUT | _CHOICE,
    "datetime": _INPUT
    | {"subtype", "dateLabel", "timeLabel", "use24h", "timeSerializingFormat", "timeInterval"}
    | {"disallowPassedDates"},
    "filepicker": _INPUT | {"accept", "multiple"},
    "expression": {"key", "label", "description", "expression", "computeOn"},
    "group": _CONTAINER,
    "dynamiclist": _CONTAINER
    | {"isRepeating", "defaultRepetitions", "allowAddRemove", "disableCollapse", "nonCollapsedItems"},
    "text": {"text", "label"},
    "html": {"content", "label"},
    "image": {"source", "alt", "label"},
    "table": {"label", "dataSource", "columns", "columnsExpression", "rowCount"},
    "separator": set(),
    "spacer": {"height"},
    "button": {"label", "action"},
}  # fmt: skip

_VALIDATE: Mapping[str, set[str]] = {
    "textfield": {"required", "minLength", "maxLength", "pattern", "validationType"},
    "textarea": {"required", "minLength", "maxLength"},
    "number": {"required", "min", "max"},
}

_CHECKS = {"check", "checkMessageZh", "checkMessageEn"}
_PROPERTIES: Mapping[str, set[str]] = {
    "textfield": {"kind", "prefixEn", "suffixEn", "recuses", "household", "account"},
    "number": {"kind", "allowNegative", "prefixEn", "suffixEn"},
    "datetime": {"min", "max", "dateLabelEn", "timeLabelEn"},
    "filepicker": {"maxBytes"},
    "dynamiclist": {"uniqueBy"},
    "text": {"textEn"},
    "html": {"contentEn"},
    "image": {"altEn"},
}
ROLES = frozenset({"applicant", "member"})
"""What a person whose number a field holds may be to the household (property `household`)."""

FORM_PROPERTIES = {"title", "titleEn", "source", "maxLength", "maxItems"} | _CHECKS


def properties_of(component: Mapping[str, Any], notes: Notes) -> dict[str, str]:
    """The extra properties; a finding for any that is no text."""
    raw = component.get("properties") or {}
    if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
        notes.error(
            component,
            "bad-properties",
            "properties 的值都应为文字。",
            "All values of `properties` must be text.",
        )
        return {}
    return raw


def refuse_unknown(component: Mapping[str, Any], properties: Mapping[str, str], notes: Notes) -> None:
    """A finding for every attribute, validation and property that has no meaning on this type."""
    kind = component["type"]
    notes.unknown(component, component.keys() - _COMMON - ATTRIBUTES[kind], "attribute")
    if isinstance(component.get("validate"), dict):
        allowed = _VALIDATE.get(kind, {"required"})
        notes.unknown(
            component, {f"validate.{n}" for n in component["validate"].keys() - allowed}, "attribute"
        )
    allowed = {"labelEn", "descriptionEn", "source"} | _PROPERTIES.get(kind, set())
    if kind in INPUTS or kind == "group":
        allowed |= _CHECKS
    if kind in LISTS:
        allowed |= {"minItems", "maxItems"}
    notes.unknown(component, {n for n in properties.keys() - allowed if not _is_open(n, kind)}, "property")
    if (recuses := properties.get("recuses")) is not None and recuses not in NAMES:
        zh, en = "recuses 应为 name 或 account。", "`recuses` must be name or account."
        notes.error(component, "bad-attribute", zh, en)
    if properties.get("account", "true") != "true":
        zh, en = "account 应为 true。", "`account` must be true."
        notes.error(component, "bad-attribute", zh, en)
    household = properties.get("household")
    if household is not None and (household not in ROLES or properties.get("kind") != "idNumber"):
        zh = "household 应为 applicant 或 member，且只用于 idNumber 类的字段。"
        en = "`household` must be applicant or member, on a field of kind idNumber."
        notes.error(component, "bad-attribute", zh, en)


def refuse_unknown_of_form(form: Mapping[str, Any], properties: Mapping[str, str], notes: Notes) -> None:
    """The same for the form's own properties."""
    notes.unknown(
        form, {n for n in properties.keys() - FORM_PROPERTIES if not _is_open(n, "group")}, "property"
    )


def _is_open(name: str, kind: str) -> bool:
    """Properties with a free part after the colon: options' English, further checks."""
    head, colon, rest = name.partition(":")
    if not colon or not rest:
        return False
    if head == "optionEn":
        return kind in CHOICES
    return head in _CHECKS and (kind in INPUTS or kind == "group")
