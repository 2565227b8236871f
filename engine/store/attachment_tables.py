"""Tables of attachments. Columns only; the content lies outside the database, under its hash."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, LargeBinary, Table, Text, text

from engine.store.metadata import Instant, metadata
from engine.store.tables import Id

# One row a content, however often it was uploaded. Who stores or removes the content holds this row.
blobs = Table(
    "blobs",
    metadata,
    Column("sha256", LargeBinary(32), primary_key=True),
    Column("stored_at", Instant, nullable=False),
    Column("key", LargeBinary, nullable=False),  # how the sealed content begins: the key that opens it
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("sha256", LargeBinary(32), ForeignKey("blobs.sha256"), nullable=False),
    Column("name", LargeBinary, nullable=False),  # sealed: names of files tell names of people
    Column("type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("case_id", Id, ForeignKey("cases.id")),  # none until an answer opens the case that it belongs to
    Column("used", Boolean, nullable=False),  # an answer refers to it: it is kept as long as the case
    Column("uploaded_by", Text, nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    Column("expires_at", Instant),  # none once it belongs to a case
)
Index("ix_attachments_sha256", attachments.c.sha256)
Index(
    "ix_attachments_case_id",
    attachments.c.case_id,
    sqlite_where=text("case_id IS NOT NULL"),
    postgresql_where=text("case_id IS NOT NULL"),
)
Index(
    "ix_attachments_expires_at",
    attachments.c.expires_at,
    sqlite_where=text("expires_at IS NOT NULL"),
    postgresql_where=text("expires_at IS NOT NULL"),
)
