"""Track a case without an account: by its number and how the applicant's identity number ends.

A wrong number and wrong digits look alike, take the same work and are counted alike. What follows is a
short session bound to one case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from engine.actions.applicants import ApplicantPolicy, count_use, key_of, require_room
from engine.errors import EngineError, NotFoundError
from engine.store import attempts, audit, tracking
from engine.store.db import Tx

_LONGEST_NUMBER = 60


class NotTrackedError(NotFoundError):
    """No case fits this number and these digits. Check both; the number stands on your receipt."""

    code = "not-tracked"
    default_zh = "编号与证件号末位不相符，请核对后再试。编号见申请回执。"


class TrackingOverError(NotFoundError):
    """Your time here is over; enter the number and the digits again."""

    code = "tracking-over"
    default_zh = "查询已超时，请重新输入编号和证件号末位。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """An open tracking session: the secret, and the case it is bound to."""

    token: str
    case_id: int


def begin_tracking(
    tx: Tx, *, number: str, digits: str, address: str, policy: ApplicantPolicy, at: datetime
) -> Tracking | EngineError:
    """Open a session for a case, or count the failure and return the refusal: what was counted must stay.

    Raises TooManyRequestsError while the number or the address is locked, whether there is such a case
    or not.
    """
    number, digits = number.strip()[:_LONGEST_NUMBER], digits.strip().upper()
    of_number, of_address = attempts.key_of("track", number), key_of("track address", address)
    require_room(tx, [key for key in (of_number, of_address) if key], at)
    found = tracking.find_tail(tx, number)
    wanted = found.tail[-policy.tracking_digits :]
    fits = compare_digest(digits.encode(), wanted.encode()) and len(wanted) == policy.tracking_digits
    if fits and found.case_id is not None:
        attempts.forget_failures(tx, of_number)
        token = tracking.open_session(tx, found.case_id, at, policy.session)
        return Tracking(token=token, case_id=found.case_id)
    locked = count_use(tx, of_number, limit=policy.tracking_attempts, policy=policy, at=at)
    count_use(tx, of_address, limit=policy.tracking_attempts_per_address, policy=policy, at=at)
    if locked:
        audit.append(tx, kind="tracking_locked", actor="public", data={"number": number}, at=at)
    return NotTrackedError()


def tracked_case(tx: Tx, *, token: str | None, at: datetime) -> int:
    """The case that a session is bound to. Raises TrackingOverError."""
    case_id = tracking.case_of(tx, token, at) if token else None
    if case_id is None:
        raise TrackingOverError
    return case_id


def end_tracking(tx: Tx, *, token: str | None) -> None:
    """The session ends now: the next person at this phone sees nothing."""
    if token:
        tracking.close_session(tx, token)
