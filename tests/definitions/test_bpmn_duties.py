"""What deployment says about the separation of duties: its form, and that somebody can exist."""

from __future__ import annotations

import json

import pytest

from .bpmn_builder import around, check, codes, ext, prop, tag, user


def _two(**said: str) -> bytes:
    return around(user("t"), user("u", prop(**said)), path="begin > t > u > done")


def _assigned(id_: str, *more: str, **who: str) -> str:
    return tag("userTask", ext(tag("zeebe:assignmentDefinition", **who), *more), id=id_)


@pytest.mark.parametrize(
    "said",
    [
        {"differentPeople": "2"},
        {"differentOver": "t, u"},
        {"differentPeople": "1", "differentOver": "t, u"},
        {"differentPeople": "3", "differentOver": "t, u"},
        {"differentPeople": "two", "differentOver": "t, u"},
        {"differentPeople": "", "differentOver": "t, u"},
        {"differentPeople": "2", "differentOver": "t, x"},
        {"differentPeople": "2", "differentOver": "t, t"},
        {"recuse": "yes"},
        {"notLevel": "village"},
        {"notLevel": ""},
    ],
)
def test_a_malformed_duty_is_refused_in_both_languages(said: dict[str, str]) -> None:
    refused = [f for f in check(_two(**said)) if f.code == "bad-separation"]
    assert refused
    assert all((f.severity, f.element_id) == ("error", "u") and f.zh and f.en for f in refused)


def test_sound_duties_pass() -> None:
    said = {"differentPeople": "2", "differentOver": "t, u", "notLevel": "county", "recuse": "false"}
    assert codes(check(_two(**said))) == []


@pytest.mark.parametrize("name", ["differentPeople", "differentOver", "recuse", "notLevel"])
def test_a_duty_belongs_on_a_user_task(name: str) -> None:
    plain = tag("task", ext(prop(**{name: "2"})), id="t")
    assert "bad-property t" in codes(check(around(plain)), "error")


def test_a_recusal_without_a_form_that_files_relatives_is_told() -> None:
    assert "nobody-recused u" in codes(check(_two(recuse="true")), "warning")
    field = {
        "type": "textfield", "key": "who", "id": "Field_who", "label": "谁",
        "properties": {"labelEn": "Who", "recuses": "name"},
    }  # fmt: skip
    form = {"type": "default", "id": "f", "schemaVersion": 18, "components": [field]}
    file = around(user("t", form="f"), user("u", prop(recuse="true")), path="begin > t > u > done")
    assert codes(check(file, f_form=json.dumps(form).encode())) == []
    field["properties"]["recuses"] = "phone"  # type: ignore[index]
    assert "bad-attribute Field_who" in codes(check(file, f_form=json.dumps(form).encode()), "error")


@pytest.mark.parametrize(
    "file",
    [
        around(user("t", prop(notLevel="town"), groups="town.officer, town.leader")),
        around(
            _assigned("t", assignee="li"),
            _assigned("u", prop(separateFrom="t"), candidateUsers="li"),
            path="begin > t > u > done",
        ),
        around(
            _assigned("t", assignee="li"),
            _assigned("u", prop(differentPeople="2", differentOver="t, u"), assignee="li"),
            path="begin > t > u > done",
        ),
    ],
)
def test_a_task_that_its_duties_leave_to_nobody_is_refused(file: bytes) -> None:
    [finding] = [f for f in check(file) if f.code == "nobody-eligible"]
    assert (finding.severity, bool(finding.zh), bool(finding.en)) == ("error", True, True)
