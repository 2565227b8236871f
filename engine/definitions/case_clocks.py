"""Checks our own properties: case clocks and where they start, stop, pause and extend; notices, outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.definitions.diagram import ACTIVITIES, Node, Scope, properties
from engine.definitions.duties import PROPERTIES as DUTIES
from engine.definitions.expressions import uses
from engine.definitions.report import Context, did_you_mean, found
from engine.definitions.times import kind_of_time
from engine.types import Finding, Severity

CLOCK_NAME = re.compile(r"[\w.\-]+")
NODE_PROPERTIES = frozenset(
    "startClock startAt stopClock pauseClock pauseGround extendClock extendTo ground article "
    "titleEn escalation notice outcome".split()
).union(DUTIES)
PROCESS_PROPERTIES = frozenset({"emergency", "titleEn", "public", "need", "needEn", "openedBy", "result"})
USES_CLOCK = ("startClock", "stopClock", "pauseClock", "extendClock")
NEEDS = {
    "startAt": ("startClock", "未说明哪个时钟从此起算", "it doesn't say which clock starts there"),
    "pauseClock": ("pauseGround", "暂停须有理由", "a pause needs its ground"),
    "pauseGround": ("pauseClock", "未说明暂停哪个时钟", "it doesn't say which clock is paused"),
    "extendClock": ("extendTo", "延长须说明延长到多久", "an extension needs its new limit"),
    "extendTo": ("extendClock", "未说明延长哪个时钟", "it doesn't say which clock is extended"),
}
LIMIT_CALL = re.compile(r'\blimit\s*\(\s*"([^"]+)"')
CLOCK_CALL = re.compile(r'\bclock\s*\(\s*"([^"]+)"')


def declared_clocks(context: Context) -> set[str]:
    """The case clocks that the process's own properties define."""
    names = properties(context.process.element)
    return {
        name.removeprefix("clock:") for name in names if name.startswith("clock:") and name.count(":") == 1
    }


def check_clock_definitions(context: Context) -> Iterator[Finding]:
    """`clock:<name>` and `clock:<name>:promised` stand on the process, each with a limit."""
    process = context.process
    clocks = declared_clocks(context)
    for name, value in properties(process.element).items():
        if not name.startswith("clock:"):
            continue
        _, clock, *rest = name.split(":")
        if not CLOCK_NAME.fullmatch(clock) or rest not in ([], ["promised"]):
            zh = f"属性“{name}”应写作 clock:<名称> 或 clock:<名称>:promised。"
            en = f'the property "{name}" must read clock:<name> or clock:<name>:promised.'
            yield found("error", "bad-clock", process, zh, en)
        elif not value.strip():
            zh = f'时钟“{clock}”没有时限；例如 limit("dibao.total")。'
            yield found(
                "error", "bad-clock", process, zh, f'the clock "{clock}" has no limit, such as workdays(20).'
            )
        elif kind_of_time(value.strip().removeprefix("=").strip()):
            zh = f"“{value}”不是时限；时限须说明按什么日子计算，如 calendar days(3)、workdays(3)。"
            en = f'"{value}" is no limit: say which days count, such as calendar days(3) or workdays(3).'
            yield found("error", "bad-clock", process, zh, en)
        elif rest and clock not in clocks:
            zh = f"有承诺时限，但没有法定时限 clock:{clock}。"
            yield found(
                "error", "bad-clock", process, zh, f"a promised limit without the statutory clock:{clock}."
            )


def check_clock_uses(context: Context) -> Iterator[Finding]:
    """Elements and timers use clocks that the process defines."""
    clocks = declared_clocks(context)
    for node in context.process.all_nodes():
        said = properties(node.element)
        for name in USES_CLOCK:
            clock = said.get(name, "").strip()
            if name in said and clock not in clocks:
                hint_zh, hint_en = did_you_mean(clock, clocks)
                zh = f"{name} 所指的时钟“{clock}”未定义；请在流程上加属性 clock:{clock}。{hint_zh}"
                en = f'{name} names the clock "{clock}", which isn\'t defined: add clock:{clock}.{hint_en}'
                yield found("error", "unknown-clock", node, zh, en)
        for name, (other, zh_why, en_why) in NEEDS.items():
            if name in said and not said.get(other, "").strip():
                zh, en = f"有 {name} 而没有 {other}：{zh_why}。", f"{name} without {other}: {en_why}."
                yield found("error", "bad-property", node, zh, en)
    for use in uses(context):
        for clock in CLOCK_CALL.findall(use.text):
            if clock not in clocks:
                hint_zh, hint_en = did_you_mean(clock, clocks)
                zh = f'{use.zh}中的 clock("{clock}") 未定义。{hint_zh}'
                en = f'clock("{clock}") in the {use.en} isn\'t defined.{hint_en}'
                yield found("error", "unknown-clock", use.at, zh, en, line=use.line)


def check_extensions_of_clocks(context: Context) -> Iterator[Finding]:
    """An extension goes to a limit that has grounds, on one of them: no other would ever be granted."""
    parameters = context.bundle.parameters
    for node in context.process.all_nodes():
        said = properties(node.element)
        to, ground = said.get("extendTo", ""), said.get("ground", "").strip()
        if not to.strip():
            continue
        keys = LIMIT_CALL.findall(to)
        if "limit" not in to:
            zh = '延长须以 limit("…") 指明参数文件中的时限，其 .grounds 列出法定情形；否则不会获准。'
            en = 'an extension goes to a limit("…") whose list parameter .grounds names the legal grounds; '
            yield found("error", "no-ground", node, zh, en + "no other is ever granted.")
        for key in keys:
            if key not in parameters.keys():
                continue  # told by the check of parameters
            listed = _grounds(context, key)
            if not listed:
                zh = f"时限“{key}”没有列出延长情形，不会获准；请加列表参数 {key}.grounds。"
                en = f'the limit "{key}" lists no grounds, so none is granted; add the list {key}.grounds.'
                yield found("error", "no-ground", node, zh, en)
            elif ground and not ground.startswith("=") and ground not in listed:
                zh = f"“{ground}”不在时限“{key}”的延长情形之列：{'、'.join(sorted(listed))}。"
                en = f'"{ground}" is none of the grounds of "{key}": {", ".join(sorted(listed))}.'
                yield found("error", "no-ground", node, zh, en)


def _grounds(context: Context, key: str) -> set[str]:
    """Every ground that a limit has ever had."""
    name = f"{key}.grounds"
    if name not in context.bundle.parameters.keys():
        return set()
    values = (dated.value for dated in context.bundle.parameters[name].values)
    return {str(ground) for value in values if isinstance(value, tuple) for ground in value}


def _names_roles(context: Context, value: str) -> bool:
    """Whether it is a list of role keys (`county.supervisor`), of those that exist where these are known."""
    roles = [role.strip() for role in value.split(",")]
    return all("." in role and (context.roles is None or role in context.roles) for role in roles)


def check_property_places(context: Context) -> Iterator[Finding]:
    """Each property stands where it means something; a near miss of a known name is told."""
    for name, value in properties(context.process.element).items():
        if name in {"emergency", "public"} and value not in {"true", "false"}:
            zh, en = (
                f"{name} 应为 true 或 false，不是“{value}”。",
                f'{name} is true or false, not "{value}".',
            )
            yield found("error", "bad-property", context.process, zh, en)
        elif name == "openedBy" and value != "case" and not _names_roles(context, value):
            zh = f"openedBy 应为 case 或以逗号分隔的岗位，不是“{value}”。"
            en = f'openedBy is case or a list of roles, not "{value}".'
            yield found("error", "bad-property", context.process, zh, en)
        elif name not in PROCESS_PROPERTIES and not name.startswith("clock:"):
            yield _unknown(context.process, name, PROCESS_PROPERTIES)
    for node in context.process.all_nodes():
        for name, value in properties(node.element).items():
            reason = _misplaced(node, name, value.strip())
            if reason is not None:
                yield found("error", "bad-property", node, *reason)
            elif name not in NODE_PROPERTIES:
                yield _unknown(node, name, NODE_PROPERTIES)


def _unknown(at: Node | Scope, name: str, known: frozenset[str]) -> Finding:
    hint_zh, hint_en = did_you_mean(name, known)
    severity: Severity = "warning" if hint_zh else "info"
    zh = f"属性“{name}”不是引擎的属性，仅保留。{hint_zh}"
    return found(
        severity, "unknown-property", at, zh, f'the property "{name}" is kept but not read.{hint_en}'
    )


def _misplaced(node: Node, name: str, value: str) -> tuple[str, str] | None:
    if name.startswith("clock:"):
        return f"{name} 只能写在流程上。", f"{name} belongs on the process."
    if name in {"pauseClock", "pauseGround"} and node.kind not in ACTIVITIES:
        return f"{name} 只对活动有意义。", f"{name} means something on activities only."
    if name == "outcome" and node.kind != "endEvent":
        return "outcome 只对结束事件有意义。", "outcome means something on end events only."
    if name == "escalation":
        if node.event_kind() != "timer":
            return "escalation 只对定时事件有意义。", "escalation means something on timer events only."
        if value not in {"true", "false"}:
            return (
                f"escalation 应为 true 或 false，不是“{value}”。",
                f'escalation is true or false, not "{value}".',
            )
    sends = node.kind in {"sendTask", "userTask"} or (node.throws and node.event_kind() == "message")
    if name == "notice" and not sends:
        return (
            "notice 只对发送任务、用户任务和抛出消息事件有意义。",
            "notice belongs on send tasks, user tasks and thrown messages.",
        )
    return None
