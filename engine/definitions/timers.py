"""Checks timers and loops: each says how long or how often, in text that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.definitions.diagram import Node, extension, local
from engine.definitions.expressions import is_iso, other_language
from engine.definitions.report import Context, found
from engine.types import Finding

TIMES = ("timeDate", "timeDuration", "timeCycle")
# Text that was meant as ISO 8601 or cron, not as FEEL: a digit, P or R followed by what no name has.
MEANT_AS_TIME = re.compile(
    r"-?(P[\dT]|P$|R\d*/|\d{4}-|\d{1,2}:\d\d|\d+[smhdwMYDH]\b)|[\d*/,\- ?LW#]+( [\d*/,\- ?LW#]+){4,}|@\w+"
)


def check_timers(context: Context) -> Iterator[Finding]:
    """A timer has exactly one of date, duration and cycle, and it can be read."""
    for node in context.process.all_nodes():
        for definition in node.event_definitions():
            if local(definition) != "timerEventDefinition":
                continue
            times = [child for child in definition if local(child) in TIMES]
            texts = [(local(child), (child.text or "").strip()) for child in times]
            filled = [(kind, text) for kind, text in texts if text]
            if not filled:
                zh = '没有写时间；请填写时限（如 workdays(3)、limit("…")）、ISO 8601 时长（如 P3D）、日期或周期。'
                en = "it has no time; write a limit such as workdays(3), an ISO 8601 duration (P3D), date or cycle."
                yield found("error", "timer-without-time", node, zh, en)
            elif len(times) > 1:
                zh, en = "日期、时长、周期只能填一种。", "write only one of date, duration and cycle."
                yield found("error", "timer-with-several", node, zh, en)
            else:
                yield from _check_time(node, *filled[0])


def _check_time(node: Node, kind: str, text: str) -> Iterator[Finding]:
    if text.startswith("=") or other_language(text):
        return
    if is_iso(text):
        fits = {"timeCycle": text.startswith("R"), "timeDuration": "P" == text.lstrip("-")[0]}.get(
            kind, text.lstrip("-")[0].isdigit()
        )
        if not fits:
            severity, code = ("error", "bad-timer") if kind == "timeCycle" else ("warning", "timer-kind")
            zh = f"“{text}”与所选的定时类型（{kind}）不符；请改选类型或改写。"
            en = f'"{text}" doesn\'t fit the chosen kind of timer ({kind}); change the kind or the text.'
            yield found("error" if severity == "error" else "warning", code, node, zh, en)
    elif MEANT_AS_TIME.match(text):
        zh = f"“{text}”不是 ISO 8601 时间：时长如 P3D、PT24H，日期如 2026-10-01，周期如 R/P1M。"
        en = f'"{text}" is no ISO 8601 time: durations look like P3D or PT24H, dates like 2026-10-01, cycles like R/P1M.'
        yield found("error", "bad-timer", node, zh, en)


def check_loops(context: Context) -> Iterator[Finding]:
    """A multi-instance activity says over what, a loop says until when."""
    for node in context.process.all_nodes():
        for child in node.element:
            kind = local(child)
            if kind == "multiInstanceLoopCharacteristics":
                yield from _check_multi_instance(node, child)
            elif kind == "standardLoopCharacteristics":
                yield from _check_standard_loop(node, child)


def _check_multi_instance(node: Node, element: object) -> Iterator[Finding]:
    loop = extension(element, "loopCharacteristics")
    collection = "" if loop is None else loop.get("inputCollection", "").strip()
    cardinality = [c for c in element if local(c) == "loopCardinality" and (c.text or "").strip()]  # type: ignore[attr-defined]
    if not collection and not cardinality:
        zh = "多实例没有指定输入集合（inputCollection）或次数；请填写。"
        en = "the multi-instance names neither an input collection nor a cardinality; give it one."
        yield found("error", "loop-without-collection", node, zh, en)
    if loop is not None and bool(loop.get("outputCollection")) != bool(loop.get("outputElement")):
        zh = "输出集合与输出元素须同时填写。"
        yield found("error", "bad-loop", node, zh, "output collection and output element belong together.")


def _check_standard_loop(node: Node, element: object) -> Iterator[Finding]:
    maximum = element.get("loopMaximum")  # type: ignore[attr-defined]
    condition = [c for c in element if local(c) == "loopCondition" and (c.text or "").strip()]  # type: ignore[attr-defined]
    if maximum is not None and not (maximum.isascii() and maximum.isdigit()):
        zh = f"最大次数“{maximum}”不是非负整数。"
        yield found("error", "bad-loop", node, zh, f'the maximum "{maximum}" is no whole number.')
    elif maximum is None and not condition:
        zh = "循环既无条件也无最大次数，将永不结束；请至少填写一项。"
        en = "the loop has neither a condition nor a maximum, so it would never end; give it one."
        yield found("error", "bad-loop", node, zh, en)
