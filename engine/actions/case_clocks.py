"""What the elements a case has passed say to its clocks: start, stop, pause, resume, extend.

The words are the element properties of docs/architecture.md ("runtime"); expressions in them see the
case's variables and the law in force on its acceptance day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.actions.clockwork import as_limit
from engine.actions.instants import instant_of
from engine.actions.promises import promise_notice
from engine.actions.work import Work
from engine.clocks import Limit
from engine.errors import InputError
from engine.runtime import ElementEvent


def start_case_clocks(work: Work) -> None:
    """Start the clocks that run from the opening; a case that no element accepts is accepted at once."""
    if not work.program.started_by_element:
        work.accept(work.at)
    for name in work.program.clock_limits:
        if name not in work.program.started_by_element:
            start_clock(work, name, work.at)


def start_clock(work: Work, name: str, since: datetime) -> None:
    """Start the case clock `name` as of `since`, with the limit that the process gives it."""
    properties, instance = work.program.definition.properties, work.instance
    what, promised = f"clock:{name}", None
    if what not in properties:
        raise InputError(f'The process declares no clock "{name}".', f"流程没有声明时限“{name}”。")
    if (text := properties.get(f"{what}:promised")) is not None:
        promised = as_limit(instance.evaluate(text), f"{what}:promised")
    limit = as_limit(instance.evaluate(properties[what]), what)
    work.clockwork.start(name, limit, since, by=work.actor.username, parent=None, promised=promised)


def follow_trace(work: Work) -> None:
    """Let every element that was entered or left since the last step speak to the clocks, in order."""
    for event in work.trace:
        if event.what == "taken":
            continue
        node = work.program.nodes.get(event.element_id)
        properties = node.properties if node else {}
        if not properties:
            continue
        if event.what == "entered":
            _entered(work, event, properties)
        else:
            _left(work, event, properties)


def _entered(work: Work, event: ElementEvent, properties: Mapping[str, str]) -> None:
    started = properties.get("startClock")
    if started and not work.clockwork.is_open(started):
        since = _start_of(work, event, properties)
        work.accept(since)
        start_clock(work, started, since)
    paused = properties.get("pauseClock")
    if paused and work.clockwork.is_open(paused):
        ground = properties.get("pauseGround") or event.name
        work.clockwork.pause(paused, work.at, work.actor.username, ground, cause=event.key)


def _start_of(work: Work, event: ElementEvent, properties: Mapping[str, str]) -> datetime:
    """When the clock that an element starts begins to run: now, or at an earlier date or instant.

    行政许可法 Art.32(4): what is deemed accepted counts from the day the papers were received.
    """
    said = properties.get("startAt")
    value = work.instance.evaluate(said) if said else None
    since = work.at if value is None else instant_of(value)
    if since > work.at:
        raise InputError(
            f"{event.element_id}: startAt lies in the future ({since.isoformat()}).",
            f"{event.element_id}：时限起算时间（startAt）晚于当前时间（{since.isoformat()}）。",
        )
    return since


def _left(work: Work, event: ElementEvent, properties: Mapping[str, str]) -> None:
    by, clockwork = work.actor.username, work.clockwork
    paused = properties.get("pauseClock")
    if paused and clockwork.is_open(paused) and event.key in clockwork.get(paused).open_causes():
        clockwork.resume(paused, work.at, by, cause=event.key)
    if event.what != "completed":
        return
    if extended := properties.get("extendClock"):
        limit = as_limit(work.instance.evaluate(properties.get("extendTo", "null")), event.element_id)
        ground = _text(work, properties.get("ground", ""))
        extend_clock(work, extended, limit, ground, properties.get("article", ""))
    if stopped := properties.get("stopClock"):
        clockwork.stop(stopped, work.at, by)


def _text(work: Work, text: str) -> str:
    """A property as written, or what it evaluates to where it begins with "="."""
    return str(work.instance.evaluate(text)) if text.lstrip().startswith("=") else text


def extend_clock(work: Work, name: str, limit: Limit, ground: str, article: str) -> None:
    """Extend a clock with the actor as approver, and promise the applicant a notice of it."""
    by = work.actor.username
    work.clockwork.extend(name, work.at, by, limit, ground, by, article)
    due = work.clockwork.deadline(name).due_date
    details = {"clock": name, "ground": ground, "article": article, "due": due and due.isoformat()}
    promise_notice(work, "clock_extended", {"to": "applicant"}, details)
