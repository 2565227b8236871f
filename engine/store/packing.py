"""Canonical JSON; bytes kept short (zlib where that is shorter, marked by the first byte) and kept secret.

What can hold applicant data is sealed under the database's vault, for the row it stands in.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

from engine.store.db import Tx, vault_of
from engine.vault import Vault, is_sealed

_PLAIN, _ZLIB = b"j", b"z"
_WORTH_TRYING = 150  # below this many bytes zlib's own header eats the gain


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces: equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def pack(data: bytes) -> bytes:
    """The same bytes, shorter if they can be."""
    if len(data) > _WORTH_TRYING:
        packed = zlib.compress(data, 6)
        if len(packed) < len(data):
            return _ZLIB + packed
    return _PLAIN + data


def unpack(data: bytes) -> bytes:
    """What `pack` was given; `ValueError` if the mark is unknown or the bytes are damaged."""
    if data[:1] == _PLAIN:
        return data[1:]
    if data[:1] == _ZLIB:
        try:
            return zlib.decompress(data[1:])
        except zlib.error as error:
            raise ValueError(str(error)) from error
    raise ValueError("stored bytes carry an unknown mark")


def seal(tx: Tx, data: bytes, *row: str | int) -> bytes:
    """The bytes sealed for the row that `row` names: its table and its ids."""
    return vault_of(tx).seal(data, _context(row))


def unseal(tx: Tx, data: bytes, *row: str | int) -> bytes:
    """What `seal` was given. Bytes from before there were keys come back as they are.

    `VaultError` (a `ValueError` too) if the key is missing, or the bytes are damaged or another row's.
    """
    return vault_of(tx).open(data, _context(row)) if is_sealed(data) else data


def seal_anew(vault: Vault, data: bytes, *row: str | int) -> bytes:
    """The same content sealed with the current key."""
    context = _context(row)
    return vault.seal(vault.open(data, context) if is_sealed(data) else data, context)


def _context(row: tuple[str | int, ...]) -> bytes:
    return "\x1f".join(map(str, row)).encode()
