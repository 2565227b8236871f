"""Tasks: work lists, one task, and what a person does with it."""

from __future__ import annotations

from flask import Blueprint

from api.endpoint import Call, endpoint
from api.schemas import answers, requests
from engine.actions import reading
from engine.actions.assign_task import assign_task
from engine.actions.claim_task import claim_task
from engine.actions.complete_task import complete_task
from engine.actions.delegate_task import delegate_task
from engine.actions.draft_task import draft_task
from engine.actions.release_task import release_task
from engine.actions.views import CaseView, Page, TaskDetail, TaskView
from engine.store.ids import read_id

routes = Blueprint("tasks", __name__, url_prefix="/api/v1")


@endpoint(
    routes,
    "GET",
    "/tasks",
    query=requests.TaskQuery,
    answer=answers.Page[answers.Task],
    access="read",
    problems=(404,),
)
def list_tasks(call: Call) -> Page[TaskView]:
    """Work lists: overdue and urgent first."""
    query = dict(call.query)
    case_id = query.pop("case_id")
    return reading.list_tasks(
        call.tx,
        actor=call.actor,
        at=call.at,
        case_id=read_id(case_id) if case_id else None,
        **query,
    )


@endpoint(routes, "GET", "/tasks/{task_id}", answer=answers.TaskDetail, access="read", problems=(404,))
def get_task(call: Call, task_id: str) -> TaskDetail:
    """One task with its form, what is known, the draft, and what you may do."""
    return reading.get_task(call.tx, task_id=read_id(task_id), actor=call.actor, at=call.at)


@endpoint(
    routes,
    "POST",
    "/tasks/{task_id}/claim",
    body=requests.Claim,
    answer=answers.Task,
    access="work",
    problems=(403, 404, 409),
)
def claim(call: Call, task_id: str) -> TaskView:
    """Take a task."""
    return claim_task(call.tx, task_id=read_id(task_id), actor=call.actor, at=call.at)


@endpoint(
    routes,
    "POST",
    "/tasks/{task_id}/release",
    body=requests.Claim,
    answer=answers.Task,
    access="work",
    problems=(403, 404, 409),
)
def release(call: Call, task_id: str) -> TaskView:
    """Give a task back to its group."""
    return release_task(call.tx, task_id=read_id(task_id), actor=call.actor, at=call.at)


@endpoint(
    routes,
    "POST",
    "/tasks/{task_id}/assign",
    body=requests.Assignment,
    answer=answers.Task,
    access="work",
    problems=(403, 404, 409),
)
def assign(call: Call, task_id: str) -> TaskView:
    """Assign a task to an eligible person."""
    return assign_task(call.tx, task_id=read_id(task_id), to=call.body.assignee, actor=call.actor, at=call.at)


@endpoint(
    routes,
    "POST",
    "/tasks/{task_id}/delegate",
    body=requests.Assignment,
    answer=answers.Task,
    access="work",
    problems=(403, 404, 409),
)
def delegate(call: Call, task_id: str) -> TaskView:
    """Hand a task that you hold to another eligible person."""
    return delegate_task(
        call.tx, task_id=read_id(task_id), to=call.body.assignee, actor=call.actor, at=call.at
    )


@endpoint(
    routes,
    "POST",
    "/tasks/{task_id}/draft",
    body=requests.Draft,
    answer=answers.Task,
    access="work",
    problems=(403, 404, 409),
)
def draft(call: Call, task_id: str) -> TaskView:
    """Keep unfinished answers; whoever opens the task next sees them."""
    return draft_task(
        call.tx, task_id=read_id(task_id), answers=call.body.answers, actor=call.actor, at=call.at
    )


@endpoint(
    routes,
    "POST",
    "/tasks/{task_id}/complete",
    body=requests.Completion,
    answer=answers.Case,
    access="work",
    problems=(403, 404, 409),
)
def complete(call: Call, task_id: str) -> CaseView:
    """Complete a task; answers with the case as it stands afterwards."""
    return complete_task(
        call.tx,
        task_id=read_id(task_id),
        answers=call.body.answers,
        seen_version=call.body.seen_version,
        actor=call.actor,
        at=call.at,
    )
