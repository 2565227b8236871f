"""The words for what the engine names by keys: lights, states, roles. One noun for one thing, in pairs."""

from __future__ import annotations

from collections.abc import Mapping

from web.language import t

Pair = tuple[str, str]

LIGHTS: Mapping[str, Pair] = {
    "green": ("正常", "On time"),
    "yellow": ("将到期", "Due soon"),
    "red": ("已超期", "Overdue"),
    "grey": ("已暂停", "Paused"),
}
CASE_STATES: Mapping[str, Pair] = {
    "active": ("办理中", "In progress"),
    "completed": ("已办结", "Completed"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "incident": ("系统异常", "Incident"),
}
TASK_STATES: Mapping[str, Pair] = {
    "open": ("待办", "Open"),
    "completed": ("已办", "Completed"),
    "cancelled": ("已取消", "Cancelled"),
}
ROLES: Mapping[str, Pair] = {
    "applicant": ("申请人", "Applicant"),
    "village.helper": ("村（居）协理员", "Village helper"),
    "town.officer": ("乡镇（街道）协管员", "Town officer"),
    "town.leader": ("乡镇（街道）负责人", "Town leader"),
    "county.checker": ("核对中心", "Checking centre"),
    "county.officer": ("县级经办", "County officer"),
    "county.supervisor": ("县级监督", "County supervisor"),
    "county.coordinator": ("协调小组办公室", "Coordination group office"),
    "department.officer": ("部门经办", "Department officer"),
    "designer": ("流程设计", "Process designer"),
    "admin": ("系统管理", "Administrator"),
}
NOTICE_STATES: Mapping[str, Pair] = {
    "queued": ("待发", "Queued"),
    "sent": ("已发出", "Sent"),
    "delivered": ("已送达", "Delivered"),
    "failed": ("未送达", "Failed"),
}
GRADES: Mapping[str, Pair] = {
    "red": ("红色", "Red"),
    "orange": ("橙色", "Orange"),
    "yellow": ("黄色", "Yellow"),
}
UNITS: Mapping[str, Pair] = {
    "workdays": ("个工作日", "working days"),
    "calendar_days": ("天", "calendar days"),
    "hours": ("小时", "hours"),
}
_FAMILIES = {
    "light": LIGHTS,
    "case": CASE_STATES,
    "task": TASK_STATES,
    "role": ROLES,
    "notice": NOTICE_STATES,
    "unit": UNITS,
    "grade": GRADES,
}


def word(family: str, key: str) -> str:
    """What a key is called, e.g. `word("light", "red")`; a key that a city added stands for itself."""
    pair = _FAMILIES[family].get(key)
    return t(*pair) if pair else key
