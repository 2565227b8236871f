"""Checks extension elements: Camunda 7's are refused by what they are called now, unknown ones are kept."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.diagram import BPMN, CAMUNDA7, ZEEBE, local
from engine.definitions.report import Context, found
from engine.safe_xml import Element
from engine.types import Finding

# What Camunda 7 calls it, and what to write instead; empty for what has no meaning here.
CAMUNDA7_MEANS: dict[str, str] = {
    "assignee": "zeebe:assignmentDefinition assignee",
    "candidateGroups": "zeebe:assignmentDefinition candidateGroups",
    "candidateUsers": "zeebe:assignmentDefinition candidateUsers",
    "dueDate": "zeebe:taskSchedule dueDate",
    "followUpDate": "zeebe:taskSchedule followUpDate",
    "priority": "zeebe:priorityDefinition",
    "formKey": "zeebe:formDefinition formId",
    "formRef": "zeebe:formDefinition formId",
    "formData": "zeebe:formDefinition formId",
    "class": "zeebe:taskDefinition type",
    "delegateExpression": "zeebe:taskDefinition type",
    "expression": "zeebe:taskDefinition type",
    "type": "zeebe:taskDefinition type",
    "topic": "zeebe:taskDefinition type",
    "connector": "zeebe:taskDefinition type",
    "resultVariable": "zeebe:script resultVariable / zeebe:calledDecision resultVariable",
    "decisionRef": "zeebe:calledDecision decisionId",
    "mapDecisionResult": "zeebe:calledDecision",
    "inputOutput": "zeebe:ioMapping",
    "in": "zeebe:ioMapping",
    "out": "zeebe:ioMapping",
    "collection": "zeebe:loopCharacteristics inputCollection",
    "elementVariable": "zeebe:loopCharacteristics inputElement",
    "properties": "zeebe:properties",
    "versionTag": "zeebe:versionTag",
    "executionListener": "zeebe:taskDefinition (a service task)",
    "taskListener": "zeebe:taskDefinition (a service task)",
    "script": "zeebe:script (FEEL)",
    "resource": "zeebe:script (FEEL)",
    "initiator": "zeebe:assignmentDefinition assignee",
    "potentialStarter": "zeebe:assignmentDefinition candidateGroups",
    "errorEventDefinition": "bpmn:errorEventDefinition",
    "variableMappingClass": "zeebe:ioMapping",
    "variableMappingDelegateExpression": "zeebe:ioMapping",
}
ZEEBE_READ = frozenset(
    "assignmentDefinition formDefinition taskSchedule priorityDefinition taskDefinition taskHeaders script "
    "calledDecision calledElement ioMapping loopCharacteristics subscription properties userTask "
    "versionTag".split()
)
ZEEBE_REFUSED: dict[str, tuple[str, str]] = {
    "executionListeners": ("不执行监听器；请画成服务任务", "listeners aren't run; draw a service task"),
    "taskListeners": ("不执行监听器；请画成服务任务", "listeners aren't run; draw a service task"),
    "userTaskForm": (
        "不支持内嵌表单；请用 formId 引用 .form 文件",
        "embedded forms can't be used; link a .form file",
    ),
    "conditionalFilter": ("不支持条件事件", "conditional events can't be run"),
    "adHoc": ("不支持即席子流程", "ad-hoc sub-processes can't be run"),
    "linkedResources": ("不支持链接资源", "linked resources can't be used"),
}
RESOURCES = frozenset({"performer", "humanPerformer", "potentialOwner", "resourceRole"})


def check_camunda7(context: Context) -> Iterator[Finding]:
    """Camunda 7's extensions mean something that would be lost here: refused, naming the `zeebe:` element."""
    for element in context.process.element.iter(BPMN + "*"):
        own = [(name, element) for name in map(_camunda7, element.attrib) if name]
        inner = [(name, element) for e in _extensions(element) if (name := _camunda7(e.tag))]
        for name, at in own + inner:
            instead = CAMUNDA7_MEANS.get(name)
            if instead:
                zh = f"camunda:{name} 是 Camunda 7 的写法，这里不执行；请改用 {instead}。"
                en = f"camunda:{name} is Camunda 7's and isn't run here; use {instead}."
                yield found("error", "camunda7", _owner(context, at), zh, en)
            else:
                zh, en = (
                    f"camunda:{name} 不起作用，仅保留。",
                    f"camunda:{name} has no effect here and is kept.",
                )
                yield found("info", "unknown-extension", _owner(context, at), zh, en)


def check_extensions(context: Context) -> Iterator[Finding]:
    """What Camunda 8 can say and we can't do is refused; other vendors' elements are kept and named once."""
    others: dict[str, int] = {}
    for element in context.process.element.iter(BPMN + "*"):
        for extension in _extensions(element):
            name = str(extension.tag).removeprefix(ZEEBE)
            if name in ZEEBE_REFUSED:
                zh, en = ZEEBE_REFUSED[name]
                yield found("error", "unsupported-extension", _owner(context, element), zh + "。", en + ".")
            elif str(extension.tag).startswith(ZEEBE):
                if name not in ZEEBE_READ:
                    zh, en = (
                        f"zeebe:{name} 不起作用，仅保留。",
                        f"zeebe:{name} has no effect here and is kept.",
                    )
                    yield found("info", "unknown-extension", _owner(context, element), zh, en)
            elif not str(extension.tag).startswith((CAMUNDA7, BPMN)):
                space = str(extension.tag)[1:].partition("}")[0]
                others[space] = others.get(space, 0) + 1
    for space, count in sorted(others.items()):
        zh = f"有 {count} 个其他工具的扩展元素（{space}），不起作用，原样保留。"
        en = f"{count} extension elements of another tool ({space}) have no effect and are kept as they are."
        yield found("info", "unknown-extension", context.process, zh, en)


def check_other_ways_to_say(context: Context) -> Iterator[Finding]:
    """BPMN's own ways to name people, scripts and called processes, which Camunda 8 says otherwise."""
    for node in context.process.all_nodes():
        if any(local(child) in RESOURCES for child in node.element):
            zh = "以 BPMN 资源角色指定办理人，这里不读取；请改用 zeebe:assignmentDefinition。"
            en = "it names people by BPMN resource roles, which aren't read; use zeebe:assignmentDefinition."
            yield found("warning", "other-assignment", node, zh, en)
        if node.kind == "scriptTask":
            script = node.element.find(BPMN + "script")
            ours = node.element.find(f"{BPMN}extensionElements/{ZEEBE}script")
            if script is not None and (script.text or "").strip():
                zh = "含 bpmn:script 脚本，不执行任何脚本语言；请在 zeebe:script 中写 FEEL 表达式。"
                en = "it has a bpmn:script, and no scripting language is run; write FEEL in zeebe:script."
                yield found("error", "other-language", node, zh, en)
            elif not node.job_type and (ours is None or not ours.get("expression", "").strip("= \n\t")):
                zh = "没有 FEEL 表达式；请在 zeebe:script 中填写 expression。"
                yield found(
                    "error", "no-script", node, zh, "it has no FEEL expression; give zeebe:script one."
                )


def _extensions(element: Element) -> list[Element]:
    holder = element.find(BPMN + "extensionElements")
    return [] if holder is None else list(holder)


def _camunda7(name: object) -> str:
    text = str(name)
    return text.removeprefix(CAMUNDA7) if text.startswith(CAMUNDA7) else ""


def _owner(context: Context, element: Element) -> tuple[str, Element]:
    """The nearest element with an id, so that the finding can be shown in the diagram."""
    while not element.get("id") and element.getparent() is not None:
        element = element.getparent()
    return context.process.file, element
