"""Regular expressions that JavaScript, Rust and Python read alike.

The page checks a pattern with JavaScript, the server with Rust (linear time), a script with Python.
Owns the common subset and says why a pattern leaves it. Refuses to translate: the designer rewrites.
"""

from __future__ import annotations

import re

import jsonschema_rs

Reason = tuple[str, str]

MAX_PATTERN = 500
_QUANTIFIER = r"(?:[*+?]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\})"
_TOKEN = re.compile(
    r"(?P<escape>\\[.\\/\-+*?()\[\]{}^$|])"
    r"|(?P<set>\[(?P<negated>\^?)(?P<members>(?:\\[\\\]\[\^\-/.+*?(){}$|]|[^\\\[\]])+)\])"
    r"|(?P<open>\((?:\?:|(?!\?)))"
    r"|(?P<close>\))"
    r"|(?P<quantifier>" + _QUANTIFIER + r")(?P<lazy>\??)"
    r"|(?P<any>\.)"
    r"|(?P<plain>[|^$]|[^\\\[\](){}*+?.|^$])"
)


def why_not_portable(pattern: str) -> Reason | None:
    """Why the three readers differ on `pattern`, in both languages; None when they agree."""
    if len(pattern) > MAX_PATTERN:
        return f"超过 {MAX_PATTERN} 个字符", f"has over {MAX_PATTERN} characters"
    if any(ord(char) > 0xFFFF or char in "\u2028\u2029" or not char.isprintable() for char in pattern):
        return (
            "含有 JavaScript 按两个字符读的罕用字或控制字符",
            "has a character beyond U+FFFF, which JavaScript reads as two, or a control character",
        )
    reason = _token_fault(pattern)
    if reason:
        return reason
    try:
        re.compile(pattern)
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions())
    except (re.error, RecursionError, OverflowError, jsonschema_rs.ValidationError) as error:
        said = str(error).partition("\n")[0]
        return f"不是有效的正则表达式（{said}）", f"is no regular expression ({said})"
    return None


def _token_fault(pattern: str) -> Reason | None:
    position, previous = 0, ""
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            return _unknown(pattern[position : position + 2])
        kind = token.lastgroup or ""
        if kind in ("lazy", "quantifier"):
            kind = "quantifier"
            if previous in ("", "quantifier", "anchor"):
                text = token.group()
                return f"“{text}”前没有可重复的内容", f"has “{text}” after nothing that can repeat"
        if previous == "wide" and not (kind == "quantifier" and token.group()[0] in "*+"):
            return _wide()
        if token.group("set") and _set_fault(token.group("members")):
            return _set_fault(token.group("members"))
        position, previous = token.end(), _class_of(token)
    return _wide() if previous == "wide" else None


def _class_of(token: re.Match[str]) -> str:
    if token.group("any") or token.group("negated"):
        return "wide"
    if token.group("quantifier"):
        return "quantifier"
    return "anchor" if token.group() in ("^", "$", "|", "(", "(?:") else "atom"


def _wide() -> Reason:
    return (
        "“.”和“[^…]”后只能用 * 或 +，因为 JavaScript 把罕用字数成两个字符",
        "may follow “.” and “[^…]” only with * or +, since JavaScript counts rare characters as two",
    )


def _unknown(text: str) -> Reason:
    hint = {"\\d": "[0-9]", "\\w": "[A-Za-z0-9_]", "\\s": "[ ]"}.get(text, "")
    return (
        f"“{text}”在 JavaScript、Rust 与 Python 中含义不同" + (f"，请写成 {hint}" if hint else ""),
        f"has “{text}”, which JavaScript, Rust and Python read differently"
        + (f"; write {hint}" if hint else ""),
    )


def _set_fault(members: str) -> Reason | None:
    double = re.search(r"&&|--|~~|\|\|", members)
    return _unknown(double.group()) if double else None
