"""Counter-examples of the table check are real, and brute force finds no others."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.decisions import check, load
from engine.decisions.coverage import full, uncovered
from engine.decisions.partition import answers, atoms

from .files import decision, definitions, table

NUMBERS = ["-", "< 2", ">= 2", "[1..3)", "2", "1,3", "not(2)", "> 3", "? > 1 and ? <= 3", "<= 2, > 3"]
TEXTS = ["-", '"a"', '"b","c"', 'not("a")', '? = "b"']
FLAGS = ["-", "true", "false", "not(true)"]
ROWS = st.lists(
    st.tuples(st.sampled_from(NUMBERS), st.sampled_from(TEXTS), st.sampled_from(FLAGS)), max_size=6
)
POLICIES = st.sampled_from(["UNIQUE", "ANY", "FIRST"])

EVERYWHERE = list(
    itertools.product([Decimal(n) / 2 for n in range(10)], ["a", "b", "c", "其他"], [True, False])
)
"""Every region the cells above can tell apart holds one of these."""


def matching(rows: Sequence[tuple[str, ...]], point: tuple[Any, ...]) -> list[int]:
    return [
        i
        for i, row in enumerate(rows, 1)
        if all(feel.compile_unary(c).evaluate({"?": v}) is True for c, v in zip(row, point, strict=True))
    ]


def shown_point(text: str) -> tuple[Any, ...]:
    """The values a finding shows, read back as FEEL."""
    values = [part.split(" = ", 1)[1] for part in text.rstrip(".").split(", ")]
    return tuple(feel.compile(value).evaluate({}) for value in values)


@settings(max_examples=150, deadline=None)
@given(ROWS, POLICIES)
def test_counter_examples_hit_no_rule_or_two_and_brute_force_agrees(
    rows: list[tuple[str, str, str]], policy: str
) -> None:
    columns = [("n", "number"), ("s", "string"), ("b", "boolean")]
    cells = [[*row, str(i)] for i, row in enumerate(rows)]
    model = load(definitions(decision("d", table(columns, cells, policy=policy))))
    found = check(model)
    hits = {point: matching(rows, point) for point in EVERYWHERE}

    gaps = [f for f in found if f.code == "table-gap"]
    for gap in gaps:
        n, s, b = shown_point(gap.en.removeprefix("No rule matches: "))
        outcome = model.evaluate("d", {"n": n, "s": s, "b": b}, strict=True)
        assert outcome.hits == ()
    assert bool(gaps) == any(not rules for rules in hits.values())

    overlaps = [f for f in found if f.code == "table-overlap"]
    for overlap in overlaps:
        n, s, b = shown_point(overlap.en.split("both match: ")[1])
        assert len(model.evaluate("d", {"n": n, "s": s, "b": b}).hits) > 1
    if policy != "FIRST":
        assert bool(overlaps) == any(len(rules) > 1 for rules in hits.values())

    never = {int(f.en.split()[1]) for f in found if f.code == "unreachable-rule"}
    if policy == "FIRST":
        deciding = {rules[0] for rules in hits.values() if rules}
        assert never == set(range(1, len(rows) + 1)) - deciding


TEMPORAL = {
    "number": st.decimals(-3, 3, places=1).map(str),
    "date": st.dates(date(2026, 2, 26), date(2026, 3, 3)).map(lambda d: f'date("{d}")'),
    "time": st.times().map(lambda t: f'time("{t.replace(microsecond=0)}")'),
    "zoned time": st.integers(0, 23).map(lambda h: f'time("{h:02d}:00:00+08:00")'),
    "date and time": st.integers(0, 47).map(
        lambda h: f'date and time("2026-02-{27 + h // 24}T{h % 24:02d}:00:00")'
    ),
    "years and months duration": st.integers(-3, 3).map(lambda n: f'duration("P{n}M")'.replace("P-", "-P")),
    "days and time duration": st.integers(-9, 9).map(lambda n: f'duration("PT{n}H")'.replace("PT-", "-PT")),
}


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(TEMPORAL)), st.data())
def test_every_value_has_an_atom_that_answers_like_it(kind: str, data: st.DataObject) -> None:
    constants = data.draw(st.lists(TEMPORAL[kind], min_size=1, max_size=4))
    operators = st.sampled_from(["<", "<=", "=", ">", ">=", "!="])
    cells = [feel.compile_unary(f"{data.draw(operators)} {c}") for c in constants]
    value = feel.compile(data.draw(TEMPORAL[kind])).evaluate({})
    found = [[answers(cell, atom) for cell in cells] for atom in atoms(kind, cells, None)]
    assert [answers(cell, value) for cell in cells] in found


BOXES = st.lists(st.tuples(*[st.integers(0, 7)] * 3), max_size=5)


@given(BOXES)
def test_uncovered_points_are_exactly_those_in_no_box(boxes: list[tuple[int, ...]]) -> None:
    points = [
        p
        for p in itertools.product(range(3), repeat=3)
        if not any(all(box[c] >> p[c] & 1 for c in range(3)) for box in boxes)
    ]
    found = uncovered(full([3, 3, 3]), boxes, 1)
    assert bool(found) == bool(points)
    assert set(found) <= set(points)
