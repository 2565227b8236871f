"""Keys, and what is done with them: sealing bytes that hold applicant data, and blinding numbers for search.

Each key is 32 random bytes. Everything else is derived from it with HKDF-SHA256, one purpose a label: the
AES-256-GCM key, the HMAC key of the blind index, and a fingerprint that names the key without telling it.
Keys lie outside the database, in a file or an environment variable. Knows no table and no transaction.

A sealed value is the format byte, the key's id (4 bytes), a random nonce (12) and the ciphertext with its
tag. Its context (which row of which table) is authenticated too, so that sealed bytes that are moved to
another row do not open. Random nonces bound one key to 2^32 values (NIST SP 800-38D, 8.3): rotate before.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.errors import EngineFault

FORMAT = b"s"
KEY_BYTES = 32
_ID, _NONCE, _BLIND = 4, 12, 16
HEAD = len(FORMAT) + _ID
"""Bytes at the start of a sealed value that say which key opens it."""


class VaultError(EngineFault, ValueError):
    """Stored data cannot be opened: the key is missing or the bytes are damaged."""

    code = "vault"
    default_zh = "无法解密存储的数据：缺少密钥或数据已损坏。"


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """One key with what is derived from it. Its `repr` tells the id only."""

    secret: bytes
    id: bytes
    fingerprint: bytes
    cipher: AESGCM
    blinding: bytes

    def __repr__(self) -> str:
        return f"<Key {self.id.hex()}>"

    @classmethod
    def of(cls, secret: bytes) -> Key:
        fingerprint = _derive(secret, b"aidflow fingerprint 1", 16)
        return cls(
            secret,
            fingerprint[:_ID],
            fingerprint,
            AESGCM(_derive(secret, b"aidflow seal 1", 32)),
            _derive(secret, b"aidflow blind index 1", 32),
        )


def _derive(secret: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(secret)


def new_secret() -> bytes:
    """A fresh random key."""
    return secrets.token_bytes(KEY_BYTES)


def read_secret(text: str) -> bytes:
    """A key from base64; `VaultError` unless it is 32 bytes. Never repeats the text."""
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise VaultError("A key must be 32 bytes in base64.", "密钥须为32字节的 base64。")
    return secret


def write_secret(secret: bytes) -> str:
    return base64.b64encode(secret).decode()


class Vault:
    """The keys of one process; the first one is current: it seals, the others only open.

    Safe to share between threads. `KeyFile` is the same over a file.
    """

    def __init__(self, keys: Iterable[bytes]) -> None:
        self._ring = [Key.of(secret) for secret in keys]

    @classmethod
    def ephemeral(cls) -> Vault:
        """A key that nobody keeps: for databases that live in memory."""
        return cls([new_secret()])

    @classmethod
    def read(cls, text: str) -> Vault:
        """Keys in base64, separated by commas, the current one first (`AIDFLOW_KEYS`)."""
        return cls([read_secret(part) for part in text.split(",") if part.strip()])

    def ring(self) -> list[Key]:
        """The keys as they stand now, the current one first."""
        return self._ring

    def seal(self, data: bytes, context: bytes) -> bytes:
        """The bytes sealed with the current key for the row that `context` names."""
        key, nonce = self.ring()[0], os.urandom(_NONCE)
        return FORMAT + key.id + nonce + key.cipher.encrypt(nonce, data, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """What `seal` was given; `VaultError` for a missing key, other bytes or another context."""
        key = self.find(sealed[len(FORMAT) : HEAD])
        if key is None:
            name = sealed[len(FORMAT) : HEAD].hex()
            raise VaultError(f"The key {name} is missing.", f"缺少密钥 {name}。")
        nonce = sealed[HEAD : HEAD + _NONCE]
        try:
            return key.cipher.decrypt(nonce, sealed[HEAD + _NONCE :], context)
        except (InvalidTag, ValueError):
            raise VaultError from None

    def find(self, key_id: bytes) -> Key | None:
        """The key with this id, or None."""
        return next((key for key in self.ring() if key.id == key_id), None)

    def blind(self, kind: str, value: str) -> bytes:
        """What the index keeps of a number: the current key's id and a keyed hash of kind and number."""
        return _blind(self.ring()[0], kind, value)

    def blinds(self, kind: str, value: str) -> list[bytes]:
        """What the index may keep of a number, under each key: for searching."""
        return [_blind(key, kind, value) for key in self.ring()]


def _blind(key: Key, kind: str, value: str) -> bytes:
    digest = hmac.digest(key.blinding, f"{kind}\0{value}".encode(), hashlib.sha256)
    return key.id + digest[:_BLIND]


class KeyFile(Vault):
    """Keys in a file (mode 0600), made with its first key when something is first sealed.

    The file is looked at before each use of the current key (one `stat`), so that a rotation started
    elsewhere holds from then on in every process that reads the same file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__([])
        self.path = path
        self._seen: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def ring(self) -> list[Key]:
        stamp = self._stamp()
        if stamp is None:
            if self._ring:  # taken away while we run: what is in memory still counts
                return self._ring
            self._make()
            stamp = self._stamp()
        if stamp != self._seen:
            with self._lock:
                self._ring, self._seen = [Key.of(secret) for secret in self._read()], stamp
        return self._ring

    def _make(self) -> None:
        try:
            self._write([new_secret()], first=True)
        except OSError as error:
            reason = error.strerror
            raise VaultError(
                f"The key file {self.path} cannot be made ({reason}).",
                f"无法创建密钥文件 {self.path}（{reason}）。",
            ) from error

    @property
    def exists(self) -> bool:
        return self.path.exists()

    def add(self, secret: bytes, *, current: bool = False) -> Key:
        """Add a key; unless it is to be `current` at once it only opens."""
        kept = [key.secret for key in self.ring() if key.secret != secret]
        self._write([secret, *kept] if current else [*kept, secret])
        return Key.of(secret)

    def remove(self, key_id: bytes) -> None:
        """Drop a key that nothing is sealed with any more."""
        self._write([key.secret for key in self.ring() if key.id != key_id])

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _read(self) -> list[bytes]:
        try:
            entries = json.loads(self.path.read_text(encoding="utf-8"))["keys"]
            keys = [read_secret(entry["key"]) for entry in entries]
        except (KeyError, TypeError, ValueError, OSError):
            keys = []
        if not keys:
            zh, en = f"密钥文件 {self.path} 无法读取。", f"The key file {self.path} cannot be read."
            raise VaultError(en, zh)
        return keys

    def _write(self, keys: list[bytes], *, first: bool = False) -> None:
        """Replace the file as a whole; with `first` only if nobody else has made it meanwhile."""
        entries = [{"id": Key.of(secret).id.hex(), "key": write_secret(secret)} for secret in keys]
        fresh = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"keys": entries}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        try:
            if first:
                os.link(fresh, self.path)
            else:
                os.replace(fresh, self.path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink(missing_ok=True)


def is_sealed(data: bytes) -> bool:
    """Whether the bytes are sealed; what was stored before there were keys is not."""
    return data[: len(FORMAT)] == FORMAT
