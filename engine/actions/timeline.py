"""The record of a case in plain language: one sentence for each row, in both languages. Writes nothing.

A sentence says who did what; the elements passed, what was decided by which rule, what was escalated and
told stand beside it. Names of people are left to the reader of the sentence: `{by}` and the like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.actions.program import Program
from engine.actions.reading import read_case
from engine.actions.record import show_event
from engine.actions.views import EventView
from engine.store import events
from engine.store.db import Tx
from engine.types import Actor

Pair = tuple[str, str]
_OVERDUE = "task_overdue"  # the safety net's own notice, which the sentence tells of already


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A rule that fired: the decision, what its author wrote beside it (the article), what it looked at."""

    decision: str
    rule: str
    annotations: tuple[str, ...]
    inputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One row of the record. `people` are the accounts that the sentence names besides `by`."""

    seq: int
    at: datetime
    by: str
    acting_for: str | None
    kind: str
    zh: str
    en: str
    note: str = ""
    reached: tuple[Pair, ...] = ()
    escalated: tuple[Pair, ...] = ()
    notices: tuple[str, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    people: tuple[str, ...] = ()


def list_timeline(tx: Tx, *, case_id: int, actor: Actor) -> tuple[Moment, ...]:
    """What happened in a case that the actor may see, oldest first; NotFoundError otherwise."""
    _row, _clockwork, program = read_case(tx, case_id, actor)
    return tuple(tell(show_event(row, program), program) for row in events.list_events(tx, case_id))


def tell(event: EventView, program: Program) -> Moment:
    """One row of the record as a sentence with what belongs to it."""
    data = event.data
    zh, en = _SENTENCES.get(event.kind, _unknown)(_Words(event, program))
    tasks = [name for name in data.get("entered", ()) if _is_kind(program, name, "userTask")]
    return Moment(
        seq=event.seq,
        at=event.at,
        by=event.actor,
        acting_for=data.get("for"),
        kind=event.kind,
        zh=zh,
        en=en,
        note=str(data.get("reason") or data.get("ground") or data.get("text") or ""),
        reached=tuple(_name(program, name) for name in tasks),
        escalated=tuple(_name(program, one["element"]) for one in data.get("escalations", ())),
        notices=tuple(str(name) for name in data.get("notices", ()) if name != _OVERDUE),
        rulings=tuple(_ruling(program, one) for one in data.get("decisions", ())),
        people=tuple(name for name in (data.get("from"), data.get("to")) if isinstance(name, str)),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """What sentences are made of."""

    event: EventView
    program: Program

    @property
    def task(self) -> Pair:
        return _name(self.program, str(self.event.data.get("task", "")))

    @property
    def clock(self) -> Pair:
        return _name(self.program, str(self.event.data.get("clock", "")))

    def get(self, name: str) -> str:
        return str(self.event.data.get(name) or "")


def _name(program: Program, element: str) -> Pair:
    """What an element is called; its id where the designer gave it no name."""
    node = program.nodes.get(element.partition("#")[0])
    if node is None:
        return element, element
    zh = node.name or element
    return zh, node.properties.get("titleEn") or zh


def _is_kind(program: Program, element: str, kind: str) -> bool:
    node = program.nodes.get(element)
    return node is not None and node.kind == kind


def _ruling(program: Program, hit: Mapping[str, Any]) -> Ruling:
    decision = str(hit.get("decision", ""))
    model = program.definition.decisions.get(decision)
    node = model.definitions.nodes.get(decision) if model else None
    return Ruling(
        decision=node.label if node else decision,
        rule=str(hit.get("rule", "")),
        annotations=tuple(str(text) for text in (hit.get("annotations") or {}).values() if text),
        inputs=dict(hit.get("inputs") or {}),
    )


def _overdue(words: _Words) -> Pair:
    steps = words.event.data.get("safety_net", ())
    zh = "；".join(f"“{_name(words.program, one['task'])[0]}”超期，{one['act']}" for one in steps)
    en = "; ".join(f"“{_name(words.program, one['task'])[1]}” is overdue: {one['act']}" for one in steps)
    return zh or "任务超期", en or "A task is overdue"


def _unknown(words: _Words) -> Pair:
    return words.event.kind, words.event.kind.replace("_", " ")


def _with_task(zh: str, en: str) -> Callable[[_Words], Pair]:
    return lambda words: (zh.format(words.task[0]), en.format(words.task[1]))


def _with_clock(zh: str, en: str) -> Callable[[_Words], Pair]:
    return lambda words: (zh.format(words.clock[0]), en.format(words.clock[1]))


def _always(zh: str, en: str) -> Callable[[_Words], Pair]:
    return lambda _words: (zh, en)


def _timer(words: _Words) -> Pair:
    zh, en = _name(words.program, words.get("timer"))
    return f"期限到：{zh}", f"Time came: {en}"


_SENTENCES: Mapping[str, Callable[[_Words], Pair]] = {
    "case_opened": _always("开始办理", "Opened the case"),
    "task_completed": _with_task("办结“{}”", "Completed “{}”"),
    "task_claimed": _with_task("领取“{}”", "Claimed “{}”"),
    "task_released": _with_task("退回“{}”", "Released “{}”"),
    "task_assigned": _with_task("指派“{}”", "Assigned “{}”"),
    "task_delegated": _with_task("转办“{}”", "Delegated “{}”"),
    "task_overdue": _overdue,
    "task_chased": _with_task("催办“{}”", "Chased “{}”"),
    "timer_fired": _timer,
    "message_received": lambda words: (f"收到消息“{words.get('message')}”", "Received a message"),
    "job_finished": _always("系统办理完成一项", "The system finished a job"),
    "job_failed": _always("系统办理失败一项", "A job of the system failed"),
    "clock_paused": _with_clock("期限“{}”暂停", "Paused the clock “{}”"),
    "clock_resumed": _with_clock("期限“{}”恢复", "Resumed the clock “{}”"),
    "clock_extended": _with_clock("期限“{}”延长", "Extended the clock “{}”"),
    "clocks_recalculated": _always("工作日历变动，重新计算期限", "Counted the deadlines anew"),
    "incident_retried": _always("重试系统异常", "Retried what had failed"),
    "case_withdrawn": _always("撤回", "Withdrew the case"),
    "coordination_convened": _always("提请协调小组一事一议", "Put the case to the coordination group"),
    "comment_added": _always("留言", "Commented"),
    "data_revealed": _always("查看完整号码", "Looked at numbers in full"),
    "notice_delivered": _always("文书送达", "A notice was delivered"),
}  # fmt: skip
