"""Bad files at deployment: each a 4xx problem that names its place, and an unchanged database."""

from __future__ import annotations

import pytest

from engine.store.db import Database
from tests.api.bundles import GOOD_ANSWERS, VISIT_BPMN, VISIT_FORM, visit_with
from tests.api.conftest import Caller
from tests.api.refusals import assert_refused, everything

CONDITION = "=income / household_size &lt; 76000"

BUNDLES: dict[str, tuple[dict[str, bytes | str], str]] = {
    "broken XML": ({"visit.bpmn": "<bpmn:definitions"}, "visit.bpmn"),
    "external entity": (
        {"visit.bpmn": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'},
        "visit.bpmn",
    ),
    "entity bomb": (
        {
            "visit.bpmn": "<!DOCTYPE d ["
            + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12))
            + "]><d>&a11;</d>"
        },
        "visit.bpmn",
    ),
    "Python expression": (
        {"visit.bpmn": visit_with(CONDITION, "=__import__('os').system('id')"), "a.form": VISIT_FORM},
        "f3",
    ),
    "JUEL expression": (
        {"visit.bpmn": visit_with(CONDITION, "${income &lt; 5}"), "a.form": VISIT_FORM},
        "f3",
    ),
    "unknown element": (
        {
            "visit.bpmn": visit_with(
                '<bpmn:endEvent id="granted" name="给予"><bpmn:incoming>f5</bpmn:incoming></bpmn:endEvent>',
                '<bpmn:magicTask id="granted"><bpmn:incoming>f5</bpmn:incoming></bpmn:magicTask>',
            ),
            "a.form": VISIT_FORM,
        },
        "granted",
    ),
    "missing form": ({"visit.bpmn": VISIT_BPMN}, "register"),
    "timer without expression": (
        {
            "visit.bpmn": visit_with(
                '<bpmn:endEvent id="refused"',
                '<bpmn:boundaryEvent id="late" attachedToRef="register"><bpmn:outgoing>f6</bpmn:outgoing>'
                '<bpmn:timerEventDefinition id="t" /></bpmn:boundaryEvent>'
                '<bpmn:sequenceFlow id="f6" sourceRef="late" targetRef="refused" />'
                '<bpmn:endEvent id="refused"',
            ),
            "a.form": VISIT_FORM,
        },
        "late",
    ),
    "gateway flow with neither condition nor default": (
        {"visit.bpmn": visit_with(' default="f4"', ""), "a.form": VISIT_FORM},
        "f4",
    ),
    "no executable process": (
        {"visit.bpmn": visit_with('isExecutable="true"', 'isExecutable="false"'), "a.form": VISIT_FORM},
        "visit.bpmn",
    ),
    "10,000 nested elements": ({"visit.bpmn": "<a>" * 10_000 + "</a>" * 10_000}, "visit.bpmn"),
    "broken form": ({"visit.bpmn": VISIT_BPMN, "a.form": '{"type": '}, "a.form"),
    "unknown kind of file": ({"run.exe": b"MZ"}, "run.exe"),
    "broken decision table": ({"t.dmn": "<definitions/>", "visit.bpmn": VISIT_BPMN}, "t.dmn"),
}


def test_refused_deployment_lists_its_findings_like_an_accepted_one(designer: Caller) -> None:
    refused = designer.deploy({"visit.bpmn": VISIT_BPMN}, **{"Accept-Language": "en"}).get_json()
    [finding] = [f for f in refused["findings"] if f["severity"] == "error"]
    assert (finding["element_id"], finding["file"], finding["code"]) == (
        "register",
        "visit.bpmn",
        "missing-form",
    )
    assert "visit_answers" in finding["message"]


@pytest.mark.parametrize("kind", BUNDLES)
def test_bad_bundle_is_refused_by_place_and_changes_nothing(
    kind: str, designer: Caller, api_database: Database
) -> None:
    files, place = BUNDLES[kind]
    before = everything(api_database)
    assert_refused(designer.deploy(files), 422, place)
    assert everything(api_database) == before


def test_upload_of_100_mb_is_refused(designer: Caller, api_database: Database) -> None:
    """Written by hand: the client's own encoder would leave a temporary file open."""
    before = everything(api_database)
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="big.bpmn"\r\n\r\n'
    body = head + b" " * 100_000_000 + b"\r\n--b--\r\n"
    response = designer.call(
        "POST", "/deployments", data=body, Content_Type="multipart/form-data; boundary=b"
    )
    assert_refused(response, 413, "too-large")
    assert everything(api_database) == before


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("=count(for i in 1..1000000000 return i) &gt; 0", "poor"),
        ("=some i in 1..1000000000 satisfies some j in 1..1000000000 satisfies i + j = 0", "poor"),
        ("=10**100000000 &gt; 1", "poor"),
    ],
)
def test_expression_without_end_becomes_an_incident_or_is_refused(
    expression: str, place: str, designer: Caller, officer: Caller
) -> None:
    """It may be seen at deployment; if not, the case stops at the gateway and nobody else waits."""
    response = designer.deploy(
        {"visit.bpmn": visit_with(CONDITION, expression), "visit_answers.form": VISIT_FORM}
    )
    if response.status_code == 422:
        assert "f3" in response.text
        return
    assert response.status_code == 201, response.text
    case = officer.post("/cases", {"process": "visit", "region": "350481100", "answers": {}}).get_json()
    done = officer.post(f"/tasks/{case['tasks'][0]['id']}/complete", {"answers": GOOD_ANSWERS}).get_json()
    if done["status"] == "incident":
        incidents = officer.get("/incidents").get_json()["items"]
        assert [incident["element_id"] for incident in incidents] == [place]
    else:
        assert done["outcome"] == "refused", "a condition that is null takes the default flow"
