"""The coordination group over HTTP and on the case page: who may, what comes of it, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.conftest import Caller

ROOT = Path(__file__).parents[2]
TOWN = "350481100"
ASKED = {"question": "由谁先行救助？", "urgency": "urgent", "reason": "disagreement"}


@pytest.fixture
def case(officer: Caller, designer: Caller, visit: str) -> str:
    folder = ROOT / "processes" / "coordination"
    files: dict[str, bytes | str] = {
        path.name: path.read_bytes()
        for path in [*folder.iterdir(), *(ROOT / "forms").glob("coordination-*.form")]
        if path.is_file() and path.suffix != ".md"
    }
    assert designer.deploy(files).status_code == 201
    opened = officer.post("/cases", {"process": visit, "region": TOWN, "answers": {}})
    assert opened.status_code == 201, opened.text
    return str(opened.get_json()["id"])


def test_a_supervisor_gets_the_groups_case_and_is_refused_a_second(
    case: str, sign_in: Callable[[str], Caller], officer: Caller
) -> None:
    supervisor = sign_in("supervisor")
    made = supervisor.post(f"/cases/{case}/coordination", ASKED)
    assert made.status_code == 201, made.text
    group = made.get_json()
    assert (group["process"], group["region"]) == ("coordination", TOWN)
    (link,) = officer.get(f"/cases/{case}/links").get_json()["items"]
    assert (link["id"], link["link"], link["opened"]) == (group["id"], "coordination", True)
    again = supervisor.post(f"/cases/{case}/coordination", ASKED)
    assert (again.status_code, again.get_json()["code"]) == (409, "already-convened")


def test_an_officer_may_not_and_a_stranger_does_not_know_the_case(
    case: str, sign_in: Callable[[str], Caller], officer: Caller
) -> None:
    assert officer.post(f"/cases/{case}/coordination", ASKED).status_code == 403
    assert sign_in("designer").post(f"/cases/{case}/coordination", ASKED).status_code == 404
    assert officer.get(f"/cases/{case}/links").get_json()["items"] == []


@pytest.mark.parametrize("changed", [{"urgency": "soon"}, {"question": ""}, {"reason": None}, {"more": 1}])
def test_bad_input_names_its_field(
    case: str, sign_in: Callable[[str], Caller], changed: dict[str, object]
) -> None:
    refused = sign_in("supervisor").post(f"/cases/{case}/coordination", ASKED | changed)
    assert refused.status_code in (400, 422)
    (name,) = changed
    assert any(name in error["pointer"] for error in refused.get_json()["errors"])
