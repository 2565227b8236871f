"""Applying without an account: drafts under a code, and the one case that comes of each."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.actions.applicants import (
    TooManyRequestsError,
    list_needs,
    list_townships,
)
from engine.actions.applicants_apply import (
    UnknownCodeError,
    get_application,
    read_code,
    require_code,
    save_application,
    start_application,
    submit_application,
)
from engine.actions.reading import list_cases
from engine.errors import (
    AnswersError,
    NotFoundError,
    StaleVersionError,
)
from tests.applying import (
    ANSWERS,
    HERE,
    POLICY,
    begin,
    furnish,
    run,
)
from tests.builders import TOWN, Office
from tests.people_forms import id_number


@pytest.fixture
def counter(office: Office) -> Office:
    """The office where one can apply."""
    furnish(office)
    return office


def test_needs_are_those_of_public_processes(counter: Office) -> None:
    with counter.database.read() as tx:
        assert [need.process for need in list_needs(tx)] == ["help"]
        assert list_needs(tx)[0].need == ("生活困难，需要长期救助", "I cannot make ends meet")
        assert TOWN in {region.code for region in list_townships(tx, counter.now)}


@pytest.mark.parametrize(("process", "region"), [("inside", TOWN), ("nowhere", TOWN), ("help", "350481")])
def test_nothing_else_can_be_applied_for(counter: Office, process: str, region: str) -> None:
    with pytest.raises(NotFoundError):
        run(counter, start_application, process=process, region=region, address="", policy=POLICY)


def test_a_draft_is_kept_under_its_code_until_its_time_is_over(counter: Office) -> None:
    code = begin(counter)
    with counter.database.read() as tx:
        found = get_application(tx, code=code.lower().replace("-", " "), at=counter.now)
    assert (found.answers, found.version, found.number) == (ANSWERS, 2, None)
    counter.now += timedelta(days=POLICY.draft_days)
    with pytest.raises(UnknownCodeError):
        run(counter, get_application, code=code)


def test_a_code_is_read_as_people_write_it() -> None:
    assert read_code("oil1-2345-6789-abcd") == "011123456789ABCD"  # pragma: allowlist secret
    assert read_code("short") == read_code("0" * 15 + "é") == ""


def test_a_draft_lies_sealed_and_its_code_is_nowhere(counter: Office) -> None:
    code = begin(counter)
    raw = b"".join(path.read_bytes() for path in Path(counter.database.engine.url.database).parent.iterdir())
    for secret in ("林小满", id_number(), code, code.replace("-", "")):
        assert secret.encode() not in raw


def test_a_draft_saved_elsewhere_is_not_overwritten(counter: Office) -> None:
    code = begin(counter)
    with pytest.raises(StaleVersionError):
        run(counter, save_application, code=code, answers={}, seen_version=1, policy=POLICY)


def test_a_draft_takes_what_is_unfinished_but_nothing_unknown(counter: Office) -> None:
    code = begin(counter)
    run(counter, save_application, code=code, answers={"applicant_name": ""}, policy=POLICY)
    with pytest.raises(AnswersError):
        run(counter, save_application, code=code, answers={"granted": True}, policy=POLICY)


def test_drafts_from_one_address_are_limited(counter: Office) -> None:
    for _ in range(POLICY.drafts_per_address):
        begin(counter, HERE)
    with pytest.raises(TooManyRequestsError):
        begin(counter, HERE)
    begin(counter, "198.51.100.8")


def test_guessing_codes_is_limited_and_the_count_stays(counter: Office) -> None:
    code = begin(counter)
    wrong = "0000-0000-0000-0000"
    for _ in range(POLICY.drafts_per_address):
        assert isinstance(
            run(counter, require_code, code=wrong, address=HERE, policy=POLICY), UnknownCodeError
        )
    with pytest.raises(TooManyRequestsError):
        run(counter, require_code, code=code, address=HERE, policy=POLICY)


def test_submitting_opens_one_case_however_often_it_is_sent(counter: Office) -> None:
    code = begin(counter)
    first = run(counter, submit_application, code=code)
    assert run(counter, submit_application, code=code) == first
    assert first.number == f"2026-{TOWN}-000001"
    with counter.database.read() as tx:
        cases = list_cases(tx, actor=counter.who("officer"), at=counter.now).items
    assert [(case.number, case.opened_by) for case in cases] == [(first.number, "applicant")]


def test_what_is_missing_is_told_by_field_and_opens_nothing(counter: Office) -> None:
    code = begin(counter, applicant_name=None, applicant_id_number="350481199001011234")
    with pytest.raises(AnswersError) as refused:
        run(counter, submit_application, code=code)
    assert {error.pointer for error in refused.value.errors} == {"/applicant_name", "/applicant_id_number"}
    with counter.database.read() as tx:
        assert list_cases(tx, actor=counter.who("officer"), at=counter.now).items == ()
        assert get_application(tx, code=code, at=counter.now).number is None
