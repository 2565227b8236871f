"""What a DMN file says, as frozen values. No evaluation and no XML here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

HitPolicy = OneOf["UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
Aggregation = OneOf["", "SUM", "MIN", "MAX", "COUNT"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """FEEL text as it stands in the file; `line` is where it begins."""

    text: str
    id: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxed:
    """What all boxed expressions share; `type` is a type name, "" for any."""

    id: str = ""
    type: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Boxed):
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A named expression: a context entry, or the result of the context when `name` is empty."""

    name: str
    type: str
    value: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Boxed):
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(Boxed):
    called: Expression
    bindings: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf(Boxed):
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Boxed):
    columns: tuple[str, ...]
    rows: tuple[tuple[Expression, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Boxed):
    """A function definition. `kind` other than FEEL can't run here and has no body."""

    kind: str
    parameters: tuple[Parameter, ...]
    body: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Boxed):
    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(Boxed):
    source: Expression
    match: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Iteration(Boxed):
    """`partial` tells whether the body speaks of the results so far."""

    kind: OneOf["for", "some", "every"]
    partial: bool
    variable: str
    source: Expression
    body: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause:
    id: str
    label: str
    expression: Text
    type: str
    allowed: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause:
    id: str
    name: str
    label: str
    type: str
    allowed: Text | None
    default: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`index` counts from 1; `annotations` are (column name, text)."""

    id: str
    index: int
    line: int | None
    tests: tuple[Text, ...]
    results: tuple[Text, ...]
    annotations: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Boxed):
    hit_policy: HitPolicy
    aggregation: Aggregation
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]


Expression: TypeAlias = (
    Literal | Context | Invocation | ListOf | Relation | Function | Conditional | Filter | Iteration | Table
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemType:
    """An item definition: a base type name, components, or a function; perhaps a list of it.

    `allowed` constrains the single item, `constraint` the whole value (DMN 1.4 `typeConstraint`).
    A function has `parameters` and a `result` type; others have neither.
    """

    name: str
    base: str = ""
    components: tuple[ItemType, ...] = ()
    is_list: bool = False
    is_function: bool = False
    parameters: tuple[Parameter, ...] = ()
    result: str = ""
    allowed: Text | None = None
    constraint: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A drawn element. `requires` are the hrefs of what it needs: `#id` or `namespace#id`.

    `name` is its variable's name, by which others read it; `label` is the name in the diagram.
    """

    id: str
    name: str
    label: str = ""
    type: str = ""
    line: int | None = None
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData(Node):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Node):
    expression: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge(Node):
    """A business knowledge model; always a function."""

    function: Function


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Node):
    """A decision service. Its parameters are the input data, then the input decisions, in this order."""

    outputs: tuple[str, ...]
    inputs: tuple[str, ...]


Drawn: TypeAlias = InputData | Decision | Knowledge | Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    name: str
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """One file. `nodes` by id, in the file's order."""

    file: str
    id: str
    name: str
    namespace: str
    imports: tuple[Import, ...]
    types: tuple[ItemType, ...]
    nodes: Mapping[str, Drawn]


def parts(expression: Expression) -> Iterator[Expression]:
    """The expression and all boxed expressions inside it."""
    yield expression
    for inner in _inside(expression):
        yield from parts(inner)


def _inside(e: Expression) -> list[Expression]:
    match e:
        case Context():
            return [entry.value for entry in e.entries]
        case Invocation():
            return [e.called, *(binding.value for binding in e.bindings)]
        case ListOf():
            return list(e.items)
        case Relation():
            return [cell for row in e.rows for cell in row]
        case Function():
            return [] if e.body is None else [e.body]
        case Conditional():
            return [e.condition, e.then, e.otherwise]
        case Filter():
            return [e.source, e.match]
        case Iteration():
            return [e.source, e.body]
    return []


def expression_of(node: Drawn) -> Expression | None:
    """What a drawn element computes, if anything."""
    if isinstance(node, Knowledge):
        return node.function
    return node.expression if isinstance(node, Decision) else None
