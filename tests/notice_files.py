"""A small process that posts a notice, decides and tells; its people are nobody."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import quoteattr

from tests.builders import boundary, bpmn, choice, end, message_element, user
from tests.forms.form_builders import component, source
from tests.people_forms import id_number


def send_notice(id_: str, key: str, to: str = "applicant") -> str:
    return (
        f'<bpmn:sendTask id="{id_}"><bpmn:extensionElements><zeebe:taskDefinition type="notice"/>'
        f'<zeebe:taskHeaders><zeebe:header key="to" value="{to}"/></zeebe:taskHeaders><zeebe:properties>'
        f'<zeebe:property name="notice" value={quoteattr(key)}/></zeebe:properties>'
        "</bpmn:extensionElements></bpmn:sendTask>"
    )


def on_message(id_: str, on: str, message: str) -> str:
    return (
        f'<bpmn:boundaryEvent id="{id_}" attachedToRef="{on}" cancelActivity="true">'
        f'<bpmn:messageEventDefinition messageRef="m_{message}"/></bpmn:boundaryEvent>'
    )


def begin(form: str) -> str:
    inner = f'<bpmn:extensionElements><zeebe:formDefinition formId="{form}"/></bpmn:extensionElements>'
    return f'<bpmn:startEvent id="begin">{inner}</bpmn:startEvent>'


def notice(key: str, zh: str, en: str, **more: Any) -> dict[str, Any]:
    row = {
        "key": key,
        "title": {"zh": key, "en": f"Notice {en}"},
        "basis": "民发〔2021〕57号 Art.19",
        "to": "applicant",
    }
    return {**row, "body": {"zh": zh, "en": en}, **more}


def _field(key: str, kind: str = "", type_: str = "textfield", **more: Any) -> dict[str, Any]:
    properties = {"labelEn": key, **({"kind": kind} if kind else {})}
    return component(type_, key, properties=properties, **more)


APPLY = source(
    _field("applicant_name", "name", validate={"required": True}),
    _field("applicant_id_number", "idNumber", validate={"required": True}),
    _field("applicant_phone", "mobile"),
    _field("household_size", type_="number"),
)
SUPPLY = source(_field("paper"), _field("paper_files", type_="filepicker", multiple=True))
DECIDE = source(_field("granted", type_="checkbox"), _field("reason"))

NOTICES = json.dumps(
    {
        "notices": [
            notice(
                "受理通知书",
                "{{ applicant_name }}：案件{{ case.number }}已受理。",
                "{{ applicant_name }}: accepted.",
            ),
            notice(
                "公示",
                "{{ applicant_name }}，家庭人数{{ household_size }}。",
                "{{ applicant_name }}, household of {{ household_size }}.",
                to="public",
                shows=["applicant_name", "household_size"],
                days="calendar days(7)",
                **{"while": "publicity"},
            ),
            notice("确认通知书", "{{ applicant_name }}：准予救助。", "{{ applicant_name }}: granted."),
            notice("不予确认决定书", "不予救助，理由：{{ reason }}。", "Refused because: {{ reason }}."),
        ]
    },
    ensure_ascii=False,
).encode()

PROCESS = bpmn(
    "help",
    begin("help_apply")
    + send_notice("accept", "受理通知书")
    + user("supply", groups="applicant, town.officer", form="help_supply", titleEn="Supply the paper")
    + user("look")
    + send_notice("post", "公示", "public")
    + user("publicity", due="calendar days(7)")
    + boundary("posted", "publicity", interrupting=True, duration="=calendar days(7)")
    + on_message("objected", "publicity", "objection")
    + user("hear")
    + user("decide", groups="town.leader", form="help_decide", separateFrom="look")
    + choice("granted_or_not")
    + send_notice("tell", "确认通知书")
    + user("serve", notice="不予确认决定书")
    + end("granted_end", outcome="granted")
    + end("refused_end", outcome="refused"),
    "begin>accept accept>supply supply>look look>post post>publicity posted>decide objected>hear hear>post "
    "publicity>decide decide>granted_or_not granted_or_not>tell?granted granted_or_not>serve? "
    "tell>granted_end serve>refused_end",
    {"public": "true", "need": "生活困难，需要长期救助", "needEn": "I cannot make ends meet",
     "titleEn": "Help", "clock:total": "workdays(20)", "clock:total:promised": "workdays(15)"},
    outside=message_element("objection"),
)  # fmt: skip


def _named(text: str, form_id: str) -> bytes:
    return text.replace('"id": "form"', f'"id": "{form_id}"').encode()


ANSWERS: dict[str, Any] = {
    "applicant_name": "林小满",
    "applicant_id_number": id_number(),
    "household_size": 3,
}
FILES = {
    "help_bpmn": PROCESS,
    "help_apply_form": _named(APPLY, "help_apply"),
    "help_supply_form": _named(SUPPLY, "help_supply"),
    "help_decide_form": _named(DECIDE, "help_decide"),
    "notices_yaml": NOTICES,
}
