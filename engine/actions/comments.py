"""Comments on a case: rows of its history like everything else that happened, so nobody changes them later.

`@account` in a comment mentions a colleague, who gets a notice and finds it among their mentions. A
comment moves nothing: the case's version stays, and whoever is filling in a form goes on.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from engine import access
from engine.actions.cursors import check_limit, read_cursor, write_cursor
from engine.actions.proof import promise_digest
from engine.actions.views import CommentView, MentionView, Page
from engine.errors import FieldError, InputError
from engine.forms.privacy import mask_text
from engine.store import cases, comments, events, outbox, people
from engine.store.cases import CaseRow
from engine.store.comments import CommentRow
from engine.store.db import Tx
from engine.store.ids import new_id, show_id
from engine.store.metadata import EPOCH, MICROSECOND
from engine.store.packing import canonical
from engine.store.timers import ORDINARY
from engine.types import Actor

LONGEST, MOST_MENTIONED = 2000, 20  # our bounds; no rule sets any
_MENTION = re.compile(r"(?<![A-Za-z0-9._@-])@([A-Za-z0-9](?:[A-Za-z0-9._-]{0,58}[A-Za-z0-9])?)")


def add_comment(tx: Tx, *, case_id: int, text: str, actor: Actor, at: datetime) -> CommentView:
    """Say something about a case, open or closed. Identity numbers in it are masked for good.

    Raises NotFoundError, ForbiddenError, InputError (empty, too long, mentions nobody who may see the case).
    """
    row = cases.load_for_update(tx, case_id=case_id).row
    access.require_sight(actor, row.region)
    access.require(actor, "case.comment", row.region, row.process)
    text = mask_text(_checked(text))
    named = _mentioned(tx, row, text, actor, at)
    seq, told = row.seq + 1, {name: new_id(at) for name in named}
    items = [_notice(row, seq, actor, to=name, item_id=item_id, at=at) for name, item_id in told.items()]
    data = {"text": text, "mentions": named, events.PROOF: {"promised": _promised(items)}}
    head = events.append(
        tx, case_id=row.id, seq=seq, previous=row.head, at=at, actor=actor.username,
        kind=comments.KIND, data=data,
    )  # fmt: skip
    cases.save_head(tx, row.id, seq, head)
    comments.add_mentions(tx, row.id, seq, named, at)
    outbox.add_items(tx, items)
    return _view(CommentRow(row.id, seq, at, actor.username, text, tuple(named)))


def list_comments(tx: Tx, *, case_id: int, actor: Actor) -> tuple[CommentView, ...]:
    """What was said about a case that the actor may see, oldest first."""
    row, _ = cases.get_case(tx, case_id)
    access.require_sight(actor, row.region)
    return tuple(map(_view, comments.list_comments(tx, case_id)))


def list_mentions(tx: Tx, *, actor: Actor, cursor: str | None = None, limit: int = 50) -> Page[MentionView]:
    """Where the actor is mentioned in cases that they may see, newest first."""
    before = read_cursor("mentions", cursor, 3)
    scope = access.regions_seen(actor)
    rows = comments.list_mentions(tx, actor.username, scope, before=before, limit=check_limit(limit) + 1)
    found = comments.find_comments(tx, [(row.case_id, row.seq) for row in rows[:limit]])
    items = tuple(
        MentionView(
            comment=_view(found[row.case_id, row.seq]),
            case_number=row.case.number,
            process=row.case.process,
            process_name=row.case.process_name,
            region=row.case.region,
            seen_at=row.seen_at,
        )
        for row in rows[:limit]
    )
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(items=items, next=last and write_cursor("mentions", _micro(last.at), last.case_id, last.seq))


def count_unseen(tx: Tx, *, actor: Actor) -> int:
    """How many mentions of theirs the actor has not seen yet."""
    return comments.count_unseen(tx, actor.username, access.regions_seen(actor))


def mark_seen(tx: Tx, *, actor: Actor, at: datetime) -> None:
    """The actor has seen their mentions."""
    comments.mark_seen(tx, actor.username, at)


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise _refused("不能为空", "must not be empty")
    if len(text) > LONGEST:
        raise _refused(
            f"最多{LONGEST}字，现有{len(text)}字", f"has {len(text)} characters, at most {LONGEST}"
        )
    return text


def _mentioned(tx: Tx, row: CaseRow, text: str, actor: Actor, at: datetime) -> list[str]:
    """The accounts that a text mentions, each once, the author's own left out."""
    named = [name for name in dict.fromkeys(_MENTION.findall(text)) if name != actor.username]
    if len(named) > MOST_MENTIONED:
        raise _refused(f"最多提及{MOST_MENTIONED}人", f"mentions more than {MOST_MENTIONED} people")
    for name in named:
        found = people.find_actor(tx, name, at.date())
        if found is None:
            raise _refused(
                f"提及的账号“{name}”不存在", f"mentions the account {name!r}, which does not exist"
            )
        if not access.may_see(found, row.region):
            raise _refused(f"“{name}”无权查看本案，不能提及", f"mentions {name!r}, who may not see this case")
    return named


def _notice(row: CaseRow, seq: int, actor: Actor, *, to: str, item_id: int, at: datetime) -> dict[str, Any]:
    """Tells a colleague where to look; what was said stays in the case."""
    payload = {
        "notice": "mention",
        "headers": {"to": to},
        "case": row.number,
        "by": actor.username,
        "comment": seq,
    }
    return {
        "id": item_id, "case_id": row.id, "kind": "notice", "type": "mention", "key": None,
        "payload": canonical(payload), "priority": ORDINARY, "attempts": 0, "retries": 3, "run_at": at,
    }  # fmt: skip


def _promised(items: list[dict[str, Any]]) -> dict[str, str]:
    return {
        show_id(item["id"]): promise_digest(item["kind"], item["type"], item["key"], item["payload"])
        for item in items
    }


def _refused(zh: str, en: str) -> InputError:
    fault = FieldError(pointer="/text", zh=f"意见内容{zh}", en=f"the comment {en}")
    return InputError(f"The comment {en}.", f"意见内容{zh}。", [fault])


def _view(row: CommentRow) -> CommentView:
    return CommentView(
        case_id=show_id(row.case_id),
        seq=row.seq,
        at=row.at,
        by=row.actor,
        text=row.text,
        mentions=row.mentions,
    )


def _micro(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND
