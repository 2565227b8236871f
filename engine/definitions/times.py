"""Text that stands for a time: ISO 8601 dates, instants, durations and cycles, and what was meant as such."""

from __future__ import annotations

import re

from engine.feel import Date, DateTime, DaysTime, YearsMonths
from engine.feel.temporal_text import parse_temporal

_CYCLE = re.compile(r"R\d*/(?:([^/P]+)/)?(P[^/]+)")
_WEEKS = re.compile(r"P\d{1,6}W")  # ISO 8601, not FEEL
# No FEEL expression begins like this: a digit with a unit, a date in another order, a cron line, a macro.
_MEANT = re.compile(
    r"-?(P[\dT]|P$|R\d*/|\d{4}-\d|\d{1,2}:\d\d|\d{1,2}\.\d{1,2}\.\d|\d+ ?[smhdwMYDH]\b)"
    r"|[\d*/,\-?LW#]+( [\d*/,\-?LW#]+){4,}$|@\w+"
)


def kind_of_time(text: str) -> str:
    """`timeCycle`, `timeDuration` or `timeDate`, as BPMN calls them; empty for anything else."""
    if cycle := _CYCLE.fullmatch(text):
        begin, length = cycle.groups()
        fits = kind_of_time(length) == "timeDuration" and (not begin or kind_of_time(begin) == "timeDate")
        return "timeCycle" if fits else ""
    if _WEEKS.fullmatch(text):
        return "timeDuration"
    value = parse_temporal(text)
    if isinstance(value, DaysTime | YearsMonths):
        return "timeDuration"
    return "timeDate" if isinstance(value, Date | DateTime) else ""


def meant_as_time(text: str) -> bool:
    """Whether somebody wanted to write a time in some other notation, or mistyped one."""
    return not text.startswith("=") and _MEANT.match(text) is not None and not kind_of_time(text)
