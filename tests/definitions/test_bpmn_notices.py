"""Notices beside a process: which file speaks for whom, and what deployment finds in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.definitions import check_bundle, read_bundle
from engine.errors import DeploymentError
from engine.types import Finding

from .bpmn_builder import around, definitions, end, ext, flow, form, process, prop, start, tag, user

PATH = "begin > told > done"


def notices(*rows: dict[str, Any]) -> bytes:
    return json.dumps({"notices": list(rows)}, ensure_ascii=False).encode()


def notice(key: str, to: str = "applicant", body: str = "告知", **more: Any) -> dict[str, Any]:
    body_of = {"zh": body, "en": body}
    return {"key": key, "title": {"zh": key, "en": key}, "basis": "Art.1", "to": to, "body": body_of, **more}


def send(id: str, key: str = "", to: str = "applicant") -> str:
    headers = tag("zeebe:taskHeaders", tag("zeebe:header", key="to", value=to))
    return tag(
        "sendTask", ext(tag("zeebe:taskDefinition", type="notice"), headers, prop(notice=key or id)), id=id
    )


def check(*rows: dict[str, Any], bpmn: bytes = b"", **files: bytes) -> list[str]:
    found: list[Finding] = check_bundle(
        read_bundle(
            {
                "a/p.bpmn": bpmn or around(send("told"), path=PATH),
                "a/apply.form": form("apply", name="textfield"),
                **({"a/notices.yaml": notices(*rows)} if rows else {}),
                **files,
            }
        )
    )
    assert all(finding.zh and finding.en for finding in found)
    return [f"{finding.code} {finding.element_id}".strip() for finding in found if finding.severity != "info"]


def test_a_notice_to_an_applicant_needs_a_template() -> None:
    assert check() == ["no-notice-template told"]
    assert check(notice("told")) == []


def test_a_reminder_inside_the_house_needs_none() -> None:
    assert check(bpmn=around(send("chase", to="town.leader"), path="begin > chase > done")) == []


def test_a_file_speaks_for_the_processes_of_its_folder_only() -> None:
    elsewhere = {
        "b/notices.yaml": notices(notice("told")),
        "b/q.bpmn": around(send("told"), path=PATH).replace(b'id="p"', b'id="q"'),
    }
    assert "no-notice-template told" in check(**elsewhere)
    bundle = read_bundle(
        {"a/p.bpmn": around(send("told"), path=PATH), "a/notices.yaml": notices(notice("told")), **elsewhere}
    )
    assert bundle.definition("p").files.keys() == {"a/p.bpmn", "a/notices.yaml"}
    assert bundle.definition("p").notices["told"].to == "applicant"


def test_another_text_is_another_version() -> None:
    def hash_of(body: str) -> str:
        files = {
            "p.bpmn": around(send("told"), path=PATH),
            "notices.yaml": notices(notice("told", body=body)),
        }
        return read_bundle(files).definition("p").hash

    assert hash_of("告知") != hash_of("另行告知")


def test_two_files_in_one_folder_are_refused() -> None:
    files = {
        "p.bpmn": around(send("told"), path=PATH),
        "a.yaml": notices(notice("told")),
        "b.yaml": notices(notice("told")),
    }
    with pytest.raises(DeploymentError, match=r"b\.yaml"):
        read_bundle(files)


def test_what_a_notice_reads_must_have_been_written() -> None:
    assert check(notice("told", body="{{ nobody }}")) == ["unknown-name told"]
    bpmn = around(send("told"), path=PATH, form="apply")
    assert check(notice("told", body="{{ name }} {{ case.number }}"), bpmn=bpmn) == []


def test_a_key_that_nothing_sends_is_told() -> None:
    assert check(notice("told"), notice("tolb")) == ["unsent-notice p"]


def test_diagram_and_template_agree_on_the_recipient() -> None:
    assert check(notice("told", to="town.leader")) == ["notice-recipient told"]


POSTED = {"to": "public", "shows": ["name"], "days": "calendar days(7)", "body": "{{ name }}"}
PUBLIC = around(send("told", to="public"), path=PATH, form="apply")


def test_a_posting_may_not_show_a_number_that_names_a_person() -> None:
    number = form("apply", name="textfield").replace(
        b'"properties": {', b'"properties": {"kind": "idNumber", '
    )
    assert check(notice("told", **POSTED), bpmn=PUBLIC) == []
    found = check(notice("told", **POSTED), bpmn=PUBLIC, **{"a/apply.form": number})
    assert "posting-shows-number p" in found


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"while": "nowhere"}, "unknown-element p"),
        ({"days": 'limit("publicity")'}, "missing-parameter p"),
        ({"days": "holidays(7)"}, "unknown-function p"),
        ({"shows": ["name", "nobody"]}, "unknown-name told"),
    ],
)
def test_what_a_posting_refers_to_exists(more: dict[str, Any], code: str) -> None:
    assert code in check(notice("told", **{**POSTED, **more}), bpmn=PUBLIC)


def applied(*parts: str) -> bytes:
    decide = tag("exclusiveGateway", id="g", default="g_no")
    yes, no = end("yes", ext(prop(outcome="yes"))), end("no", ext(prop(outcome="no")))
    return definitions(
        process(
            ext(prop(public="true")), start(), send("accept"), user("u", form="apply"), decide, yes, no,
            *parts, flow("begin > accept > u > g"),
        )
    )  # fmt: skip


def test_a_decision_that_nobody_is_told_is_found_and_acceptance_tells_none() -> None:
    ways = flow("g > yes", '= name = "x"'), flow("g > no")
    assert [f for f in check(notice("accept"), bpmn=applied(*ways)) if "told" in f] == [
        "decision-not-told yes",
        "decision-not-told no",
    ]


def test_a_decision_told_on_each_way_is_found_right() -> None:
    ways = flow("g > told", '= name = "x"'), flow("told > yes"), send("told"), send("g_no"), flow("g > g_no")
    found = check(notice("accept"), notice("told"), notice("g_no"), bpmn=applied(*ways, flow("g_no > no")))
    assert [f for f in found if f.startswith("decision")] == []


def test_a_task_that_serves_the_paper_tells_it() -> None:
    serve = user("serve", prop(notice="refusal"), form="apply")
    ways = flow("g > told", '= name = "x"'), flow("told > yes"), send("told"), serve, flow("g > serve > no")
    found = check(notice("accept"), notice("told"), notice("refusal"), bpmn=applied(*ways))
    assert [f for f in found if f.startswith("decision")] == []
