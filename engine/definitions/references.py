"""Checks what a process names outside itself: forms, decisions, other processes, parameters, job types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.definitions.diagram import Node, called_process, extension, zeebe
from engine.definitions.expressions import uses
from engine.definitions.report import Context, did_you_mean, found
from engine.parameters import UNITS
from engine.types import Finding

KEY_CALL = re.compile(r'\b(limit|parameter)\s*\(\s*\\?"([^"\\]+)\\?"\s*[,)]')


def check_forms(context: Context) -> Iterator[Finding]:
    """A named form is in the bundle, and only Camunda's `formId` names it."""
    for node in context.process.all_nodes():
        form = extension(node.element, "formDefinition")
        if form is None:
            continue
        form_id = form.get("formId", "").strip()
        if form_id:
            zh = f"表单“{form_id}”不在本次部署中；请一并部署或改正 formId。"
            en = f'the form "{form_id}" isn\'t in this deployment; add it or correct the formId.'
            yield from _known(node, "missing-form", form_id, context.bundle.forms, zh, en)
        else:
            zh = "只支持以 formId 引用 .form 文件的表单；请改为“Camunda 表单（链接）”。"
            en = "only forms linked by formId to a .form file can be used; choose a linked Camunda form."
            yield found("error", "unsupported-form", node, zh, en)


def check_decisions(context: Context) -> Iterator[Finding]:
    """A business rule task calls a decision of the bundle."""
    for node in context.process.all_nodes():
        if node.kind != "businessRuleTask" or node.job_type:
            continue
        decision_id = zeebe(node.element, "calledDecision", "decisionId")
        if not decision_id:
            zh = "没有指定调用的决策（calledDecision）；请填写 decisionId。"
            yield found("error", "no-decision", node, zh, "it names no decision; give it a calledDecision.")
        elif decision_id.startswith("="):
            yield _computed(node, "decisionId")
        else:
            zh = f"决策“{decision_id}”不在本次部署中；请一并部署或改正 decisionId。"
            en = f'the decision "{decision_id}" isn\'t in this deployment; add it or correct the decisionId.'
            yield from _known(node, "missing-decision", decision_id, context.bundle.decisions, zh, en)


def check_calls(context: Context) -> Iterator[Finding]:
    """A call activity calls an executable process of the bundle."""
    declared = {scope.id for diagram in context.bundle.diagrams.values() for scope in diagram.processes}
    for node in context.process.all_nodes():
        if node.kind != "callActivity":
            continue
        key = called_process(node.element)
        if not key:
            zh = "没有指定调用的流程；请在 zeebe:calledElement 中填写 processId。"
            yield found(
                "error",
                "no-called-process",
                node,
                zh,
                "it names no process; give zeebe:calledElement a processId.",
            )
        elif key.startswith("="):
            yield _computed(node, "processId")
        elif key in declared - context.bundle.processes.keys():
            zh = f"调用的流程“{key}”不可执行；请将其 isExecutable 设为 true。"
            en = f'the process "{key}" that it calls isn\'t executable; set its isExecutable to true.'
            yield found("error", "called-process-not-executable", node, zh, en)
        else:
            zh = f"调用的流程“{key}”不在本次部署中；请一并部署或改正 processId。"
            en = f'the process "{key}" isn\'t in this deployment; add it or correct the processId.'
            yield from _known(node, "missing-process", key, context.bundle.processes, zh, en)


def check_parameters(context: Context) -> Iterator[Finding]:
    """`limit("…")` and `parameter("…")` name keys of the parameter files."""
    keys = context.bundle.parameters.keys()
    for use in uses(context):
        for function, key in KEY_CALL.findall(use.text):
            if key not in keys:
                hint_zh, hint_en = did_you_mean(key, keys)
                zh = f'{use.zh}中的 {function}("{key}") 没有对应的参数；请在参数文件中定义。{hint_zh}'
                en = f'{function}("{key}") in the {use.en} has no parameter of that key.{hint_en}'
                yield found("error", "missing-parameter", use.at, zh, en, line=use.line)
            elif function == "limit" and context.bundle.parameters[key].unit not in UNITS:
                unit = context.bundle.parameters[key].unit
                zh = f'参数“{key}”的单位是 {unit}，不是时限；请用 parameter("{key}")。'
                en = f'the parameter "{key}" is in {unit}, no time limit; read it with parameter("{key}").'
                yield found("error", "not-a-limit", use.at, zh, en, line=use.line)


def check_jobs(context: Context) -> Iterator[Finding]:
    """Service tasks have a job type; one that nobody handles only goes on record, which is worth knowing."""
    for node in context.process.all_nodes():
        job_type = node.job_type
        if not job_type and node.kind == "serviceTask":
            zh = "没有作业类型，无人执行；请在 zeebe:taskDefinition 中填写 type。"
            en = "it has no job type, so nobody would do it; give zeebe:taskDefinition a type."
            yield found("error", "no-job-type", node, zh, en)
        elif job_type and not job_type.startswith("=") and job_type not in context.handled:
            hint_zh, hint_en = did_you_mean(job_type, context.handled)
            zh = f"作业类型“{job_type}”没有处理程序，将只记入台账，不会真正执行。{hint_zh}"
            en = f'nothing handles the job type "{job_type}": it will only be put on record.{hint_en}'
            yield found("warning", "no-handler", node, zh, en)


def _known(node: Node, code: str, word: str, known: Iterable[str], zh: str, en: str) -> Iterator[Finding]:
    if word not in known:
        hint_zh, hint_en = did_you_mean(word, known)
        yield found("error", code, node, zh + hint_zh, en + hint_en)


def _computed(node: Node, attribute: str) -> Finding:
    zh = f"{attribute} 不能是表达式：部署时须知道引用的是什么，才能检查并固定版本。"
    en = f"{attribute} can't be an expression: what it refers to must be known when it is deployed."
    return found("error", "computed-reference", node, zh, en)


def check_other_texts(context: Context) -> Iterator[Finding]:
    """Parameter keys in the decision tables and forms that the process uses."""
    keys = context.bundle.parameters.keys()
    for name in context.bundle.closure(context.process.file):
        if name in context.bundle.models or name in context.bundle.form_files:
            text = context.bundle.contents[name].decode()
            for function, key in sorted(set(KEY_CALL.findall(text.replace("&quot;", '"')))):
                if key not in keys:
                    hint_zh, hint_en = did_you_mean(key, keys)
                    zh = f'{name} 中的 {function}("{key}") 没有对应的参数。{hint_zh}'
                    en = f'{function}("{key}") in {name} has no parameter.{hint_en}'
                    yield found("error", "missing-parameter", context.process, zh, en)
