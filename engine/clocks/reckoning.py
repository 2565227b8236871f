"""What a ledger means on a calendar: the due instant and what is left of the budget.

Hours run at once and to the second. Days: the day a clock starts is excluded (民法典 Art.201); counted
are working days, or all days, of which the last rolls to the next working day (Art.203). A pause takes
days out of the count:

- A day on which a pause begins is broken off; the day on which it ends finishes it. So a pause covers the
  days from the one it began on up to, not including, the one it ended on. Paused and resumed on one day
  costs nothing; paused on the last day, the clock is due on the day it resumes (rolled, as ever).
- If nothing was broken off (the pause began on the start day, or on a day that does not count), the
  remainder begins anew on the day of resuming, which is then excluded, as Art.201 excludes a first day.
- A pause that begins after the due instant changes nothing: what is overdue stays overdue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from engine.clocks.calendar import SHANGHAI, Calendar
from engine.parameters import Limit, Unit
from engine.parameters.limits import amount_text

if TYPE_CHECKING:
    from engine.clocks.clock import Clock

Gap = tuple[int, int]  # days out of the count, as ordinals, half-open


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which at least one cause held the clock; `end` is None while it lasts."""

    begin: datetime
    end: datetime | None
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A limit applied to a ledger. `at_pause` is the due instant it would have if an open pause ended now."""

    limit: Limit
    start: int
    pauses: tuple[Pause, ...]
    gaps: tuple[Gap, ...]
    last_day: int
    at_pause: datetime
    suspended: bool
    provisional: bool

    @property
    def due(self) -> datetime | None:
        return None if self.suspended else self.at_pause

    @property
    def due_date(self) -> date | None:
        return None if self.suspended else date.fromordinal(self.last_day)


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left: whole days in the clock's unit, or seconds for hours; negative once overdue.

    On the start day all of the budget is left, on the last day nothing more than that day (0).
    """

    unit: Unit
    amount: int
    overdue: bool

    def text(self, lang: str) -> str:
        """`3 working days left`, `逾期2小时`."""
        amount = abs(self.amount)
        left = duration_text(amount, lang) if self.unit == "hours" else amount_text(self.unit, amount, lang)
        if lang.startswith("zh"):
            return f"逾期{left}" if self.overdue else f"还剩{left}"
        return f"{left} overdue" if self.overdue else f"{left} left"


def duration_text(seconds: int, lang: str) -> str:
    """Hours and minutes, as people say them; a started minute counts."""
    hours, minutes = divmod(-(-seconds // 60), 60)
    chinese = lang.startswith("zh")
    parts = [f"{hours}小时" if chinese else f"{hours} h"] if hours or not minutes else []
    parts += [f"{minutes}分钟" if chinese else f"{minutes} min"] if minutes else []
    return ("" if chinese else " ").join(parts)


def day_of(at: datetime) -> int:
    """The day in China on which an instant falls, as an ordinal."""
    return at.astimezone(SHANGHAI).toordinal()


def start_of(day: int) -> datetime:
    """The first instant of a day in China."""
    return datetime.combine(date.fromordinal(day), datetime.min.time(), SHANGHAI)


def reckon(clock: Clock, calendar: Calendar, limit: Limit) -> Reckoned:
    """Applies a limit to the clock's ledger."""
    pauses = find_pauses(clock)
    ended = [(pause.begin, pause.end) for pause in pauses if pause.end is not None]
    start = day_of(clock.opened_at)
    if limit.unit == "hours":
        due = run_on(clock.opened_at, timedelta(hours=limit.amount), ended)
        gaps: tuple[Gap, ...] = ()
        last, provisional = day_of(due), False
    else:
        gaps = _find_gaps(ended, start, limit.unit, calendar)
        last = _roll(nth_day(limit.unit, start, limit.amount, gaps, calendar), gaps, calendar)
        due = start_of(last + 1)
        years = range(date.fromordinal(start).year, date.fromordinal(last).year + 1)
        provisional = not all(map(calendar.is_published, years))
    held = pauses[-1].begin if pauses and pauses[-1].end is None else None
    return Reckoned(limit, start, pauses, gaps, last, due, held is not None and held < due, provisional)


def find_pauses(clock: Clock) -> tuple[Pause, ...]:
    """The stretches in which the clock stood still, whatever held it; stopping ends the last one."""
    if len(clock.entries) == 1:
        return ()
    found: list[Pause] = []
    causes: set[str] = set()
    grounds: list[str] = []
    for entry in clock.entries:
        if entry.kind == "paused":
            if not causes:
                begin, grounds = entry.at, []
            causes.add(entry.cause)
            if entry.ground not in grounds:
                grounds.append(entry.ground)
        elif causes and entry.kind in ("resumed", "stopped"):
            causes = causes - {entry.cause} if entry.kind == "resumed" else set()
            if not causes:
                found.append(Pause(begin, entry.at, tuple(grounds)))
    if causes:
        found.append(Pause(begin, None, tuple(grounds)))
    return tuple(found)


def run_on(start: datetime, budget: timedelta, ended: list[tuple[datetime, datetime]]) -> datetime:
    """The instant at which a budget of running time is used up."""
    for begin, end in ended:
        if begin - start >= budget:
            break
        budget -= begin - start
        start = end
    return start + budget


def nth_day(unit: Unit, start: int, count: int, gaps: tuple[Gap, ...], calendar: Calendar) -> int:
    """The `count`-th counted day after `start`; `start` itself if the count is not positive."""
    if count <= 0:
        return start
    for low, high in gaps:
        before = _count(unit, start, low - 1, calendar)
        if before >= count:
            break
        count -= before
        start = max(start, high - 1)
    return calendar.workday_after(start, count) if unit == "workdays" else start + count


def days_between(unit: Unit, after: int, until: int, gaps: tuple[Gap, ...], calendar: Calendar) -> int:
    """How many counted days lie in (`after`, `until`]."""
    total = _count(unit, after, until, calendar)
    for low, high in gaps:
        total -= _count(unit, max(after, low - 1), min(until, high - 1), calendar)
    return total


def remaining(clock: Clock, calendar: Calendar, at: datetime) -> Remaining:
    """What is left at `at`, by the ledger as it stood then; a paused clock keeps what it had."""
    clock = clock.as_of(at)
    found = reckon(clock, calendar, clock.limit)
    unit, due = found.limit.unit, found.at_pause
    if found.suspended:
        at = found.pauses[-1].begin
    elif clock.stopped_at:
        at = clock.stopped_at
    if unit == "hours":
        # While stopped or paused `at` is past every pause, and `as_of` leaves none that begins later.
        return Remaining(unit, int((due - at).total_seconds()), at >= due)
    today = day_of(at)
    if at < due:
        return Remaining(unit, days_between(unit, today, found.last_day, found.gaps, calendar), False)
    return Remaining(unit, -_count(unit, found.last_day, today, calendar), True)


def _count(unit: Unit, after: int, until: int, calendar: Calendar) -> int:
    return calendar.workdays_between(after, until) if unit == "workdays" else max(0, until - after)


def _find_gaps(
    ended: list[tuple[datetime, datetime]], start: int, unit: Unit, calendar: Calendar
) -> tuple[Gap, ...]:
    gaps: list[Gap] = []  # one for each pause, empty where it took no day
    free = start + 1  # the first day that can still be broken off
    for begin, end in ended:
        low, high = day_of(begin), day_of(end)
        counts = unit == "calendar_days" or calendar.is_workday(date.fromordinal(low))
        broken_off = low >= free and counts
        low, high = max(low, free), high if broken_off else high + 1
        free = max(low, high)
        gaps.append((low, free))
    return tuple(gaps)


def _roll(day: int, gaps: tuple[Gap, ...], calendar: Calendar) -> int:
    """The day itself if it is a working day outside all pauses, else the next such day."""
    while True:
        inside = next((high for low, high in gaps if low <= day < high), None)
        if inside is not None:
            day = inside
        elif not calendar.is_workday(date.fromordinal(day)):
            day = calendar.workday_after(day, 1)
        else:
            return day
