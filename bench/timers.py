"""How many due timers one worker fires in a second, through the same road as in production."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from bench.server import PROCESSES
from engine.actions.deploy import deploy
from engine.actions.open_case import open_case
from engine.actions.seed_people import seed_demo_accounts, seed_regions
from engine.clocks import wall
from engine.definitions import read_folder
from engine.store import people, schema
from engine.store.db import open_database
from engine.worker import Worker

COUNT = 1000


def report(folder: Path) -> list[str]:
    """Open cases that wait an hour, let two hours pass, and drain them."""
    folder.mkdir(parents=True)
    database = open_database(f"sqlite:///{folder / 'aidflow.db'}")
    schema.upgrade(database)
    at = wall.now()
    with database.write() as tx:
        seed_regions(tx)
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
    seconds = time.perf_counter() - started
    database.close()
    return [f"Timers fired by one worker: {fired / seconds:.0f} a second ({fired} of {COUNT} overdue)"]
