"""What the XML reader refuses, and that the refusal names file, line and reason."""

from __future__ import annotations

import pytest

from engine.errors import DeploymentError
from engine.safe_xml import MAX_BYTES, parse


def test_well_formed_xml_comes_back_as_elements_without_comments() -> None:
    root = parse(b"<a><!-- x --><b>one<!-- y --> two</b></a>", file="a.bpmn")
    assert [child.tag for child in root] == ["b"]
    assert root[0].text == "one two"


LAUGHS = b"<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'>%s]><a b='&y;'>&y;</a>"
BOMB = LAUGHS % b"".join(
    b"<!ENTITY %s '%s'>" % (name, b"&%s;" % before * 10)
    for before, name in zip(b"x c d e f g h i j k".split(), b"c d e f g h i j k y".split(), strict=True)
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<a><b></a>", "Broken XML"),
        (b"", "Broken XML"),
        (b"\xff\xfe\x00", "Broken XML"),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "DOCTYPE"),
        (b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "DOCTYPE"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>".encode("utf-16"), "DOCTYPE"),
        (BOMB, "entit"),
        (b"<a>" * 201 + b"</a>" * 201, "nested deeper"),
        (b"<a>" * 10_000 + b"</a>" * 10_000, "Broken XML"),
        (b"<a>" + b"x" * MAX_BYTES + b"</a>", "larger than"),
    ],
    ids=["broken", "empty", "bytes", "dtd", "external", "utf-16", "bomb", "deep", "deeper", "large"],
)
def test_dangerous_or_broken_xml_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(DeploymentError) as caught:
        parse(data, file="a.bpmn")
    assert reason in caught.value.en
    assert caught.value.errors[0].en.startswith("a.bpmn")
    assert caught.value.errors[0].zh.startswith("a.bpmn")


def test_depth_of_two_hundred_is_allowed() -> None:
    assert parse(b"<a>" * 200 + b"</a>" * 200, file="a.bpmn").tag == "a"
