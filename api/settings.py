"""Settings of one process: frozen, from the environment or the command line, read once."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from engine.actions.add_attachment import AttachmentLimits
from engine.actions.applicants import ApplicantPolicy
from engine.actions.sign_in_policy import SignInPolicy
from engine.vault import KeyFile, Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcSettings:
    """The city's single sign-on; off without an issuer. Environment variables `AIDFLOW_OIDC_<NAME>`."""

    issuer: str = ""
    """As the provider writes itself; its discovery document lies below."""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    scope: str = "openid profile"
    claim: str = "preferred_username"
    """The claim of the ID token that holds our account name."""
    redirect_uri: str = ""
    """As registered with the provider; empty: `/api/v1/sso/callback` under the address that was asked."""

    def __post_init__(self) -> None:
        if self.issuer and not self.client_id:
            raise ValueError("AIDFLOW_OIDC_ISSUER is set, but AIDFLOW_OIDC_CLIENT_ID is not")
        address = urlsplit(self.issuer)
        if self.issuer and address.scheme != "https" and not is_loopback(address.hostname or ""):
            raise ValueError("AIDFLOW_OIDC_ISSUER must begin with https:// (except on loopback)")


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
    keys: str = field(default="", repr=False)
    """Keys of the data at rest in base64, separated by commas, the current one first."""
    key_file: str = ""
    """File of these keys; empty means `keys.json` beside the embedded database."""
    trusted_proxies: int = 0
    """How many proxies in front of us set `X-Forwarded-For`, `-Proto` and `-Host`."""
    sign_in: SignInPolicy = SignInPolicy()
    oidc: OidcSettings = OidcSettings()
    attachments: str = ""
    """Folder or object store (`s3://bucket/prefix`) of attachments; empty means `attachments` in `data`."""
    attachment_limits: AttachmentLimits = AttachmentLimits()
    applicants: ApplicantPolicy = ApplicantPolicy()
    fonts: str = ""
    """Folder of fonts for PDF; empty means the package of fonts, where it is installed."""
    request_seconds: int = 120
    """How long a client may take to send one request."""
    max_connections: int = 500
    metrics_token: str = field(default="", repr=False)
    """The bearer token that opens `/metrics` to another machine; empty leaves it to this machine alone."""
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

    def vault(self) -> Vault | None:
        """The keys that are set; None leaves them to the embedded database's own key file."""
        if self.keys:
            return Vault.read(self.keys)
        return KeyFile(Path(self.key_file)) if self.key_file else None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, **overrides: object) -> Settings:
        """Settings from `AIDFLOW_…` variables; keyword arguments win. `ValueError` names a bad variable."""
        values = _read(_READERS, environment)
        policy = _read({item.name: int for item in fields(SignInPolicy)}, environment)
        strangers = _read({item.name: int for item in fields(ApplicantPolicy)}, environment)
        oidc = _read({item.name: str for item in fields(OidcSettings)}, environment, "OIDC_")
        # The readers have made each value what its field says; mypy can not follow them through a mapping.
        values |= {"sign_in": SignInPolicy(**policy), "oidc": OidcSettings(**oidc)}  # type: ignore[arg-type]
        values["applicants"] = ApplicantPolicy(**strangers)  # type: ignore[arg-type]
        limits = {name: values.pop(name) for name in _LIMITS if name in values}
        values["attachment_limits"] = AttachmentLimits(**limits)  # type: ignore[arg-type]
        return cls(**{**values, **overrides})  # type: ignore[arg-type]


def _read(
    readers: Mapping[str, Callable[[str], object]], environment: Mapping[str, str], prefix: str = ""
) -> dict[str, object]:
    """Those of the variables that are set."""
    values: dict[str, object] = {}
    for name, read in readers.items():
        variable = f"AIDFLOW_{prefix}{name.upper()}"
        text = environment.get(variable)
        if text is not None:
            try:
                values[name] = read(text)
            except ValueError:
                raise ValueError(f"{variable}={text!r} is not a valid value") from None
    return values


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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
    "keys": str,
    "key_file": str,
    "trusted_proxies": int,
    "attachments": str,
    "fonts": str,
    "request_seconds": int,
    "max_connections": int,
    "metrics_token": str,
    "allowed_hosts": _names,
}
