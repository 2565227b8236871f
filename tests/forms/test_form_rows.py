"""Repeated groups: rows at their pointers, computed columns, uniqueness, counts."""

from decimal import Decimal
from typing import Any

from tests.forms.form_builders import checked, component, faults, form


def members(**more: Any) -> dict[str, Any]:
    return component(
        "dynamiclist",
        "members",
        components=[
            component("textfield", "id_number", properties={"kind": "idNumber"}, validate={"required": True}),
            component("number", "income", properties={"kind": "moneyFen", **checked("=value <= ceiling")}),
            component(
                "textfield", "school", conditional={"hide": "=not(this.studies)"}, validate={"required": True}
            ),
            component("checkbox", "studies"),
            {"type": "expression", "id": "y", "key": "yearly", "expression": "=this.income * 12"},
        ],
        **more,
    )


A, B = "11010519491231002X", "440524188001010014"


def test_rows_are_judged_one_by_one_at_their_pointers() -> None:
    built = form(members())
    rows = [
        {"id_number": A, "income": 3, "studies": True},
        {"income": 30, "school": "一中"},
        {"id_number": A[:-1]},
        7,
    ]
    assert faults(built, {"members": rows}, {"ceiling": Decimal(10)}) == {
        "/members/0/school": "required",
        "/members/1/id_number": "required",
        "/members/1/income": "check",
        "/members/1/school": "hidden",
        "/members/2/id_number": "kind",
        "/members/3": "type",
        "/members/3/id_number": "required",
    }


def test_computed_columns_feed_computed_fields() -> None:
    total = {"type": "expression", "id": "t", "key": "total", "expression": "=sum(members.yearly) + extra"}
    built = form(total, members(), component("number", "extra"))
    rows = [{"id_number": A, "income": 100}, {"id_number": B, "income": 50, "yearly": 999999}]
    values = built.validate({"members": rows, "extra": 1, "total": 5}, {"ceiling": Decimal(1000)})
    assert [row["yearly"] for row in values["members"]] == [1200, 600]
    assert values["total"] == 1801


def test_members_must_be_unique_and_few_or_many_enough() -> None:
    built = form(members(properties={"uniqueBy": "id_number", "minItems": "2", "maxItems": "=most"}))
    scope = {"ceiling": Decimal(1), "most": Decimal(3)}
    assert built.validate({"members": [{"id_number": A}, {"id_number": B}]}, scope)
    assert faults(built, {}, scope) == {"/members": "minItems"}
    rows = [{"id_number": A}, {"id_number": B}, {"id_number": A}]
    assert faults(built, {"members": rows}, scope) == {"/members/2/id_number": "duplicate"}
    assert "/members" in faults(built, {"members": [*rows, {"id_number": B}]}, scope)


def test_default_counts_can_be_raised_by_the_form() -> None:
    list_of_notes = component("dynamiclist", "notes", components=[component("textfield", "text")])
    rows = {"notes": [{"text": "a"}] * 51}
    assert faults(form(list_of_notes), rows) == {"/notes": "maxItems"}
    assert form(list_of_notes, properties={"maxItems": "60"}).validate(rows, {})
    long = {"notes": [{"text": "a" * 201}]}
    assert faults(form(list_of_notes), long) == {"/notes/0/text": "maxLength"}
    assert form(list_of_notes, properties={"maxLength": "300"}).validate(long, {})


def test_readonly_columns_keep_the_row_they_stand_in() -> None:
    rows = component(
        "dynamiclist",
        "rows",
        components=[component("textfield", "name", readonly=True), component("number", "amount")],
    )
    built = form(rows)
    known = {"rows": [{"name": "甲", "amount": Decimal(1)}]}
    assert built.validate({"rows": [{"amount": 2}]}, known) == {
        "rows": [{"name": "甲", "amount": Decimal(2)}]
    }
    assert faults(built, {"rows": [{"name": "乙", "amount": 2}]}, known) == {"/rows/0/name": "readonly"}


def test_nested_rows_see_what_encloses_them() -> None:
    inner = component(
        "dynamiclist",
        "parts",
        components=[
            component("number", "n", properties=checked("=value < parent.this.limit and i = [1, 1]"))
        ],
    )
    built = form(component("dynamiclist", "rows", components=[component("number", "limit"), inner]))
    assert built.validate({"rows": [{"limit": 5, "parts": [{"n": 4}]}]}, {})
    assert faults(built, {"rows": [{"limit": 5, "parts": [{"n": 6}]}]}) == {"/rows/0/parts/0/n": "check"}


def test_what_is_computed_from_a_fault_is_not_held_against_the_answers() -> None:
    built = form(
        component("number", "a"),
        {"type": "expression", "id": "d", "key": "double", "expression": "=if a = null then 0 else a * 2"},
        component("number", "b", properties=checked("=double > 0")),
    )
    assert faults(built, {"a": "x", "b": 1}) == {"/a": "type"}
