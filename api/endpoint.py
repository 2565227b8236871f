"""What every route goes through: who calls, body and query, one transaction, the answer as JSON.

A route declares all of it in one place, and the OpenAPI document is made from that declaration, so
the document can't say something else than the code does.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any, Literal, TypeVar

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel
from werkzeug.exceptions import HTTPException

from api.auth import ANONYMOUS, Access, authenticate, refuse_cross_site
from api.bodies import read_body, read_query
from api.schemas.requests import Query
from api.shapes import to_json
from engine.clocks import wall
from engine.errors import FieldError, InputError, NotFoundError
from engine.store import idempotency, sessions
from engine.store.db import Database, Tx
from engine.store.sessions import Session
from engine.types import Actor

Method = Literal["GET", "POST", "DELETE"]
View = TypeVar("View", bound=Callable[..., Any])
MAX_KEY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as a route sees it. `tx` is the request's only transaction; `at` its instant."""

    tx: Tx
    at: datetime
    actor: Actor
    session: Session | None = None
    body: Any = None
    query: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A request as a route sees it that begins its transactions itself; of nobody where it is public."""

    database: Database
    at: datetime
    actor: Actor = ANONYMOUS.actor
    body: Any = None
    query: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a route declares; the OpenAPI document is made from these."""

    method: Method
    path: str
    name: str
    summary: str
    access: Access
    body: type[BaseModel] | None
    query: type[Query] | None
    answer: type[BaseModel] | None
    status: int
    problems: tuple[int, ...]
    media: str
    upload: str
    records: bool
    errand: bool
    secret: bool
    asks: bool
    statuses: tuple[int, ...]
    header: str

    @property
    def takes_key(self) -> bool:
        """Whether an Idempotency-Key is heeded: who calls must be known, the answer be kept with the act."""
        kept = not (self.secret or self.asks or self.errand)
        return self.method == "POST" and self.access != "public" and kept


OPERATIONS: list[Operation] = []


def endpoint(
    routes: Blueprint,
    method: Method,
    path: str,
    *,
    answer: type[BaseModel] | None,
    access: Access = "undeclared",
    body: type[BaseModel] | None = None,
    query: type[Query] | None = None,
    status: int = 200,
    problems: tuple[int, ...] = (),
    media: str = "application/json",
    upload: str = "",
    records: bool = False,
    errand: bool = False,
    secret: bool = False,
    asks: bool = False,
    also: tuple[int, ...] = (),
    header: str = "",
) -> Callable[[View], View]:
    """Register a view as a route. The view returns what `to_json` can shape, or a `Response`.

    `header` names one that the caller proves by; `upload` is the multipart field of the files; `records`
    says that looking leaves a trace; an `errand` gets the database, since it must wait for something
    while no transaction is open; what is `secret` in an answer is not kept, so an Idempotency-Key means
    nothing there; a POST that only `asks` changes nothing: its question is too long for an address.
    """

    def register(view: View) -> View:
        operation = Operation(
            method=method,
            path=(routes.url_prefix or "") + path,
            name=view.__name__,
            summary=(view.__doc__ or "").strip(),
            access=access,
            body=body,
            query=query,
            answer=answer,
            status=status,
            problems=problems,
            media=media,
            upload=upload,
            records=records,
            errand=errand,
            secret=secret,
            asks=asks,
            statuses=(status, *also),
            header=header,
        )
        OPERATIONS.append(operation)
        rule = path.replace("{", "<").replace("}", ">")

        @wraps(view)
        def handle(**path_values: Any) -> Response:
            return _handle(operation, view, path_values)

        routes.add_url_rule(rule, view.__name__, handle, methods=[method])
        return view

    return register


def _handle(operation: Operation, view: Callable[..., Any], path_values: dict[str, Any]) -> Response:
    refuse_cross_site()
    database: Database = current_app.extensions["aidflow.database"]
    at = wall.now()
    if any("\0" in value for value in path_values.values()):
        raise NotFoundError
    try:
        key = _idempotency_key(operation)
        fingerprint = _fingerprint(operation) if key else b""
        body = read_body(operation.body) if operation.body else None
        query = read_query(operation.query) if operation.query else None
    except (InputError, HTTPException):
        with database.read() as tx:
            authenticate(tx, access=operation.access, at=at)  # a stranger is told nothing but to sign in
        raise
    if operation.errand:
        with database.read() as tx:
            actor, _ = authenticate(tx, access=operation.access, at=at)
        errand = Errand(database=database, at=at, actor=actor, body=body, query=query)
        return _as_response(view(errand), operation)
    changes = (
        (operation.method != "GET" and not operation.asks)
        or operation.records
        or (query is not None and query.leaves_trace)
    )
    # Returning commits, raising rolls back; the commit happens here, so that what it raises is answered
    # by the error handlers like everything else.
    with database.write() if changes else database.read() as tx:
        actor, session = caller = authenticate(tx, access=operation.access, at=at)
        if changes and session and caller.is_stale(at):
            sessions.touch(tx, session.id, at)
        if key:
            kept = idempotency.find_answer(tx, actor=actor.username, key=key, request=fingerprint)
            if kept is not None:
                return _respond(kept.body, kept.status, operation.media, replayed=True)
        call = Call(tx=tx, at=at, actor=actor, session=session, body=body, query=query)
        response = _as_response(view(call, **path_values), operation)
        if key and response.status_code < 300:
            idempotency.keep_answer(
                tx,
                actor=actor.username,
                key=key,
                request=fingerprint,
                answer=idempotency.Answer(response.status_code, response.get_data()),
                at=at,
            )
    if not changes and session and caller.is_stale(at):
        with database.write() as tx:
            sessions.touch(tx, session.id, at)
    return response


def _as_response(result: Any, operation: Operation) -> Response:
    if isinstance(result, Response):
        return result
    if result is None:
        return Response(status=204)
    text = json.dumps(to_json(result), ensure_ascii=False, separators=(",", ":"))
    return _respond(text.encode(), operation.status, operation.media)


def _respond(body: bytes, status: int, media: str, *, replayed: bool = False) -> Response:
    response = Response(body or None, status, mimetype=media)
    response.headers["Cache-Control"] = "no-store"
    if replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _idempotency_key(operation: Operation) -> str | None:
    """The key, if one is given and the operation takes one."""
    key = request.headers.get("Idempotency-Key")
    if key is None or not operation.takes_key:
        return None
    if not key.isascii() or not key.isprintable() or not 1 <= len(key) <= MAX_KEY:
        error = FieldError(
            pointer="#Idempotency-Key",
            zh=f"幂等键应为 1 至 {MAX_KEY} 个可见 ASCII 字符。",
            en=f"An idempotency key is 1 to {MAX_KEY} printable ASCII characters.",
        )
        raise InputError(error.en, error.zh, errors=[error])
    return key


def _fingerprint(operation: Operation) -> bytes:
    """What makes two requests the same: method, path and body; of an upload the files, not their wrapping."""
    found = sha256(f"{request.method} {request.full_path}\n".encode())
    if not operation.upload:
        found.update(request.get_data(cache=True))
        return found.digest()
    for field, upload in sorted(request.files.items(multi=True), key=lambda item: item[1].filename or ""):
        content = upload.read()
        upload.seek(0)
        found.update(f"{field}\n{upload.filename}\n{len(content)}\n".encode() + content)
    return found.digest()
