"""Turns what actions return into JSON, in the caller's language: a view's fields, but for what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache, singledispatch
from typing import Any

from api.language import language
from engine.actions import views
from engine.actions.bulk import BulkItem
from engine.actions.designing.changes import Change
from engine.actions.diagram import ElementView
from engine.actions.fund_kinds import FundView
from engine.actions.supervision.board import RegionLights, StepLights
from engine.actions.supervision.heat import StepHeat
from engine.actions.supervision.load import Queue
from engine.actions.tokens import TokenView
from engine.clocks import SHANGHAI
from engine.types import Finding


@singledispatch
def to_json(value: Any) -> Any:
    """The JSON-able form of a view, a page of views, a mapping; a plain value is its own form."""
    return _fields(value) if is_dataclass(value) else value


@to_json.register
def _mapping(value: Mapping) -> Any:  # type: ignore[type-arg]  # singledispatch takes plain classes only
    return {key: to_json(item) for key, item in value.items()}


@to_json.register(list)
@to_json.register(tuple)
def _sequence(value: Any) -> Any:
    return [to_json(item) for item in value]


@to_json.register(date)
@to_json.register(datetime)
def _moment(value: date) -> str:
    return value.isoformat()


@to_json.register(RegionLights)
@to_json.register(StepLights)
@to_json.register(StepHeat)
@to_json.register(ElementView)
def _two_names(view: Any) -> dict[str, Any]:
    return {**_fields(view, "name_en"), "name": _own(view.name, view.name_en)}


@to_json.register
def _queue(queue: Queue) -> dict[str, Any]:
    return {
        **_fields(queue, "region_name_en"),
        "region_name": _own(queue.region_name, queue.region_name_en),
    }


@to_json.register
def _bulk_item(item: BulkItem) -> dict[str, Any]:
    errors = [
        {"pointer": error.pointer, "message": _own(error.zh, error.en), "code": error.code}
        for error in item.errors
    ]
    return {
        **_fields(item, "name_en", "zh", "en", "errors"),
        "name": _own(item.name, item.name_en),
        "message": _own(item.zh, item.en),
        "errors": errors,
    }


@lru_cache
def _names(view: type, without: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(view) if field.name not in without)


def _fields(view: Any, *without: str) -> dict[str, Any]:
    """Every field of a view under its own name, but for those the caller shapes itself."""
    return {name: to_json(getattr(view, name)) for name in _names(view.__class__, without)}


def _own(zh: str, en: str) -> str:
    """The text in the caller's language; Chinese where there is no English."""
    return en if en and language() == "en" else zh


@to_json.register
def _task(task: views.TaskView) -> dict[str, Any]:
    return {**_fields(task, "name_en"), "name": _own(task.name, task.name_en)}


@to_json.register
def _task_detail(detail: views.TaskDetail) -> dict[str, Any]:
    form = detail.form.describe(language()) if detail.form else None
    return {**_task(detail.task), **_fields(detail, "task", "form"), "form": form}


@to_json.register
def _clock(clock: views.ClockView) -> dict[str, Any]:
    return {
        **_fields(clock, "clock", "calendar", "title_en"),
        "title": _own(clock.title, clock.title_en),
        "explanation": clock.explain(language()),
    }


@to_json.register
def _event(event: views.EventView) -> dict[str, Any]:
    clocks = {name: _with_due(clock) for name, clock in event.data.get("clocks", {}).items()}
    data = to_json({**event.data, "clocks": clocks} if clocks else event.data)
    return {**_fields(event, "data"), "data": data}


def _with_due(clock: Mapping[str, Any]) -> dict[str, Any]:
    """The record keeps instants as seconds; everybody else reads RFC 3339."""
    due = clock.get("due")
    return {**clock, "due": None if due is None else datetime.fromtimestamp(due, SHANGHAI)}


@to_json.register
def _incident(incident: views.IncidentView) -> dict[str, Any]:
    return {**_fields(incident, "zh", "en"), "message": _own(incident.zh, incident.en)}


@to_json.register
def _token(token: TokenView) -> dict[str, Any]:
    return _fields(token, "username")  # its holder asks


@to_json.register
def _definition_detail(detail: views.DefinitionDetail) -> dict[str, Any]:
    form = detail.start_form.describe(language()) if detail.start_form else None
    return {**_fields(detail.definition), "files": sorted(detail.files), "start_form": form}


@to_json.register
def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding of a check, as deployments and problem documents show it."""
    return {**_fields(finding, "zh", "en"), "message": _own(finding.zh, finding.en)}


@to_json.register
def _change(change: Change) -> dict[str, Any]:
    return {**_fields(change, "zh", "en"), "sentence": _own(change.zh, change.en)}


@to_json.register
def _fund(fund: FundView) -> dict[str, Any]:
    return {**_fields(fund, "name_en"), "name": _own(fund.name, fund.name_en)}
