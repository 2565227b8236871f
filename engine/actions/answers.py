"""From the answers a client sent to FEEL values: by the form where there is one, else as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine import access, feel
from engine.errors import AnswersError, FieldError
from engine.forms import Form
from engine.store import people, recusals
from engine.store.db import Tx

MAX_ANSWERS = 256_000  # bytes of JSON; a safety bound: attachments go by reference


def check_answers(
    form: Form | None, answers: Mapping[str, Any], scope: Mapping[str, Any], env: feel.Environment
) -> dict[str, Any]:
    """Typed values of the answers. Raises AnswersError naming every field at fault."""
    if form is not None:
        return form.validate(dict(answers), dict(scope), env)
    check_size(answers)
    return {name: feel.to_feel(value) for name, value in answers.items()}


def file_relatives(tx: Tx, case_id: int, form: Form | None, values: Mapping[str, Any]) -> None:
    """Keep whom the answers name as a relative of the household, for tasks that recuse."""
    if form is not None and form.files_relatives:
        recusals.file(tx, case_id, form.relatives(values))


def require_accounts(tx: Tx, form: Form | None, values: Mapping[str, Any], region: str, on: date) -> None:
    """Whom the answers name by account can work on the case: nothing waits for a slip of the pen.

    Raises AnswersError naming every account that there is not, or that can't see the region.
    """
    if form is None or not form.names_accounts:
        return
    faults: list[FieldError] = []
    for pointer, username in form.accounts(values):
        actor = people.find_actor(tx, username, on)
        if actor is None or not access.may_see(actor, region):
            zh = f"没有能办理本地区案件的账号“{username}”，请核对。"
            en = f"No account {username!r} can work on cases here; check it."
            faults.append(FieldError(pointer=pointer, zh=zh, en=en, code="account"))
    if faults:
        raise AnswersError(errors=faults)


def check_size(answers: Mapping[str, Any]) -> None:
    """`AnswersError` for more than `MAX_ANSWERS` bytes, or for what is no JSON."""
    try:
        size = len(json.dumps(answers, ensure_ascii=False, allow_nan=False, default=str).encode())
    except (ValueError, RecursionError, UnicodeEncodeError):
        raise _refused("不是有效的 JSON", "is not valid JSON") from None
    if size > MAX_ANSWERS:
        raise _refused(f"超过 {MAX_ANSWERS} 字节", f"is larger than {MAX_ANSWERS} bytes")


def _refused(zh: str, en: str) -> AnswersError:
    detail = FieldError(pointer="/answers", zh=zh, en=en, code="bad-answers")
    return AnswersError(f"The content {en}.", f"填写内容{zh}。", [detail])
