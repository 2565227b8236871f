"""A case opens others, hears how they end, and speaks to those that belong to it; the record proves it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from sqlalchemy import text

from engine.actions.inside import INSIDE
from engine.actions.inside_job import LETTER, TYPES
from engine.actions.links import LinkView, list_links
from engine.actions.verify import verify
from engine.actions.views import CaseView
from engine.actions.withdraw_case import withdraw_case
from engine.store.ids import read_id
from tests.builders import Office, bpmn, choice, end, send, start, user

NOW = timedelta(0)
TOWN, COUNTY, OTHER_TOWN = "350481100", "350481", "350481101"


def job(id_: str, type_: str, tag: str = "serviceTask", **inputs: str) -> str:
    """A service or send task with inputs in FEEL."""
    rows = "".join(
        f"<zeebe:input source={quoteattr('=' + v)} target={quoteattr(k)}/>" for k, v in inputs.items()
    )
    mapping = f"<zeebe:ioMapping>{rows}<zeebe:output source='=case_id' target='child'/></zeebe:ioMapping>"
    if tag == "sendTask" or type_ != "open-case":
        mapping = f"<zeebe:ioMapping>{rows}</zeebe:ioMapping>"
    return (
        f'<bpmn:{tag} id="{id_}"><bpmn:extensionElements><zeebe:taskDefinition type="{type_}"/>{mapping}'
        f"</bpmn:extensionElements></bpmn:{tag}>"
    )


def catch(id_: str, message: str) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{id_}"><bpmn:messageEventDefinition messageRef="m_{message}"/>'
        "</bpmn:intermediateCatchEvent>"
    )


def message(name: str, key: str) -> str:
    return (
        f'<bpmn:message id="m_{name}" name="{name}"><bpmn:extensionElements>'
        f"<zeebe:subscription correlationKey={quoteattr('=' + key)}/></bpmn:extensionElements></bpmn:message>"
    )


FORM = json.dumps(
    {
        "id": "child-start", "type": "default", "schemaVersion": 16,
        "components": [
            {"id": "f1", "type": "textfield", "key": "name", "label": "姓名", "validate": {"required": True}},
            {"id": "f2", "type": "textfield", "key": "level", "label": "级别"},
        ],
    }
).encode()  # fmt: skip

CHILD = bpmn(
    "child",
    '<bpmn:startEvent id="begin"><bpmn:extensionElements><zeebe:formDefinition formId="child-start"/>'
    "</bpmn:extensionElements></bpmn:startEvent>" + user("work") + end(outcome="granted"),
    "begin>work work>done",
    {"result": '{said: "for " + name}'},
)

PARENT = bpmn(
    "parent",
    start()
    + job("open", "open-case", process='"child"', answers="given", region="where", link='"aid"')
    + catch("hear", "case-ended")
    + end()
    + '<bpmn:boundaryEvent id="no" attachedToRef="open"><bpmn:errorEventDefinition errorRef="e"/>'
    "</bpmn:boundaryEvent>" + user("correct"),
    "begin>open open>hear hear>done no>correct correct>open",
    outside=message("case-ended", "child") + '<bpmn:error id="e" errorCode="case-refused"/>',
)


@pytest.fixture
def linked(office: Office) -> Office:
    office.deploy(parent_bpmn=PARENT, child_bpmn=CHILD, child_form=FORM)
    return office


def links_of(office: Office, case: CaseView | LinkView, by: str = "officer") -> tuple[LinkView, ...]:
    with office.database.read() as tx:
        return list_links(tx, case_id=read_id(case.id), actor=office.who(by))


def opened_by(office: Office, case: CaseView) -> CaseView:
    with office.database.read() as tx:
        found = list_links(tx, case_id=read_id(case.id), actor=office.who("system"))
    child = next(link for link in found if link.opened)
    office.now += NOW
    return office.look(child)  # type: ignore[arg-type]


def problems(office: Office) -> list[str]:
    with office.database.read() as tx:
        return [str(fault) for fault in verify(tx, at=office.now).problems]


def test_the_types_a_diagram_may_ask_for_are_those_that_are_handled() -> None:
    assert {*TYPES, LETTER} == INSIDE.keys()


def test_a_case_opens_another_and_goes_on_when_that_one_ends(linked: Office) -> None:
    parent = linked.open("parent", given={"name": "王"}, where=TOWN)
    linked.advance(NOW)
    child = opened_by(linked, parent)
    assert (child.process, child.status, child.region) == ("child", "active", TOWN)
    assert linked.look(parent).status == "active"
    linked.complete(child, "work")
    linked.advance(NOW)
    ended = linked.look(parent)
    assert ended.status == "completed"
    told = linked.history(parent)[-1].data
    assert told["payload"] == {
        "ended": {
            "id": child.id, "number": child.number, "process": "child", "status": "completed",
            "outcome": "granted", "result": {"said": "for 王"},
        }
    }  # fmt: skip
    assert told["from"] == child.id
    assert problems(linked) == []


def test_both_histories_name_the_other_case(linked: Office) -> None:
    parent = linked.open("parent", given={"name": "王"}, where=TOWN)
    linked.advance(NOW)
    child = opened_by(linked, parent)
    assert linked.history(child)[0].data["opener"] == [parent.id, "aid"]
    assert linked.history(parent)[-1].data["links"] == [[child.id, "aid"]]
    assert [(link.id, link.opened, link.link) for link in links_of(linked, child)] == [
        (parent.id, False, "aid")
    ]


def test_a_withdrawn_case_is_told_of_too(linked: Office) -> None:
    parent = linked.open("parent", given={"name": "王"}, where=TOWN)
    linked.advance(NOW)
    child = opened_by(linked, parent)
    linked.act(withdraw_case, case_id=read_id(child.id), reason="改变主意")
    linked.advance(NOW)
    said = linked.history(parent)[-1].data["payload"]["ended"]
    assert (said["status"], said["outcome"], said["result"]) == ("withdrawn", None, None)
    assert linked.look(parent).status == "completed"


def test_refused_answers_are_an_error_that_the_process_catches_and_open_nothing(linked: Office) -> None:
    parent = linked.open("parent", given={"level": "三级"}, where=TOWN)
    linked.advance(NOW)
    assert [task.element_id for task in linked.look(parent).tasks] == ["correct"]
    assert links_of(linked, parent) == ()
    linked.complete(parent, "correct", given={"name": "王"})
    linked.advance(NOW)
    child = opened_by(linked, parent)
    assert child.number.endswith("-000002"), "the refused attempt has used no number up"
    assert problems(linked) == []


def test_a_case_elsewhere_is_linked_without_a_word_of_its_number_or_a_count(linked: Office) -> None:
    parent = linked.open("parent", given={"name": "王"}, where=OTHER_TOWN)
    linked.advance(NOW)
    child = opened_by(linked, parent)
    assert child.region == OTHER_TOWN
    assert links_of(linked, parent) == ()
    assert len(links_of(linked, parent, "county")) == 1
    assert linked.history(parent)[-1].data["result"]["case_number"] is None
    linked.complete(child, "work", by="officer_b") if "officer_b" in linked.people else None
    assert child.number not in json.dumps([event.data for event in linked.history(parent)])


def test_a_link_without_its_history_is_noticed_on_both_sides(linked: Office) -> None:
    first = linked.open("parent", given={"name": "王"}, where=TOWN)
    linked.advance(NOW)
    second = linked.open("parent", given={"level": "三级"}, where=TOWN)
    linked.advance(NOW)
    child = opened_by(linked, first)
    with linked.database.write() as tx:
        tx.execute(
            text("UPDATE case_links SET opener_id = :new WHERE opener_id = :old"),
            {"new": read_id(second.id), "old": read_id(first.id)},
        )
    with linked.database.read() as tx:
        found = verify(tx, at=linked.now).problems
    assert {(fault.case_id, fault.kind) for fault in found} == {
        (first.id, "link"), (second.id, "link"), (child.id, "link"),
    }  # fmt: skip


TELLER = bpmn(
    "teller",
    start()
    + choice("how")
    + job("tell", "tell-case", to="whom", message='"hello"', payload='{greeting: "hi"}')
    + job("say", "tell-case", "sendTask", to="whom", message='"hello"', payload='{greeting: "hi"}')
    + user("stay")
    + end(),
    "begin>how how>tell?waits how>say? tell>stay say>stay stay>done",
)

LISTENER = bpmn(
    "listener",
    start()
    + job("open", "open-case", process='"teller"', answers="given")
    + catch("hear", "hello")
    + user("then")
    + end(),
    "begin>open open>hear hear>then then>done",
    outside=message("hello", "null"),
)


@pytest.mark.parametrize("waits", [True, False], ids=["service task", "send task"])
def test_a_case_speaks_to_its_opener(office: Office, waits: bool) -> None:
    office.deploy(teller_bpmn=TELLER, listener_bpmn=LISTENER)
    case = office.open("listener", given={"whom": "opener", "waits": waits})
    office.advance(NOW)
    assert [task.element_id for task in office.look(case).tasks] == ["then"]
    event = office.history(case)[-1]
    assert (event.kind, event.data["message"], event.data["payload"]) == (
        "message_received", "hello", {"greeting": "hi"},
    )  # fmt: skip
    assert problems(office) == []


def test_a_case_cannot_speak_to_one_that_does_not_belong_to_it(office: Office) -> None:
    office.deploy(teller_bpmn=TELLER, listener_bpmn=LISTENER)
    stranger = office.open("teller", whom="opener", waits=True)
    case = office.open("teller", whom=stranger.id, waits=True)
    for minutes in (0, 1, 2, 4, 8):
        office.advance(timedelta(minutes=minutes))
    for one in (stranger, case):
        assert office.look(one).status == "incident"
    assert office.kinds(stranger).count("message_received") == 0
    assert problems(office) == []


def test_a_message_nobody_waits_for_changes_nothing(office: Office) -> None:
    office.deploy(teller_bpmn=TELLER, parent_bpmn=LISTENER)
    case: Any = office.open("listener", given={"whom": "opener", "waits": True})
    office.advance(NOW)
    version = office.look(case).version
    child = opened_by(office, case)
    office.complete(child, "stay")  # case-ended: the listener does not wait for it
    office.advance(NOW)
    assert office.look(case).version == version
    assert problems(office) == []


def test_a_letter_is_delivered_once_though_two_workers_have_taken_it(office: Office) -> None:
    office.deploy(teller_bpmn=TELLER, listener_bpmn=LISTENER)
    case = office.open("listener", given={"whom": "opener", "waits": True})
    office.advance(NOW)
    with office.database.write() as tx:
        tx.execute(text("UPDATE outbox SET run_at = 0 WHERE type = :type"), {"type": LETTER})
    office.advance(NOW)
    assert office.kinds(case).count("message_received") == 1


def test_a_send_task_done_inside_is_no_notice(office: Office) -> None:
    office.deploy(
        plain_bpmn=bpmn("plain", start() + send("sms", "sms") + user("x") + end(), "begin>sms sms>x x>done")
    )
    office.deploy(teller_bpmn=TELLER, listener_bpmn=LISTENER)
    office.open("listener", given={"whom": "opener", "waits": False})
    office.advance(NOW)
    with office.database.read() as tx:
        kinds = {row.type: row.kind for row in tx.execute(text("SELECT type, kind FROM outbox"))}
    assert kinds["tell-case"] == kinds["open-case"] == "job"
