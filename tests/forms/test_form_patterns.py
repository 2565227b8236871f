"""Patterns: what three readers agree on is kept, what they read differently is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms.patterns import why_not_portable
from tests.forms.form_builders import codes, component, faults, form

PORTABLE = [
    "^[0-9]{4}$",
    "^(甲|乙)$",
    "[A-Za-z_]+",
    "^a.*b$",
    "^[^0-9]+$",
    r"^\+?[0-9]*\.[0-9]{2,}$",
    "^(?:ab)+?c$",
]
DIFFERENT = [
    r"\d+",
    r"\w",
    r"\s",
    r"\bword\b",
    r"(?<name>a)",
    "(?P<name>a)",
    "(?i)a",
    "(?=a)",
    "(?<!a)b",
    r"(a)\1",
    r"\p{L}",
    "[[:alpha:]]",
    "[a&&b]",
    "a++",
    "a{,3}",
    "^.{2}$",
    "^[^a]$",
    "𠮷",
    "a\n",
    r"\u4e00",
    "[a",
    "(a",
    "*a",
    "a**",
    "[z-a]",
    r"\Aa\Z",
    "",
]


@pytest.mark.parametrize("pattern", PORTABLE)
def test_portable_pattern_is_accepted(pattern: str) -> None:
    assert why_not_portable(pattern) is None


@pytest.mark.parametrize("pattern", [p for p in DIFFERENT if p])
def test_pattern_that_is_read_differently_is_refused_with_the_component(pattern: str) -> None:
    assert codes(component("textfield", "it", validate={"pattern": pattern})) == {("Field_it", "bad-pattern")}


@given(st.text("ab[]^-{}(),.*+?|\\$01", max_size=12))
def test_what_is_accepted_compiles_for_the_server_too(pattern: str) -> None:
    if pattern and why_not_portable(pattern) is None:
        built = form(component("textfield", "it", validate={"pattern": pattern}))
        expected = re.search(pattern, "ab01") is not None
        accepted = "it" not in str(_codes(built, "ab01"))
        assert accepted == expected


def _codes(built: object, text: str) -> dict[str, str]:
    try:
        built.validate({"it": text}, {})  # type: ignore[attr-defined]
    except Exception as error:
        return {e.pointer: e.code for e in error.errors}  # type: ignore[attr-defined]
    return {}


def test_pattern_is_searched_as_form_js_does_and_blank_is_not_answered() -> None:
    built = form(component("textfield", "it", validate={"pattern": "[0-9]"}))
    assert built.validate({"it": "a1b"}, {}) == {"it": "a1b"}
    assert built.validate({"it": ""}, {}) == {"it": None}
    assert faults(built, {"it": "abc"}) == {"/it": "pattern"}


def test_presets_of_the_modeler_are_understood() -> None:
    mail = form(component("textfield", "it", validate={"validationType": "email"}))
    assert mail.validate({"it": "a@b.cn"}, {})
    assert faults(mail, {"it": "a@b"}) == {"/it": "pattern"}
    phone = form(component("textfield", "it", validate={"validationType": "phone"}))
    assert phone.validate({"it": "+8613800138000"}, {})
    assert faults(phone, {"it": "138"}) == {"/it": "pattern"}
