"""Python to FEEL and back, and saved state."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.feel import Date, FeelFunction, Value, dumps, from_feel, loads, to_feel
from tests.feel.helpers import feel
from tests.feel.strategies import texts, values

json_values = st.recursive(
    st.none() | st.booleans() | texts | st.integers(-(10**30), 10**30) | st.floats(-1e15, 1e15),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(texts, values, max_size=4))
def test_saved_state_reads_back_exactly(scope: dict[str, Value]) -> None:
    again = loads(dumps(scope))
    assert again == scope
    assert dumps(again) == dumps(scope)
    assert _types(again) == _types(scope)


def _types(value: Value) -> Any:
    if isinstance(value, dict):
        return {key: _types(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_types(item) for item in value]
    return (type(value), str(value) if isinstance(value, Decimal) else None)


@given(json_values)
def test_plain_json_comes_back_as_it_went_in(value: Any) -> None:
    assert from_feel(to_feel(value)) == value


@given(values)
def test_any_value_becomes_json(value: Value) -> None:
    json.dumps(from_feel(value), allow_nan=False)


def test_rare_characters_survive() -> None:
    scope = {"姓名": "𠮷㐂", "k": ["𠮷", {"㐂": "𪚥"}]}
    assert loads(dumps(to_feel(scope))) == scope
    assert "𠮷㐂" in dumps(to_feel(scope))
    assert feel("string length(name)", name="𠮷㐂") == 2
    assert feel('"\\U020BB7" = "𠮷"') is True
    assert to_feel("\ud842\udfb7") == "𠮷"


def test_scale_of_a_decimal_is_kept_in_saved_state() -> None:
    assert str(loads(dumps({"x": Decimal("1.10")}))["x"]) == "1.10"


def test_python_dates_become_feel_dates() -> None:
    moment = dt.datetime(2026, 10, 27, 8, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    converted = to_feel({"d": dt.date(2026, 10, 27), "m": moment, "t": (1, 2)})
    assert converted["d"] == Date(2026, 10, 27)
    assert from_feel(converted) == {"d": "2026-10-27", "m": "2026-10-27T08:00:00+08:00", "t": [1, 2]}


@pytest.mark.parametrize(
    "bad", [float("nan"), float("inf"), Decimal("sNaN"), {1: 2}, {"a": {1, 2}}, b"x", Decimal("1E7000")]
)
def test_what_has_no_feel_value_is_refused(bad: object) -> None:
    with pytest.raises(InputError) as caught:
        to_feel(bad)
    assert caught.value.zh


@pytest.mark.parametrize(
    "text", ["", "[]", "nope", '{"a": {"n": "x"}}', '{"a": {"d": "2026-99-01"}}', '{"a": {"?": 1}}']
)
def test_damaged_saved_state_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        loads(text)


def test_a_function_cannot_be_saved() -> None:
    with pytest.raises(InputError):
        dumps({"f": FeelFunction((), lambda args, frame: None)})
