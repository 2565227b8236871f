"""Canonical JSON, and bytes kept short: zlib where that is shorter, marked by the first byte."""

from __future__ import annotations

import json
import zlib
from typing import Any

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
