"""Checks one decision table: gaps, overlaps, rules that never decide, constants of a wrong type.

Cells that are more than comparisons with constants are taken so that no finding is wrong: as matching
everything when a gap is looked for, and nothing when an overlap is. An info finding names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine import feel
from engine.decisions import coverage
from engine.decisions import model as m
from engine.decisions.cells import Opaque, constant, constants
from engine.decisions.coercion import MISFIT
from engine.decisions.graph import DecisionModel
from engine.decisions.grid import Grid, build_grid
from engine.decisions.policies import rank
from engine.decisions.session import show
from engine.decisions.tables import ranking
from engine.errors import ExpressionError
from engine.types import Finding, Severity

MAX_SHOWN = 3
SINGLE_HIT = frozenset({"UNIQUE", "ANY", "FIRST", "PRIORITY"})


def check_table(model: DecisionModel, node: m.Drawn, table: m.Table) -> Iterator[Finding]:
    """Findings on a table of `node`; a table whose cells can't be read has been reported elsewhere."""
    yield from TableCheck(model, node, table).run()


class TableCheck:
    def __init__(self, model: DecisionModel, node: m.Drawn, table: m.Table) -> None:
        self.model, self.node, self.table = model, node, table
        self.kinds = [self._kind(clause) for clause in table.inputs]
        self.outputs = [self._output_constants(rule) for rule in table.rules]

    def run(self) -> Iterator[Finding]:
        yield from self._structure()
        yield from self._outputs()
        cells = self._cells()
        if cells is None:
            return
        yield from self._input_types(cells)
        opaque = [rule.index for rule, row in zip(self.table.rules, cells, strict=True) if _is_opaque(row)]
        if opaque:
            yield self._finding(
                "info",
                "not-provable",
                f"第 {_zh(opaque)} 条规则的单元格不是与常量的比较，缺口与重叠只能部分检查。",
                f"Cells of rule {_en(opaque)} are more than comparisons with constants; gaps and overlaps "
                "are checked in part.",
            )
        try:
            grid = build_grid(self.model.types, self.table, self.kinds, cells)
        except coverage.TooLarge:
            yield self._too_large("缺口与重叠", "gaps and overlaps")
            return
        yield from self._overlaps(grid)
        try:
            yield from self._gaps(grid)
        except coverage.TooLarge:
            yield self._too_large("缺口", "gaps")
        try:
            yield from self._unreachable(grid)
        except coverage.TooLarge:
            yield self._too_large("不起作用的规则", "rules that never decide")

    # reading the table

    def _cells(self) -> list[list[feel.Expression]] | None:
        names = self.model.readable(self.node)
        try:
            return [
                [feel.compile_unary(text.text, names=names) for text in rule.tests]
                for rule in self.table.rules
            ]
        except ExpressionError:
            return None

    def _kind(self, clause: m.InputClause) -> str:
        """The column's type; that of the input it shows says more when it is an item definition."""
        text = clause.expression.text.strip()
        drawn = next((n.node.type for n in self.model.needs[self.node.id] if text in n.names), "")
        return drawn if drawn in self.model.types.items or not clause.type else clause.type

    def _output_constants(self, rule: m.Rule) -> list[feel.Value] | None:
        """The outputs of a rule if all are constants."""
        try:
            return [constant(feel.compile(text.text or "null").node) for text in rule.results]
        except (ExpressionError, Opaque):
            return None

    # findings

    def _structure(self) -> Iterator[Finding]:
        """Columns that lack what they need to mean anything."""
        for index, clause in enumerate(self.table.inputs, 1):
            if not clause.expression.text.strip():
                zh, en = f"第 {index} 个输入列没有表达式。", f"Input column {index} has no expression."
                yield self._finding("error", "no-input-expression", zh, en)
        names = [clause.name for clause in self.table.outputs]
        if len(names) > 1 and (not all(names) or len(set(names)) < len(names)):
            zh, en = (
                "多个输出列必须各有不同的名称。",
                "Several output columns need a name each, all different.",
            )
            yield self._finding("error", "output-names", zh, en)
        ordered = self.table.hit_policy in ("PRIORITY", "OUTPUT ORDER")
        if ordered and not any(values for _, values in ranking(self.model.types, self.table)):
            zh = f"命中策略 {self.table.hit_policy} 需要按优先级列出输出的允许值。"
            en = f"The hit policy {self.table.hit_policy} needs the allowed outputs, listed by priority."
            yield self._finding("error", "no-priorities", zh, en)

    def _finding(
        self, severity: Severity, code: str, zh: str, en: str, rule: m.Rule | None = None
    ) -> Finding:
        return Finding(
            severity=severity,
            code=code,
            zh=zh,
            en=en,
            file=self.model.definitions.file,
            element_id=(rule.id if rule else "") or self.table.id or self.node.id,
            element_name=self.node.name,
            line=rule.line if rule else self.table.line,
        )

    def _too_large(self, zh: str, en: str) -> Finding:
        zh = f"决策表过大，未能查完{zh}。"
        return self._finding("info", "too-large", zh, f"The table is too large to look through for {en}.")

    def _gaps(self, grid: Grid) -> Iterator[Finding]:
        if self.table.hit_policy not in SINGLE_HIT or any(o.default for o in self.table.outputs):
            return
        for point in coverage.uncovered(grid.space, grid.may, MAX_SHOWN):
            shown = grid.show(point)
            yield self._finding(
                "warning", "table-gap", f"没有规则命中：{shown}。", f"No rule matches: {shown}."
            )

    def _overlaps(self, grid: Grid) -> Iterator[Finding]:
        policy = self.table.hit_policy
        if policy not in ("UNIQUE", "ANY"):
            return
        shown = 0
        for j, later in enumerate(self.table.rules):
            for i, earlier in enumerate(self.table.rules[:j]):
                point = coverage.common(grid.must[i], grid.must[j])
                if point is None or (policy == "ANY" and not self._differ(i, j)):
                    continue
                both, at = (earlier.index, later.index), grid.show(point)
                yield self._finding(
                    "error",
                    "table-overlap",
                    f"命中策略为 {policy}，但第 {both[0]} 条与第 {both[1]} 条规则同时命中：{at}。",
                    f"The hit policy is {policy}, but rules {both[0]} and {both[1]} both match: {at}.",
                    later,
                )
                shown += 1
                if shown >= MAX_SHOWN:
                    return

    def _differ(self, i: int, j: int) -> bool:
        one, other = self.outputs[i], self.outputs[j]
        return one is not None and other is not None and one != other

    def _unreachable(self, grid: Grid) -> Iterator[Finding]:
        for index, rule in enumerate(self.table.rules):
            if not all(grid.may[index]):
                zh = f"第 {rule.index} 条规则在任何允许的输入下都不会命中。"
                en = f"Rule {rule.index} matches no allowed input."
                yield self._finding("warning", "unreachable-rule", zh, en, rule)
                continue
            before = self._deciding_before(index)
            if before and not coverage.uncovered(grid.may[index], [grid.must[i] for i in before], 1):
                zh = f"第 {rule.index} 条规则永远不起作用：它的输入都已由其他规则先行决定。"
                en = f"Rule {rule.index} never decides: other rules come first for all of its inputs."
                yield self._finding("warning", "unreachable-rule", zh, en, rule)

    def _deciding_before(self, index: int) -> Sequence[int]:
        """The rules that win over this one where both match."""
        if self.table.hit_policy == "FIRST":
            return range(index)
        ranks = self._ranks() if self.table.hit_policy == "PRIORITY" else None
        if ranks is None:
            return ()
        return [i for i, rank in enumerate(ranks) if (rank, i) < (ranks[index], index)]

    def _ranks(self) -> list[tuple[int, ...]] | None:
        """The priority of each rule's outputs; None unless all are constants."""
        order = ranking(self.model.types, self.table)
        ranks = []
        for values in self.outputs:
            if values is None:
                return None
            ranks.append(rank(values, order))
        return ranks

    def _input_types(self, cells: list[list[feel.Expression]]) -> Iterator[Finding]:
        """Constants no value of the column's type can ever equal."""
        for index, kind in enumerate(self.kinds):
            coerce = self.model.types.coercer(self.model.types.base(kind))
            if coerce is None:
                continue
            for rule, row in zip(self.table.rules, cells, strict=True):
                wrong = [c for c in constants(row[index]) or () if coerce(c, feel.DEFAULT) is MISFIT]
                if wrong:
                    yield self._misfit(rule, wrong[0], kind)

    def _outputs(self) -> Iterator[Finding]:
        for rule, values in zip(self.table.rules, self.outputs, strict=True):
            for clause, value in zip(self.table.outputs, values or (), strict=False):
                coerce = self.model.types.coercer(clause.type)
                if coerce is not None and coerce(value, feel.DEFAULT) is MISFIT:
                    yield self._misfit(rule, value, clause.type)
                elif (
                    clause.allowed is not None
                    and value is not None
                    and not _is_allowed(clause.allowed, value)
                ):
                    shown = show(value)
                    zh = f"第 {rule.index} 条规则的输出 {shown} 不在允许值之内。"
                    en = f"The output {shown} of rule {rule.index} is not among the allowed values."
                    yield self._finding("error", "value-not-allowed", zh, en, rule)

    def _misfit(self, rule: m.Rule, value: feel.Value, type_name: str) -> Finding:
        shown = show(value)
        return self._finding(
            "error",
            "type-mismatch",
            f"第 {rule.index} 条规则的 {shown} 不符合类型“{type_name}”。",
            f'{shown} in rule {rule.index} does not fit the type "{type_name}".',
            rule,
        )


def _is_opaque(row: list[feel.Expression]) -> bool:
    return any(constants(cell) is None for cell in row)


def _is_allowed(text: m.Text, value: feel.Value) -> bool:
    try:
        return feel.compile_unary(text.text).evaluate({"?": value}) is True
    except ExpressionError:
        return True


def _zh(indexes: Sequence[int]) -> str:
    return "、".join(map(str, indexes))


def _en(indexes: Sequence[int]) -> str:
    return ", ".join(map(str, indexes))
