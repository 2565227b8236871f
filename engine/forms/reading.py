"""Reads form-js JSON into the model and notes everything it can't mean here.

`parse` refuses what can't be read at all (DeploymentError). Everything else becomes a finding, so that a
designer sees all of them at once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from engine.errors import DeploymentError, FieldError
from engine.feel import Expression
from engine.forms.components import read_field, read_form_rules
from engine.forms.display import read_display
from engine.forms.model import DISPLAY, Field, Level, Path
from engine.forms.notes import Notes
from engine.forms.ordering import settle_order
from engine.forms.rules import Defaults

MAX_BYTES = 1_000_000
MAX_SCHEMA_VERSION = 19
"""The newest form-js schema this reads; form-js 2.0 writes it."""
MAX_DEPTH, MAX_COMPONENTS = 12, 500

_ROOT_KEYS = {"type", "id", "components", "schemaVersion", "exporter", "executionPlatform",
              "executionPlatformVersion", "properties", "versionTag", "$schema"}  # fmt: skip


def parse(text: str | bytes, *, file: str = "") -> dict[str, Any]:
    """The JSON object of a form file, numbers exact. Raises DeploymentError for what is no form at all."""
    if len(text) > MAX_BYTES:
        raise _unreadable(file, "表单文件不得超过 1 MB。", "A form file may have at most 1 MB.")
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8-sig")
        data = json.loads(
            decoded, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_unique_names
        )
        json.dumps(data, ensure_ascii=False, default=str).encode(
            "utf-8"
        )  # lone surrogates, written as \\ud800
    except (ValueError, RecursionError) as error:
        raise _unreadable(file, f"不是可读的 JSON：{error}", f"This is no readable JSON: {error}") from None
    if not isinstance(data, dict) or not isinstance(data.get("components"), list):
        raise _unreadable(
            file,
            "这不是 form-js 表单：应为含 components 列表的对象。",
            "This is no form-js form: it must be an object with a list `components`.",
        )
    if not isinstance(data.get("id"), str) or not data["id"]:
        raise _unreadable(file, "表单缺少 id。", "The form has no id.")
    return data


def _unreadable(file: str, zh: str, en: str) -> DeploymentError:
    return DeploymentError(
        zh=zh, en=en, errors=[FieldError(pointer=f"#{file}", zh=zh, en=en, code="unreadable-form")]
    )


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON number")


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"name {next(n for n in names if names.count(n) > 1)!r} stands twice in one object")
    return result


@dataclass(slots=True)
class _Place:
    """Where the walk is: the path and conditions of the enclosing groups, the level it fills."""

    fields: list[Field] = field(default_factory=list)
    groups: list[Field] = field(default_factory=list)
    path: Path = ()
    hides: tuple[Expression, ...] = ()
    row: bool = False


class Reader:
    """One pass over the components of one form; `notes` holds what was wrong."""

    def __init__(self, data: dict[str, Any], notes: Notes) -> None:
        self.data, self.notes = data, notes
        self._defaults = Defaults()
        self._ids: set[str] = set()
        self._count = self._depth = 0

    def read(self) -> Level:
        """The top level; the form itself stands among its groups, with the checks over the whole."""
        self._read_root()
        whole, self._defaults = read_form_rules(self.data, self.notes)
        return self._level(self.data["components"], _Place(groups=[whole]))

    def _read_root(self) -> None:
        error = self.notes.error
        if self.data.get("type") != "default":
            error({}, "form-type", "表单的 type 应为 default。", "The form's `type` must be `default`.")
        version = self.data.get("schemaVersion", 1)
        if (
            not isinstance(version, int)
            or isinstance(version, bool)
            or not 1 <= version <= MAX_SCHEMA_VERSION
        ):
            error(
                {}, "schema-version",
                f"不支持 schemaVersion {version}（支持 1 至 {MAX_SCHEMA_VERSION}）。",
                f"schemaVersion {version} is not supported (1 to {MAX_SCHEMA_VERSION} are).",
            )  # fmt: skip
        self.notes.unknown({}, self.data.keys() - _ROOT_KEYS, "attribute")

    def _level(self, components: list[Any], place: _Place) -> Level:
        self._collect(components, place)
        self._refuse_clashes(place.fields)
        return settle_order(place.fields, place.groups, self.notes, row=place.row)

    def _collect(self, components: list[Any], place: _Place) -> None:
        self._depth += 1
        for component in components if self._depth <= MAX_DEPTH else [None]:
            self._count += 1
            if not isinstance(component, dict) or self._count > MAX_COMPONENTS:
                self.notes.error(
                    {}, "component-shape",
                    f"组件不是对象，或嵌套超过 {MAX_DEPTH} 层，或总数超过 {MAX_COMPONENTS} 个。",
                    f"A component is no object, over {MAX_DEPTH} deep, or one of over {MAX_COMPONENTS}.",
                )  # fmt: skip
                break
            self._collect_one(component, place)
        self._depth -= 1

    def _collect_one(self, component: dict[str, Any], place: _Place) -> None:
        self._check_id(component)
        kind = component.get("type")
        if isinstance(kind, str) and kind in DISPLAY:
            read_display(component, self.notes)
            return
        built = read_field(component, place.path, place.hides, self._defaults, self.notes)
        if built is None:
            return
        children = component.get("components", [])
        if kind not in ("group", "dynamiclist"):
            place.fields.append(built)
        elif not isinstance(children, list):
            self.notes.error(
                component, "component-shape", "components 应为列表。", "`components` must be a list."
            )
        elif kind == "group":
            place.groups.append(built)
            inside = _Place(place.fields, place.groups, built.path, built.hides, place.row)
            self._collect(children, inside)
        else:
            place.fields.append(replace(built, rows=self._level(children, _Place(row=True))))

    def _check_id(self, component: dict[str, Any]) -> None:
        identity = component.get("id")
        if not isinstance(identity, str) or not identity:
            self.notes.error(component, "component-id", "组件缺少 id。", "A component has no id.")
        elif identity in self._ids:
            zh, en = f"组件 id {identity} 重复。", f"The id {identity} stands twice."
            self.notes.error(component, "duplicate-id", zh, en)
        else:
            self._ids.add(identity)

    def _refuse_clashes(self, fields: list[Field]) -> None:
        taken: dict[Path, Field] = {}
        for item in fields:
            taken.setdefault(item.path, item)
        for item in fields:
            ahead = [taken[item.path[:n]] for n in range(1, len(item.path) + 1) if item.path[:n] in taken]
            if ahead and ahead[0] is not item:
                name = ".".join(item.path)
                self.notes.error(
                    item.component, "duplicate-key",
                    f"字段名 {name} 与组件 {ahead[0].id} 重复或落在其中。",
                    f"The key {name} is taken by, or lies inside, component {ahead[0].id}.",
                )  # fmt: skip
