"""Writes notices: what a step tells an applicant, the public or a role, as a record of its own.

The record stands and falls with the step that sends it: a notice that cannot be written refuses the
step. A posting carries what its template shows and nothing else, and never a number that names a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from engine import feel
from engine.actions.work import Work
from engine.clocks import SHANGHAI, open_clock
from engine.errors import ConflictError, FieldError
from engine.forms.privacy import mask_text, numbers_in
from engine.notices import Notice, Template
from engine.parameters import Limit
from engine.store import notices

TOWN = 9
"""Digits of the code of a township; what lies below hangs on its board."""
_LONG_NUMBER = re.compile(r"[0-9]{11}")  # as long as a mobile number: no amount, no date
OPENING = "case"


class UnwritableError(ConflictError):
    """A notice that belongs to this step cannot be written, so the step was not taken."""

    code = "notice-unwritable"
    default_zh = "本步骤须发出的文书无法生成，未予办理。"


def write_notice(
    work: Work, key: str, scope: Mapping[str, Any], notice_id: int
) -> tuple[dict[str, Any], Mapping[str, Any]] | None:
    """What goes into the promise of a notice, and the variables it may carry; None without a template.

    `scope` holds FEEL values. Raises UnwritableError.
    """
    template = work.program.definition.notices.get(key)
    if template is None:
        return None
    seen = scope if template.is_public else {**scope, OPENING: _about(work)}
    notice = template.fill_in(seen, work.host.env)
    row: dict[str, Any] = {
        "id": notice_id,
        "case_id": work.row.id,
        "key": key,
        "recipient": template.to,
        "queued_at": work.at,
    }
    row |= dict.fromkeys(("township", "up_at", "down_at"))
    if template.is_public:
        _require_publishable(work, template, notice, scope)
        row |= {"township": work.row.region[:TOWN], "up_at": work.at, "down_at": _last_moment(work, template)}
    work.notices.append(row)
    variables = template.shown(scope) if template.is_public else feel.from_feel(dict(scope))
    return {"to": template.to, "text": notice.to_json()}, variables


def _about(work: Work) -> Any:
    """What a notice may say of the case besides its variables."""
    first = next((name for name in work.program.clock_limits if work.clockwork.is_open(name)), None)
    due = work.clockwork.deadline(first).due_date if first else None
    return feel.to_feel(
        {
            "number": work.row.number,
            "process": work.row.process_name,
            "opened_on": _day(work.row.opened_at),
            "accepted_on": _day(work.accepted_at),
            "today": _day(work.at),
            "due_on": due,
        }
    )


def _day(instant: Any) -> date | None:
    return None if instant is None else instant.astimezone(SHANGHAI).date()


def _last_moment(work: Work, template: Template) -> Any:
    assert template.days is not None
    limit = template.days.evaluate({}, work.host.env)
    if not isinstance(limit, Limit):
        en = f'The posting "{template.key}" says no limit for how long it hangs.'
        raise UnwritableError(en, f"公示“{template.key}”没有张贴期限。")
    clock = open_clock("posting", limit, work.at, work.clockwork.calendar)
    return clock.deadline(work.clockwork.calendar).due


def _require_publishable(work: Work, template: Template, notice: Notice, scope: Mapping[str, Any]) -> None:
    """Everything that is shown is there, and nothing in it is a number that names a person."""
    shown = template.shown(scope)
    absent = [name for name, value in shown.items() if value in (None, "", [])]
    known = {number for _, number in numbers_in(feel.from_feel(dict(scope)), work.program.guarded)}
    texts = [*notice.texts, *_texts(shown)]
    if absent or notice.missing:
        raise _refused(template, absent or list(notice.missing), "缺少", "is missing")
    if any(mask_text(t) != t or _LONG_NUMBER.search(t) or any(n in t for n in known) for t in texts):
        names = [n for n, v in shown.items() if any(_names_person(t, known) for t in _texts({n: v}))]
        raise _refused(
            template, names, "含有身份证号、手机号或银行账号", "holds a number that names a person"
        )


def _names_person(text: str, known: Iterable[str]) -> bool:
    return bool(mask_text(text) != text or _LONG_NUMBER.search(text) or any(n in text for n in known))


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


def _refused(template: Template, names: list[str], zh: str, en: str) -> UnwritableError:
    details = [
        FieldError(pointer=f"/{name}", zh=f"{name}{zh}", en=f"{name} {en}", code="unpublishable")
        for name in names
    ]
    return UnwritableError(
        f'"{template.title["en"]}" cannot be posted: {", ".join(names)} {en}.',
        f"“{template.title['zh']}”不能公示：{'、'.join(names)}{zh}。",
        details,
    )


def take_down_ended(work: Work) -> None:
    """Postings come down with the element they hang for, or with a case that is withdrawn."""
    ended = {event.element_id for event in work.trace if event.what in ("completed", "cancelled")}
    if not (work.withdrawn or ended & work.program.posted_while):
        return
    templates = work.program.definition.notices
    hanging = notices.list_hanging_of_case(work.tx, work.row.id, work.at)
    for why, ids in (
        ("withdrawn", [found for found, _ in hanging] if work.withdrawn else []),
        ("ended", [i for i, key in hanging if not work.withdrawn and templates[key].while_ in ended]),
    ):
        if ids:
            notices.take_down(work.tx, ids, work.at, why)
            work.taken_down.update(dict.fromkeys(ids, why))
