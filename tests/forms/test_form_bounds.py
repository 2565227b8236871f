"""Answers that are too big, too deep or unwritable are refused before any rule looks at them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import AnswersError
from tests.forms.form_builders import component, faults, form

BUILT = form(
    component("textfield", "name", validate={"required": True}),
    component("number", "n"),
    component("dynamiclist", "rows", components=[component("checkbox", "yes")]),
    component("datetime", "day"),
    component("filepicker", "files"),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "answers",
    [
        {"name": nested(10_000)},
        {"unknown": {"a": nested(10_000)}},
        {"name": "a" * 1_000_001},
        {"rows": [{"yes": True}] * 10_001},
        {str(n): n for n in range(20_001)},
        {"n" * 1_000_001: 1},
    ],
)
def test_answers_past_the_bounds_are_refused_as_a_whole(answers: dict[str, Any]) -> None:
    assert faults(BUILT, answers) == {"": "answers-too-big"}
    with pytest.raises(AnswersError):
        BUILT.validate_draft(answers)


@given(st.dictionaries(st.sampled_from(["name", "n", "rows", "day", "files", "x"]), VALUES, max_size=6))
def test_any_json_is_answered_with_values_or_with_pointers(answers: dict[str, Any]) -> None:
    try:
        values = BUILT.validate(answers, {})
    except AnswersError as error:
        refused = error.errors
    else:
        refused = []
        assert values.keys() == {"name", "n", "rows", "day", "files"}
        assert values["name"] == answers["name"]
    for one in refused:
        (one.pointer + one.zh + one.en).encode("utf-8")


def test_names_with_control_characters_are_refused_where_they_stand() -> None:
    found = faults(BUILT, {"name": "a", "bad\x00": 1, "worse\ud800": 2, "rows": [{"a\x01": 1}]})
    assert found == {
        "/bad\x00": "not-allowed",
        "/worse\\ud800": "not-allowed",
        "/rows/0/a\x01": "not-allowed",
    }
