"""Reading and printing: names, precedence, errors with their place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ExpressionError
from engine.feel import compile, compile_unary
from engine.feel.nodes import Name, Node, Path, UnaryTests
from engine.feel.parser import parse
from engine.feel.printer import print_node
from tests.feel.helpers import environment
from tests.feel.strategies import NAMES, trees


@settings(max_examples=1500, deadline=None)
@given(trees)
def test_parsing_the_printed_tree_gives_the_tree_back(tree: Node) -> None:
    assert parse(print_node(tree), NAMES) == tree


@settings(max_examples=300, deadline=None)
@given(st.lists(trees, max_size=3).map(tuple), st.booleans())
def test_parsing_printed_unary_tests_gives_them_back(tests: tuple[Node, ...], negated: bool) -> None:
    tree = UnaryTests(tests, negated and bool(tests))
    assert parse(print_node(tree), NAMES, unary=True) == tree


def test_names_may_hold_spaces_and_any_script() -> None:
    assert parse("人均 收入.unit price") == Path(Name("人均 收入"), "unit price")
    assert compile("低保标准 + 𠮷 + first  name").names == {"低保标准", "𠮷", "first name"}


def test_only_announced_names_hold_operators_and_keywords() -> None:
    assert compile("profit and loss", names=["profit and loss"]).names == {"profit and loss"}
    assert compile("profit and loss").names == {"profit", "loss"}
    assert compile("a-b", names=["a-b"]).names == {"a-b"}
    assert compile("a - b", names=["a-b"]).names == {"a", "b"}


def test_printing_keeps_apart_what_a_name_would_join() -> None:
    expression = compile("(profit) and (loss)", names=["profit and loss"])
    assert compile(expression.print(), names=["profit and loss"]).node == expression.node


def test_the_longest_announced_name_wins() -> None:
    names = ["rate/day", "rate/day + tax"]
    assert compile("rate/day + tax", names=names).names == {"rate/day + tax"}
    assert compile("rate/day * 2", names=names).names == {"rate/day"}


def test_a_name_declared_in_the_expression_is_known_after_it() -> None:
    assert compile("{a-b: 1, c: a-b + 1}").evaluate({}) == {"a-b": 1, "c": 2}
    assert compile("for x-y in [1, 2] return x-y * 2").evaluate({}) == [2, 4]


def test_free_names_leave_out_what_the_expression_binds() -> None:
    expression = compile("for i in xs return {k: i, r: k + y[z > item] + f(function(p) p + q)}.r")
    assert expression.names == {"xs", "y", "f", "q"}
    assert expression.item_names == {"z"}
    assert expression.calls == {"f"}


def test_a_leading_equals_sign_is_dropped() -> None:
    assert compile("= 1 + 1").evaluate({}) == 2
    assert compile_unary("= 1").evaluate({"?": compile("1").evaluate({})}) is True


def test_compiling_the_same_text_twice_gives_the_same_object() -> None:
    assert compile("a + b", names=["a"]) is compile("a + b", names=["unrelated-name"])


def test_operators_bind_as_the_standard_says() -> None:
    assert compile("2 + 3 * 2 ** 2 - -1").evaluate({}) == 15
    assert compile("2 ** 3 ** 2").evaluate({}) == 64
    assert compile("-2 ** 2").evaluate({}) == 4
    assert compile("true or false and false").evaluate({}) is True


def test_comments_and_every_kind_of_space_are_skipped() -> None:
    assert compile("1 /* one\nmore */ +\u3000// rest\n 2").evaluate({}) == 3


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ("1 +", 1, 4),
        ("a\n  + )", 2, 5),
        ("if a then b", 1, 12),
        ('"open', 1, 1),
        ("[1, 2", 1, 6),
        ("{a 1}", 1, 2),
        ("f(a: 1, 2)", 1, 2),
        ("for x return 1", 1, 5),
        ("1 ~ 2", 1, 3),
        ("/* open", 1, 1),
        ("1e99999", 1, 1),
        ("function(a, a) a", 1, 14),
        ("a instance of 5", 1, 15),
        ("(1, 2)", 1, 1),
        ("__import__('os').system('x')", 1, 12),
    ],
)
def test_a_syntax_error_names_its_line_and_column(text: str, line: int, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile(text)
    assert (caught.value.data["line"], caught.value.data["column"]) == (line, column)
    assert f"第{line}行第{column}列" in caught.value.zh
    assert f"Line {line}, column {column}" in caught.value.en


def test_a_warning_names_its_line_and_column() -> None:
    env = environment()
    assert compile("1 +\n  missing").evaluate({}, env) is None
    places = [(warning.code, warning.line, warning.column) for warning in env.warnings]
    assert places == [("unknown-name", 2, 3), ("invalid-operand", 1, 1)]
    assert "missing" in env.warnings[0].zh
