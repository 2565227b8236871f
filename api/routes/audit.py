"""The audit log: sign-ins, tokens, people, administration and full views, for administrators."""

from __future__ import annotations

from flask import Blueprint

from api.endpoint import Call, endpoint
from api.schemas import answers, requests
from engine.actions.read_audit import list_audit
from engine.actions.views import AuditView, Page

routes = Blueprint("audit", __name__, url_prefix="/api/v1")


@endpoint(
    routes,
    "GET",
    "/audit",
    query=requests.AuditQuery,
    answer=answers.Page[answers.AuditEntry],
    access="admin",
    problems=(403,),
)
def list_audit_log(call: Call) -> Page[AuditView]:
    """What was done outside of cases, newest first."""
    query = dict(call.query)
    by = query.pop("actor")
    return list_audit(call.tx, actor=call.actor, by=by, **query)
