"""What a running case shows: its open tasks, armed timers, waiting jobs and messages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.runtime.case import Case
from engine.runtime.events import Boundary
from engine.runtime.levels import EventSubProcess
from engine.runtime.spiff import MessageEventDefinition, TaskState
from engine.runtime.tasks import HumanTask, JobTask
from engine.runtime.timers import unpack
from engine.runtime.tokens import Token
from engine.runtime.values import Job, OpenTask, Subscription, WaitingTimer


def user_tasks(case: Case) -> tuple[OpenTask, ...]:
    """The user tasks that wait for a person, oldest first."""
    return tuple(_open_task(t) for t in _waiting(case, HumanTask))


def jobs(case: Case) -> tuple[Job, ...]:
    """The jobs that wait for their result, oldest first."""
    return tuple(_job(t) for t in _waiting(case, JobTask))


def timers(case: Case) -> tuple[WaitingTimer, ...]:
    """The armed timers, oldest first."""
    return tuple(_timer(t) for t in case.event_manager.tasks.values() if "timer" in t.internal_data)


def messages(case: Case) -> tuple[Subscription, ...]:
    """The messages that the case waits for, oldest first."""
    found = []
    for token in case.event_manager.tasks.values():
        definition = token.task_spec.event_definition
        if isinstance(definition, MessageEventDefinition):
            found.append(
                Subscription(
                    key=token.id,
                    element_id=_event_id(token),
                    name=definition.name or "",
                    correlation=token.internal_data.get("correlation"),
                )
            )
    return tuple(found)


def _waiting(case: Case, kind: type) -> list[Token]:
    return [
        token
        for level in [case, *case.subprocesses.values()]
        for token in level.tasks.values()
        if token.state == TaskState.WAITING and isinstance(token.task_spec, kind)
    ]


def _open_task(token: Token) -> OpenTask:
    spec, memory = token.task_spec, token.internal_data
    said = dict(spec.ext.assignment)
    priority = memory.get("priority", said.get("priority"))
    return OpenTask(
        key=token.id,
        element_id=spec.element_id,
        name=spec.title,
        lane=spec.lane or "",
        assignee=_text(memory.get("assignee", said.get("assignee"))),
        candidate_groups=_texts(memory.get("groups", said.get("groups"))),
        candidate_users=_texts(memory.get("users", said.get("users"))),
        form_id=_text(memory.get("form", said.get("form"))),
        due=unpack(memory.get("due")),
        follow_up=unpack(memory.get("follow_up")),
        priority=_number(priority, 50),
        properties=spec.ext.properties,
        scope=token.scope.view(),
    )


def _job(token: Token) -> Job:
    spec = token.task_spec
    return Job(
        key=token.id,
        element_id=spec.element_id,
        name=spec.title,
        type=token.internal_data["type"],
        retries=_number(token.internal_data.get("retries", spec.ext.retries), 3),
        headers=spec.ext.headers,
        scope=token.scope.view(),
        properties=spec.ext.properties,
    )


def _timer(token: Token) -> WaitingTimer:
    spec, memory, owner = token.task_spec, token.internal_data, token.owner
    starts = isinstance(spec, EventSubProcess)
    boundary = isinstance(spec, Boundary)
    properties = spec.start_ext.properties if starts else spec.ext.properties
    said = properties.get("escalation")
    return WaitingTimer(
        key=token.id,
        element_id=_event_id(token),
        name=spec.start_title if starts else spec.title,
        attached_to=owner.task_spec.element_id if owner is not None and boundary else "",
        attached_key=owner.id if owner is not None and boundary else "",
        value=unpack(memory["timer"]),
        interrupting=spec.interrupting if starts else not boundary or spec.cancel_activity,
        remaining=memory["left"],
        escalation=(starts or boundary) if said is None else said.removeprefix("=").strip() == "true",
        leads_to=spec.leads_to,
        properties=properties,
    )


def _event_id(token: Token) -> str:
    spec = token.task_spec
    found: str = spec.start_id if isinstance(spec, EventSubProcess) else spec.element_id
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _texts(value: Any) -> tuple[str, ...]:
    """A comma-separated text or a list, as Camunda 8 takes candidate groups and users."""
    items = value if isinstance(value, list) else _text(value).split(",")
    return tuple(text for item in items if (text := _text(item).strip()))


def _number(value: Any, default: int) -> int:
    try:
        return int(Decimal(str(value))) if value is not None else default
    except ArithmeticError:
        return default
