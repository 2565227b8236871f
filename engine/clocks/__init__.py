"""Lawful clocks: a budget on a calendar plus a ledger, pure and frozen.

Owns calendars, ledgers, due instants, lights and explanations, and the product functions that FEEL
gets. Refuses to know a database or the present time (`wall` alone reads the machine's).
"""

from engine.clocks.calendar import SHANGHAI, Calendar, CalendarDay, CalendarYear
from engine.clocks.calendar_file import load_calendar
from engine.clocks.clock import Clock, ClockRef, Entry
from engine.clocks.functions import product_functions
from engine.clocks.ledger import extend, open_clock, pause, recalculate, resume, stop
from engine.clocks.lights import Deadline, Thresholds
from engine.clocks.reckoning import Remaining
from engine.parameters import Limit

__all__ = [
    "SHANGHAI",
    "Calendar",
    "CalendarDay",
    "CalendarYear",
    "Clock",
    "ClockRef",
    "Deadline",
    "Entry",
    "Limit",
    "Remaining",
    "Thresholds",
    "extend",
    "load_calendar",
    "open_clock",
    "pause",
    "product_functions",
    "recalculate",
    "resume",
    "stop",
]
