"""Journeys to the single sign-on and back: each is good once and for ten minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, insert

from engine.store.db import Tx
from engine.store.sessions import hash_secret
from engine.store.sign_in_tables import sso_journeys

LIFETIME = timedelta(minutes=10)  # long enough to find one's key card; not a legal period


class Journey(NamedTuple):
    """What must come back in the ID token, and what proves to the provider that we are who asked."""

    nonce: str
    verifier: str


def begin_journey(tx: Tx, *, state: str, browser: str, journey: Journey, at: datetime) -> None:
    """Remember a journey under its state and the secret in the browser's cookie."""
    tx.execute(delete(sso_journeys).where(sso_journeys.c.expires_at <= at))
    tx.execute(
        insert(sso_journeys).values(
            state_hash=hash_secret(state),
            browser_hash=hash_secret(browser),
            nonce=journey.nonce,
            verifier=journey.verifier,
            expires_at=at + LIFETIME,
        )
    )


def end_journey(tx: Tx, *, state: str, browser: str, at: datetime) -> Journey | None:
    """The journey of this state, which ends here; None if it is unknown, over or another browser's."""
    where = sso_journeys.c.state_hash == hash_secret(state)
    row = tx.execute(delete(sso_journeys).where(where).returning(*sso_journeys.c)).one_or_none()
    if row is None or row.expires_at <= at or row.browser_hash != hash_secret(browser):
        return None
    return Journey(row.nonce, row.verifier)
