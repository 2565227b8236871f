"""The city's single sign-on (OpenID Connect, code flow with PKCE, state and nonce), through Authlib.

What the provider says of itself is fetched at the first use and kept; its keys are fetched anew when
a token names one that is not known yet.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client.sync_app import OAuth2Mixin
from authlib.integrations.base_client.sync_openid import OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError

from api.settings import OidcSettings
from engine.actions.single_sign_on import ProviderUnreachableError, SingleSignOnError
from engine.store.sso_journeys import Journey

log = logging.getLogger("aidflow.sso")

_SECONDS_TO_ANSWER = 10
_CLOCKS_MAY_DIFFER = 60  # seconds between the provider's clock and ours
# What only the holder of a private key can sign: "none" and shared secrets prove nothing here.
_SIGNATURES = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)


class _Client(OAuth2Mixin, OpenIDMixin):  # type: ignore[misc]  # Authlib is not typed
    """Authlib's client, held to the configured issuer and to signatures that prove something."""

    client_cls = OAuth2Session

    def __init__(self, settings: OidcSettings) -> None:
        super().__init__(
            None,
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            server_metadata_url=f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": settings.scope,
                "code_challenge_method": "S256",
                "default_timeout": _SECONDS_TO_ANSWER,
                "token_endpoint_auth_method": "client_secret_basic" if settings.client_secret else "none",
            },
        )
        self._issuer = settings.issuer

    def load_server_metadata(self) -> dict[str, Any]:
        metadata: dict[str, Any] = super().load_server_metadata()
        if metadata.get("issuer") != self._issuer:
            self.server_metadata: dict[str, Any] = {}
            raise SingleSignOnError("The provider's discovery document names another issuer.")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [alg for alg in offered if alg in _SIGNATURES]
        return metadata


class SingleSignOn:
    """One provider. Every method may wait for the network: call with no transaction open."""

    def __init__(self, settings: OidcSettings) -> None:
        self._settings = settings
        self._client = _Client(settings)

    def begin(self, redirect_uri: str) -> tuple[str, str, Journey]:
        """Where to send the browser, the state it brings back, and what must be remembered."""
        try:
            begun = self._client.create_authorization_url(redirect_uri)
        except (requests.RequestException, ValueError) as error:
            raise ProviderUnreachableError from error
        return begun["url"], begun["state"], Journey(begun["nonce"], begun["code_verifier"])

    def finish(self, *, code: str, journey: Journey, redirect_uri: str) -> Mapping[str, Any]:
        """The claims of a verified ID token; `SingleSignOnError` for anything that is not as it must be."""
        settings = self._settings
        try:
            token = self._client.fetch_access_token(
                redirect_uri, code=code, code_verifier=journey.verifier, grant_type="authorization_code"
            )
            claims: Mapping[str, Any] | None = self._client.parse_id_token(
                token,
                nonce=journey.nonce,
                claims_options={
                    "iss": {"essential": True, "value": settings.issuer},
                    "aud": {"essential": True, "value": settings.client_id},
                    "exp": {"essential": True},
                },
                leeway=_CLOCKS_MAY_DIFFER,
            )
        except requests.RequestException as error:
            raise ProviderUnreachableError from error
        except (JoseError, AuthlibBaseError, ValueError, RuntimeError) as error:
            log.warning("the single sign-on's answer was refused: %s", type(error).__name__)
            raise SingleSignOnError from error
        if claims is None:
            raise SingleSignOnError
        return claims
