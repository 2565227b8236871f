"""Sentences that hold names from Chinese files, on English pages: the names are marked as Chinese."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from web.language import page_language

# A run that begins with a Chinese character and goes on with what stands between such.
_HAN = re.compile(r"[㐀-鿿豈-﫿〇][㐀-鿿豈-﫿　-〿＀-￯·0-9A-Za-z_.–-]*")


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
