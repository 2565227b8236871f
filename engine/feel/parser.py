"""The operator grammar, from `or` down to paths, filters and invocations.

Written by hand, by operator precedence: names depend on the scope (see `cursor`), which a grammar file for a
parser generator cannot say, and this is smaller and faster than working around it.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.feel.forms import Forms
from engine.feel.nodes import (
    Arithmetic,
    Between,
    Call,
    Compare,
    Filter,
    In,
    InstanceOf,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    Path,
    UnaryRange,
    UnaryTests,
)
from engine.feel.values import Bounds, past_bound

_OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER = range(1, 7)
_RANK = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "in", "between"), _COMPARE),
    "+": _ADD,
    "-": _ADD,
    "*": _MULTIPLY,
    "/": _MULTIPLY,
    "**": _POWER,
}
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_CONSTANTS = {"true": True, "false": False, "null": None}


class Parser(Forms):
    def expression(self) -> Node:
        outer, self.in_range_end = self.in_range_end, False
        node = self._binary(_OR)
        self.in_range_end = outer
        return node

    def operand(self) -> Node:
        return self._binary(_ADD)

    def _binary(self, rank: int) -> Node:
        self.deeper()
        node = self._tail(self._unary(), rank)
        self.left += 1
        return node

    def _tail(self, node: Node, rank: int) -> Node:
        """Takes the operators of at least `rank` that follow `node`. Each makes the tree one level deeper."""
        levels = 0
        while True:
            token = self.token
            mine = _RANK.get(token.text, 0) if token.kind in ("op", "name") else 0
            if mine < rank:
                break
            levels += 1
            self.deeper()
            node = self._operation(node, token.text, mine)
        self.left += levels
        return node

    def _operation(self, left: Node, op: str, rank: int) -> Node:
        self.index += 1
        if op == "between":
            low = self.operand()
            self.expect("and")
            return Between(left, low, self.operand(), at=left.at)
        if op == "in":
            return In(left, self._in_tests(), at=left.at)
        if rank <= _AND:
            return Logic(op, tuple(self._operands(left, op, rank)), at=left.at)
        right = self._binary(rank + 1)
        return (Compare if rank == _COMPARE else Arithmetic)(op, left, right, at=left.at)

    def _operands(self, left: Node, op: str, rank: int) -> list[Node]:
        """A chain of `and` (or `or`) is one node, however long."""
        operands = [left, self._binary(rank + 1)]
        while self.at_word(op):
            self.index += 1
            operands.append(self._binary(rank + 1))
        return operands

    def _in_tests(self) -> tuple[Node, ...]:
        if not self.at_op("("):
            return (self.operand(),)
        tests = self._parenthesis()
        if len(tests) > 1:
            return tests
        return (self._tail(self._postfix(tests[0]), _ADD),)

    def _parenthesis(self) -> tuple[Node, ...]:
        """`(a)`, `(a..b]`, or several tests, which only stand after `in`."""
        start = self.next().start
        tests = [self.expression()]
        if self.at_op(".."):
            return (self.range_rest(tests[0], False, start),)
        while self.accept(","):
            tests.append(self.expression())
        self.expect(")")
        return tuple(tests)

    def _unary(self) -> Node:
        token = self.token
        if token.kind == "op":
            if token.text == "-":
                self.index += 1
                self.deeper()
                node = Negate(self._unary(), at=token.start)
                self.left += 1
                return node
            if token.text in _COMPARISONS:
                self.index += 1
                return UnaryRange(token.text, self.operand(), at=token.start)
        return self._postfix(self._primary())

    def _postfix(self, node: Node) -> Node:
        levels = 0
        while True:
            token = self.token
            if token.text == "instance" and self.peek().text == "of" and token.kind == "name":
                self.index += 2
                node = InstanceOf(node, self.type(), at=node.at)
            elif token.kind != "op":
                break
            elif token.text == "." and self.peek().kind == "name":
                self.index += 1
                node = Path(node, self.name(self.path_names), at=token.start)
            elif token.text == "[" and not self.bracket_closes_range():
                self.index += 1
                node = Filter(node, self.expression(), at=token.start)
                self.expect("]")
            elif token.text == "(":
                node = self.arguments(node)
            else:
                break
            levels += 1
            self.deeper()
        self.left += levels
        return node

    def _primary(self) -> Node:
        token = self.token
        if token.kind == "number":
            return self.number()
        if token.kind == "string":
            return self.string()
        if token.kind == "at":
            return self.at_literal()
        if token.kind == "name":
            return self._word()
        if token.text == "(":
            tests = self._parenthesis()
            if len(tests) > 1:
                raise self.error(
                    "several values in parentheses stand only after 'in'",
                    "括号内的多个值只能用在“in”之后",
                    token.start,
                )
            return tests[0]
        if token.text == "[":
            return self.list_or_range()
        if token.text == "]":
            return self.open_range()
        if token.text == "{":
            return self.context()
        raise self.unexpected()

    def _word(self) -> Node:
        token = self.token
        if not self.known_length(self.known):
            word = token.text
            if word in _CONSTANTS:
                self.index += 1
                return Literal(_CONSTANTS[word], at=token.start)
            if word == "if":
                return self.if_then_else()
            if word == "for":
                return self.for_return()
            if word in ("some", "every"):
                return self.quantified()
            if word == "function" and self.peek().text == "(":
                return self.function_definition()
            if word in ("and", "or", "in", "between", "then", "else", "return", "satisfies"):
                raise self.unexpected()
        return Name(self.name(self.known), at=token.start)

    def tests(self) -> Node:
        """Unary tests: `-`, `not(…)`, or tests with commas between."""
        start = self.token.start
        if self.at_op("-") and self.peek().kind == "end":
            self.index += 1
            return UnaryTests((), at=start)
        if not (self.at_word("not") and self.peek().text == "("):
            return UnaryTests(self._test_list(self.expression()), at=start)
        self.index += 2
        inner = self._test_list(self.expression())
        self.expect(")")
        if self.token.kind == "end":
            return UnaryTests(inner, True, at=start)
        # More follows (`not(a) and b`), so this `not` was the function.
        call = Call(Name("not", at=start), inner, at=start)
        return UnaryTests(self._test_list(self._tail(self._postfix(call), _OR)), at=start)

    def _test_list(self, first: Node) -> tuple[Node, ...]:
        tests = [first]
        while self.accept(","):
            tests.append(self.expression())
        return tuple(tests)

    def whole(self, node: Node) -> Node:
        if self.token.kind != "end":
            raise self.unexpected()
        return node


def parse(text: str, names: Iterable[str] = (), *, unary: bool = False, bounds: Bounds | None = None) -> Node:
    """Raises ExpressionError with line and column, BoundError for text too long or too deep."""
    bounds = bounds or Bounds()
    if len(text) > bounds.text_size:
        raise past_bound("text size", bounds.text_size, text)
    try:
        parser = Parser(text, names, bounds.depth)
        if unary and parser.token.kind == "end":
            return UnaryTests(())
        return parser.whole(parser.tests() if unary else parser.expression())
    except RecursionError:  # the caller's own stack was nearly full
        raise past_bound("depth", bounds.depth, text) from None
