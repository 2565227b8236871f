"""Checks the names and types of expressions against what can reach their element.

Unknown names are errors where every source of variables is known, and warnings where a form-less task, a
message or a service may bring more. Types are compared only where both sides are known.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine import feel
from engine.definitions.dataflow import Known
from engine.definitions.diagram import called_process, extension, zeebe
from engine.definitions.expressions import Use, shorten, uses, walk
from engine.definitions.report import Context, did_you_mean, found
from engine.definitions.typecheck import mismatches, type_of
from engine.errors import ExpressionError
from engine.feel import Expression
from engine.feel.nodes import Name
from engine.feel.nodes import Node as Tree
from engine.types import Finding, Severity


def check_names(context: Context) -> Iterator[Finding]:
    """Every name that an expression reads can exist there; every function that it calls is known."""
    for use in uses(context):
        read = compiled(context, use)
        if read is None:
            continue
        known, tree = context.dataflow.at(use.node, after=use.after), read.node
        for name in sorted(read.calls - context.functions):
            hint_zh, hint_en = did_you_mean(name, context.functions)
            zh = f"{use.zh} {shorten(use.text)} 调用了未知函数“{name}”。{hint_zh}"
            en = f"the {use.en} {shorten(use.text)} calls the unknown function {name}.{hint_en}"
            yield _at_name(use, tree, name, "error", "unknown-function", zh, en)
        for name in sorted(read.names - read.calls - known.types.keys()):
            yield _unknown(context, use, tree, name, known)


def _unknown(context: Context, use: Use, tree: Tree, name: str, known: Known) -> Finding:
    shown = shorten(use.text)
    later = context.dataflow.writers_of(name)
    if later:
        place_zh = "、".join(node.name or node.id for node in later[:3])
        place_en = ", ".join(node.name or node.id for node in later[:3])
        zh = f"{use.zh} {shown} 读取的“{name}”此时还没有值：它在“{place_zh}”才写入，而从那里到不了此处。"
        en = f'the {use.en} {shown} reads "{name}", which only "{place_en}" writes: no way leads from there.'
        return _at_name(use, tree, name, "warning", "name-not-yet-known", zh, en)
    hint_zh, hint_en = did_you_mean(name, known.types)
    if name in context.functions:
        hint_zh, hint_en = "它是函数，调用时须带括号。", " It is a function: call it with parentheses."
    if known.open:
        zh = f"{use.zh} {shown} 读取的“{name}”没有表单或节点写入；若非外部消息或服务带入，其值为空。{hint_zh}"
        en = f'the {use.en} {shown} reads "{name}", which nothing here writes: null unless brought in.'
        return _at_name(use, tree, name, "warning", "unknown-name", zh, en + hint_en)
    zh = f"{use.zh} {shown} 读取的“{name}”不存在：没有表单、脚本、决策或映射写入它。{hint_zh}"
    en = f'the {use.en} {shown} reads "{name}", but no form, script, decision or mapping writes it.{hint_en}'
    return _at_name(use, tree, name, "error", "unknown-name", zh, en)


def _at_name(use: Use, tree: Tree, name: str, severity: Severity, code: str, zh: str, en: str) -> Finding:
    offset = next((n.at for n in walk(tree) if isinstance(n, Name) and n.name == name), 0)
    line, column = position(use.text, offset)
    return found(severity, code, use.at, zh, en, line=use.line + line - 1, column=column)


def check_types(context: Context) -> Iterator[Finding]:
    """Comparisons and sums fit their types, and the result fits its place, as far as can be seen."""
    for use in uses(context):
        expression = compiled(context, use)
        if expression is None:
            continue
        types, tree = context.dataflow.at(use.node, after=use.after).types, expression.node
        for at, zh, en in mismatches(tree, types):
            line, column = position(use.text, at)
            shown = shorten(use.text)
            zh, en = f"{use.zh} {shown}：{zh}", f"{use.en} {shown}: {en}"
            yield found("warning", "type-mismatch", use.at, zh, en, line=use.line + line - 1, column=column)
        kind = type_of(tree, types)
        fits = FITS.get(use.expects)
        if fits is not None and kind and kind not in fits[0]:
            zh = f"{use.zh} {shorten(use.text)} 的结果是 {kind}，此处需要{fits[1]}。"
            en = f"the {use.en} {shorten(use.text)} gives a {kind}; {fits[2]} is needed here."
            yield found("error", "wrong-type", use.at, zh, en, line=use.line)


FITS: dict[str, tuple[frozenset[str], str, str]] = {
    "boolean": (frozenset({"boolean"}), "真或假", "true or false"),
    "list": (frozenset({"list"}), "列表", "a list"),
    "limit": (frozenset({"limit"}), "时限，如 workdays(3)", "a limit such as workdays(3)"),
    "people": (frozenset({"string", "list"}), "文本或列表", "text or a list"),
    "number": (frozenset({"number"}), "数字", "a number"),
    "moment": (
        frozenset(
            {
                "limit",
                "string",
                "date",
                "date and time",
                "days and time duration",
                "years and months duration",
            }
        ),
        "时限、时长、日期或周期",
        "a limit, duration, date or cycle",
    ),
}


def check_decision_inputs(context: Context) -> Iterator[Finding]:
    """What a called decision needs can exist where it is called."""
    for node in context.process.all_nodes():
        decision_id = zeebe(node.element, "calledDecision", "decisionId")
        model = context.bundle.decisions.get(decision_id)
        if node.kind != "businessRuleTask" or model is None:
            continue
        known = context.dataflow.at(node, after=False)
        needed = model.required_inputs(decision_id) - context.functions
        for name in sorted(needed - known.types.keys()):
            hint_zh, hint_en = did_you_mean(name, known.types)
            zh = f"决策“{decision_id}”需要的输入“{name}”没有表单或节点写入，将为空。{hint_zh}"
            en = f'the decision "{decision_id}" needs "{name}", which nothing is known to write.{hint_en}'
            severity: Severity = "warning" if known.open else "error"
            yield found(severity, "unknown-decision-input", node, zh, en)


def check_results(context: Context) -> Iterator[Finding]:
    """A result has a variable to go to, and no process calls itself without a thought."""
    for node in context.process.all_nodes():
        if node.kind == "callActivity" and called_process(node.element) == context.process.id:
            zh = "调用自身，若无退出条件将无限递归。"
            yield found(
                "warning", "recursive-call", node, zh, "it calls its own process and needs a way to end."
            )
        if node.kind in {"scriptTask", "businessRuleTask"} and not (
            node.job_type or _has_result(node.element)
        ):
            zh = "没有填写结果变量，结果不会保存；请填写。"
            yield found(
                "warning", "no-result-variable", node, zh, "it has no result variable, so its result is lost."
            )


def _has_result(element: object) -> bool:
    names = ("script", "calledDecision")
    mapped = extension(element, "ioMapping") is not None
    return mapped or any(zeebe(element, name, "resultVariable") for name in names)


def compiled(context: Context, use: Use) -> Expression | None:
    """The expression; None where the syntax check has already spoken."""
    try:
        return feel.compile(use.text, names=context.names)
    except ExpressionError:
        return None


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
