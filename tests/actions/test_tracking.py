"""Tracking: number and digits open one case for a while, and nothing tells a stranger what is right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.actions.applicants import (
    TooManyRequestsError,
)
from engine.actions.applicants_track import (
    NotTrackedError,
    Tracking,
    TrackingOverError,
    end_tracking,
    tracked_case,
)
from tests.applying import (
    ANSWERS,
    POLICY,
    apply,
    furnish,
    see,
    track,
)
from tests.builders import TOWN, Office
from tests.people_forms import id_number


@pytest.fixture
def counter(office: Office) -> Office:
    """The office where one can apply."""
    furnish(office)
    return office


def test_number_and_digits_open_the_case_and_nothing_but_it(counter: Office) -> None:
    number = apply(counter)
    apply(counter)
    found = track(counter, f" {number} ", id_number()[-4:].lower())
    assert isinstance(found, Tracking)
    with counter.database.read() as tx:
        assert tracked_case(tx, token=found.token, at=counter.now) == found.case_id
    assert see(counter, found.case_id).number == number


@pytest.mark.parametrize("digits", ["0000", "", id_number(), id_number()[-5:], id_number()[-3:], "００００"])
def test_wrong_digits_and_a_wrong_number_look_alike(counter: Office, digits: str) -> None:
    number = apply(counter)
    for tried in (number, f"2026-{TOWN}-999999", "x" * 5000):
        refused = track(counter, tried, digits)
        assert isinstance(refused, NotTrackedError)
        assert (refused.en, refused.zh, refused.data, refused.errors) == (
            NotTrackedError().en, NotTrackedError().zh, {}, [],
        )  # fmt: skip


@pytest.mark.parametrize("exists", [True, False])
def test_a_number_is_locked_whether_it_is_a_case_or_not(counter: Office, exists: bool) -> None:
    number = apply(counter) if exists else f"2026-{TOWN}-999999"
    for _ in range(POLICY.tracking_attempts):
        assert isinstance(track(counter, number, "0000", ""), NotTrackedError)
    with pytest.raises(TooManyRequestsError) as refused:
        track(counter, number, id_number()[-4:], "198.51.100.9")
    assert refused.value.data["retry_after"] == POLICY.tracking_lock_minutes * 60 + 1
    if exists:
        counter.now += timedelta(minutes=POLICY.tracking_lock_minutes, seconds=1)
        assert isinstance(track(counter, number, id_number()[-4:]), Tracking)


def test_an_address_that_tries_many_numbers_is_locked(counter: Office) -> None:
    for n in range(POLICY.tracking_attempts_per_address):
        track(counter, f"2026-{TOWN}-{n + 100:06d}", "0000")
    with pytest.raises(TooManyRequestsError):
        track(counter, f"2026-{TOWN}-000500", "0000")


def test_a_tracking_session_is_short_and_can_be_ended(counter: Office) -> None:
    found = track(counter, apply(counter), id_number()[-4:])
    assert isinstance(found, Tracking)
    run_end = {"token": found.token}
    with counter.database.read() as tx, pytest.raises(TrackingOverError):
        tracked_case(tx, token=found.token, at=counter.now + timedelta(minutes=POLICY.tracking_minutes))
    with counter.database.write() as tx:
        end_tracking(tx, **run_end)
    for token in (found.token, None, "", "x"):
        with counter.database.read() as tx, pytest.raises(TrackingOverError):
            tracked_case(tx, token=token, at=counter.now)


def test_a_number_that_staff_enter_later_can_be_tracked_by(counter: Office) -> None:
    case = counter.open("help", **ANSWERS)
    assert isinstance(track(counter, case.number, id_number()[-4:]), Tracking)
