"""A posted HTML form becomes the answers of a process's form."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from engine.forms import load
from web.forms import change_rows, read_answers

FORM = load(
    json.dumps(
        {
            "type": "default", "id": "f", "schemaVersion": 18,
            "components": [
                {"id": "a", "type": "textfield", "key": "name", "label": "名"},
                {"id": "b", "type": "number", "key": "size", "label": "数"},
                {"id": "c", "type": "number", "key": "wage", "label": "钱",
                 "properties": {"kind": "moneyFen"}},
                {"id": "d", "type": "checkbox", "key": "agreed", "label": "同意"},
                {"id": "e", "type": "checklist", "key": "needs", "label": "需",
                 "values": [{"label": "一", "value": "one"}, {"label": "二", "value": "two"}]},
                {"id": "f", "type": "datetime", "subtype": "datetime", "dateLabel": "时", "key": "when",
                 "timeSerializingFormat": "utc_offset"},
                {"id": "g", "type": "textfield", "key": "number", "label": "号",
                 "properties": {"kind": "idNumber"}},
                {"id": "h", "type": "dynamiclist", "path": "people", "label": "人", "isRepeating": True,
                 "components": [{"id": "i", "type": "textfield", "key": "who", "label": "谁"}]},
            ],
        }
    )
)  # fmt: skip


def _read(*pairs: tuple[str, str]) -> dict[str, Any]:
    return read_answers(FORM, MultiDict(pairs))


def test_what_the_page_did_not_show_is_left_out() -> None:
    assert _read(("/name", "张三")) == {"name": "张三"}


def test_what_was_emptied_is_null() -> None:
    assert _read(("/name", " "), ("/size", "")) == {"name": None, "size": None}


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("3", 3), ("３", 3), ("1,200", 1200), ("2.5", Decimal("2.5")), ("three", "three"), ("NaN", "NaN")],
)
def test_numbers_are_read_as_people_type_them(typed: str, answer: Any) -> None:
    assert _read(("/size", typed)) == {"size": answer}


def test_yuan_become_fen_exactly() -> None:
    assert _read(("/wage", "900.55")) == {"wage": 90055}
    assert _read(("/wage", "0.1")) == {"wage": 10}
    assert _read(("/wage", "0.001")) == {"wage": Decimal("0.1")}  # which the validator refuses


def test_boxes_that_were_shown_and_not_ticked_say_so() -> None:
    shown = (("_shown", "/agreed"), ("_shown", "/needs"))
    assert _read(*shown) == {"agreed": False, "needs": []}
    assert _read(*shown, ("/agreed", "true"), ("/needs", '"one"')) == {"agreed": True, "needs": ["one"]}


def test_an_instant_is_chinese_time() -> None:
    assert _read(("/when", "2026-09-22T09:30")) == {"when": "2026-09-22T09:30+08:00"}


def test_a_personal_number_loses_what_a_keyboard_added() -> None:
    assert _read(("/number", "１10105 19491231 002x")) == {"number": "11010519491231002X"}


def test_rows_come_and_go_by_their_buttons() -> None:
    posted = MultiDict(
        [("_shown", "/people"), ("/people#", "2"), ("/people/0/who", "甲"), ("/people/1/who", "乙")]
    )
    answers = read_answers(FORM, posted)
    assert answers == {"people": [{"who": "甲"}, {"who": "乙"}]}
    assert change_rows(answers, MultiDict({"_remove": "/people/0"}))
    assert answers == {"people": [{"who": "乙"}]}
    assert change_rows(answers, MultiDict({"_add": "/people"}))
    assert answers == {"people": [{"who": "乙"}, {}]}
    assert not change_rows(answers, MultiDict())
