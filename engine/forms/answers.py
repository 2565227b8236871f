"""Judges answers: settles what is hidden or computed, then holds every rule against what is visible.

Owns the meaning of hidden, readonly and required (docs/forms.md). Collects every fault; a rule that reads
a faulty answer waits until that answer is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.errors import BoundError
from engine.feel import Date, DateTime, Environment, Expression, Frame, Run, Value, compile
from engine.forms.bounds import AnswerPath
from engine.forms.model import Field, Level
from engine.forms.records import MISSING, Faults, Record, get, take
from engine.forms.sentences import fault, plain_fault
from engine.forms.values import scalar

Context = dict[str, Value]
_SIZES = {"minLength", "maxLength", "minItems", "maxItems"}
_WITHIN = {"min": compile("value >= limit"), "max": compile("value <= limit")}
_RULE_NAMES = {"min": "minimum", "max": "maximum"}


def judge(
    level: Level, answers: dict[str, Any], scope: Mapping[str, Value], env: Environment, faults: Faults
) -> dict[str, Value]:
    """The typed values of the form's variables, to be trusted only if `faults` stays empty."""
    record = take(level, answers, scope, faults)
    context: Context = {**scope, **record.data, "this": record.data, "parent": None, "i": []}
    judgement = Judgement(env, faults)
    if level.speaks_feel:
        judgement.settle(record, context)
    judgement.hold(record, context)
    return record.data


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value == "" or value == []


def _names_in(expressions: tuple[Expression, ...]) -> set[str]:
    return {name for expression in expressions for name in expression.names | expression.item_names}


def row_context(outer: Context, row: Record, number: int) -> Context:
    """As in form-js: the row is `this`, what encloses it `parent`, `i` the numbers of the rows from 1."""
    return {**outer, "this": row.data, "parent": outer, "i": [*outer["i"], Decimal(number + 1)]}


class Judgement:
    """One run over the records, with one budget of steps for all expressions together."""

    __slots__ = ("_faults", "_run")

    def __init__(self, env: Environment, faults: Faults) -> None:
        self._run, self._faults = Run(env), faults

    def settle(self, record: Record, context: Context) -> None:
        """Conditions and computed values, in the order in which they read each other."""
        own = {item.path[0] for item in record.level.fields} | {"this"}
        for item in record.level.fields:
            if item.hides and self._is_hidden(item, record, context):
                self._hide(
                    item, record, cleared=bool(record.base or (_names_in(item.hides) - {item.path[0]}) & own)
                )
            elif item.computed is not None:
                if self._faults.block(item.computed, record.base):
                    self._faults.doubt((*record.base, *item.path))
                record.put(item, self._value(item, item.computed, context))
            for number, row in enumerate(record.rows.get(item, ())):
                if row.level.speaks_feel:
                    self.settle(row, row_context(context, row, number))
            if not record.base:
                context[item.path[0]] = record.data[item.path[0]]

    def _is_hidden(self, item: Field, record: Record, context: Context) -> bool:
        for hide in item.hides:
            if self._faults.block(hide, record.base):
                record.unsure.add(item)
            elif self._value(item, hide, context) is True:
                return True
        return False

    def _hide(self, item: Field, record: Record, *, cleared: bool) -> None:
        record.hidden.add(item)
        record.rows.pop(item, None)
        sent = get(record.raw, item.path)
        if item.computed is None and sent is not MISSING and not _is_empty(sent):
            path = (*record.base, *item.path)
            self._faults.add(path, fault(path, "hidden", item))
        record.put(item, item.empty if cleared else record.before(item))

    def _value(self, item: Field, expression: Expression, context: Context) -> Value:
        self._run.text = expression.text
        try:
            return expression.run(Frame(context, None, self._run))
        except BoundError as error:
            error.data["component"] = item.id
            raise

    def hold(self, record: Record, context: Context) -> None:
        """Every rule of what is visible, rows before the lists they stand in."""
        for item in record.level.fields:
            if item in record.hidden or item in record.unsure:
                continue
            for number, row in enumerate(record.rows.get(item, ())):
                inside = row_context(context, row, number) if row.level.speaks_feel else context
                self.hold(row, inside)
            if item.computed is None or item.checks:
                self._hold_one(item, record, context)
        for group in record.level.groups:
            if group.checks and not self._is_hidden(group, record, context) and group not in record.unsure:
                self._hold_checks(group, get(record.data, group.path), record, context)

    def _hold_one(self, item: Field, record: Record, context: Context) -> None:
        path = (*record.base, *item.path)
        if item.rows is None and self._faults.touch(path):
            return
        value = get(record.data, item.path)
        is_sent = get(record.raw, item.path) is not MISSING
        if (item.locked or item.locks) and self.is_locked(item, record, context):
            if is_sent and value != record.before(item):
                self._faults.add(path, fault(path, "readonly", item))
            return
        if _is_empty(value) or not is_sent:
            if item.required:
                rule = "required-checkbox" if item.type == "checkbox" else "required"
                self._faults.add(path, fault(path, rule, item))
                return
        elif item.options_from is not None:
            self._hold_options(item, item.options_from, value, path, record, context)
        if item.limits:
            self._hold_limits(item, value, path, record, context)
        if item.unique_by:
            self._hold_unique(item, value, path)
        if item.no_past and value is not None and self._is_past(value):
            self._faults.add(path, fault(path, "past", item))
        if item.checks:
            self._hold_checks(item, value, record, context)

    def is_locked(self, item: Field, record: Record, context: Context) -> bool:
        """Whether the page may not change the field."""
        return item.locked or any(
            not self._faults.block(lock, record.base) and self._value(item, lock, context) is True
            for lock in item.locks
        )

    def evaluate(self, expression: Expression, context: Context) -> Value:
        """Any expression of the form, on the same budget of steps."""
        self._run.text = expression.text
        return expression.run(Frame(context, None, self._run))

    def _hold_limits(
        self, item: Field, value: Value, path: AnswerPath, record: Record, context: Context
    ) -> None:
        """Limits that the schema could not hold: FEEL ones, and the least number of items."""
        for name, limit in item.limits.items():
            if isinstance(limit, Expression):
                if self._faults.block(limit, record.base):
                    continue
                limit = self._value(item, limit, context)
            elif name != "minItems":
                continue
            if limit is None or (value is None and name != "minItems"):
                continue
            if name in _SIZES:
                broken = isinstance(limit, Decimal) and (
                    len(value) < limit if name[:3] == "min" else len(value) > limit
                )
            else:
                within = Frame({"value": value, "limit": limit}, None, self._run)
                broken = _WITHIN[name].run(within) is not True
            if broken:
                self._faults.add(path, fault(path, _RULE_NAMES.get(name, name), item, limit=limit))

    def _hold_options(
        self,
        item: Field,
        source: Expression,
        value: Value,
        path: AnswerPath,
        record: Record,
        context: Context,
    ) -> None:
        if self._faults.block(source, record.base):
            return
        listed = self._value(item, source, context)
        allowed = [
            scalar(one.get("value")) if isinstance(one, dict) else one
            for one in (listed if isinstance(listed, list) else [])
        ]
        chosen = value if isinstance(value, list) else [value]
        if not all(any(type(a) is type(one) and a == one for a in allowed) for one in chosen):
            self._faults.add(path, fault(path, "enum", item))

    def _hold_unique(self, item: Field, rows: list[Any], path: AnswerPath) -> None:
        seen: dict[tuple[str, ...], int] = {}
        for number, row in enumerate(rows):
            columns = [get(row, column) for column in item.unique_by]
            if any(value is None or value is MISSING for value in columns):
                continue
            first = seen.setdefault(tuple(f"{type(v).__name__}:{v}" for v in columns), number)
            if first != number:
                here = (*path, number, *item.unique_by[0])
                self._faults.add(here, fault(here, "duplicate", item, limit=first + 1))

    def _is_past(self, value: Value) -> bool:
        """Whether the day lies before today; unknown (so not) without a clock."""
        now = self._run.env.now
        day = value.date if isinstance(value, DateTime) else value
        return now is not None and isinstance(day, Date) and day.days < now.date.days

    def _hold_checks(self, item: Field, value: Value, record: Record, context: Context) -> None:
        path = (*record.base, *item.path)
        for check in item.checks:
            if self._faults.block(check.expression, record.base):
                continue
            holds = self._value(item, check.expression, {**context, "value": value})
            if holds is not True and holds is not None:
                self._faults.add(path, plain_fault(path, "check", check.zh, check.en))
