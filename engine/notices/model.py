"""A template and the notice that comes of it, in both languages. Frozen; shared between threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.feel import Environment, Expression, Value, from_feel, open_frame
from engine.notices.wording import said

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
APPLICANT, PUBLIC = "applicant", "public"
"""To whom a notice goes, besides the key of a role."""

Paragraph = tuple[str | Expression, ...]
Both = Mapping[Lang, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice filled in: what somebody was told, for ever."""

    title: Both
    basis: str
    paragraphs: Mapping[Lang, tuple[str, ...]]
    missing: tuple[str, ...] = ()  # the texts of the expressions that had no value

    def to_json(self) -> dict[str, Any]:
        paragraphs = {lang: list(found) for lang, found in self.paragraphs.items()}
        return {"title": dict(self.title), "basis": self.basis, "paragraphs": paragraphs}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Notice:
        paragraphs = {lang: tuple(found) for lang, found in data["paragraphs"].items()}
        return cls(title=data["title"], basis=data["basis"], paragraphs=paragraphs)

    @property
    def texts(self) -> Iterable[str]:
        """Everything in it that a template filled in."""
        return (text for found in self.paragraphs.values() for text in found)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Template:
    """One notice as the designer wrote it. `shows`, `days` and `while_` belong to postings alone."""

    key: str
    title: Both
    basis: str
    to: str
    body: Mapping[Lang, tuple[Paragraph, ...]]
    shows: tuple[str, ...] = ()
    days: Expression | None = None
    while_: str = ""

    @property
    def is_public(self) -> bool:
        return self.to == PUBLIC

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All FEEL of its body."""
        parts = (part for found in self.body.values() for paragraph in found for part in paragraph)
        return tuple(part for part in parts if not isinstance(part, str))

    @property
    def reads(self) -> frozenset[str]:
        """The variables that its body reads."""
        return frozenset(name for e in self.expressions for name in e.names - e.calls)

    def fill_in(self, scope: Mapping[str, Value], env: Environment) -> Notice:
        """The notice for these variables; a posting sees only those it shows. Raises BoundError."""
        seen = {name: scope.get(name) for name in self.shows} if self.is_public else scope
        missing: dict[str, None] = {}
        frame = open_frame(seen, env, self.key)

        def fill(part: str | Expression, lang: Lang) -> str:
            if isinstance(part, str):
                return part
            value = part.run(frame)
            if value is None:
                missing[part.text] = None
            return said(value, lang)

        paragraphs = {
            lang: tuple("".join(fill(part, lang) for part in paragraph) for paragraph in self.body[lang])
            for lang in LANGUAGES
        }
        return Notice(title=self.title, basis=self.basis, paragraphs=paragraphs, missing=tuple(missing))

    def shown(self, scope: Mapping[str, Value]) -> dict[str, Any]:
        """The variables of a posting as JSON: those it shows and no other."""
        return {name: from_feel(scope.get(name)) for name in self.shows}
