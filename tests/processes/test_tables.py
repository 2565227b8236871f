"""Figures of the shipped decision tables that no single story can show: shares, sums and lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine import feel
from engine.clocks import Calendar, product_functions
from engine.decisions import DecisionModel, load
from engine.definitions import read_bundle, read_folder
from engine.parameters import Parameters

PROCESSES = Path(__file__).parents[2] / "processes"
TODAY = date(2026, 9, 22)
Decide = Callable[[str, dict[str, Any]], Any]


@pytest.fixture(scope="module")
def law() -> Parameters:
    return read_bundle(read_folder(PROCESSES)).parameters.at(TODAY)


@pytest.fixture(scope="module")
def decide(law: Parameters) -> Callable[[str], Decide]:
    functions = product_functions(law, Calendar(), None)
    now = feel.to_feel("2026-09-22T09:00:00+08:00")
    moment = feel.compile(f'date and time("{now}")').evaluate({})
    env = feel.Environment(functions=functions, now=moment)

    def of(process: str) -> Decide:
        path = PROCESSES / process / f"{process}.dmn"
        model: DecisionModel = load(path.read_bytes(), file=path.name, names=tuple(functions))

        def run(decision: str, scope: dict[str, Any]) -> Any:
            given = {name: feel.to_feel(value) for name, value in scope.items()}
            return feel.from_feel(model.evaluate(decision, given, env).value)

        return run

    return of


@pytest.mark.parametrize("sex", [0, 1], ids=["women", "men"])
@pytest.mark.parametrize("day", [1, 14, 31])
def test_the_draw_visits_at_least_the_share_of_either_sex(
    decide: Callable[[str], Decide], law: Parameters, sex: int, day: int
) -> None:
    draw = decide("extreme-hardship")
    nobody: dict[str, Any] = {"kin": [], "has_complaint": None, "settlement": {"county_flag": False}}
    numbers = [f"350481196001{day:02}{sequence:03}0" for sequence in range(sex, 1000, 2)]
    found = [draw("hardship_draw", {**nobody, "applicant_id_number": number}) for number in numbers]
    share = Decimal(sum(one["checked"] for one in found)) / len(found)
    assert share >= law.get("tekun.sample")
    assert len({one["number"] for one in found}) > 40


@pytest.mark.parametrize("total", [6, 100, 912000, 456001, 99999])
@pytest.mark.parametrize("instalments", [1, 2, 3, 5, 6])
def test_instalments_add_up_to_what_was_granted(
    decide: Callable[[str], Decide], total: int, instalments: int
) -> None:
    plan = decide("temporary-aid")
    paid, count, previous = 0, None, None
    for number in range(1, instalments + 1):
        scope = {
            "paid_count": count,
            "paid_total_fen": paid,
            "reduced_to_fen": None,
            "instalment": previous,
            "instalments": instalments,
            "aid": {"amount_fen": total},
        }
        previous = plan("temporary_aid_instalment", scope)
        assert previous["number"] == number
        paid, count = paid + previous["amount_fen"], number
    assert paid == total


@pytest.mark.parametrize(
    ("income", "spending", "expected"),
    [
        (75999 * 3, 0, "minimum_living"),
        (76000 * 3, 0, "edge"),
        (114000 * 3 - 1, 0, "edge"),
        (114000 * 3, 9_000_000, "rigid"),
        (114000 * 3, 0, "none"),
        (900_000 - 1, 6_479_993, "rigid"),
        (900_000, 99_000_000, "none"),
        (0, 0, "minimum_living"),
    ],
)
def test_each_line_between_the_classes_lies_on_the_side_that_the_law_says(
    decide: Callable[[str], Decide], income: int, spending: int, expected: str
) -> None:
    scope = {
        "receives_already": "none", "property_fits": True, "check_passed": True, "verified_size": 3,
        "verified_income_fen": income, "spending_living_fen": spending, "spending_medical_fen": 0,
        "spending_education_fen": 0, "spending_rehabilitation_fen": 0, "spending_other_fen": 0,
        "has_special": False, "special_disability_level": None, "special_disability_kind": None,
        "special_birth": None, "special_serious_illness": None, "special_incapacitated": None,
        "special_employed": None,
    }  # fmt: skip
    assert decide("low-income-household")("low_income_classification", scope)["class"] == expected
