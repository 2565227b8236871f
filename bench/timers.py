"""How many due timers one worker fires in a second, through the same road as in production."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from api.cli.common import opened, settings_from
from bench.server import PROCESSES
from engine.actions.deploy import deploy
from engine.actions.open_case import open_case
from engine.actions.seed_people import seed_demo_accounts
from engine.clocks import wall
from engine.definitions import read_folder
from engine.store import people
from engine.store.db import Database
from engine.worker import Worker

COUNT = 1000


def report(folder: Path) -> list[str]:
    """Open cases that wait an hour, let two hours pass, and drain them."""
    with opened(settings_from(folder, None), upgrade=True) as database:
        fired, seconds = _drain(database)
    return [f"Timers fired by one worker: {fired / seconds:.0f} a second ({fired} of {COUNT} overdue)"]


def _drain(database: Database) -> tuple[int, float]:
    at = wall.now()
    with database.write() as tx:
        seed_demo_accounts(tx)
        designer = people.find_actor(tx, "designer", at.date())
        officer = people.find_actor(tx, "officer", at.date())
        assert designer is not None, "the demo accounts are there"
        assert officer is not None, "the demo accounts are there"
        deploy(tx, files=read_folder(PROCESSES), actor=designer, at=at)
    for _ in range(COUNT):
        with database.write() as tx:
            open_case(tx, process="bench-timer", region="350481100", answers={}, actor=officer, at=at)
    started = time.perf_counter()
    fired = Worker(database).run_due(at + timedelta(hours=2))
    return fired, time.perf_counter() - started
