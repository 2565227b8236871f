"""What a password may be (NIST SP 800-63B 5.1.1.2) and how it is kept (argon2id).

No rules of composition and no forced change after a time: they make people choose worse passwords.
What anybody would guess first is refused instead.
"""

from __future__ import annotations

import secrets
import unicodedata
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.actions.sign_in_policy import SignInPolicy
from engine.errors import FieldError, InputError
from engine.store.credentials import Credentials

MAX_LENGTH = 128
_SCORED = 72  # zxcvbn reads no more, and what is longer is judged by its beginning
_GUESSED_AT_ONCE = 1  # zxcvbn's scores 0 and 1: fewer than a million guesses
_SHORTEST_NAME = 3  # a name of two letters occurs in too many words
_PRODUCT = ("aidflow", "shehuijiuzhu", "社会救助")

# OWASP's smallest recommended argon2id setting (19 MiB, two passes): a town's server signs in a whole
# office at eight in the morning.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified for an unknown account too, so that the answer's time does not tell whether it exists.
_nobody = _hasher.hash(secrets.token_urlsafe(32))


class WeakPasswordError(InputError):
    """This password is not good enough; choose another."""

    code = "weak-password"
    default_zh = "该密码不符合要求，请另选一个。"


class Verdict(NamedTuple):
    """Whether a password is right, and its hash by today's parameters if the stored one is older."""

    correct: bool
    new_hash: str | None


def _normal(password: str) -> str:
    """One form for what keyboards write in several (NIST SP 800-63B 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """The argon2id hash of a password, as stored. Takes tens of milliseconds on purpose."""
    return _hasher.hash(_normal(password))


def check_password(password_hash: str | None, password: str) -> Verdict:
    """Compare in the time of one hash, also where there is no account. Call outside of a transaction."""
    password = _normal(password)
    try:
        _hasher.verify(password_hash or _nobody, password)
    except (VerificationError, InvalidHashError):
        return Verdict(False, None)
    if password_hash is None:
        return Verdict(False, None)
    stale = _hasher.check_needs_rehash(password_hash)
    return Verdict(True, _hasher.hash(password) if stale else None)


def generate_password() -> str:
    """An initial password: 80 random bits in letters that are not misread on paper."""
    letters = "23456789abcdefghjkmnpqrstuvwxyz"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def require_good(
    password: str, account: Credentials, *, policy: SignInPolicy, pointer: str = "/new_password"
) -> None:
    """`WeakPasswordError` naming the rule, unless the password may be taken for this account."""
    fault = _fault(_normal(password), account, policy.password_min_length)
    if fault is not None:
        code, zh, en = fault
        error = FieldError(pointer=pointer, zh=zh, en=en, code=code)
        raise WeakPasswordError(en, zh, errors=[error])


def _fault(password: str, account: Credentials, shortest: int) -> tuple[str, str, str] | None:
    if len(password) < shortest:
        return "too-short", f"密码至少 {shortest} 个字符。", f"A password has at least {shortest} characters."
    if len(password) > MAX_LENGTH:
        return (
            "too-long",
            f"密码至多 {MAX_LENGTH} 个字符。",
            f"A password has at most {MAX_LENGTH} characters.",
        )
    name = _normal(account.username).casefold()
    if len(name) >= _SHORTEST_NAME and name in password.casefold():
        return "has-username", "密码不得包含账号名。", "A password may not contain the user name."
    if _is_common(password, account):
        return (
            "too-common",
            "该密码过于常见或容易猜到，请换一个。",
            "This password is common or easily guessed; choose another.",
        )
    return None


def _is_common(password: str, account: Credentials) -> bool:
    # Not before it is needed: its lists take a tenth of a second to read.
    from zxcvbn import zxcvbn
    from zxcvbn.matching import RANKED_DICTIONARIES

    if password.casefold() in RANKED_DICTIONARIES["passwords"]:
        return True
    own_words = [account.username, account.name, *account.name_en.split(), *_PRODUCT]
    found = zxcvbn(password[:_SCORED], user_inputs=own_words)
    return int(found["score"]) <= _GUESSED_AT_ONCE
