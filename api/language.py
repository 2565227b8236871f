"""Which language the caller reads: zh-CN unless English is preferred."""

from __future__ import annotations

from typing import Literal

from flask import request
from werkzeug.datastructures import LanguageAccept

Language = Literal["zh", "en"]
COOKIE = "aidflow_language"
"""Where a browser keeps what its person chose on a page."""


def language() -> Language:
    """The language chosen on a page, else by `Accept-Language`; Chinese where neither says."""
    match request.cookies.get(COOKIE):
        case "zh":
            return "zh"
        case "en":
            return "en"
    return best_language(request.accept_languages)


def best_language(accepted: LanguageAccept) -> Language:
    """The one of our two languages that fits best."""
    best = accepted.best_match(["zh-CN", "zh", "en"], default="zh-CN")
    return "en" if best.startswith("en") else "zh"
