"""`aidflow serve` and `aidflow worker`."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import threading
from dataclasses import replace
from pathlib import Path

import click

from api.app import attachment_store, create_app
from api.cli.common import data_option, opened, settings_from, shipped
from api.logs import configure_logs
from api.server import create_server, serve_until
from api.settings import is_loopback
from api.ticker import Ticker
from engine.actions.seed_means import seed_demo_means
from engine.actions.seed_people import DEMO_PASSWORD, seed_demo_accounts
from engine.clocks import wall
from engine.store.db import Database

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


# A thread that comes back from a database call waits this long for one that computes. Requests are a
# dozen short calls: at Python's 5 ms they queued behind each other (286 completions a second with four
# clients; 338 at half a millisecond, and the slowest hundredth in 14 ms instead of 18).
_SWITCH_SECONDS = 0.0005


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--threads", type=click.IntRange(1, 64), help="Request threads [8]")
@click.option("--demo", is_flag=True, help="Seed Sanming's demo people and cases; loopback only")
@click.option("--no-worker", is_flag=True, help="Leave timers and outbox to `aidflow worker`")
@data_option
def serve(
    host: str,
    port: int,
    threads: int | None,
    demo: bool,
    no_worker: bool,
    data: Path | None,
    database_url: str | None,
) -> None:
    """Serve the API, and (unless told otherwise) perform what is due."""
    if demo and not is_loopback(host):
        raise click.UsageError("--demo has known passwords and listens on loopback only; drop --host")
    configure_logs()
    overrides = {} if threads is None else {"threads": threads}
    settings = settings_from(data, database_url, demo=demo, **overrides)
    # Plain HTTP is for loopback only, and not if a proxy in front speaks TLS.
    if is_loopback(host) and not settings.trusted_proxies and "AIDFLOW_SECURE_COOKIES" not in os.environ:
        settings = replace(settings, secure_cookies=False)
    if demo and not settings.allowed_hosts:
        settings = replace(settings, allowed_hosts=_LOOPBACK)
    listener = _listen(host, port)
    with opened(settings, upgrade=True) as database:
        if demo:
            _prepare_demo(database)
        ticker = None if no_worker else Ticker(database, attachment_store(settings))
        address = listener.getsockname()
        click.echo(f"aidflow: http://{address[0]}:{address[1]}")
        sys.setswitchinterval(_SWITCH_SECONDS)
        server = create_server(create_app(settings, database), settings, listener)
        if ticker:
            ticker.start()
        try:
            serve_until(server, threading.Event())
        finally:
            if ticker:
                ticker.stop()


def _prepare_demo(database: Database) -> None:
    from engine.demo import seed_demo  # not before it is asked for: it reads every process

    click.echo("preparing the demo …")
    with database.write() as tx:
        names, at = seed_demo_accounts(tx), wall.now()
        seed_demo_means(tx, at=at, years=(at.year - 1, at.year + 1))
    added = seed_demo(database, processes=shipped("processes"), at=at)
    click.echo(f"{added} demo cases added" if added else "the demo cases are there already")
    click.echo(f"accounts: {', '.join(names)}; password: {DEMO_PASSWORD}")


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and stop")
@data_option
def worker(once: bool, data: Path | None, database_url: str | None) -> None:
    """Fire due timers and perform the outbox. Any number may run on one database."""
    configure_logs()
    settings = settings_from(data, database_url)
    with opened(settings) as database:
        ticker = Ticker(database, attachment_store(settings))
        if once:
            click.echo(f"{ticker.tick()} done")
            return
        stopped = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stopped.set())
        ticker.start()
        click.echo("aidflow worker: running")
        stopped.wait()
        ticker.stop()  # finishes the item in hand


def _listen(host: str, port: int) -> socket.socket:
    """Bind before anything is prepared, so that a taken port is said at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        advice = "choose another --host"
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            advice = "choose another port: `--port 8001`, or `PORT=8001 make run`"
        raise click.ClickException(f"cannot listen on {host}:{port} ({error.strerror}); {advice}") from None
    listener.listen(128)
    return listener


COMMANDS = (serve, worker)
