"""A form as JSON for a renderer, in one language. Expressions go along as FEEL text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel import Expression, from_feel
from engine.forms.kinds import KINDS
from engine.forms.model import Field, Level
from engine.forms.sentences import pointer

_SHOWN = ("layout", "defaultValue", "searchable", "use24h", "timeInterval", "disallowPassedDates", "height",
          "multiple", "accept", "action", "dataSource", "columns", "columnsExpression", "rowCount",
          "computeOn", "showOutline", "verticalAlignment", "defaultRepetitions", "allowAddRemove",
          "disableCollapse", "nonCollapsedItems", "source")  # fmt: skip
_TEXTS = {"label": "labelEn", "description": "descriptionEn", "text": "textEn", "content": "contentEn",
          "alt": "altEn", "dateLabel": "dateLabelEn", "timeLabel": "timeLabelEn"}  # fmt: skip
_ADORNERS = {"prefixAdorner": ("prefix", "prefixEn"), "suffixAdorner": ("suffix", "suffixEn")}


def describe(form: Mapping[str, Any], level: Level, title: str, lang: str) -> dict[str, Any]:
    """Title, components in the file's order, the form's own checks."""
    properties = form.get("properties") or {}
    described = {
        "id": form["id"], "title": title, "lang": lang,
        "components": [_component(one, _by_id(level), lang) for one in form["components"]],
    }  # fmt: skip
    checks = _checks(level.groups[0], lang)
    return _without_none({**described, "article": properties.get("source"), "checks": checks or None})


def component_text(
    raw: Mapping[str, Any],
    name: str,
    lang: str,
    properties: Mapping[str, Any] | None = None,
    english: str = "",
) -> str:
    """One text of a component in a language; empty where it has none."""
    properties = properties if properties is not None else raw.get("properties") or {}
    text = raw.get(name)
    if lang == "en":
        text = properties.get(english or _TEXTS.get(name, ""), text)
    return "" if text is None else str(text)


def _by_id(level: Level) -> dict[str, Field]:
    found = {item.id: item for item in (*level.fields, *level.groups)}
    for item in level.fields:
        if item.rows is not None:
            found.update(_by_id(item.rows))
    return found


def _component(raw: Mapping[str, Any], fields: Mapping[str, Field], lang: str) -> dict[str, Any]:
    properties = raw.get("properties") or {}
    shown: dict[str, Any] = {"id": raw.get("id"), "type": raw.get("type")}
    for name, english in _TEXTS.items():
        if raw.get(name) is not None:
            shown[name] = properties.get(english, raw[name]) if lang == "en" else raw[name]
    for name, (short, english) in _ADORNERS.items():
        text = (raw.get("appearance") or {}).get(name)
        if text is not None:
            shown[short] = properties.get(english, text) if lang == "en" else text
    shown.update({name: from_feel(raw[name]) for name in _SHOWN if raw.get(name) is not None})
    hide = (raw.get("conditional") or {}).get("hide")
    shown["hide"] = hide or None
    shown["article"] = properties.get("source")
    item = fields.get(str(raw.get("id")))
    if item is not None:
        shown.update(_rules(item, lang))
    if "components" in raw:
        shown["components"] = [_component(one, fields, lang) for one in raw["components"]]
    return _without_none(shown)


def _rules(item: Field, lang: str) -> dict[str, Any]:
    """What the field accepts. `pointer` counts from the form, or from the row it stands in."""
    return {
        "pointer": pointer(item.path),
        "required": item.required or None,
        "readonly": item.locked or [lock.text for lock in item.locks] or None,
        "kind": item.kind or None,
        "subtype": item.subtype if item.type == "datetime" else None,
        "zone": item.zone_format if item.type == "datetime" and item.subtype != "date" else None,
        "options": [
            {"value": from_feel(option.value), "label": option.en if lang == "en" else option.zh}
            for option in item.options
        ]
        or None,
        "optionsFrom": item.options_from.text if item.options_from else None,
        "limits": _limits(item) or None,
        "pattern": item.pattern or (KINDS[item.kind].pattern if item.kind else "") or None,
        "uniqueBy": [".".join(column) for column in item.unique_by] or None,
        "expression": item.computed.text if item.computed else None,
        "checks": _checks(item, lang) or None,
    }


def _limits(item: Field) -> dict[str, Any]:
    shown = {
        name: limit.text if isinstance(limit, Expression) else from_feel(limit)
        for name, limit in item.limits.items()
    }
    if item.floor is not None:
        shown.setdefault("min", from_feel(item.floor))
    return shown


def _checks(item: Field, lang: str) -> list[dict[str, str]]:
    return [
        {"expression": check.expression.text, "message": check.en if lang == "en" else check.zh}
        for check in item.checks
    ]


def _without_none(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if value is not None}
