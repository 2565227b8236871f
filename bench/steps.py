"""What one step costs as a case grows: a loop in one case, timed around its 10th, 100th and 1,000th step."""

from __future__ import annotations

import sqlite3
from statistics import median

from bench.client import Client
from bench.server import Server

MARKS = (10, 100, 1000)
WINDOW = 41  # the median of as many steps from each mark on, so that one slow write does not decide


def report(server: Server) -> list[str]:
    """Milliseconds and stored state at each mark, and ratios to the first."""
    client = Client(server.port, server.token)
    case = client.call("POST", "/cases", {"process": "bench-loop", "region": "350481100", "answers": {}})
    sizes: dict[int, int] = {}
    for step in range(1, MARKS[-1] + WINDOW):
        body = {"answers": {"more": True}, "seen_version": case["version"]}
        case = client.call("POST", f"/tasks/{case['tasks'][0]['id']}/complete", body, timed=True)
        if step in MARKS:
            sizes[step] = _state_bytes(server, case["number"])
    lines = [
        "## Cost of a step in one case",
        "",
        "| finished steps | ms | ratio | state bytes | ratio |",
        "|---|---|---|---|---|",
    ]
    costs = {mark: 1000 * median(client.seconds[mark - 1 : mark - 1 + WINDOW]) for mark in MARKS}
    first = MARKS[0]
    for mark in MARKS:
        lines.append(
            f"| {mark} | {costs[mark]:.2f} | {costs[mark] / costs[first]:.2f} "
            f"| {sizes[mark]} | {sizes[mark] / sizes[first]:.2f} |"
        )
    return lines


def _state_bytes(server: Server, number: str) -> int:
    with sqlite3.connect(server.data / "aidflow.db") as db:
        size: int = db.execute("SELECT length(state) FROM cases WHERE number = ?", (number,)).fetchone()[0]
    return size
