"""What the check of a decision file finds, and that it shows nothing that isn't so."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from engine.decisions import check, load
from engine.types import Finding

from .files import decision, definitions, input_data, literal, table


def findings(body: str) -> list[Finding]:
    return check(load(definitions(body), file="rules.dmn"))


def of_table(*args: Any, **options: Any) -> list[tuple[str, str]]:
    return [(f.code, f.en) for f in findings(decision("d", table(*args, **options)))]


def test_a_complete_table_has_no_findings() -> None:
    rules = [["< 18", "-", '"child"'], [">= 18", "true", '"helped"'], [">= 18", "false", '"adult"']]
    assert of_table([("age", "number"), ("disabled", "boolean")], rules) == []


def test_a_gap_between_numbers_is_shown_as_a_concrete_input() -> None:
    got = of_table([("age", "number")], [["< 18", "1"], ["> 18", "2"]])
    assert got == [("table-gap", "No rule matches: age = 18.")]


def test_a_gap_names_every_column() -> None:
    rules = [["true", '"一级"', "1"], ["-", '"二级"', "2"], ["false", "-", "3"]]
    got = of_table([("disabled", "boolean"), ("级别", "string")], rules, policy="FIRST")
    assert got == [("table-gap", 'No rule matches: disabled = true, 级别 = "其他".')]


def test_allowed_values_close_a_column() -> None:
    rules = [['"一级"', "1"], ['"二级"', "2"]]
    assert of_table([("级别", "string")], rules, allowed=['"一级","二级"']) == []
    assert of_table([("n", "number")], [["[0..5]", "1"], ["(5..9]", "2"]], allowed=["[0..9]"]) == []


def test_allowed_values_are_taken_from_the_drawn_inputs_type() -> None:
    level = (
        '<itemDefinition name=\'tLevel\'><typeRef>string</typeRef><allowedValues><text>"一级","二级"</text>'
    )
    body = level + "</allowedValues></itemDefinition>" + input_data("i", name="级别", type="tLevel")
    rules = [['"一级"', "1"], ['"二级"', "2"]]
    assert findings(body + decision("d", table([("级别", "string")], rules), needs=["input:i"])) == []


def test_neighbouring_dates_leave_no_gap_but_a_missing_day_does() -> None:
    upto, after = '<= date("2026-01-31")', '>= date("2026-02-01")'
    assert of_table([("day", "date")], [[upto, "1"], [after, "2"]]) == []
    got = of_table([("day", "date")], [[upto, "1"], ['>= @"2026-02-02"', "2"]])
    assert got == [("table-gap", "No rule matches: day = 2026-02-01.")]


def test_an_overlap_in_a_unique_table_is_an_error_with_a_concrete_input() -> None:
    rules = [["<= 18", '"a"', "1"], [">= 18", "-", "2"], ["> 18", '"b"', "3"]]
    got = findings(decision("d", table([("age", "number"), ("kind", "string")], rules)))
    overlaps = [f for f in got if f.code == "table-overlap"]
    assert [f.severity for f in overlaps] == ["error", "error"]
    assert 'rules 1 and 2 both match: age = 18, kind = "a"' in overlaps[0].en
    assert "第 1 条与第 2 条规则同时命中：age = 18" in overlaps[0].zh
    assert (overlaps[0].file, overlaps[0].element_id) == ("rules.dmn", "rule2")


def test_any_may_overlap_where_it_agrees() -> None:
    assert of_table([("n", "number")], [["<= 5", "1"], [">= 5", "1"]], policy="ANY") == []
    got = of_table([("n", "number")], [["<= 5", "1"], [">= 5", "2"]], policy="ANY")
    assert [code for code, _ in got] == ["table-overlap"]


def test_a_shadowed_rule_is_found_under_first_and_priority() -> None:
    rules = [["< 10", '"a"'], [">= 10", '"b"'], ["[5..15]", '"c"']]
    expected = "Rule 3 never decides: other rules come first for all of its inputs."
    assert of_table([("n", "number")], rules, policy="FIRST") == [("unreachable-rule", expected)]
    order = ['"a","b","c"']
    got = of_table([("n", "number")], rules, policy="PRIORITY", output_allowed=order)
    assert got == [("unreachable-rule", expected)]
    assert of_table([("n", "number")], rules, policy="PRIORITY", output_allowed=['"c","b","a"']) == []


def test_a_rule_that_allows_nothing_is_found() -> None:
    got = of_table([("n", "number")], [["> 100", "1"], ["<= 100", "2"]], allowed=["[0..100]"])
    assert got == [("unreachable-rule", "Rule 1 matches no allowed input.")]


def test_a_default_output_or_a_list_policy_needs_no_complete_table() -> None:
    assert of_table([("n", "number")], [["> 1", "1"]], default="0") == []
    assert of_table([("n", "number")], [["> 1", "1"]], policy="COLLECT") == []


def test_cells_that_are_no_comparison_are_said_to_be_unproved_and_never_blamed() -> None:
    rules = [["< limit", "1"], [">= 5", "2"]]
    got = of_table([("n", "number")], rules)
    assert [code for code, _ in got] == ["not-provable"]


def test_columns_that_ask_the_same_are_one() -> None:
    rules = [["> 1", "< 5", "1"], ["<= 1", "-", "2"], ["-", ">= 5", "3"]]
    assert of_table([("n", "number"), ("n", "number")], rules) == []


def test_constants_of_another_type_are_errors() -> None:
    got = of_table(
        [("n", "number")], [['"five"', "1"], ["-", '"x"']], outputs=[("r", "number")], policy="FIRST"
    )
    mismatches = [text for code, text in got if code == "type-mismatch"]
    assert sorted(mismatches) == [
        '"five" in rule 1 does not fit the type "number".',
        '"x" in rule 2 does not fit the type "number".',
    ]


def test_an_output_that_is_not_allowed_is_an_error() -> None:
    got = of_table([("n", "number")], [["-", '"x"']], output_allowed=['"y"'])
    assert got == [("value-not-allowed", 'The output "x" of rule 1 is not among the allowed values.')]


def test_syntax_errors_have_element_line_and_column() -> None:
    (got,) = findings("\n\n" + decision("d", literal("1 +\n* 2")))
    assert (got.severity, got.code, got.element_id, got.line, got.column) == ("error", "syntax", "d", 4, 1)
    assert got.zh != got.en


def test_unknown_names_are_found_where_inputs_are_drawn() -> None:
    body = input_data("i", name="income") + decision("d", literal("income + incone"), needs=["input:i"])
    (got,) = findings(body)
    assert (got.code, got.element_id) == ("unknown-name", "d")
    assert '"incone"' in got.en
    assert findings(decision("d", literal("income + incone"))) == []


def test_unknown_types_missing_logic_and_foreign_functions_are_found() -> None:
    java = "<encapsulatedLogic kind='Java'/>"
    body = (
        decision("a", literal("1"), type="tMissing")
        + "<decision id='b' name='b'/>"
        + f"<businessKnowledgeModel id='c' name='c'>{java}</businessKnowledgeModel>"
        + decision("e", literal('"x"'), type="number")
    )
    assert [(f.severity, f.code, f.element_id) for f in findings(body)] == [
        ("error", "unknown-type", "a"),
        ("warning", "no-logic", "b"),
        ("error", "foreign-function", "c"),
        ("error", "type-mismatch", "e"),
    ]


def test_a_constant_that_is_always_null_is_found() -> None:
    body = decision(
        "d", table([("day", "date")], [['< date("2026-02-30")', "1"], ["-", "2"]], policy="FIRST")
    )
    got = [(f.severity, f.code) for f in findings(body)]
    assert got[0] == ("warning", "always-null")
    assert findings(decision("d", literal("today()"))) == []


def test_columns_need_an_expression_names_and_priorities() -> None:
    assert [c for c, _ in of_table([("", "")], [["-", "1"]])] == ["no-input-expression"]
    assert [c for c, _ in of_table([], [["1", "2"]], outputs=[("a", ""), ("", "")])] == ["output-names"]
    assert [c for c, _ in of_table([], [["1"]], policy="PRIORITY")] == ["no-priorities"]


def test_functions_of_the_product_are_not_called_unknown() -> None:
    body = input_data("i", name="n") + decision("d", literal('limit("a") + n'), needs=["input:i"])
    assert findings(body) == []
    assert load(definitions(body)).required_inputs("d") == {"limit", "n"}


def test_a_table_too_large_to_prove_says_so() -> None:
    """A pigeonhole: one column more than there are values, and a rule for each two that are equal."""
    size, values = 9, "12345678"
    columns = [(f"n{i}", "number") for i in range(size)]
    rules = [["-"] * i + [f"not({','.join(values)})"] + ["-"] * (size - 1 - i) + ["1"] for i in range(size)]
    for i, j in itertools.combinations(range(size), 2):
        for value in values:
            row = ["-"] * size
            row[i] = row[j] = value
            rules.append([*row, "1"])
    got = of_table(columns, rules, policy="ANY")
    assert got == [("too-large", "The table is too large to look through for gaps.")]
    assert of_table(columns, [*rules, ["-"] * size + ["1"]], policy="ANY") == []


@pytest.mark.parametrize(
    "cell",
    [
        "< " + "9" * 40,
        "[8" + "0" * 6144 + "..9" + "0" * 6144 + "]",
        "> 0." + "0" * 60 + "1",
        '> date("999999999-12-31")',
        '< time("00:00:00")',
    ],
)
def test_constants_at_the_ends_of_a_type_are_checked_too(cell: str) -> None:
    got = of_table([("x", "")], [[cell, "1"], ["-", "2"]], policy="FIRST")
    assert {code for code, _ in got} <= {"unreachable-rule"}
