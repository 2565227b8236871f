"""Both languages side by side: a text of the pages is written once, as a pair, and can't lack a half."""

from __future__ import annotations

from flask import g
from markupsafe import Markup, escape

from api.language import COOKIE, Language, language

__all__ = ["COOKIE", "LOCALES", "Language", "in_tongue", "locale", "page_language", "t"]

LOCALES = {"zh": "zh_CN", "en": "en"}
"""How Babel calls our languages."""


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
