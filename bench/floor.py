"""The floor: a bare loop that writes the rows of one completion with the same driver, and nothing else."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from bench.client import percentile

_SCHEMA = """
CREATE TABLE cases (id INTEGER PRIMARY KEY, version INTEGER, seq INTEGER, head BLOB, state BLOB,
  red_at INTEGER);
CREATE TABLE tasks (id INTEGER PRIMARY KEY, case_id INTEGER, key TEXT, name TEXT, region TEXT, due INTEGER,
  closed_at INTEGER, closed_by TEXT);
CREATE INDEX ix_tasks_case ON tasks (case_id);
CREATE INDEX ix_tasks_open ON tasks (region, due) WHERE closed_at IS NULL;
CREATE TABLE clocks (case_id INTEGER, name TEXT, ledger TEXT, due INTEGER, PRIMARY KEY (case_id, name));
CREATE TABLE timers (id INTEGER PRIMARY KEY, case_id INTEGER, run_at INTEGER, priority INTEGER, data TEXT);
CREATE INDEX ix_timers_run ON timers (priority, run_at) WHERE run_at IS NOT NULL;
CREATE TABLE events (case_id INTEGER, seq INTEGER, at INTEGER, actor TEXT, kind TEXT, data BLOB, hash BLOB,
  PRIMARY KEY (case_id, seq));
"""


def measure(folder: Path, count: int = 2000) -> dict[str, float]:
    """Write `count` completions; returns p50, p95 in milliseconds and completions a second."""
    path = folder / "floor.db"
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.executescript(_SCHEMA)
    db.execute("INSERT INTO cases VALUES (1, 0, 0, x'', x'', 0)")
    db.execute("INSERT INTO tasks VALUES (1, 1, 'a', '登记', '350481100', 1, NULL, NULL)")
    db.execute("INSERT INTO timers VALUES (1, 1, 1, 0, '{}')")
    state, ledger, data = os.urandom(400), "x" * 150, os.urandom(300)
    times = []
    began = time.perf_counter()
    for n in range(1, count + 1):
        started = time.perf_counter()
        db.execute("BEGIN IMMEDIATE")
        db.execute("SELECT * FROM cases WHERE id = 1").fetchall()
        db.execute("SELECT * FROM tasks WHERE id = ?", (n,)).fetchall()
        db.execute(
            "UPDATE cases SET version=?, seq=?, head=?, state=?, red_at=? WHERE id=1",
            (n, n, data[:32], state, n),
        )
        db.execute("UPDATE tasks SET closed_at=?, closed_by='officer' WHERE id=?", (n, n))
        db.execute("INSERT INTO tasks VALUES (?, 1, 'b', '调查', '350481100', ?, NULL, NULL)", (n + 1, n))
        db.execute("DELETE FROM timers WHERE id=?", (n,))
        db.execute("INSERT INTO timers VALUES (?, 1, ?, 0, '{}')", (n + 1, n))
        db.execute("INSERT INTO clocks VALUES (1, ?, ?, ?)", (str(n), ledger, n))
        db.execute(
            "INSERT INTO events VALUES (1, ?, ?, 'officer', 'task_completed', ?, ?)", (n, n, data, data[:32])
        )
        db.execute("COMMIT")
        times.append(time.perf_counter() - started)
    elapsed = time.perf_counter() - began
    db.close()
    return {
        "p50": percentile(times, 0.5),
        "p95": percentile(times, 0.95),
        "per_second": count / elapsed,
    }
