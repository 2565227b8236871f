"""What differs between two forms: fields by key, and what each field asks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.actions.designing.changes import Change, Label, Place, added, changed, differing, removed
from engine.actions.designing.words import FORM_FACTS
from engine.errors import DeploymentError

_UNTOLD = frozenset({"id", "layout", "components"})


def compare_form(file: str, before: bytes, after: bytes) -> Iterator[Change]:
    """Every difference of meaning. Raises DeploymentError where a file is no JSON object."""
    old, new = _load(file, before), _load(file, after)
    was, now = dict(_fields(old, "")), dict(_fields(new, ""))
    name = str(new.get("properties", {}).get("title") or new.get("id", file))
    whole = Place(file=file, id=str(new.get("id", "")), zh=f"表单“{name}”", en=f"form “{name}”", topic="form")
    yield from differing(whole, _flat(old), _flat(new), {k: _label(k) for k in {**_flat(old), **_flat(new)}})
    for key in dict.fromkeys([*was, *now]):
        if key not in was:
            yield added(_place(file, name, key, now[key]))
        elif key not in now:
            yield removed(_place(file, name, key, was[key]))
        else:
            facts, place = (_flat(was[key]), _flat(now[key])), _place(file, name, key, now[key])
            yield from differing(place, *facts, {k: _label(k) for k in {**facts[0], **facts[1]}})
    kept = [k for k in was if k in now], [k for k in now if k in was]
    if kept[0] != kept[1]:
        yield changed(whole, ("字段顺序", "order of fields"), "、".join(kept[0]), "、".join(kept[1]))


def _load(file: str, data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise DeploymentError(f"{file} is no form: broken JSON.", f"{file} 不是表单：JSON 格式错误。")
    return found


def _fields(parent: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    components = parent.get("components")
    for component in components if isinstance(components, list) else ():
        if isinstance(component, dict):
            own = (
                component.get("key") or component.get("path") or component.get("id") or component.get("type")
            )
            key = f"{prefix}{own}"
            yield key, component
            inner = f"{key}." if component.get("type") in ("dynamiclist", "group") else prefix
            yield from _fields(component, inner)


def _place(file: str, form: str, key: str, field: Mapping[str, Any]) -> Place:
    called = str(field.get("label") or field.get("text") or key).strip().splitlines()[0]
    return Place(
        file=file, id=str(field.get("id", key)), zh=f"表单“{form}”的“{called}”（{key}）",
        en=f"form “{form}”, field “{called}” ({key})", topic="form",
    )  # fmt: skip


def _flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """The facts of a field as texts, by dotted name; its parts are fields of their own."""
    facts: dict[str, str] = {}
    for name, item in value.items():
        if not prefix and name in _UNTOLD:
            continue
        if isinstance(item, dict):
            facts |= _flat(item, f"{prefix}{name}.")
        else:
            facts[f"{prefix}{name}"] = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
    return facts


def _label(fact: str) -> Label:
    return FORM_FACTS.get(fact, (fact.removeprefix("properties."),) * 2)
