"""The attachments that answers name: they exist, may be used here, and are what the answers say.

An attachment belongs to its case, or until a case takes it up to whoever uploaded it. Anything else
is answered as if it did not exist. An id alone is replaced by the whole reference, so that the form's
limits and the record see the file's true name, size, type and hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from engine.errors import AnswersError, FieldError, NotFoundError
from engine.forms import FileReference, Form
from engine.store import attachments
from engine.store.attachments import AttachmentRow
from engine.store.db import Database, Tx, database_of
from engine.store.ids import read_id, show_id
from engine.types import Actor

_IMAGINED = "attachments are imagined"


class Attached(NamedTuple):
    """Answers whose references are complete, and the attachments that they name."""

    answers: Mapping[str, Any]
    ids: tuple[int, ...] = ()

    def bind(self, tx: Tx, case_id: int) -> None:
        """From now on the attachments belong to the case and are kept with it."""
        if self.ids:
            attachments.use(tx, self.ids, case_id)


def imagine_attachments(database: Database) -> None:
    """Let answers name files that nobody uploaded: scenarios play on paper."""
    database.kept[_IMAGINED] = True


def require_attachments(database: Database) -> None:
    """From now on files that answers name must exist, as they must unless somebody imagines them."""
    database.kept.pop(_IMAGINED, None)


def take_attachments(
    tx: Tx, form: Form | None, answers: Mapping[str, Any], *, actor: Actor, case_id: int | None = None
) -> Attached:
    """The answers with complete references. Raises AnswersError naming each that can't be used."""
    if form is None or not form.takes_files or _IMAGINED in database_of(tx).kept:
        return Attached(answers)
    complete = deepcopy(dict(answers))
    named = list(form.file_references(complete))
    if not named:
        return Attached(answers)
    numbers = {reference.id: _number(reference.id) for reference in named}
    rows = attachments.lock_some(tx, [number for number in numbers.values() if number is not None])
    faults: list[FieldError] = []
    used: list[int] = []
    for reference in named:
        if not reference.id:
            continue  # malformed: the form says so
        row = rows.get(numbers[reference.id] or 0)
        if row is None or not _may_use(row, actor, case_id):
            faults.append(_missing(reference))
        elif not _matches(reference.entries[reference.place], row):
            faults.append(_different(reference))
        else:
            reference.entries[reference.place] = reference_to(row)
            used.append(row.id)
    if faults:
        raise AnswersError(errors=faults)
    return Attached(complete, tuple(used))


def reference_to(row: AttachmentRow) -> dict[str, Any]:
    """What a form's answer says of an attachment."""
    return {
        "id": show_id(row.id),
        "name": row.name,
        "sha256": row.sha256.hex(),
        "size": row.size,
        "type": row.type,
    }


def _number(shown: str) -> int | None:
    try:
        return read_id(shown)
    except NotFoundError:
        return None


def _may_use(row: AttachmentRow, actor: Actor, case_id: int | None) -> bool:
    if row.case_id is None:
        return row.uploaded_by == actor.username
    return row.case_id == case_id


def _matches(entry: Any, row: AttachmentRow) -> bool:
    """An id says nothing more; of a whole reference all but the name must be what was stored."""
    if isinstance(entry, str):
        return True
    true = reference_to(row)
    return all(entry.get(name) == true[name] for name in ("sha256", "size", "type"))


def _missing(reference: FileReference) -> FieldError:
    return reference.fault(
        "attachment-missing",
        "“{zh}”引用的附件不存在、已过期或不属于本案，请重新上传。",
        "An attachment of “{en}” is not there, has expired or belongs elsewhere; upload it again.",
    )


def _different(reference: FileReference) -> FieldError:
    return reference.fault(
        "attachment-different",
        "“{zh}”引用的附件与所上传的不一致（摘要、大小或类型不符），请重新上传。",
        "An attachment of “{en}” is not what was uploaded (hash, size or type differ); upload it again.",
    )
