"""No sequence of imports and actions turns a warning into aid without application, check and confirmation.

People do whatever they can in the cases that come of warnings, and try what they may not: to open a
benefit, to send results, to skip the check. Whatever comes of it, no money moves and every application
stands on a consent that was recorded after a home check.
"""

from __future__ import annotations

import contextlib
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from engine.actions.attached import imagine_attachments
from engine.actions.complete_task import complete_task
from engine.actions.links import list_links
from engine.actions.open_case import open_case
from engine.actions.reading import get_history
from engine.actions.send_message import send_message
from engine.actions.warnings.rows import INDICATORS
from engine.errors import InputError
from engine.store.ids import read_id
from engine.types import SYSTEM, Actor, Position
from engine.worker import Worker
from tests.warned import COUNTY, TOWN, County, person, row, weak

_EVERYBODY = (
    "village.helper", "town.officer", "town.leader", "county.officer", "county.supervisor",
    "county.coordinator", "department.officer", "county.checker", "admin",
)  # fmt: skip
_AID = {
    "programme": "dibao", "applicant_name": "王强", "id_number": person(), "basis": "household",
    "household_size": 1, "amount_fen": 76000, "review_class": "stable", "first_month": "2026-11-01",
    "decision_number": "2026-350481100-000001", "bank_account": "6217001234567890122",
}  # fmt: skip
_PHOTO = [{"id": "p1", "name": "a.jpg", "sha256": f"{1:064x}", "size": 20000, "type": "image/jpeg"}]
_CONSENT = {
    "consent": True, "consent_on": "2026-10-20", "consent_paper": _PHOTO, "household_size": 2,
    "identified": "none", "needs": ["medical"],
}  # fmt: skip
_STUDIES: tuple[dict[str, Any], ...] = (
    {"disposition": "policy", "deliver_by": "town"},
    {"disposition": "policy", "deliver_by": "department", "department": "medical"},
    {"disposition": "eligible", "consent": False},
    {"disposition": "eligible", **_CONSENT},
    {"disposition": "eligible", **_CONSENT, "consent": False},
    {"disposition": "complex"},
    {"disposition": "enrol"},
)
_ACTS = st.one_of(
    st.tuples(st.just("import"), st.sampled_from(sorted(INDICATORS)), st.integers(1, 3)),
    st.tuples(st.just("study"), st.integers(0, len(_STUDIES) - 1), st.booleans()),
    st.tuples(
        st.sampled_from(("check", "feedback", "confirm", "wait", "benefit", "warning", "result", "raise"))
    ),
)


def _someone(number: int) -> Actor:
    positions = tuple(Position(role=role, region="350481") for role in _EVERYBODY)
    return Actor(username=f"worker{number}", positions=positions)


class _Town(County):
    """A county in which somebody with every role does what they can."""

    count = 0

    def __init__(self) -> None:
        super().__init__()
        imagine_attachments(self.database)  # nobody uploads the papers

    def act(self, act: tuple[Any, ...]) -> None:
        self.count += 1
        with contextlib.suppress(InputError):
            self._act(act)
        worker = Worker(self.database)
        while worker.run_due(self.at):
            pass

    def _act(self, act: tuple[Any, ...]) -> None:
        check = {
            "checked_at": self.at.isoformat(), "check_place": "村口", "met": True, "hardship": "hardship",
            "check_note": "困难",
        }  # fmt: skip
        match act:
            case ("import", indicator, who):
                value = {"medical_spending": "30000", "disability": "1"}.get(indicator, "")
                said = {"indicator": indicator, "value": value, "id_number": person(who)}
                self.take(row(f"R{self.count}", **said), actor=COUNTY)
            case ("study", number, _):
                self._complete("early-warning", ("study",), {"matter": "事项", **_STUDIES[number]})
            case ("check",):
                self._complete("early-warning", ("home_check", "town_check", "county_check"), check)
            case ("feedback",):
                self._complete(
                    "early-warning", ("deliver",), {"delivered_note": "已落实", "delivered_on": self.day}
                )
                self._complete(
                    "early-warning", ("give_feedback",), {"feedback": "reopen", "feedback_note": "缺结果"}
                )
            case ("confirm",):
                self._complete("intake", ("confirm_needs",), {"tracks": ["medical"]})
                self._complete("minimum-living", ("confirm",), {"decision": "approve"})
            case ("wait",):
                self.wait(2)
            case ("benefit",):
                self.do(open_case, process="benefit", region=TOWN, answers=_AID, actor=_someone(self.count))
            case ("warning",):
                said = {"person_name": "王强", "id_number": person(), "grade": "red", "standing": "unknown"}
                rows = [{"source": "visit", "indicator": "crisis", "grade": "red", "happened_on": self.day}]
                self.do(
                    open_case, process="early-warning", region=TOWN, answers={**said, "signals": rows},
                    actor=_someone(self.count),
                )  # fmt: skip
            case (name,):
                said = {"ended": {"outcome": "approved", "result": {"decision": "approve"}}, "grade": "red"}
                message = "case-ended" if name == "result" else "warning-raised"
                for case in self.cases():
                    self.do(
                        send_message, case_id=read_id(case.id), name=message, payload=said,
                        actor=_someone(self.count),
                    )  # fmt: skip

    @property
    def day(self) -> str:
        return self.at.date().isoformat()

    def _complete(self, process: str, elements: tuple[str, ...], answers: dict[str, Any]) -> None:
        for case in self.cases(process):
            for element, task_id in self.open_tasks(case).items():
                if element in elements:
                    self.do(
                        complete_task, task_id=task_id, answers=answers, seen_version=None,
                        actor=_someone(self.count),
                    )  # fmt: skip

    def done(self, case_id: str) -> list[dict[str, Any]]:
        """The answers of the tasks of a case that people completed, with their elements."""
        with self.database.read() as tx:
            page = get_history(tx, case_id=read_id(case_id), actor=SYSTEM, limit=200)
        return [event.data for event in page.items if event.kind == "task_completed"]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acts=st.lists(_ACTS, min_size=3, max_size=8))
def test_a_warning_gives_nobody_aid(acts: list[tuple[Any, ...]]) -> None:
    town = _Town()
    town.act(("import", "medical_spending", 1))
    for act in acts:
        town.act(act)
    _nobody_was_aided(town)
    _every_application_has_a_consent(town)


def test_with_a_check_and_a_consent_it_opens_an_application_and_nothing_else() -> None:
    town = _Town()
    for act in (("import", "medical_spending", 1), ("check",), ("study", 3, True), ("confirm",)):
        town.act(act)
    assert len(town.cases("intake")) == 1
    _nobody_was_aided(town)
    _every_application_has_a_consent(town)


def test_a_weak_signal_alone_is_enough_to_be_asked_for_a_check() -> None:
    town = _Town()
    town.take(weak())
    (case,) = town.cases()
    assert set(town.open_tasks(case)) == {"home_check"}


def _nobody_was_aided(town: _Town) -> None:
    assert town.cases("benefit") == []
    with town.database.read() as tx:
        moved = "SELECT count(*) FROM fund_entries WHERE kind <> 'budget'"
        assert tx.execute(text(moved)).scalar_one() == 0


def _every_application_has_a_consent(town: _Town) -> None:
    for process in ("intake", "minimum-living", "temporary-aid", "emergency-aid", "extreme-hardship"):
        for case in town.cases(process):
            with town.database.read() as tx:
                openers = [
                    one for one in list_links(tx, case_id=read_id(case.id), actor=SYSTEM) if not one.opened
                ]
            assert [one.process for one in openers] == ["early-warning"]
            assert any(one["answers"].get("consent") is True for one in town.done(openers[0].id))
            assert any("check_place" in one["answers"] for one in town.done(openers[0].id))
