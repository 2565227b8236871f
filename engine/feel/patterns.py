"""Regular expressions of XPath and XQuery (flags s, m, i, x, q) on the `regex` module, bound in time."""

from __future__ import annotations

import re
from functools import lru_cache
from time import perf_counter
from typing import Any

import regex

from engine.feel.values import Null, Run

MAX_PATTERN = 2_000
MAX_EXPANDED = 10_000
"""Characters after counted repeats are written out, which is what compiling costs: `((a{99}){99}){99}`."""
_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE | regex.FULLCASE, "x": 0, "q": 0}
_CLASSES = {"i": r"\p{L}_:", "c": r"\p{L}\p{M}\p{N}_:.\-"}
"""What `\\i` and `\\c` stand for: the characters that begin, and make up, an XML name."""


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str) -> Any:
    """Raises Null for a bad pattern or an unknown flag."""
    if len(pattern) > MAX_PATTERN:
        raise Null("the pattern is too long", "正则表达式过长", "bad-pattern")
    if set(flags) - set(_FLAGS):
        raise Null(f"unknown flags '{flags[:20]}'", f"未知的标志“{flags[:20]}”", "bad-pattern")
    options = regex.VERSION1
    for flag in flags:
        options |= _FLAGS[flag]
    try:
        return regex.compile(regex.escape(pattern) if "q" in flags else _translate(pattern, flags), options)
    except (regex.error, OverflowError, ValueError, RecursionError, MemoryError):
        raise Null(
            f"bad pattern {pattern[:60]!r}", f"正则表达式有误：{pattern[:60]}", "bad-pattern"
        ) from None


def _translate(pattern: str, flags: str) -> str:
    """The same pattern in the dialect of `regex`: white space, anchors, classes and subtraction differ."""
    if "x" in flags:
        pattern = _without_space(pattern)
    pattern = re.sub(
        r"(\\[pP]\{)Is", r"\1In", pattern
    )  # `\p{IsGreek}` is a Unicode block, which `regex` calls In
    out: list[str] = []
    level = index = 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            piece = _escape(pattern[index : index + 2], level > 0)
        elif level:
            piece = _in_class(char, out[-1])
        else:
            piece = _outside(char, pattern[index + 1 : index + 3], flags)
        level += (piece in ("[", "-[")) - (char == "]" and level > 0)
        out.append(piece)
        index += 2 if char == "\\" else 1
    translated = "".join(out)
    if _expanded(translated) > MAX_EXPANDED:
        raise ValueError("the counted repeats multiply too far")
    return translated


_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|[*+?]|.", re.DOTALL)


def _expanded(pattern: str) -> int:
    """How many pieces the pattern has when its counted repeats are written out."""
    sizes, last = [0], 0
    for piece in _PIECE.finditer(pattern):
        if piece[1] is not None:
            extra = last * (max(int(piece[1][:9]), int((piece[2] or "0")[:9])) - 1)
            sizes[-1], last = sizes[-1] + max(extra, 0), last + max(extra, 0)
        elif piece[0] == "(":
            sizes.append(0)
        elif piece[0] == ")" and len(sizes) > 1:
            last = sizes.pop()
            sizes[-1] += last
        elif piece[0] not in "*+?":
            last = 1
            sizes[-1] += 1
    return sum(sizes)


def _without_space(pattern: str) -> str:
    """Flag x takes white space out before anything is read, except inside character classes."""
    kept: list[str] = []
    level = 0
    for index, char in enumerate(pattern):
        escaped = index > 0 and pattern[index - 1] == "\\"
        if not escaped:
            level += (char == "[") - (char == "]" and level > 0)
        if level or char not in " \t\n\r":
            kept.append(char)
    return "".join(kept)


def _in_class(char: str, before: str) -> str:
    if char == "[":
        return "-[" if before == "-" else "\\["
    return "\\" + char if char in "&~|" else char


def _outside(char: str, following: str, flags: str) -> str:
    if char == "$" and "m" not in flags:
        return r"\Z"
    if char == "." and "s" not in flags:
        return r"[^\n\r]"
    if char == "(" and following[:1] == "?" and following != "?:":
        raise ValueError("of the (? forms only (?: is known")
    return char


def _escape(escape: str, in_class: bool) -> str:
    chars = _CLASSES.get(escape[1:].lower())
    if chars is not None:
        negated = escape[1].isupper()
        if in_class and not negated:
            return chars
        return f"[{'^' if negated else ''}{chars}]"
    if len(escape) < 2 or (escape[1].isalpha() and escape[1] not in "nrtdDwWsSpP"):
        raise ValueError("unknown escape")
    if in_class and escape[1].isdigit():
        raise ValueError("no back-reference inside a class")
    return escape


def find_matches(run: Run, pattern: Any, text: str, *, first: bool = False) -> list[Any]:
    """Every match from left to right. All matching of one evaluation shares one budget of seconds.

    Past it: BoundError, which no expression can catch.
    """
    start, limit = perf_counter(), run.regex_seconds
    try:
        matches = []
        for found in pattern.finditer(text, timeout=limit):
            matches.append(found)
            run.size(1)
            if first or perf_counter() - start > limit:
                break
    except TimeoutError:
        limit = 0
    run.regex_seconds -= perf_counter() - start
    if limit == 0 or run.regex_seconds < 0:
        raise run.past("regex time", run.bounds.regex_seconds)
    return matches


def expand(found: Any, replacement: str, *, literal: bool) -> str:
    r"""The replacement with `$1`, `$0` filled in; `\$` and `\\` stand for themselves."""
    if literal or ("$" not in replacement and "\\" not in replacement):
        return replacement
    out: list[str] = []
    index = 0
    while index < len(replacement):
        char = replacement[index]
        following = replacement[index + 1 : index + 2]
        if char == "\\" and following in ("$", "\\"):
            out.append(following)
            index += 2
        elif char == "$" and following.isdigit():
            index += 1
            number = int(replacement[index])
            index += 1
            while index < len(replacement) and replacement[index].isdigit():
                wider = number * 10 + int(replacement[index])
                if wider > found.re.groups:
                    break
                number, index = wider, index + 1
            out.append((found.group(number) or "") if number <= found.re.groups else "")
        elif char in "$\\":
            raise Null(
                "'$' must be followed by a digit, '\\' by '$' or '\\'",
                "替换文本中的“$”后应为数字",
                "bad-pattern",
            )
        else:
            out.append(char)
            index += 1
    return "".join(out)
