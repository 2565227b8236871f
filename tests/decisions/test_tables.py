"""Hit policies, hits, annotations and what strict mode makes of a conflict."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine import feel
from engine.decisions import load
from engine.errors import ExpressionError

from .files import decision, definitions, table

RULES = [["< 10", '"low"', "1"], ["[5..20]", '"middle"', "2"], [">= 20", '"high"', "4"]]


def outcome(policy: str, score: Any, *, strict: bool = False, **options: Any) -> Any:
    columns = options.pop("columns", 1)
    outputs = [("level", "string"), ("points", "number")] if columns == 2 else [("level", "string")]
    rules = options.pop("rules", [rule[: columns + 1] for rule in RULES])
    content = table([("score", "number")], rules, policy=policy, outputs=outputs, **options)
    return load(definitions(decision("d", content))).evaluate(
        "d", {"score": feel.to_feel(score)}, strict=strict
    )


def test_unique_gives_the_only_rule_with_its_hit() -> None:
    got = outcome("UNIQUE", 3, strict=True, notes=["Art. 1", "Art. 2", "Art. 3"])
    assert got.value == "low"
    (hit,) = got.hits
    assert (hit.decision_id, hit.table, hit.rule_index, hit.rule_id) == ("d", "table", 1, "rule1")
    assert hit.annotations == (("依据", "Art. 1"),)
    assert hit.inputs == {"score": Decimal(3)}


def test_unique_with_two_rules_is_null_with_a_warning() -> None:
    got = outcome("UNIQUE", 7)
    assert got.value is None
    assert [hit.rule_index for hit in got.hits] == [1, 2]
    assert "rules 1, 2" in got.warnings[0].en


def test_unique_with_two_rules_is_an_error_naming_them_in_strict_mode() -> None:
    with pytest.raises(ExpressionError) as caught:
        outcome("UNIQUE", 7, strict=True)
    assert caught.value.data["rules"] == [1, 2]
    assert caught.value.data["element"] == "table"
    assert caught.value.data["decision"] == "d"
    assert caught.value.zh == "决策表“d”只允许一条规则命中，却命中了第 1、2 条。"


def test_any_agrees_or_conflicts() -> None:
    same = [["< 10", '"x"'], ["[5..20]", '"x"'], [">= 20", '"y"']]
    assert outcome("ANY", 7, rules=same, strict=True).value == "x"
    assert outcome("ANY", 20, rules=same).value is None
    with pytest.raises(ExpressionError, match="different outputs"):
        outcome("ANY", 20, rules=same, strict=True)


def test_first_stops_at_the_first_rule() -> None:
    got = outcome("FIRST", 7, strict=True)
    assert (got.value, [hit.rule_index for hit in got.hits]) == ("low", [1])


def test_priority_follows_the_order_of_the_allowed_outputs() -> None:
    got = outcome("PRIORITY", 7, output_allowed=['"high", "middle", "low"'], strict=True)
    assert (got.value, [hit.rule_index for hit in got.hits]) == ("middle", [2])


def test_priority_with_two_columns_ranks_the_left_one_first() -> None:
    rules = [["-", '"b"', "1"], ["-", '"a"', "2"], ["-", '"a"', "1"]]
    got = outcome("PRIORITY", 1, rules=rules, columns=2, output_allowed=['"a","b"', "1,2"], strict=True)
    assert got.value == {"level": "a", "points": Decimal(1)}


def test_output_order_sorts_all_matches() -> None:
    got = outcome("OUTPUT ORDER", 7, output_allowed=['"middle", "low", "high"'], strict=True)
    assert got.value == ["middle", "low"]
    assert [hit.rule_index for hit in got.hits] == [2, 1]


@pytest.mark.parametrize("policy", ["RULE ORDER", "COLLECT"])
def test_rule_order_and_collect_give_all_matches_in_order(policy: str) -> None:
    assert outcome(policy, 20, strict=True).value == ["middle", "high"]


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 6), ("MIN", 2), ("MAX", 4), ("COUNT", 2)])
def test_collect_aggregates(aggregation: str, expected: int) -> None:
    rules = [[test, points] for test, _, points in RULES]
    content = table(
        [("score", "number")], rules, policy="COLLECT", aggregation=aggregation, outputs=[("n", "number")]
    )
    got = load(definitions(decision("d", content))).evaluate("d", {"score": Decimal(20)}, strict=True)
    assert got.value == expected
    assert [hit.rule_index for hit in got.hits] == [2, 3]


def test_no_rule_is_null_without_a_hit() -> None:
    got = outcome("UNIQUE", None, strict=True)
    assert (got.value, got.hits) == (None, ())


def test_no_rule_gives_the_default_output() -> None:
    assert outcome("UNIQUE", 30, rules=[["< 10", '"low"']], default='"other"', strict=True).value == "other"


def test_several_outputs_make_a_context() -> None:
    assert outcome("UNIQUE", 3, columns=2, strict=True).value == {"level": "low", "points": Decimal(1)}


def test_an_input_that_is_not_allowed_is_an_error_in_strict_mode() -> None:
    with pytest.raises(ExpressionError, match='"score" is not among the allowed values'):
        outcome("UNIQUE", 101, allowed=["[0..100]"], strict=True)
    got = outcome("UNIQUE", 101, allowed=["[0..100]"])
    assert (got.value, got.warnings[0].code) == (None, "value-not-allowed")


def test_an_output_that_is_not_allowed_is_an_error_in_strict_mode() -> None:
    with pytest.raises(ExpressionError, match='"low" is not among'):
        outcome("UNIQUE", 3, output_allowed=['"middle", "high"'], strict=True)


def test_an_input_of_another_type_is_an_error_in_strict_mode() -> None:
    with pytest.raises(ExpressionError, match='does not fit the type "number"'):
        outcome("UNIQUE", "three", strict=True)
    assert outcome("UNIQUE", "three").value is None


def test_a_list_of_one_stands_for_its_item() -> None:
    assert outcome("UNIQUE", [3], strict=True).value == "low"


def test_cells_may_use_other_variables_and_the_input_itself() -> None:
    rules = [["< limit", '"under"'], ["? >= limit and ? < 2 * limit", '"over"']]
    model = load(definitions(decision("d", table([("n", "number")], rules))))
    assert model.evaluate("d", {"n": Decimal(3), "limit": Decimal(5)}, strict=True).value == "under"
    assert model.evaluate("d", {"n": Decimal(7), "limit": Decimal(5)}, strict=True).value == "over"


def test_chinese_names_and_values_work() -> None:
    rules = [["< 低保标准", '"三级"', '"符合"'], [">= 低保标准", "-", '"不符合"']]
    model = load(
        definitions(
            decision("d", table([("人均收入", "number"), ("残疾等级", "string")], rules), name="资格")
        )
    )
    scope = {"人均收入": Decimal(300), "低保标准": Decimal(760), "残疾等级": "三级"}
    got = model.evaluate("资格", scope, strict=True)
    assert got.value == "符合"
    assert got.hits[0].inputs == {"人均收入": Decimal(300), "残疾等级": "三级"}


def test_a_broken_cell_never_matches_and_stops_strict_mode() -> None:
    model = load(definitions(decision("d", table([("n", "number")], [["1 +", '"x"'], ["-", '"y"']]))))
    assert model.evaluate("d", {"n": Decimal(1)}).value == "y"
    with pytest.raises(ExpressionError):
        model.evaluate("d", {"n": Decimal(1)}, strict=True)


def test_columns_of_the_same_name_are_told_apart_in_hits() -> None:
    model = load(definitions(decision("d", table([("n", "number"), ("n", "number")], [["> 1", "< 5", "1"]]))))
    assert model.evaluate("d", {"n": Decimal(3)}).hits[0].inputs == {"n": Decimal(3), "n 2": Decimal(3)}


def test_a_rules_description_is_kept_as_an_annotation() -> None:
    rule = "<rule id='r'><description>民发〔2021〕57号</description><inputEntry><text/></inputEntry>"
    rule += "<outputEntry><text>1</text></outputEntry></rule>"
    clauses = "<input><inputExpression><text>n</text></inputExpression></input><output/>"
    content = f"<decisionTable id='t'>{clauses}{rule}</decisionTable>"
    got = load(definitions(decision("d", content))).evaluate("d", {"n": None})
    assert got.hits[0].annotations == (("description", "民发〔2021〕57号"),)
