"""Checks timers and loops: each says how long or how often, in text that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.definitions.diagram import Node, extension, local
from engine.definitions.expressions import places
from engine.definitions.report import Context, found
from engine.definitions.times import kind_of_time, meant_as_time
from engine.safe_xml import Element
from engine.types import Finding, Severity

_NEVER = re.compile(r"^=?\s*-P|^R0/|^R\d*/([^/]+/)?(-P|P(0+[YMWD])*(T(0+(\.0+)?[HMS])+)?$)")
TIMES = ("timeDate", "timeDuration", "timeCycle")


def check_timers(context: Context) -> Iterator[Finding]:
    """A timer has exactly one of date, duration and cycle, and it can be read."""
    for node in context.process.all_nodes():
        for definition in node.event_definitions():
            if local(definition) != "timerEventDefinition":
                continue
            times = [child for child in definition if local(child) in TIMES]
            texts = [(local(child), (child.text or "").strip()) for child in times]
            filled = [(kind, text) for kind, text in texts if text.strip("= ")]
            if not filled:
                zh = "没有写时间；请填写时限（如 workdays(3)）、ISO 8601 时长（如 P3D）、日期或周期。"
                en = "it has no time; write a limit such as workdays(3), a duration (P3D), a date or a cycle."
                yield found("error", "timer-without-time", node, zh, en)
            elif len(times) > 1:
                zh, en = "日期、时长、周期只能填一种。", "write only one of date, duration and cycle."
                yield found("error", "timer-with-several", node, zh, en)
            else:
                yield from _check_kind(node, *filled[0])


def _check_kind(node: Node, kind: str, text: str) -> Iterator[Finding]:
    """A cycle must be one; other times are read by what they are, wherever they stand."""
    actual = kind_of_time(text.removeprefix("=").strip())
    if _NEVER.search(text):
        zh = f"“{text}”不是向前的时间（负数、零周期或零次）；请改写。"
        en = f'"{text}" doesn\'t lead forward: it is negative, of no length or of no times; write another.'
        yield found("error", "timer-kind", node, zh, en)
    elif actual == "timeCycle" and _fires_once(node):
        zh = f"“{text}”是周期，而此处只触发一次；请改用时长，或改为非中断的边界事件。"
        en = f'"{text}" is a cycle, but this fires once; write a duration, or let a boundary event repeat '
        yield found("warning", "cycle-fires-once", node, zh, en + "without interrupting.")
    elif actual and actual != kind:
        zh = f"“{text}”与所选的定时类型（{kind}）不符；请改选类型或改写。"
        en = f'"{text}" doesn\'t fit the chosen kind of timer ({kind}); change the kind or the text.'
        severity: Severity = "error" if kind == "timeCycle" else "warning"
        yield found(severity, "timer-kind", node, zh, en)


def _fires_once(node: Node) -> bool:
    """Whether it interrupts or is passed when it fires; a start of the process is passed by hand."""
    if node.kind == "startEvent" and node.scope.element.get("triggeredByEvent") != "true":
        return False
    return node.kind == "intermediateCatchEvent" or node.is_interrupting


def check_times(context: Context) -> Iterator[Finding]:
    """Text that was meant as a time is one."""
    for place in places(context):
        text = place.text.strip()
        if place.otherwise == "iso" and meant_as_time(text):
            zh = f"{place.zh}“{text}”不是 ISO 8601 时间：时长如 P3D、PT24H、P1Y6M（年月与天时不可混写），"
            zh += "日期如 2026-10-01，周期如 R/P1M。"
            en = f'the {place.en} "{text}" is no ISO 8601 time: write P3D, PT24H or P1Y6M (months and days '
            en += "don't mix), 2026-10-01, or R/P1M."
            yield found("error", "bad-time", place.at, zh, en, line=place.line)


def check_loops(context: Context) -> Iterator[Finding]:
    """A multi-instance activity says over what, a loop says until when."""
    for node in context.process.all_nodes():
        for child in node.element:
            kind = local(child)
            if kind == "multiInstanceLoopCharacteristics":
                yield from _check_multi_instance(node, child)
            elif kind == "standardLoopCharacteristics":
                yield from _check_standard_loop(node, child)


def _check_multi_instance(node: Node, element: Element) -> Iterator[Finding]:
    loop = extension(element, "loopCharacteristics")
    collection = "" if loop is None else loop.get("inputCollection", "").strip()
    cardinality = [c for c in element if local(c) == "loopCardinality" and (c.text or "").strip()]
    if not collection and not cardinality:
        zh = "多实例没有指定输入集合（inputCollection）或次数；请填写。"
        en = "the multi-instance names neither an input collection nor a cardinality; give it one."
        yield found("error", "loop-without-collection", node, zh, en)
    if loop is not None and bool(loop.get("outputCollection")) != bool(loop.get("outputElement")):
        zh = "输出集合与输出元素须同时填写。"
        yield found("error", "bad-loop", node, zh, "output collection and output element belong together.")


def _check_standard_loop(node: Node, element: Element) -> Iterator[Finding]:
    maximum = element.get("loopMaximum")
    condition = [c for c in element if local(c) == "loopCondition" and (c.text or "").strip()]
    if maximum is not None and not (maximum.isascii() and maximum.isdigit()):
        zh = f"最大次数“{maximum}”不是非负整数。"
        yield found("error", "bad-loop", node, zh, f'the maximum "{maximum}" is no whole number.')
    elif maximum is None and not condition:
        zh = "循环既无条件也无最大次数，将永不结束；请至少填写一项。"
        en = "the loop has neither a condition nor a maximum, so it would never end; give it one."
        yield found("error", "bad-loop", node, zh, en)
