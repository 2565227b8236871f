"""The worker's look at every county's means: what falls short is told to its supervisors once a month."""

from __future__ import annotations

from datetime import datetime

from engine.actions import service_share
from engine.actions.alarms import raise_alarm
from engine.actions.fund_kinds import year_of
from engine.actions.headcounts import raise_shortfalls
from engine.store.db import Tx


def watch_means(tx: Tx, *, at: datetime) -> int:
    """Raise the alarms that this month has not had yet; returns how many."""
    raised = raise_shortfalls(tx, at=at)
    for view in service_share.shares_of(tx, scope=("",), at=at, year=year_of(at)):
        if view.alarm:
            figures = {
                "year": view.year,
                "least": view.least,
                "budgeted": view.budgeted.share,
                "paid": view.paid.share,
            }
            raised += raise_alarm(
                tx, county=view.county, subject=service_share.SUBJECT, figures=figures, at=at
            )
    return raised
