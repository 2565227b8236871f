"""Reads the event definition of a node: timer, message, signal, error, escalation, link, terminate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.runtime.dialect import B, Unreadable
from engine.runtime.spiff import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    EventDefinition,
    MessageEventDefinition,
    NoneEventDefinition,
    SignalEventDefinition,
    TaskParser,
    TerminateEventDefinition,
)
from engine.runtime.timers import Timer

if TYPE_CHECKING:
    from engine.runtime.level_reader import ProcessReader

#: The event definitions that each kind of event may carry ("" is none).
_ALLOWED = {
    "startEvent": {"", "message", "timer", "signal"},
    "eventSubProcess": {"message", "timer", "signal", "error", "escalation"},
    "endEvent": {"", "message", "signal", "error", "escalation", "terminate"},
    "intermediateCatchEvent": {"message", "timer", "signal", "link"},
    "intermediateThrowEvent": {"", "message", "signal", "escalation", "link"},
    "boundaryEvent": {"message", "timer", "signal", "error", "escalation"},
}


class Link(EventDefinition):
    """A link event; the parser joins the two ends and the definition is not used at run time."""


class EventReader(TaskParser):
    """The event half of reading a node."""

    process_parser: ProcessReader
    kind: str

    def _definition(self, node: Any, kind: str) -> EventDefinition:
        found = [n for n in node if isinstance(n.tag, str) and n.tag.endswith("EventDefinition")]
        if len(found) > 1:
            raise Unreadable(
                "several-events",
                "Events with several definitions are not run here.",
                "不执行带多个事件定义的事件。",
            )
        what = found[0].tag[len(B) : -len("EventDefinition")] if found else ""
        if what not in _ALLOWED[kind]:
            shown = what or "none"
            raise Unreadable(
                "unsupported-event",
                f"A {shown!r} event is not run at a {kind!r}.",
                f"本引擎不支持在 {kind!r} 上使用 {shown!r} 事件。",
            )
        return self._define(node, what, found[0]) if found else NoneEventDefinition()

    def _define(self, node: Any, what: str, event: Any) -> EventDefinition:
        match what:
            case "timer":
                return self._timer(node, event)
            case "message":
                return self._message(event)
            case "signal":
                table = self.process_parser.parser.signals
                name = table.get(event.get("signalRef")) or ""
                if not name:
                    raise Unreadable("no-signal", "The event names no signal.", "该事件未指定信号。")
                return SignalEventDefinition(name)
            case "error":
                return self._coded(event, "error", self.process_parser.parser.errors, ErrorEventDefinition)
            case "escalation":
                table_of = self.process_parser.parser.escalations
                return self._coded(event, "escalation", table_of, EscalationEventDefinition)
            case "link":
                if not event.get("name"):
                    raise Unreadable("no-link", "The link event has no name.", "链接事件没有名称。")
                return Link(event.get("name"))
        return TerminateEventDefinition()

    def _timer(self, node: Any, event: Any) -> Timer:
        for kind in ("timeDuration", "timeDate", "timeCycle"):
            child = event.find(B + kind)
            if child is not None and (child.text or "").strip():
                return Timer(node.get("id") or "", kind, child.text.strip())
        raise Unreadable(
            "no-time", "The timer says no duration, date or cycle.", "定时事件未写时长、日期或周期。"
        )

    def _message(self, node: Any) -> EventDefinition:
        ref = node.get("messageRef")
        name = self.process_parser.parser.messages.get(ref) if ref else None
        throws = self.kind in ("endEvent", "intermediateThrowEvent", "sendTask")
        if not name and not (throws and not ref):
            raise Unreadable("no-message", "The element names no message.", "该节点未指定消息。")
        return MessageEventDefinition(name or "")

    def _correlation(self, node: Any) -> str:
        return self.process_parser.parser.correlation_keys.get(node.get("messageRef") or "", "")

    def _event_correlation(self, node: Any) -> str:
        event = node.find(f"{B}messageEventDefinition")
        return self._correlation(event) if event is not None else ""

    def _coded(self, event: Any, what: str, table: Any, cls: Any) -> EventDefinition:
        ref = event.get(f"{what}Ref")
        entry = table.get(ref) if ref else None
        if ref and entry is None:
            raise Unreadable(
                f"no-{what}", f"The {what} {ref!r} is not defined.", f"引用的 {ref!r} 没有定义。"
            )
        code = (entry or {}).get("code")
        if not code and self.kind in ("endEvent", "intermediateThrowEvent"):
            raise Unreadable(f"no-{what}-code", f"The thrown {what} has no code.", "抛出的事件没有代码。")
        definition: EventDefinition = cls((entry or {}).get("name") or "", code or None)
        return definition
