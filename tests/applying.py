"""What tests of applicants share: an office where one can apply, and the steps of a stranger."""

from __future__ import annotations

from typing import Any

from engine.actions.applicants import (
    ApplicantPolicy,
)
from engine.actions.applicants_apply import (
    save_application,
    start_application,
    submit_application,
)
from engine.actions.applicants_track import (
    Tracking,
    begin_tracking,
)
from engine.actions.applicants_view import TrackView, show_tracked
from engine.actions.reading import get_case
from engine.actions.views import CaseView
from engine.errors import (
    EngineError,
)
from engine.store.ids import read_id
from engine.types import SYSTEM
from tests.builders import TOWN, Office
from tests.notice_files import FILES
from tests.people_forms import id_number

POLICY = ApplicantPolicy(tracking_attempts=3, tracking_attempts_per_address=5, drafts_per_address=3)
ANSWERS: dict[str, Any] = {
    "applicant_name": "林小满",
    "applicant_id_number": id_number(),
    "household_size": 3,
}
HERE = "198.51.100.7"


def furnish(office: Office) -> None:
    """Deploy something that one can apply for, and something that one cannot."""
    office.deploy(**FILES)
    inside = (
        FILES["help_bpmn"].replace(b'id="help"', b'id="inside"').replace(b'value="true"', b'value="false"')
    )
    office.deploy(**{**FILES, "help_bpmn": inside})


def run(office: Office, action: Any, **arguments: Any) -> Any:
    with office.database.write() as tx:
        return action(tx, at=office.now, **arguments)


def begin(office: Office, address: str = "", **answers: Any) -> str:
    code, _ = run(office, start_application, process="help", region=TOWN, address=address, policy=POLICY)
    run(office, save_application, code=code, answers={**ANSWERS, **answers}, policy=POLICY)
    return str(code)


def apply(office: Office, **answers: Any) -> str:
    return str(run(office, submit_application, code=begin(office, **answers)).number)


def track(office: Office, number: str, digits: str, address: str = HERE) -> Tracking | EngineError:
    found: Tracking | EngineError = run(
        office, begin_tracking, number=number, digits=digits, address=address, policy=POLICY
    )
    return found


def case_id_of(office: Office, number: str) -> int:
    found = track(office, number, id_number()[-4:], "")
    assert isinstance(found, Tracking)
    return found.case_id


def see(office: Office, case_id: int) -> TrackView:
    view: TrackView = run(office, show_tracked, case_id=case_id)
    return view


def look(office: Office, case_id: int) -> CaseView:
    with office.database.read() as tx:
        return get_case(tx, case_id=case_id, actor=SYSTEM, at=office.now)


def task_of(office: Office, case_id: int, element: str) -> int:
    return next(read_id(task.id) for task in look(office, case_id).tasks if task.element_id == element)
