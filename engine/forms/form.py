"""The compiled form: what other folders hold in their hands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from engine.errors import AnswersError, DeploymentError, FieldError
from engine.feel import DEFAULT, Environment, Value
from engine.forms.answers import judge
from engine.forms.bounds import screen
from engine.forms.describing import describe
from engine.forms.drawing import Drawn, draw
from engine.forms.files import FileReference, references, takes_files
from engine.forms.kinds import FUNCTIONS
from engine.forms.model import Field, Level
from engine.forms.named_accounts import accounts_in, has_accounts
from engine.forms.naming import variables_of
from engine.forms.notes import Notes
from engine.forms.reading import Reader, parse
from engine.forms.records import Faults
from engine.forms.relatives import has_relatives, relatives_in
from engine.forms.shape import MOST_FAULTS, Shape, character_fault


class Form:
    """One form, compiled once. Immutable; safe to share between threads."""

    def __init__(self, data: dict[str, Any], *, file: str = "", names: Iterable[str] = ()) -> None:
        self.notes = Notes(file=file, names=tuple(names))
        self.data = data
        self.level: Level = Reader(data, self.notes).read()
        self.id: str = data["id"]
        self.file = file
        self.variables: Mapping[str, str] = variables_of(self.level)
        self._whole: Field = self.level.groups[0]
        self.is_broken = any(finding.severity == "error" for finding in self.notes.findings)
        self._shape = Shape(Level(()) if self.is_broken else self.level)
        self._calls_ours = any(
            FUNCTIONS.keys() & expression.calls for _, expression in self.notes.expressions
        )
        self._described: dict[str, dict[str, Any]] = {}

    def __repr__(self) -> str:
        return f"<Form {self.id}>"

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the top level, those in groups too, in the order in which they are settled."""
        return self.level.fields

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of the answers; limits are exact (`Decimal`)."""
        return self._shape.schema

    @cached_property
    def reads(self) -> frozenset[str]:
        """Variables of the case that the form's expressions read and no field of it writes."""
        read: set[str] = set()
        for _, expression in self.notes.expressions:
            read |= expression.names - expression.calls
        return frozenset(read - self.variables.keys() - {"this", "parent", "i", "value"})

    @cached_property
    def files_relatives(self) -> bool:
        """Whether a field names people to be recused (property `recuses`)."""
        return has_relatives(self.level)

    def relatives(self, values: Mapping[str, Value]) -> list[tuple[str, str]]:
        """Whom validated answers name as relatives: pairs of "name" or "account" and what was written."""
        return list(relatives_in(self.level, values))

    @cached_property
    def names_accounts(self) -> bool:
        """Whether a field names an account (property `account`)."""
        return has_accounts(self.level)

    def accounts(self, values: Mapping[str, Value]) -> list[tuple[str, str]]:
        """Which accounts validated answers name: pairs of a pointer and the user name written there."""
        return list(accounts_in(self.level, values))

    @cached_property
    def takes_files(self) -> bool:
        """Whether answers can refer to attachments."""
        return takes_files(self.level)

    def file_references(self, answers: Any) -> Iterator[FileReference]:
        """The attachments that unchecked answers name, each with its place."""
        return references(self.level, answers)

    def title(self, lang: str) -> str:
        return self._whole.en if lang.startswith("en") else self._whole.zh

    def describe(self, lang: str) -> dict[str, Any]:
        """JSON for a renderer, in `zh` (default) or `en`; the same object each time, not to be changed."""
        lang = "en" if lang.startswith("en") else "zh"
        if lang not in self._described:
            self._described[lang] = describe(self.data, self.level, self.title(lang), lang)
        return self._described[lang]

    def draw(
        self, lang: str, answers: Any, scope: Mapping[str, Value], env: Environment = DEFAULT
    ) -> tuple[Drawn, ...]:
        """What a page shows with the answers so far: conditions, options and computed values settled."""
        return draw(self, lang, answers, scope, env)

    def validate(
        self, answers: Any, scope: Mapping[str, Value], env: Environment = DEFAULT
    ) -> dict[str, Value]:
        """The FEEL value of every variable of the form. `scope` holds the case's variables.

        Raises AnswersError with every fault at once, BoundError when an expression runs too long.
        """
        if self.is_broken:
            raise DeploymentError(data={"form": self.id})
        clean, faults = self.screened(answers)
        if self._calls_ours:
            env = replace(env, functions={**FUNCTIONS, **env.functions})
        values = judge(self.level, clean, scope, env, faults)
        _raise(faults.errors)
        return values

    def validate_draft(self, answers: Any) -> None:
        """Refuses a draft that is too big or has unknown names or wrong types; says nothing about gaps."""
        _, faults = self.screened(answers, draft=True)
        _raise(faults.errors)

    def screened(self, answers: Any, *, draft: bool = False) -> tuple[dict[str, Any], Faults]:
        """The answers as far as they can be read, and what was wrong with the rest; a draft may have gaps."""
        clean, refused = screen(answers)
        faults = Faults()
        for path, reason in refused.items():
            faults.add(path, character_fault(self.level, path, reason))
        for path, error in self._shape.faults(clean, draft=draft):
            faults.add(path, error)
        return clean, faults


def _raise(errors: list[FieldError]) -> None:
    if not errors:
        return
    unique = {(error.pointer, error.code, error.en): error for error in errors}
    raise AnswersError(errors=list(unique.values())[:MOST_FAULTS])


def load(text: str | bytes, *, file: str = "", names: Iterable[str] = ()) -> Form:
    """Reads and compiles a form file.

    `names` are the names with spaces that its expressions may use (product functions). Raises
    DeploymentError for what is no form at all; `check` lists what else is wrong with it.
    """
    return Form(parse(text, file=file), file=file, names=names)
