"""What answers mean: types, left out, null, hidden, readonly, required, limits, rows, checks."""

from decimal import Decimal
from typing import Any

import pytest

from engine.errors import AnswersError, BoundError
from engine.feel import Date, DateTime, Time
from tests.forms.form_builders import component, faults, form, options, parsed, refusals

FILE = {"id": "f1", "name": "a.pdf", "sha256": "0" * 64, "size": 10, "type": "application/pdf"}
NOW = DateTime(Date(2026, 9, 22), Time(9 * 3600 * 10**9, offset=8 * 3600))


def test_answers_become_exact_feel_values() -> None:
    built = form(
        component("textfield", "name"),
        component("number", "amount"),
        component("checkbox", "yes"),
        component("datetime", "day", subtype="date"),
        component("datetime", "at", subtype="datetime", timeSerializingFormat="utc_offset"),
        component("datetime", "hour", subtype="time", timeSerializingFormat="no_timezone"),
        component("taglist", "tags", **options("a", "b")),
    )
    answers = parsed(
        '{"name": "𠮷㐂", "amount": 0.1, "yes": true, "day": "2026-09-22",'
        ' "at": "2026-09-22T09:00+08:00", "hour": "09:00", "tags": ["b"]}'
    )
    assert built.validate(answers, {}) == {
        "name": "𠮷㐂",
        "amount": Decimal("0.1"),
        "yes": True,
        "day": Date(2026, 9, 22),
        "at": NOW,
        "hour": Time(9 * 3600 * 10**9),
        "tags": ["b"],
    }


def test_floats_are_taken_by_their_shortest_text() -> None:
    built = form(component("number", "amount", decimalDigits=1))
    assert built.validate({"amount": 0.1}, {}) == {"amount": Decimal("0.1")}


@pytest.mark.parametrize(
    ("kind", "more", "wrong", "code"),
    [
        ("textfield", {}, 1, "type"),
        ("textfield", {}, "a\nb", "line-break"),
        ("textfield", {}, "a\x00", "not-allowed"),
        ("textfield", {}, "a\ud800", "not-allowed"),
        ("textfield", {}, "a\u202eb", "not-allowed"),
        ("textfield", {}, "𠮷" * 201, "maxLength"),
        ("textfield", {"validate": {"minLength": 3}}, "𠮷𠮷", "minLength"),
        ("textarea", {}, "a" * 2001, "maxLength"),
        ("number", {}, True, "type"),
        ("number", {}, "1", "type"),
        ("number", {}, float("nan"), "not-allowed"),
        ("number", {}, float("-inf"), "not-allowed"),
        ("number", {}, Decimal("NaN"), "not-allowed"),
        ("number", {}, Decimal("1E+99999"), "not-allowed"),
        ("number", {}, 10**40, "not-allowed"),
        ("number", {"decimalDigits": 0}, Decimal("0.5"), "whole"),
        ("number", {"decimalDigits": 2}, Decimal("0.001"), "decimals"),
        ("number", {"increment": "0.05"}, Decimal("0.07"), "multipleOf"),
        ("number", {"validate": {"min": 1}}, 0, "minimum"),
        ("number", {"validate": {"max": "9"}}, 10, "maximum"),
        ("number", {"properties": {"kind": "moneyFen"}}, -1, "minimum"),
        ("number", {"properties": {"kind": "moneyFen"}}, 10**15 + 1, "maximum"),
        ("number", {"properties": {"kind": "moneyFen"}}, Decimal("1.5"), "whole"),
        ("checkbox", {}, 1, "type"),
        ("checkbox", {}, "true", "type"),
        ("radio", options("a", "b"), "c", "enum"),
        ("select", options("a", "b"), ["a"], "enum"),
        ("checklist", options("a", "b"), "a", "type"),
        ("checklist", options("a", "b"), ["a", "a"], "uniqueItems"),
        ("datetime", {"subtype": "date"}, "2026-02-30", "date"),
        ("datetime", {"subtype": "date"}, "2026-9-2", "date"),
        ("datetime", {"subtype": "date"}, "２026-09-22", "date"),
        ("datetime", {"subtype": "date"}, "2026-09-22\n", "date"),
        ("datetime", {"subtype": "date"}, 20260922, "type"),
        ("datetime", {"subtype": "time"}, "25:00Z", "time"),
        ("datetime", {"subtype": "time"}, "09:00", "time"),
        ("datetime", {"subtype": "datetime"}, "2026-09-22T09:00", "datetime"),
        (
            "datetime",
            {"subtype": "datetime", "timeSerializingFormat": "utc_normalized"},
            "2026-09-22T09:00+08:00",
            "datetime",
        ),
    ],
)
def test_answer_of_the_wrong_kind_is_refused_at_its_pointer(
    kind: str, more: dict[str, Any], wrong: Any, code: str
) -> None:
    assert faults(form(component(kind, "it", **more)), {"it": wrong}) == {"/it": code}


def test_lengths_count_code_points() -> None:
    built = form(component("textfield", "it", validate={"maxLength": 2}))
    assert built.validate({"it": "𠮷㐂"}, {}) == {"it": "𠮷㐂"}


def test_text_is_kept_exactly() -> None:
    built = form(component("textarea", "it"))
    for text in ("e\u0301", "\uf9dc", " 前后 ", "一\n二\t三", "\ue000", "👨\u200d👩"):
        assert built.validate({"it": text}, {}) == {"it": text}


def test_sentence_uses_the_label_in_both_languages() -> None:
    built = form(
        component(
            "textfield", "it", label="姓名", properties={"labelEn": "Name"}, validate={"required": True}
        )
    )
    (error,) = refusals(built, {})
    assert "姓名" in error.zh
    assert "Name" in error.en


def test_every_fault_is_reported_at_once() -> None:
    built = form(
        component("textfield", "id_number", properties={"kind": "idNumber"}),
        component("textfield", "name", validate={"required": True}),
        component("number", "income"),
        component("datetime", "day"),
    )
    found = faults(
        built, {"id_number": "1", "income": "a", "day": "2026-13-01", "extra": {"x": 1}, "a/b~": 1}
    )
    assert found == {
        "/id_number": "kind",
        "/name": "required",
        "/income": "type",
        "/day": "date",
        "/extra": "unknown",
        "/a~1b~0": "unknown",
    }


@pytest.mark.parametrize("answers", [None, [], "x", 1])
def test_answers_must_be_an_object(answers: Any) -> None:
    assert faults(form(), answers) == {"": "answers-shape"}


def test_required_means_sent_and_not_blank() -> None:
    kinds = [
        ("textfield", {}),
        ("number", {}),
        ("checkbox", {}),
        ("taglist", options("a")),
        ("filepicker", {}),
    ]
    built = form(*(component(k, f"k{n}", validate={"required": True}, **m) for n, (k, m) in enumerate(kinds)))
    missing = {f"/k{n}": "required" for n in range(5)}
    assert faults(built, {}) == missing
    assert faults(built, {"k0": " ", "k1": None, "k2": False, "k3": [], "k4": None}) == missing
    assert faults(built, {}, {"k0": "the case knows it"}) == missing
    assert built.validate({"k0": "a", "k1": 0, "k2": True, "k3": ["a"], "k4": ["f1"]}, {})


def test_left_out_keeps_what_the_case_has_and_null_clears_it() -> None:
    built = form(
        component("textfield", "a"), component("checkbox", "b"), component("taglist", "c", **options("x"))
    )
    assert built.validate({}, {}) == {"a": None, "b": False, "c": []}
    known = {"a": "old", "b": True, "c": ["x"]}
    assert built.validate({}, known) == known
    assert built.validate({"a": None, "b": None, "c": None}, known) == {"a": None, "b": False, "c": []}


def test_dotted_keys_and_groups_nest_and_keep_what_else_the_case_has_there() -> None:
    built = form(
        component("textfield", "applicant.name"),
        component(
            "group", "home", components=[component("textfield", "road"), component("textfield", "no.flat")]
        ),
    )
    values = built.validate(
        {"applicant": {"name": "张三"}, "home": {"road": "江滨路", "no": {"flat": "2"}}},
        {"applicant": {"name": "旧", "age": Decimal(70)}},
    )
    assert values == {
        "applicant": {"name": "张三", "age": Decimal(70)},
        "home": {"road": "江滨路", "no": {"flat": "2"}},
    }
    assert faults(built, {"home": "x", "applicant": {"age": 1}}) == {
        "/home": "type",
        "/applicant/age": "unknown",
    }


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["f1", "f1"], {"/it/1": "uniqueItems"}),
        ([{**FILE, "size": 21_000_000}], {"/it/0/size": "file-size"}),
        ([{**FILE, "name": "a.exe", "type": "application/x-dosexec"}], {"/it/0": "file-type"}),
        ([{**FILE, "sha256": "xyz"}], {"/it/0/sha256": "file"}),
        ([{**FILE, "bytes": "…"}], {"/it/0": "file"}),
        ([{"id": "f1"}], {"/it/0": "file"}),
        (["../etc/passwd"], {"/it/0": "file"}),
        ([""], {"/it/0": "file"}),
        (["a", "b", "c"], {"/it": "maxItems"}),
        ("f1", {"/it": "type"}),
    ],
)
def test_attachment_reference_that_is_none_is_refused(files: Any, expected: dict[str, str]) -> None:
    built = form(
        component("filepicker", "it", multiple=True, accept=".pdf, image/*", properties={"maxItems": "2"})
    )
    assert built.validate({"it": [FILE, "f2"]}, {})["it"] == [{**FILE, "size": Decimal(10)}, "f2"]
    assert faults(built, {"it": files}) == expected


def test_drafts_are_held_to_names_types_and_size_only() -> None:
    built = form(
        component("textfield", "id_number", properties={"kind": "idNumber"}, validate={"required": True}),
        component("number", "n", validate={"min": 5}),
    )
    built.validate_draft({"id_number": "1101", "n": 1})
    built.validate_draft({})
    with pytest.raises(AnswersError) as caught:
        built.validate_draft({"id_number": "1" * 201, "n": "x", "other": 1})
    assert {e.pointer: e.code for e in caught.value.errors} == {
        "/id_number": "maxLength",
        "/n": "type",
        "/other": "unknown",
    }


def test_endless_expression_is_stopped_and_names_its_component() -> None:
    endless = "=count(for a in 1..1000, b in 1..1000, c in 1..1000 return 1)"
    built = form({"type": "expression", "id": "slow", "key": "it", "expression": endless})
    with pytest.raises(BoundError) as caught:
        built.validate({}, {})
    assert caught.value.data["component"] == "slow"
