"""Tables of regions, accounts, positions. Columns only."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, false

from engine.store.metadata import Instant, metadata

regions = Table(
    "regions",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("name_en", String(60), nullable=False),
    Column("level", String(10), nullable=False),
    Column("parent", String(12), ForeignKey("regions.code")),
    Column("valid_from", Date),  # none: since before this record
    Column("valid_to", Date),  # the last day
    Column("successor", String(12)),  # who has taken over what was merged or renamed
)

# Every region that is gone with every region that answers for it now, however many changes lie between:
# asked with each request, so it is worked out when a region changes.
region_heirs = Table(
    "region_heirs",
    metadata,
    Column("heir", String(12), ForeignKey("regions.code"), primary_key=True),
    Column("former", String(12), ForeignKey("regions.code"), primary_key=True),
)

accounts = Table(
    "accounts",
    metadata,
    Column("username", String(60), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("name_en", String(60), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("must_change", Boolean, nullable=False, server_default=false()),  # the password, at first use
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

substitutions = Table(
    "substitutions",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
    Column("absent", String(60), ForeignKey("accounts.username"), nullable=False),
    Column("substitute", String(60), ForeignKey("accounts.username"), nullable=False),
    Column("process", String(200)),  # none: every process
    Column("region", String(12), nullable=False),  # code prefix; "" is wherever the absent person serves
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),  # the last day; from the next on nothing has to be done to end it
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(60), nullable=False),
    Column("ended_at", Instant),  # ended before its time
    Column("ended_by", String(60)),
    Index("ix_substitutions_substitute", "substitute", "ends"),
    Index("ix_substitutions_absent", "absent", "ends"),
)
