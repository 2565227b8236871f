"""People's numbers over HTTP, in logs and on the command line."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.logs import configure_logs
from api.redaction import mask_numbers
from tests.api.conftest import Caller
from tests.people_forms import (
    ANSWERS,
    APPLICATION,
    APPLY_FILES,
    CARD,
    CARE,
    CARE_FORM,
    MOBILE,
    NUMBERS,
    id_number,
)

AIDFLOW = Path(sys.executable).with_name("aidflow")


@pytest.fixture
def case(officer: Caller, designer: Caller) -> dict[str, Any]:
    """A case that holds numbers, as it stands after the application."""
    assert designer.deploy({"care.bpmn": CARE, "care.form": CARE_FORM}).status_code == 201
    opened = officer.post("/cases", {"process": "care", "region": "350481100", "answers": {}}).get_json()
    done = officer.post(f"/tasks/{opened['tasks'][0]['id']}/complete", {"answers": ANSWERS})
    assert done.status_code == 200, done.text
    found: dict[str, Any] = done.get_json()
    return found


def test_no_answer_shows_a_number(case: dict[str, Any], sign_in: Callable[[str], Caller]) -> None:
    leader = sign_in("leader")
    task = case["tasks"][0]["id"]
    draft = {"answers": {"id_number": id_number(), "phone": MOBILE, "account": CARD}}
    pages = [
        leader.post(f"/tasks/{task}/draft", draft),
        leader.get(f"/tasks/{task}"),
        leader.get(f"/cases/{case['id']}/history"),
        leader.get(f"/cases/{case['id']}"),
        leader.get("/cases"),
        leader.get("/tasks"),
    ]
    for page in pages:
        assert page.status_code == 200, page.text
        assert not [number for number in NUMBERS if number in page.text]
    assert pages[1].get_json()["known"]["phone"] == "138****0000"
    assert pages[1].get_json()["draft"]["account"] == f"**** **** **** {CARD[-4:]}"


def test_form_sent_back_as_it_was_shown_is_accepted(
    case: dict[str, Any], sign_in: Callable[[str], Caller]
) -> None:
    leader = sign_in("leader")
    shown = leader.get(f"/tasks/{case['tasks'][0]['id']}").get_json()
    body = {"answers": shown["known"], "seen_version": shown["version"]}
    assert leader.post(f"/tasks/{shown['id']}/complete", body).status_code == 200
    revealed = leader.post(f"/cases/{case['id']}/reveal", {"fields": ["phone"], "reason": "核实"})
    assert revealed.get_json() == {"values": {"phone": MOBILE}}


def test_mask_that_fits_nothing_is_refused_by_field(
    case: dict[str, Any], sign_in: Callable[[str], Caller]
) -> None:
    leader = sign_in("leader")
    body = {"answers": {**ANSWERS, "phone": "139****9999"}}
    refused = leader.post(f"/tasks/{case['tasks'][0]['id']}/complete", body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/phone"]


@pytest.mark.parametrize("number", [MOBILE, CARD, id_number(), id_number(3, "20150601")])
def test_person_is_found_by_exact_number(
    case: dict[str, Any], sign_in: Callable[[str], Caller], number: str
) -> None:
    found = sign_in("county").get(f"/cases?person={number}")
    assert [item["id"] for item in found.get_json()["items"]] == [case["id"]]
    nobody_has_it = sign_in("officer").get("/cases?person=13899999999")
    assert nobody_has_it.get_json()["items"] == []

    audit = sign_in("admin").get("/audit?kind=person_searched").get_json()["items"]
    assert len(audit) == 2
    assert number not in json.dumps(audit)


def test_search_needs_the_permission_and_a_whole_number(sign_in: Callable[[str], Caller]) -> None:
    assert sign_in("admin").get(f"/cases?person={MOBILE}").status_code == 403
    assert sign_in("designer").get(f"/cases?person={MOBILE}").status_code == 403
    refused = sign_in("officer").get("/cases?person=138")
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "/person"


def test_reveal_is_refused_without_reason_right_or_field(
    case: dict[str, Any], sign_in: Callable[[str], Caller], nobody: Caller
) -> None:
    path = f"/cases/{case['id']}/reveal"
    body = {"fields": ["phone"], "reason": "核实"}
    assert nobody.post(path, body).status_code == 401
    assert sign_in("officer2").post(path, body).status_code == 403
    assert sign_in("designer").post(path, body).status_code == 404
    assert sign_in("leader").post(path, {**body, "reason": "x"}).status_code == 422
    assert sign_in("leader").post(path, {**body, "fields": ["nothing"]}).status_code == 422
    assert sign_in("leader").post(path, {**body, "fields": []}).status_code == 422


def test_every_look_is_recorded_even_with_the_same_idempotency_key(
    case: dict[str, Any], sign_in: Callable[[str], Caller]
) -> None:
    leader = sign_in("leader")
    body = {"fields": ["phone", "members.member_id"], "reason": "核对身份"}
    for _ in range(2):
        seen = leader.post(f"/cases/{case['id']}/reveal", body, Idempotency_Key="one")
        assert seen.get_json()["values"]["phone"] == MOBILE
    history = leader.get(f"/cases/{case['id']}/history").get_json()["items"]
    looks = [row for row in history if row["kind"] == "data_revealed"]
    assert [(row["actor"], row["data"]["reason"]) for row in looks] == [("leader", "核对身份")] * 2
    audit = sign_in("admin").get("/audit?kind=data_revealed").get_json()["items"]
    assert len(audit) == 2


def test_logs_mask_numbers_in_messages_and_exceptions(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        configure_logs()
        try:
            raise ValueError(f"bad answers {NUMBERS}")
        except ValueError:
            logging.getLogger("aidflow.test").exception("case of %s failed", id_number())
        logged = capsys.readouterr().err
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    assert "ValueError" in logged
    assert not [number for number in NUMBERS if number in logged]


def test_a_log_line_keeps_what_is_no_persons_number() -> None:
    line = "case 01k5q3v9w2xyz task 9007199254740993 took 12 ms at 2026-11-24T10:00:00"
    assert mask_numbers(line) == line


def test_command_line_makes_a_key_rotates_and_says_when_it_is_missing(tmp_path: Path) -> None:
    def aidflow(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [AIDFLOW, *arguments, "--data", str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert aidflow("db", "upgrade").returncode == 0
    path = tmp_path / "keys.json"
    assert path.stat().st_mode & 0o777 == 0o600
    (first,) = (line.split()[0] for line in aidflow("keys", "list").stdout.splitlines())
    rotated = aidflow("keys", "rotate", "--index")
    assert rotated.returncode == 0, rotated.stderr
    assert first not in rotated.stdout
    assert aidflow("keys", "retire", first).returncode == 0
    assert first not in aidflow("keys", "list").stdout
    path.unlink()
    refused = aidflow("verify")
    assert refused.returncode == 1
    assert "sealed with the key" in refused.stderr
    assert not path.exists()


@pytest.mark.parametrize("name", ["林建国", "阿依古丽·买买提", "阿依古丽买买提"])
def test_person_is_found_by_whole_name(
    officer: Caller, designer: Caller, sign_in: Callable[[str], Caller], name: str
) -> None:
    files = {file.replace("_", "."): content for file, content in APPLY_FILES.items()}
    assert designer.deploy(files).status_code == 201
    body = {"process": "application", "region": "350481100", "answers": APPLICATION}
    opened = officer.post("/cases", body)
    assert opened.status_code == 201, opened.text
    found = sign_in("county").get(f"/cases?person={name}")
    assert [item["id"] for item in found.get_json()["items"]] == [opened.get_json()["id"]]
    assert officer.get("/cases?person=阿依古丽").get_json()["items"] == []
    assert officer.get("/cases?person=林").status_code == 422
    assert sign_in("designer").get(f"/cases?person={name}").status_code == 403
    audit = sign_in("admin").get("/audit?kind=person_searched").get_json()["items"]
    assert {tuple(row["data"]["kinds"]) for row in audit} == {("name",)}
    assert sorted(row["data"]["found"] for row in audit) == [0, 1]
