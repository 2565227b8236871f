"""Tables of the audit log: what belongs to no case, in one chain. Columns only."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from engine.store.metadata import Instant, metadata
from engine.store.tables import Id

audit = Table(
    "audit",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column(
        "id", Id, nullable=False
    ),  # what people see: unlike `seq` it does not tell how many rows there are
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("region", Text, nullable=False),  # whose administrators may read it; "" for all of them
    Column("data", LargeBinary, nullable=False),  # packed canonical JSON, sealed
    Column("hash", LargeBinary, nullable=False),
)
Index("ix_audit_id", audit.c.id, unique=True)

# One row: where the chain ends. Locking it queues the writers, and a tail that was cut off shows.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Id, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
