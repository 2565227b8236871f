"""The compiled expression and its cache: what the rest of the engine holds in its hands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from engine.errors import ExpressionError
from engine.feel import compile_calls, compile_loops, compile_operators, compile_paths, functions  # noqa: F401  # they register what they compile and define
from engine.feel.compiler import Code, Compiler
from engine.feel.cursor import is_special
from engine.feel.names import reads
from engine.feel.nodes import Node, UnaryTests
from engine.feel.parser import parse
from engine.feel.printer import print_node
from engine.feel.unary import Test, compile_tests
from engine.feel.values import DEFAULT, Environment, Frame, Run, Value, past_bound


class Expression:
    """One expression, parsed and compiled. Immutable; safe to share between threads."""

    __slots__ = ("calls", "code", "item_names", "names", "node", "special", "test", "text")

    text: str
    node: Node
    special: frozenset[str]
    names: frozenset[str]
    item_names: frozenset[str]
    calls: frozenset[str]
    code: Code
    test: Test | None

    def __init__(self, text: str, node: Node, special: frozenset[str] = frozenset()) -> None:
        self.text, self.node, self.special = text, node, special
        compiler = Compiler(text)
        try:
            found = reads(node)
            self.names, self.calls = frozenset(found.names), frozenset(found.calls)
            self.item_names = frozenset(found.item_names)
            self.test = compile_tests(compiler, node) if isinstance(node, UnaryTests) else None
            self.code = compiler.code(node)
        except RecursionError:
            raise past_bound("depth", DEFAULT.bounds.depth, text) from None

    def evaluate(self, scope: Mapping[str, Value], env: Environment = DEFAULT) -> Value:
        """The value in `scope`. Raises BoundError when it would take too long or grow too large."""
        return self.run(Frame(scope, None, Run(env, self.text)))

    def run(self, frame: Frame) -> Value:
        """Like `evaluate`, in a frame that the caller shares between expressions (with one budget)."""
        try:
            return self.code(frame)
        except (RecursionError, MemoryError):
            raise past_bound("depth", frame.run.bounds.depth, self.text) from None

    def print(self) -> str:
        """Canonical text: parsing it (with the same names) gives the same tree."""
        text = print_node(self.node)
        if not self.special or self._reads_back(text):
            return text
        return print_node(self.node, wary=True)

    def _reads_back(self, text: str) -> bool:
        try:
            return parse(text, self.special, unary=self.test is not None) == self.node
        except ExpressionError:
            return False

    def __repr__(self) -> str:
        return f"<FEEL {self.text!r}>"


def open_frame(scope: Mapping[str, Value], env: Environment = DEFAULT, text: str = "") -> Frame:
    """A frame for several `Expression.run` or `Expression.test` calls that share one budget of steps."""
    return Frame(scope, None, Run(env, text))


def compile(text: str, *, names: Iterable[str] = ()) -> Expression:
    """The compiled expression, from the cache if it was compiled before. A leading `=` is dropped.

    `names` are names in scope; only those with a special character or an infix keyword in them matter
    (`profit and loss`, `a-b`). Raises ExpressionError with line and column.
    """
    return _compile(text, _relevant(text, names), False)


def compile_unary(text: str, *, names: Iterable[str] = ()) -> Expression:
    """Unary tests; the input value is `?` in the scope. Empty text passes everything, as `-` does."""
    return _compile(text, _relevant(text, names), True)


def _relevant(text: str, names: Iterable[str]) -> frozenset[str]:
    """The names that can change how `text` is read. Their words must occur in it."""
    return frozenset(name for name in names if name[0:1] in text and is_special(name))


@lru_cache(maxsize=8192)
def _compile(text: str, names: frozenset[str], unary: bool) -> Expression:
    source = text
    if not unary and text.lstrip().startswith("="):
        source = text.replace("=", " ", 1)
    return Expression(text, parse(source, names, unary=unary), names)
