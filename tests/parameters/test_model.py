"""Sets by date, merging, canonical bytes, limits."""

from __future__ import annotations

import pickle
from datetime import date
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DeploymentError, InputError
from engine.parameters import UNITS, Limit, ParameterSet, Unit, load_parameters

FILE = """
parameters:
  - key: {key}
    title: {{zh: 特殊情形时限, en: Special limit}}
    unit: workdays
    values: [{{from: 2021-07-01, value: {value}, source: 民发〔2022〕83号 四(一)}}]
  - key: {key}.grounds
    title: {{zh: 延长情形, en: Grounds}}
    unit: list
    values: [{{from: 2021-07-01, value: [公示有异议, 人户分离], source: 民发〔2022〕83号 四(一)}}]
"""
DAY = date(2026, 9, 22)


def a_set(key: str = "dibao.special", value: int = 45) -> ParameterSet:
    return load_parameters(FILE.format(key=key, value=value), file="p.yaml")


def test_a_limit_brings_key_source_and_grounds() -> None:
    limit = a_set().at(DAY).limit("dibao.special")
    assert limit == Limit(
        "workdays",
        45,
        "dibao.special",
        "民发〔2022〕83号 四(一)",
        grounds=("公示有异议", "人户分离"),
    )


def test_what_is_unknown_or_not_yet_in_force_is_refused() -> None:
    parameters = a_set()
    with pytest.raises(InputError, match=r"dibao\.special"):
        parameters.at(date(2021, 6, 30)).get("dibao.special")
    with pytest.raises(InputError, match=r"no\.such"):
        parameters.at(DAY).limit("no.such")
    with pytest.raises(InputError, match="list"):
        parameters.at(DAY).limit("dibao.special.grounds")


def test_days_between_two_changes_share_one_frozen_set() -> None:
    parameters = a_set()
    assert parameters.at(date(2021, 7, 1)) is parameters.at(DAY)
    assert parameters.at(date(2021, 6, 30)) is not parameters.at(DAY)
    with pytest.raises(TypeError):
        parameters.at(DAY).in_force["x"] = None  # type: ignore[index]


def test_a_list_that_is_read_can_be_changed_without_changing_the_law() -> None:
    law = a_set().at(DAY)
    law.get("dibao.special.grounds").append("工作繁忙")
    assert law.get("dibao.special.grounds") == ["公示有异议", "人户分离"]


def test_merging_refuses_a_key_that_both_define() -> None:
    both = a_set().merge(a_set("tekun.special"))
    assert len(both) == 4
    with pytest.raises(DeploymentError) as caught:
        a_set().merge(a_set(value=40))
    assert {error.pointer for error in caught.value.errors} == {"#dibao.special", "#dibao.special.grounds"}


def test_a_replacing_merge_takes_the_other_set() -> None:
    assert a_set().merge(a_set(value=40), replace=True).at(DAY).get("dibao.special") == 40


def test_canonical_bytes_follow_content_not_layout() -> None:
    one, other = a_set("a"), a_set("b")
    assert one.merge(other).canonical() == other.merge(one).canonical()
    assert a_set(value=45).canonical() != a_set(value=44).canonical()


def test_descriptions_are_in_the_asked_language() -> None:
    assert a_set().at(DAY).describe("zh-CN")[0]["title"] == "特殊情形时限"
    row = a_set().describe("en")[0]
    assert row["title"] == "Special limit"
    assert row["values"][0] == {
        "from": "2021-07-01",
        "value": 45,
        "source": "民发〔2022〕83号 四(一)",
        "placeholder": False,
    }


@given(
    unit=st.sampled_from(UNITS),
    amount=st.integers(1, 1000),
    key=st.none() | st.text(min_size=1),
    source=st.text(),
    placeholder=st.booleans(),
    grounds=st.lists(st.text()).map(tuple),
)
def test_a_limit_reads_back_from_what_it_stores(
    unit: Unit, amount: int, key: str | None, source: str, placeholder: bool, grounds: tuple[str, ...]
) -> None:
    limit = Limit(unit, amount, key, source, placeholder, grounds)
    assert Limit.from_list(limit.to_list()) == limit
    assert pickle.loads(pickle.dumps(limit)) == limit  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("unit", "amount"),
    [("weeks", 1), ("workdays", 0), ("hours", -1), ("hours", True), ("hours", 1.5), ("hours", 10**7)],
)
def test_an_impossible_limit_is_refused(unit: str, amount: int) -> None:
    with pytest.raises(InputError):
        Limit(cast(Unit, unit), amount)


def test_a_limit_says_itself_in_both_languages() -> None:
    assert Limit("workdays", 1).text("en") == "1 working day"
    assert Limit("calendar_days", 7).text("zh-CN") == "7天"
    assert Limit("hours", 24).text("en") == "24 hours"
