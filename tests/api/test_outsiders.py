"""No refusal tells an outsider whether a case exists: over every route that takes an id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from api.endpoint import OPERATIONS, Operation
from engine.actions.tokens import create_token
from engine.clocks import wall
from engine.store import people
from engine.store.db import Database
from engine.store.ids import new_id, show_id
from tests import notice_files
from tests.api.bundles import GOOD_ANSWERS
from tests.api.conftest import Caller
from tests.builders import bpmn, end, script, start, user

_IDS = re.compile(r"{(case_id|task_id|incident_id|attachment_id|notice_id)}")
GUARDED = [operation for operation in OPERATIONS if _IDS.search(operation.path)]
ROLES = ("town.officer", "town.leader", "county.officer", "county.supervisor", "county.coordinator", "admin")


@dataclass(frozen=True, slots=True)
class Office:
    """What exists in one county, and everybody who has no business there."""

    ids: dict[str, list[str]]
    number: str
    outsiders: list[Caller]


@pytest.fixture
def office(officer: Caller, designer: Caller, nobody: Caller, visit: str, api_database: Database) -> Office:
    failing = start() + user("ask") + script("fail", "limit(missing)", "rate") + end()
    files: dict[str, bytes | str] = {"bad.bpmn": bpmn("bad", failing, "begin>ask ask>fail fail>done")}
    assert designer.deploy(files).status_code == 201
    new = {"process": visit, "region": "350481100", "answers": {}}
    opened = officer.post("/cases", new).get_json()
    task = opened["tasks"][0]
    done = officer.post(f"/tasks/{task['id']}/complete", {"answers": GOOD_ANSWERS}).get_json()
    bad = officer.post("/cases", {**new, "process": "bad"}).get_json()
    failed = officer.post(f"/tasks/{bad['tasks'][0]['id']}/complete", {"answers": {"missing": "no.such"}})
    assert failed.get_json()["status"] == "incident"
    attached = officer.upload(f"/cases/{opened['id']}/attachments", "a.txt", "收入证明".encode())
    assert attached.status_code == 201, attached.text
    named = {".".join(name.rsplit("_", 1)): data for name, data in notice_files.FILES.items()}
    assert designer.deploy(named).status_code == 201  # type: ignore[arg-type]
    helped = officer.post("/cases", {**new, "process": "help", "answers": notice_files.ANSWERS}).get_json()
    told = officer.get(f"/cases/{helped['id']}/notices").get_json()["items"]
    with api_database.write() as tx:
        people.add_account(tx, username="afar", name="远", name_en="Afar", password_hash="-")
        for role in ROLES:
            people.add_position(tx, username="afar", role=role, region="350426", valid_from=wall.now().date())
        actor = people.find_actor(tx, "afar", wall.now().date())
        assert actor is not None
        token, _ = create_token(tx, name="tests", actor=actor, at=wall.now())
    with api_database.read() as tx:
        incident = tx.exec_driver_sql("SELECT id FROM incidents").scalar_one()
    ids = {
        "case_id": [opened["id"], bad["id"]],
        "task_id": [task["id"], done["tasks"][0]["id"]],
        "incident_id": [show_id(incident)],
        "notice_id": [told[0]["id"]],
        "attachment_id": [attached.get_json()["id"]],
    }
    return Office(ids, opened["number"], [Caller(nobody.http, token), designer, nobody])


def _bodies(operation: Operation) -> list[Any]:
    if operation.body is None:
        return [None]
    extra: Any = operation.body.model_config.get("json_schema_extra") or {}
    filled = {name: "350481" for name, field in operation.body.model_fields.items() if field.is_required()}
    return [{}, extra.get("example", filled), {"no_such_field": 1}]


def _answer(caller: Caller, operation: Operation, id_: str, body: Any, key: str) -> tuple[int, bytes, Any]:
    path = _IDS.sub(id_, operation.path.removeprefix("/api/v1")).replace("{name}", "total")
    headers = {"Idempotency_Key": key} if operation.method == "POST" else {}
    if operation.upload:
        response = caller.upload(path, "a.txt", "收入证明".encode()) if caller.token else caller.post(path)
    else:
        response = caller.call(operation.method, path, body, **headers)
    kept = [(name, value) for name, value in response.headers if name != "Date"]
    return response.status_code, response.get_data(), kept


@pytest.mark.parametrize("operation", GUARDED, ids=lambda o: f"{o.method} {o.path}")
def test_what_exists_elsewhere_answers_like_what_does_not(office: Office, operation: Operation) -> None:
    found = _IDS.search(operation.path)
    assert found is not None
    nowhere = show_id(new_id(wall.now()))
    for caller in office.outsiders:
        for body in _bodies(operation):
            missing = _answer(caller, operation, nowhere, body, "a")
            assert missing[0] in (400, 401, 403, 404, 415, 422)
            for id_ in office.ids[found[1]]:
                assert _answer(caller, operation, id_, body, "b") == missing


def test_searches_find_nothing_elsewhere(office: Office) -> None:
    nowhere = show_id(new_id(wall.now()))
    pairs = [
        (f"/tasks?case_id={office.ids['case_id'][0]}", f"/tasks?case_id={nowhere}"),
        (f"/cases?number={office.number}", "/cases?number=2026-350481100-999999"),
        (f"/cases?text={office.number[-6:]}", "/cases?text=999999"),
        ("/cases?region=350481100", "/cases?region=350481103"),
    ]
    for caller in office.outsiders:
        for real, unreal in pairs:
            assert caller.get(real).get_data() == caller.get(unreal).get_data()


def test_every_kind_of_id_is_tried(office: Office) -> None:
    assert {found[1] for o in GUARDED if (found := _IDS.search(o.path))} == set(office.ids)
    unknown = {name for o in OPERATIONS for name in re.findall(r"{(\w+_id)}", o.path)} - set(office.ids)
    assert unknown <= {"token_id", "substitution_id", "fund_id", "draft_id", "posting_id"}, (
        "a new kind of id: is it a case's?"
    )
