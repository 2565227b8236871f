"""The county's draw: enough, the same for the same seed, relatives and complaints besides."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.actions.inside_job import InsideJob
from engine.actions.sampling import Candidate, Why, draw, draw_sample
from engine.errors import InputError
from engine.scenarios.reading import instant
from engine.store.db import Database

WHYS: tuple[Why | None, ...] = (None, None, None, "relative", "complaint")
numbers = st.integers(1, 10_000).map(lambda n: f"2026-350481100-{n:06d}")
candidates = st.lists(
    st.builds(Candidate, number=numbers, why=st.sampled_from(WHYS)), unique_by=lambda one: one.number
)
ratios = st.integers(1, 100).map(lambda n: Decimal(n) / 100)
seeds = st.text(max_size=40)


@given(candidates, ratios, seeds)
def test_at_least_the_ratio_is_drawn_rounded_up(all_: list[Candidate], ratio: Decimal, seed: str) -> None:
    drawn = draw(all_, ratio=ratio, seed=seed)
    by_chance = sum(why == "random" for why in drawn.values())
    others = sum(one.why is None for one in all_)
    assert by_chance == min(others, math.ceil(ratio * len(all_)))
    assert len(drawn) >= math.ceil(ratio * len(all_))


@given(candidates, ratios, seeds)
def test_relatives_and_complaints_come_on_top(all_: list[Candidate], ratio: Decimal, seed: str) -> None:
    drawn = draw(all_, ratio=ratio, seed=seed)
    assert {one.number: one.why for one in all_ if one.why is not None} == {
        number: why for number, why in drawn.items() if why != "random"
    }
    assert drawn.keys() <= {one.number for one in all_}


@given(candidates, ratios, seeds, st.randoms())
def test_the_same_seed_gives_the_same_draw_in_any_order(
    all_: list[Candidate], ratio: Decimal, seed: str, random: object
) -> None:
    shuffled = list(all_)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert list(draw(shuffled, ratio=ratio, seed=seed).items()) == list(
        draw(all_, ratio=ratio, seed=seed).items()
    )


@given(candidates, ratios, ratios, seeds)
def test_a_higher_ratio_only_adds(all_: list[Candidate], one: Decimal, other: Decimal, seed: str) -> None:
    low, high = sorted((one, other))
    assert draw(all_, ratio=low, seed=seed).keys() <= draw(all_, ratio=high, seed=seed).keys()


def test_every_case_can_be_drawn_and_no_seed_prefers_one() -> None:
    all_ = [Candidate(number=f"2026-350481100-{n:06d}") for n in range(10)]
    counts = dict.fromkeys((one.number for one in all_), 0)
    for seed in range(2_000):
        for number in draw(all_, ratio=Decimal("0.3"), seed=str(seed)):
            counts[number] += 1
    assert all(500 < count < 700 for count in counts.values())  # 600 expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("month", None), ("month", "2026-13-01"), ("month", "2026-11-01"), ("ratio", 0), ("ratio", 1.5),
        ("ratio", True), ("ratio", "a"), ("seed", 7), ("seed", "s" * 201), ("processes", []),
        ("processes", "minimum-living"), ("outcomes", None),
    ],
)  # fmt: skip
def test_a_draw_without_its_numbers_is_refused_by_name(database: Database, name: str, value: object) -> None:
    inputs = {"month": "2026-10-01", "ratio": 0.3, "processes": ["p"], "outcomes": ["approved"], "seed": "1"}
    job = InsideJob(id=1, case_id=1, region="350481", element_id="draw", variables=inputs | {name: value})
    with database.write() as tx, pytest.raises(InputError) as caught:
        draw_sample(tx, job, instant("2026-11-02T09:00"))
    assert [error.pointer for error in caught.value.errors] == [f"/{name}"]


def test_without_a_seed_the_machine_makes_another_each_time(database: Database) -> None:
    inputs = {"month": "2026-10-01", "ratio": 0.3, "processes": ["p"], "outcomes": ["approved"]}
    job = InsideJob(id=1, case_id=1, region="350481", element_id="draw", variables=inputs)
    with database.write() as tx:
        drawn = [draw_sample(tx, job, instant("2026-11-02T09:00"))["sample"] for _ in range(2)]
    assert drawn[0]["seed"] != drawn[1]["seed"]
    assert drawn[0]["decided"] == 0
