"""`make bench`: prints a table and writes `bench/results/latest.md`.

FEELIN names a folder where `npm install feelin --ignore-scripts` was run, to be measured beside ours.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from bench import decisions, feel, floor, steps, timers
from bench.server import Server, running

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
RESULTS = Path(__file__).parent / "results" / "latest.md"


def main() -> None:
    """Measure everything in one run, the floor beside it."""
    lines = [_machine(), ""]
    with tempfile.TemporaryDirectory(prefix="aidflow-bench-") as name:
        folder = Path(name)
        bare = floor.measure(folder)
        with running(folder / "data") as server:
            lines += _completions(server, bare)
            lines += ["", *steps.report(server)]
            lines += ["", *_memory(server)]
        with running(folder / "sizes") as server:
            lines += ["", *_stored_bytes(server)]
        lines += ["", *timers.report(folder / "timers")]
    lines += ["", "## Decisions and expressions", "", *decisions.report()]
    lines += ["", *feel.report(os.environ.get("FEELIN"))]
    text = "\n".join(lines) + "\n"
    print(text)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text, encoding="utf-8")


def _machine() -> str:
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} (WAL, synchronous=FULL), "
        f"SpiffWorkflow {version('SpiffWorkflow')}, {platform.machine()}; "
        "server, worker and client share this machine."
    )


def _load(server: Server, clients: int, seconds: float) -> dict[str, float]:
    run = subprocess.run(
        [sys.executable, "-m", "bench.load", str(server.port), server.token, str(clients), str(seconds)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(run.stdout)
    return found


def _completions(server: Server, bare: dict[str, float]) -> list[str]:
    lines = [
        "## Completing tasks over HTTP",
        "",
        "| clients | per second | of the floor | p50 ms | times the floor | p95 ms | p99 ms | open p50 ms |",
        "|---|---|---|---|---|---|---|---|",
        f"| floor | {bare['per_second']:.0f} | 1 | {bare['p50']:.2f} | 1 | {bare['p95']:.2f} | | |",
    ]
    _load(server, 1, 2.0)  # warm up
    for clients in (1, 4, 16):
        found = _load(server, clients, SECONDS)
        lines.append(
            f"| {clients} | {found['per_second']:.0f} | {found['per_second'] / bare['per_second']:.3f} "
            f"| {found['p50']:.1f} | {found['p50'] / bare['p50']:.0f} "
            f"| {found['p95']:.1f} | {found['p99']:.1f} | {found['open_p50']:.1f} |"
        )
    return lines


def _memory(server: Server) -> list[str]:
    return [f"Memory of the server process: {server.process.memory_info().rss / 1e6:.0f} MB"]


def _stored_bytes(server: Server) -> list[str]:
    """The database's growth, checkpointed, over the cases that the load finished."""
    before = _database_bytes(server)
    found = _load(server, 4, SECONDS / 2)
    grown = _database_bytes(server) - before
    cases = found["completions"] / 3
    return [f"Stored per finished three-task case: {grown / cases / 1000:.2f} kB ({cases:.0f} cases)"]


def _database_bytes(server: Server) -> int:
    with sqlite3.connect(server.data / "aidflow.db") as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = (
            db.execute("PRAGMA page_count").fetchone()[0] - db.execute("PRAGMA freelist_count").fetchone()[0]
        )
        size: int = pages * db.execute("PRAGMA page_size").fetchone()[0]
    return size


if __name__ == "__main__":
    main()
