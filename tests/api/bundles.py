"""Small BPMN and form files for the API tests, and ways to spoil them."""

from __future__ import annotations

import json

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="defs" targetNamespace="urn:visit">
"""

VISIT_BPMN = (
    _HEAD
    + """  <bpmn:process id="visit" name="入户走访" isExecutable="true">
    <bpmn:extensionElements><zeebe:properties>
      <zeebe:property name="clock:total" value="=workdays(20)" />
    </zeebe:properties></bpmn:extensionElements>
    <bpmn:startEvent id="opened"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="register" name="登记">
      <bpmn:extensionElements>
        <zeebe:userTask />
        <zeebe:assignmentDefinition candidateGroups="town.officer" />
        <zeebe:formDefinition formId="visit_answers" />
        <zeebe:taskSchedule dueDate="=workdays(3)" />
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="poor" name="人均收入低于标准？" default="f4">
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing><bpmn:outgoing>f4</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:userTask id="confirm" name="确认">
      <bpmn:extensionElements>
        <zeebe:userTask />
        <zeebe:assignmentDefinition candidateGroups="town.leader" />
      </bpmn:extensionElements>
      <bpmn:incoming>f3</bpmn:incoming><bpmn:outgoing>f5</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="granted" name="给予"><bpmn:incoming>f5</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="refused" name="不给予"><bpmn:incoming>f4</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="opened" targetRef="register" />
    <bpmn:sequenceFlow id="f2" sourceRef="register" targetRef="poor" />
    <bpmn:sequenceFlow id="f3" sourceRef="poor" targetRef="confirm">
      <bpmn:conditionExpression>=income / household_size &lt; 76000</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f4" sourceRef="poor" targetRef="refused" />
    <bpmn:sequenceFlow id="f5" sourceRef="confirm" targetRef="granted" />
  </bpmn:process>
</bpmn:definitions>
"""
)


def _field(kind: str, key: str, label: str, **more: object) -> dict[str, object]:
    properties = {"labelEn": key.replace("_", " ").capitalize(), **more.pop("properties", {})}  # type: ignore[dict-item]
    return {"type": kind, "key": key, "id": key, "label": label, "properties": properties, **more}


_REQUIRED = {"required": True}
_MONEY = {"kind": "moneyFen"}
_ID_NUMBER = _field("textfield", "id_number", "身份证号", properties={"kind": "idNumber"})
_COMPONENTS = [
    _field("textfield", "applicant", "申请人", properties={"kind": "name"}, validate=_REQUIRED),
    _ID_NUMBER,
    _field("number", "household_size", "人数", decimalDigits=0, validate={**_REQUIRED, "min": 1}),
    _field("number", "income", "月收入（分）", properties=_MONEY, validate=_REQUIRED),
    {
        "type": "datetime",
        "subtype": "date",
        "key": "visited_on",
        "id": "visited_on",
        "dateLabel": "走访日期",
        "properties": {"dateLabelEn": "Visited on"},
    },
    {
        "type": "dynamiclist",
        "id": "members",
        "path": "members",
        "label": "家庭成员",
        "properties": {"labelEn": "Members", "uniqueBy": "id_number"},
        "components": [{**_ID_NUMBER, "id": "member_id_number"}],
    },
]
VISIT_FORM = json.dumps(
    {"type": "default", "id": "visit_answers", "schemaVersion": 18, "components": _COMPONENTS},
    ensure_ascii=False,
)

GOOD_ANSWERS = {"applicant": "𠮷㐂", "household_size": 3, "income": 90000}


def visit_with(old: str, new: str) -> str:
    """The process with one passage replaced; fails when the passage is not there."""
    assert old in VISIT_BPMN
    return VISIT_BPMN.replace(old, new)
