"""Signing in between the two looks at the database: what changes meanwhile must not be overlooked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.actions import accounts, sign_in, throttling
from engine.actions.passwords import Verdict, check_password, generate_password, hash_password, require_good
from engine.actions.sign_in import PasswordChangeRequiredError, SignedIn, SignInError
from engine.actions.sign_in_policy import DEFAULT_POLICY, SignInPolicy
from engine.actions.throttling import Source, TooManyAttemptsError
from engine.errors import EngineError, InputError, NotFoundError
from engine.store import credentials, people, sessions
from engine.store.db import Database
from engine.types import SYSTEM, Position
from tests.builders import TUESDAY

POLICY = replace(DEFAULT_POLICY, sign_in_attempts=3, sign_in_attempts_per_address=5)
HERE = "203.0.113.7"
RIGHT = Verdict(True, None)
WRONG = Verdict(False, None)


def begin(
    database: Database, username: str = "officer", at: datetime = TUESDAY, address: str = HERE
) -> sign_in.Attempt:
    with database.read() as tx:
        return sign_in.begin(tx, username=username, address=address, policy=POLICY, at=at)


def finish(
    database: Database, attempt: sign_in.Attempt, verdict: Verdict, at: datetime = TUESDAY
) -> SignedIn | EngineError:
    with database.write() as tx:
        return sign_in.finish(tx, attempt, verdict, replaces=None, policy=POLICY, at=at)


def stored_hash(database: Database) -> str:
    with database.read() as tx:
        return credentials.get_credentials(tx, "officer").password_hash


def test_password_hashed_with_older_parameters_is_hashed_anew(database: Database) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("aidflow-demo")
    with database.write() as tx:
        credentials.set_password_hash(tx, username="officer", password_hash=old, must_change=False)
    attempt = begin(database)
    verdict = check_password(attempt.password_hash, "aidflow-demo")
    assert isinstance(finish(database, attempt, verdict), SignedIn)
    assert "m=19456,t=2,p=1" in stored_hash(database)
    assert check_password(stored_hash(database), "aidflow-demo") == Verdict(True, None)


def test_password_of_today_is_not_hashed_anew(database: Database) -> None:
    before = stored_hash(database)
    attempt = begin(database)
    finish(database, attempt, check_password(attempt.password_hash, "aidflow-demo"))
    assert stored_hash(database) == before


@pytest.mark.parametrize("stored", [None, "-", ""])
def test_account_without_a_usable_hash_is_wrong_whatever_is_typed(stored: str | None) -> None:
    assert check_password(stored, "-") == Verdict(False, None)


def test_of_many_tries_at_once_only_the_allowed_ones_count(database: Database) -> None:
    together = [begin(database) for _ in range(4)]
    answers = [finish(database, attempt, WRONG) for attempt in together[:3]]
    assert {type(answer) for answer in answers} == {SignInError}
    assert isinstance(finish(database, together[3], RIGHT), TooManyAttemptsError)


def test_password_changed_meanwhile_is_the_old_one_no_longer(database: Database) -> None:
    attempt = begin(database)
    with database.write() as tx:
        credentials.set_password_hash(
            tx, username="officer", password_hash=hash_password("other"), must_change=False
        )
    assert isinstance(finish(database, attempt, RIGHT), SignInError)


def test_account_closed_meanwhile_is_closed(database: Database) -> None:
    attempt = begin(database)
    with database.write() as tx:
        accounts.set_active(tx, username="officer", active=False, actor=SYSTEM, at=TUESDAY)
    assert isinstance(finish(database, attempt, RIGHT), SignInError)


def test_failures_of_long_ago_are_forgotten(database: Database) -> None:
    for day in range(6):
        at = TUESDAY + timedelta(days=2 * day)
        for _ in range(2):
            assert isinstance(finish(database, begin(database, at=at), WRONG, at), SignInError)


def test_lock_never_lasts_longer_than_a_day(database: Database) -> None:
    at = TUESDAY
    for _ in range(12):
        for _ in range(3):
            finish(database, begin(database, at=at, address=""), WRONG, at)
        with pytest.raises(TooManyAttemptsError) as caught:
            begin(database, at=at, address="")
        assert caught.value.data["retry_after"] <= 24 * 3600 + 1
        at += timedelta(seconds=caught.value.data["retry_after"])


def test_what_is_counted_does_not_grow_for_ever(database: Database) -> None:
    for day in range(4):
        at = TUESDAY + timedelta(days=2 * day)
        for number in range(3):
            finish(database, begin(database, f"made-up-{day}-{number}", at, f"203.0.113.{number}"), WRONG, at)
    with database.read() as tx:
        rows = tx.exec_driver_sql("SELECT count(*) FROM sign_in_attempts").scalar_one()
    assert rows == 6


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tries=st.lists(
        st.tuples(
            st.sampled_from(["officer", "nobody-here"]), st.sampled_from(["", HERE]), st.integers(0, 700)
        ),
        max_size=25,
    ),
    run=st.integers(0, 2**62),
)
def test_real_and_unknown_accounts_are_locked_alike(
    tries: list[tuple[str, str, int]], run: int, database: Database
) -> None:
    """The same failures on either name give the same answers: nothing tells which exists."""
    told: dict[str, list[str]] = {}
    for username in ("leader", f"made-up-{run}"):
        with database.write() as tx:
            throttling.release(tx, username)
            tx.exec_driver_sql("DELETE FROM sign_in_attempts")
        at = TUESDAY
        for _, address, seconds in tries:
            at += timedelta(seconds=seconds)
            try:
                answer = finish(database, begin(database, username, at, address), WRONG, at)
                assert isinstance(answer, EngineError)
                told.setdefault(username, []).append(answer.code)
            except TooManyAttemptsError as error:
                told.setdefault(username, []).append(f"{error.code} {error.data}")
    assert len({tuple(answers) for answers in told.values()}) <= 1


def test_source_without_an_address_locks_no_address() -> None:
    assert Source(username="officer", address="").address_key is None


def test_new_account_must_change_its_generated_password(database: Database) -> None:
    with database.write() as tx:
        initial = accounts.add_account(
            tx,
            username="li",
            name="李",
            name_en="",
            held=[Position(role="town.officer", region="350481100")],
            password=None,
            policy=POLICY,
            actor=SYSTEM,
            at=TUESDAY,
        )
    attempt = begin(database, "li")
    verdict = check_password(attempt.password_hash, initial)
    assert isinstance(finish(database, attempt, verdict), PasswordChangeRequiredError)
    with database.write() as tx:
        changed = sign_in.change_password(
            tx, attempt, verdict, new_hash=hash_password("x"), replaces=None, policy=POLICY, at=TUESDAY
        )
        assert isinstance(changed, SignedIn)
        holder = sessions.find_holder(tx, changed.token, TUESDAY, POLICY.session_idle)
    assert holder is not None
    assert holder.actor.positions == (Position(role="town.officer", region="350481100"),)


def test_generated_passwords_pass_the_rules_and_differ(database: Database) -> None:
    with database.read() as tx:
        account = credentials.get_credentials(tx, "officer")
    made = {generate_password() for _ in range(20)}
    assert len(made) == 20
    for password in made:
        require_good(password, account, policy=DEFAULT_POLICY)


def test_closed_account_loses_sessions_and_opens_again(database: Database) -> None:
    opened = finish(database, begin(database), RIGHT)
    assert isinstance(opened, SignedIn)
    with database.write() as tx:
        accounts.set_active(tx, username="officer", active=False, actor=SYSTEM, at=TUESDAY)
        accounts.set_active(tx, username="officer", active=True, actor=SYSTEM, at=TUESDAY)
        assert sign_in.holder_of(tx, token=opened.token, policy=POLICY, at=TUESDAY) is None
        assert people.find_actor(tx, "officer", TUESDAY.date()) is not None
    assert isinstance(finish(database, begin(database), RIGHT), SignedIn)


@pytest.mark.parametrize("act", [accounts.unlock_account, accounts.reset_password])
def test_account_that_does_not_exist_is_said(act: object, database: Database) -> None:
    more = {"password": None, "policy": POLICY} if act is accounts.reset_password else {}
    with database.write() as tx, pytest.raises(NotFoundError, match="nobody"):
        act(tx, username="nobody", actor=SYSTEM, at=TUESDAY, **more)  # type: ignore[operator]


@pytest.mark.parametrize(
    "wrong",
    [{"password_min_length": 7}, {"sign_in_attempts": 101}, {"sign_in_attempts": 0}, {"session_hours": 0}],
)
def test_policy_below_the_standard_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be between"):
        SignInPolicy(**wrong)


def test_initial_password_given_by_an_administrator_keeps_the_rules(database: Database) -> None:
    with database.write() as tx, pytest.raises(InputError) as caught:
        accounts.reset_password(
            tx, username="officer", password="officer-1", policy=POLICY, actor=SYSTEM, at=TUESDAY
        )
    assert [error.pointer for error in caught.value.errors] == ["/password"]
