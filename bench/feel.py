"""`python -m bench.feel [FOLDER]`: what an expression costs, beside npm's `feelin` on the same expressions.

FOLDER is where `npm install feelin --ignore-scripts` was run; without it, or without node, ours stands alone.
feelin's public calls parse each time, so both our compiled call and our parse-compile-run are set against it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from engine.feel import compile, compile_unary, open_frame, to_feel
from engine.feel.expression import Expression
from engine.feel.parser import parse

SCOPE = {
    "人均收入": 530,
    "低保标准": 720,
    "household_size": 3,
    "members": [{"age": 70, "income": 300}, {"age": 30, "income": 900}, {"age": 8, "income": 0}],
}
CONDITIONS = (
    "人均收入 < 低保标准 and household_size > 1",
    "if household_size >= 3 then 低保标准 * household_size - 100 else 低保标准",
    "members[age >= 60].income",
    "some m in members satisfies m.age < 16",
    "for m in members return m.income * 0.8",
    'date("2026-10-27") + duration("P1M") > date("2026-11-01")',
)
TESTS: tuple[tuple[str, Any], ...] = (
    ("< 18", 20),
    ("[18..60)", 20),
    ('"a","b"', "b"),
    ("not(1, 2)", 3),
    ("-", 1),
)
FEELIN = """
import { evaluate, unaryTest } from 'feelin';
const { scope, conditions, tests } = JSON.parse(process.argv[1]);
const time = (call) => {
  for (let i = 0; i < 300; i++) call();
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < 1000; i++) call();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e6);
  }
  return best;
};
console.log(JSON.stringify([
  ...conditions.map((text) => time(() => evaluate(text, scope))),
  ...tests.map(([text, value]) => time(() => unaryTest(text, { '?': value }))),
]));
"""


def microseconds(call: Callable[[], Any], count: int) -> float:
    """The best of five rounds."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(count):
            call()
        best = min(best, time.perf_counter() - start)
    return best / count * 1e6


def ours() -> list[tuple[str, float, float]]:
    """Each text with the microseconds of its compiled call, and of reading, compiling and running it."""
    scope = to_feel(SCOPE)
    frame = open_frame({})
    rows = []
    for text in CONDITIONS:
        expression = compile(text)
        whole = microseconds(lambda text=text: Expression(text, parse(text)).evaluate(scope), 300)
        rows.append((text, microseconds(lambda e=expression: e.evaluate(scope), 5_000), whole))
    for text, value in TESTS:
        test, given = compile_unary(text).test, to_feel(value)
        assert test is not None
        whole = microseconds(
            lambda text=text, v=given: Expression(text, parse(text, unary=True)).evaluate({"?": v}), 300
        )
        rows.append((text, microseconds(lambda t=test, v=given: t(v, frame), 20_000), whole))
    return rows


def feelin(folder: str | None) -> list[float] | None:
    """Microseconds of feelin's call for each text, None when it cannot be run here."""
    node = shutil.which("node")
    if node is None or folder is None:
        return None
    given = json.dumps({"scope": SCOPE, "conditions": CONDITIONS, "tests": TESTS})
    run = subprocess.run(
        [node, "--input-type=module", "--eval", FEELIN, given],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        print(f"feelin does not run in {folder}: {run.stderr.strip().splitlines()[-1:]}")
        return None
    found: list[float] = json.loads(run.stdout)
    return found


def report(folder: str | None = None) -> list[str]:
    """Lines of Markdown: ours compiled, ours from text, feelin where it can run, and the ratios."""
    theirs = feelin(folder)
    lines = ["| expression | µs compiled | µs from text | µs feelin | of compiled | of from text |"]
    lines.append("|---|---|---|---|---|---|")
    for index, (text, compiled, whole) in enumerate(ours()):
        beside = "| | | |"
        if theirs is not None:
            there = theirs[index]
            beside = f"| {there:.1f} | {there / compiled:.0f}x | {there / whole:.1f}x |"
        lines.append(f"| `{text}` | {compiled:.2f} | {whole:.1f} {beside}")
    if theirs is None:
        lines.append("")
        lines.append("Without node and a folder with feelin in it, only our own times are shown.")
    return lines


if __name__ == "__main__":
    print("\n".join(report(sys.argv[1] if len(sys.argv) > 1 else None)))
