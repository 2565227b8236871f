"""Forms made to break or exhaust the reader."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import AnswersError
from engine.forms import check, load
from tests.forms.form_builders import codes, component, source

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from(["", "=", "=a", "=this.a", "x.y", "{{a}}", "9" * 40]),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just({"a": 1}),
    st.just(["a", 1]),
)
PLACES = st.sampled_from(
    [
        "type",
        "id",
        "key",
        "path",
        "label",
        "validate",
        "conditional",
        "properties",
        "values",
        "components",
        "accept",
        "appearance",
        "defaultValue",
        "expression",
        "text",
        "content",
        "source",
        "dataSource",
        "readonly",
        "subtype",
        "increment",
        "decimalDigits",
        "multiple",
        "valuesKey",
        "description",
        "layout",
        "height",
        "action",
    ]
)


@given(
    st.sampled_from(
        [
            "textfield",
            "number",
            "select",
            "taglist",
            "datetime",
            "filepicker",
            "group",
            "dynamiclist",
            "expression",
            "text",
            "html",
            "image",
            "table",
            "button",
            "checkbox",
        ]
    ),
    st.dictionaries(PLACES, JUNK, max_size=4),
    st.dictionaries(st.sampled_from(["kind", "check", "min", "maxItems", "uniqueBy"]), JUNK, max_size=2),
)
def test_no_component_however_odd_breaks_the_reader(
    kind: str, junk: dict[str, Any], properties: dict[str, Any]
) -> None:
    built = load(source(component("textfield", "a"), {**component(kind, "b", properties=properties), **junk}))
    if all(finding.severity != "error" for finding in check(built)):
        json.dumps(built.describe("en"))
        with contextlib.suppress(AnswersError):
            built.validate({"a": "x"}, {})


@pytest.mark.parametrize(
    "broken",
    [
        component("textfield", "it", validate={"pattern": "(([a-z]{900}){900}){900}"}),
        component("textfield", "it", validate={"pattern": "(" * 400 + ")" * 400}),
        component("textfield", "it", validate={"minLength": "1" + "0" * 30}),
        component("textfield", ".".join(["a"] * 1000)),
        {"type": "html", "id": "h", "content": "<!--" * 200_000},
        {"type": "text", "id": "t", "text": "{{" * 400_000},
    ],
)
def test_component_made_to_exhaust_the_reader_is_refused(broken: dict[str, Any]) -> None:
    assert codes(broken)
