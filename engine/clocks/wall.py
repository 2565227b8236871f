"""The only place that reads the wall clock. The edges (`api`, `worker`) pass what it says down."""

from datetime import datetime

from engine.clocks.calendar import SHANGHAI


def now() -> datetime:
    """The present instant, aware, in China's time zone."""
    return datetime.now(SHANGHAI)
