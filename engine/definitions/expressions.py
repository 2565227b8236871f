"""Finds every expression of a process and checks its language and syntax, with line and column.

Refuses JUEL, Python and other languages by name, and says what FEEL calls the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from engine import feel
from engine.definitions.diagram import BPMN, ZEEBE, Flow, Node, extension, local, properties, zeebe
from engine.definitions.report import Context, found
from engine.definitions.times import kind_of_time, meant_as_time
from engine.errors import ExpressionError
from engine.feel.names import children
from engine.feel.nodes import Compare, UnaryRange
from engine.feel.nodes import Node as Tree
from engine.safe_xml import Element
from engine.types import Finding

# What the text of a place may be besides FEEL: nothing, any text without a leading "=", or ISO 8601.
Otherwise = Literal["nothing", "text", "iso"]
Expects = Literal["any", "boolean", "moment", "limit", "list", "people", "number"]
FEEL_PROPERTIES = re.compile(r"clock:.*|extendTo|startAt")

HINTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"=="), "FEEL 中相等写作 =。", "In FEEL equality is written =."),
    (re.compile(r"&&"), "FEEL 中“并且”写作 and。", "In FEEL write and."),
    (re.compile(r"\|\|"), "FEEL 中“或者”写作 or。", "In FEEL write or."),
    (re.compile(r"!(?!=)|\bnot\s+\w"), "FEEL 中“非”写作 not(…)。", "In FEEL negation is written not(…)."),
    (re.compile(r"'[^']*'"), "FEEL 中文本用双引号。", "In FEEL text stands in double quotes."),
    (re.compile(r"\b(True|False|None)\b"), "FEEL 写作 true、false、null。", "FEEL writes true, false, null."),
    (
        re.compile(r"\b(len|str|int|float)\("),
        "这是 Python；FEEL 用 count、string、number。",
        "FEEL has count, string, number.",
    ),
    (re.compile(r"\b(import|lambda|def|exec|eval)\b"), "不执行 Python。", "Python is never run."),
    (re.compile(r"\?.*:"), "FEEL 写作 if … then … else …。", "FEEL writes if … then … else …."),
)


@dataclass(frozen=True, slots=True)
class Use:
    """An expression where it stands: `at` carries it, `text` is FEEL without the leading "="."""

    at: Node | Flow | tuple[str, Element]
    node: Node | None  # whose variables it can read; None: the process's at its start, or (`after`) its end
    text: str
    line: int  # of the file, where the text starts
    zh: str
    en: str
    expects: Expects
    after: bool  # whether it reads the node's own results


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression may stand, before its text is judged."""

    at: Node | Flow | tuple[str, Element]
    node: Node | None
    text: str
    line: int
    zh: str
    en: str
    otherwise: Otherwise = "nothing"
    expects: Expects = "any"
    language: str = ""
    after: bool = False

    def use(self) -> Use | None:
        """The FEEL text to check; None where the text is plain or of another language."""
        text = self.text.strip()
        if not text or other_language(text, self.language):
            return None
        plain_time = self.otherwise == "iso" and (kind_of_time(text) or meant_as_time(text))
        if not text.startswith("=") and (self.otherwise == "text" or plain_time):
            return None
        plain = text[1:] if text.startswith("=") else text
        return Use(self.at, self.node, plain, self.line, self.zh, self.en, self.expects, self.after)


def places(context: Context) -> Iterator[Place]:
    """Every place of the process that may carry an expression."""
    process = context.process
    at = (process.file, process.element)
    for name, value in properties(process.element).items():
        if FEEL_PROPERTIES.fullmatch(name):
            line = process.element.sourceline
            yield Place(at, None, value, line, f"属性 {name}", f"property {name}", expects="limit")
        elif name == "result":  # what a case's opener gets when it ends
            line = process.element.sourceline
            yield Place(at, None, value, line, "属性 result", "property result", after=True)
    for flow in process.all_flows():
        if (condition := flow.condition) is not None:
            yield _text(
                flow,
                flow.scope.nodes.get(flow.source),
                condition,
                "条件",
                "condition",
                expects="boolean",
                after=True,
            )
    for node in process.all_nodes():
        yield from _of_event(context, node)
        yield from _of_extensions(node)
        yield from _of_loop(node)


def _text(
    at: Node | Flow, node: Node | None, element: Element, zh: str, en: str, *,
    otherwise: Otherwise = "nothing", expects: Expects = "any", after: bool = False,
) -> Place:  # fmt: skip
    text = element.text or ""
    line = (element.sourceline or 0) + text[: len(text) - len(text.lstrip())].count("\n")
    return Place(at, node, text, line, zh, en, otherwise, expects, element.get("language", ""), after)


def _of_event(context: Context, node: Node) -> Iterator[Place]:
    for definition in node.event_definitions():
        for child in definition:
            if local(child) in {"timeDate", "timeDuration", "timeCycle"}:
                yield _text(node, node, child, "定时", "timer", otherwise="iso", expects="moment")
    reference = node.element.get("messageRef", "") if node.kind == "receiveTask" else ""
    if node.event_kind() == "message":
        reference = node.event_definitions()[0].get("messageRef", "")
    message = context.diagram.roots.get(reference)
    if message is not None and not node.throws and (key := zeebe(message, "subscription", "correlationKey")):
        yield Place(node, node, key, message.sourceline, "消息关联键", "correlation key")


ATTRIBUTES: tuple[tuple[str, str, Otherwise, Expects, str, str], ...] = (
    ("script", "expression", "nothing", "any", "脚本", "script"),
    ("assignmentDefinition", "assignee", "text", "people", "办理人", "assignee"),
    ("assignmentDefinition", "candidateGroups", "text", "people", "候选组", "candidate groups"),
    ("assignmentDefinition", "candidateUsers", "text", "people", "候选人", "candidate users"),
    ("taskSchedule", "dueDate", "iso", "moment", "到期", "due date"),
    ("taskSchedule", "followUpDate", "iso", "moment", "跟进日期", "follow-up date"),
    ("priorityDefinition", "priority", "text", "number", "优先级", "priority"),
    ("taskDefinition", "type", "text", "any", "作业类型", "job type"),
    ("taskDefinition", "retries", "text", "number", "重试次数", "retries"),
)


def _of_extensions(node: Node) -> Iterator[Place]:
    for name, attribute, otherwise, expects, zh, en in ATTRIBUTES:
        if (element := extension(node.element, name)) is not None:
            text = element.get(attribute, "")
            yield Place(node, node, text, element.sourceline, zh, en, otherwise, expects)
    for mapping in node.element.findall(f"{BPMN}extensionElements/{ZEEBE}ioMapping/*"):
        target = mapping.get("target", "")
        after = mapping.tag == ZEEBE + "output"
        zh, en = (
            (f"输出映射 {target}", f"output mapping {target}")
            if after
            else (f"输入映射 {target}", f"input mapping {target}")
        )
        source, line = mapping.get("source", ""), mapping.sourceline
        yield Place(node, node, source, line, zh, en, otherwise="text", after=after)
    for name, value in properties(node.element).items():
        otherwise = "nothing" if FEEL_PROPERTIES.fullmatch(name) else "text"
        wanted: Expects = {"extendTo": "limit", "startAt": "moment"}.get(name, "any")  # type: ignore[assignment]
        line = node.element.sourceline
        yield Place(node, node, value, line, f"属性 {name}", f"property {name}", otherwise, wanted)


def _of_loop(node: Node) -> Iterator[Place]:
    for child in node.element:
        if local(child) == "multiInstanceLoopCharacteristics":
            loop = extension(child, "loopCharacteristics")
            if loop is not None:
                line = loop.sourceline
                collection = loop.get("inputCollection", "")
                yield Place(node, node, collection, line, "输入集合", "input collection", expects="list")
                yield Place(
                    node, node, loop.get("outputElement", ""), line, "输出元素", "output element", after=True
                )
        if local(child) in {"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"}:
            for inner in child:
                zh, en, expects = LOOP_TEXTS.get(local(inner), ("", "", "any"))
                if en:
                    yield _text(node, node, inner, zh, en, expects=expects, after=en != "cardinality")


LOOP_TEXTS: dict[str, tuple[str, str, Expects]] = {
    "loopCardinality": ("次数", "cardinality", "any"),
    "completionCondition": ("完成条件", "completion condition", "boolean"),
    "loopCondition": ("循环条件", "loop condition", "boolean"),
}


def other_language(text: str, language: str = "") -> bool:
    return "${" in text or "#{" in text or (bool(language) and not is_feel(language))


def is_feel(language: str) -> bool:
    return "feel" in language.lower()


def uses(context: Context) -> list[Use]:
    return [use for place in places(context) if (use := place.use()) is not None]


def check_language(context: Context) -> Iterator[Finding]:
    """FEEL is the only expression language."""
    root = context.diagram.root
    language = root.get("expressionLanguage", "")
    if language and not is_feel(language):
        zh = f"文件声明的表达式语言为 {language}；这里只执行 FEEL，请删除 expressionLanguage 或改用 FEEL。"
        en = f"the file says that its expressions are {language}; only FEEL runs here."
        yield found("error", "other-language", (context.diagram.file, root), zh, en)
    for place in places(context):
        text = place.text.strip()
        if text and other_language(text, place.language):
            used = place.language if place.language and not is_feel(place.language) else "JUEL（${…}）"
            zh = f"{place.zh}用了 {used}；请改写为 FEEL，例如 = 人数 > 2。"
            en = f"the {place.en} is written in {used}; write it in FEEL, such as = persons > 2."
            yield found(
                "error", "other-language", place.at, zh, en.replace("（${…}）", " (${…})"), line=place.line
            )


def check_syntax(context: Context) -> Iterator[Finding]:
    """Every expression is FEEL; a fault names its line and column."""
    names = context.names
    for use in uses(context):
        try:
            tree = feel.compile(use.text, names=names).node
        except ExpressionError as error:
            yield syntax_finding(use, error)
        else:
            if any(isinstance(n, Compare) and isinstance(n.right, UnaryRange) for n in walk(tree)):
                zh = f"{use.zh} {shorten(use.text)} 写了两个比较符号；{HINTS[0][1]}"
                en = f"the {use.en} {shorten(use.text)} has two comparison signs in a row. {HINTS[0][2]}"
                yield found("error", "double-comparison", use.at, zh, en, line=use.line)


def syntax_finding(use: Use, error: ExpressionError) -> Finding:
    line, column = int(error.data.get("line") or 1), error.data.get("column")
    hint_zh, hint_en = hints(use.text)
    zh = f"{use.zh}无法解析：{error.zh}{hint_zh}"
    en = f"the {use.en} can't be read. {error.en}{hint_en}"
    return found("error", error.code, use.at, zh, en, line=use.line + line - 1, column=column)


def hints(text: str) -> tuple[str, str]:
    """What FEEL calls the things that people bring from Python, JavaScript and JUEL."""
    told = [(zh, en) for pattern, zh, en in HINTS if pattern.search(text)]
    return "".join(zh for zh, _ in told), "".join(f" {en}" for _, en in told)


def shorten(text: str) -> str:
    plain = " ".join(text.split())
    return f"“{plain[:77]}…”" if len(plain) > 80 else f"“{plain}”"


def walk(tree: Tree) -> Iterator[Tree]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))
