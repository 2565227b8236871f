"""A real server in a process of its own, and clients that talk to it over sockets."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_START = "import sys; sys.argv[0] = 'aidflow'; from api.cli import main; main()"


@dataclass(slots=True)
class Server:
    """`aidflow serve` over a folder; `port` is the one that it chose."""

    process: subprocess.Popen[str]
    port: int

    @classmethod
    def start(cls, data: Path) -> Server:
        words = ["serve", "--port", "0", "--data", str(data), "--no-worker"]
        log = (data / "server.log").open("a")
        process = subprocess.Popen(
            [sys.executable, "-c", _START, *words], stdout=subprocess.PIPE, stderr=log, text=True
        )
        log.close()
        assert process.stdout is not None
        said = process.stdout.readline()
        address = re.search(r":(\d+)\s*$", said)
        assert address, f"{said!r}\n{(data / 'server.log').read_text()}"
        return cls(process, int(address[1]))

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and return the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def send_raw(self, data: bytes) -> tuple[int, dict[str, str], bytes]:
        """Write bytes to the socket; returns status, header fields and body of the first answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(data)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


class Client:
    """One connection of one person. A lost connection raises; nothing is tried twice."""

    def __init__(self, server: Server, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        sent = {**self._headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        text = None if body is None else json.dumps(body)
        self._connection.request(method, f"/api/v1{path}", text, sent)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())

    def close(self) -> None:
        self._connection.close()


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """What `work(number)` returns in each of `count` threads that start together."""
    barrier, found = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        barrier.wait()
        found[number] = work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
