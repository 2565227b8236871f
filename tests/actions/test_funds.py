"""Money: budgets, entries, what is refused, and the proof."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from engine.actions.budgets import set_budget
from engine.actions.funds import (
    FundExhaustedError,
    export_funds,
    list_entries,
    list_funds,
    post_entry,
)
from engine.actions.seed_means import seed_demo_means
from engine.actions.sheets import read_rows
from engine.actions.verify_funds import verify_totals
from engine.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from engine.store.db import DatabaseError, clone_in_memory
from engine.store.funds import add_up, find_fund
from engine.store.ids import read_id
from engine.types import SYSTEM
from tests.builders import THREE_STEPS, TOWN, Office

COUNTY = "350481"


@pytest.fixture
def case_id(office: Office) -> int:
    office.deploy(three_steps_bpmn=THREE_STEPS)
    return read_id(office.open("three-steps").id)


def budget(office: Office, amount: int, *, by: str = "county", confirm: bool = True, **more: Any) -> Any:
    said = {"county": COUNTY, "key": "assistance", "year": 2026, "note": "年初预算", **more}
    return office.act(set_budget, by, amount=amount, confirm=confirm, **said)


def post(office: Office, case_id: int, kind: str, amount: int, *, job: int | None = None) -> Any:
    with office.database.write() as tx:
        return post_entry(
            tx, region=TOWN, key="assistance", kind=kind, amount=amount,  # type: ignore[arg-type]
            case_id=case_id, element="pay", job=job, note="发放", at=office.now,
        )  # fmt: skip


def totals(office: Office) -> tuple[int, int, int]:
    fund = find_it(office)
    return fund.budget, fund.committed, fund.paid


def find_it(office: Office) -> Any:
    with office.database.read() as tx:
        return find_fund(tx, county=COUNTY, key="assistance", year=2026)


def test_a_budget_is_looked_at_before_it_is_set(office: Office) -> None:
    planned = budget(office, 100_000, confirm=False)
    assert (planned.before, planned.fund.budget, planned.written) == (0, 100_000, False)
    assert find_it(office) is None
    assert budget(office, 100_000).written
    assert totals(office) == (100_000, 0, 0)


def test_a_payment_takes_what_its_case_was_promised(office: Office, case_id: int) -> None:
    budget(office, 100_000)
    post(office, case_id, "commit", 60_000)
    post(office, case_id, "pay", 20_000)
    assert totals(office) == (100_000, 60_000, 20_000)
    post(office, case_id, "pay", 50_000)
    assert totals(office) == (100_000, 70_000, 70_000)


def test_a_return_frees_the_promise_first_and_then_takes_back_what_was_paid(
    office: Office, case_id: int
) -> None:
    budget(office, 100_000)
    post(office, case_id, "commit", 60_000)
    post(office, case_id, "pay", 20_000)
    post(office, case_id, "return", 40_000)
    assert totals(office) == (100_000, 20_000, 20_000)
    post(office, case_id, "return", 5_000)
    assert totals(office) == (100_000, 15_000, 15_000)
    with pytest.raises(InputError, match="15000 fen only"):
        post(office, case_id, "return", 15_001)


def test_the_last_fen_can_be_promised_and_not_one_more(office: Office, case_id: int) -> None:
    budget(office, 100_000)
    post(office, case_id, "commit", 100_000)
    with pytest.raises(FundExhaustedError) as refused:
        post(office, case_id, "commit", 1)
    assert refused.value.data == {"left": 0, "needed": 1}
    assert totals(office) == (100_000, 100_000, 0)


def test_without_a_budget_there_is_no_money(office: Office, case_id: int) -> None:
    with pytest.raises(FundExhaustedError, match="no budget"):
        post(office, case_id, "pay", 1)


@pytest.mark.parametrize("amount", [0, -1, 10**15 + 1])
def test_an_amount_is_money(office: Office, case_id: int, amount: int) -> None:
    budget(office, 100_000)
    with pytest.raises(InputError, match="whole fen"):
        post(office, case_id, "pay", amount)


def test_one_job_makes_one_entry(office: Office, case_id: int) -> None:
    budget(office, 100_000)
    post(office, case_id, "pay", 10, job=7)
    with pytest.raises(ConflictError):
        post(office, case_id, "pay", 10, job=7)
    assert totals(office) == (100_000, 10, 10)


def test_a_budget_is_never_below_what_is_promised(office: Office, case_id: int) -> None:
    budget(office, 100_000)
    post(office, case_id, "commit", 60_000)
    with pytest.raises(InputError, match="60000 fen are committed"):
        budget(office, 59_999)
    assert budget(office, 60_000).fund.left == 0


@pytest.mark.parametrize("by", ["officer", "leader", "supervisor", "county_sanyuan"])
def test_only_the_county_and_its_administrator_set_budgets(office: Office, by: str) -> None:
    with pytest.raises(ForbiddenError):
        budget(office, 1, by=by)


@pytest.mark.parametrize(
    "said", [{"county": "350481100"}, {"key": "lottery"}], ids=["no county", "no such fund"]
)
def test_a_budget_names_a_county_and_a_fund(office: Office, said: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        budget(office, 1, **said)
    assert refused.value.errors[0].pointer == "/" + next(iter(said))


def test_money_is_shown_to_those_who_answer_for_the_county(office: Office, case_id: int) -> None:
    budget(office, 100_000)
    post(office, case_id, "pay", 10)
    with office.database.read() as tx:
        (fund,) = list_funds(tx, actor=office.who("supervisor"))
        assert fund.id is not None
        found = list_entries(tx, fund_id=read_id(fund.id), actor=office.who("supervisor"), limit=1)
        assert [(e.kind, e.note, e.case_number is not None) for e in found.items] == [("pay", "发放", True)]
        rest = list_entries(
            tx, fund_id=read_id(fund.id), actor=office.who("supervisor"), cursor=found.next, limit=1
        )
        assert [(e.kind, e.case_id, e.actor) for e in rest.items] == [("budget", None, "county")]
        assert list_funds(tx, actor=office.who("supervisor_sanyuan")) == ()
        with pytest.raises(NotFoundError):
            list_entries(tx, fund_id=read_id(fund.id), actor=office.who("supervisor_sanyuan"))
        with pytest.raises(ForbiddenError):
            list_funds(tx, actor=office.who("leader"))


def test_funds_are_exported_in_yuan(office: Office) -> None:
    budget(office, 100_001)
    with office.database.read() as tx:
        table = export_funds(tx, actor=office.who("county"))
    names = ("county", "county_name", "year", "key", "name", "budget", "committed", "paid", "left")
    ((_, row),) = read_rows(table, dict.fromkeys(names, ""))
    assert (row["county_name"], row["budget"], row["left"]) == ("永安市", "1000.01", "1000.01")


@pytest.mark.parametrize(
    "statement", ["UPDATE fund_entries SET amount = 1", "DELETE FROM fund_entries"], ids=["change", "delete"]
)
def test_entries_are_append_only_in_the_database_itself(office: Office, statement: str) -> None:
    budget(office, 100_000)
    with pytest.raises((DatabaseError, ConflictError)), office.database.write() as tx:
        tx.execute(text(statement))
    with office.database.read() as tx:
        assert list(verify_totals(tx)) == []


def test_totals_that_were_touched_are_found(office: Office) -> None:
    budget(office, 100_000)
    with office.database.write() as tx:
        tx.execute(text("UPDATE funds SET budget = 100001"))
    with office.database.read() as tx:
        (fault,) = verify_totals(tx)
    assert fault.kind == "fund"


def test_seeding_twice_adds_nothing(office: Office) -> None:
    counts = []
    for _ in range(2):
        with office.database.write() as tx:
            seed_demo_means(tx, at=office.now, years=(2026, 2027))
            counts.append(tx.execute(text("SELECT count(*) FROM fund_entries")).scalar())
    assert counts[0] == counts[1] == 2 * (4 + 4 + 3)


# Each example works on a copy of its own.
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["commit", "pay", "return"]), st.integers(1, 400))))
def test_no_sequence_of_entries_overdraws_a_fund(
    steps: list[tuple[str, int]], money: tuple[Office, int]
) -> None:
    office, case_id = money
    own = Office(clone_in_memory(office.database))
    for kind, amount in steps:
        try:
            post(own, case_id, kind, amount)
        except InputError:
            continue
        fund = find_it(own)
        assert 0 <= fund.paid <= fund.committed <= fund.budget
    fund_id = find_it(own).id
    with own.database.read() as tx:
        assert list(verify_totals(tx)) == []
        assert add_up(tx, fund_id)[2] == 1000
    own.database.close()


@pytest.fixture
def money(office: Office, case_id: int) -> tuple[Office, int]:
    budget(office, 1000)
    with office.database.read() as tx:
        assert list_funds(tx, actor=SYSTEM)[0].left == 1000
    return office, case_id
