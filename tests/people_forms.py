"""A process that asks for people's numbers, numbers that pass their checks, and none of them anybody's."""

from __future__ import annotations

from typing import Any

from engine.forms.kinds import id_check_digit
from tests.builders import bpmn, end, start, user
from tests.forms.form_builders import component, source

MOBILE, CARD = "13800000000", "6222020200000000006"


def id_number(sequence: int = 1, birth: str = "19610203") -> str:
    """A well-formed identity number that was never issued (its region code is not in use)."""
    first17 = f"350499{birth}{sequence:03d}"
    return first17 + id_check_digit(first17)


def _text(key: str, kind: str = "") -> dict[str, Any]:
    return component("textfield", key, properties={"kind": kind} if kind else {})


_FIELDS = (
    _text("person_name", "name"),
    _text("id_number", "idNumber"),
    _text("phone", "mobile"),
    _text("account", "bankCard"),
    _text("remark"),
    component("dynamiclist", "members", components=[_text("name", "name"), _text("member_id", "idNumber")]),
)
CARE_FORM = source(*_FIELDS).replace('"id": "form"', '"id": "care"').encode()
CARE = bpmn(
    "care",
    start()
    + user("apply", form="care")
    + user("look", form="care", groups="town.leader")
    + user("note")
    + end(),
    "begin>apply apply>look look>note note>done",
)
FILES = {"care_bpmn": CARE, "care_form": CARE_FORM}
ANSWERS: dict[str, Any] = {
    "person_name": "林秀英",
    "id_number": id_number(1),
    "phone": MOBILE,
    "account": CARD,
    "remark": f"代办人身份证{id_number(9)}，下午来",
    "members": [
        {"name": "林建国", "member_id": id_number(2, "19880808")},
        {"name": "林丽华", "member_id": id_number(3, "20150601")},
    ],
}
NUMBERS = (
    MOBILE,
    CARD,
    *(
        id_number(n, birth)
        for n, birth in ((1, "19610203"), (9, "19610203"), (2, "19880808"), (3, "20150601"))
    ),
)


def _rows(key: str, *names: str) -> dict[str, Any]:
    return component("dynamiclist", key, components=[_text(name, "name") for name in names])


def _own(key: str, role: str) -> dict[str, Any]:
    return component("textfield", key, properties={"kind": "idNumber", "household": role})


_MEMBERS = component(
    "dynamiclist", "members", components=[_text("name", "name"), _own("member_id", "member")]
)
_APPLY = (
    _text("applicant_name", "name"),
    _own("id_number", "applicant"),
    _text("proxy_name", "name"),
    _MEMBERS,
    _rows("kin", "staff_name", "member_name"),
)
_VISIT = (_text("applicant_name", "name"), _rows("investigators", "name"), _text("note"))


def _form(key: str, *fields: dict[str, Any]) -> bytes:
    return source(*fields).replace('"id": "form"', f'"id": "{key}"').encode()


APPLY_FILES = {
    "application_bpmn": bpmn(
        "application",
        '<bpmn:startEvent id="begin"><bpmn:extensionElements><zeebe:formDefinition formId="apply"/>'
        "</bpmn:extensionElements></bpmn:startEvent>" + user("visit", form="visit") + end(),
        "begin>visit visit>done",
    ),
    "apply_form": _form("apply", *_APPLY),
    "visit_form": _form("visit", *_VISIT),
}
"""A process whose start form asks for a household, and for people who are not of it."""
APPLICATION: dict[str, Any] = {
    "applicant_name": "阿依古丽·买买提",
    "id_number": id_number(1),
    "proxy_name": "代办人甲",
    "members": [{"name": "林 建国", "member_id": id_number(2, "19880808")}],
    "kin": [{"staff_name": "王干部", "member_name": "陈亲属"}],
}
