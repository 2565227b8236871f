"""`python -m bench.pages [CASES]`: what pages cost: Lighthouse on a phone, bytes, server time.

Lighthouse loads each page as a phone on a slow network would; bytes are
what travels compressed, fonts left out; server times are of a database with many cases. Writes
`bench/results/pages.md`.
"""

from __future__ import annotations

import gzip
import http.client
import json
import logging
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import structlog

from bench.fill import fill
from bench.server import AIDFLOW, await_ready, free_port, start
from engine.clocks import wall
from engine.store import schema
from engine.store.db import open_database
from tests.browser.install import find_chromium
from web.build import install, node_of

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "pages.md"
CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
PEOPLE = {"officer": ("/work", "/cases", "/tasks/{task}", "/cases/{case}"),
          "supervisor": ("/supervision", "/cases?light=red", "/cases/{case}"),
          "designer": ("/processes", "/processes/minimum-living"),
          "admin": ("/admin", "/admin/people"),
          "": ("/apply", "/track", "/notices")}  # fmt: skip
ON_A_PHONE = (("officer", "/work"), ("officer", "/tasks/{task}"), ("", "/apply"), ("", "/track"))
REQUESTS = 60


class Reader:
    """Somebody who asks for pages, with the cookie of a token where they have an account."""

    def __init__(self, port: int, data: Path, username: str) -> None:
        self.port, self.cookie = port, ""
        if username:
            command = [AIDFLOW, "token", "add", username, "--name", "pages", "--data", str(data)]
            token = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[0]
            self.cookie = f"aidflow_session={token}"

    def get(self, path: str) -> tuple[int, bytes, float]:
        """Status, body as it travelled, and seconds until all of it had come."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            begun = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": self.cookie, "Accept-Encoding": "gzip"})
            response = connection.getresponse()
            body = response.read()
            return response.status, body, time.perf_counter() - begun

    def api(self, path: str) -> dict[str, list[dict[str, str]]]:
        """An answer of the API."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", f"/api/v1{path}", headers={"Cookie": self.cookie})
            found: dict[str, list[dict[str, str]]] = json.loads(connection.getresponse().read())
            return found


def main() -> None:
    """Fill, serve, measure, write."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    lines = ["# Pages", "", f"{CASES:,} cases in the database; everything on one machine of two cores.", ""]
    with tempfile.TemporaryDirectory(prefix="aidflow-pages-") as name:
        data = Path(name)
        database = open_database(f"sqlite:///{data / 'aidflow.db'}")
        schema.upgrade(database)
        fill(database, cases=CASES, at=wall.now())
        database.close()
        port = free_port()
        with start(port, data):
            await_ready(port)
            readers = {username: Reader(port, data, username) for username in PEOPLE}
            lines += _server_times(readers)
            lines += _weights(readers)
            lines += _lighthouse(readers, port)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(RESULTS.read_text(encoding="utf-8"))


def _address(path: str, reader: Reader) -> str:
    if "{task}" in path:
        return path.format(task=reader.api("/tasks?group=true&limit=1")["items"][0]["id"])
    if "{case}" in path:
        return path.format(case=reader.api("/cases?limit=1")["items"][0]["id"])
    return path


def _server_times(readers: dict[str, Reader]) -> Iterator[str]:
    yield "| page | reader | p50 ms | p95 ms | bytes, packed |"
    yield "|---|---|---|---|---|"
    for username, paths in PEOPLE.items():
        for path in paths:
            where = _address(path, readers[username])
            taken = []
            for _ in range(REQUESTS):
                status, body, seconds = readers[username].get(where)
                assert status == 200, f"{where} answers {status}"
                taken.append(seconds * 1000)
            cuts = statistics.quantiles(taken, n=20)
            yield f"| {path} | {username or 'anybody'} | {cuts[9]:.1f} | {cuts[18]:.1f} | {len(body):,} |"
    yield ""


def _weights(readers: dict[str, Reader]) -> Iterator[str]:
    """What a browser with an empty cache loads, compressed, without fonts."""
    yield "| first load | kB, compressed |"
    yield "|---|---|"
    for username, path in ON_A_PHONE:
        reader = readers[username]
        _, body, _ = reader.get(_address(path, reader))
        total, base = len(body), f"http://127.0.0.1:{reader.port}{path}"
        page = _plain(body)
        for link in set(re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css|svg))"', page)):
            total += len(reader.get(urlsplit(urljoin(base, link)).path)[1])
        yield f"| {path} | {total / 1000:.1f} |"
    yield ""


def _plain(body: bytes) -> str:
    return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()


def _lighthouse(readers: dict[str, Reader], port: int) -> Iterator[str]:
    wanted = [
        {"url": f"http://127.0.0.1:{port}{_address(path, readers[who])}", "cookie": readers[who].cookie}
        for who, path in ON_A_PHONE
    ]
    install(HERE / "lighthouse")
    command = [str(node_of()), str(HERE / "lighthouse" / "run.mjs"), str(free_port()), find_chromium() or ""]
    run = subprocess.run(
        command,
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE / "lighthouse",
    )
    if run.returncode:
        yield f"Lighthouse did not run: {run.stderr[-400:]}"
        return
    yield "| Lighthouse, phone | performance | accessibility | best practices | below 90 |"
    yield "|---|---|---|---|---|"
    for (_, path), line in zip(ON_A_PHONE, run.stdout.splitlines(), strict=True):
        found = json.loads(line)
        scores = " | ".join(str(found[name]) for name in ("performance", "accessibility", "best-practices"))
        yield f"| {path} | {scores} | {', '.join(found['failed'])} |"


if __name__ == "__main__":
    main()
