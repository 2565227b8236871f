"""Settings of one process: frozen, from the environment or the command line, read once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.actions.add_attachment import AttachmentLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a process needs to know; every field has an environment variable `AIDFLOW_<NAME>`."""

    data: Path = Path("data")
    """Folder of the embedded database and files."""
    database_url: str = ""
    """SQLAlchemy URL; empty means SQLite in `data`."""
    max_json_bytes: int = 1_000_000
    max_upload_bytes: int = 20_000_000
    secure_cookies: bool = True
    """Off only for plain HTTP on loopback."""
    demo: bool = False
    threads: int = 8
    attachments: str = ""
    """Folder or object store (`s3://bucket/prefix`) of attachments; empty means `attachments` in `data`."""
    attachment_limits: AttachmentLimits = AttachmentLimits()
    request_seconds: int = 120
    """How long a client may take to send one request."""
    max_connections: int = 500
    allowed_hosts: tuple[str, ...] = ()
    """Names under which we answer (`aid.example.cn`, `.example.cn` with what is below); empty means any."""

    @property
    def max_request_bytes(self) -> int:
        """The largest body that any route takes, with what wraps the files of an upload."""
        return max(self.max_upload_bytes, self.attachment_limits.max_attachment_bytes) + 100_000

    @property
    def url(self) -> str:
        """The database's SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.data / 'aidflow.db'}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, **overrides: object) -> Settings:
        """Settings from `AIDFLOW_…` variables; keyword arguments win. `ValueError` names a bad variable."""
        values: dict[str, object] = {}
        for name, read in _READERS.items():
            text = environment.get(f"AIDFLOW_{name.upper()}")
            if text is not None:
                try:
                    values[name] = read(text)
                except ValueError:
                    raise ValueError(f"AIDFLOW_{name.upper()}={text!r} is not a valid value") from None
        limits = {name: values.pop(name) for name in _LIMITS if name in values}
        values["attachment_limits"] = AttachmentLimits(**limits)  # type: ignore[arg-type]
        return cls(**{**values, **overrides})  # type: ignore[arg-type]


def _flag(text: str) -> bool:
    if text.lower() not in ("0", "1", "true", "false"):
        raise ValueError(text)
    return text.lower() in ("1", "true")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


_LIMITS = AttachmentLimits.__dataclass_fields__
_READERS: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(_LIMITS, int),
    "data": Path,
    "database_url": str,
    "max_json_bytes": int,
    "max_upload_bytes": int,
    "secure_cookies": _flag,
    "threads": int,
    "attachments": str,
    "request_seconds": int,
    "max_connections": int,
    "allowed_hosts": _names,
}
