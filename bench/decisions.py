"""A ten-rule, four-input table: ours, and the same table in SpiffWorkflow's own DMN engine, in one run.

SpiffWorkflow's cells are Python; both tables answer alike for every input measured, or this stops.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.specs.model import DecisionTable, Input, InputEntry, Output, OutputEntry, Rule

from engine.decisions import DecisionModel, load

INPUTS = {"income": "number", "level": "string", "age": "number", "alone": "boolean"}
Cell = tuple[str, str | None]
"""The same test in FEEL and in SpiffWorkflow's Python."""
ANY: Cell = ("-", None)
POOR: Cell = ("[0..380)", "0 <= ? < 380")
MIDDLE: Cell = ("[380..760)", "380 <= ? < 760")
FIRST: Cell = ('"一级"', '"一级"')
THIRD: Cell = ('"三级"', '"三级"')
LOWER: Cell = ('"二级","三级"', '? in ("二级", "三级")')
RULES: list[tuple[Cell, Cell, Cell, Cell, str]] = [
    (("< 0", "? < 0"), ANY, ANY, ANY, "invalid"),
    (POOR, ('"一级","二级"', '? in ("一级", "二级")'), ANY, ANY, "full"),
    (POOR, THIRD, (">= 80", "? >= 80"), ANY, "full+"),
    (POOR, THIRD, ("< 80", "? < 80"), ANY, "most"),
    (MIDDLE, FIRST, ANY, ("true", "True"), "single"),
    (MIDDLE, FIRST, ANY, ("false", "False"), "half"),
    (MIDDLE, LOWER, ("[16..60)", "16 <= ? < 60"), ANY, "some"),
    (MIDDLE, LOWER, ("< 16", "? < 16"), ANY, "child"),
    (MIDDLE, LOWER, (">= 60", "? >= 60"), ANY, "old"),
    ((">= 760", "? >= 760"), ANY, ANY, ANY, "none"),
]
CASES = [
    {"income": Decimal(300), "level": "二级", "age": Decimal(40), "alone": False},
    {"income": Decimal(500), "level": "一级", "age": Decimal(82), "alone": True},
    {"income": Decimal(700), "level": "三级", "age": Decimal(66), "alone": False},
    {"income": Decimal(900), "level": "三级", "age": Decimal(20), "alone": False},
]
ROUNDS, REPEATS = 9, 500


def our_table() -> DecisionModel:
    inputs = "".join(
        f"<input><inputExpression typeRef='{kind}'><text>{name}</text></inputExpression></input>"
        for name, kind in INPUTS.items()
    )
    rules = "".join(
        f"<rule id='r{i}'>"
        + "".join(f"<inputEntry><text><![CDATA[{cell[0]}]]></text></inputEntry>" for cell in rule[:4])
        + f'<outputEntry><text>"{rule[-1]}"</text></outputEntry></rule>'
        for i, rule in enumerate(RULES, 1)
    )
    table = f"<decisionTable id='t' hitPolicy='UNIQUE'>{inputs}<output name='aid' typeRef='string'/>{rules}"
    xml = f"<decision id='aid' name='aid'>{table}</decisionTable></decision>"
    space = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    return load(f"<definitions xmlns='{space}' namespace='bench' name='bench'>{xml}</definitions>".encode())


def spiff_table() -> DMNEngine:
    table = DecisionTable("t", "t", "UNIQUE")
    table.inputs = [Input(name, name, name, name, kind) for name, kind in INPUTS.items()]
    table.outputs = [Output("aid", "aid", "aid", "string")]
    for number, row in enumerate(RULES, 1):
        rule = Rule(f"r{number}")
        rule.row_number = number
        for column, (_, python) in zip(table.inputs, row[:4], strict=True):
            entry = InputEntry("", column)
            entry.lhs = [python]
            rule.inputEntries.append(entry)
        output = OutputEntry("", table.outputs[0])
        output.text = repr(row[-1])
        rule.outputEntries.append(output)
        table.rules.append(rule)
    return DMNEngine(table)


def microseconds(call: Callable[[dict[str, Any]], Any]) -> float:
    """The median over rounds of the mean over all cases."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(REPEATS):
            for case in CASES:
                call(case)
        rounds.append((time.perf_counter() - start) / REPEATS / len(CASES) * 1e6)
    return statistics.median(rounds)


def report() -> list[str]:
    """Lines of Markdown: microseconds a decision, with hits recorded, and the ratio."""
    ours, theirs = our_table(), spiff_table()
    workflow = SimpleNamespace(script_engine=PythonScriptEngine())

    def run_ours(case: dict[str, Any]) -> Any:
        return ours.evaluate("aid", case, strict=True).value

    def run_theirs(case: dict[str, Any]) -> Any:
        return theirs.result(SimpleNamespace(data=case, workflow=workflow))["aid"]

    for case in CASES:
        assert run_ours(case) == run_theirs(case), case
    mine, spiff = microseconds(run_ours), microseconds(run_theirs)
    return [
        "| ten rules, four inputs | µs a decision | ratio |",
        "|---|---|---|",
        f"| aidflow | {mine:.1f} | 1 |",
        f"| SpiffWorkflow DMNEngine | {spiff:.1f} | {spiff / mine:.1f} |",
    ]


if __name__ == "__main__":
    print("\n".join(report()))
