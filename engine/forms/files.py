"""Finds the files that answers refer to, wherever a filepicker stands in a form.

Says only where they are named. Whether they exist and are what they claim to be, those know who keep them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from engine.errors import FieldError
from engine.forms.bounds import AnswerPath
from engine.forms.model import Field, Level
from engine.forms.records import get
from engine.forms.sentences import plain_fault


class FileReference(NamedTuple):
    """One entry of a filepicker's answer: `entries[place]`, an id or an object with an `id`."""

    path: AnswerPath
    field: Field
    entries: list[Any]
    place: int

    @property
    def id(self) -> str:
        """The id, or "" where the entry is malformed."""
        entry = self.entries[self.place]
        found = entry.get("id") if isinstance(entry, dict) else entry
        return found if isinstance(found, str) else ""

    def fault(self, code: str, zh: str, en: str) -> FieldError:
        """A refusal at this entry; `{zh}` and `{en}` in the sentences stand for the field's label."""
        words = {"zh": self.field.zh, "en": self.field.en}
        return plain_fault(self.path, code, zh.format(**words), en.format(**words))


def takes_files(level: Level) -> bool:
    """Whether a form, or a row of it, has a filepicker."""
    return any(
        item.type == "filepicker" or (item.rows is not None and takes_files(item.rows))
        for item in level.fields
    )


def references(level: Level, answers: Any, base: AnswerPath = ()) -> Iterator[FileReference]:
    """Every file that the answers name. Malformed answers name none; the form refuses them later."""
    for item in level.fields:
        if item.type != "filepicker" and item.rows is None:
            continue
        sent = get(answers, item.path)
        path = (*base, *item.path)
        for place, entry in enumerate(sent if isinstance(sent, list) else ()):
            if item.rows is None:
                yield FileReference((*path, place), item, sent, place)
            else:
                yield from references(item.rows, entry, (*path, place))
