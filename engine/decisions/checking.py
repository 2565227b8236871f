"""What can be said against a decision file before it runs. Tables are looked at in `table_check`."""

from __future__ import annotations

from collections.abc import Iterator

from engine import feel
from engine.decisions import model as m
from engine.decisions.cells import Opaque, constant
from engine.decisions.coercion import MISFIT
from engine.decisions.graph import DecisionModel
from engine.decisions.table_check import check_table
from engine.errors import ExpressionError
from engine.types import Finding, Severity


def check(model: DecisionModel) -> list[Finding]:
    """All findings of one file, in its order; "error" ones can't run or always fail."""
    return list(Check(model).run())


class Check:
    """Holds the model while its elements are gone through."""

    def __init__(self, model: DecisionModel) -> None:
        self.model = model
        self.file = model.definitions.file

    def run(self) -> Iterator[Finding]:
        yield from self._unreadable()
        for item in self.model.definitions.types:
            yield from self._item(item)
        for node in self.model.definitions.nodes.values():
            yield from self._node(node)

    def finding(
        self, severity: Severity, code: str, zh: str, en: str, node: m.Drawn | None, **place: str | int | None
    ) -> Finding:
        element_id = place.pop("element_id", "") or (node.id if node else "")
        return Finding(
            severity=severity,
            code=code,
            zh=zh,
            en=en,
            file=self.file,
            element_id=str(element_id),
            element_name=node.name if node else "",
            **place,  # type: ignore[arg-type]  # line and column
        )

    def _unreadable(self) -> Iterator[Finding]:
        nodes = self.model.definitions.nodes
        for owner, problems in self.model.problems.items():
            for problem in problems:
                yield self.finding(
                    "error",
                    "syntax",
                    problem.error.zh,
                    problem.error.en,
                    nodes[owner],
                    element_id=problem.element_id,
                    line=problem.line,
                    column=problem.column,
                )

    def _item(self, item: m.ItemType) -> Iterator[Finding]:
        if not item.is_function and not item.components:
            yield from self._type(item.base, None, item.name)
        for component in item.components:
            yield from self._item(component)
        for text in (item.allowed, item.constraint):
            if text is not None:
                yield from self._allowed(text, None)

    def _type(self, name: str, node: m.Drawn | None, element_id: str) -> Iterator[Finding]:
        if not self.model.types.is_known(name):
            yield self.finding(
                "error",
                "unknown-type",
                f"类型“{name}”不存在。",
                f'There is no type "{name}".',
                node,
                element_id=element_id,
            )

    def _allowed(self, text: m.Text, node: m.Drawn | None) -> Iterator[Finding]:
        try:
            feel.compile_unary(text.text)
        except ExpressionError as error:
            yield self.finding(
                "error", "syntax", error.zh, error.en, node, element_id=text.id, line=text.line
            )

    def _node(self, node: m.Drawn) -> Iterator[Finding]:
        yield from self._type(node.type, node, node.id)
        yield from self._names(node)
        yield from self._constants(node)
        if isinstance(node, m.Decision) and node.expression is None:
            zh, en = f"决策“{node.name}”没有内容。", f'The decision "{node.name}" has no logic.'
            yield self.finding("warning", "no-logic", zh, en, node)
        expression = m.expression_of(node)
        for part in m.parts(expression) if expression is not None else ():
            yield from self._type(part.type, node, part.id)
            yield from self._part(part, node)

    def _constants(self, node: m.Drawn) -> Iterator[Finding]:
        """Texts that read nothing and come out null for a reason, such as a date that doesn't exist."""
        for read in self.model.reads[node.id]:
            if read.expression.names or read.expression.calls:
                continue
            for en, zh in _warnings(read.expression):
                at, line = read.element_id, read.text.line
                yield self.finding("warning", "always-null", zh, en, node, element_id=at, line=line)

    def _names(self, node: m.Drawn) -> Iterator[Finding]:
        """Names nothing defines, where inputs are drawn; an element that draws none reads the case.

        Functions the product brings along are known only where the decision is called from.
        """
        draws_inputs = any(isinstance(need.node, m.InputData) for need in self.model.needs[node.id])
        if not draws_inputs and not isinstance(node, m.Knowledge):
            return
        calls = {name for read in self.model.reads[node.id] for name in read.expression.calls}
        for name in sorted(self.model.undefined(node) - calls):
            yield self.finding(
                "warning",
                "unknown-name",
                f"“{node.name}”使用了“{name}”，但它不是所依赖的输入、决策或业务知识模型。",
                f'"{node.name}" uses "{name}", which is no input, decision or knowledge that it requires.',
                node,
            )

    def _part(self, part: m.Expression, node: m.Drawn) -> Iterator[Finding]:
        match part:
            case m.Table():
                clauses: list[m.InputClause | m.OutputClause] = [*part.inputs, *part.outputs]
                for clause in clauses:
                    yield from self._type(clause.type, node, clause.id)
                    if clause.allowed is not None:
                        yield from self._allowed(clause.allowed, node)
                yield from check_table(self.model, node, part)
            case m.Function() if part.kind != "FEEL":
                yield self.finding(
                    "error",
                    "foreign-function",
                    f"“{node.name}”是 {part.kind} 函数，本系统只执行 FEEL 函数。",
                    f'"{node.name}" is a {part.kind} function; only FEEL functions run here.',
                    node,
                    element_id=part.id,
                )
            case m.Literal() if part is m.expression_of(node):
                yield from self._literal(part, node)

    def _literal(self, literal: m.Literal, node: m.Drawn) -> Iterator[Finding]:
        """A decision that is a constant of another type than it declares."""
        coerce = self.model.types.coercer(literal.type or node.type)
        try:
            value = constant(feel.compile(literal.text.text).node) if coerce else None
        except (ExpressionError, Opaque):
            return
        if coerce is not None and coerce(value, feel.DEFAULT) is MISFIT:
            yield self.finding(
                "error",
                "type-mismatch",
                f"“{node.name}”的值不符合类型“{literal.type or node.type}”。",
                f'The value of "{node.name}" does not fit the type "{literal.type or node.type}".',
                node,
                line=literal.line,
            )


_SOME_TIME = feel.DateTime(feel.Date(2000, 1, 1), feel.Time(0, 0))
"""Stands in for the clock, so that `today()` is not blamed."""


def _warnings(constant_text: feel.Expression) -> list[tuple[str, str]]:
    """Why a text that reads nothing is null, in English and Chinese."""
    warned: list[feel.Warned] = []
    try:
        constant_text.evaluate({}, feel.Environment(now=_SOME_TIME, warnings=warned))
    except ExpressionError as error:
        return [(error.en, error.zh)]
    return [(w.en, w.zh) for w in warned]
