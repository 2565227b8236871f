"""How a ledger grows, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import datetime

import pytest

from engine.clocks import (
    Calendar,
    CalendarDay,
    Clock,
    Limit,
    extend,
    open_clock,
    pause,
    recalculate,
    resume,
    stop,
)
from engine.errors import ConflictError, EngineFault, InputError
from tests.clocks.moments import NATION, SPECIAL, TOTAL, a_clock, day, moment


def paused(clock: Clock, begin: str, end: str | None = None, **more: str) -> Clock:
    clock = pause(clock, moment(begin), "officer", "补正材料", **more)
    return resume(clock, moment(end), "officer", **more) if end else clock


@pytest.mark.parametrize(
    ("begin", "end", "due"),
    [
        ("2026-09-23 10:00", "2026-09-23 16:00", "2026-10-27"),  # one day: nothing is lost
        ("2026-09-28 10:00", "2026-09-30 16:00", "2026-10-29"),  # two working days broken off and missed
        ("2026-09-26 10:00", "2026-09-27 16:00", "2026-10-27"),  # within rest days: nothing is lost
        (
            "2026-09-26 10:00",
            "2026-09-29 16:00",
            "2026-10-29",
        ),  # begun on one: the day of resuming is excluded
        ("2026-09-22 09:00", "2026-09-29 16:00", "2026-11-02"),  # on the start day: as if started on 09-29
        ("2026-09-22 09:00", "2026-09-22 16:00", "2026-10-27"),  # within the start day
        ("2026-10-27 10:00", "2026-11-05 16:00", "2026-11-05"),  # on the last day: due the day it resumes
        ("2026-10-27 10:00", "2026-11-07 16:00", "2026-11-09"),  # the same, resumed on a Saturday
        ("2026-10-28 00:00", "2026-11-05 16:00", "2026-10-27"),  # after the last day: overdue stays overdue
    ],
)
def test_a_pause_takes_the_days_it_broke_off_and_missed(begin: str, end: str, due: str) -> None:
    assert paused(a_clock(), begin, end).due_date(NATION) == day(due)


def test_pausing_before_the_first_counted_day_equals_starting_on_the_day_of_resuming() -> None:
    for start in ("2026-09-29", "2026-10-04", "2026-10-16"):
        held = paused(a_clock(), "2026-09-22 09:00", f"{start} 15:00")
        assert held.due(NATION) == a_clock(f"{start} 09:00").due(NATION)


def test_two_pauses_that_touch_equal_one() -> None:
    for begin, middle, end in (
        ("2026-09-23", "2026-09-28", "2026-10-12"),
        ("2026-09-22", "2026-09-26", "2026-10-12"),
    ):
        once = paused(a_clock("2026-09-22 00:00"), f"{begin} 10:00", f"{end} 10:00")
        twice = paused(a_clock("2026-09-22 00:00"), f"{begin} 10:00", f"{middle} 11:00")
        twice = paused(twice, f"{middle} 11:00", f"{end} 10:00")
        assert once.due(NATION) == twice.due(NATION)


def test_the_remainder_at_resuming_is_the_remainder_at_pausing() -> None:
    before = paused(a_clock(), "2026-09-29 10:00")
    after = resume(before, moment("2026-10-12 08:00"), "officer")
    left = before.remaining(NATION, moment("2026-10-11 23:00"))
    assert left.amount == 16
    assert after.remaining(NATION, moment("2026-10-12 08:00")) == left


def test_hours_keep_their_remainder_to_the_second() -> None:
    clock = paused(
        a_clock("2026-10-02 14:00", Limit("hours", 72)), "2026-10-03 02:30:01", "2026-10-04 00:00:02"
    )
    assert clock.due(NATION) == moment("2026-10-06 11:30:01")
    assert clock.remaining(NATION, moment("2026-10-06 11:29:00")).amount == 61


def test_a_paused_clock_has_no_due_instant_until_it_resumes() -> None:
    clock = paused(a_clock(), "2026-09-28 10:00")
    assert clock.due(NATION) is None
    assert clock.due_date(NATION) is None
    assert clock.promised_due(NATION) is None
    assert clock.light_changes(NATION) == (None, None)


def test_a_clock_held_by_two_causes_runs_when_both_are_gone() -> None:
    clock = paused(a_clock(), "2026-09-28 10:00")
    clock = pause(clock, moment("2026-09-29 10:00"), "system", "", cause="total")
    clock = resume(clock, moment("2026-09-30 10:00"), "officer")
    assert clock.state == "paused"
    assert clock.paused_since == moment("2026-09-28 10:00")
    clock = resume(clock, moment("2026-10-12 10:00"), "system", cause="total")
    assert clock.state == "running"
    assert clock.paused_since is None
    assert clock.due(NATION) == paused(a_clock(), "2026-09-28 10:00", "2026-10-12 10:00").due(NATION)


def test_an_extension_counts_from_the_same_start_and_keeps_its_record() -> None:
    at = moment("2026-10-20 10:00")
    clock = extend(a_clock(), at, "officer", SPECIAL, "公示有异议", "leader", "四(一)", calendar=NATION)
    assert clock.due_date(NATION) == day("2026-12-01")
    entry = clock.entries[-1]
    assert (entry.kind, entry.ground, entry.approver, entry.article) == (
        "extended",
        "公示有异议",
        "leader",
        "四(一)",
    )


def test_a_promise_later_than_the_law_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        a_clock(promised=Limit("workdays", 21))
    assert caught.value.errors[0].pointer == "/promised"
    with pytest.raises(InputError):
        a_clock(limit=Limit("workdays", 5), promised=Limit("calendar_days", 20))
    assert a_clock(promised=TOTAL).promised_due(NATION) == moment("2026-10-28")


def test_statutory_and_promised_run_side_by_side_through_a_pause() -> None:
    clock = paused(a_clock(promised=Limit("workdays", 15)), "2026-09-28 10:00", "2026-09-30 10:00")
    assert clock.promised_due(NATION) == moment("2026-10-23")
    assert clock.due(NATION) == moment("2026-10-30")


def test_a_calendar_correction_is_recorded_with_the_old_and_the_new_due_instant() -> None:
    clock = a_clock("2026-12-22 09:00")
    was = clock.due(NATION)
    free = CalendarDay(
        day=day("2027-01-01"),
        works=False,
        zh="元旦",
        en="New Year's Day",
        announced=day("2026-11-20"),
        source="x",
    )
    corrected = recalculate(
        clock, Calendar([free]), moment("2026-12-25 08:00"), was, ground="2027年放假安排公布"
    )
    entry = corrected.entries[-1]
    assert (entry.kind, entry.was, entry.due) == ("recalculated", moment("2027-01-20"), moment("2027-01-21"))
    again = recalculate(corrected, Calendar([free]), moment("2026-12-26 08:00"), entry.due, ground="x")
    assert again is corrected


def test_a_calendar_correction_leaves_paused_and_stopped_clocks_alone() -> None:
    held = paused(a_clock(), "2026-09-28 10:00")
    ended = stop(a_clock(), moment("2026-09-28 10:00"))
    for clock in (held, ended):
        assert recalculate(clock, NATION, moment("2026-10-01"), moment("2026-10-28"), ground="x") is clock


AT = moment("2026-10-20 10:00")
REFUSALS: dict[str, tuple[Callable[[], Clock], str]] = {
    "a pause without a ground": (lambda: pause(a_clock(), AT, "officer", " "), "/ground"),
    "an entry before the last": (lambda: paused(a_clock(), "2026-09-22 08:59"), "/at"),
    "an unlisted ground": (
        lambda: extend(a_clock(), AT, "o", SPECIAL, "工作繁忙", "leader", calendar=NATION),
        "/ground",
    ),
    "an extension without listed grounds": (
        lambda: extend(a_clock(), AT, "o", Limit("workdays", 45), "人户分离", "leader", calendar=NATION),
        "/ground",
    ),
    "an extension without approver": (
        lambda: extend(a_clock(), AT, "o", SPECIAL, "人户分离", "", calendar=NATION),
        "/approver",
    ),
    "an extension that is shorter": (
        lambda: extend(
            a_clock(limit=Limit("workdays", 60)), AT, "o", SPECIAL, "人户分离", "l", calendar=NATION
        ),
        "/limit",
    ),
    "an extension in another unit": (
        lambda: extend(
            a_clock(limit=Limit("hours", 2400)), AT, "o", SPECIAL, "人户分离", "l", calendar=NATION
        ),
        "/limit",
    ),
    "an extension when overdue": (
        lambda: extend(a_clock(), moment("2026-10-28"), "o", SPECIAL, "人户分离", "l", calendar=NATION),
        "/at",
    ),
    "an extension with too late a promise": (
        lambda: extend(
            a_clock(),
            AT,
            "o",
            SPECIAL,
            "人户分离",
            "l",
            calendar=NATION,
            promised=Limit("workdays", 46),
        ),
        "/promised",
    ),
}


@pytest.mark.parametrize(("act", "pointer"), REFUSALS.values(), ids=REFUSALS.keys())
def test_the_ledger_refuses(act: Callable[[], Clock], pointer: str) -> None:
    with pytest.raises(InputError) as caught:
        act()
    assert caught.value.errors[0].pointer == pointer
    assert "total" in caught.value.en
    assert "total" in caught.value.zh


@pytest.mark.parametrize(
    "act",
    [
        lambda: paused(paused(a_clock(), "2026-09-23"), "2026-09-24"),
        lambda: resume(a_clock(), AT, "officer"),
        lambda: paused(stop(a_clock(), AT), "2026-10-21"),
    ],
    ids=["a second pause for one cause", "resuming what runs", "pausing what has ended"],
)
def test_what_somebody_else_did_first_is_a_conflict(act: Callable[[], Clock]) -> None:
    with pytest.raises(ConflictError, match="total"):
        act()


def test_nothing_follows_a_stop() -> None:
    ended = stop(a_clock(), AT)
    acts: list[Callable[[], Clock]] = [lambda: stop(ended, AT), lambda: paused(ended, "2026-10-21")]
    for act in acts:
        with pytest.raises(InputError):
            act()


def test_a_time_without_zone_is_our_fault() -> None:
    with pytest.raises(EngineFault):
        open_clock("total", TOTAL, datetime(2026, 9, 22, 9), NATION)  # noqa: DTZ001


def test_a_clock_can_not_be_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        a_clock().name = "x"  # type: ignore[misc]


def test_a_clock_reads_back_from_what_it_stores() -> None:
    clock = paused(
        a_clock(promised=Limit("workdays", 15), parent="case"), "2026-09-28 10:00", "2026-09-30 10:00"
    )
    clock = extend(clock, AT, "officer", SPECIAL, "人户分离", "leader", "四(一)", calendar=NATION)
    clock = recalculate(clock, NATION, AT, moment("2026-12-31"), ground="x")
    clock = pause(clock, AT, "system", "", cause="total")
    clock = stop(clock, AT, "officer", "withdrawn")
    assert Clock.from_json(clock.to_json()) == clock


def test_an_untouched_clock_is_stored_in_150_bytes() -> None:
    assert len(a_clock(parent="case").to_json().encode()) <= 150
