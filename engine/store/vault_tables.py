"""Tables of the vault: the keys that a database is sealed with, and the blind index of numbers and names."""

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
    Column("kind", Text, primary_key=True),  # "idNumber", "mobile", "bankCard" or "name"
    Column("blind", LargeBinary, primary_key=True),  # the key's id and a keyed hash of the value
)
Index("ix_identities_blind", identities.c.blind)

# At most one row, while cases opened before an upgrade are not all indexed yet: the last one that is.
index_fills = Table(
    "index_fills",
    metadata,
    Column("after", Id, primary_key=True, autoincrement=False),
)
