"""How a ledger grows: open, pause, resume, extend, recalculate, stop. Each returns a new clock.

Refuses (InputError) what the law or the ledger's order forbids; nothing is ever taken out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.clocks.calendar import SHANGHAI, Calendar
from engine.clocks.clock import Clock, Entry
from engine.clocks.reckoning import reckon
from engine.errors import ConflictError, EngineFault, FieldError, InputError
from engine.parameters import Limit


def open_clock(
    name: str,
    limit: Limit,
    at: datetime,
    calendar: Calendar,
    *,
    promised: Limit | None = None,
    parent: str | None = None,
    by: str = "",
) -> Clock:
    """Starts a clock at `at`. Raises InputError if the promised limit ends later than the statutory one."""
    start = Entry(kind="started", at=_second(at), by=by, limit=limit, promised=promised)
    clock = Clock(name, (start,), parent)
    _check_promise(clock, calendar)
    return clock


def pause(clock: Clock, at: datetime, by: str, ground: str, article: str = "", *, cause: str = "") -> Clock:
    """Holds the clock for a cause. Several causes may hold it; the same one only once.

    A person's pause must name its ground (policy.md section 9). A parent's hold needs none: `cause` names
    the parent.
    """
    if not ground.strip() and not cause:
        raise _refusal(clock, "ground", "暂停须写明法定事由", "a pause must state its ground")
    if cause in clock.open_causes():
        raise _conflict(clock, "该时限已因同一事由暂停", "it is already paused for this cause")
    entry = Entry(kind="paused", at=at, by=by, ground=ground, article=article, cause=cause)
    return _append(clock, entry)


def resume(
    clock: Clock, at: datetime, by: str, ground: str = "", article: str = "", *, cause: str = ""
) -> Clock:
    """Ends one cause; the clock runs on when none is left. Raises InputError if the cause did not hold it."""
    if cause not in clock.open_causes():
        raise _conflict(clock, "该时限未因此事由暂停", "it is not paused for this cause")
    entry = Entry(kind="resumed", at=at, by=by, ground=ground, article=article, cause=cause)
    return _append(clock, entry)


def extend(
    clock: Clock,
    at: datetime,
    by: str,
    limit: Limit,
    ground: str,
    approver: str,
    article: str = "",
    *,
    calendar: Calendar,
    promised: Limit | None = None,
) -> Clock:
    """Replaces the statutory limit by a longer one of the same unit, counted from the same start.

    Raises InputError unless the ground is one of `limit.grounds`, an approver is named, the limit is
    longer, and the clock is not yet overdue (what is late can't be made timely).
    """
    old = clock.limit
    if ground not in limit.grounds:
        unlisted = f"{limit.key}.grounds" if limit.key else "<limit>.grounds"
        zh = f"延长须符合法定情形：{'、'.join(limit.grounds) or f'参数 {unlisted} 未列明'}"
        listed = ", ".join(limit.grounds) or f"the list parameter {unlisted} gives none"
        en = f"an extension needs one of the listed grounds: {listed}"
        raise _refusal(clock, "ground", zh, en)
    if not approver.strip():
        raise _refusal(clock, "approver", "延长须有批准人", "an extension needs an approver")
    if limit.unit != old.unit or limit.amount <= old.amount:
        zh = f"延长后的时限须长于{old.text('zh')}，且单位相同"
        raise _refusal(clock, "limit", zh, f"it must be longer than {old.text('en')}, in the same unit")
    due = reckon(clock, calendar, old).due
    if due is not None and due <= at:
        raise _refusal(clock, "at", "时限已届满，不能再延长", "it is overdue and can't be extended any more")
    entry = Entry(
        kind="extended",
        at=at,
        by=by,
        ground=ground,
        article=article,
        approver=approver,
        limit=limit,
        promised=promised,
    )
    extended = _append(clock, entry)
    if promised:
        _check_promise(extended, calendar)
    return extended


def recalculate(
    clock: Clock, calendar: Calendar, at: datetime, was: datetime | None, *, by: str = "system", ground: str
) -> Clock:
    """Records that a changed calendar moved the due instant from `was` (kept beside the ledger).

    The same clock comes back if nothing moved, or if it is paused or stopped.
    """
    if clock.stopped_at:
        return clock
    due = reckon(clock, calendar, clock.limit).due
    if due is None or was is None or due == was:
        return clock
    return _append(clock, Entry(kind="recalculated", at=at, by=by, ground=ground, was=was, due=due))


def stop(clock: Clock, at: datetime, by: str = "", ground: str = "") -> Clock:
    """Ends the clock for good; it keeps the light it has."""
    return _append(clock, Entry(kind="stopped", at=at, by=by, ground=ground))


def _append(clock: Clock, entry: Entry) -> Clock:
    if clock.stopped_at:
        raise _conflict(clock, "该时限已终止", "it has been stopped")
    entry = replace(entry, at=_second(entry.at))
    if entry.at < clock.entries[-1].at:
        zh, en = "时间不能早于上一条记录", "the time is before the last entry of the ledger"
        raise _refusal(clock, "at", zh, en)
    return replace(clock, entries=(*clock.entries, entry))


def _second(at: datetime) -> datetime:
    """The ledger is exact to the second; a naive time would be anybody's guess."""
    if at.tzinfo is None:
        raise EngineFault("A clock was given a time without a time zone.", "时限收到了没有时区的时间。")
    return at.astimezone(SHANGHAI).replace(microsecond=0)


def _check_promise(clock: Clock, calendar: Calendar) -> None:
    promised, limit = clock.promised, clock.limit
    if not promised:
        return
    if reckon(clock, calendar, promised).at_pause > reckon(clock, calendar, limit).at_pause:
        raise _refusal(
            clock,
            "promised",
            f"承诺时限（{promised.text('zh')}）不得长于法定时限（{limit.text('zh')}）",
            f"the promised limit ({promised.text('en')}) can't end later than "
            f"the statutory one ({limit.text('en')})",
        )


def _refusal(clock: Clock, name: str, zh: str, en: str) -> InputError:
    zh, en = f"时限“{clock.name}”：{zh}。", f"Clock '{clock.name}': {en}."
    return InputError(en, zh, [FieldError(pointer=f"/{name}", zh=zh, en=en)], {"clock": clock.name})


def _conflict(clock: Clock, zh: str, en: str) -> ConflictError:
    """The ledger stands differently now, most likely because somebody else was faster."""
    return ConflictError(
        f"Clock '{clock.name}': {en}.", f"时限“{clock.name}”：{zh}。", [], {"clock": clock.name}
    )
