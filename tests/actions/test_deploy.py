"""Deployments: versions by content, all or nothing, and cases bound to exact bytes."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from engine.actions.deploy import deploy
from engine.actions.open_case import open_case
from engine.actions.read_definitions import get_definition, list_definitions, list_versions
from engine.actions.retry_incident import retry_incident
from engine.errors import (
    AnswersError,
    ConflictError,
    DeploymentError,
    ForbiddenError,
    InputError,
    NotFoundError,
)
from tests.builders import THREE_STEPS, TOWN, Office, bpmn, end, script, start, user

ONE = bpmn("one", start() + user("a") + end(), "begin>a a>done")
ONE_LATER = bpmn("one", start() + user("a") + user("b") + end(), "begin>a a>b b>done")


def test_the_same_content_keeps_its_version_and_changed_content_gets_the_next(office: Office) -> None:
    with office.database.write() as tx:
        first = deploy(tx, files={"one.bpmn": ONE}, actor=office.who("designer"), at=office.now)
        again = deploy(
            tx,
            files={"renamed.bpmn": ONE.replace(b"><", b">\n  <")},
            actor=office.who("designer"),
            at=office.now,
        )
        later = deploy(tx, files={"one.bpmn": ONE_LATER}, actor=office.who("designer"), at=office.now)
        back = deploy(tx, files={"one.bpmn": ONE}, actor=office.who("designer"), at=office.now)
    assert [d.definitions[0].version for d in (first, again, later, back)] == [1, 1, 2, 1]
    assert [d.changed for d in (first, again, later, back)] == [True, False, True, True]
    with office.database.read() as tx:
        versions = list_versions(tx, key="one", actor=office.who("designer"))
        assert [(v.version, v.current) for v in versions] == [(2, False), (1, True)]
        assert [d.key for d in list_definitions(tx, actor=office.who("officer"))] == ["one"]
        assert get_definition(tx, key="one", version=2, actor=office.who("designer")).bpmn == ONE_LATER


def test_a_running_case_keeps_the_bytes_it_began_with(office: Office) -> None:
    office.deploy(one_bpmn=ONE)
    old = office.open("one")
    office.deploy(one_bpmn=ONE_LATER)
    office.database.kept.clear()
    assert office.complete(old, "a").status == "completed"
    assert office.complete(office.open("one"), "a").tasks[0].element_id == "b"
    pinned = office.act(open_case, process="one", region=TOWN, answers={}, version=1)
    assert office.complete(pinned, "a").status == "completed"


def test_one_bad_file_refuses_the_whole_bundle_and_changes_nothing(office: Office) -> None:
    bad = bpmn("two", start() + '<bpmn:transaction id="odd" name="奇怪"/>' + end(), "begin>odd odd>done")
    with pytest.raises(DeploymentError) as refused:
        office.deploy(one_bpmn=ONE, two_bpmn=bad)
    assert any(error.pointer == "#odd" and "奇怪" in error.zh for error in refused.value.errors)
    with office.database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM definitions")).scalar_one() == 0
        assert tx.execute(text("SELECT count(*) FROM deployments")).scalar_one() == 0


def test_only_designers_deploy(office: Office) -> None:
    with office.database.write() as tx, pytest.raises(ForbiddenError):
        deploy(tx, files={"one.bpmn": ONE}, actor=office.who("officer"), at=office.now)


def test_opening_names_what_is_wrong(office: Office) -> None:
    office.deploy(three_bpmn=THREE_STEPS)

    def attempt(**changes: object) -> None:
        by = changes.pop("by", "officer")
        office.act(open_case, str(by), **{"process": "three-steps", "region": TOWN, "answers": {}, **changes})

    for error, changes in (
        (NotFoundError, {"process": "no-such"}),
        (NotFoundError, {"version": 9}),
        (InputError, {"region": "999999"}),
        (ForbiddenError, {"region": "350426"}),
        (ForbiddenError, {"by": "designer"}),
        (InputError, {"business_key": "x" * 300}),
        (AnswersError, {"answers": {"x": "y" * 300_000}}),
        (AnswersError, {"answers": {"x": float("nan")}}),
    ):
        with pytest.raises(error):
            attempt(**changes)
    with office.database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM cases")).scalar_one() == 0


def test_an_incident_is_repaired_with_variables_and_the_case_goes_on(office: Office) -> None:
    nodes = start() + user("ask") + script("look", "parameter(key)", "rate") + user("next") + end()
    office.deploy(fix_bpmn=bpmn("fix", nodes, "begin>ask ask>look look>next next>done"),
                  p_yaml="parameters:\n  - key: real\n    title: {zh: 真, en: real}\n    unit: workdays\n"
                         "    values: [{from: 2020-01-01, value: 3, source: 甲}]\n".encode())  # fmt: skip
    case = office.complete(office.open("fix"), "ask", key="wrong")
    with office.database.read() as tx:
        incident_id = tx.execute(text("SELECT id FROM incidents")).scalar_one()
    with pytest.raises(ForbiddenError):
        office.act(retry_incident, incident_id=incident_id, variables=None)
    still = office.act(retry_incident, "admin", incident_id=incident_id, variables={"key": "also wrong"})
    assert still.status == "incident"
    with office.database.read() as tx:
        assert tx.execute(text("SELECT attempts, closed_at FROM incidents")).one() == (2, None)
    case = office.act(retry_incident, "admin", incident_id=incident_id, variables={"key": "real"})
    assert (case.status, case.tasks[0].element_id) == ("active", "next")
    with pytest.raises(ConflictError, match="admin"):
        office.act(retry_incident, "admin", incident_id=incident_id, variables=None)
