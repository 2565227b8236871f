"""Open a case: the answers of the start form become its variables, and it runs to its first wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import access
from engine.actions.answers import check_answers, file_relatives, require_accounts
from engine.actions.attached import take_attachments
from engine.actions.case_clocks import start_case_clocks
from engine.actions.clockwork import Clockwork
from engine.actions.program import CaseHost, Program, load_program
from engine.actions.step import finish, plain
from engine.actions.views import CaseView
from engine.actions.work import Live, Work
from engine.clocks import SHANGHAI
from engine.errors import FieldError, ForbiddenError, InputError
from engine.forms.privacy import mask_text
from engine.runtime import Instance
from engine.store import cases, definitions, links, people
from engine.store.counters import CALENDAR, current_value
from engine.store.db import Tx
from engine.store.definitions import VersionRow
from engine.store.events import GENESIS
from engine.store.ids import new_id, show_id
from engine.types import SYSTEM, Actor

_LONGEST_KEY = 200


def open_case(
    tx: Tx,
    *,
    process: str,
    region: str,
    answers: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    version: int | None = None,
    business_key: str | None = None,
    opener: tuple[int, str] | None = None,
) -> CaseView:
    """Open a case of a process (its current version unless one is named) in a region.

    `opener` is the case that asks for it, and what the new one is to it.
    Raises NotFoundError (process), InputError (region), ForbiddenError, AnswersError.
    """
    require_region(tx, region, at)
    _check_business_key(business_key)
    deployed = definitions.get_version(tx, process, version)
    program = load_program(tx, process, deployed.hash)
    absent = _require_opener(program, process, region, actor, opener)
    row = _new_row(tx, deployed, region, business_key, actor, at)
    host = CaseHost(program, row.number)
    instance = Instance.start(program.processes, process, {}, host)
    host.trace = instance.trace
    live = Live(program, host, instance, Clockwork(), {}, {}, row.calendar)
    work = Work(tx, row, live, actor, at, {}, None, acting_for=absent)
    work.set_law()
    attached = take_attachments(tx, program.definition.start_form, answers, actor=actor)
    variables = check_answers(program.definition.start_form, attached.answers, {}, host.env)
    require_accounts(tx, program.definition.start_form, variables, region, at.date())
    instance.set_variables(variables)
    cases.add_case(tx, {name: value for name, value in row._asdict().items() if name in cases.OWN_NAMES})
    file_relatives(tx, row.id, program.definition.start_form, variables)
    attached.bind(tx, row.id)
    start_case_clocks(work)
    facts = {"answers": plain(variables), "process": [process, deployed.version, deployed.hash]}
    return finish(work, "case_opened", instance.run(), facts | _linked(work, opener))


def _require_opener(
    program: Program, process: str, region: str, actor: Actor, opener: tuple[int, str] | None
) -> str | None:
    """For whom the actor may open the case (see `access.require`); the property `openedBy` narrows it.

    Nobody opens by hand what only another case may open: aid begins with a decision (57号 Art.28).
    """
    said = program.definition.properties.get("openedBy", "")
    if said and said != "case":
        return access.require_role(actor, [role.strip() for role in said.split(",")], region, process)
    absent = access.require(actor, "case.open", region, process)
    if said and opener is None and actor is not SYSTEM:
        raise ForbiddenError(
            "Nobody opens this by hand: it is opened by the case whose decision it rests on.",
            "该事项不能直接办理，须由作出决定的案件启动。",
        )
    return absent


def _new_row(
    tx: Tx,
    deployed: VersionRow,
    region: str,
    business_key: str | None,
    actor: Actor,
    at: datetime,
) -> cases.CaseRow:
    return cases.CaseRow(
        id=new_id(at),
        number=cases.next_number(tx, region, at),
        process_id=deployed.id,
        region=region,
        status="active",
        outcome=None,
        version=0,
        business_key=business_key,
        opened_at=at,
        opened_by=actor.username,
        accepted_at=None,
        closed_at=None,
        yellow_at=None,
        red_at=None,
        paused=False,
        calendar=current_value(tx, CALENDAR),
        seq=0,
        head=GENESIS,
        decided_at=None,
        decision_due=None,
        process=deployed.key,
        process_version=deployed.version,
        process_name=deployed.name,
        definition_hash=deployed.hash,
    )


def _linked(work: Work, opener: tuple[int, str] | None) -> dict[str, Any]:
    """Keep which case asked for this one; what its history says of that."""
    if opener is None:
        return {}
    links.add_link(work.tx, case_id=work.row.id, opener_id=opener[0], link=opener[1], at=work.at)
    return {"opener": [show_id(opener[0]), opener[1]]}


def require_region(tx: Tx, code: str, at: datetime) -> None:
    """`InputError` unless the region exists on the local day, naming who has taken over one that is gone."""
    region = people.get_region(tx, code)
    if region.is_valid(at.astimezone(SHANGHAI).date()):
        return
    heir = people.get_region(tx, region.successor) if region.successor else None
    zh = f"“{region.name}”（{code}）已撤并或尚未设立"
    en = f"{region.name_en} ({code}) is gone or does not exist yet"
    if heir is not None:
        zh, en = f"{zh}，请用{heir.name}（{heir.code}）", f"{en}; use {heir.name_en} ({heir.code})"
    raise InputError(f"{en}.", f"{zh}。", [FieldError(pointer="/region", zh=zh, en=en)])


def _check_business_key(business_key: str | None) -> None:
    if business_key is not None and not 1 <= len(business_key) <= _LONGEST_KEY:
        zh, en = f"业务编号须为1至{_LONGEST_KEY}个字符", f"must have 1 to {_LONGEST_KEY} characters"
        detail = FieldError(pointer="/business_key", zh=zh, en=en)
        raise InputError(f"business_key {en}.", f"{zh}。", [detail])
    if business_key is not None and mask_text(business_key) != business_key:
        zh, en = "业务编号不得含身份证号", "must not contain an identity number"
        detail = FieldError(pointer="/business_key", zh=zh, en=en)
        raise InputError(f"business_key {en}.", f"{zh}。", [detail])
