"""Comments and mentions over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.api.conftest import Caller
from tests.api.refusals import assert_refused


def test_a_comment_reaches_whom_it_mentions(
    officer: Caller, sign_in: Callable[[str], Caller], case: dict[str, Any]
) -> None:
    path = f"/cases/{case['id']}/comments"
    said = officer.post(path, {"text": "请 @leader 看一下"})
    assert said.status_code == 201
    assert said.get_json()["mentions"] == ["leader"]
    assert officer.get(path).get_json()["items"] == [said.get_json()]
    (found,) = sign_in("leader").get("/mentions").get_json()["items"]
    assert found["comment"] == said.get_json()
    assert (found["case_number"], found["seen_at"]) == (case["number"], None)


def test_a_comment_that_mentions_nobody_known_is_refused(officer: Caller, case: dict[str, Any]) -> None:
    response = officer.post(f"/cases/{case['id']}/comments", {"text": "@nobody"})
    assert_refused(response, 422, "invalid-input")
    assert response.get_json()["errors"][0]["pointer"] == "/text"
