"""Reading and printing: names, precedence, errors with their place."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.nodes import Node, UnaryTests
from engine.feel.parser import parse
from engine.feel.printer import print_node
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
