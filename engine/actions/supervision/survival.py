"""The Kaplan–Meier estimate of the time until a decision, with the cases still undecided censored. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """After so many whole days this share of the cases is decided, by the estimate.

    `at_risk` waited at least as long; of them `decided` were decided within that day, and `censored` are
    known to have waited so long and no more is known of them.
    """

    days: int
    at_risk: int
    decided: int
    censored: int
    share: float


def estimate(waits: Iterable[tuple[int, bool, int]]) -> tuple[CurvePoint, ...]:
    """A point for each day on which a case was decided or censored; (days, decided, number of cases).

    Whoever is censored on a day counts as at risk on it.
    """
    decided, censored = Counter[int](), Counter[int]()
    for days, was_decided, number in waits:
        (decided if was_decided else censored)[days] += number
    at_risk = decided.total() + censored.total()
    undecided, points = 1.0, []
    for days in sorted({*decided, *censored}):
        undecided *= 1 - decided[days] / at_risk
        points.append(
            CurvePoint(
                days=days,
                at_risk=at_risk,
                decided=decided[days],
                censored=censored[days],
                share=1 - undecided,
            )
        )
        at_risk -= decided[days] + censored[days]
    return tuple(points)


def days_until(share: float, curve: Iterable[CurvePoint]) -> int | None:
    """The first day by which at least that share is decided; None where the estimate never gets there."""
    return next((point.days for point in curve if point.share >= share - 1e-12), None)
