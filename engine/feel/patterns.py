"""Regular expressions of XPath and XQuery (flags s, m, i, x, q) on the `regex` module, with a bound in time."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import regex

from engine.feel.values import Null, Run

MAX_PATTERN = 2_000
_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE | regex.FULLCASE, "x": 0, "q": 0}
_NAME_START = r"\p{L}_:"
_NAME_CHAR = r"\p{L}\p{M}\p{N}_:.\-"


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
        raise Null(f"bad pattern {pattern[:60]!r}", f"正则表达式有误：{pattern[:60]}", "bad-pattern") from None


def _translate(pattern: str, flags: str) -> str:
    """The same pattern in the dialect of `regex`: white space, anchors, classes and subtraction differ."""
    out: list[str] = []
    level = 0
    index = 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            out.append(_escape(pattern[index : index + 2], level > 0))
            index += 2
            continue
        if char == "[":
            out.append("-[" if level and out and out[-1] == "-" else "\\[" if level else "[")
            level += level == 0 or out[-1] == "-["
        elif char == "]" and level:
            level -= 1
            out.append("]")
        elif char.isspace() and "x" in flags and not level:
            pass
        elif level:
            out.append("\\" + char if char in "&~|" else char)
        else:
            out.append(_outside(char, pattern, index, flags))
        index += 1
    return "".join(out)


def _outside(char: str, pattern: str, index: int, flags: str) -> str:
    if char == "$" and "m" not in flags:
        return r"\Z"
    if char == "." and "s" not in flags:
        return r"[^\n\r]"
    if char == "(" and pattern.startswith("(?", index) and not pattern.startswith("(?:", index):
        raise ValueError("only (?: is known")
    return "\\#" if char == "#" else char


def _escape(escape: str, in_class: bool) -> str:
    names = {r"\i": _NAME_START, r"\c": _NAME_CHAR}
    if escape in names:
        return names[escape] if in_class else f"[{names[escape]}]"
    negated = {r"\I": _NAME_START, r"\C": _NAME_CHAR}
    if escape in negated:
        return f"[^{negated[escape]}]"
    if len(escape) < 2 or (escape[1].isalpha() and escape[1] not in "nrtdDwWsSpP"):
        raise ValueError("unknown escape")
    return escape


def find_matches(run: Run, pattern: Any, text: str, *, first: bool = False) -> list[Any]:
    """Every match from left to right. Past the bound in time: BoundError, which no expression can catch."""
    limit = run.bounds.regex_seconds
    try:
        if first:
            found = pattern.search(text, timeout=limit)
            return [found] if found else []
        matches = []
        for found in pattern.finditer(text, timeout=limit):
            matches.append(found)
            run.size(1)
        run.size(len(matches))
        return matches
    except TimeoutError:
        raise run.past("regex time", limit) from None


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
            raise Null("'$' must be followed by a digit, '\\' by '$' or '\\'", "替换文本中的“$”后应为数字", "bad-pattern")
        else:
            out.append(char)
            index += 1
    return "".join(out)
