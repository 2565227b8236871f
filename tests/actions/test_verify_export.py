"""An export proves itself, masked or plain; a receipt of heads finds a record that was written anew."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import Any

import pytest

from engine.actions.export_cases import export_cases
from engine.actions.heads import compare_receipt, take_receipt
from engine.actions.verify_export import verify_export
from engine.store import audit
from engine.types import SYSTEM
from tests.builders import THREE_STEPS, Office
from tests.people_forms import CARE, CARE_FORM, id_number
from tests.tampering import drop_triggers


@pytest.fixture
def worked(office: Office) -> Office:
    office.deploy(three_bpmn=THREE_STEPS, care_bpmn=CARE, care_form=CARE_FORM)
    case = office.open("three-steps")
    for element, by in (("check", "officer"), ("visit", "officer2"), ("confirm", "leader")):
        case = office.complete(case, element, by=by)
    office.now += timedelta(minutes=1)  # so that the ids sort
    office.complete(office.open("care"), "apply", person_name="甲", id_number=id_number())
    with office.database.write() as tx:
        audit.append(tx, kind="signed_in", actor="officer", data={}, at=office.now)
    return office


def _export(office: Office, *, plain: bool) -> list[Any]:
    """As it is written to a file and read back."""
    with office.database.read() as tx:
        return [json.loads(json.dumps(case)) for case in export_cases(tx, actor=SYSTEM, plain=plain)]


@pytest.mark.parametrize("plain", [True, False])
def test_a_true_export_has_no_fault(worked: Office, plain: bool) -> None:
    exported = _export(worked, plain=plain)
    assert (id_number() in json.dumps(exported)) is plain
    report = verify_export(exported)
    assert (report.cases, report.events, report.problems) == (2, 6, ())


def test_a_masked_export_gives_no_salt_to_guess_what_is_masked(worked: Office) -> None:
    rows = [row for case in _export(worked, plain=False) for row in case["record"]]
    assert not any("salt" in row["data"] or "proof" in row["data"] for row in rows)


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize(
    ("seq", "change"),
    [
        (2, lambda case: case["record"][1].update(actor="x")),
        (2, lambda case: case["record"].pop(1)),
        (3, lambda case: case["record"].insert(2, case["record"][1])),
        (2, lambda case: case["record"][1].update(digest="00" * 32)),
        (4, lambda case: case["record"].pop()),
        (1, lambda case: case["record"].reverse()),
    ],
)
def test_a_changed_export_is_named(worked: Office, plain: bool, seq: int, change: Any) -> None:
    exported = copy.deepcopy(_export(worked, plain=plain))
    change(exported[0])
    [fault] = verify_export(exported).problems
    assert (fault.case_number, fault.kind, fault.seq) == (exported[0]["number"], "history", seq)


@pytest.mark.parametrize("name", ["status", "outcome", "region", "version", "closed_at", "process"])
def test_a_plain_export_stands_as_its_rows_say(worked: Office, name: str) -> None:
    exported = _export(worked, plain=True)
    exported[0][name] = "x"
    assert [fault.kind for fault in verify_export(exported).problems] == ["case"]


def test_what_is_no_export_is_refused(worked: Office) -> None:
    with pytest.raises(ValueError, match="entry 1"):
        verify_export([{"id": "0"}])


def test_a_receipt_holds_while_the_record_grows_and_finds_one_written_anew(worked: Office) -> None:
    with worked.database.read() as tx:
        receipt = json.loads(json.dumps(take_receipt(tx)))
    case = worked.open("three-steps")
    worked.complete(case, "check")
    with worked.database.read() as tx:
        assert compare_receipt(tx, receipt) == []
        drop_triggers(tx)
        tx.exec_driver_sql("UPDATE events SET hash = x'00' WHERE seq = 4")
        tx.exec_driver_sql("UPDATE audit SET hash = x'00'")
        faults = compare_receipt(tx, receipt)
    assert [(fault.kind, fault.seq) for fault in faults] == [("head", 4), ("head", receipt["audit"][0])]
    with pytest.raises(ValueError, match="no receipt"), worked.database.read() as tx:
        compare_receipt(tx, {"cases": []})
