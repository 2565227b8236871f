"""Tables of cases that belong together: which case opened which."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text

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
