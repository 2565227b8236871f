"""The button that puts a case to the coordination group: offered where it works, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.actions.views import CaseView
from tests.builders import Office, bpmn, end, start, user
from tests.web.conftest import Visitor

ROOT = Path(__file__).parents[2]
BUTTON = 'data-opens="convene"'
EMERGENCY = bpmn(
    "urgent",
    start() + user("pay") + end(),
    "begin>pay pay>done",
    {"clock:aid": "hours(72)", "emergency": "true"},
)
ASKED = {"question": "由谁先行救助？", "urgency": "urgent", "reason": "disagreement"}


@pytest.fixture
def group(now: Office) -> Office:
    folder = ROOT / "processes" / "coordination"
    found = [*folder.iterdir(), *(ROOT / "forms").glob("coordination-*.form")]
    now.deploy(**{path.name: path.read_bytes() for path in found if path.is_file() and path.suffix != ".md"})
    return now


@pytest.mark.parametrize(
    ("username", "offered"), [("supervisor", True), ("coordinator", True), ("officer", False)]
)
def test_it_is_offered_to_those_who_may(
    group: Office, case: CaseView, visit: Callable[[str], Visitor], username: str, offered: bool
) -> None:
    assert (BUTTON in visit(username).see(f"/cases/{case.id}")) is offered


def test_the_supervisor_comes_to_the_groups_case_and_is_not_offered_a_second(
    group: Office, case: CaseView, visit: Callable[[str], Visitor]
) -> None:
    supervisor = visit("supervisor")
    page = supervisor.send(f"/cases/{case.id}/coordination", ASKED)
    assert "协调小组一事一议" in page
    assert "由谁先行救助？" in page
    assert case.number in page
    source = supervisor.see(f"/cases/{case.id}")
    assert BUTTON not in source
    assert "提请协调小组一事一议" in source
    refused = supervisor.send(f"/cases/{case.id}/coordination", ASKED, status=409)
    assert "请等待议定结果" in refused


def test_a_question_left_out_is_asked_for_again(
    group: Office, case: CaseView, visit: Callable[[str], Visitor]
) -> None:
    refused = visit("supervisor").send(f"/cases/{case.id}/coordination", ASKED | {"question": ""}, status=422)
    assert "question" in refused or "问题" in refused
    assert len(group.history(case)) == 1


@pytest.mark.parametrize(("username", "offered"), [("supervisor", True), ("leader", False)])
def test_the_emergency_lane_leads_there(
    group: Office, visit: Callable[[str], Visitor], username: str, offered: bool
) -> None:
    group.deploy(urgent_bpmn=EMERGENCY)
    case = group.open("urgent")
    page = visit(username).see("/supervision/emergency")
    assert case.number in page
    assert (f'href="/cases/{case.id}#convene"' in page) is offered
