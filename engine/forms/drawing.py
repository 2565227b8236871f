"""A form as it stands with the answers so far: what is hidden, locked, offered, computed, in one language.

What a page needs to draw and nothing that judges: the one validator is `answers`, whose settling of
conditions this shares. A rule that cannot be evaluated yet (an answer it reads is missing or wrong)
hides nothing and locks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from engine.feel import Environment, Expression, ExpressionError, Value, compile, from_feel
from engine.forms.answers import Context, Judgement, row_context
from engine.forms.describing import component_text
from engine.forms.kinds import FUNCTIONS, KINDS
from engine.forms.model import Field
from engine.forms.privacy import PERSONAL, guarded_names, mask, masked
from engine.forms.records import MISSING, Record, get, take

if TYPE_CHECKING:
    from engine.forms.form import Form

_TEMPLATE = re.compile(r"\{\{((?:(?!\{\{|\}\}).)*)\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One visible component. `pointer` is the answer's place in the whole form (`/members/0/name`).

    `value` is JSON: what was sent for it, else what the case holds. A personal number that the case holds
    is masked; sent back so, it stands for the whole.
    """

    id: str
    type: str
    pointer: str = ""
    label: str = ""
    hint: str = ""
    text: str = ""
    article: str = ""
    required: bool = False
    locked: bool = False
    live: bool = False  # another part of the form reads this answer
    kind: str = ""
    subtype: str = ""
    zone: str = ""
    value: Any = None
    options: tuple[tuple[Any, str], ...] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    pattern: str = ""
    accept: tuple[str, ...] = ()
    prefix: str = ""
    suffix: str = ""
    source: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    children: tuple[Drawn, ...] = ()
    rows: tuple[tuple[Drawn, ...], ...] = ()


def draw(
    form: Form, lang: str, answers: Any, scope: Mapping[str, Value], env: Environment
) -> tuple[Drawn, ...]:
    """The visible components in the file's order. Raises BoundError as the validator does."""
    clean, faults = form.screened(answers, draft=True)
    env = replace(env, functions={**FUNCTIONS, **env.functions})
    record = take(form.level, _with_known_rows(form, clean, scope), scope, faults)
    context: Context = {**scope, **record.data, "this": record.data, "parent": None, "i": []}
    judgement = Judgement(env, faults)
    if form.level.speaks_feel:
        judgement.settle(record, context)
    artist = _Artist(form, "en" if lang.startswith("en") else "zh", judgement, env, _read_names(form))
    return artist.level(form.data["components"], record, context)


def _with_known_rows(form: Form, sent: dict[str, Any], scope: Mapping[str, Value]) -> dict[str, Any]:
    """The answers with the lists that the case holds already, so that their rows can be changed."""
    found = dict(sent)
    for item in form.level.fields:
        if item.rows is not None and len(item.path) == 1 and item.path[0] not in found:
            rows = from_feel(scope.get(item.path[0]))
            if isinstance(rows, list):
                found[item.path[0]] = masked(rows, guarded_names((form,)))
    return found


def _read_names(form: Form) -> frozenset[str]:
    """Every name that some expression of the form reads."""
    read: set[str] = set()
    for _, expression in form.notes.expressions:
        read |= expression.names | expression.item_names
    return frozenset(read)


@dataclass(slots=True)
class _Artist:
    form: Form
    lang: str
    judgement: Judgement
    env: Environment
    read: frozenset[str]

    def level(self, components: list[Any], record: Record, context: Context) -> tuple[Drawn, ...]:
        fields = {item.id: item for item in (*record.level.fields, *record.level.groups)}
        return tuple(self._components(components, fields, record, context))

    def _components(
        self, components: list[Any], fields: Mapping[str, Field], record: Record, context: Context
    ) -> list[Drawn]:
        found = []
        for raw in components:
            item = fields.get(str(raw.get("id")))
            drawn = (
                self._field(raw, item, record, context)
                if item is not None and raw["type"] != "group"
                else self._other(raw, item, fields, record, context)
            )
            if drawn is not None:
                found.append(drawn)
        return found

    def _other(
        self,
        raw: Mapping[str, Any],
        group: Field | None,
        fields: Mapping[str, Field],
        record: Record,
        context: Context,
    ) -> Drawn | None:
        """A group, or a component that only shows something."""
        hide = (raw.get("conditional") or {}).get("hide")
        if hide and self._value(str(hide), context) is True:
            return None
        return Drawn(
            id=str(raw.get("id")),
            type=raw["type"],
            label=component_text(raw, "label", self.lang),
            hint=component_text(raw, "description", self.lang),
            text=self._filled(
                component_text(raw, "text" if raw["type"] == "text" else "content", self.lang), context
            ),
            article=str((raw.get("properties") or {}).get("source", "")),
            source=self._filled(str(raw.get("source") or ""), context),
            columns=tuple((str(one["key"]), str(one.get("label", ""))) for one in raw.get("columns", ())),
            value=self._table(raw, context),
            children=tuple(self._components(raw.get("components", []), fields, record, context)),
        )  # fmt: skip

    def _field(self, raw: Mapping[str, Any], item: Field, record: Record, context: Context) -> Drawn | None:
        if item in record.hidden:
            return None
        sent = get(record.raw, item.path)
        kept = get(record.data, item.path)
        value = sent if sent is not MISSING and item.computed is None else self._masked(item, kept)
        rows = tuple(
            self.level(
                raw["components"],
                row,
                row_context(context, row, number) if row.level.speaks_feel else context,
            )
            for number, row in enumerate(record.rows.get(item, ()))
        )
        appearance = raw.get("appearance") or {}
        return Drawn(
            id=item.id,
            type=item.type,
            pointer="".join(f"/{part}" for part in (*record.base, *item.path)),
            label=component_text(
                raw, "dateLabel" if raw.get("dateLabel") else "label", self.lang
            ) or component_text(raw, "timeLabel", self.lang),
            hint=component_text(raw, "description", self.lang),
            article=str((raw.get("properties") or {}).get("source", "")),
            required=item.required,
            locked=self.judgement.is_locked(item, record, context),
            live=item.path[0] in self.read or "this" in self.read,
            kind=item.kind,
            subtype=item.subtype,
            zone=item.zone_format,
            value=value,
            options=self._options(item, context),
            limits=self._limits(item, context),
            pattern=item.pattern or (KINDS[item.kind].pattern if item.kind else ""),
            accept=item.accept,
            prefix=component_text(appearance, "prefixAdorner", self.lang, raw.get("properties"), "prefixEn"),
            suffix=component_text(appearance, "suffixAdorner", self.lang, raw.get("properties"), "suffixEn"),
            rows=rows,
        )  # fmt: skip

    def _masked(self, item: Field, kept: Value) -> Any:
        plain = from_feel(kept)
        return mask(item.kind, plain) if item.kind in PERSONAL and isinstance(plain, str) else plain

    def _options(self, item: Field, context: Context) -> tuple[tuple[Any, str], ...]:
        if item.options_from is None:
            return tuple(
                (from_feel(one.value), one.en if self.lang == "en" else one.zh) for one in item.options
            )
        listed = from_feel(self._run(item.options_from, context))
        found = []
        for one in listed if isinstance(listed, list) else []:
            if isinstance(one, dict):
                label = one.get("labelEn") if self.lang == "en" else None
                found.append((one.get("value"), str(label or one.get("label") or one.get("value"))))
            else:
                found.append((one, str(one)))
        return tuple(found)

    def _limits(self, item: Field, context: Context) -> dict[str, Any]:
        found = {
            name: from_feel(self._run(limit, context) if isinstance(limit, Expression) else limit)
            for name, limit in item.limits.items()
        }
        if item.floor is not None:
            found.setdefault("min", 0)
        return {name: limit for name, limit in found.items() if limit is not None}

    def _table(self, raw: Mapping[str, Any], context: Context) -> Any:
        if raw["type"] != "table" or not raw.get("dataSource"):
            return None
        rows = from_feel(self._value(str(raw["dataSource"]), context))
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def _filled(self, text: str, context: Context) -> str:
        """A text with what its `{{ }}` say, or what its expression gives."""
        if text.startswith("="):
            return _shown(self._value(text, context))
        return _TEMPLATE.sub(lambda found: _shown(self._value(f"={found[1]}", context)), text)

    def _value(self, text: str, context: Context) -> Value:
        try:
            return self._run(compile(text, names=self.form.notes.names), context)
        except ExpressionError:
            return None  # deployment has refused it; a preview shows the rest

    def _run(self, expression: Expression, context: Context) -> Value:
        return self.judgement.evaluate(expression, context)


def _shown(value: Value) -> str:
    plain = from_feel(value)
    return "" if plain is None else str(plain)
