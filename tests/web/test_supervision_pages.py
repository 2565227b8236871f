"""The pages of supervision without scripts: every figure's page, and tasks chased from their list."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.actions.views import CaseView
from tests.builders import Office
from tests.web.conftest import Visitor, hidden_fields, open_one

PLACES = ("", "/forecast", "/emergency", "/load", "/trends", "/means", "/cases", "/tasks")


@pytest.mark.parametrize("place", PLACES)
def test_a_page_of_supervision_is_drawn(visit: Callable[[str], Visitor], case: CaseView, place: str) -> None:
    leader = visit("leader")
    assert leader.see(f"/supervision{place}").count("<h1") == 1
    leader.in_english()
    assert leader.see(f"/supervision{place}").count("<h1") == 1


def test_lists_call_a_process_by_its_name(visit: Callable[[str], Visitor], case: CaseView) -> None:
    leader = visit("leader")
    for place in ("/cases", "/tasks"):
        page = leader.see(f"/supervision{place}?process=visit")
        assert case.number in page
        assert case.process_name in page


def test_chasing_shows_first_what_would_happen(visit: Callable[[str], Visitor], now: Office) -> None:
    case, leader = open_one(now), visit("leader")
    asked = leader.send("/supervision/tasks", {"act": "chase", "task": case.tasks[0].id, "back": "/work"})
    form = dict(hidden_fields(asked.partition("<h1>")[2]))
    dry = leader.send("/supervision/tasks", {**form, "note": "请今日办结。"})
    assert "可办 1 项，不能办 0 项。尚未改动任何内容。" in dry
    done = leader.send("/supervision/tasks", dict(hidden_fields(dry.partition("<h1>")[2])))
    assert "已办 1 项，未办 0 项。" in done
