"""The one wall clock."""

from __future__ import annotations

from datetime import UTC, datetime

import time_machine

from engine.clocks import SHANGHAI, wall


def test_the_wall_clock_tells_the_time_in_china() -> None:
    with time_machine.travel(datetime(2026, 9, 21, 17, tzinfo=UTC), tick=False):
        assert wall.now() == datetime(2026, 9, 22, 1, tzinfo=SHANGHAI)
        assert wall.now().tzinfo is SHANGHAI
