"""Runs every check over every executable process of a bundle. The order is the order of the findings.

Gaps and overlaps of tables belong to `engine.decisions`, forms' own rules to `engine.forms`; both are asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine import decisions as dmn
from engine import forms as form_js
from engine.definitions import (
    case_clocks,
    constants,
    duties,
    events,
    expressions,
    extensions,
    gateways,
    names,
    notices,
    people,
    placing,
    references,
    structure,
    timers,
)
from engine.definitions.bundle import Bundle
from engine.definitions.dataflow import Dataflow
from engine.definitions.diagram import BPMN, Diagram, Scope, properties, zeebe
from engine.definitions.reading import product_names
from engine.definitions.report import Check, Context, found
from engine.definitions.writers import Writers
from engine.types import Finding

CHECKS: tuple[Check, ...] = (
    structure.check_elements,
    structure.check_ids,
    structure.check_starts,
    structure.check_flows,
    structure.check_ends_of_nodes,
    structure.check_reachability,
    gateways.check_gateway_flows,
    gateways.check_several_ways_out,
    gateways.check_joins,
    events.check_event_kinds,
    events.check_event_references,
    events.check_links,
    events.check_boundary,
    events.check_event_gateways,
    events.check_same_event,
    events.check_caught,
    events.check_thrown,
    structure.check_ways_in,
    timers.check_timers,
    timers.check_times,
    timers.check_loops,
    extensions.check_camunda7,
    extensions.check_extensions,
    extensions.check_other_ways_to_say,
    placing.check_places,
    placing.check_said_twice,
    placing.check_targets,
    placing.check_plain_texts,
    placing.check_version_tags,
    references.check_forms,
    references.check_decisions,
    references.check_calls,
    references.check_parameters,
    references.check_other_texts,
    references.check_jobs,
    people.check_assignment,
    duties.check_duties,
    case_clocks.check_clock_definitions,
    case_clocks.check_clock_uses,
    case_clocks.check_extensions_of_clocks,
    case_clocks.check_property_places,
    expressions.check_language,
    expressions.check_syntax,
    names.check_names,
    names.check_types,
    names.check_decision_inputs,
    names.check_results,
    constants.check_constants,
    notices.check_notices,
    notices.check_templates,
    notices.check_unsent,
    notices.check_decisions_told,
)
HANDLED = frozenset({"notice", "pay"})  # a payment is kept on record, for the roll that goes to the bank


def check_bundle(
    bundle: Bundle, *, roles: Collection[str] | None = None, handled: Collection[str] = HANDLED
) -> list[Finding]:
    """Everything that is wrong or worth knowing, in file order. An `error` refuses the deployment.

    `roles` are the role keys that exist (None: not checked), `handled` the job types that have a handler.
    """
    findings: list[Finding] = []
    writers = Writers(bundle)
    flows: list[Dataflow] = []
    for diagram in bundle.diagrams.values():
        findings.extend(_check_file(bundle, diagram))
        for process in diagram.executable():
            context = _context(bundle, writers, diagram, process, roles, handled)
            flows.append(context.dataflow)
            for check in CHECKS:
                findings.extend(check(context))
    if not bundle.processes:
        findings.append(_nothing_to_run(bundle))
    for model in bundle.models.values():
        findings.extend(dmn.check(model))
    for form in bundle.form_files.values():
        findings.extend(form_js.check(form, known=_known_to_form(form.id, flows), functions=product_names()))
    return list(dict.fromkeys(findings))


def _context(
    bundle: Bundle,
    writers: Writers,
    diagram: Diagram,
    process: Scope,
    roles: Collection[str] | None,
    handled: Collection[str],
) -> Context:
    dataflow = Dataflow(process, writers)
    functions = product_names()
    return Context(
        process=process,
        diagram=diagram,
        bundle=bundle,
        roles=None if roles is None else frozenset(roles),
        handled=frozenset(handled),
        dataflow=dataflow,
        functions=functions,
        names=frozenset(n for n in functions | dataflow.everything.types.keys() if not n.isidentifier()),
    )


def _known_to_form(form_id: str, flows: list[Dataflow]) -> frozenset[str] | None:
    """The names that a form's expressions may read; None where nobody can list them, or nobody uses it."""
    reaching = [
        flow.at(node, after=False)
        for flow in flows
        for node in flow.nodes
        if zeebe(node.element, "formDefinition", "formId") == form_id
    ]
    if not reaching or any(known.open for known in reaching):
        return None
    return product_names().union(*(known.types for known in reaching))


def _check_file(bundle: Bundle, diagram: Diagram) -> Iterator[Finding]:
    """What stands in the file but is not run."""
    for process in diagram.processes:
        if process.element.get("isExecutable") != "true" and bundle.processes:
            zh = "未标记为可执行（isExecutable），仅作图示，不运行。"
            en = "it isn't marked executable (isExecutable): it is kept as a picture and not run."
            yield found("info", "not-executable", process, zh, en)
        if process.element.get("isExecutable") == "true" and not process.id:
            yield found(
                "error", "missing-id", process, "流程没有 id；请补上。", "the process has no id; give it one."
            )
    for participant in diagram.root.iter(BPMN + "participant"):
        if not participant.get("processRef"):
            zh, en = (
                "是没有流程的参与方（黑盒），仅作图示。",
                "it is a participant without a process: a picture only.",
            )
            yield found("info", "black-box", (diagram.file, participant), zh, en)
        if properties(participant):
            zh = "泳池上的扩展属性不起作用；请写到流程上（点空白处或选择流程）。"
            en = "properties of a pool have no effect; put them on its process."
            yield found("warning", "misplaced-extension", (diagram.file, participant), zh, en)
    yield from _check_message_flows(diagram)
    for element in diagram.root:
        if str(element.tag) in {BPMN + "choreography", BPMN + "globalChoreographyTask"}:
            zh, en = (
                "编排（choreography）不能执行，仅作图示。",
                "a choreography can't be run: a picture only.",
            )
            yield found("info", "without-effect", (diagram.file, element), zh, en)


def _check_message_flows(diagram: Diagram) -> Iterator[Finding]:
    """Pools are separate cases here: a message flow between two that run carries nothing."""
    owner = {node.id: process for process in diagram.executable() for node in process.all_nodes()}
    for flow in diagram.root.iter(BPMN + "messageFlow"):
        ends = [owner.get(flow.get(end, "")) for end in ("sourceRef", "targetRef")]
        if None not in ends and ends[0] is not ends[1]:
            zh = "消息流不会把消息送到另一个流程的案件；请用调用活动，或由外部系统转送。"
            en = "no message reaches a case of the other process; call it, "
            yield found(
                "warning", "message-flow", (diagram.file, flow), zh, en + "or let a system pass it on."
            )


def _nothing_to_run(bundle: Bundle) -> Finding:
    files = "、".join(bundle.diagrams) or "—"
    zh = f'没有可执行的流程：部署中至少要有一个 isExecutable="true" 的流程（BPMN 文件：{files}）。'
    en = f'Nothing to run: a deployment needs a process with isExecutable="true" (BPMN files: {files}).'
    first = next(iter(bundle.diagrams), "")
    return Finding(severity="error", code="no-executable-process", zh=zh, en=en, file=first)
