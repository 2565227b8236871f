"""An incident on its page: what failed, in words; variables changed after a look; then the case goes on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from engine.actions.views import CaseView
from tests.builders import Office, bpmn, end, script, start, user
from tests.web.conftest import Visitor

NODES = start() + user("ask") + script("look", "parameter(key)", "rate") + user("next") + end()
RATE = (
    "parameters:\n  - key: real\n    title: {zh: 真, en: real}\n    unit: workdays\n"
    "    values: [{from: 2020-01-01, value: 3, source: 甲}]\n"
)


@pytest.fixture
def failed(now: Office) -> CaseView:
    """A case whose second step looks for what is not there."""
    now.deploy(fix_bpmn=bpmn("fix", NODES, "begin>ask ask>look look>next next>done"), p_yaml=RATE.encode())
    return now.complete(now.open("fix"), "ask", key="wrong")


@pytest.fixture
def repairing(visit: Callable[[str], Visitor], failed: CaseView) -> tuple[Visitor, str]:
    """The administrator, and the address of the incident's acts."""
    admin = visit("admin")
    shown = admin.see("/admin/incidents")
    found = re.search(r"/admin/incidents\?incident=(\w+)", shown)
    assert found is not None
    return admin, f"/admin/incidents/{found[1]}"


def fields(page: str) -> dict[str, list[str]]:
    """The variables of the form as a browser would send them back."""
    names = re.findall(r'name="variable" value="([^"]*)"', page)
    values = re.findall(r'name="value" value="([^"]*)"', page)
    return {"variable": names, "value": values}


def test_variables_change_only_when_confirmed(
    repairing: tuple[Visitor, str], now: Office, failed: CaseView
) -> None:
    admin, base = repairing
    form = fields(admin.send(f"{base}/repair", {}))
    assert (form["variable"], form["value"]) == (["key"], ["wrong"])
    asked = admin.send(f"{base}/repair", {**form, "value": ["real"], "stage": "check"})
    assert "wrong" in asked
    assert now.look(failed).status == "incident"
    admin.send(f"{base}/repair", {**form, "value": ["real"], "stage": "run"})
    after = now.look(failed)
    assert (after.status, after.tasks[0].element_id) == ("active", "next")
    assert "wrong" not in admin.see("/admin/incidents")


def test_nothing_changed_and_bad_values_are_told(repairing: tuple[Visitor, str], now: Office) -> None:
    admin, base = repairing
    form = fields(admin.send(f"{base}/repair", {}))
    admin.send(f"{base}/repair", {**form, "stage": "check"}, status=422)
    more = {"name": "rate", "new_value": "three", "stage": "check"}
    assert 'id="f-new_value-fault"' in admin.send(f"{base}/repair", {**form, **more}, status=422)


def test_a_retry_that_fails_again_says_so(
    repairing: tuple[Visitor, str], now: Office, failed: CaseView
) -> None:
    admin, base = repairing
    assert failed.number in admin.send(f"{base}/retry", {})
    assert now.look(failed).status == "incident"


def test_who_may_not_repair_sees_no_variables(
    repairing: tuple[Visitor, str], visit: Callable[[str], Visitor]
) -> None:
    _admin, base = repairing
    shown = visit("officer").see(f"/admin/incidents?incident={base.rsplit('/', 1)[1]}")
    assert f"{base}/retry" not in shown
    visit("officer").send(f"{base}/retry", {}, status=403)
