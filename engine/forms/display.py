"""Checks components that only show something: texts, HTML, images, tables, buttons.

Owns which HTML is safe to show; refuses script, styles, forms, foreign addresses and event attributes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from engine.forms.attributes import properties_of, refuse_unknown
from engine.forms.notes import Notes

_TAGS = {"a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "div", "dl", "dt", "em", "h1", "h2",
         "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "q", "s", "small", "span",
         "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"}  # fmt: skip
_ATTRIBUTES = {
    "alt",
    "class",
    "colspan",
    "height",
    "href",
    "lang",
    "rowspan",
    "scope",
    "src",
    "title",
    "width",
}
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|#)\S*", re.ASCII)
_IMAGE = re.compile(
    r"(?:https://\S+|/(?!/)\S*|data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+)", re.ASCII
)
_TEMPLATE = re.compile(r"\{\{((?:(?!\{\{|\}\}).)*)\}\}", re.DOTALL)
MAX_TEXT = 20_000


def read_display(component: Mapping[str, Any], notes: Notes) -> None:
    """Findings for a component that has no answer."""
    properties = properties_of(component, notes)
    refuse_unknown(component, properties, notes)
    hide = notes.mapping(component, "conditional").get("hide")
    if hide not in (None, "", False):
        notes.feel(component, hide, "conditional.hide")
    kind = component["type"]
    if kind == "text":
        for name, text in (("text", component.get("text")), ("textEn", properties.get("textEn"))):
            _template(component, text, name, notes)
        if component.get("text") and not properties.get("textEn"):
            notes.warn(component, "no-english-label", "文字缺少英文 textEn。", "The text has no `textEn`.")
    elif kind == "html":
        for name, text in (("content", component.get("content")), ("contentEn", properties.get("contentEn"))):
            _template(component, text, name, notes)
            _html(component, text, name, notes)
    elif kind == "image":
        _address(component, component.get("source"), _IMAGE, notes)
    elif kind == "table":
        for name in ("dataSource", "columnsExpression"):
            if component.get(name):
                notes.feel(component, component[name], name)
    elif kind == "button" and component.get("action", "submit") not in ("submit", "reset"):
        notes.error(
            component, "bad-attribute", "action 应为 submit 或 reset。", "`action` must be submit or reset."
        )


def _template(component: Mapping[str, Any], text: object, name: str, notes: Notes) -> None:
    if text is None:
        return
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        notes.error(
            component, "component-shape",
            f"{name} 应为文字，最长 {MAX_TEXT} 字。",
            f"`{name}` must be text of at most {MAX_TEXT} characters.",
        )  # fmt: skip
    elif text.startswith("="):
        notes.feel(component, text, name)
    else:
        for inside in _TEMPLATE.findall(text):
            if inside.lstrip().startswith(("#", "/")):
                notes.error(
                    component, "template-block",
                    f"{name} 中不支持 {{{{{inside}}}}}，请用 FEEL 的 if、for。",
                    f"{{{{{inside}}}}} in `{name}` has no meaning here; use FEEL's if and for.",
                )  # fmt: skip
            else:
                notes.feel(component, f"={inside}", name)


def _address(component: Mapping[str, Any], text: object, allowed: re.Pattern[str], notes: Notes) -> None:
    if isinstance(text, str) and text.startswith("="):
        notes.feel(component, text, "source")
    elif not isinstance(text, str) or not allowed.fullmatch(text):
        notes.error(
            component, "unsafe-address",
            "图片地址应为 https、本站路径或内嵌的 png、jpeg、gif、webp。",
            "An image must come from https, a path of this site or embedded png, jpeg, gif, webp data.",
        )  # fmt: skip


def _html(component: Mapping[str, Any], text: object, name: str, notes: Notes) -> None:
    if not isinstance(text, str) or len(text) > MAX_TEXT or text.startswith("="):
        return
    parser = _Unsafe()
    parser.feed(text)
    parser.close()
    for what in dict.fromkeys(parser.found):
        notes.error(
            component, "unsafe-html",
            f"{name} 中的 {what} 不安全，请删除。", f"{what} in `{name}` is not safe; remove it.",
        )  # fmt: skip


class _Unsafe(HTMLParser):
    """Lists tags, attributes and addresses that are not on the lists above."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in _ATTRIBUTES:
                self.found.append(f"<{tag} {name}>")
            pattern = {"href": _ADDRESS, "src": _IMAGE}.get(name)
            if pattern and not pattern.fullmatch(value or ""):
                self.found.append(f"<{tag} {name}={value!r}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _TAGS:
            self.found.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.found.append("<!--")

    def handle_decl(self, decl: str) -> None:
        self.found.append("<!")

    def unknown_decl(self, data: str) -> None:
        self.found.append("<![")

    def handle_pi(self, data: str) -> None:
        self.found.append("<?")
