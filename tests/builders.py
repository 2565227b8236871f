"""Builders for tests: small processes in BPMN, and an office that works on cases through public actions."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine.actions.claim_task import claim_task
from engine.actions.complete_task import complete_task
from engine.actions.deploy import deploy
from engine.actions.open_case import open_case
from engine.actions.reading import get_case, get_clocks, get_history
from engine.actions.views import CaseView, ClockView, EventView, TaskView
from engine.clocks import SHANGHAI
from engine.effects import Effects
from engine.store import people
from engine.store.db import Database
from engine.store.ids import read_id
from engine.types import SYSTEM, Actor
from engine.worker import Worker

TOWN = "350481100"
TUESDAY = datetime(2026, 9, 22, 9, tzinfo=SHANGHAI)  # three days before the Mid-Autumn holiday

_DEFINITIONS = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="defs" targetNamespace="t">'
)


def bpmn(
    key: str,
    nodes: str,
    flows: str,
    properties: Mapping[str, str] | None = None,
    *,
    outside: str = "",
    head: str = "",
) -> bytes:
    """A process from node XML and flows written `a>b b>c?condition b>d?`: a bare "?" is the default flow."""
    arrows = "".join(_flow(number, text) for number, text in enumerate(flows.split(), 1))
    for number, text in enumerate(flows.split(), 1):
        if text.endswith("?"):
            nodes = nodes.replace(
                f'id="{text.split(">")[0]}"', f'id="{text.split(">")[0]}" default="f{number}"'
            )
    return (
        f"{_DEFINITIONS}{outside}<bpmn:process id={quoteattr(key)} name={quoteattr(key)} "
        f'isExecutable="true">{head}{_extensions(_properties(properties or {}))}{nodes}{arrows}'
        "</bpmn:process></bpmn:definitions>"
    ).encode()


def _flow(number: int, text: str) -> str:
    source, _, rest = text.partition(">")
    target, _, condition = rest.partition("?")
    inner = f"<bpmn:conditionExpression>={escape(condition)}</bpmn:conditionExpression>" if condition else ""
    ends = f'id="f{number}" sourceRef="{source}" targetRef="{target}"'
    return f"<bpmn:sequenceFlow {ends}>{inner}</bpmn:sequenceFlow>"


def _extensions(inner: str) -> str:
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>" if inner else ""


def _properties(pairs: Mapping[str, str]) -> str:
    rows = (f"<zeebe:property name={quoteattr(k)} value={quoteattr(v)}/>" for k, v in pairs.items())
    return f"<zeebe:properties>{''.join(rows)}</zeebe:properties>" if pairs else ""


def start(id_: str = "begin") -> str:
    return f'<bpmn:startEvent id="{id_}"/>'


def end(id_: str = "done", **properties: str) -> str:
    return f'<bpmn:endEvent id="{id_}">{_extensions(_properties(properties))}</bpmn:endEvent>'


def choice(id_: str) -> str:
    return f'<bpmn:exclusiveGateway id="{id_}"/>'


def user(
    id_: str,
    *,
    groups: str = "town.officer",
    assignee: str = "",
    due: str = "",
    form: str = "",
    **properties: str,
) -> str:
    """A user task; `due` is FEEL."""
    who = f"<zeebe:assignmentDefinition candidateGroups={quoteattr(groups)}/>" if groups else ""
    if assignee:
        who = f"<zeebe:assignmentDefinition assignee={quoteattr(assignee)}/>"
    schedule = f"<zeebe:taskSchedule dueDate={quoteattr('=' + due)}/>" if due else ""
    form_xml = f"<zeebe:formDefinition formId={quoteattr(form)}/>" if form else ""
    inner = f"<zeebe:userTask/>{who}{schedule}{form_xml}{_properties(properties)}"
    return f'<bpmn:userTask id="{id_}" name="{id_} name">{_extensions(inner)}</bpmn:userTask>'


def script(id_: str, expression: str, result: str) -> str:
    inner = f"<zeebe:script expression={quoteattr('=' + expression)} resultVariable={quoteattr(result)}/>"
    return f'<bpmn:scriptTask id="{id_}">{_extensions(inner)}</bpmn:scriptTask>'


def service(id_: str, type_: str, *, retries: str = "3") -> str:
    inner = f"<zeebe:taskDefinition type={quoteattr(type_)} retries={quoteattr(retries)}/>"
    return f'<bpmn:serviceTask id="{id_}">{_extensions(inner)}</bpmn:serviceTask>'


def send(id_: str, type_: str) -> str:
    inner = f"<zeebe:taskDefinition type={quoteattr(type_)}/>"
    return f'<bpmn:sendTask id="{id_}">{_extensions(inner)}</bpmn:sendTask>'


def boundary(id_: str, on: str, *, interrupting: bool = False, duration: str = "", cycle: str = "") -> str:
    """A boundary timer with a duration (or limit) or a cycle."""
    tag, text = ("timeCycle", cycle) if cycle else ("timeDuration", duration)
    return (
        f'<bpmn:boundaryEvent id="{id_}" attachedToRef="{on}" cancelActivity="{str(interrupting).lower()}">'
        f"<bpmn:timerEventDefinition><bpmn:{tag}>{text}</bpmn:{tag}></bpmn:timerEventDefinition>"
        "</bpmn:boundaryEvent>"
    )


def wait_for(id_: str, message: str) -> str:
    """An intermediate catch event; give `message_element(message)` as `outside`."""
    return (
        f'<bpmn:intermediateCatchEvent id="{id_}"><bpmn:messageEventDefinition messageRef="m_{message}"/>'
        "</bpmn:intermediateCatchEvent>"
    )


def message_element(message: str) -> str:
    return (
        f'<bpmn:message id="m_{message}" name="{message}"><bpmn:extensionElements>'
        '<zeebe:subscription correlationKey="=null"/></bpmn:extensionElements></bpmn:message>'
    )


# Receipt check, home visit with a reminder, confirmation by somebody else; one clock over all.
THREE_STEPS = bpmn(
    "three-steps",
    start()
    + user("check", due="workdays(1)")
    + user("visit", due="workdays(3)")
    + boundary("chase", "visit", duration="=workdays(2)")
    + send("tell", "sms")
    + end("told")
    + user("confirm", groups="town.leader", separateFrom="visit")
    + end(),
    "begin>check check>visit visit>confirm confirm>done chase>tell tell>told",
    {"clock:total": "workdays(20)"},
)


# The same work again and again, until somebody says that it is enough.
LOOP = bpmn(
    "loop",
    start() + user("again", due="workdays(1)") + choice("enough") + end(),
    "begin>again again>enough enough>done?stop enough>again?",
)


def copy_database(template: Path, folder: Path) -> Path:
    """The template's database and its keys in another folder; returns the database file."""
    for path in template.parent.iterdir():
        if path.name in ("aidflow.db", "keys.json"):
            shutil.copy2(path, folder)
    return folder / template.name


@dataclass
class Office:
    """People who work on cases in one database, each act in a transaction of its own."""

    database: Database
    now: datetime = TUESDAY
    people: dict[str, Actor] = field(default_factory=dict)

    def who(self, username: str) -> Actor:
        """The account as an actor; "system" is nobody's."""
        if username == SYSTEM.username:
            return SYSTEM
        if username not in self.people:
            with self.database.read() as tx:
                actor = people.find_actor(tx, username, self.now.date())
            assert actor is not None, username
            self.people[username] = actor
        return self.people[username]

    def deploy(self, **files: bytes) -> None:
        """Deploy files named by keyword, `_bpmn` and the like standing for the ending."""
        named = {".".join(name.rsplit("_", 1)): data for name, data in files.items()}
        designer = self.who("designer")
        with self.database.write() as tx:
            deploy(tx, files=named, actor=designer, at=self.now)

    def open(self, process: str, *, by: str = "officer", region: str = TOWN, **answers: Any) -> CaseView:
        return self.act(open_case, by, process=process, region=region, answers=answers)

    def act(self, action: Any, by: str = "officer", **arguments: Any) -> Any:
        """Any action that takes an actor, now."""
        actor = self.who(by)
        with self.database.write() as tx:
            return action(tx, actor=actor, at=self.now, **arguments)

    def claim(self, task: TaskView, by: str = "officer") -> TaskView:
        view: TaskView = self.act(claim_task, by, task_id=read_id(task.id))
        return view

    def complete(
        self, case: CaseView, element: str, by: str = "officer", *, seen: int | None = None, **answers: Any
    ) -> CaseView:
        """Complete the open task of an element of the case."""
        task = self.task(case, element)
        view: CaseView = self.act(
            complete_task, by, task_id=read_id(task.id), answers=answers, seen_version=seen
        )
        return view

    def task(self, case: CaseView, element: str) -> TaskView:
        """The open task of an element, as it is now."""
        return next(task for task in self.look(case).tasks if task.element_id == element)

    def look(self, case: CaseView) -> CaseView:
        with self.database.read() as tx:
            return get_case(tx, case_id=read_id(case.id), actor=SYSTEM, at=self.now)

    def clock(self, case: CaseView, name: str) -> ClockView:
        with self.database.read() as tx:
            found = get_clocks(tx, case_id=read_id(case.id), actor=SYSTEM, at=self.now)
        return next(clock for clock in found if clock.name == name)

    def history(self, case: CaseView) -> tuple[EventView, ...]:
        with self.database.read() as tx:
            return get_history(tx, case_id=read_id(case.id), actor=SYSTEM, limit=200).items

    def kinds(self, case: CaseView) -> list[str]:
        """The kinds of the history rows, in order."""
        return [event.kind for event in self.history(case)]

    def advance(self, to: datetime | timedelta, effects: Effects | None = None) -> int:
        """Move the clock and let one worker do what is due then; returns how many items."""
        self.now = self.now + to if isinstance(to, timedelta) else to
        return Worker(self.database, effects).run_due(self.now)
