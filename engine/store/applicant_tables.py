"""Tables of applicants, who have no account: drafts under a code, what they track by, and for how long."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from engine.store.metadata import Instant, metadata
from engine.store.tables import Id

applications = Table(
    "applications",
    metadata,
    Column("code_hash", LargeBinary(32), primary_key=True),
    Column("tag", Text, nullable=False),  # names whoever uploads for this draft
    Column("process", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("answers", LargeBinary),  # sealed JSON; none once the case is opened
    Column("version", Integer, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("case_id", Id, ForeignKey("cases.id")),  # what came of it
    Index("ix_applications_expires_at", "expires_at"),
)

tracking_tails = Table(
    "tracking_tails",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("tail", LargeBinary, nullable=False),  # sealed: how the applicant's identity number ends
)

tracking_sessions = Table(
    "tracking_sessions",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("ix_tracking_sessions_expires_at", "expires_at"),
)
