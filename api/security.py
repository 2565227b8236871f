"""What every answer tells a browser not to do, and which names we answer to. Decides nothing about people."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response, request
from werkzeug.sansio.utils import host_is_trusted

from api.problems import problem
from api.settings import Settings

_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_UNUSED_FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # browsers that don't know frame-ancestors
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _UNUSED_FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",  # an answer is about people unless its route says otherwise
}
# A browser that has seen us over TLS keeps to it for a year, the customary least (hstspreload.org).
_STRICT_TRANSPORT = "max-age=31536000"
_PROBES = ("/healthz", "/readyz")  # a load balancer asks by address, and there is nothing to learn


def register(app: Flask, settings: Settings) -> None:
    """Check each request's host, and put the headers on each answer, errors too."""
    hosts = [name.lower() for name in settings.allowed_hosts]

    @app.before_request
    def _check_host() -> Response | None:
        """Another name in `Host` is a poisoned link, or DNS rebinding: a foreign page that seems ours."""
        sent = request.headers.get("Host", "").lower()
        if not hosts or request.path in _PROBES or host_is_trusted(sent, hosts):
            return None
        return problem(
            400, "unknown-host", "本服务不使用这个域名。", "This service does not answer to that name."
        )

    @app.after_request
    def _secure(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.secure_cookies:
            response.headers.setdefault("Strict-Transport-Security", _STRICT_TRANSPORT)
        response.vary.add("Accept-Language")
        return response
