"""Tables of cases that belong together: which case opened which, and whose household they concern."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text

from engine.store.metadata import Instant, metadata
from engine.store.tables import Id

# Each row stands in the history of both its cases; nothing here is changed or taken out again.
case_links = Table(
    "case_links",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("opener_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("link", Text, nullable=False),  # what the opened case is to its opener
    Column("at", Instant, nullable=False),
)
Index("ix_case_links_opener_id", case_links.c.opener_id)

household_files = Table(
    "household_files",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),  # random: it tells nothing
    Column("opened_at", Instant, nullable=False),
)

household_cases = Table(
    "household_cases",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("household_id", Id, ForeignKey("household_files.id"), nullable=False),
)
Index("ix_household_cases_household_id", household_cases.c.household_id)

# By case, so that they can be blinded anew from its record when the key changes.
household_members = Table(
    "household_members",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("blind", LargeBinary, primary_key=True),  # the key's id and a keyed hash of the number
    Column("role", Text, primary_key=True),  # "applicant" or "member"
)
Index("ix_household_members_blind", household_members.c.blind)
