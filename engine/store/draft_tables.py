"""Tables of designers' drafts, and of the scenarios beside deployed processes. Columns only."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from engine.store.metadata import Instant, metadata
from engine.store.tables import Id

# A draft is one designer's; `revision` counts its saves, so that no save undoes another unseen.
drafts = Table(
    "drafts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("owner", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("base_version", Integer),  # the version it began from; none for a process that is new
    Column("revision", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
Index("ix_drafts_owner", drafts.c.owner, drafts.c.process)

draft_files = Table(
    "draft_files",
    metadata,
    Column("draft_id", Id, ForeignKey("drafts.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),  # packed
    Column("revision", Integer, nullable=False),  # the draft's, when this file was saved last
)

# Scenarios are no part of a definition (a new one changes no case), so the newest deployment's are kept.
scenario_files = Table(
    "scenario_files",
    metadata,
    Column("process", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),  # packed
)
