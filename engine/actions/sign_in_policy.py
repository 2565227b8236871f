"""How strict sign-in is. Every number is a setting; the defaults are ours unless a source is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

SCOPES = ("read", "work", "deploy", "admin")
"""What a bearer token may be held to: see, work on cases, deploy processes, administer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPolicy:
    """Read once a process; `ValueError` names a number that makes no sense."""

    password_min_length: int = 8
    """NIST SP 800-63B 5.1.1.2: at least 8 characters."""
    sign_in_attempts: int = 10
    """Failures after which an account is locked. NIST SP 800-63B 5.2.2: no more than 100."""
    sign_in_attempts_per_address: int = 100
    """Failures after which an address is locked, over all accounts that never signed in from there."""
    lock_minutes: int = 10
    """How long the first lock lasts; each further one doubles, up to a day."""
    known_address_days: int = 30
    """How long an address from which an account has signed in stays free of what others do to the account."""
    session_idle_minutes: int = 60
    session_hours: int = 12
    """NIST SP 800-63B 4.2.3: at most 12 hours."""
    token_max_days: int = 365

    def __post_init__(self) -> None:
        lowest = {"password_min_length": 8}
        highest = {"password_min_length": 64, "sign_in_attempts": 100, "token_max_days": 3650}
        for name in self.__dataclass_fields__:
            low, high = lowest.get(name, 1), highest.get(name, 100_000)
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} must be between {low} and {high}")

    @property
    def lock(self) -> timedelta:
        return timedelta(minutes=self.lock_minutes)

    @property
    def known_address(self) -> timedelta:
        return timedelta(days=self.known_address_days)

    @property
    def session_idle(self) -> timedelta:
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def session_lifetime(self) -> timedelta:
        return timedelta(hours=self.session_hours)


DEFAULT_POLICY = SignInPolicy()
