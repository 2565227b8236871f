"""Public notices carry what the law lets them, and nothing else."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from engine.actions.publication import FIELDS
from engine.actions.views import CaseView
from engine.store import outbox
from tests.builders import Office, bpmn, end, send, start
from tests.people_forms import id_number


def _publishing(variables: str) -> bytes:
    inputs = "".join(
        f"<zeebe:input source={quoteattr('=' + source)} target={quoteattr(target)}/>"
        for target, source in (pair.split("=", 1) for pair in variables.split(";"))
    )
    ending = "</bpmn:extensionElements>"
    task = send("post", "publicity").replace(ending, f"<zeebe:ioMapping>{inputs}</zeebe:ioMapping>{ending}")
    return bpmn("posting", start() + task + end(), "begin>post post>done")


def test_a_public_notice_carries_name_size_and_amount_and_nothing_else(office: Office) -> None:
    office.deploy(posting_bpmn=_publishing("name=person_name;household_size=size;amount_fen=60000"))
    case = office.open("posting", person_name="林秀英", size=3, id_number=id_number(), illness="甲状腺癌")
    (payload,) = _payloads(office, case)
    assert payload["variables"] == {"name": "林秀英", "household_size": 3, "amount_fen": 60000}
    assert payload["variables"].keys() == FIELDS.keys()


@pytest.mark.parametrize(
    "variables",
    [
        "name=person_name;household_size=size",
        f'name="林秀英 {id_number()}";household_size=size;amount_fen=1',
        'name="林秀英 13800000000";household_size=size;amount_fen=1',
        'name=person_name;household_size="三口，均患病";amount_fen=1',
    ],
)
def test_an_unfit_public_notice_is_not_sent_and_becomes_an_incident(office: Office, variables: str) -> None:
    office.deploy(posting_bpmn=_publishing(variables))
    case = office.open("posting", person_name="林秀英", size=3)
    assert _payloads(office, case) == []
    (incident,) = office.history(case)[-1].data["incidents"]
    assert incident["code"] == "unpublishable"


def _payloads(office: Office, case: CaseView) -> list[Any]:
    found = []
    with office.database.write() as tx:
        while item := outbox.lease_due(tx, office.now, 1, office.now.replace(year=2030)):
            found.append(json.loads(item.payload))
    return found
