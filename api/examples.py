"""Examples for the OpenAPI document. A test checks each against the schema that it stands beside."""

from __future__ import annotations

from typing import Any

_TASK: dict[str, Any] = {
    "id": "0sb2a98b3w4ba",
    "case_id": "0sb2a98b3w4b9",
    "case_number": "2026-350481100-000003",
    "process": "emergency-aid",
    "process_name": "急难型临时救助（小额快救）",
    "element_id": "triage",
    "name": "接报研判",
    "status": "open",
    "region": "350481100",
    "assignee": None,
    "candidate_groups": ["town.officer"],
    "candidate_users": [],
    "separate_from": [],
    "form_id": "emergency_triage",
    "priority": 90,
    "due": "2026-09-22T13:00:00+08:00",
    "due_date": "2026-09-22",
    "light": "green",
    "follow_up": None,
    "opened_at": "2026-09-22T09:00:00+08:00",
    "closed_at": None,
    "closed_by": None,
    "closed_for": None,
    "version": 1,
}
_CLOCK: dict[str, Any] = {
    "name": "total",
    "kind": "case",
    "status": "running",
    "due": "2026-10-28T00:00:00+08:00",
    "due_date": "2026-10-27",
    "promised_due": None,
    "promised_due_date": None,
    "light": "green",
    "provisional": False,
    "title": "审核确认总时限",
    "explanation": "自2026年9月22日起20个工作日（当日不计），依据民发〔2022〕83号 四(一)；10月27日到期。",
}
_CASE: dict[str, Any] = {
    "id": "0sb2a98b3w4b9",
    "number": "2026-350481100-000003",
    "process": "emergency-aid",
    "process_name": "急难型临时救助（小额快救）",
    "process_version": 1,
    "region": "350481100",
    "business_key": "12345-2026-118",
    "status": "active",
    "outcome": None,
    "version": 1,
    "light": "green",
    "opened_at": "2026-09-22T09:00:00+08:00",
    "opened_by": "helper",
    "accepted_at": "2026-09-22T09:00:00+08:00",
    "closed_at": None,
}
_ME: dict[str, Any] = {
    "username": "officer",
    "name": "林协管",
    "positions": [{"role": "town.officer", "region": "350481100"}],
    "roles": ["town.officer"],
    "regions": ["350481100"],
    "permissions": ["case.message", "case.open", "case.withdraw", "clock.pause", "clock.resume"],
    "scopes": ["read", "work", "deploy", "admin"],
}
_TOKEN: dict[str, Any] = {
    "id": "0ecxfv81p4a7k",
    "name": "nightly export",
    "scopes": ["read"],
    "created_at": "2026-09-22T09:00:00+08:00",
    "expires_at": "2026-12-21T09:00:00+08:00",
    "last_used_at": None,
}
# By the name of the schema in the document.
ANSWERS: dict[str, Any] = {
    "Me": _ME,
    "NewToken": {**_TOKEN, "token": "x3V…"},
    "Page_TokenInfo_": {"items": [_TOKEN], "next": None},
    "Task": _TASK,
    "Page_Task_": {"items": [_TASK], "next": "WyJ0YXNrcyIsMV0"},
    "Case": {**_CASE, "tasks": [_TASK], "clocks": [_CLOCK]},
    "Page_CaseSummary_": {"items": [_CASE], "next": None},
    "Page_Clock_": {"items": [_CLOCK], "next": None},
}

# By status: slug, sentence, and the field at fault where there is one.
_REFUSALS: dict[int, tuple[str, str, list[dict[str, str]]]] = {
    400: ("bad-request", "请求内容不是 JSON：第 1 行第 12 列有误。", []),
    401: ("not-signed-in", "请先登录。", []),
    403: ("forbidden", "林协管不在可办理该任务的人员之列：乡镇（街道）负责人。", []),
    404: ("not-found", "没有找到，或您无权查看。", []),
    409: ("task-not-open", "任务“接报研判”已由黄协管 (officer2)于2026-09-22 09:41办结。", []),
    413: ("too-large", "提交的内容过大。", []),
    415: ("unsupported-media-type", "请以 JSON 提交，并注明 Content-Type: application/json。", []),
    422: (
        "invalid-answers",
        "部分填写内容需要更正。",
        [{"pointer": "/household_size", "message": "请填写“家庭人口”。", "code": "required"}],
    ),
    429: ("too-many-attempts", "登录失败次数过多，请稍后再试，或请管理员解除锁定。", []),
    502: ("sso-unreachable", "统一身份认证服务暂时无法访问，请稍后再试。", []),
}


def refusal(status: int) -> dict[str, Any]:
    """A problem document of this status."""
    code, detail, errors = _REFUSALS[status]
    return {
        "type": "about:blank",
        "title": detail,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": errors,
    }
