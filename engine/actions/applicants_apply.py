"""Apply without an account: a draft under a code, its files, and the case that it becomes.

The code is shown once and kept as a hash. Who has it has the draft, and nothing else.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.actions import applicants
from engine.actions.add_attachment import AttachmentLimits, add_attachment
from engine.actions.applicants import ApplicantPolicy, applicant_of, count_use, key_of, require_room
from engine.actions.open_case import open_case
from engine.actions.views import AttachmentView
from engine.errors import NotFoundError, StaleVersionError
from engine.forms import Form
from engine.notices import APPLICANT
from engine.store import applications, cases
from engine.store.applications import ApplicationRow
from engine.store.blobs import Blobs
from engine.store.db import Tx
from engine.store.ids import read_id, show_id
from engine.store.sessions import hash_secret

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none to misread on paper
_GROUPS, _SIZE = 4, 4  # 80 bits
_CODE = re.compile(f"[{_LETTERS}]{{{_GROUPS * _SIZE}}}")


class UnknownCodeError(NotFoundError):
    """There is no application under this code, or its time is over."""

    code = "unknown-code"
    default_zh = "没有这个编码的申请，或已过保存期限。"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """A draft as its applicant sees it. `number` is the receipt: the case that it became."""

    process: str
    region: str
    form: Form
    answers: Mapping[str, Any]
    version: int
    saved_at: datetime
    expires_at: datetime
    number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an applicant gets for an application: the number to ask by."""

    number: str
    case_id: str
    region: str
    process: str


def start_application(
    tx: Tx, *, process: str, region: str, address: str, policy: ApplicantPolicy, at: datetime
) -> tuple[str, ApplicationView]:
    """A new, empty draft and its code, which nobody can look up again.

    Raises NotFoundError (process, township), TooManyRequestsError.
    """
    applicants.public_program(tx, process)
    applicants.require_township(tx, region, at)
    if (key := key_of("draft", address)) is not None:
        require_room(tx, [key], at)
        count_use(tx, key, limit=policy.drafts_per_address, policy=policy, at=at)
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_GROUPS * _SIZE))
    code_hash = hash_secret(letters)
    row = ApplicationRow(
        code_hash=code_hash,
        tag=f"{APPLICANT}:{secrets.token_hex(8)}",
        process=process,
        region=region,
        answers={},
        version=1,
        saved_at=at,
        expires_at=at + policy.draft_lifetime,
        case_id=None,
    )
    applications.add(tx, row, at)
    code = "-".join(letters[n : n + _SIZE] for n in range(0, len(letters), _SIZE))
    return code, _show(tx, row)


def read_code(text: str) -> str:
    """A code as somebody types it: any case, with or without strokes, O and I, L read as 0 and 1."""
    plain = re.sub(r"[\s\-—–]", "", text).upper().translate(str.maketrans("OIL", "011"))
    return plain if _CODE.fullmatch(plain) else ""


def get_application(tx: Tx, *, code: str, at: datetime) -> ApplicationView:
    """The draft under a code. Raises UnknownCodeError."""
    return _show(tx, find_draft(tx, code, at))


def require_code(
    tx: Tx, *, code: str, address: str, policy: ApplicantPolicy, at: datetime
) -> ApplicationView | UnknownCodeError:
    """The draft under a code that somebody types; a wrong one is counted and returned, so that it stays."""
    key = key_of("code", address)
    if key is not None:
        require_room(tx, [key], at)
    try:
        return get_application(tx, code=code, at=at)
    except UnknownCodeError as error:
        count_use(tx, key, limit=policy.drafts_per_address, policy=policy, at=at)
        return error


def save_application(
    tx: Tx,
    *,
    code: str,
    answers: Mapping[str, Any],
    region: str | None = None,
    seen_version: int | None = None,
    policy: ApplicantPolicy,
    at: datetime,
) -> ApplicationView:
    """Keep what was filled in so far: all of it takes the place of what was kept.

    Raises UnknownCodeError, AnswersError (names, types, size), StaleVersionError, NotFoundError (township).
    """
    row = find_draft(tx, code, at, lock=True)
    if row.case_id is not None:
        return _show(tx, row)
    if seen_version is not None and seen_version != row.version:
        raise StaleVersionError(
            "This application was saved elsewhere in the meantime; reload it.",
            "这份申请已在别处保存过，请重新打开后再填。",
            data={"seen_version": seen_version, "version": row.version},
        )
    applicants.public_program(tx, row.process)[1].validate_draft(dict(answers))
    region = row.region if region is None else applicants.require_township(tx, region, at).code
    until = at + policy.draft_lifetime
    applications.save(tx, row, answers=answers, region=region, at=at, until=until)
    return _show(tx, find_draft(tx, code, at))


def attach_to_application(
    tx: Tx,
    *,
    code: str,
    name: str,
    content: bytes,
    blobs: Blobs,
    limits: AttachmentLimits,
    policy: ApplicantPolicy,
    at: datetime,
) -> AttachmentView:
    """Keep a file for a draft, as long as the draft. Raises UnknownCodeError, FileRefusedError."""
    row = find_draft(tx, code, at, lock=True)
    if row.case_id is not None:
        raise UnknownCodeError
    return add_attachment(
        tx,
        name=name,
        content=content,
        actor=applicant_of(username=row.tag),
        at=at,
        blobs=blobs,
        limits=replace(limits, unused_attachment_hours=policy.draft_days * 24),
    )


def submit_application(tx: Tx, *, code: str, at: datetime) -> Receipt:
    """Open the case; sent once more, the same receipt again.

    Raises UnknownCodeError, AnswersError with every field at fault, NotFoundError (process gone).
    """
    row = find_draft(tx, code, at, lock=True)
    if row.case_id is not None:
        case, _ = cases.get_case(tx, row.case_id)
        return Receipt(number=case.number, case_id=show_id(case.id), region=case.region, process=case.process)
    applicants.public_program(tx, row.process)
    applications.hand_files(tx, row, APPLICANT)
    view = open_case(
        tx, process=row.process, region=row.region, answers=row.answers, actor=applicant_of(), at=at
    )
    applications.close(tx, row, read_id(view.id))
    return Receipt(number=view.number, case_id=view.id, region=view.region, process=view.process)


def find_draft(tx: Tx, code: str, at: datetime, *, lock: bool = False) -> ApplicationRow:
    """The draft under a code as somebody types it. Raises UnknownCodeError."""
    plain = read_code(code)
    row = applications.find(tx, hash_secret(plain), at, lock=lock) if plain else None
    if row is None:
        raise UnknownCodeError
    return row


def _show(tx: Tx, row: ApplicationRow) -> ApplicationView:
    number = None if row.case_id is None else cases.get_case(tx, row.case_id)[0].number
    return ApplicationView(
        process=row.process,
        region=row.region,
        form=applicants.public_program(tx, row.process)[1],
        answers=row.answers,
        version=row.version,
        saved_at=row.saved_at,
        expires_at=row.expires_at,
        number=number,
    )
