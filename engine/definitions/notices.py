"""Checks the notices that a process sends: templates, what they read and may show, and who is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.definitions.diagram import BPMN, ZEEBE, Node, properties
from engine.definitions.references import KEY_CALL
from engine.definitions.report import Context, did_you_mean, found
from engine.forms.privacy import guarded_names
from engine.notices import APPLICANT, DEFAULTS, PUBLIC, Template
from engine.types import Finding, Severity

CASE = "case"
"""What every notice but a posting can read besides the variables: number, process, and its days."""
_OUTSIDE = frozenset({APPLICANT, PUBLIC})


def notice_of(node: Node) -> str:
    """The key of the notice that a node sends (a user task: once it is done); empty where it sends none."""
    named = properties(node.element).get("notice", "").strip()
    if node.kind == "userTask":
        return named
    if node.kind == "sendTask" or (node.throws and node.event_kind() == "message"):
        return named or node.job_type or node.id
    return ""


def recipient_of(node: Node, templates: Mapping[str, Template]) -> str:
    """To whom the node's notice goes: by its template, else by its task header `to`."""
    template = templates.get(notice_of(node))
    return template.to if template is not None else _header(node)


def _header(node: Node) -> str:
    path = f"{BPMN}extensionElements/{ZEEBE}taskHeaders/{ZEEBE}header"
    headers = {e.get("key", ""): e.get("value", "") for e in node.element.findall(path)}
    return str(headers.get("to", "")).strip()


def check_notices(context: Context) -> Iterator[Finding]:
    """What reaches an applicant or the public has a template; it goes to whom the diagram says."""
    templates = context.bundle.notices_of(context.process.file)
    for node in context.process.all_nodes():
        key = notice_of(node)
        template = templates.get(key)
        if template is not None:
            yield from _check_template(context, node, template)
        elif key and (_header(node) in _OUTSIDE or node.kind == "userTask"):
            hint_zh, hint_en = did_you_mean(key, templates)
            zh = f"文书“{key}”没有模板，只留下名称；请在流程旁的 notices.yaml 中写明。{hint_zh}"
            en = f'the notice "{key}" has no template in notices.yaml: its name alone will be kept.{hint_en}'
            yield found("warning", "no-notice-template", node, zh, en)


def _check_template(context: Context, node: Node, template: Template) -> Iterator[Finding]:
    said = _header(node)
    if said and said != template.to:
        zh = f"图上的收件人是“{said}”，模板“{template.key}”的是“{template.to}”。"
        en = f'the diagram sends it to "{said}", the template "{template.key}" to "{template.to}".'
        yield found("warning", "notice-recipient", node, zh, en)
    known = context.dataflow.at(node, after=node.kind == "userTask")
    own = frozenset() if template.is_public else frozenset({CASE})
    wanted = template.reads | set(template.shows) if template.is_public else template.reads
    for name in sorted(wanted - known.types.keys() - own):
        hint_zh, hint_en = did_you_mean(name, known.types)
        severity: Severity = "warning" if known.open else "error"
        zh = f"文书“{template.key}”读取的“{name}”此时没有表单或节点写入。{hint_zh}"
        en = f'the notice "{template.key}" reads "{name}", which nothing has written by then.{hint_en}'
        yield found(severity, "unknown-name", node, zh, en)


def check_templates(context: Context) -> Iterator[Finding]:
    """The templates beside a process: postings name nobody's number, and nothing refers to what is not."""
    for name, notices in context.bundle.notice_files.items():
        if name in context.bundle.closure(context.process.file):
            for template in notices.templates.values():
                for finding in _check_alone(context, template):
                    yield replace(finding, file=name, line=None)


def _check_alone(context: Context, template: Template) -> Iterator[Finding]:
    guarded, at = guarded_names(context.bundle.forms.values()), context.process
    for name in (name for name in template.shows if name in guarded):
        zh = f"公示“{template.key}”不得显示“{name}”：它是身份证号、手机号或银行账号。"
        en = f'the posting "{template.key}" may not show "{name}": it holds a number that names a person.'
        yield found("error", "posting-shows-number", at, zh, en)
    texts = [*template.expressions, *([template.days] if template.days else [])]
    keys = context.bundle.parameters.keys()
    for function, key in sorted({pair for e in texts for pair in KEY_CALL.findall(e.text)}):
        if key not in keys:
            hint_zh, hint_en = did_you_mean(key, keys)
            zh = f'文书“{template.key}”的 {function}("{key}") 没有对应的参数。{hint_zh}'
            en = f'{function}("{key}") in the notice "{template.key}" has no parameter.{hint_en}'
            yield found("error", "missing-parameter", at, zh, en)
    for function in sorted({name for e in texts for name in e.calls} - context.functions):
        zh = f"文书“{template.key}”调用了未知函数“{function}”。"
        yield found(
            "error", "unknown-function", at, zh, f'the notice "{template.key}" calls unknown {function}.'
        )
    ids = {node.id for process in context.bundle.processes.values() for node in process.scope.all_nodes()}
    if template.while_ and template.while_ not in ids:
        hint_zh, hint_en = did_you_mean(template.while_, ids)
        zh = f"公示“{template.key}”的 while 所指的节点“{template.while_}”不存在。{hint_zh}"
        en = f'the posting "{template.key}" hangs while "{template.while_}", which is no element.{hint_en}'
        yield found("error", "unknown-element", at, zh, en)


def check_unsent(context: Context) -> Iterator[Finding]:
    """A template that nothing sends is a slip of its key."""
    for name, notices in context.bundle.notice_files.items():
        senders = [p for p in context.bundle.processes.values() if name in context.bundle.closure(p.file)]
        sent = {notice_of(node) for process in senders for node in process.scope.all_nodes()}
        if not senders or senders[0].key != context.process.id:
            continue  # told once
        for key in sorted(notices.templates.keys() - sent - DEFAULTS.templates.keys()):
            hint_zh, hint_en = did_you_mean(key, sent)
            zh = f"文书“{key}”没有任何节点送出。{hint_zh}"
            en = f'nothing sends the notice "{key}".{hint_en}'
            yield replace(found("warning", "unsent-notice", context.process, zh, en), file=name, line=None)


def check_decisions_told(context: Context) -> Iterator[Finding]:
    """Every way to an outcome passes a notice to the applicant that comes after the choice.

    A notice from which every outcome is still open (acceptance, say) tells no decision.
    """
    process = context.process
    if properties(process.element).get("public") != "true":
        return
    templates = context.bundle.notices_of(process.file)
    ends = [node for node in process.nodes.values() if outcome_of(node)]
    outcomes = {end: outcome_of(end) for end in ends}
    telling = {n for n in process.nodes.values() if recipient_of(n, templates) == APPLICANT and notice_of(n)}
    reached = {node: {outcomes[n] for n in _spread(node) if n in outcomes} for node in process.nodes.values()}
    accepting = [n for n in process.nodes.values() if "startClock" in properties(n.element)]
    open_to_all = set().union(*(reached[node] for node in accepting or process.starts()))
    for end in ends:
        if _can_begin_before(
            end, {n for n in telling if reached[n] == {outcomes[end]} or open_to_all - reached[n]}
        ):
            zh = "有结果（outcome），但可以不经任何只属于该结果的申请人文书到达：决定须告知申请人。"
            en = "its outcome can be reached without a notice to the applicant that tells it: "
            yield found(
                "warning", "decision-not-told", end, zh, en + "a decision is told to whom it concerns."
            )


def outcome_of(node: Node) -> str:
    """The outcome that an end event of the process itself declares."""
    return properties(node.element).get("outcome", "").strip() if node.kind == "endEvent" else ""


def _spread(node: Node) -> set[Node]:
    seen, waiting = {node}, [node]
    while waiting:
        for following in waiting.pop().following():
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return seen


def _can_begin_before(end: Node, stops: set[Node]) -> bool:
    """Whether some way leads to the end from a start of the process around all of `stops`."""
    seen, waiting = {end}, [end]
    while waiting:
        node = waiting.pop()
        if node in stops:
            continue
        if not node.preceding() and node.kind == "startEvent":
            return True
        for before in node.preceding():
            if before not in seen:
                seen.add(before)
                waiting.append(before)
    return False
