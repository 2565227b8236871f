"""Cuts text into tokens. Names stay single words here: only the parser knows which words belong together."""

from __future__ import annotations

import re
from typing import NamedTuple

from engine.errors import ExpressionError


class Token(NamedTuple):
    kind: str  # "name", "number", "string", "at", "op", "end"
    text: str
    start: int
    end: int


# Name characters of DMN 1.5 (grammar rules 27-30): letters of every script, no digits at the start.
_START = (
    "?A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D"
    "\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\U00010000-\\U000EFFFF"
)
_PART = _START + "0-9\\u00B7\\u0300-\\u036F\\u203F-\\u2040"
_SPACE = "\\s\\u0085\\u00A0\\u1680\\u180E\\u2000-\\u200B\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF"
_token_re = re.compile(
    rf"""
    (?P<skip>(?:[{_SPACE}]|//[^\n]*|/\*(?s:.*?)\*/)+)
  | (?P<number>(?:[0-9]+(?:\.(?!\.)[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+(?![{_PART}]))?)
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<at>@[{_SPACE}]*"(?:[^"\\]|\\.)*")
  | (?P<name>[{_START}][{_PART}]*)
  | (?P<op>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},.:;'|&^%$#~`!])
    """,
    re.VERBOSE,
)
_escape_re = re.compile(r"\\(?:U([0-9A-Fa-f]{6})|u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def is_word(text: str) -> bool:
    """Whether the text reads as one name without quotes; Python's identifiers have other letters."""
    found = _token_re.fullmatch(text)
    return found is not None and found.lastgroup == "name"


def tokenize(text: str) -> list[Token]:
    """Raises ExpressionError at the first character that cannot begin a token."""
    tokens: list[Token] = []
    position, match = 0, _token_re.match
    while position < len(text):
        found = match(text, position)
        if found is None:
            raise syntax_error(text, position, *_unreadable(text, position))
        if found.lastgroup != "skip":
            tokens.append(Token(found.lastgroup or "op", found.group(), position, found.end()))
        position = found.end()
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _unreadable(text: str, position: int) -> tuple[str, str]:
    if text[position] in '"@':
        return "a string that is not closed", "文本缺少结束引号"
    if text.startswith("/*", position):
        return "a comment that is not closed", "注释没有结束"
    return f"a character that has no meaning here: {text[position]!r}", f"无法识别的字符：{text[position]!r}"


def unescape(quoted: str) -> str:
    """The characters of a string literal, given with its quotes. Surrogate escapes are joined to one."""
    body = quoted[1:-1]
    if "\\" not in body:
        return body

    def replace(found: re.Match[str]) -> str:
        code = found.group(1) or found.group(2)
        if code is None:
            return _ESCAPES.get(found.group(3), found.group())
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else found.group()

    return join_surrogates(_escape_re.sub(replace, body))


def join_surrogates(text: str) -> str:
    """Pairs of surrogates become one character; a lone one, which cannot be stored, U+FFFD."""
    if not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def quote(text: str) -> str:
    """The string literal for `text`."""
    for char, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(char, escaped)
    return f'"{text}"'


def line_column(text: str, position: int) -> tuple[int, int]:
    """Both counted from 1."""
    line = text.count("\n", 0, position) + 1
    return line, position - text.rfind("\n", 0, position)


def syntax_error(text: str, position: int, en: str, zh: str) -> ExpressionError:
    line, column = line_column(text, position)
    shown = text if len(text) <= 80 else text[:77] + "..."
    return ExpressionError(
        en=f"Line {line}, column {column}: {en} (in: {shown})",
        zh=f"第{line}行第{column}列：{zh}（表达式：{shown}）",
        data={"line": line, "column": column, "expression": shown, "reason": en, "reason_zh": zh},
    )
