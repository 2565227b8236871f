"""Checks what is said in the wrong place or in words that mean nothing: it would be lost without a word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine import feel
from engine.definitions.diagram import BPMN, GATEWAYS, ZEEBE, Node, extension, zeebe
from engine.definitions.report import Context, found
from engine.definitions.times import kind_of_time
from engine.errors import ExpressionError
from engine.feel.nodes import Name, Path
from engine.safe_xml import Element
from engine.types import Finding

_JOBS = frozenset({"serviceTask", "sendTask", "scriptTask", "businessRuleTask"})
# Where each extension element means something; message throw and end events may hand over a job as well.
PLACES: dict[str, frozenset[str]] = {
    "userTask": frozenset({"userTask"}),
    "assignmentDefinition": frozenset({"userTask"}),
    "taskSchedule": frozenset({"userTask"}),
    "priorityDefinition": frozenset({"userTask"}),
    "formDefinition": frozenset({"userTask", "startEvent"}),
    "taskDefinition": _JOBS,
    "script": frozenset({"scriptTask"}),
    "calledDecision": frozenset({"businessRuleTask"}),
    "calledElement": frozenset({"callActivity"}),
}
_OWN_WORK = {"scriptTask": ("script", "expression"), "businessRuleTask": ("calledDecision", "decisionId")}


def check_places(context: Context) -> Iterator[Finding]:
    """Extension elements stand where they mean something, and a task does one thing only."""
    for node in context.process.all_nodes():
        for name, kinds in PLACES.items():
            if extension(node.element, name) is None or node.kind in kinds:
                continue
            if name == "taskDefinition" and node.throws and node.event_kind() == "message":
                continue
            zh = f"zeebe:{name} 在此处不起作用；请删除，或改用能用它的元素类型。"
            en = f"zeebe:{name} has no effect here; remove it, or use an element of the kind that has it."
            yield found("warning", "misplaced-extension", node, zh, en)
        if node.kind in GATEWAYS and extension(node.element, "ioMapping") is not None:
            zh, en = (
                "网关不作变量映射（Camunda 8 不支持）；请移到前面的任务上。",
                "gateways don't map variables in Camunda 8; put the mappings on the task before.",
            )
            yield found("warning", "misplaced-extension", node, zh, en)
        own = _OWN_WORK.get(node.kind)
        if own and zeebe(node.element, *own) and zeebe(node.element, "taskDefinition", "type"):
            zh = f"既有 zeebe:{own[0]} 又有作业类型（taskDefinition），只能二选一；请删除其一。"
            en = f"it has both a zeebe:{own[0]} and a job type (taskDefinition); remove one of them."
            yield found("error", "two-ways-to-work", node, zh, en)


def check_said_twice(context: Context) -> Iterator[Finding]:
    """An extension element or property stands once: of two only one would be read."""
    for element in context.process.element.iter(f"{BPMN}extensionElements"):
        owner = (context.process.file, element.getparent())
        tags = [str(child.tag).removeprefix(ZEEBE) for child in element if _is_zeebe(child)]
        for name in sorted({tag for tag in tags if tags.count(tag) > 1}):
            zh = f"zeebe:{name} 出现了不止一次，只有一个会起作用；请合并。"
            en = f"zeebe:{name} stands there more than once and only one would be read; join them."
            yield found("error", "said-twice", owner, zh, en)
        names = [child.get("name", "") for child in element.iterfind(f"{ZEEBE}properties/{ZEEBE}property")]
        for name in sorted({name for name in names if names.count(name) > 1}):
            zh, en = (
                f"属性“{name}”出现了不止一次；请只留一个。",
                f'the property "{name}" stands twice; keep one.',
            )
            yield found("error", "said-twice", owner, zh, en)


def _is_zeebe(element: Element) -> bool:
    return str(element.tag).startswith(ZEEBE)


def check_version_tags(context: Context) -> Iterator[Finding]:
    """A deployment binds what is deployed together; a reference to some other version can't be kept."""
    for node in context.process.all_nodes():
        for name in ("formDefinition", "calledDecision", "calledElement"):
            if zeebe(node.element, name, "bindingType") == "versionTag":
                zh = "按版本标签绑定（versionTag）不起作用：案件固定使用同一次部署的内容；请改为“部署”绑定。"
                en = "binding by version tag has no effect: cases keep to what is deployed together; "
                yield found("warning", "version-binding", node, zh, en + 'choose the binding "deployment".')


@dataclass(frozen=True, slots=True)
class _Target:
    zh: str
    en: str
    text: str


def check_targets(context: Context) -> Iterator[Finding]:
    """Whatever is written goes to a name that an expression can read; else nobody would ever see it."""
    for node in context.process.all_nodes():
        for target in _targets(node):
            if not target.text:
                zh, en = f"{target.zh}没有变量名；请填写。", f"the {target.en} has no variable; name one."
                yield found("error", "no-variable", node, zh, en)
            elif not _readable(target.text, context.names):
                zh = f"{target.zh}“{target.text}”不是变量名，表达式读不到它；请只用文字、数字和下划线。"
                en = f'the {target.en} "{target.text}" is no name that an expression can read; '
                en += "use letters, digits and _, not starting with a digit."
                yield found("error", "bad-variable", node, zh, en)


def _targets(node: Node) -> Iterator[_Target]:
    for mapping in node.element.findall(f"{BPMN}extensionElements/{ZEEBE}ioMapping/*"):
        zh, en = ("输出映射的目标", "target of an output mapping")
        if mapping.tag == ZEEBE + "input":
            zh, en = "输入映射的目标", "target of an input mapping"
        yield _Target(zh, en, mapping.get("target", "").strip())
    texts = [("结果变量", "result variable", zeebe(node.element, *where)) for where in _RESULTS]
    for child in node.element.findall(f"{BPMN}multiInstanceLoopCharacteristics"):
        for zh, en, attribute in _OF_LOOPS:
            texts.append((zh, en, zeebe(child, "loopCharacteristics", attribute)))
    yield from (_Target(zh, en, text) for zh, en, text in texts if text)


_RESULTS = (("script", "resultVariable"), ("calledDecision", "resultVariable"))
_OF_LOOPS = (
    ("输入元素", "input element", "inputElement"),
    ("输出集合", "output collection", "outputCollection"),
)


def _readable(text: str, names: frozenset[str]) -> bool:
    """Whether the text reads as a variable, or as an entry of one."""
    try:
        tree = feel.compile(text, names=names).node
    except ExpressionError:
        return False
    while isinstance(tree, Path):
        tree = tree.source
    return isinstance(tree, Name)


def check_plain_texts(context: Context) -> Iterator[Finding]:
    """A priority and the number of retries are whole numbers; a task is due once."""
    for node in context.process.all_nodes():
        priority = zeebe(node.element, "priorityDefinition", "priority")
        if priority and not priority.startswith("=") and not _whole(priority, 100):
            zh = f"优先级“{priority}”应为 0 至 100 的整数，或以 = 开头的表达式。"
            en = f'the priority "{priority}" must be a whole number from 0 to 100, or an expression.'
            yield found("error", "bad-priority", node, zh, en)
        retries = zeebe(node.element, "taskDefinition", "retries")
        if retries and not retries.startswith("=") and not _whole(retries, 1_000):
            zh = f"重试次数“{retries}”应为整数，或以 = 开头的表达式。"
            en = f'the retries "{retries}" must be a whole number, or an expression.'
            yield found("error", "bad-retries", node, zh, en)
        for attribute, zh_what, en_what in _DATES:
            text = zeebe(node.element, "taskSchedule", attribute)
            if kind_of_time(text.removeprefix("=").strip()) == "timeCycle":
                zh = f"{zh_what}“{text}”是周期；任务只到期一次：请写时限或日期，反复提醒请画定时边界事件。"
                en = f'the {en_what} "{text}" is a cycle, but a task is due once; write a limit or a date, '
                yield found("error", "bad-time", node, zh, en + "and draw a boundary timer to remind.")


_DATES = (("dueDate", "到期", "due date"), ("followUpDate", "跟进日期", "follow-up date"))


def _whole(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= most
