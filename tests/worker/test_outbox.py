"""What the outbox promises is kept: by a handler, by the record, again after a crash, or by a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from engine.actions.retry_incident import retry_incident
from engine.effects import BusinessError, Effect, Effects
from engine.worker import Worker
from tests.builders import TUESDAY, Office, bpmn, end, send, service, start, user

HOUR = timedelta(hours=1)

ASK_BANK = bpmn(
    "ask-bank",
    start() + service("bank", "check-bank", retries="3") + user("read") + end(),
    "begin>bank bank>read read>done",
)


def test_a_service_task_waits_for_its_handler_and_takes_its_result(office: Office) -> None:
    seen: list[Effect] = []

    def bank(effect: Effect) -> Mapping[str, Any]:
        seen.append(effect)
        return {"balance": 1200}

    office.deploy(bank_bpmn=ASK_BANK)
    case = office.open("ask-bank", account="6222")
    office.advance(timedelta(0), Effects({"check-bank": bank}))
    assert [task.element_id for task in office.look(case).tasks] == ["read"]
    assert seen[0].payload["variables"] == {"account": "6222"}
    last = office.history(case)[-1]
    assert (last.kind, last.data["result"]) == ("job_finished", {"balance": 1200})


def test_a_job_without_a_handler_goes_to_the_record(office: Office) -> None:
    office.deploy(bank_bpmn=ASK_BANK)
    case = office.open("ask-bank")
    office.advance(timedelta(0))
    assert office.history(case)[-1].data["sink"] == "record"
    with office.database.read() as tx:
        assert tx.execute(text("SELECT sink, finished_at IS NULL FROM outbox")).one() == ("record", 0)


def test_a_failing_handler_is_tried_again_later_and_later_and_then_becomes_an_incident(
    office: Office,
) -> None:
    tried: list[datetime] = []

    def bank(effect: Effect) -> Mapping[str, Any]:
        tried.append(office.now)
        raise ConnectionError("no route to the bank")

    effects = Effects({"check-bank": bank})
    office.deploy(bank_bpmn=ASK_BANK)
    case = office.open("ask-bank")
    for _ in range(10):
        office.advance(timedelta(minutes=1), effects)
    assert [(at - TUESDAY) // timedelta(minutes=1) for at in tried] == [1, 2, 4]
    assert office.look(case).status == "incident"

    bank_works = Effects({"check-bank": lambda effect: {"balance": 0}})
    with office.database.read() as tx:
        incident_id = tx.execute(text("SELECT id FROM incidents WHERE closed_at IS NULL")).scalar_one()
    office.act(retry_incident, "admin", incident_id=incident_id, variables=None)
    office.advance(timedelta(0), bank_works)
    case = office.look(case)
    assert (case.status, case.tasks[0].element_id) == ("active", "read")


def test_an_error_that_the_process_catches_is_no_incident(office: Office) -> None:
    def bank(effect: Effect) -> Mapping[str, Any]:
        raise BusinessError("NO_ACCOUNT", "the account does not exist")

    catch = (
        '<bpmn:boundaryEvent id="unknown" attachedToRef="bank"><bpmn:errorEventDefinition errorRef="e"/>'
        "</bpmn:boundaryEvent>"
    )
    nodes = (
        start() + service("bank", "check-bank") + catch + user("read") + user("ask") + end() + end("asked")
    )
    flows = "begin>bank bank>read read>done unknown>ask ask>asked"
    error = '<bpmn:error id="e" name="no account" errorCode="NO_ACCOUNT"/>'
    office.deploy(bank_bpmn=bpmn("ask-bank", nodes, flows, outside=error))
    case = office.open("ask-bank")
    office.advance(timedelta(0), Effects({"check-bank": bank}))
    assert [task.element_id for task in office.look(case).tasks] == ["ask"]


def test_a_repeated_delivery_changes_nothing(office: Office) -> None:
    """A worker that dies after the handler's work loses its lease; the next one repeats the effect."""
    calls: list[Effect] = []

    def bank(effect: Effect) -> Mapping[str, Any]:
        calls.append(effect)
        if len(calls) == 1:
            # Another worker takes the item once this one's lease is over, while we are still at it.
            Worker(office.database, Effects({"check-bank": bank})).run_due(office.now + HOUR)
        return {"answer": len(calls)}

    office.deploy(bank_bpmn=ASK_BANK)
    case = office.open("ask-bank")
    office.advance(timedelta(0), Effects({"check-bank": bank}))
    assert calls[0].id == calls[1].id
    assert office.kinds(case) == ["case_opened", "job_finished"]
    assert office.history(case)[-1].data["result"] == {"answer": 2}


def test_a_notice_is_promised_with_the_step_and_delivered_after_it(office: Office) -> None:
    sent: list[Effect] = []

    def sms(effect: Effect) -> None:
        sent.append(effect)

    office.deploy(tell_bpmn=bpmn("tell", start() + send("notify", "sms") + user("work") + end(),
                                 "begin>notify notify>work work>done"))  # fmt: skip
    case = office.open("tell", name="张三")
    assert office.history(case)[0].data["notices"] == ["sms"]
    assert sent == []
    office.advance(timedelta(0), Effects({"sms": sms}))
    assert [effect.payload["variables"]["name"] for effect in sent] == ["张三"]
