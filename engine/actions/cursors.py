"""Cursors: opaque text that names the last row a client saw. A damaged or foreign one is refused."""

from __future__ import annotations

import base64
import binascii
import json

from engine.errors import FieldError, InputError

MAX_PAGE = 200


class CursorError(InputError):
    """The cursor is not one that this list gave out; start again without it."""

    code = "bad-cursor"
    default_zh = "游标无效，请从头开始。"


def write_cursor(kind: str, *key: int) -> str:
    """The cursor for the row with this sort key."""
    text = json.dumps([kind, *key], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(kind: str, cursor: str | None, width: int) -> tuple[int, ...] | None:
    """The sort key in a cursor of this list, or None without one; raises CursorError."""
    if cursor is None:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        found = json.loads(text)
    except (binascii.Error, ValueError, UnicodeError, RecursionError):
        raise _bad() from None
    if not isinstance(found, list) or len(found) != width + 1 or found[0] != kind:
        raise _bad()
    key = found[1:]
    if not all(type(part) is int and abs(part) < 1 << 63 for part in key):
        raise _bad()
    return tuple(key)


def check_limit(limit: int) -> int:
    """A page size from 1 to `MAX_PAGE`; raises InputError."""
    if not 1 <= limit <= MAX_PAGE:
        zh, en = f"每页条数须为1至{MAX_PAGE}", f"must be from 1 to {MAX_PAGE}"
        raise InputError(f"limit {en}.", f"{zh}。", [FieldError(pointer="/limit", zh=zh, en=en)])
    return limit


def _bad() -> CursorError:
    detail = FieldError(pointer="/cursor", zh=CursorError.default_zh, en=CursorError.__doc__ or "")
    return CursorError(errors=[detail])
