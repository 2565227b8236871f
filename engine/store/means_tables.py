"""Tables of means: funds with their entries, population and staff by region, alarms. Columns only."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from engine.store.metadata import Instant, metadata
from engine.store.tables import Id

# The totals are what the entries add up to: locked and moved with each entry, proven by `verify`.
funds = Table(
    "funds",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("county", String(12), ForeignKey("regions.code"), nullable=False),
    Column("key", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("budget", BigInteger, nullable=False),  # all in fen
    Column("committed", BigInteger, nullable=False),  # promised by decisions, what is paid among it
    Column("paid", BigInteger, nullable=False),
    Column("entries", Integer, nullable=False),
    UniqueConstraint("county", "key", "year"),
)

# Append-only, by triggers.
fund_entries = Table(
    "fund_entries",
    metadata,
    Column("fund_id", Id, ForeignKey("funds.id"), primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", Id, nullable=False),
    Column("kind", Text, nullable=False),  # budget, commit, pay or return
    Column("amount", BigInteger, nullable=False),
    Column("budget", BigInteger, nullable=False),  # what the entry adds to each total of the fund
    Column("committed", BigInteger, nullable=False),
    Column("paid", BigInteger, nullable=False),
    Column("case_id", Id, ForeignKey("cases.id")),  # none for a budget
    Column("region", Text, nullable=False),  # the case's, or the county
    Column("element", Text, nullable=False),
    Column("job", Id),  # the promise that this entry keeps: one entry each
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("note", LargeBinary, nullable=False),  # sealed text
    UniqueConstraint("id"),
    UniqueConstraint("job"),
)
Index("ix_fund_entries_case_id", fund_entries.c.case_id)

# Figures from a day on, until the next ones: what was known on a day can be told for ever.
headcounts = Table(
    "headcounts",
    metadata,
    Column("region", String(12), ForeignKey("regions.code"), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("population", Integer),  # registered (户籍); none where it was not counted
    Column("full_time", Integer, nullable=False),
    Column("part_time", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

# One row a county, subject and period: who is told is told once.
alarms = Table(
    "alarms",
    metadata,
    Column("county", String(12), ForeignKey("regions.code"), primary_key=True),
    Column("subject", Text, primary_key=True),  # services or staff
    Column("period", Text, primary_key=True),  # 2026-11
    Column("raised_at", Instant, nullable=False),
    Column("data", Text, nullable=False),  # JSON: the figures that raised it
)
