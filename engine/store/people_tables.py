"""Tables of regions, accounts, positions, sessions and tokens. Columns only."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, LargeBinary, String, Table

from engine.store.metadata import Instant, metadata

regions = Table(
    "regions",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("name_en", String(60), nullable=False),
    Column("level", String(10), nullable=False),
    Column("parent", String(12), ForeignKey("regions.code")),
)

accounts = Table(
    "accounts",
    metadata,
    Column("username", String(60), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("name_en", String(60), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("active", Boolean, nullable=False),
)

positions = Table(
    "positions",
    metadata,
    Column("username", String(60), ForeignKey("accounts.username"), primary_key=True),
    Column("role", String(60), primary_key=True),
    Column("region", String(12), ForeignKey("regions.code"), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Index("ix_positions_role_region", "role", "region"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("username", String(60), ForeignKey("accounts.username"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("name", String(100)),  # set for a named bearer token, null for a browser session
    Index("ix_sessions_expires_at", "expires_at"),
)
