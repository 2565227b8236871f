"""The tick that looks at what is due. The database is the record of due work; this only looks often."""

from __future__ import annotations

from apscheduler.schedulers.background import BackgroundScheduler

from engine.clocks import wall
from engine.store.blobs import Blobs
from engine.store.db import Database
from engine.worker import Worker

SECONDS_BETWEEN_TICKS = 1.0


class Ticker:
    """One ticker a process: looks every second, never twice at once, and skips the ticks it slept through."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._worker = Worker(database, blobs=blobs)
        self._scheduler = BackgroundScheduler(timezone="Asia/Shanghai")
        self._scheduler.add_job(
            self.tick,
            "interval",
            seconds=SECONDS_BETWEEN_TICKS,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def tick(self) -> int:
        """Perform everything due now; returns how many items."""
        return self._worker.run_due(wall.now())

    def start(self) -> None:
        """Tick in the background until stopped."""
        self._scheduler.start()

    def stop(self) -> None:
        """Finish the item in hand and tick no more."""
        self._worker.stop()
        self._scheduler.shutdown(wait=True)
