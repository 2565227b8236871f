"""The curve of decisions: by hand, against the plain share where nothing is censored, and its shape."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.actions.supervision.survival import days_until, estimate

_waits = st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.integers(1, 5)), min_size=1, max_size=25)


def test_the_estimate_is_what_one_counts_by_hand() -> None:
    """Ten cases: 3 decided on day 2, 2 only known to have waited 2 days, 1 decided on day 5, 4 waiting."""
    curve = estimate([(2, True, 3), (2, False, 2), (5, True, 1), (9, False, 4)])
    assert [(p.days, p.at_risk, p.decided, p.censored) for p in curve] == [
        (2, 10, 3, 2),
        (5, 5, 1, 0),
        (9, 4, 0, 4),
    ]
    assert [p.share for p in curve] == pytest.approx([0.3, 1 - 0.7 * 0.8, 1 - 0.7 * 0.8])
    assert days_until(0.25, curve) == 2
    assert days_until(0.44, curve) == 5
    assert days_until(0.5, curve) is None


def test_leaving_the_undecided_out_would_promise_too_much() -> None:
    waits = [(3, True, 5), (30, False, 5)]
    assert estimate(waits)[0].share == pytest.approx(0.5)
    assert estimate(w for w in waits if w[1])[0].share == pytest.approx(1.0)


@given(_waits)
def test_without_censoring_the_curve_is_the_plain_share(waits: list[tuple[int, bool, int]]) -> None:
    waits = [(days, True, number) for days, _, number in waits]
    decided = Counter[int]()
    for days, _, number in waits:
        decided[days] += number
    for point in estimate(waits):
        plain = sum(number for days, number in decided.items() if days <= point.days) / decided.total()
        assert point.share == pytest.approx(plain)


@given(_waits)
def test_the_curve_never_falls_and_loses_nobody(waits: list[tuple[int, bool, int]]) -> None:
    curve = estimate(waits)
    shares = [point.share for point in curve]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    assert sum(p.decided + p.censored for p in curve) == sum(number for _, _, number in waits)
    assert curve[0].at_risk == sum(number for _, _, number in waits)
