"""Checks who works on a task: groups, lanes, roles and the separation of duties."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.diagram import Node, properties, zeebe
from engine.definitions.report import Context, did_you_mean, found
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
        for role in _static_roles(node, who["candidateGroups"], any(who.values())):
            if context.roles is not None and role not in context.roles:
                hint_zh, hint_en = did_you_mean(role, context.roles)
                zh = f"岗位“{role}”不存在，无人能办。{hint_zh}"
                yield found("warning", "unknown-role", node, zh, f'there is no role "{role}".{hint_en}')


def _static_roles(node: Node, groups: str, assigned: bool) -> list[str]:
    """The candidate groups, else the lane's name, as far as they are no expression."""
    if groups and not groups.startswith("="):
        return [role.strip() for role in groups.split(",") if role.strip()]
    return [node.lane] if node.lane and not assigned else []


def check_separation(context: Context) -> Iterator[Finding]:
    """`separateFrom` names other user tasks of the process."""
    tasks = {node.id for node in context.process.all_nodes() if node.kind == "userTask"}
    for node in context.process.all_nodes():
        if "separateFrom" not in (said := properties(node.element)):
            continue
        named = [name.strip() for name in said["separateFrom"].split(",") if name.strip()]
        if node.kind != "userTask":
            zh, en = "separateFrom 只对用户任务有意义。", "separateFrom means something on user tasks only."
            yield found("error", "bad-property", node, zh, en)
        elif not named:
            zh, en = "separateFrom 没有写任务 id。", "separateFrom names no task."
            yield found("error", "bad-separation", node, zh, en)
        for name in named:
            if name == node.id:
                zh, en = "separateFrom 不能写任务自己。", "separateFrom can't name the task itself."
                yield found("error", "bad-separation", node, zh, en)
            elif name not in tasks:
                hint_zh, hint_en = did_you_mean(name, tasks)
                zh = f"separateFrom 所指的“{name}”不是本流程的用户任务。{hint_zh}"
                en = f'separateFrom names "{name}", which is no user task of this process.{hint_en}'
                yield found("error", "bad-separation", node, zh, en)
