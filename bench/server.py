"""Starts and stops the server that is measured: a process and a folder of its own, on loopback."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from api.cli.common import opened, settings_from
from engine.actions.seed_people import seed_demo_accounts

AIDFLOW = str(Path(sys.executable).with_name("aidflow"))
PROCESSES = Path(__file__).parent / "processes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server."""

    port: int
    token: str
    data: Path
    process: psutil.Process


@contextmanager
def running(data: Path) -> Iterator[Server]:
    """A server over a fresh folder, with the benchmark's processes and the demo people."""
    with opened(settings_from(data, None), upgrade=True) as database, database.write() as tx:
        seed_demo_accounts(tx)
    _aidflow("deploy", str(PROCESSES), data=data)
    token = _aidflow("token", "add", "officer", "--name", "bench", data=data).split()[0]
    port = free_port()
    with start(port, data) as process:
        await_ready(port)
        yield Server(port=port, token=token, data=data, process=process)


def start_demo(port: int, data: Path) -> AbstractContextManager[psutil.Process]:
    """The demo's server with its people and cases."""
    return start(port, data, "--demo")


@contextmanager
def start(port: int, data: Path, *options: str) -> Iterator[psutil.Process]:
    """The server's process, stopped at the end."""
    started = subprocess.Popen(
        [AIDFLOW, "serve", "--port", str(port), "--data", str(data), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield psutil.Process(started.pid)
    finally:
        started.terminate()
        started.wait(timeout=20)


def _aidflow(*arguments: str, data: Path) -> str:
    run = subprocess.run(
        [AIDFLOW, *arguments, "--data", str(data)], capture_output=True, text=True, check=False
    )
    if run.returncode != 0:
        raise RuntimeError(f"aidflow {' '.join(arguments)}: {run.stderr}{run.stdout}")
    return run.stdout


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_ready(port: int, *, seconds: float = 30) -> None:
    """Return once the server answers; RuntimeError if it does not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not become ready in time")
