"""Checks the separation of duties: what each constraint must look like, and that somebody can still exist.

Whether the people of a region suffice is no question of the file; deployment asks the database.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.diagram import Node, properties, zeebe
from engine.definitions.report import Context, did_you_mean, found
from engine.types import Finding

PROPERTIES = ("separateFrom", "differentPeople", "differentOver", "recuse", "notLevel")
LEVELS = frozenset({"town", "county"})


def check_duties(context: Context) -> Iterator[Finding]:
    """`separateFrom`, `differentPeople` over `differentOver`, `recuse` and `notLevel` of user tasks."""
    tasks = {node.id: node for node in context.process.all_nodes() if node.kind == "userTask"}
    for node in context.process.all_nodes():
        said = properties(node.element)
        for name in PROPERTIES:
            if name in said and node.kind != "userTask":
                zh, en = f"{name} 只对用户任务有意义。", f"{name} means something on user tasks only."
                yield found("error", "bad-property", node, zh, en)
        for name in ("separateFrom", "differentOver"):
            if name in said:
                yield from _check_names(node, name, names_in(said[name]), tasks)
        yield from _check_words(context, node, said)
        yield from _check_number(node, said)
        yield from _check_somebody(node, said, tasks)


def names_in(text: str) -> list[str]:
    """Names between commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def roles_of(node: Node) -> list[str]:
    """The roles that may do a user task: its groups, else its lane; none where an expression says them."""
    groups = zeebe(node.element, "assignmentDefinition", "candidateGroups")
    if groups:
        return [] if groups.startswith("=") else names_in(groups)
    others = ("assignee", "candidateUsers")
    if node.lane and not any(zeebe(node.element, "assignmentDefinition", one) for one in others):
        return [node.lane]
    return []


def _users_of(node: Node) -> set[str] | None:
    """The only accounts that may do a task; None where roles may, or an expression says who."""
    said = [
        zeebe(node.element, "assignmentDefinition", one)
        for one in ("assignee", "candidateUsers", "candidateGroups")
    ]
    if said[2] or not any(said) or any(text.startswith("=") for text in said):
        return None
    return {name for text in said for name in names_in(text)}


def _check_names(node: Node, name: str, named: list[str], tasks: dict[str, Node]) -> Iterator[Finding]:
    if not named:
        zh, en = f"{name} 没有写任务 id。", f"{name} names no task."
        yield found("error", "bad-separation", node, zh, en)
    for one in named:
        if one == node.id and name == "separateFrom":
            zh, en = "separateFrom 不能写任务自己。", "separateFrom can't name the task itself."
            yield found("error", "bad-separation", node, zh, en)
        elif one not in tasks:
            hint_zh, hint_en = did_you_mean(one, tasks)
            zh = f"{name} 所指的“{one}”不是本流程的用户任务。{hint_zh}"
            en = f'{name} names "{one}", which is no user task of this process.{hint_en}'
            yield found("error", "bad-separation", node, zh, en)


def _check_words(context: Context, node: Node, said: dict[str, str]) -> Iterator[Finding]:
    recuse = said.get("recuse", "false").strip()
    if recuse not in {"true", "false"}:
        zh, en = f"recuse 应为 true 或 false，不是“{recuse}”。", f'recuse is true or false, not "{recuse}".'
        yield found("error", "bad-separation", node, zh, en)
    elif recuse == "true" and not any(form.files_relatives for form in context.bundle.form_files.values()):
        zh = "recuse 不会使任何人回避：没有表单字段带有 recuses 属性来登记近亲属。"
        en = "recuse bars nobody: no form field has the property recuses, which files relatives."
        yield found("warning", "nobody-recused", node, zh, en)
    level = said.get("notLevel", "").strip()
    if "notLevel" in said and level not in LEVELS:
        zh, en = (
            f"notLevel 应为 town 或 county，不是“{level}”。",
            f'notLevel is town or county, not "{level}".',
        )
        yield found("error", "bad-separation", node, zh, en)


def _check_number(node: Node, said: dict[str, str]) -> Iterator[Finding]:
    number, over = said.get("differentPeople", "").strip(), set(names_in(said.get("differentOver", "")))
    if ("differentPeople" in said) != ("differentOver" in said):
        zh = "differentPeople（人数）与 differentOver（任务 id）须一并填写。"
        en = "differentPeople (how many) and differentOver (task ids) go together."
        yield found("error", "bad-separation", node, zh, en)
    elif number and not (number.isascii() and number.isdigit() and 2 <= int(number) <= len(over)):
        zh = f"differentPeople 应为 2 至所列任务数（{len(over)}）之间的整数，不是“{number}”。"
        en = f'differentPeople is a whole number from 2 to the tasks listed ({len(over)}), not "{number}".'
        yield found("error", "bad-separation", node, zh, en)
    elif "differentPeople" in said and not number:
        zh, en = "differentPeople 没有写人数。", "differentPeople says no number."
        yield found("error", "bad-separation", node, zh, en)


def _check_somebody(node: Node, said: dict[str, str], tasks: dict[str, Node]) -> Iterator[Finding]:
    """A task that its own constraints leave to nobody would stop every case."""
    level, roles = said.get("notLevel", "").strip(), roles_of(node)
    if level and roles and all(role.startswith(f"{level}.") for role in roles):
        zh = f"无人能办：办理岗位均为 {level} 级，而 notLevel 排除该级。"
        en = f"nobody may do it: all its roles are of the level that notLevel={level} excludes."
        yield found("error", "nobody-eligible", node, zh, en)
    users = _users_of(node)
    for one in names_in(said.get("separateFrom", "")):
        if users is not None and len(users) == 1 and one in tasks and _users_of(tasks[one]) == users:
            zh, en = f"无人能办：只有办理“{one}”的人能办。", f'nobody may do it: only who does "{one}" could.'
            yield found("error", "nobody-eligible", node, zh, en)
    over = [tasks[one] for one in names_in(said.get("differentOver", "")) if one in tasks]
    named = [_users_of(task) for task in over]
    number = said.get("differentPeople", "").strip()
    if number.isascii() and number.isdigit() and named and None not in named:
        everybody = set().union(*(users for users in named if users is not None))
        if len(everybody) < int(number):
            zh = f"无人能办：所列任务只指定了{len(everybody)}人，少于 differentPeople={number}。"
            en = f"nobody may do it: the tasks name {len(everybody)} people; differentPeople is {number}."
            yield found("error", "nobody-eligible", node, zh, en)
