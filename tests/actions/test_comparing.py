"""Differences between sets of files, told in sentences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.actions.designing.compare import compare_files
from engine.actions.designing.parameter_table import edit_parameter, parameter_rows, remove_parameter
from engine.errors import DeploymentError, InputError
from engine.parameters import load_parameters
from tests.builders import bpmn, choice, end, start, user

BEFORE = bpmn("p", start() + user("a", due="workdays(3)") + choice("g") + end() + end("no"),
              "begin>a a>g g>done?x>1 g>no?", {"clock:total": "=workdays(20)"})  # fmt: skip
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="level" name="Level"><decisionTable id="t" hitPolicy="FIRST">
<input id="i" label="Income"><inputExpression id="e"><text>income</text></inputExpression></input>
<output id="o" name="level"/>
<rule id="r1">
<inputEntry id="a"><text>&lt; 5</text></inputEntry><outputEntry id="b"><text>1</text></outputEntry></rule>
<rule id="r2">
<inputEntry id="c"><text>-</text></inputEntry><outputEntry id="f"><text>2</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
LAW = """# head
parameters:
  - key: a.limit
    title: {zh: 甲, en: First}
    unit: workdays
    values:
      # since ever
      - {from: 2021-07-01, value: 20, source: "s"}   # kept
  - key: b.rate
    title:
      zh: 乙
      en: Second
    unit: ratio
    values:
      - from: 2021-07-01
        value: 0.05
        source: t

# tail
"""


def sentences(before: dict[str, bytes], after: dict[str, bytes]) -> list[tuple[str, str, str]]:
    return [(c.topic, c.element_id, c.en) for c in compare_files(before, after)]


def test_equal_meaning_tells_nothing() -> None:
    spaced = BEFORE.replace(b"><bpmn:userTask", b">\n   <bpmn:userTask")
    assert spaced != BEFORE
    assert sentences({"p.bpmn": BEFORE}, {"p.bpmn": spaced}) == []


def test_limits_come_before_elements_and_conditions_are_told() -> None:
    after = BEFORE.replace(b"workdays(3)", b"workdays(5)").replace(b"workdays(20)", b"workdays(30)")
    after = after.replace(b"x&gt;1", b"x&gt;2").replace(b'name="a name"', b'name="b name"')
    found = sentences({"p.bpmn": BEFORE}, {"p.bpmn": after})
    assert [(topic, element) for topic, element, _ in found] == [
        ("limit", "p"), ("limit", "a"), ("element", "a"), ("element", "f3"),
    ]  # fmt: skip
    assert found[1][2] == "User task “b name”: due date changed from “=workdays(3)” to “=workdays(5)”."
    assert "condition changed from “=x>1” to “=x>2”" in found[3][2]


def test_elements_that_come_and_go_are_named() -> None:
    after = bpmn("p", start() + user("b") + end(), "begin>b b>done")
    found = sentences({"p.bpmn": BEFORE}, {"p.bpmn": after})
    assert ("element", "b", "User task “b name” added.") in found
    assert ("element", "a", "User task “a name” removed.") in found
    assert any(element == "p" and "taken away" in text for _, element, text in found)


def test_rules_are_told_cell_by_cell() -> None:
    after = TABLE.replace("&lt; 5", "&lt; 7").replace('hitPolicy="FIRST"', 'hitPolicy="UNIQUE"')
    after = after.replace('<rule id="r2">', '<rule id="r3">')
    found = [text for _, _, text in sentences({"d.dmn": TABLE.encode()}, {"d.dmn": after.encode()})]
    assert found == [
        "Decision “Level”: hit policy changed from “FIRST” to “UNIQUE”.",
        "Decision “Level”, rule 1: Income changed from “< 5” to “< 7”.",
        "Decision “Level”, rule 2 removed: - → 2.",
        "Decision “Level”, rule 2 added: - → 2.",
    ]


def test_form_fields_are_told_by_their_labels() -> None:
    before = b'{"id": "f", "components": [{"type": "number", "key": "n", "label": "Count", "id": "x"}]}'
    after = before.replace(b'"id": "x"', b'"id": "x", "validate": {"required": true}')
    assert sentences({"f.form": before}, {"f.form": after}) == [
        ("form", "x", "Form “f”, field “Count” (n): required set to “true”.")
    ]


def test_broken_file_is_told_as_such() -> None:
    ((topic, _, text),) = sentences({"p.bpmn": BEFORE}, {"p.bpmn": b"<broken"})
    assert topic == "file"
    assert "p.bpmn" in text


def test_values_are_told_with_their_days() -> None:
    after = LAW.replace("value: 20", "value: 15").replace("0.05", "0.06").encode()
    found = {element: text for _, element, text in sentences({"l.yaml": LAW.encode()}, {"l.yaml": after})}
    assert found["a.limit"] == (
        "Parameter “First” (a.limit): 15 working days from 2021-07-01, was 20 working days (from 2021-07-01)."
    )
    assert "6% from 2021-07-01, was 5%" in found["b.rate"]


def set_values(data: bytes, key: str, values: list[dict[str, object]]) -> bytes:
    (row,) = (row for row in parameter_rows({"l.yaml": data}) if row.key == key)
    return edit_parameter(
        data, file="l.yaml", key=key, title={"zh": row.zh, "en": row.en}, unit=row.unit, values=values
    )


def test_edit_touches_only_what_was_edited() -> None:
    value: dict[str, object] = {"from": "2021-07-01", "value": Decimal(20), "source": "s"}
    data = LAW.encode()
    assert set_values(data, "a.limit", [value]) == data
    changed = set_values(data, "a.limit", [{**value, "value": Decimal(7)}])
    assert changed == LAW.replace("value: 20", "value: 7").encode()
    more = set_values(data, "a.limit", [value, {**value, "from": "2027-01-01"}])
    added = "# kept\n      - {from: 2027-01-01, value: 20, source: s}\n"
    assert more == LAW.replace("# kept\n", added).encode()
    assert set_values(more, "a.limit", [value]) == data


def test_edit_keeps_line_ends_and_block_style() -> None:
    data = LAW.replace("\n", "\r\n").encode()
    value: dict[str, object] = {"from": "2021-07-01", "value": Decimal("0.1"), "source": "t: #1"}
    changed = set_values(data, "b.rate", [{**value, "placeholder": True}])
    expected = LAW.replace("0.05", "0.1").replace(
        "source: t\n", 'source: "t: #1"\n        placeholder: true\n'
    )
    assert changed == expected.replace("\n", "\r\n").encode()


def test_parameter_is_added_and_removed_in_place() -> None:
    added = edit_parameter(
        LAW.encode(), file="l.yaml", key="c.new", title={"zh": "丙", "en": "Third"}, unit="flag",
        values=[{"from": "2026-01-01", "value": True, "source": "u"}],
    )  # fmt: skip
    assert load_parameters(added)["c.new"].values[0].value is True
    assert remove_parameter(added, file="l.yaml", key="c.new") == LAW.encode()


def test_edit_that_is_no_parameter_changes_nothing() -> None:
    with pytest.raises(DeploymentError, match=r"a\.limit"):
        set_values(LAW.encode(), "a.limit", [{"from": "2021-07-01", "value": "many", "source": "s"}])
    with pytest.raises(InputError, match="no date"):
        set_values(LAW.encode(), "a.limit", [{"from": "soon", "value": Decimal(1), "source": "s"}])


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12).map(
    lambda text: f"{text} x"
)
VALUES = st.dictionaries(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.tuples(st.integers(1, 200), TEXTS, st.booleans()),
    min_size=1,
    max_size=5,
)


@given(VALUES, VALUES)
def test_any_edit_says_what_was_asked_and_leaves_the_rest(
    first: dict[date, tuple[int, str, bool]], second: dict[date, tuple[int, str, bool]]
) -> None:
    data = LAW.encode()
    for wanted in (first, second):
        rows: list[dict[str, object]] = [
            {"from": day.isoformat(), "value": Decimal(n), "source": source, "placeholder": placeholder}
            for day, (n, source, placeholder) in wanted.items()
        ]
        data = set_values(data, "a.limit", rows)
        found = load_parameters(data)["a.limit"].values
        assert {v.since: (v.value, v.source, v.placeholder) for v in found} == wanted
    assert data.decode().startswith("# head\nparameters:\n")
    assert data.decode().endswith("        source: t\n\n# tail\n")
