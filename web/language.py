"""Both languages side by side: a text of the pages is written once, as a pair, and can't lack a half."""

from __future__ import annotations

import re

from flask import g
from markupsafe import Markup, escape

from api.language import COOKIE, Language, language

__all__ = ["COOKIE", "LOCALES", "Language", "in_tongue", "locale", "page_language", "spoken", "t"]

LOCALES = {"zh": "zh_CN", "en": "en"}
"""How Babel calls our languages."""

# A run that begins with a Chinese character and goes on with what stands between such.
_HAN = re.compile(r"[㐀-鿿豈-﫿〇][㐀-鿿豈-﫿　-〿＀-￯·0-9A-Za-z_.–-]*")


def page_language() -> Language:
    """What this request's reader reads; asked for once a request."""
    found: Language | None = g.get("page_language")
    if found is None:
        found = g.page_language = language()
    return found


def locale() -> str:
    """The reader's language as Babel calls it."""
    return LOCALES[page_language()]


def t(zh: str, en: str) -> str:
    """The half that the reader reads."""
    return zh if page_language() == "zh" else en


def in_tongue(zh: str, en: str | None = "") -> Markup:
    """Data that may lack its English half, marked as Chinese where an English reader meets it."""
    if page_language() == "zh":
        return escape(zh)
    return escape(en) if en else Markup('<span lang="zh-CN">{}</span>').format(zh)


def spoken(text: str) -> Markup:
    """The text; for an English reader each Chinese run in an element of its own language."""
    if page_language() == "zh":
        return escape(text)
    parts: list[Markup] = []
    end = 0
    for match in _HAN.finditer(text):
        parts += [escape(text[end : match.start()]), Markup('<span lang="zh-CN">{}</span>').format(match[0])]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])
