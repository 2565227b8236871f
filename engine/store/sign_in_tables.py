"""Tables of signing in: sessions and tokens, counted failures, journeys to the single sign-on. Columns only.

Failures stand under hashes, not names and addresses: people type passwords where the name belongs.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from engine.store.metadata import Instant, metadata

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("username", String(60), ForeignKey("accounts.username"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("name", String(100)),  # set for a named bearer token, null for a browser session
    Column("id", BigInteger, nullable=False),  # names a token to its owner
    Column("scopes", String(60)),  # of a bearer token, with spaces between; null holds nothing back
    Column("last_used_at", Instant, nullable=False),
    Index("ix_sessions_id", "id", unique=True),
    Index("ix_sessions_username", "username"),
    Index("ix_sessions_expires_at", "expires_at"),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("key", LargeBinary(32), primary_key=True),  # of an account, an address, or the two together
    Column("account", LargeBinary(32)),  # the account's key, so that a release finds all that concerns it
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("succeeded_at", Instant),
    Column("failed_at", Instant),
    Column("kept_until", Instant, nullable=False),
    Index("ix_sign_in_attempts_kept_until", "kept_until"),
)

sso_journeys = Table(
    "sso_journeys",
    metadata,
    Column("state_hash", LargeBinary(32), primary_key=True),
    Column("browser_hash", LargeBinary(32), nullable=False),
    Column("nonce", String(100), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("ix_sso_journeys_expires_at", "expires_at"),
)
