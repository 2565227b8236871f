"""Nothing that is secret or names a person gets into the log, whatever happens and at any level."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from api.logs import configure_logs
from api.redaction import redact
from tests.api.attachment_files import PDF
from tests.api.bundles import VISIT_BPMN, VISIT_FORM, visit_with
from tests.api.conftest import Caller

NAME = "欧阳静姝"
ID_NUMBER = "11010519491231002X"
MOBILE = "13805980001"
CARD = "6222021234567890128"
PASSWORD = "correct-horse-battery"
REASON = "家庭住址西洋镇七号"


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """What is logged inside, with everything said that there is to say."""
    root, chatty = logging.getLogger(), ("sqlalchemy", "urllib3", "authlib", "alembic", "apscheduler")
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in chatty}
    logged = io.StringIO()
    try:
        with redirect_stderr(logged):
            configure_logs(logging.DEBUG)
            yield logged
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name in chatty:
            logging.getLogger(name).setLevel(levels[name])
        logging.raiseExceptions = raising
        structlog.reset_defaults()


def test_a_day_at_the_office_leaves_no_value_in_the_log(
    http: FlaskClient, officer: Caller, designer: Caller, tmp_path: Path
) -> None:
    with everything_logged() as log:
        secrets = (
            *_a_day(http, officer, designer, tmp_path),
            NAME,
            ID_NUMBER,
            MOBILE,
            CARD,
            PASSWORD,
            REASON,
        )
    logged = log.getvalue()
    assert "attachment-unreadable" in logged or "BlobFault" in logged
    assert [value for value in secrets if value in logged] == []


def _a_day(http: FlaskClient, officer: Caller, designer: Caller, tmp_path: Path) -> tuple[str, ...]:
    """Work that succeeds, is refused and fails; returns the secrets that came up on the way."""
    failing = visit_with("=income / household_size &lt; 76000", '=number("no " + id_number) &lt; 1')
    designer.deploy({"visit.bpmn": VISIT_BPMN, "visit_answers.form": VISIT_FORM})
    designer.deploy({"visit.bpmn": failing, "visit_answers.form": VISIT_FORM})
    browser = http.application.test_client()
    browser.post("/api/v1/session", json={"username": "officer", "password": PASSWORD})
    signed_in = browser.post("/api/v1/session", json={"username": "officer", "password": "aidflow-demo"})
    cookie = signed_in.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
    token = officer.post("/tokens", {"name": "nightly"}).get_json()["token"]
    opened = officer.post("/cases", {"process": "visit", "region": "350481100"}).get_json()
    answers = {"applicant": NAME, "id_number": ID_NUMBER, "household_size": 1, "income": 0}
    task = f"/tasks/{opened['tasks'][0]['id']}"
    for path, body in (
        (f"{task}/draft", {"answers": answers}),
        (f"{task}/complete", {"answers": {**answers, "phone": MOBILE, "card": CARD}}),
        (f"{task}/complete", {"answers": answers}),
        (f"/cases/{opened['id']}/messages", {"name": "paid", "payload": {"card": CARD, "to": NAME}}),
        (f"/cases/{opened['id']}/withdraw", {"reason": REASON}),
        ("/cases", {"process": MOBILE, "region": "350481100"}),
    ):
        Caller(http, token).post(path, body)
    officer.get(f"/cases?text={ID_NUMBER}")
    waiting = officer.upload("/attachments", f"{NAME}{ID_NUMBER}.pdf", PDF).get_json()
    for path in (tmp_path / "attachments").rglob("*"):
        if path.is_file():
            path.unlink()
    assert officer.get(f"/attachments/{waiting['id']}").status_code == 500
    return cookie, token, str(officer.token), "aidflow-demo"


def test_fault_with_a_number_in_its_message_is_logged_without_it() -> None:
    with everything_logged() as log:
        try:
            raise ValueError(f"{ID_NUMBER} and {MOBILE} do not fit {CARD}")
        except ValueError:
            logging.getLogger("aidflow.test").exception("task of %s failed", MOBILE)
            structlog.get_logger("aidflow.test").exception("failed", answers={"name": NAME}, who=MOBILE)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert len(lines) == 2
    assert all("ValueError" in line["exception"] for line in lines)
    assert lines[1]["answers"] == "[redacted]"
    assert not [value for value in (ID_NUMBER, MOBILE, CARD, NAME) if value in json.dumps(lines)]


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer s3cr3t-t0ken-value",
        "Basic czNjcjN0LXQwa2VuLXZhbHVl",
        "Cookie: aidflow_session=s3cr3t-t0ken-value; theme=dark",
        "could not connect to postgresql://aidflow:s3cr3t-t0ken-value@db/aidflow",  # pragma: allowlist secret
        "GET /api/v1/sso/callback?code=s3cr3t-t0ken-value&state=x",
        "id_token eyJhbGciOiJSUzI1NiJ9.s3cr3t-t0ken-value.sig",
        "$argon2id$v=19$m=19456,t=2,p=1$s3cr3t-t0ken-value",
    ],
)
def test_secrets_are_known_by_their_shape(text: str) -> None:
    shown = redact(None, "info", {"event": text})["event"]
    assert "[redacted]" in shown
    assert "s3cr3t" not in shown
    assert "czNjcjN0" not in shown


@pytest.mark.parametrize(
    "name", ["password", "X-Api-Key", "set_cookie", "Authorization", "id_number", "answers"]
)
def test_secrets_are_known_by_their_name_at_any_depth(name: str) -> None:
    shown = redact(None, "info", {"event": "x", "data": {"list": [{name: "abc"}], name: {"inner": 1}}})
    assert shown["data"] == {"list": [{name: "[redacted]"}], name: "[redacted]"}


def test_what_operators_need_is_kept() -> None:
    line = {
        "event": "POST /api/v1/tasks/0sb2mgdvbkyvt/complete failed",
        "case": "0sb2mgdvbkyvt",
        "number": "2026-350481-000123",
        "timestamp": "2026-11-24T22:54:05.123456Z",
        "count": 12,
        "hash": "a3" * 32,
    }
    assert redact(None, "info", dict(line)) == line


@given(st.recursive(st.text() | st.integers() | st.binary() | st.none(), lambda inner: st.lists(inner)))
def test_redaction_takes_anything(value: Any) -> None:
    json.dumps(redact(None, "info", {"event": value}))
