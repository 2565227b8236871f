"""Checks who works on a task: groups, lanes and roles."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.diagram import zeebe
from engine.definitions.duties import roles_of
from engine.definitions.report import Context, did_you_mean, found
from engine.notices import APPLICANT
from engine.types import Finding


def check_assignment(context: Context) -> Iterator[Finding]:
    """Every user task says who may do it, in a role that exists."""
    for node in context.process.all_nodes():
        if node.kind != "userTask":
            continue
        who = {
            a: zeebe(node.element, "assignmentDefinition", a)
            for a in ("assignee", "candidateGroups", "candidateUsers")
        }
        if not any(who.values()) and not node.lane:
            zh = "没有候选组、办理人和泳道：当地任何经办人员都能办；如应限定，请指定候选组或放入泳道。"
            en = "it has no candidate group, assignee or lane, so every caseworker there may do it; "
            en += "name a group if only some should."
            yield found("warning", "nobody-assigned", node, zh, en)
        for role in roles_of(node):
            if context.roles is not None and role not in context.roles | {APPLICANT}:
                hint_zh, hint_en = did_you_mean(role, context.roles)
                zh = f"岗位“{role}”不存在，无人能办。{hint_zh}"
                yield found("warning", "unknown-role", node, zh, f'there is no role "{role}".{hint_en}')
