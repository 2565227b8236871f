"""`notices.yaml`: what it may say, and the letters that come of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine import feel
from engine.errors import DeploymentError
from engine.notices import load_notices

ACCEPTANCE = {
    "key": "acceptance",
    "title": {"zh": "受理通知书", "en": "Notice of acceptance"},
    "basis": "民发〔2021〕57号 Art.10",
    "to": "applicant",
    "body": {"zh": "{{ name }}：\n\n已于{{ day }}受理。", "en": "{{ name }}:\n\naccepted on {{ day }}."},
}
POSTING = {
    "key": "posting",
    "title": {"zh": "公示", "en": "Public notice"},
    "basis": "民发〔2021〕57号 Art.19",
    "to": "public",
    "body": {"zh": "{{ name }}，{{ size }}人", "en": "{{ name }}, {{ size }} persons"},
    "shows": ["name", "size"],
    "days": "calendar days(7)",
}


def _load(*rows: dict[str, Any]) -> Any:
    text = json.dumps({"notices": list(rows)}, ensure_ascii=False)
    return load_notices(text, file="p/notices.yaml", names=["calendar days"]).templates


def _faults(*rows: dict[str, Any]) -> set[str]:
    with pytest.raises(DeploymentError) as refused:
        _load(*rows)
    assert all(fault.zh and fault.en for fault in refused.value.errors)
    return {fault.code for fault in refused.value.errors}


def test_a_letter_is_filled_in_in_both_languages() -> None:
    scope = {"name": "林小满", "day": feel.compile('date("2026-09-22")').evaluate({})}
    letter = _load(ACCEPTANCE)["acceptance"].fill_in(scope, feel.DEFAULT)
    assert letter.paragraphs == {
        "zh": ("林小满：", "已于2026年9月22日受理。"),
        "en": ("林小满:", "accepted on 22 September 2026."),
    }
    assert letter.missing == ()


def test_what_has_no_value_is_told() -> None:
    letter = _load(ACCEPTANCE)["acceptance"].fill_in({"name": "林小满"}, feel.DEFAULT)
    assert letter.missing == ("day",)
    assert letter.paragraphs["zh"][1] == "已于——受理。"


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("1380.50", "1380.5", "1380.5"),
        ("2026", "2026", "2026"),
        ("true", "是", "yes"),
        ('["一", "二"]', "一、二", "一, 二"),
        ('date and time("2026-10-02T14:05:00+08:00")', "2026年10月2日 14:05", "2 October 2026 14:05"),
    ],
)
def test_values_read_as_people_write_them(value: str, zh: str, en: str) -> None:
    body = {"zh": "{{ x }}", "en": "{{ x }}"}
    template = _load({**ACCEPTANCE, "body": body})["acceptance"]
    letter = template.fill_in({"x": feel.compile(value).evaluate({})}, feel.DEFAULT)
    assert (letter.paragraphs["zh"], letter.paragraphs["en"]) == ((zh,), (en,))


def test_a_posting_sees_nothing_that_it_does_not_show() -> None:
    whole = {"zh": "{{ get entries(this) }}{{ name }}", "en": "{{ [1][name != null] }}"}
    template = _load({**POSTING, "body": whole, "shows": ["name", "this"]})["posting"]
    letter = template.fill_in({"name": "林小满", "size": 3, "secret": "机密"}, feel.DEFAULT)
    assert "机密" not in "".join(letter.texts)
    assert template.shown({"name": "林小满", "secret": "机密"}) == {"name": "林小满", "this": None}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({**ACCEPTANCE, "title": {"zh": "受理通知书"}}, "missing-text"),
        ({**ACCEPTANCE, "body": {"zh": " ", "en": "x"}}, "missing-text"),
        ({**ACCEPTANCE, "basis": ""}, "missing-basis"),
        ({**ACCEPTANCE, "to": 3}, "wrong-type"),
        ({**ACCEPTANCE, "letter": "x"}, "unknown-field"),
        ({**ACCEPTANCE, "key": ""}, "missing-key"),
        ({**ACCEPTANCE, "body": {"zh": "{{ name", "en": "x"}}, "bad-gap"),
        ({**ACCEPTANCE, "body": {"zh": "{{ 1 + }}", "en": "x"}}, "bad-expression"),
        ({**ACCEPTANCE, "days": "calendar days(7)"}, "misplaced-field"),
        ({**POSTING, "body": {"zh": "{{ id_number }}", "en": "x"}}, "shows-more"),
        ({**POSTING, "shows": []}, "missing-shows"),
        ({name: value for name, value in POSTING.items() if name != "days"}, "missing-days"),
    ],
)
def test_a_faulty_template_is_refused_by_rule(row: dict[str, Any], code: str) -> None:
    assert code in _faults(row)


def test_two_templates_of_one_key_are_refused() -> None:
    assert _faults(ACCEPTANCE, ACCEPTANCE) == {"duplicate-key"}
