"""A notice for paper: an HTML page that prints, and a PDF. Says nothing that the notice does not say.

The PDF needs a font with Chinese letters: a folder named by `AIDFLOW_FONTS`, else the package
`justmytype-intl-cjk` (Noto Sans SC, SIL Open Font License) where it is installed.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from api.auth import settings
from engine.actions.notices import NoticeView
from engine.clocks import SHANGHAI
from engine.errors import NotFoundError

_FONTS_OF = "justmytype_intl_cjk"
_STYLE = (
    "@page{size:A4;margin:25mm}body{font:12pt/1.8 'Noto Serif CJK SC','Songti SC',SimSun,serif;"
    "max-width:40rem;margin:2rem auto;padding:0 1rem}h1{text-align:center;font-size:1.5rem}"
    ".number,.issuer{text-align:right}.basis{font-size:.85em}p{white-space:pre-line}"
    "@media print{body{margin:0;max-width:none}}"
)


class NoFontError(NotFoundError):
    """This installation has no font with Chinese letters for PDF; print the page instead."""

    code = "no-font"
    default_zh = "本机未安装可用于 PDF 的中文字体，请改用网页打印。"


def parts(view: NoticeView, issuer: tuple[str, str], lang: str) -> dict[str, Any]:
    """What stands on the paper, in order."""
    zh = lang != "en"
    day = view.queued_at.astimezone(SHANGHAI)
    date = f"{day.year}年{day.month}月{day.day}日" if zh else f"{day.day} {day:%B} {day.year}"
    return {
        "title": view.text.title["zh" if zh else "en"],
        "number": f"{'案件编号：' if zh else 'Case number: '}{view.case_number}",
        "paragraphs": view.text.paragraphs["zh" if zh else "en"],
        "basis": f"{'依据：' if zh else 'Legal basis: '}{view.text.basis}",
        "issuer": issuer[0 if zh else 1],
        "date": date,
    }


def as_html(view: NoticeView, issuer: tuple[str, str], lang: str) -> str:
    """A page that prints on one sheet, with nothing around the notice."""
    found = parts(view, issuer, lang)
    body = "".join(f"<p>{escape(text)}</p>" for text in found["paragraphs"])
    return (
        f'<!doctype html><html lang="{"en" if lang == "en" else "zh-CN"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(found['title'])}</title><style>{_STYLE}</style></head><body>"
        f'<h1>{escape(found["title"])}</h1><p class="number">{escape(found["number"])}</p>{body}'
        f'<p class="basis">{escape(found["basis"])}</p>'
        f'<p class="issuer">{escape(found["issuer"])}<br>{escape(found["date"])}</p></body></html>'
    )


def as_pdf(view: NoticeView, issuer: tuple[str, str], lang: str) -> bytes:
    """The same as PDF: no network, no fonts of the machine, the notice's own day. Raises NoFontError."""
    fonts = font_folder(settings().fonts)
    if fonts is None:
        raise NoFontError
    found = parts(view, issuer, lang)
    texts = {name: value for name, value in found.items() if isinstance(value, str)}
    texts["body"] = "\n\n".join(found["paragraphs"])
    return bytes(
        typst.compile(
            _TEMPLATE.encode(),
            font_paths=_fonts(fonts),
            format="pdf",
            sys_inputs={**texts, "lang": "en" if lang == "en" else "zh"},
            timestamp=int(view.queued_at.timestamp()),
        )
    )


def policy() -> str:
    """The content security policy of the page: its own style and nothing else."""
    digest = b64encode(sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


@cache
def font_folder(named: str) -> Path | None:
    """The folder of the fonts, or None where there is none."""
    if named:
        return Path(named)
    found = find_spec(_FONTS_OF)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(next(iter(found.submodule_search_locations))) / "fonts" / "ofl" / "notosanssc"


@cache
def _fonts(folder: Path) -> typst.Fonts:
    """The fonts of a folder, looked through once; none of the machine's."""
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


# Texts come in as inputs and are set as text: nothing in a notice is read as markup.
_TEMPLATE = """
#let s(name) = sys.inputs.at(name)
#set document(title: s("title"))
#set page(paper: "a4", margin: (x: 28mm, y: 32mm))
#set text(font: ("Noto Sans SC", "Noto Sans CJK SC"), size: 12pt, lang: s("lang"))
#let indent = if s("lang") == "zh" { 2em } else { 0em }
#set par(leading: 1em, spacing: 1.4em, first-line-indent: (amount: indent, all: true))
#align(center, text(size: 18pt, weight: "bold", s("title")))
#v(0.5em)
#align(right, text(size: 10pt, s("number")))
#v(1em)
#for paragraph in s("body").split("\\n\\n") [ #par(text(paragraph)) ]
#v(1em)
#text(size: 10pt, s("basis"))
#v(2em)
#align(right)[ #text(s("issuer")) \\ #text(s("date")) ]
"""
