"""The load client, a process of its own: N threads complete tasks of three-task cases for some seconds."""

from __future__ import annotations

import json
import sys
import threading
import time

from bench.client import Client, percentile

ANSWERS = {"finding": "情况属实，符合条件", "household_size": 3, "income": 90000}
NEW_CASE = {"process": "bench-three-tasks", "region": "350481100", "answers": {}}


def _work(client: Client, until: float, opened: list[float]) -> None:
    """Open a case, complete its three tasks, begin again."""
    while time.perf_counter() < until:
        started = time.perf_counter()
        case = client.call("POST", "/cases", NEW_CASE)
        opened.append(time.perf_counter() - started)
        while case["tasks"]:
            task = case["tasks"][0]
            body = {"answers": ANSWERS, "seen_version": case["version"]}
            case = client.call("POST", f"/tasks/{task['id']}/complete", body, timed=True)


def main(port: int, token: str, clients: int, seconds: float) -> None:
    """Print one JSON line: how many, how fast."""
    workers = [Client(port, token) for _ in range(clients)]
    for worker in workers:
        worker.call("GET", "/me")
    opened: list[float] = []
    began = time.perf_counter()
    threads = [threading.Thread(target=_work, args=(worker, began + seconds, opened)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    times = [value for worker in workers for value in worker.seconds]
    print(
        json.dumps(
            {
                "clients": clients,
                "completions": len(times),
                "per_second": len(times) / elapsed,
                "p50": percentile(times, 0.50),
                "p95": percentile(times, 0.95),
                "p99": percentile(times, 0.99),
                "open_p50": percentile(opened, 0.50),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
