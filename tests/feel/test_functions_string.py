"""String functions and regular expressions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.feel.helpers import dec, feel


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", -2, 1)', "a"),
        ('substring("foobar", 0)', None),
        ('substring("𠮷㐂x", 2)', "㐂x"),
        ('string length("𠮷㐂")', dec(2)),
        ('upper case("straße")', "STRASSE"),
        ('substring before("foobar", "bar")', "foo"),
        ('substring before("foobar", "x")', ""),
        ('substring after("foobar", "ob")', "ar"),
        ('contains("低保金", "保")', True),
        ('starts with("350481100", "350481")', True),
        ('ends with("foobar", "r")', True),
        ('replace("abracadabra", "bra", "*")', "a*cada*"),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('replace("a.b", ".", "-", "q")', "a-b"),
        ('replace("a", "a", "$")', None),
        ('replace("a", "a", "\\\\$1")', "$1"),
        ('matches("foobar", "^fo*b")', True),
        ('matches("FOO", "foo", "i")', True),
        ('matches("a\\nb", "a.b")', False),
        ('matches("a\\nb", "a.b", "s")', True),
        ('matches("a\\nb", "^b$", "m")', True),
        ('matches("a\\n", "^a$")', False),
        ('matches("hello world", "hello\\\\ sworld", "x")', True),
        ('matches("b", "[a-z-[aeiou]]")', True),
        ('matches("e", "[a-z-[aeiou]]")', False),
        ('matches("低", "\\\\p{L}")', True),
        ('matches("α", "\\\\p{IsGreek}")', True),
        ('matches("_a-1", "^\\\\i\\\\c*$")', True),
        ('matches("a", "(?=a)")', None),
        ('matches("a", "a", "z")', None),
        ('matches("a", "(")', None),
        ('split("John Doe", "\\\\s")', ["John", "Doe"]),
        ('split("a;b;;c;;", ";")', ["a", "b", "", "c", "", ""]),
        ('string join(["a", null, "b"], "-")', "a-b"),
        ('string join(["a", "b"], "-", "[", "]")', "[a-b]"),
        ('string join(["a", 1], "-")', None),
        ('"低" + "保"', "低保"),
        ('"a" + 1', None),
        ('"\\u4F4E\\U01F40E\\t\\""', '低🐎\t"'),
        ("string(1.50)", "1.5"),
        ("string(1e3)", "1000"),
        ("string(-1/3)", "-0.3333333333333333333333333333333333"),
        (
            'string(range("[-1234567890123456789012345678901234..0]").start)',
            "-1234567890123456789012345678901234",
        ),
        ("string(time(23, 59, 59.99999999999999999999999999999999))", "23:59:59.999999999"),
        ("string(null)", None),
        ('string([1, "a", null, {b: true}])', '[1, "a", null, {b: true}]'),
        ("string([1..3))", "[1..3)"),
        ('string(@"P1DT2H")', "P1DT2H"),
        ('number("1 000,5", " ", ",")', dec("1000.5")),
        ('number("1,000.5", ",", ".")', dec("1000.5")),
        ('number("1,000", ",", ",")', None),
        ('number("１２")', None),
        ('number(from: "-1e2")', dec(-100)),
    ],
)
def test_strings(text: str, expected: Any) -> None:
    assert feel(text) == expected
