"""Jobs by which a case opens another and speaks to those that belong to it; and who sees the links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import access
from engine.actions.endings import number_for
from engine.actions.inside_job import InsideJob, Letter
from engine.actions.open_case import open_case
from engine.errors import AnswersError, BusinessError, FieldError, InputError, NotFoundError
from engine.store import cases, households, links
from engine.store.db import Tx
from engine.store.ids import read_id, show_id
from engine.types import SYSTEM, Actor

OPENED = "opened"
OPENER = "opener"
REFUSED = "case-refused"
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """A case that belongs to another: `opened` whether it was opened by it, else it is its opener."""

    id: str
    number: str
    process: str
    process_name: str
    region: str
    status: str
    outcome: str | None
    link: str
    opened: bool
    at: datetime


def open_linked_case(tx: Tx, job: InsideJob, at: datetime) -> Mapping[str, Any]:
    """The job `open-case`. BusinessError `case-refused` where the start form refuses the answers."""
    said = job.variables
    answers = said.get("answers") or {}
    if not isinstance(answers, Mapping):
        raise _bad("answers", "应为填写内容（上下文）", "must be a context of answers")
    link = _text(said, "link", OPENED)
    region = _text(said, "region", job.region)
    key = said.get("business_key")
    try:
        opened = open_case(
            tx,
            process=_text(said, "process"),
            region=region,
            answers=answers,
            actor=SYSTEM,
            at=at,
            business_key=None if key is None else str(key),
            opener=(job.case_id, link),
        )
    except AnswersError as error:
        faults = "；".join(f"{fault.pointer} {fault.zh}" for fault in error.errors)
        raise BusinessError(REFUSED, f"{error.zh}{faults}") from error
    job.facts["links"] = [[opened.id, link]]
    return {"case_id": opened.id, "case_number": number_for(opened.number, region, job.region)}


def tell_case(tx: Tx, job: InsideJob, at: datetime) -> Mapping[str, Any]:
    """The job `tell-case`. InputError unless the case belongs to this one."""
    said = job.variables
    payload = said.get("payload") or {}
    if not isinstance(payload, Mapping):
        raise _bad("payload", "应为上下文", "must be a context")
    job.letters.append(
        Letter(
            to=_addressee(tx, job.case_id, _text(said, "to")),
            message=_text(said, "message"),
            payload=payload,
            correlation=said.get("correlation"),
        )
    )
    return {}


def list_links(tx: Tx, *, case_id: int, actor: Actor) -> tuple[LinkView, ...]:
    """The cases that a case opened or was opened by, as far as the actor may see them; of others not a word.

    Raises NotFoundError for a case out of sight.
    """
    row, _ = cases.get_case(tx, case_id)
    access.require_sight(actor, row.region)
    return tuple(
        LinkView(
            id=show_id(other.id),
            number=other.number,
            process=other.process,
            process_name=other.process_name,
            region=other.region,
            status=other.status,
            outcome=other.outcome,
            link=link.link,
            opened=link.opener_id == case_id,
            at=link.at,
        )
        for link, other in links.list_linked(tx, case_id, access.regions_seen(actor))
    )


def _addressee(tx: Tx, case_id: int, to: str) -> int:
    """The case that is meant, if it belongs to this one."""
    opener = links.find_opener(tx, case_id)
    if to == OPENER:
        if opener is None:
            raise _bad("to", "没有案件开办了本案", "no case has opened this one")
        return opener.case_id
    try:
        number = read_id(to)
    except NotFoundError:
        number = 0
    file_id = households.find_of_case(tx, case_id)
    if file_id is not None and households.find_of_case(tx, number) == file_id:
        return number
    if not any(number in (link.case_id, link.opener_id) for link in links.list_links(tx, case_id)):
        raise _bad("to", "所指案件与本案无关联", "the case does not belong to this one")
    return number


def _text(said: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = said.get(name)
    value = default if value is None else value
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST:
        raise _bad(name, f"应为1至{_LONGEST}个字符的文本", f"must be a text of 1 to {_LONGEST} characters")
    return value


def _bad(name: str, zh: str, en: str) -> InputError:
    return InputError(
        f"The input {name} of the job {en}.",
        f"作业输入“{name}”{zh}。",
        [FieldError(pointer=f"/{name}", zh=zh, en=en)],
    )
