"""How the checks speak: what a check gets to see, and findings that name their element in both languages.

A finding reads: which element, what is wrong, why it matters, what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from engine.definitions.bundle import Bundle
from engine.definitions.dataflow import Dataflow
from engine.definitions.diagram import Diagram, Flow, Node, Scope, local
from engine.safe_xml import Element
from engine.types import Finding, Severity

KINDS: dict[str, tuple[str, str]] = {
    "process": ("流程", "Process"),
    "subProcess": ("子流程", "Sub-process"),
    "transaction": ("事务子流程", "Transaction"),
    "adHocSubProcess": ("即席子流程", "Ad-hoc sub-process"),
    "callActivity": ("调用活动", "Call activity"),
    "task": ("任务", "Task"),
    "userTask": ("用户任务", "User task"),
    "manualTask": ("人工任务", "Manual task"),
    "serviceTask": ("服务任务", "Service task"),
    "scriptTask": ("脚本任务", "Script task"),
    "businessRuleTask": ("业务规则任务", "Business rule task"),
    "sendTask": ("发送任务", "Send task"),
    "receiveTask": ("接收任务", "Receive task"),
    "exclusiveGateway": ("排他网关", "Exclusive gateway"),
    "parallelGateway": ("并行网关", "Parallel gateway"),
    "inclusiveGateway": ("包容网关", "Inclusive gateway"),
    "eventBasedGateway": ("事件网关", "Event-based gateway"),
    "complexGateway": ("复杂网关", "Complex gateway"),
    "startEvent": ("开始事件", "Start event"),
    "endEvent": ("结束事件", "End event"),
    "intermediateCatchEvent": ("中间捕获事件", "Intermediate catch event"),
    "intermediateThrowEvent": ("中间抛出事件", "Intermediate throw event"),
    "boundaryEvent": ("边界事件", "Boundary event"),
    "sequenceFlow": ("顺序流", "Sequence flow"),
    "message": ("消息", "Message"),
    "signal": ("信号", "Signal"),
    "error": ("错误", "Error"),
    "escalation": ("升级", "Escalation"),
    "lane": ("泳道", "Lane"),
    "participant": ("参与方", "Participant"),
    "messageFlow": ("消息流", "Message flow"),
}


@dataclass(frozen=True, slots=True)
class Context:
    """One executable process under check, with its file, the bundle and what the house knows.

    `roles` is None where the caller has no list of roles to compare with.
    """

    process: Scope
    diagram: Diagram
    bundle: Bundle
    roles: frozenset[str] | None
    handled: frozenset[str]
    dataflow: Dataflow
    functions: frozenset[str]  # the product functions; FEEL's own are known to FEEL
    names: frozenset[str]  # the variables and functions whose names aren't single words: FEEL must be told


Check = Callable[[Context], Iterable[Finding]]


def found(
    severity: Severity,
    code: str,
    at: Node | Flow | Scope | tuple[str, Element],
    zh: str,
    en: str,
    *,
    line: int | None = None,
    column: int | None = None,
) -> Finding:
    """A finding at an element; the sentences get the element's kind, name and id in front."""
    if isinstance(at, tuple):
        file, element = at
    else:
        file = at.file if isinstance(at, Scope) else at.scope.file
        element = at.element
    element_id, name = element.get("id", ""), " ".join(element.get("name", "").split())
    zh_label, en_label = label(element)
    return Finding(
        severity=severity,
        code=code,
        zh=f"{zh_label}：{zh}",
        en=f"{en_label}: {en}",
        file=file,
        element_id=element_id,
        element_name=name,
        line=line or element.sourceline,
        column=column,
    )


def label(element: Element) -> tuple[str, str]:
    """`用户任务“受理”（receipt）` and `User task "受理" (receipt)`."""
    kind = local(element) or str(element.tag).rpartition("}")[2]
    zh, en = KINDS.get(kind, (kind, kind))
    name, identity = " ".join(element.get("name", "").split()), element.get("id", "")
    zh_id, en_id = (f"（{identity}）", f" ({identity})") if identity else ("", "")
    return (zh + f"“{name}”" if name else zh) + zh_id, (f'{en} "{name}"' if name else en) + en_id


def did_you_mean(word: str, known: Iterable[str]) -> tuple[str, str]:
    """A hint in both languages if a known word is close to `word`; else empty."""
    close = get_close_matches(word, sorted(set(known)), n=1, cutoff=0.7)
    return (f"是否指“{close[0]}”？", f' Did you mean "{close[0]}"?') if close else ("", "")
