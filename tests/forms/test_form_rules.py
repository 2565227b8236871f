"""Hidden, readonly, FEEL limits, options and checks."""

from decimal import Decimal
from typing import Any

import pytest

from engine.feel import Date, DateTime, Environment, Time
from tests.forms.form_builders import checked, component, faults, form, options, refusals

NOW = DateTime(Date(2026, 9, 22), Time(9 * 3600 * 10**9, offset=8 * 3600))


def spouse_form() -> Any:
    return form(
        component("radio", "married", **options("yes", "no")),
        component(
            "textfield", "spouse", conditional={"hide": '=married != "yes"'}, validate={"required": True}
        ),
    )


def test_hidden_field_is_not_required_and_takes_no_value() -> None:
    built = spouse_form()
    assert built.validate({"married": "no", "spouse": None}, {}) == {"married": "no", "spouse": None}
    assert faults(built, {"married": "no", "spouse": "李四"}) == {"/spouse": "hidden"}
    assert faults(built, {"married": "yes"}) == {"/spouse": "required"}


def test_field_hidden_by_an_answer_is_cleared_and_one_hidden_by_the_case_stays() -> None:
    assert spouse_form().validate({"married": "no"}, {"spouse": "李四"})["spouse"] is None
    built = form(component("textfield", "note", conditional={"hide": '=stage = "late"'}))
    assert built.validate({}, {"note": "old", "stage": "late"}) == {"note": "old"}


def test_condition_on_a_faulty_answer_says_nothing_about_the_field_it_governs() -> None:
    assert faults(spouse_form(), {"married": "perhaps", "spouse": "李四"}) == {"/married": "enum"}


def test_hidden_group_hides_its_fields_and_its_checks() -> None:
    built = form(
        component("checkbox", "rents"),
        component(
            "group",
            "flat",
            conditional={"hide": "=not(rents)"},
            properties=checked("=flat.rent > 0"),
            components=[component("number", "rent", validate={"required": True})],
        ),
    )
    assert built.validate({"rents": False}, {}) == {"rents": False, "flat": {"rent": None}}
    assert faults(built, {"rents": True}) == {"/flat/rent": "required"}
    assert faults(built, {"rents": True, "flat": {"rent": 0}}) == {"/flat": "check"}


@pytest.mark.parametrize("lock", [{"readonly": True}, {"disabled": True}, {"readonly": "=frozen"}])
def test_readonly_field_can_be_sent_unchanged_but_not_changed(lock: dict[str, Any]) -> None:
    built = form(component("number", "amount", validate={"required": True}, **lock))
    scope = {"amount": Decimal(5), "frozen": True}
    assert built.validate({"amount": 5}, scope) == built.validate({}, scope) == {"amount": Decimal(5)}
    assert faults(built, {"amount": 6}, scope) == {"/amount": "readonly"}
    assert faults(built, {"amount": None}, scope) == {"/amount": "readonly"}


def test_limits_and_options_may_be_feel() -> None:
    built = form(
        component("number", "paid", validate={"min": "=floor_fen", "max": "=awarded"}),
        component("textfield", "note", validate={"maxLength": "=longest"}),
        component("select", "who", valuesKey="people"),
        component("checklist", "what", valuesExpression="=for x in goods return {label: x, value: x}"),
        component("datetime", "day", subtype="date", properties={"max": "=today()", "min": "2026-01-01"}),
    )
    scope = {
        "floor_fen": Decimal(1),
        "awarded": Decimal(100),
        "longest": Decimal(2),
        "people": ["a", {"label": "乙", "value": "b"}],
        "goods": ["rice"],
    }
    env = Environment(now=NOW)
    good = {"paid": 100, "note": "ab", "who": "b", "what": ["rice"], "day": "2026-09-22"}
    assert built.validate(good, scope, env)
    bad = {"paid": 101, "note": "abc", "who": "c", "what": ["rice", "oil"], "day": "2026-09-23"}
    assert faults(built, bad, scope, env=env) == {
        "/paid": "maximum",
        "/note": "maxLength",
        "/who": "enum",
        "/what": "enum",
        "/day": "maximum",
    }
    assert faults(built, {"paid": 0, "day": "2025-12-31"}, scope, env=env) == {
        "/paid": "minimum",
        "/day": "minimum",
    }


def test_past_dates_can_be_refused() -> None:
    built = form(component("datetime", "day", subtype="date", disallowPassedDates=True))
    assert built.validate({"day": "2026-09-22"}, {}, Environment(now=NOW))
    assert faults(built, {"day": "2026-09-21"}, env=Environment(now=NOW)) == {"/day": "past"}


def test_check_sees_its_own_value_and_null_passes() -> None:
    built = form(component("number", "a", properties=checked("=value > 1", **checked_again())))
    assert built.validate({"a": 2}, {})
    assert built.validate({}, {})
    (error,) = refusals(built, {"a": 1})
    assert (error.pointer, error.code, error.zh, error.en) == ("/a", "check", "请核对", "check it")
    (error,) = refusals(built, {"a": 10})
    assert error.en == "too much"


def checked_again() -> dict[str, str]:
    return {"check:top": "=value < 10", "checkMessageZh:top": "太多", "checkMessageEn:top": "too much"}


def test_check_over_the_whole_form_points_at_the_whole() -> None:
    built = form(
        component("number", "a"),
        component("number", "b"),
        properties={"title": "表", **checked("=a + b = 10")},
    )
    assert built.validate({"a": 4, "b": 6}, {})
    assert faults(built, {"a": 4, "b": 5}) == {"": "check"}
    assert faults(built, {"a": 4, "b": "x"}) == {"/b": "type"}
