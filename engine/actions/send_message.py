"""Deliver a message to a case that waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import access
from engine.actions.answers import check_answers
from engine.actions.personal import put_back
from engine.actions.step import begin, finish, plain
from engine.actions.views import CaseView
from engine.errors import ConflictError
from engine.store.db import Tx
from engine.types import Actor


class NotWaitedForError(ConflictError):
    """The case does not wait for this message now."""

    code = "message-not-expected"
    default_zh = "案件当前不等待该消息。"


def send_message(
    tx: Tx,
    *,
    case_id: int,
    name: str,
    payload: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    correlation: Any = None,
    seen_version: int | None = None,
) -> CaseView:
    """Deliver a message. Raises NotWaitedForError naming the messages that the case does wait for."""
    work = begin(tx, case_id=case_id, actor=actor, at=at, seen_version=seen_version)
    work.acting_for = access.require(actor, "case.message", work.row.region, work.row.process)
    payload = put_back(tx, work.program, payload, work.instance.variables, None)
    values = check_answers(None, payload, {}, work.host.env)
    expected = sorted({waiting.name for waiting in work.instance.messages()})
    if not work.instance.message(name, values, correlation):
        listed = ", ".join(expected) or "no message"
        raise NotWaitedForError(
            f'The case does not wait for the message "{name}" now; it waits for {listed}.',
            f"案件当前不等待消息“{name}”；等待的消息：{'、'.join(expected) or '无'}。",
            data={"expected": expected},
        )
    facts = {"message": name, "payload": plain(values)}
    return finish(work, "message_received", work.instance.failures, facts)
