"""Parameter files are read strictly: each fault is named with its file, key and rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.errors import DeploymentError
from engine.parameters import DEFAULTS, load_parameters, load_yaml

GOOD = """
parameters:
  - key: dibao.total
    title: {zh: 审核确认总时限, en: Total time limit}
    unit: workdays
    values:
      - {from: 2021-07-01, value: 30, source: "民发〔2021〕57号 Art.22"}
      - {from: 2022-10-20, value: 20, source: "民发〔2022〕83号 四(一)"}
  - key: dibao.standard
    title: {zh: 低保标准（每月）, en: Standard a month}
    unit: fen
    values:
      - {from: 2021-07-01, value: 76000, source: 虚构, placeholder: true}
  - {key: a.ratio, title: {zh: 比例, en: Ratio}, unit: ratio,
     values: [{from: 2021-07-01, value: 1.5, source: x}]}
  - {key: a.flag, title: {zh: 下放, en: Devolved}, unit: flag,
     values: [{from: 2021-07-01, value: true, source: x}]}
  - {key: a.list, title: {zh: 情形, en: Grounds}, unit: list,
     values: [{from: 2021-07-01, value: [甲, 乙], source: x}]}
"""


def one(**changes: str) -> str:
    """A file with one parameter, some of whose fields read differently (an empty text leaves one out)."""
    value = {"from": "2021-07-01", "value": "20", "source": "x"}
    fields = {"key": "a.b", "title": "{zh: 甲, en: A}", "unit": "workdays"}
    for name, text in changes.items():
        place = value if name in ("from_", "value", "source", "placeholder", "extra") else fields
        place[name.rstrip("_")] = text
    inner = ", ".join(f"{name}: {text}" for name, text in value.items() if text)
    fields.setdefault("values", "[{" + inner + "}]")
    return "parameters: [{" + ", ".join(f"{n}: {t}" for n, t in fields.items() if t) + "}]"


def test_a_file_becomes_values_by_date() -> None:
    parameters = load_parameters(GOOD, file="p.yaml")
    assert parameters.at(date(2022, 10, 19)).get("dibao.total") == 30
    law = parameters.at(date(2022, 10, 20))
    assert law.get("dibao.total") == 20
    assert law.get("dibao.standard") == Decimal(76000)
    assert law.get("a.ratio") == Decimal("1.5")
    assert law.get("a.flag") is True
    assert law.get("a.list") == ["甲", "乙"]


FAULTS = {
    "unknown unit": (one(unit="weeks"), "/unit", "unknown-unit"),
    "missing unit": (one(unit=""), "/unit", "unknown-unit"),
    "missing key": (one(key=""), "/key", "missing-key"),
    "key is a number": (one(key="7"), "/key", "missing-key"),
    "no English title": (one(title="{zh: 甲}"), "/title", "missing-title"),
    "title is text": (one(title="甲"), "/title", "missing-title"),
    "unknown field": (one(untis="x"), "/untis", "unknown-field"),
    "unknown field of a value": (one(extra="x"), "/extra", "unknown-field"),
    "no values": (one(values="[]"), "/values", "missing-value"),
    "values is no list": (one(values="7"), "/values", "missing-value"),
    "a value is no mapping": (one(values="[7]"), "/values/0", "wrong-type"),
    "missing source": (one(source=""), "/source", "missing-source"),
    "blank source": (one(source="' '"), "/source", "missing-source"),
    "missing date": (one(from_=""), "/from", "wrong-type"),
    "date is text": (one(from_="'2021-07-01'"), "/from", "wrong-type"),
    "date with time": (one(from_="2021-07-01T00:00:00Z"), "/from", "wrong-type"),
    "no value": (one(value=""), "/value", "wrong-type"),
    "a text for a number": (one(value="'20'"), "/value", "wrong-type"),
    "a flag for a number": (one(value="true"), "/value", "wrong-type"),
    "a fraction of a day": (one(value="1.5"), "/value", "wrong-type"),
    "negative": (one(value="-1"), "/value", "wrong-type"),
    "no day at all": (one(value="0"), "/value", "wrong-type"),
    "a million days": (one(value="1000000"), "/value", "wrong-type"),
    "negative money": (one(unit="fen", value="-1"), "/value", "wrong-type"),
    "a fraction of a fen": (one(unit="fen", value="0.5"), "/value", "wrong-type"),
    "a number for a flag": (one(unit="flag", value="1"), "/value", "wrong-type"),
    "a mapping in a list": (one(unit="list", value="[{a: 1}]"), "/value", "wrong-type"),
    "a list for text": (one(unit="text", value="[a]"), "/value", "wrong-type"),
    "placeholder is text": (one(placeholder="maybe"), "/placeholder", "wrong-type"),
    "one date twice": (
        one(values="[{from: 2021-07-01, value: 1, source: x}, {from: 2021-07-01, value: 2, source: x}]"),
        "/values/1/from",
        "overlapping-dates",
    ),
    "parameter is text": ("parameters: [a]", "/parameters/0", "wrong-type"),
    "no list": ("parameters: 7", "/parameters", "wrong-type"),
    "empty file": ("", "/parameters", "wrong-type"),
    "unknown top": ("parameters: []\nlimits: []", "/limits", "unknown-field"),
}


@pytest.mark.parametrize(("text", "pointer", "code"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named_with_file_key_and_rule(text: str, pointer: str, code: str) -> None:
    with pytest.raises(DeploymentError) as caught:
        load_parameters(text, file="p.yaml")
    found = caught.value.errors[0]
    assert found.pointer.endswith(pointer)
    assert found.code == code
    assert "p.yaml" in found.en
    assert "p.yaml" in found.zh


def test_the_key_is_named() -> None:
    with pytest.raises(DeploymentError, match=r"p\.yaml a\.b: the source is missing"):
        load_parameters(one(source=""), file="p.yaml")


def test_every_fault_is_reported_at_once() -> None:
    text = one(source="", from_="x", title="x") + "\n"
    with pytest.raises(DeploymentError) as caught:
        load_parameters(text, file="p.yaml")
    assert [error.code for error in caught.value.errors] == ["missing-title", "wrong-type", "missing-source"]


def test_a_key_defined_twice_is_refused() -> None:
    entry = "{key: a, title: {zh: 甲, en: A}, unit: count, values: [{from: 2021-07-01, value: 1, source: x}]}"
    with pytest.raises(DeploymentError) as caught:
        load_parameters(f"parameters: [{entry}, {entry}]", file="p.yaml")
    assert caught.value.errors[0].code == "duplicate-key"


BAD_YAML = {
    "broken": b"parameters: [",
    "alias": b"a: &x [1]\nb: *x",
    "merge key": b"a: {<<: {b: 1}}",
    "duplicate key": b"a: 1\na: 2",
    "python object": b"a: !!python/object/apply:os.system ['true']",
    "not UTF-8": b"a: \xff",
    "too deep": b"a: " + b"[" * 5000,
    "infinite": b"a: .inf",
    "not a number": b"a: .nan",
    "octal": b"a: 010",
    "sixties": b"a: 1:30",
    "bad date": b"a: 2026-02-30",
    "huge integer": b"a: " + b"9" * 5000,
    "too large": b"#" * 1_000_001,
    "two documents": b"a: 1\n---\nb: 2",
    "a control character": b"a: \x01",
    "key is a list": b"? [a]\n: 1",
}


@pytest.mark.parametrize("data", BAD_YAML.values(), ids=BAD_YAML.keys())
def test_yaml_that_hides_something_is_refused(data: bytes) -> None:
    with pytest.raises(DeploymentError) as caught:
        load_yaml(data, file="p.yaml")
    assert "p.yaml" in caught.value.en
    assert "p.yaml" in caught.value.zh


def test_a_line_is_named_and_decimals_are_exact() -> None:
    with pytest.raises(DeploymentError) as caught:
        load_yaml(b"a: 1\nb: 2\na: 3", file="p.yaml")
    assert caught.value.data == {"file": "p.yaml", "line": 3}
    assert load_yaml(b"a: 0.1\nb: 1_000.5", file="p.yaml") == {"a": Decimal("0.1"), "b": Decimal("1000.5")}


def test_every_packaged_default_has_a_source() -> None:
    for row in DEFAULTS.describe("en"):
        assert all(value["source"] for value in row["values"])
