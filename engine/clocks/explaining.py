"""Says in one sentence, in Chinese or English, how a deadline comes about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from engine.clocks.calendar import SHANGHAI, Calendar
from engine.clocks.reckoning import (
    Gap,
    Pause,
    Reckoned,
    day_of,
    days_between,
    duration_text,
    reckon,
    remaining,
)
from engine.parameters.limits import amount_text

if TYPE_CHECKING:
    from engine.clocks.clock import Clock, Entry

_ZH = {
    "join": "；",
    "end": "。",
    "head": "自{start}起{limit}（当日不计）{source}",
    "head_hours": "自{start}起{limit}（节假日连续计算）{source}",
    "source": "，依据{source}",
    "placeholder": "（暂定值，本地标准待确认）",
    "holiday": "{days}{name}放假",
    "exchange": "{days}调休上班",
    "paused": "{days}暂停（{ground}），{lost}不计入",
    "paused_free": "{days}暂停（{ground}），不影响期限",
    "paused_hours": "{start}起暂停{lost}（{ground}）",
    "parent": "随上级时限暂停",
    "extended": "{day}延长至{limit}（{ground}，{approver}批准）",
    "recalculated": "{day}重新计算（{ground}）：由{was}改为{due}",
    "rolled": "期末{day}为休息日，顺延至{due}",
    "provisional": "暂定：{years}年放假安排尚未公布，暂只扣除周末",
    "promised": "承诺{limit}，{due}到期",
    "held": "{day}起暂停（{ground}），{left}，恢复后再定到期日",
    "late_hold": "{day}起暂停（{ground}），暂停时已逾期",
    "due": "{due}到期",
    "stopped": "{day}终止计时",
}
_EN = {
    "join": "; ",
    "end": ".",
    "head": "{limit} from {start}, that day excluded{source}",
    "head_hours": "{limit} from {start}, holidays included{source}",
    "source": " ({source})",
    "placeholder": " (placeholder: the local figure is not known)",
    "holiday": "{days} {name}",
    "exchange": "{days} worked in exchange for a holiday",
    "paused": "paused {days} ({ground}), {lost} not counted",
    "paused_free": "paused {days} ({ground}), no day lost",
    "paused_hours": "paused {lost} from {start} ({ground})",
    "parent": "with its parent clock",
    "extended": "extended to {limit} on {day} ({ground}; approved by {approver})",
    "recalculated": "recalculated on {day} ({ground}): {was} became {due}",
    "rolled": "the last day {day} is a day off, so it moves to {due}",
    "provisional": "provisional: the holidays of {years} are not published yet, only weekends are left out",
    "promised": "promised within {limit}, by {due}",
    "held": "paused since {day} ({ground}) with {left}; the due date is set when it resumes",
    "late_hold": "paused since {day} ({ground}), after it was due",
    "due": "due {due}",
    "stopped": "stopped on {day}",
}


def explain(clock: Clock, calendar: Calendar, lang: str) -> str:
    """The whole reckoning: start, limit and source, days off, pauses, extensions, promise, due date."""
    words = _Words(clock, lang)
    found = reckon(clock, calendar, clock.limit)
    clauses = [words.head(), *words.days_off(found, calendar), *words.pauses(found, calendar)]
    clauses += map(words.entry, (e for e in clock.entries if e.kind in ("extended", "recalculated")))
    clauses += words.rolled(found, calendar)
    if found.provisional:
        first, last = words.start.year, date.fromordinal(found.last_day).year
        years = [str(year) for year in range(first, last + 1) if not calendar.is_published(year)]
        clauses.append(
            words.say("provisional", years="、".join(years) if words.chinese else ", ".join(years))
        )
    clauses += words.promise(calendar)
    clauses += words.end(found, calendar)
    text = words.texts["join"].join(clauses) + words.texts["end"]
    return text[0].upper() + text[1:]


class _Words:
    """One explanation in one language; dates leave out the year in which the clock started."""

    def __init__(self, clock: Clock, lang: str) -> None:
        self.clock, self.lang = clock, lang
        self.chinese = lang.startswith("zh")
        self.texts = _ZH if self.chinese else _EN
        self.start = clock.opened_at.astimezone(SHANGHAI).date()
        self.by_hour = clock.limit.unit == "hours"

    def say(self, clause: str, /, **values: object) -> str:
        return self.texts[clause].format(**values)

    def head(self) -> str:
        first = self.clock.entries[0]
        limit = first.limit or self.clock.limit
        source = self.say("source", source=limit.source) if limit.source else ""
        if limit.placeholder:
            source += self.texts["placeholder"]
        start = self.instant(first.at, full=True) if self.by_hour else self.day(self.start, full=True)
        name = "head_hours" if self.by_hour else "head"
        return self.say(name, start=start, limit=limit.text(self.lang), source=source)

    def days_off(self, found: Reckoned, calendar: Calendar) -> Iterator[str]:
        """The named holidays and exchanged working days between the start and the last day."""
        if found.limit.unit != "workdays":
            return
        runs: list[tuple[str, bool, int, int]] = []
        for ordinal in range(found.start + 1, found.last_day + 1):
            day = date.fromordinal(ordinal)
            name, works = calendar.name_of(day, self.lang), calendar.is_workday(day)
            if not name:
                continue
            if runs and runs[-1][:2] == (name, works) and runs[-1][3] == ordinal - 1:
                runs[-1] = (name, works, runs[-1][2], ordinal)
            else:
                runs.append((name, works, ordinal, ordinal))
        for name, works, first, last in runs:
            yield self.say("exchange" if works else "holiday", days=self.days(first, last), name=name)

    def pauses(self, found: Reckoned, calendar: Calendar) -> Iterator[str]:
        ended = [pause for pause in found.pauses if pause.end is not None]
        if self.by_hour:
            for pause in ended:
                yield self._hour_pause(pause)
            return
        for pause, gap in zip(ended, found.gaps, strict=True):
            yield self._day_pause(pause, gap, found, calendar)

    def _hour_pause(self, pause: Pause) -> str:
        lost = int(((pause.end or pause.begin) - pause.begin).total_seconds())
        text = duration_text(lost, self.lang)
        return self.say("paused_hours", lost=text, start=self.instant(pause.begin), ground=self.ground(pause))

    def _day_pause(self, pause: Pause, gap: Gap, found: Reckoned, calendar: Calendar) -> str:
        unit, (low, high) = found.limit.unit, gap
        lost = days_between(unit, low - 1, high - 1, (), calendar)
        begin, end = day_of(pause.begin), high - 1 if lost else day_of(pause.end or pause.begin)
        name = "paused" if lost else "paused_free"
        lost_text = amount_text(unit, lost, self.lang)
        return self.say(name, days=self.days(begin, end), ground=self.ground(pause), lost=lost_text)

    def entry(self, entry: Entry) -> str:
        day = self.day(entry.at.astimezone(SHANGHAI).date())
        ground = ("，" if self.chinese else ", ").join(filter(None, (entry.ground, entry.article)))
        if entry.kind == "extended" and entry.limit:
            limit = entry.limit.text(self.lang)
            return self.say("extended", day=day, limit=limit, ground=ground, approver=entry.approver)
        was, due = (self.due(instant) for instant in (entry.was, entry.due) if instant)
        return self.say("recalculated", day=day, ground=ground, was=was, due=due)

    def rolled(self, found: Reckoned, calendar: Calendar) -> Iterator[str]:
        if found.limit.unit != "calendar_days" or found.suspended:
            return
        counted = days_between("calendar_days", found.start, found.last_day, found.gaps, calendar)
        if counted > found.limit.amount:
            nominal = found.last_day - (counted - found.limit.amount)
            due = self.day(date.fromordinal(found.last_day))
            yield self.say("rolled", day=self.day(date.fromordinal(nominal)), due=due)

    def promise(self, calendar: Calendar) -> Iterator[str]:
        promised, due = self.clock.promised, self.clock.promised_due(calendar)
        if promised and due:
            yield self.say(
                "promised", limit=promised.text(self.lang), due=self.due(due, promised.unit == "hours")
            )

    def end(self, found: Reckoned, calendar: Calendar) -> Iterator[str]:
        pause = found.pauses[-1] if found.pauses and found.pauses[-1].end is None else None
        if pause:
            left = remaining(self.clock, calendar, pause.begin).text(self.lang)
            day = self.instant(pause.begin) if self.by_hour else self.day(pause.begin.date())
            name = "held" if found.suspended else "late_hold"
            yield self.say(name, day=day, ground=self.ground(pause), left=left)
        if not found.suspended:
            yield self.say("due", due=self.due(found.at_pause, full=True))
        if self.clock.stopped_at:
            yield self.say("stopped", day=self.day(self.clock.stopped_at.date()))

    def ground(self, pause: Pause) -> str:
        return "、".join(ground or self.texts["parent"] for ground in pause.grounds)

    def due(self, due: datetime, by_hour: bool | None = None, *, full: bool = False) -> str:
        """A due instant as people say it: the last day, or the instant itself for hours."""
        if self.by_hour if by_hour is None else by_hour:
            return self.instant(due, full=full)
        return self.day(date.fromordinal(day_of(due) - 1), full=full)

    def days(self, first: int, last: int) -> str:
        begin, end = date.fromordinal(first), date.fromordinal(last)
        if first == last:
            return self.day(begin)
        if (begin.year, begin.month) == (end.year, end.month):
            return self.day(begin) + (f"至{end.day}日" if self.chinese else f"..{end:%d}")
        return f"{self.day(begin)}{'至' if self.chinese else '..'}{self.day(end)}"

    def day(self, day: date, *, full: bool = False) -> str:
        full = full or day.year != self.start.year
        if self.chinese:
            return f"{day.year}年{day.month}月{day.day}日" if full else f"{day.month}月{day.day}日"
        return day.isoformat() if full else f"{day:%m-%d}"

    def instant(self, at: datetime, *, full: bool = False) -> str:
        local = at.astimezone(SHANGHAI)
        return f"{self.day(local.date(), full=full)}{'' if self.chinese else ' '}{local:%H:%M}"
