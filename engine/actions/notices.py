"""Notices as people see them: those of a case, the postings of a township, and that somebody got one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from engine import access
from engine.actions.notice_writing import TOWN
from engine.actions.program import Program, load_program
from engine.actions.showing import last_day
from engine.clocks import SHANGHAI
from engine.errors import ConflictError, FieldError, InputError, NotFoundError
from engine.forms.privacy import mask, mask_text, numbers_in
from engine.notices import APPLICANT, Notice
from engine.store import cases, events, notices, people
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.ids import show_id
from engine.store.notices import NoticeRow
from engine.store.people import Region
from engine.types import Actor

State = Literal["queued", "sent", "delivered", "failed"]
WAYS = ("in_person", "post", "left_at_home", "electronic", "tracking")
"""How a notice reaches somebody: by hand, by post, left at the home, electronically, read while tracking."""
MOST_POSTINGS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """One notice: what it says, and how far it got. `sent_how` is who took it from the outbox."""

    id: str
    case_id: str
    case_number: str
    key: str
    to: str
    text: Notice
    state: State
    queued_at: datetime
    sent_at: datetime | None
    sent_how: str | None
    delivered_at: datetime | None
    delivered_how: str | None
    region: str
    up_on: date | None
    down_on: date | None  # the last day that a posting hangs
    taken_down_at: datetime | None
    taken_down_why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingView:
    """What anybody may read on the board of a township, and nothing beside it."""

    id: str
    region: str
    text: Notice
    shows: Mapping[str, Any]
    up_on: date
    down_on: date


def list_notices(tx: Tx, *, case_id: int, actor: Actor) -> tuple[NoticeView, ...]:
    """The notices of a case, oldest first, people's numbers masked. Raises NotFoundError out of sight."""
    case, _ = cases.get_case(tx, case_id)
    access.require_sight(actor, case.region)
    program = load_program(tx, case.process, case.definition_hash)
    return tuple(show_notice(row, case, program) for row in notices.list_of_case(tx, case_id))


def get_notice(tx: Tx, *, notice_id: int, actor: Actor) -> NoticeView:
    """One notice, people's numbers masked. Raises NotFoundError out of sight."""
    row = find_notice(tx, notice_id)
    case, _ = cases.get_case(tx, row.case_id)
    access.require_sight(actor, case.region)
    return show_notice(row, case, load_program(tx, case.process, case.definition_hash))


def find_notice(tx: Tx, notice_id: int) -> NoticeRow:
    """The row, or NotFoundError."""
    row = notices.find(tx, notice_id)
    if row is None:
        raise NotFoundError
    return row


def show_notice(row: NoticeRow, case: CaseRow, program: Program | None) -> NoticeView:
    """A notice as a view; with the case's program, people's numbers masked."""
    text = Notice.from_json(row.payload["text"])
    return NoticeView(
        id=show_id(row.id),
        case_id=show_id(row.case_id),
        case_number=case.number,
        key=row.key,
        to=row.recipient,
        text=text if program is None else _masked(text, row, program),
        state=_state(row),
        queued_at=row.queued_at,
        sent_at=row.finished_at,
        sent_how=row.sink,
        delivered_at=row.delivered_at,
        delivered_how=row.delivered_how,
        region=case.region,
        up_on=row.up_at and row.up_at.astimezone(SHANGHAI).date(),
        down_on=last_day(row.down_at),
        taken_down_at=row.taken_down_at,
        taken_down_why=row.taken_down_why,
    )


def _state(row: NoticeRow) -> State:
    """Its promise says how far it is, until somebody has it."""
    if row.delivered_at is not None:
        return "delivered"
    if row.finished_at is not None:
        return "sent"
    return "queued" if row.run_at is not None else "failed"


def _masked(text: Notice, row: NoticeRow, program: Program) -> Notice:
    numbers = [(kind, n) for kind, n in numbers_in(row.payload.get("variables", {}), program.guarded)]

    def hide(paragraph: str) -> str:
        for kind, number in numbers:
            paragraph = paragraph.replace(number, mask(kind, number))
        return mask_text(paragraph)

    paragraphs = {lang: tuple(map(hide, found)) for lang, found in text.paragraphs.items()}
    return Notice(title=text.title, basis=text.basis, paragraphs=paragraphs)


def list_postings(tx: Tx, *, region: str, at: datetime) -> tuple[PostingView, ...]:
    """What hangs in a township now, the next to come down first. Raises UnknownRegionError."""
    township = people.get_region(tx, region).code[:TOWN]
    return tuple(_show_posting(row) for row in notices.list_hanging(tx, township, at, MOST_POSTINGS))


def get_posting(tx: Tx, *, posting_id: int, at: datetime) -> PostingView:
    """A posting that hangs now. Raises NotFoundError."""
    return _show_posting(hanging(tx, posting_id, at))


def hanging(tx: Tx, posting_id: int, at: datetime) -> NoticeRow:
    """The row of a posting that hangs now; what has come down is as if it never was."""
    row = find_notice(tx, posting_id)
    if row.up_at is None or row.down_at is None or row.taken_down_at is not None:
        raise NotFoundError
    if not row.up_at <= at < row.down_at:
        raise NotFoundError
    return row


def _show_posting(row: NoticeRow) -> PostingView:
    up, down = row.up_at, last_day(row.down_at)
    assert up is not None
    assert down is not None
    assert row.township is not None
    return PostingView(
        id=show_id(row.id),
        region=row.township,
        text=Notice.from_json(row.payload["text"]),
        shows=row.payload["variables"],
        up_on=up.astimezone(SHANGHAI).date(),
        down_on=down,
    )


def record_delivery(tx: Tx, *, notice_id: int, how: str, actor: Actor, at: datetime) -> NoticeView:
    """Put on record that a notice reached its recipient, and how (送达). The first time counts.

    Raises NotFoundError, ForbiddenError, InputError (way), ConflictError (a posting, or delivered already).
    """
    found = find_notice(tx, notice_id)
    case = cases.load_for_update(tx, case_id=found.case_id).row
    access.require_sight(actor, case.region)
    access.require(actor, "case.message", case.region, case.process)
    if how not in WAYS or how == "tracking":
        zh, en = f"送达方式应为：{'、'.join(WAYS[:-1])}", f"the way is one of {', '.join(WAYS[:-1])}"
        raise InputError(f"{en}.", f"{zh}。", [FieldError(pointer="/how", zh=zh, en=en)])
    if found.recipient != APPLICANT or found.delivered_at is not None:
        raise ConflictError(
            "Only a notice to the applicant is delivered, and only once.",
            "只有送申请人的文书才登记送达，且只登记一次。",
        )
    note_delivery(tx, found, case, how, actor, at)
    return get_notice(tx, notice_id=notice_id, actor=actor)


def note_delivery(tx: Tx, row: NoticeRow, case: CaseRow, how: str, actor: Actor, at: datetime) -> None:
    """Write the delivery and its row of history; the case is locked."""
    notices.deliver(tx, row.id, at, how)
    data = {"notice": row.key, "how": how, events.PROOF: {"delivered": {show_id(row.id): how}}}
    seq = case.seq + 1
    head = events.append(
        tx,
        case_id=case.id,
        seq=seq,
        previous=case.head,
        at=at,
        actor=actor.username,
        kind="notice_delivered",
        data=data,
    )
    cases.save_head(tx, case.id, seq, head)


def issuer(regions: Sequence[Region], code: str) -> tuple[str, str]:
    """Whose name stands under a notice: the government of the township, in Chinese and English."""
    names = {region.code: region for region in regions}
    found = [names[part] for part in (code[:6], code[:TOWN]) if part in names]
    zh = "".join(dict.fromkeys(region.name for region in found))
    en = ", ".join(dict.fromkeys(region.name_en for region in reversed(found)))
    office = "民政局" if len(code) < TOWN else "办事处" if zh.endswith("街道") else "人民政府"
    return zh + office, en
