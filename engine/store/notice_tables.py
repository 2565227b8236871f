"""Table of notices. Columns only; what a notice says lies sealed in the promise of the same id."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, text

from engine.store.metadata import Instant, metadata
from engine.store.tables import Id

notices = Table(
    "notices",
    metadata,
    Column("id", Id, ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("key", Text, nullable=False),  # of its template
    Column("recipient", Text, nullable=False),  # applicant, public, or a role
    Column("queued_at", Instant, nullable=False),
    Column("township", Text),  # of a posting: where it hangs
    Column("up_at", Instant),
    Column("down_at", Instant),  # the instant after its last day
    Column("taken_down_at", Instant),  # before its days were over
    Column("taken_down_why", Text),
    Column("delivered_at", Instant),
    Column("delivered_how", Text),
)
Index("ix_notices_case_id", notices.c.case_id)
Index(
    "ix_notices_township",
    notices.c.township,
    notices.c.down_at,
    sqlite_where=text("township IS NOT NULL"),
    postgresql_where=text("township IS NOT NULL"),
)
