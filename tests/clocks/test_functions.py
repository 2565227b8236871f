"""The product functions: their table in the docs, and what they refuse."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clocks import ClockRef, Limit, product_functions
from engine.errors import InputError
from engine.feel import Environment, compile, to_feel
from engine.parameters import DEFAULTS, load_parameters
from tests.clocks.moments import NATION, moment

DOCS = Path(__file__).parents[2] / "docs" / "functions.md"
OWN = load_parameters(
    """
parameters:
  - key: dibao.total
    title: {zh: 审核确认总时限, en: Total time limit}
    unit: workdays
    values: [{from: 2021-07-01, value: 20, source: 民发〔2022〕83号 四(一)}]
""",
    file="parameters.yaml",
)
LAW = DEFAULTS.merge(OWN).at(date(2026, 9, 22))
FUNCTIONS = product_functions(LAW, NATION, moment("2026-09-22 09:00"), "2026-350481100-000123")


def rows() -> dict[str, list[str]]:
    """The table's rows by function name: parameters, result, example, what it gives, source."""
    lines = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


def evaluate(text: str, **scope: Any) -> Any:
    return compile(text).evaluate(to_feel(scope), Environment(functions=FUNCTIONS))


def shown(value: Any) -> str:
    if isinstance(value, Limit):
        return value.text("en")
    if isinstance(value, ClockRef):
        return f"clock {value.name}"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, Decimal) and value % 1 else str(value)


def test_the_table_and_the_registry_agree() -> None:
    table = {name: tuple(re.findall(r"`([^`]+)`:", row[0])) for name, row in rows().items()}
    assert table == {name: function.params for name, function in FUNCTIONS.items()}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_gives_what_the_table_says(name: str) -> None:
    _, result, example, gives, _ = rows()[name]
    value = evaluate(example.strip("`"))
    if isinstance(value, Decimal):
        assert value == Decimal(gives)
    else:
        assert shown(value) == gives
    kinds: dict[str, type | tuple[type, ...]] = {
        "limit": Limit,
        "clock": ClockRef,
        "boolean": bool,
        "number": Decimal,
    }
    if result in kinds:
        assert isinstance(value, kinds[result])


@pytest.mark.parametrize(
    "relation", ["配偶", "父母", "子女", "兄弟姐妹", "祖父母", "外孙子女", "spouse", "Sibling", " 弟弟 "]
)
def test_close_relatives_are_those_of_the_civil_code(relation: str) -> None:
    assert evaluate("close relative(r)", r=relation) is True
    assert evaluate("近亲属(r)", r=relation) is True


@pytest.mark.parametrize("relation", ["嫂子", "弟媳", "表兄", "叔叔", "岳父", "sister-in-law", "cousin", ""])
def test_others_are_no_close_relatives(relation: str) -> None:
    assert evaluate("近亲属(r)", r=relation) is False


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2008-11-20", "2026-11-19", 17),
        ("2008-11-20", "2026-11-20", 18),
        ("2008-02-29", "2026-02-27", 17),
        ("2008-02-29", "2026-02-28", 18),
        ("2008-02-29", "2028-02-28", 19),
        ("2026-09-22", "2026-09-22", 0),
    ],
)
def test_an_age_is_reached_on_the_birthday(born: str, on: str, age: int) -> None:
    assert evaluate(f'age at(date("{born}"), date("{on}"))') == age


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_counted_months_turn_with_the_direction(first: date, last: date) -> None:
    there = evaluate(f'count months(date("{first}"), date("{last}"))')
    back = evaluate(f'count months(date("{last}"), date("{first}"))')
    assert there == -back
    assert abs(there) * 28 <= abs((last - first).days) <= (abs(there) + 1) * 31


def test_a_date_time_counts_as_its_day_in_china() -> None:
    assert str(evaluate('add workdays(date and time("2026-09-21T17:00:00Z"), 3)')) == "2026-09-28"


NULLS = {
    "workdays(null)": "n",
    "hours(1.5)": "n",
    "workdays(10 ** 40)": "n",
    'age at(date("2026-09-22"), date("2020-01-01"))': "birth date",
    'is workday("2026-09-22")': "date",
    'is workday(date("1066-10-14"))': "date",
    'add workdays(date("2026-09-22"), -1)': "n",
    'add workdays(date("2026-09-22"), 10001)': "n",
    "close relative(null)": "relation",
    "parameter(3)": "key",
}


@pytest.mark.parametrize("text", NULLS)
def test_an_unfit_argument_gives_null_and_says_which(text: str) -> None:
    env = Environment(functions=FUNCTIONS, warnings=[])
    assert compile(text).evaluate({}, env) is None
    assert NULLS[text] in env.warnings[0].en


@pytest.mark.parametrize(
    "text", ['limit("no.such")', 'parameter("no.such")', 'limit("kin.close")', "workdays(0)"]
)
def test_what_the_law_does_not_say_is_an_error_not_a_guess(text: str) -> None:
    with pytest.raises(InputError):
        evaluate(text)


def test_counting_into_an_unpublished_year_warns() -> None:
    for text in ('add workdays(date("2026-12-25"), 10)', 'is workday(date("2027-01-01"))'):
        env = Environment(functions=FUNCTIONS, warnings=[])
        compile(text).evaluate({}, env)
        assert [warning.code for warning in env.warnings] == ["provisional-calendar"]


def test_the_day_of_acceptance_is_null_before_acceptance() -> None:
    env = Environment(functions=product_functions(LAW, NATION, None), warnings=[])
    assert compile("accepted at()").evaluate({}, env) is None
    assert env.warnings[0].code == "not-accepted"


def test_where_there_is_no_case_there_is_no_number() -> None:
    env = Environment(functions=product_functions(LAW, NATION, None), warnings=[])
    assert compile("case number()").evaluate({}, env) is None
    assert env.warnings[0].code == "no-case-number"


def test_a_limit_carries_its_key_and_source_to_the_clock() -> None:
    assert evaluate('limit("dibao.total")') == Limit("workdays", 20, "dibao.total", "民发〔2022〕83号 四(一)")
