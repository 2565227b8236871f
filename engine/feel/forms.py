"""The parts of the grammar that begin with a word or a bracket: if, for, some, function, literals, types."""

from __future__ import annotations

from decimal import DecimalException

from engine.feel.cursor import Cursor
from engine.feel.lexer import unescape
from engine.feel.nodes import (
    AtLiteral,
    Call,
    ContextNode,
    For,
    FunctionDef,
    If,
    Iterator,
    ListNode,
    Literal,
    Node,
    Quantified,
    RangeNode,
)
from engine.feel.types import ANY, ContextType, FeelType, FunctionType, ListType, NamedType, RangeType
from engine.feel.values import DECIMAL

_CLOSES_RANGE = frozenset(
    {")", ",", "]", "}", "=", "!=", "<", ">", "<=", ">=", "+", "*", "/", "**", ".", "..", "", ":"}
)
_CLOSES_RANGE_WORDS = frozenset(
    {"and", "or", "then", "else", "return", "satisfies", "in", "between", "instance"}
)


class Forms(Cursor):
    """The word and bracket forms; `expression` and `operand` are the operator grammar above them."""

    def expression(self) -> Node:
        raise NotImplementedError

    def operand(self) -> Node:
        """An expression of arithmetic rank: what stands in ranges and beside comparisons."""
        raise NotImplementedError

    # literals

    def number(self) -> Node:
        token = self.next()
        try:
            return Literal(DECIMAL.create_decimal(token.text), at=token.start)
        except DecimalException:
            raise self.error("the number is too large", "数字过大", token.start) from None

    def string(self) -> Node:
        token = self.next()
        return Literal(unescape(token.text), at=token.start)

    def at_literal(self) -> Node:
        token = self.next()
        return AtLiteral(unescape(token.text[token.text.index('"') :]), at=token.start)

    # brackets

    def list_or_range(self) -> Node:
        start = self.next().start
        items: list[Node] = []
        if self.accept("]"):
            return ListNode((), at=start)
        items.append(self.expression())
        if self.at_op(".."):
            return self.range_rest(items[0], True, start)
        while self.accept(","):
            items.append(self.expression())
        self.expect("]")
        return ListNode(tuple(items), at=start)

    def open_range(self) -> Node:
        """`]1..2]`."""
        start = self.next().start
        low = self.operand()
        if not self.at_op(".."):
            raise self.error("expected '..'", "此处应为“..”")
        return self.range_rest(low, False, start)

    def range_rest(self, low: Node, low_closed: bool, start: int) -> Node:
        self.expect("..")
        outer, self.in_range_end = self.in_range_end, True
        high = self.operand()
        self.in_range_end = outer
        token = self.next()
        if token.kind != "op" or token.text not in ("]", ")", "["):
            self.index -= 1
            raise self.error("the range is not closed", "区间没有结束括号")
        return RangeNode(low, low_closed, high, token.text == "]", at=start)

    def bracket_closes_range(self) -> bool:
        """Whether the `[` here ends a range such as `[1..10[` rather than begins a filter."""
        if not self.in_range_end:
            return False
        after = self.peek()
        if after.kind == "name":
            return after.text in _CLOSES_RANGE_WORDS
        return after.text in _CLOSES_RANGE and after.kind in ("op", "end")

    def context(self) -> Node:
        start = self.next().start
        outer = self.known
        entries: list[tuple[str, Node]] = []
        while not self.accept("}"):
            if entries:
                self.expect(",")
            key = self._key()
            self.expect(":")
            entries.append((key, self.expression()))
            self.declare(key)
        self.known = outer
        return ContextNode(tuple(entries), at=start)

    def _key(self) -> str:
        if self.token.kind == "string":
            return unescape(self.next().text)
        key = self.declared_name(":")
        if key is None:
            raise self.error("expected the name of a context entry", "此处应为上下文条目的名称")
        return key

    def arguments(self, function: Node) -> Node:
        """`(a, b)` or `(name: a, …)` after a function."""
        at = self.next().start
        args: list[Node] = []
        names: list[str] = []
        while not self.accept(")"):
            if args:
                self.expect(",")
            name = self.declared_name(":")
            if name is not None:
                self.index += 1
                names.append(name)
            args.append(self.expression())
        if names and len(names) != len(args):
            raise self.error(
                "named and positional arguments cannot be mixed", "命名参数与位置参数不能混用", at
            )
        return Call(function, tuple(args), tuple(names), at=function.at)

    # words

    def if_then_else(self) -> Node:
        start = self.next().start
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return If(condition, then, self.expression(), at=start)

    def for_return(self) -> Node:
        start = self.next().start
        outer = self.known
        iterators = self._iterators()
        self.expect("return")
        body = self.expression()
        self.known = outer
        return For(iterators, body, at=start)

    def quantified(self) -> Node:
        token = self.next()
        outer = self.known
        iterators = self._iterators()
        self.expect("satisfies")
        condition = self.expression()
        self.known = outer
        return Quantified(token.text, iterators, condition, at=token.start)

    def _iterators(self) -> tuple[Iterator, ...]:
        found = [self._iterator()]
        while self.accept(","):
            found.append(self._iterator())
        return tuple(found)

    def _iterator(self) -> Iterator:
        at = self.token.start
        name = self.declared_name("in")
        if name is None:
            raise self.error("expected a variable name and 'in'", "此处应为变量名和“in”")
        self.expect("in")
        source = self.expression()
        end = self.expression() if self.accept("..") else None
        self.declare(name)
        return Iterator(name, source, end, at=at)

    def function_definition(self) -> Node:
        start = self.next().start
        outer = self.known
        self.expect("(")
        params: list[str] = []
        types: list[FeelType | None] = []
        while not self.accept(")"):
            if params:
                self.expect(",")
            name = self.declared_name(":", ",", ")")
            if name is None:
                raise self.error("expected a parameter name", "此处应为参数名")
            if name in params:
                raise self.error(f"parameter '{name}' occurs twice", f"参数“{name}”重复")
            params.append(name)
            types.append(self.type() if self.accept(":") else None)
        for name in params:
            self.declare(name)
        external = self.at_word("external") and self.peek().text == "{"
        if external:
            self.index += 1
        body = self.expression()
        self.known = outer
        return FunctionDef(tuple(params), tuple(types), body, external, at=start)

    # types

    def type(self) -> FeelType:
        self.deeper()
        kind = self._type()
        self.left += 1
        return kind

    def _type(self) -> FeelType:
        if self.token.kind != "name":
            raise self.error("expected a type", "此处应为类型名")
        word = self.token.text
        if self.peek().text == "<" and word in ("list", "range", "context", "function"):
            self.index += 2
            if word == "list" or word == "range":
                inner = self.type()
                self._close_type()
                return ListType(inner) if word == "list" else RangeType(inner)
            return self._context_type() if word == "context" else self._function_type()
        name = self.name(self.known)
        while self.at_op(".") and self.peek().kind == "name":
            self.index += 1
            name += "." + self.name(self.path_names)
        return ANY if name == "Any" else NamedType(name)

    def _context_type(self) -> FeelType:
        fields: list[tuple[str, FeelType]] = []
        while not self.at_op(">") and not self.at_op(">="):
            if fields:
                self.expect(",")
            name = self.declared_name(":")
            if name is None:
                raise self.error("expected a field name", "此处应为字段名")
            self.index += 1
            fields.append((name, self.type()))
        self._close_type()
        return ContextType(tuple(fields))

    def _function_type(self) -> FeelType:
        params: list[FeelType] = []
        while not self.at_op(">") and not self.at_op(">="):
            if params:
                self.expect(",")
            params.append(self.type())
        self._close_type()
        self.expect("->")
        return FunctionType(tuple(params), self.type())

    def _close_type(self) -> None:
        """Takes the `>`; in `list<number>= x` the lexer has joined it to the next sign."""
        if self.at_op(">="):
            token = self.token
            self.tokens[self.index] = token._replace(text="=", start=token.start + 1)
            return
        self.expect(">")
