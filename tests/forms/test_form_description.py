"""What a renderer and a name check get from a form."""

import json

from tests.forms.form_builders import checked, component, form, options

BUILT = form(
    component(
        "textfield",
        "id_number",
        label="身份证号",
        description="18位",
        validate={"required": True},
        properties={
            "labelEn": "Identity number",
            "descriptionEn": "18 digits",
            "kind": "idNumber",
            "source": "GB 11643",
        },
    ),
    component(
        "select",
        "hukou",
        values=[{"value": "urban", "label": "城镇"}],
        properties={"optionEn:urban": "Urban"},
    ),
    component(
        "number",
        "rent",
        appearance={"suffixAdorner": "分"},
        validate={"max": "=income"},
        conditional={"hide": "=owner"},
        properties={"kind": "moneyFen", "suffixEn": "fen"},
    ),
    component("number", "income"),
    component("checkbox", "owner"),
    component(
        "group",
        "home",
        components=[component("datetime", "since", subtype="date", defaultValue="2026-01-01")],
    ),
    component(
        "dynamiclist",
        "members",
        properties={"uniqueBy": "name"},
        components=[component("textfield", "name"), component("taglist", "needs", **options("a"))],
    ),
    component("filepicker", "papers"),
    {"type": "expression", "id": "e", "key": "half", "expression": "=income / 2"},
    {"type": "text", "id": "t", "text": "请如实填写", "properties": {"textEn": "Be truthful"}},
    properties={
        "title": "低保申请",
        "titleEn": "Application",
        "source": "民发〔2021〕57号 Art.6",
        **checked("=income > 0"),
    },
)


def test_variables_are_named_with_their_feel_types() -> None:
    assert BUILT.variables == {
        "id_number": "string",
        "hukou": "string",
        "rent": "number",
        "income": "number",
        "owner": "boolean",
        "home": "context<since: date>",
        "members": "list<context<name: string, needs: list<string>>>",
        "papers": "list<Any>",
        "half": "Any",
    }


def test_description_speaks_the_asked_language_and_is_json() -> None:
    zh, en = BUILT.describe("zh-CN"), BUILT.describe("en")
    assert json.loads(json.dumps(en)) == en
    assert (zh["title"], en["title"]) == (BUILT.title("zh"), BUILT.title("en")) == ("低保申请", "Application")
    first_zh, first_en = zh["components"][0], en["components"][0]
    assert (first_zh["label"], first_en["label"]) == ("身份证号", "Identity number")
    assert (first_zh["description"], first_en["description"]) == ("18位", "18 digits")
    assert zh["components"][1]["options"] == [{"value": "urban", "label": "城镇"}]
    assert en["components"][1]["options"] == [{"value": "urban", "label": "Urban"}]
    assert (zh["components"][2]["suffix"], en["components"][2]["suffix"]) == ("分", "fen")
    assert en["components"][-1]["text"] == "Be truthful"
    assert (zh["checks"][0]["message"], en["checks"][0]["message"]) == ("请核对", "check it")


def test_description_carries_rules_conditions_and_sources() -> None:
    id_number, _, rent, *_ = BUILT.describe("en")["components"]
    assert (id_number["pointer"], id_number["required"], id_number["kind"]) == (
        "/id_number",
        True,
        "idNumber",
    )
    assert id_number["article"] == "GB 11643"
    assert rent["hide"] == "=owner"
    assert rent["limits"] == {"max": "=income", "decimalDigits": 0, "min": 0}
    assert "required" not in rent


def test_description_nests_groups_and_rows_with_their_pointers() -> None:
    components = {one["id"]: one for one in BUILT.describe("en")["components"]}
    assert components["Field_home"]["components"][0]["pointer"] == "/home/since"
    members = components["Field_members"]
    assert members["pointer"] == "/members"
    assert members["uniqueBy"] == ["name"]
    assert [one["pointer"] for one in members["components"]] == ["/name", "/needs"]
