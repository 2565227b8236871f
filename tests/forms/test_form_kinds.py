"""Check digits and fixed shapes: valid ones pass, near misses don't."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import Date
from engine.forms.kinds import KINDS, credit_check_character, id_check_digit, luhn_ok
from tests.forms.form_builders import component, faults, form, refusals

PROVINCES = ["11", "35", "44", "65", "82", "91"]


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    born = date(1900, 1, 1) + timedelta(days=draw(st.integers(0, 50_000)))
    tail = draw(st.integers(0, 999))
    first = f"{draw(st.sampled_from(PROVINCES))}{draw(st.integers(0, 9999)):04d}{born:%Y%m%d}{tail:03d}"
    return first + id_check_digit(first)


@st.composite
def bank_cards(draw: st.DrawFn) -> str:
    body = draw(st.text("0123456789", min_size=11, max_size=18))
    return next(body + digit for digit in "0123456789" if luhn_ok(body + digit))


@given(id_numbers())
def test_valid_identity_number_is_accepted(number: str) -> None:
    assert KINDS["idNumber"].fault(number) is None


@given(id_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_changed_digit_of_an_identity_number_is_refused(number: str, place: int, digit: str) -> None:
    if number[place] != digit:
        assert KINDS["idNumber"].fault(number[:place] + digit + number[place + 1 :]) is not None


@given(bank_cards())
def test_valid_card_is_accepted(number: str) -> None:
    assert KINDS["bankCard"].fault(number) is None


@given(bank_cards(), st.integers(0, 18), st.integers(1, 9))
def test_any_changed_digit_of_a_card_is_refused(number: str, place: int, step: int) -> None:
    place %= len(number)
    digit = str((int(number[place]) + step) % 10)
    assert KINDS["bankCard"].fault(number[:place] + digit + number[place + 1 :]) is not None


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_credit_code_with_its_check_character_is_accepted_and_any_other_refused(body: str) -> None:
    right = credit_check_character(body)
    assert KINDS["creditCode"].fault(body + right) is None
    assert KINDS["creditCode"].fault(body + ("0" if right != "0" else "1")) is not None


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_published_examples_of_the_standard_are_accepted(number: str) -> None:
    """The two worked examples of GB 11643-1999."""
    assert KINDS["idNumber"].fault(number) is None


@pytest.mark.parametrize("code", ["91350100M000100Y43", "9135040315758440XM"])
def test_credit_code_check_is_computed_over_all_places(code: str) -> None:
    assert (KINDS["creditCode"].fault(code) is None) == (credit_check_character(code[:17]) == code[17])


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("110105194912310021", "校验位"),
        ("11010519490230002X", "出生日期"),
        ("11010519491231002x", "大写"),
        ("1101051949123100２X", "全角"),
        ("11010519491231002X\n", "换行"),
        ("1101051949123100", "18位"),
        ("00010519491231002X", "省级"),
    ],
)
def test_identity_number_fault_says_what_to_look_at(number: str, says: str) -> None:
    built = form(component("textfield", "id_number", properties={"kind": "idNumber"}))
    (error,) = refusals(built, {"id_number": number})
    assert error.pointer == "/id_number"
    assert says in error.zh
    assert "Id_number" in error.en


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("regionCode", ["350481", "350481100", "350481100201"], ["35048", "3504811000", "990481", "３50481"]),
        (
            "mobile",
            ["13800138000", "19912345678"],
            ["12800138000", "1380013800", "+8613800138000", "１3800138000"],
        ),
        ("bankCard", ["6222020200112230"], ["6222020200112231", "6222 0202 0011 2230", "0000"]),
        (
            "creditCode",
            ["91350100M000100Y43"],
            ["91350100M000100Y4", "91350100m000100Y43", "91350100I000100Y43"],
        ),
        (
            "name",
            ["张三", "𠮷野", "㐂", "阿不都热依木·买买提", "O'Brien", "〇", "Anna Li"],
            ["张3", "张三 ", "张  三", "·", "张三!", "阿里•木", "张\u200b三"],
        ),
    ],
)
def test_kind_accepts_right_and_refuses_wrong(kind: str, right: list[str], wrong: list[str]) -> None:
    built = form(component("textfield", "it", properties={"kind": kind}))
    for text in right:
        if kind == "creditCode":
            text = text[:17] + credit_check_character(text[:17])
        assert built.validate({"it": text}, {}) == {"it": text}
    for text in wrong:
        assert faults(built, {"it": text}) == {"/it": "kind"}, text


def test_birth_date_and_sex_are_read_from_a_valid_number_only() -> None:
    built = form(
        component("textfield", "id_number"),
        {"type": "expression", "id": "b", "key": "born", "expression": "=birth_date_of(id_number)"},
        {"type": "expression", "id": "s", "key": "sex", "expression": "=sex_of(id_number)"},
    )
    values = built.validate({"id_number": "11010519491231002X"}, {})
    assert values["born"] == Date(1949, 12, 31)
    assert values["sex"] == "female"
    assert built.validate({"id_number": "110105194912310021"}, {})["born"] is None
