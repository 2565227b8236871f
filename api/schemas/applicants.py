"""What applicants and the public send and get back; notices too."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, StringConstraints

from api.schemas.answers import Answer
from api.schemas.requests import Answers, Key, LongText, OptionalText, Query, RegionCode, Request, Text

Short = Annotated[str, StringConstraints(max_length=100)]


class PostingQuery(Query):
    region: RegionCode


class NewApplication(Request):
    model_config = ConfigDict(
        json_schema_extra={"example": {"process": "minimum-living", "region": "350481100"}}
    )

    process: Key
    region: RegionCode


class SavedApplication(Request):
    model_config = ConfigDict(
        json_schema_extra={"example": {"answers": {"household_size": 3}, "seen_version": 2}}
    )

    answers: Answers
    region: RegionCode | None = None
    seen_version: int | None = None


class TrackingProof(Request):
    model_config = ConfigDict(
        json_schema_extra={"example": {"number": "2026-350481100-000003", "digits": "0013"}}
    )

    number: Short
    digits: Short
    """The last digits of the applicant's identity number."""


class TaskAnswers(Request):
    model_config = ConfigDict(json_schema_extra={"example": {"answers": {"supply_note": "收入证明"}}})

    answers: Answers


class ApplicantWithdrawal(Request):
    model_config = ConfigDict(json_schema_extra={"example": {"reason": "家里情况好转", "confirm": True}})

    reason: Text
    confirm: Literal[True]
    """Withdrawing can't be taken back."""


class NewObjection(Request):
    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "王先生", "contact": "13800000000", "text": "家中有车"}}
    )

    name: OptionalText
    contact: OptionalText
    text: LongText


class Delivery(Request):
    model_config = ConfigDict(json_schema_extra={"example": {"how": "in_person"}})

    how: Literal["in_person", "post", "left_at_home", "electronic"]


class Need(Answer):
    process: str
    need: str
    title: str


class Township(Answer):
    code: str
    name: str


class Posting(Answer):
    id: str
    region: str
    title: str
    basis: str
    paragraphs: list[str]
    shows: dict[str, Any]
    """The only values of the case that the posting carries."""
    up_on: date
    down_on: date
    """The last day that it hangs."""


class Notice(Answer):
    id: str
    case_id: str
    case_number: str
    key: str
    to: str
    """`applicant`, `public` or a role."""
    title: str
    basis: str
    paragraphs: list[str]
    state: Literal["queued", "sent", "delivered", "failed"]
    queued_at: datetime
    sent_at: datetime | None
    sent_how: str | None
    delivered_at: datetime | None
    delivered_how: str | None
    region: str
    up_on: date | None
    down_on: date | None
    taken_down_at: datetime | None
    taken_down_why: str | None


class Application(Answer):
    process: str
    region: str
    form: dict[str, Any]
    answers: dict[str, Any]
    version: int
    saved_at: datetime
    expires_at: datetime
    number: str | None
    """The receipt, once it is submitted."""


class OpenedApplication(Application):
    code: str
    """Shown this once: send it as `X-Application-Code`."""


class Receipt(Answer):
    number: str
    case_id: str
    region: str
    process: str


class TrackedWait(Answer):
    what: str
    by: list[str]
    """Roles, `applicant` among them; never a person."""
    yours: bool
    since: date
    due: date | None


class TrackedTask(Answer):
    id: str
    name: str
    form: dict[str, Any] | None
    known: dict[str, Any]
    due: date | None


class TrackedStep(Answer):
    what: str
    on: date


class TrackedLimit(Answer):
    name: str
    due: date | None
    promised: date | None
    status: Literal["running", "paused", "stopped"]
    provisional: bool
    explanation: str


class TrackedRemedies(Answer):
    review_days: int
    review_source: str
    review_body: str
    lawsuit_months: int
    lawsuit_source: str


class Tracked(Answer):
    number: str
    process: str
    region: str
    standing: Literal["received", "accepted", "decided", "closed", "withdrawn"]
    opened_on: date
    accepted_on: date | None
    closed_on: date | None
    outcome: str | None
    waits: list[TrackedWait]
    todo: list[TrackedTask]
    done: list[TrackedStep]
    limits: list[TrackedLimit]
    notices: list[Notice]
    postings: list[Notice]
    remedies: TrackedRemedies | None
    may_withdraw: bool


class OpenedTracking(Answer):
    token: str
    """For half an hour and this one case: send it as `X-Tracking-Token`."""
    case: Tracked
