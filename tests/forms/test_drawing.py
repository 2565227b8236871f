"""What a page shows of a form with the answers so far."""

from __future__ import annotations

import json
from typing import Any

from engine import feel
from engine.forms import Drawn, load


def _form(*components: dict[str, Any]) -> Any:
    return load(
        json.dumps({"type": "default", "id": "f", "schemaVersion": 18, "components": list(components)})
    )


def _field(key: str, kind: str = "textfield", **more: Any) -> dict[str, Any]:
    properties = {"labelEn": f"{key} in English", **more.pop("properties", {})}
    return {
        "id": f"f_{key}",
        "type": kind,
        "key": key,
        "label": f"标签{key}",
        "properties": properties,
        **more,
    }


def _drawn(form: Any, answers: Any = None, scope: Any = None, lang: str = "zh") -> dict[str, Drawn]:
    values = {name: feel.to_feel(value) for name, value in (scope or {}).items()}
    return {one.pointer or one.id: one for one in form.draw(lang, answers or {}, values)}


def test_a_field_appears_once_its_condition_holds() -> None:
    form = _form(_field("single", "checkbox"), _field("reason", conditional={"hide": "=single != true"}))
    assert set(_drawn(form)) == {"/single"}
    assert set(_drawn(form, {"single": True})) == {"/single", "/reason"}
    assert _drawn(form)["/single"].live


def test_a_group_that_is_hidden_hides_what_it_holds() -> None:
    group = {
        "id": "g", "type": "group", "label": "组", "properties": {"labelEn": "Group"},
        "conditional": {"hide": "=many != true"}, "components": [_field("inside")],
    }  # fmt: skip
    form = _form(_field("many", "checkbox"), group)
    assert set(_drawn(form)) == {"/many"}
    shown = _drawn(form, {"many": True})["g"]
    assert [one.pointer for one in shown.children] == ["/inside"]


def test_labels_and_options_come_in_the_asked_language() -> None:
    form = _form(
        _field("kind", "radio", values=[{"label": "是", "value": "yes"}], properties={"optionEn:yes": "Yes"})
    )
    zh, en = _drawn(form)["/kind"], _drawn(form, lang="en")["/kind"]
    assert (zh.label, zh.options) == ("标签kind", (("yes", "是"),))
    assert (en.label, en.options) == ("kind in English", (("yes", "Yes"),))


def test_computed_values_follow_the_answers() -> None:
    total = {"id": "t", "type": "expression", "key": "total", "label": "合计", "expression": "=wage * 2",
             "computeOn": "change", "properties": {"labelEn": "Total"}}  # fmt: skip
    form = _form(_field("wage", "number"), total)
    assert _drawn(form, {"wage": 21})["/total"].value == 42
    assert _drawn(form, {"wage": "no number"})["/wage"].value == "no number"


def test_a_personal_number_that_the_case_holds_is_masked() -> None:
    form = _form(_field("id_number", properties={"kind": "idNumber"}))
    held = _drawn(form, scope={"id_number": "11010519491231002X"})["/id_number"]
    assert held.value == "110105********002X"
    typed = _drawn(form, {"id_number": "11010519491231002X"})["/id_number"]
    assert typed.value == "11010519491231002X"


def test_rows_that_the_case_holds_can_be_changed() -> None:
    people = {"id": "p", "type": "dynamiclist", "path": "people", "label": "成员", "isRepeating": True,
              "properties": {"labelEn": "People"}, "components": [_field("name")]}  # fmt: skip
    rows = _drawn(_form(people), scope={"people": [{"name": "甲"}, {"name": "乙"}]})["/people"].rows
    assert [(row[0].pointer, row[0].value) for row in rows] == [
        ("/people/0/name", "甲"),
        ("/people/1/name", "乙"),
    ]


def test_rows_that_the_case_holds_come_masked() -> None:
    people = {"id": "p", "type": "dynamiclist", "path": "people", "label": "成员", "isRepeating": True,
              "properties": {"labelEn": "People"},
              "components": [_field("id_number", properties={"kind": "idNumber"})]}  # fmt: skip
    rows = _drawn(_form(people), scope={"people": [{"id_number": "11010519491231002X"}]})["/people"].rows
    assert rows[0][0].value == "110105********002X"


def test_a_text_says_what_its_expressions_give() -> None:
    form = _form(
        {"id": "x", "type": "text", "text": "{{ name }}：{{ 1 + 1 }}", "properties": {"textEn": "-"}}
    )
    assert _drawn(form, scope={"name": "张三"})["x"].text == "张三：2"
