"""Small forms for tests: a component with defaults, a form around components, faults by pointer."""

import json
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import AnswersError, FieldError
from engine.forms import Form, check, load


def component(kind: str, key: str, /, **overrides: Any) -> dict[str, Any]:
    """An input with a label in both languages; `properties` are added to the English label."""
    properties = {"labelEn": key.capitalize(), **overrides.pop("properties", {})}
    place = "path" if kind in ("group", "dynamiclist") else "key"
    return {
        "type": kind,
        "id": f"Field_{key}",
        place: key,
        "label": f"项目{key}",
        "properties": properties,
        **overrides,
    }


def options(*values: str) -> dict[str, Any]:
    return {
        "values": [{"value": value, "label": f"选项{value}"} for value in values],
        "properties": {f"optionEn:{value}": value for value in values},
    }


def checked(expression: str, **more: str) -> dict[str, str]:
    return {"check": expression, "checkMessageZh": "请核对", "checkMessageEn": "check it", **more}


def source(*components: dict[str, Any], **root: Any) -> str:
    return json.dumps(
        {"type": "default", "id": "form", "schemaVersion": 19, "components": list(components), **root}
    )


def form(*components: dict[str, Any], **root: Any) -> Form:
    """A form without errors."""
    built = load(source(*components, **root))
    assert [finding for finding in check(built) if finding.severity == "error"] == []
    return built


def parsed(text: str) -> Any:
    """JSON as the edge hands it over: decimals exact."""
    return json.loads(text, parse_float=Decimal)


def faults(built: Form, answers: Any, scope: dict[str, Any] | None = None, **env: Any) -> dict[str, str]:
    """The refusals: code by pointer."""
    return {error.pointer: error.code for error in refusals(built, answers, scope, **env)}


def refusals(built: Form, answers: Any, scope: dict[str, Any] | None = None, **env: Any) -> list[FieldError]:
    with pytest.raises(AnswersError) as caught:
        built.validate(answers, scope or {}, **env)
    for error in caught.value.errors:
        assert error.zh
        assert error.en
        assert "{" not in error.zh + error.en
    return caught.value.errors


def codes(*components: dict[str, Any], known: set[str] | None = None, **root: Any) -> set[tuple[str, str]]:
    """The errors of a form's check: (component id, code)."""
    built = load(source(*components, **root))
    return {(f.element_id, f.code) for f in check(built, known=known) if f.severity == "error"}
