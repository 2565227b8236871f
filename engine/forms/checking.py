"""What is wrong with a form before anybody fills it in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import jsonschema_rs

from engine.forms.form import Form
from engine.forms.kinds import FUNCTIONS
from engine.forms.model import RESERVED, Field, Level
from engine.forms.schema import schema_of_field
from engine.forms.values import Refused, value_of
from engine.types import Finding


def check(
    form: Form, *, known: Collection[str] | None = None, functions: Collection[str] | None = None
) -> list[Finding]:
    """Findings by component; an `error` refuses the deployment.

    `known` are the variables of the case that can reach the form, and the product functions; without it,
    names that are neither are not looked for, and of functions only those that are none of `functions`.
    """
    found = list(form.notes.findings)
    for item in () if form.is_broken else _every_field(form.level):
        found += _default_value(form, item)
        found += _row_key(form, item)
        found += _bare_columns(form, item)
    if known is not None:
        found += _unknown_names(form, known)
    elif functions is not None:
        found += _unknown_functions(form, functions)
    return found


def _every_field(level: Level) -> Iterator[Field]:
    for item in level.fields:
        yield item
        if item.rows is not None:
            yield from _every_field(item.rows)


def _default_value(form: Form, item: Field) -> Iterator[Finding]:
    value = item.component.get("defaultValue")
    if value in (None, "", []) or item.computed is not None:
        return
    if jsonschema_rs.Draft202012Validator(schema_of_field(item)).is_valid(value):
        try:
            value_of(item, value, item.path)
            return
        except Refused:
            pass
    yield form.notes.finding(
        item.component, "bad-default",
        f"默认值 {value} 不合本字段自己的规则。", f"The default {value} breaks the field's own rules.",
    )  # fmt: skip


def _row_key(form: Form, item: Field) -> Iterator[Finding]:
    columns = {column.path for column in item.rows.fields} if item.rows else set()
    for key in item.unique_by:
        if key not in columns:
            name = ".".join(key)
            yield form.notes.finding(
                item.component, "unknown-column",
                f"uniqueBy 中的 {name} 不是本列表的字段。",
                f"`uniqueBy` names {name}, which is no field of this list.",
            )  # fmt: skip


def _bare_columns(form: Form, item: Field) -> Iterator[Finding]:
    """A row's own column without `this` would read null."""
    rows = item.rows.fields if item.rows else ()
    columns = {column.path[0] for column in rows} - form.variables.keys()
    for column in rows:
        for expression in column.expressions:
            for name in sorted(columns & expression.names):
                yield form.notes.finding(
                    column.component, "bare-column",
                    f"表达式 {expression.text} 中的 {name} 是本行的字段，请写成 this.{name}。",
                    f"{name} in {expression.text} is a column of the row; write this.{name}.",
                )  # fmt: skip


def _unknown_names(form: Form, known: Collection[str]) -> Iterator[Finding]:
    reachable: set[Any] = {*known, *form.variables, *FUNCTIONS, *RESERVED}
    for component, expression in form.notes.expressions:
        for name in sorted((expression.names | expression.calls) - reachable):
            yield form.notes.finding(
                component, "unknown-name",
                f"表达式 {expression.text} 中的 {name} 在此处不存在。",
                f"{name} in {expression.text} exists neither in the form nor in the case.",
            )  # fmt: skip


def _unknown_functions(form: Form, functions: Collection[str]) -> Iterator[Finding]:
    reachable: set[Any] = {*functions, *form.variables, *FUNCTIONS, *RESERVED}
    for component, expression in form.notes.expressions:
        for name in sorted(expression.calls - reachable):
            yield form.notes.finding(
                component, "unknown-function",
                f"表达式 {expression.text} 调用了未知函数 {name}。",
                f"{expression.text} calls the unknown function {name}.",
            )  # fmt: skip
