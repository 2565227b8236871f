"""Turns what actions return into JSON, in the caller's language. One function a view, no logic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import singledispatch
from typing import Any

from api.language import language
from engine.actions import views
from engine.actions.tokens import TokenView
from engine.clocks import SHANGHAI
from engine.types import Finding


@singledispatch
def to_json(value: Any) -> Any:
    """The JSON-able form of a view, a page of views, a mapping; a plain value is its own form."""
    return value


@to_json.register
def _mapping(value: Mapping) -> Any:  # type: ignore[type-arg]  # singledispatch takes plain classes only
    return {key: to_json(item) for key, item in value.items()}


@to_json.register(list)
@to_json.register(tuple)
def _sequence(value: Any) -> Any:
    return [to_json(item) for item in value]


@to_json.register
def _instant(value: datetime) -> str:
    return value.isoformat()


@to_json.register
def _date(value: date) -> str:
    return value.isoformat()


@to_json.register
def _page(page: views.Page) -> Any:  # type: ignore[type-arg]
    return {"items": [to_json(item) for item in page.items], "next": page.next}


def _own_name(zh: str, en: str) -> str:
    return en if en and language() == "en" else zh


@to_json.register
def _task(task: views.TaskView) -> dict[str, Any]:
    return {
        "id": task.id,
        "case_id": task.case_id,
        "case_number": task.case_number,
        "process": task.process,
        "process_name": task.process_name,
        "element_id": task.element_id,
        "name": _own_name(task.name, task.name_en),
        "status": task.status,
        "region": task.region,
        "assignee": task.assignee,
        "candidate_groups": list(task.candidate_groups),
        "candidate_users": list(task.candidate_users),
        "separate_from": list(task.separate_from),
        "form_id": task.form_id,
        "priority": task.priority,
        "due": to_json(task.due),
        "due_date": to_json(task.due_date),
        "light": task.light,
        "follow_up": to_json(task.follow_up),
        "opened_at": to_json(task.opened_at),
        "closed_at": to_json(task.closed_at),
        "closed_by": task.closed_by,
        "closed_for": task.closed_for,
        "version": task.version,
    }


@to_json.register
def _task_detail(detail: views.TaskDetail) -> dict[str, Any]:
    return {
        **_task(detail.task),
        "form": detail.form.describe(language()) if detail.form else None,
        "known": to_json(detail.known),
        "draft": to_json(detail.draft),
        "allowed": list(detail.allowed),
    }


@to_json.register
def _clock(clock: views.ClockView) -> dict[str, Any]:
    return {
        "name": clock.name,
        "kind": clock.kind,
        "status": clock.status,
        "due": to_json(clock.due),
        "due_date": to_json(clock.due_date),
        "promised_due": to_json(clock.promised_due),
        "promised_due_date": to_json(clock.promised_due_date),
        "light": clock.light,
        "provisional": clock.provisional,
        "explanation": clock.explain(language()),
    }


@to_json.register
def _summary(case: views.CaseSummary) -> dict[str, Any]:
    return {
        "id": case.id,
        "number": case.number,
        "process": case.process,
        "process_name": case.process_name,
        "process_version": case.process_version,
        "region": case.region,
        "business_key": case.business_key,
        "status": case.status,
        "outcome": case.outcome,
        "version": case.version,
        "light": case.light,
        "opened_at": to_json(case.opened_at),
        "opened_by": case.opened_by,
        "accepted_at": to_json(case.accepted_at),
        "closed_at": to_json(case.closed_at),
    }


@to_json.register
def _case(case: views.CaseView) -> dict[str, Any]:
    return {
        **_summary(case),
        "tasks": [_task(task) for task in case.tasks],
        "clocks": [_clock(clock) for clock in case.clocks],
    }


@to_json.register
def _event(event: views.EventView) -> dict[str, Any]:
    clocks = {name: _with_due(clock) for name, clock in event.data.get("clocks", {}).items()}
    return {
        "seq": event.seq,
        "at": to_json(event.at),
        "actor": event.actor,
        "kind": event.kind,
        "data": to_json({**event.data, "clocks": clocks} if clocks else event.data),
        "hash": event.hash,
    }


def _with_due(clock: Mapping[str, Any]) -> dict[str, Any]:
    """The record keeps instants as seconds; everybody else reads RFC 3339."""
    due = clock.get("due")
    return {**clock, "due": None if due is None else datetime.fromtimestamp(due, SHANGHAI)}


@to_json.register
def _audit(row: views.AuditView) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": to_json(row.at),
        "actor": row.actor,
        "kind": row.kind,
        "region": row.region,
        "data": to_json(row.data),
    }


@to_json.register
def _attachment(attachment: views.AttachmentView) -> dict[str, Any]:
    return {
        "id": attachment.id,
        "name": attachment.name,
        "sha256": attachment.sha256,
        "size": attachment.size,
        "type": attachment.type,
        "case_id": attachment.case_id,
        "used": attachment.used,
        "uploaded_by": attachment.uploaded_by,
        "uploaded_at": to_json(attachment.uploaded_at),
        "expires_at": to_json(attachment.expires_at),
    }


@to_json.register
def _incident(incident: views.IncidentView) -> dict[str, Any]:
    return {
        "id": incident.id,
        "case_id": incident.case_id,
        "case_number": incident.case_number,
        "region": incident.region,
        "kind": incident.kind,
        "element_id": incident.element_id,
        "code": incident.code,
        "message": _own_name(incident.zh, incident.en),
        "attempts": incident.attempts,
        "at": to_json(incident.at),
        "closed_at": to_json(incident.closed_at),
        "closed_by": incident.closed_by,
    }


@to_json.register
def _token(token: TokenView) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": list(token.scopes),
        "created_at": to_json(token.created_at),
        "expires_at": to_json(token.expires_at),
        "last_used_at": to_json(token.last_used_at),
    }


@to_json.register
def _definition(definition: views.DefinitionView) -> dict[str, Any]:
    return {
        "key": definition.key,
        "version": definition.version,
        "hash": definition.hash,
        "name": definition.name,
        "version_tag": definition.version_tag,
        "current": definition.current,
        "deployed_at": to_json(definition.deployed_at),
        "deployed_by": definition.deployed_by,
    }


@to_json.register
def _definition_detail(detail: views.DefinitionDetail) -> dict[str, Any]:
    form = detail.start_form.describe(language()) if detail.start_form else None
    return {**_definition(detail.definition), "files": sorted(detail.files), "start_form": form}


@to_json.register
def _deployment(deployment: views.DeploymentView) -> dict[str, Any]:
    return {
        "id": deployment.id,
        "at": to_json(deployment.at),
        "actor": deployment.actor,
        "changed": deployment.changed,
        "definitions": [_definition(definition) for definition in deployment.definitions],
        "findings": [finding_json(finding) for finding in deployment.findings],
    }


@to_json.register
def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding of a check, as deployments and problem documents show it."""
    return {
        "severity": finding.severity,
        "code": finding.code,
        "message": _own_name(finding.zh, finding.en),
        "file": finding.file,
        "element_id": finding.element_id,
        "element_name": finding.element_name,
        "line": finding.line,
        "column": finding.column,
    }
