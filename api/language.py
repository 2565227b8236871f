"""Which language the caller reads: zh-CN unless English is preferred."""

from __future__ import annotations

from typing import Literal

from flask import request

Language = Literal["zh", "en"]


def language() -> Language:
    """The language by `Accept-Language`; Chinese where nothing or neither is asked for."""
    best = request.accept_languages.best_match(["zh-CN", "zh", "en"], default="zh-CN")
    return "en" if best.startswith("en") else "zh"
