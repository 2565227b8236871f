"""Tables of the vault: which keys the database is sealed with, and the blind index of people's numbers."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text

from engine.store.metadata import Instant, metadata
from engine.store.tables import Id

# A key's fingerprint says whether it is the right one, and nothing else about it.
vault_keys = Table(
    "vault_keys",
    metadata,
    Column("id", Text, primary_key=True),  # 8 hexadecimal digits
    Column("fingerprint", LargeBinary, nullable=False),
    Column("added_at", Instant, nullable=False),
)

identities = Table(
    "identities",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),  # "idNumber", "mobile" or "bankCard"
    Column("blind", LargeBinary, primary_key=True),  # the key's id and a keyed hash of the number
)
Index("ix_identities_blind", identities.c.blind)
