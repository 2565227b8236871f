"""What a step promises to the outside: notices and jobs, written to the outbox with the step itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import feel
from engine.actions.inside_job import LETTER, TYPES, Letter
from engine.actions.notice_writing import write_notice
from engine.actions.publication import FIELDS, PUBLIC_TYPES, published
from engine.actions.work import Work
from engine.runtime import Failure, Job
from engine.store import outbox
from engine.store.ids import new_id, show_id
from engine.store.packing import canonical


def promise_notice(work: Work, name: str, headers: Mapping[str, str], details: Mapping[str, Any]) -> None:
    """Promise a notice of our own: `headers` say to whom and how, `details` what about."""
    payload = {"notice": name, "headers": dict(headers), **details}
    _tell(work, name, name, payload, feel.to_feel(dict(details)))


def promise_served(work: Work, completed: str | None) -> None:
    """Promise the notice of the task that was done: what its doer hands over is a notice as well."""
    done = next((row for row in work.closed if row.key == completed), None)
    node = work.program.nodes.get(done.element_id) if done else None
    name = node.properties.get("notice") if node else None
    if node is not None and name:
        payload = {
            "element": node.element_id,
            "headers": {},
            "variables": feel.from_feel(dict(work.instance.variables)),
        }
        _tell(work, name, "notice", payload, work.instance.variables)


def promise_jobs(work: Work) -> None:
    """Promise what the instance handed over and the jobs it now waits for; withdraw those it dropped."""
    for job in work.instance.handed_over:
        name = job.properties.get("notice") or job.type or job.element_id
        payload = _payload(work, job)
        if payload is None:
            continue
        if job.type in TYPES:  # done inside the database: nobody gets a notice
            _promise(work, kind="job", type_=job.type, payload=payload, retries=job.retries)
            continue
        _tell(work, name, job.type or job.element_id, payload, job.scope, retries=job.retries)
    work.instance.handed_over.clear()
    waiting = {job.key: job for job in work.instance.jobs()}
    dropped = [key for key in work.live.jobs if key not in waiting]
    outbox.finish_items(work.tx, [work.live.jobs.pop(key) for key in dropped], work.at, "withdrawn")
    for key, job in waiting.items():
        if key not in work.live.jobs and (payload := _payload(work, job)) is not None:
            work.live.jobs[key] = _promise(
                work, kind="job", type_=job.type, payload=payload, key=key, retries=job.retries
            )


def promise_letter(work: Work, letter: Letter, element: str) -> None:
    """Promise a message to another case."""
    said = {
        "to": None if letter.to is None else show_id(letter.to),
        "message": letter.message,
        "payload": dict(letter.payload),
        "correlation": letter.correlation,
    }
    _promise(work, kind="job", type_=LETTER, payload={"element": element, "headers": {}, "variables": said})


def _payload(work: Work, job: Job) -> dict[str, Any] | None:
    """What the job takes along; None for a public one whose content the law would not let out."""
    variables = feel.from_feel(dict(job.scope))
    if job.type in PUBLIC_TYPES:
        variables, faults = published(variables)
        if faults:
            work.failures.append(_unpublishable(job, faults))
            return None
    return {"element": job.element_id, "headers": dict(job.headers), "variables": variables}


def _tell(
    work: Work, name: str, type_: str, payload: dict[str, Any], scope: Mapping[str, Any], *, retries: int = 3
) -> None:
    """Promise a notice; where it has a template, its record stands beside the promise, under the same id."""
    item_id = new_id(work.at)
    written = write_notice(work, name, scope, item_id)
    if written is not None:
        told, variables = written
        payload = {**payload, **told, **({"variables": variables} if "variables" in payload else {})}
    work.note("notices", name)
    payload = {"notice": name, **payload}
    _promise(work, kind="notice", type_=type_, payload=payload, retries=retries, item_id=item_id)


def _unpublishable(job: Job, faults: list[str]) -> Failure:
    zh = "、".join(f"{name}（{FIELDS[name][0]}）" for name in faults)
    en = ", ".join(f"{name} ({FIELDS[name][1]})" for name in faults)
    return Failure(
        element_id=job.element_id,
        key=job.key,
        zh=f"公示内容只能是姓名、家庭人数和金额；缺少或不合要求：{zh}。",
        en=f"Only name, household size and amount may be published; missing or unfit: {en}.",
        code="unpublishable",
    )


def _promise(
    work: Work,
    *,
    kind: str,
    type_: str,
    payload: dict[str, Any],
    key: str | None = None,
    retries: int = 3,
    item_id: int | None = None,
) -> int:
    item_id = item_id or new_id(work.at)
    work.outgoing.append(
        {
            "id": item_id,
            "case_id": work.row.id,
            "kind": kind,
            "type": type_,
            "key": key,
            "payload": canonical(payload),
            "priority": work.program.priority,
            "attempts": 0,
            "retries": retries,
            "run_at": work.at,
        }
    )
    return item_id
