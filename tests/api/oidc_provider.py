"""A small OpenID Connect provider, run as a process of its own: `python -m tests.api.oidc_provider`.

It knows one client and signs whoever is asked for in straight away. `/misbehave` makes its next ID
tokens wrong in one way. Prints its issuer once it listens.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "aidflow", "a secret of the tests"

app = Flask("provider")
_keys = {
    "right": RSAKey.generate_key(2048, {"kid": "one"}),
    "other": RSAKey.generate_key(2048, {"kid": "one"}),
}
_codes: dict[str, dict[str, str]] = {}
_state: dict[str, Any] = {"issuer": "", "person": "officer", "wrong": ""}


@app.get("/.well-known/openid-configuration")
def discovery() -> Response:
    issuer = _state["issuer"]
    return jsonify(
        issuer=issuer,
        authorization_endpoint=f"{issuer}/authorize",
        token_endpoint=f"{issuer}/token",
        jwks_uri=f"{issuer}/keys",
        id_token_signing_alg_values_supported=["RS256", "HS256", "none"],
    )


@app.get("/keys")
def keys() -> Response:
    return jsonify(keys=[_keys["right"].as_dict(private=False)])


@app.post("/misbehave")
def misbehave() -> str:
    _state.update(request.get_json())
    return "done"


@app.get("/authorize")
def authorize() -> Any:
    asked = request.args
    assert asked["response_type"] == "code"
    assert asked["client_id"] == CLIENT_ID
    assert asked["code_challenge_method"] == "S256"
    code = secrets.token_urlsafe(16)
    _codes[code] = {name: asked[name] for name in ("nonce", "code_challenge", "redirect_uri")}
    return redirect(asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]}))


@app.post("/token")
def token() -> Any:
    known = request.authorization
    if not known or (known.username, known.password) != (CLIENT_ID, CLIENT_SECRET):
        return jsonify(error="invalid_client"), 401
    asked = _codes.pop(request.form["code"], None)
    digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
    challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
    if not asked or (asked["code_challenge"], asked["redirect_uri"]) != (
        challenge,
        request.form["redirect_uri"],
    ):
        return jsonify(error="invalid_grant"), 400
    answer = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 60}
    if _state["wrong"] != "no id token":
        answer["id_token"] = _id_token(asked["nonce"])
    return jsonify(answer)


def _id_token(nonce: str) -> str:
    wrong, now = _state["wrong"], int(time.time())
    claims = {
        "iss": "https://elsewhere.example" if wrong == "issuer" else _state["issuer"],
        "aud": "another client" if wrong == "audience" else CLIENT_ID,
        "sub": "4711",
        "preferred_username": _state["person"],
        "nonce": "of another journey" if wrong == "nonce" else nonce,
        "iat": now - 7200,
        "exp": now - 3600 if wrong == "expired" else now + 300,
    }
    if wrong == "audience":
        claims["azp"] = CLIENT_ID
    if wrong == "nonce missing":
        del claims["nonce"]
    if wrong == "unsigned":
        head, body, _ = jwt.encode({"alg": "RS256"}, claims, _keys["right"]).split(".")
        head = urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
        return f"{head}.{body}."
    key = _keys["other" if wrong == "signature" else "right"]
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, app)
    _state["issuer"] = f"http://127.0.0.1:{server.server_port}"
    print(_state["issuer"], flush=True)  # noqa: T201 - whoever started it waits for this line
    server.serve_forever()
