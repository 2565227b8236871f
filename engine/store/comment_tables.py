"""Table of mentions: whom a comment in a case's history calls. Columns only."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from engine.store.metadata import Instant, metadata
from engine.store.tables import Id

# Each row follows from the row of history that holds the comment; only whether it was seen is its own.
mentions = Table(
    "mentions",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("username", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("seen_at", Instant),
)
Index("ix_mentions_username", mentions.c.username, mentions.c.at)
