"""What a form file can't mean is refused with the component's id."""

import json
from typing import Any

import pytest

from engine.errors import DeploymentError
from engine.forms import check, load
from tests.forms.form_builders import checked, codes, component, form, options, source


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "1",
        '{"type": "default"}',
        '{"components": [], "id": ""}',
        '{"id": "a", "components": {}}',
        '{"id": "a", "id": "b", "components": []}',
        '{"id": "a", "components": [NaN]}',
        b"\xff\xfe",
        '{"id": "\\ud800", "components": []}',
        '{"id": "a", "components": ' + "[" * 100_000 + "]" * 100_000 + "}",
        " " * 1_000_001,
    ],
)
def test_file_that_is_no_form_is_refused_at_once(text: str | bytes) -> None:
    with pytest.raises(DeploymentError) as caught:
        load(text, file="x.form")
    assert caught.value.errors[0].pointer == "#x.form"
    assert caught.value.zh


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (component("iframe", "it"), "unknown-component"),
        (component("documentPreview", "it"), "unknown-component"),
        ({**component("textfield", "it"), "type": None}, "unknown-component"),
        (component("textfield", "it", tooltip="x"), "unknown-attribute"),
        (component("textfield", "it", validate={"requird": True}), "unknown-attribute"),
        (component("textfield", "it", validate="x"), "component-shape"),
        (component("textfield", "it", validate={"required": "=a"}), "bad-attribute"),
        (component("filepicker", "it", properties={"maxBytes": "=a"}), "bad-limit"),
        (component("number", "it", properties={"allowNegative": "true"}), "unknown-attribute"),
        (component("textfield", "it", properties={"checkMessageZh": "x"}), "unknown-attribute"),
        (component("textfield", "it", description="=name"), "bad-label"),
        (component("textfield", "it", properties={"knd": "idNumber"}), "unknown-attribute"),
        (component("textfield", "it", properties={"n": 1}), "bad-properties"),
        (component("textfield", "it", properties={"kind": "passport"}), "unknown-kind"),
        (component("textfield", "it", properties={"kind": "moneyFen"}), "unknown-kind"),
        (component("textfield", "it", properties={"account": "yes"}), "bad-attribute"),
        (component("number", "it", properties={"account": "true"}), "unknown-attribute"),
        (component("textfield", "it", key="1a"), "bad-key"),
        (component("textfield", "it", key="a b"), "bad-key"),
        (component("textfield", "it", key="this"), "bad-key"),
        (component("textfield", "it", key="for"), "bad-key"),
        (component("textfield", "it", key=None), "bad-key"),
        (component("textfield", "it", label="=name"), "bad-label"),
        (component("textfield", "it", conditional={"hide": "=a >"}), "bad-expression"),
        (component("textfield", "it", conditional={"hide": "a > 1"}), "no-expression"),
        (component("textfield", "it", readonly="yes"), "no-expression"),
        (component("textfield", "it", validate={"maxLength": -1}), "bad-limit"),
        (component("textfield", "it", validate={"maxLength": 20_001}), "bad-limit"),
        (component("textfield", "it", validate={"minLength": "x"}), "bad-limit"),
        (component("textfield", "it", validate={"validationType": "iban"}), "bad-pattern"),
        (component("number", "it", validate={"min": "=1 +"}), "bad-expression"),
        (component("number", "it", increment=0), "bad-limit"),
        (component("number", "it", serializeToString=True), "bad-attribute"),
        (component("number", "it", defaultValue="x"), "bad-default"),
        (component("textfield", "it", properties={"kind": "mobile"}, defaultValue="123"), "bad-default"),
        (component("select", "it"), "no-options"),
        (component("select", "it", values=[{"value": {}}]), "bad-options"),
        (component("select", "it", values=[{"value": "a"}, {"value": "a"}]), "bad-options"),
        (component("select", "it", valuesKey="a", valuesExpression="=b"), "no-options"),
        (
            component("select", "it", **{**options("a"), "properties": {"optionEn:b": "b"}}),
            "unknown-attribute",
        ),
        (component("datetime", "it", subtype="month"), "bad-attribute"),
        (component("datetime", "it", timeSerializingFormat="epoch"), "bad-attribute"),
        (component("datetime", "it", properties={"min": "yesterday"}), "no-expression"),
        (component("textfield", "it", properties={"check": "=value > 1"}), "no-check-message"),
        (component("textfield", "it", properties=checked("value > 1")), "no-expression"),
        (component("dynamiclist", "it", path="", components=[]), "bad-key"),
        (component("dynamiclist", "it", components={}), "component-shape"),
        (component("dynamiclist", "it", components=[], properties={"uniqueBy": "id"}), "unknown-column"),
        ({"type": "expression", "id": "Field_it", "key": "it"}, "no-expression"),
        (
            {"type": "expression", "id": "Field_it", "key": "it", "expression": "=1", "computeOn": "x"},
            "bad-attribute",
        ),
        ({"type": "html", "id": "Field_it", "content": "<p onclick='x()'>a</p>"}, "unsafe-html"),
        ({"type": "html", "id": "Field_it", "content": "<script>1</script>"}, "unsafe-html"),
        ({"type": "html", "id": "Field_it", "content": "<a href='java\tscript:x'>a</a>"}, "unsafe-html"),
        ({"type": "html", "id": "Field_it", "content": "<img src='//evil/x.png'>"}, "unsafe-html"),
        ({"type": "html", "id": "Field_it", "content": "<svg><style>"}, "unsafe-html"),
        (
            {"type": "html", "id": "Field_it", "content": "<p", "properties": {"contentEn": "<b x>"}},
            "unsafe-html",
        ),
        ({"type": "text", "id": "Field_it", "text": "{{#if a}}x{{/if}}"}, "template-block"),
        ({"type": "text", "id": "Field_it", "text": "sum {{ a + }}"}, "bad-expression"),
        ({"type": "image", "id": "Field_it", "source": "javascript:x"}, "unsafe-address"),
        ({"type": "table", "id": "Field_it", "dataSource": "rows"}, "no-expression"),
        ({"type": "button", "id": "Field_it", "action": "launch"}, "bad-attribute"),
        ({"type": "spacer", "id": "Field_it", "width": 1}, "unknown-attribute"),
    ],
)
def test_component_that_has_no_meaning_is_refused_by_its_id(broken: dict[str, Any], code: str) -> None:
    assert ("Field_it", code) in codes(broken)


@pytest.mark.parametrize(
    ("root", "code"),
    [
        ({"schemaVersion": 20}, "schema-version"),
        ({"schemaVersion": "19"}, "schema-version"),
        ({"schemaVersion": True}, "schema-version"),
        ({"type": "wizard"}, "form-type"),
        ({"theme": "dark"}, "unknown-attribute"),
        ({"properties": {"titel": "x"}}, "unknown-attribute"),
        ({"properties": {"maxItems": "=1"}}, "bad-limit"),
    ],
)
def test_form_that_has_no_meaning_is_refused(root: dict[str, Any], code: str) -> None:
    assert code in {found for _, found in codes(**root)}


def test_same_key_or_id_twice_is_refused_at_the_second() -> None:
    first, second = component("textfield", "a"), component("number", "a", id="Second")
    assert codes(first, second) == {("Second", "duplicate-key")}
    inside = component("number", "a.b", id="Second")
    assert codes(first, inside) == {("Second", "duplicate-key")}
    assert codes(inside, first) == {("Field_a", "duplicate-key")} or codes(inside, first) == {
        ("Second", "duplicate-key")
    }
    assert codes(first, component("number", "b", id="Field_a")) == {("Field_a", "duplicate-id")}


def test_same_key_in_different_levels_is_no_clash() -> None:
    rows = component("dynamiclist", "rows", components=[component("textfield", "a", id="Inner")])
    assert codes(component("textfield", "a"), rows) == set()


def test_group_without_a_path_lends_no_name_but_shares_the_level() -> None:
    group = component("group", "g", path="", components=[component("textfield", "a", id="Inner")])
    assert form(group).variables == {"a": "string"}
    assert codes(component("textfield", "a"), group) == {("Inner", "duplicate-key")}


def test_values_that_wait_for_each_other_are_refused() -> None:
    a = {"type": "expression", "id": "a", "key": "a", "expression": "=b + 1"}
    b = {"type": "expression", "id": "b", "key": "b", "expression": "=a + 1"}
    assert {code for _, code in codes(a, b)} == {"circular"}


def test_column_without_this_is_refused() -> None:
    row = [component("number", "n"), component("number", "m", properties=checked("=value < n"))]
    assert codes(component("dynamiclist", "rows", components=row)) == {("Field_m", "bare-column")}


def test_names_that_neither_form_nor_case_knows_are_refused_where_the_case_is_known() -> None:
    who = component("select", "who", valuesKey="people")
    sum_up = component("number", "n", validate={"max": "=limit_fen + parametr(1)"})
    assert codes(who, sum_up) == set()
    assert codes(who, sum_up, known={"people", "limit_fen", "parameter"}) == {("Field_n", "unknown-name")}
    assert codes(who, known=set()) == {("Field_who", "unknown-name")}
    assert form(who, sum_up).reads == {"people", "limit_fen"}


def test_functions_that_nobody_has_are_refused_even_where_the_case_is_not_known() -> None:
    sum_up = form(component("number", "n", validate={"max": "=limit_fen + parametr(1)"}))
    assert [f.code for f in check(sum_up, functions={"parameter"})] == ["unknown-function"]
    assert check(sum_up, functions={"parametr"}) == []


def test_deep_and_wide_forms_are_refused_without_a_crash() -> None:
    deep: dict[str, Any] = component("textfield", "x")
    for n in range(100):
        deep = component("dynamiclist" if n % 2 else "group", f"d{n}", components=[deep])
    assert ("", "component-shape") in codes(deep)
    wide = [component("textfield", f"w{n}") for n in range(501)]
    assert ("", "component-shape") in codes(*wide)


def test_finding_names_label_line_and_both_languages() -> None:
    built = load(
        source(component("textfield", "it", label="姓名", conditional={"hide": "=a >"})), file="a.form"
    )
    (found,) = [finding for finding in check(built) if finding.severity == "error"]
    assert (found.file, found.element_id, found.element_name, found.line) == ("a.form", "Field_it", "姓名", 1)
    assert found.zh
    assert found.en


def test_missing_english_is_a_warning() -> None:
    built = load(source({**component("textfield", "it"), "properties": {}}))
    assert {(f.severity, f.code) for f in check(built)} == {("warning", "no-english-label")}


def test_form_with_errors_takes_no_answers() -> None:
    built = load(source(component("iframe", "it")))
    with pytest.raises(DeploymentError):
        built.validate({}, {})


def test_what_the_modeler_writes_beside_the_rules_is_accepted() -> None:
    text = json.dumps(
        {
            "components": [
                {
                    "text": "# Title {{ name }}",
                    "type": "text",
                    "id": "t",
                    "layout": {"row": "Row_1", "columns": None},
                    "properties": {"textEn": "# Title"},
                },
                {"type": "spacer", "height": 60, "id": "s", "layout": {"row": "Row_2"}},
                {"type": "separator", "id": "p"},
                {"type": "button", "action": "submit", "label": "提交", "id": "b"},
                {
                    "type": "html",
                    "id": "h",
                    "content": "<p class='x'>a <a href='https://a.cn/b'>b</a><br/></p>",
                },
                {"type": "image", "id": "i", "source": "/static/logo.png", "alt": "logo"},
                {
                    "type": "table",
                    "id": "ta",
                    "dataSource": "=rows",
                    "columns": [{"label": "ID", "key": "id"}],
                },
                component("textfield", "name", appearance={"prefixAdorner": "¥"}, description="说明"),
            ],
            "type": "default",
            "id": "Form_1",
            "executionPlatform": "Camunda Cloud",
            "executionPlatformVersion": "8.8.0",
            "exporter": {"name": "Camunda Modeler", "version": "5.40.0"},
            "schemaVersion": 19,
        }
    )
    assert check(load(text)) == []
