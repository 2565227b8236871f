"""What declared types demand of values."""

from __future__ import annotations

import pytest

from engine.decisions import load
from engine.errors import ExpressionError

from .files import (
    DMN_1_3,
    TYPES,
    decision,
    definitions,
    input_data,
    literal,
    value,
)


@pytest.mark.parametrize(
    ("type", "text", "fits"),
    [
        ("tLevel", '"一级"', True),
        ("tLevel", '"三级"', False),
        ("tLevel", '["一级"]', True),
        ("tLevels", '["一级", "二级"]', True),
        ("tLevels", '["一级", "三级"]', False),
        ("tLevels", '"一级"', True),
        ("tFew", "[1, 2]", True),
        ("tFew", "[1, 2, 3]", False),
        ("tPerson", '{名: "甲", levels: ["一级"]}', True),
        ("tPerson", '{名: "甲", levels: ["三级"]}', False),
        ("tPerson", '[{名: "甲", levels: ["一级"]}]', True),
        ("tPerson", '{名: "甲"}', False),
        ("tTree", "{below: [{below: []}, {below: [{below: []}]}]}", True),
        ("tTree", "{below: [{below: [1]}]}", False),
        ("tMoment", 'date("2026-01-01")', True),
        ("number", '"1"', False),
        ("Any", '"1"', True),
        ("integer", "1", True),
    ],
)
def test_a_result_is_held_to_its_declared_type(type: str, text: str, fits: bool) -> None:
    outcome = load(definitions(TYPES + decision("d", literal(text), type=type))).evaluate("d", {})
    assert (outcome.value is not None) == fits
    assert [w.code for w in outcome.warnings] == ([] if fits else ["type-mismatch"])


def test_a_date_becomes_a_date_and_time_where_one_is_wanted() -> None:
    got = value(TYPES + decision("d", literal('date("2026-01-01")'), type="tMoment"))
    assert str(got) == "2026-01-01T00:00:00Z"


def test_item_definitions_are_known_to_instance_of() -> None:
    assert value(TYPES + decision("d", literal('["一级"] instance of tLevels'))) is True


def test_input_data_is_held_to_its_type() -> None:
    body = input_data("i", name="n", type="number") + decision("d", literal("n"), needs=["input:i"])
    assert value(body, {"n": "x"}, strict=False) is None
    with pytest.raises(ExpressionError, match="number"):
        value(body, {"n": "x"})


def test_an_imported_decision_keeps_its_own_types() -> None:
    shared = load(definitions(TYPES + decision("ok", literal('"一级" instance of tLevel')), own="urn:shared"))
    wanted = f"<import name='共用' namespace='urn:shared' importType='{DMN_1_3}'/>"
    needs = "<informationRequirement><requiredDecision href='urn:shared#ok'/></informationRequirement>"
    body = f"{wanted}<decision id='d' name='d'>{needs}{literal('共用.ok')}</decision>"
    assert load(definitions(body), imports={"urn:shared": shared}).evaluate("d", {}).value is True
