"""Replaces, adds and removes single values in the text of a YAML file and leaves every other byte alone."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from engine.errors import InputError

_PLAIN = re.compile(r"\w[\w .（）()〔〕/·-]*")
Node = Any  # PyYAML's nodes, which have no types of their own worth naming


class Splices:
    """One file and the replacements collected for it, each a span of its text."""

    def __init__(self, data: bytes, file: str) -> None:
        self._bom = data.startswith(codecs.BOM_UTF8)
        self._text = data.decode("utf-8-sig")
        self._newline = "\r\n" if "\r\n" in self._text else "\n"
        self._file = file
        self._spans: list[tuple[int, int, str]] = []
        self._root = yaml.compose(self._text, Loader=yaml.SafeLoader)

    def find(self, section: str, key: str) -> Node | None:
        """The mapping in the list `section` whose `key` is this."""
        for item in self._list(section).value:
            named = _entry(item, "key")
            if named is not None and named.value == key:
                return item
        return None

    def make(self, node: Node, wanted: Mapping[str, Any]) -> None:
        """Bring the mapping to what is wanted; what is equal already is not touched."""
        for name, value in wanted.items():
            found = _entry(node, name)
            if found is None:
                if value is not False and value is not None:
                    self._insert_entry(node, name, value)
            elif isinstance(value, Mapping) and isinstance(found, yaml.MappingNode):
                self.make(found, value)
            elif isinstance(value, list) and value and isinstance(value[0], Mapping):
                self._make_items(found, value)
            elif _plain(found) != _as_read(value):
                self._replace(found, value)
        for name_node, found in node.value:
            if name_node.value == "placeholder" and "placeholder" not in wanted and _plain(found) != "false":
                self._spans.append((found.start_mark.index, found.end_mark.index, "false"))

    def append(self, section: str, wanted: Mapping[str, Any]) -> None:
        """A new item at the end of the list, in the manner of the shipped files."""
        items = self._list(section)
        self._need_block(items)
        dash = " " * items.start_mark.column
        lines = [f"{dash}- key: {_scalar(wanted['key'])}"]
        inner = dash + "  "
        title = wanted["title"]
        lines.append(f"{inner}title: {{zh: {_scalar(title['zh'])}, en: {_scalar(title['en'])}}}")
        lines += [f"{inner}unit: {wanted['unit']}", f"{inner}values:"]
        lines += [f"{inner}  - {_flow(value)}" for value in wanted["values"]]
        self._insert_line(_last_leaf(items).end_mark.index, self._newline.join(lines))

    def remove(self, section: str, node: Node) -> None:
        """Take an item out with its lines; the comment above it stays."""
        self._need_block(self._list(section))
        start = self._text.rfind("\n", 0, node.start_mark.index) + 1
        self._spans.append((start, self._line_end(_last_leaf(node).end_mark.index, inclusive=True), ""))

    def apply(self) -> bytes:
        """The text with all replacements made."""
        text = self._text
        for start, end, new in sorted(self._spans, key=lambda span: span[0], reverse=True):
            text = text[:start] + new + text[end:]
        return (codecs.BOM_UTF8 if self._bom else b"") + text.encode()

    def _make_items(self, node: Node, wanted: list[Mapping[str, Any]]) -> None:
        """Items are matched by their dates first, so that a new one in between moves nothing."""
        spare = list(node.value)
        placed: list[tuple[Mapping[str, Any], Node | None]] = []
        for item in wanted:
            same = [found for found in spare if _plain(_entry(found, "from")) == _as_read(item["from"])]
            if same:
                spare.remove(same[0])
            placed.append((item, same[0] if same else None))
        for index, (item, found) in enumerate(placed):
            if found is None and spare:
                found = spare.pop(0)
                placed[index] = (item, found)
            if found is not None:
                self.make(found, item)
        new = [item for item, found in placed if found is None]
        if new:
            self._need_block(node)
            dash = " " * node.start_mark.column
            lines = [f"{dash}- {_flow(item)}" for item in new]
            self._insert_line(_last_leaf(node).end_mark.index, self._newline.join(lines))
        for item in spare:
            self._need_block(node)
            start = self._text.rfind("\n", 0, item.start_mark.index) + 1
            self._spans.append((start, self._line_end(_last_leaf(item).end_mark.index, inclusive=True), ""))

    def _replace(self, node: Node, value: Any) -> None:
        end = _last_leaf(node).end_mark.index if not _is_flow(node) else node.end_mark.index
        self._spans.append((node.start_mark.index, end, _scalar(value)))

    def _insert_entry(self, node: Node, name: str, value: Any) -> None:
        last = _last_leaf(node)
        if node.flow_style:
            index = node.end_mark.index - 1
            self._spans.append((index, index, f", {name}: {_scalar(value)}"))
        else:
            indent = " " * node.start_mark.column
            self._insert_line(last.end_mark.index, f"{indent}{name}: {_scalar(value)}")

    def _insert_line(self, index: int, line: str) -> None:
        """After the line that holds `index`, its comment included."""
        end = self._line_end(index)
        self._spans.append((end, end, self._newline + line))

    def _line_end(self, index: int, *, inclusive: bool = False) -> int:
        end = self._text.find("\n", index)
        if end < 0:
            return len(self._text)
        if inclusive:
            return end + 1
        return end - 1 if self._text[end - 1 : end] == "\r" else end

    def _list(self, section: str) -> Node:
        found = _entry(self._root, section)
        if not isinstance(found, yaml.SequenceNode):
            raise InputError(f"{self._file} has no list {section}.", f"{self._file} 中没有列表 {section}。")
        return found

    def _need_block(self, node: Node) -> None:
        if node.flow_style:
            raise InputError(
                f"{self._file}: a list in brackets can't be added to in place; write it as lines.",
                f"{self._file}：方括号中的列表无法就地增减，请改成逐行书写。",
            )


def _entry(node: Node, name: str) -> Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _is_flow(node: Node) -> bool:
    return isinstance(node, yaml.ScalarNode) or bool(node.flow_style)


def _last_leaf(node: Node) -> Node:
    """The node whose text ends the node: block collections have no end of their own."""
    while not _is_flow(node) and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _plain(node: Node | None) -> Any:
    """What a node says, as `_as_read` says it of a value."""
    if node is None:
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    return (node.value, "text" if node.tag.endswith(":str") else "other")


def _as_read(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_as_read(item) for item in value]
    if isinstance(value, bool):
        return ("true" if value else "false", "other")
    if isinstance(value, date | int | Decimal):
        return (str(value), "other")
    return (value, "text")


def _scalar(value: Any) -> str:
    """A value as YAML on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | int):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_scalar, value))}]"
    text = str(value)
    if _PLAIN.fullmatch(text) and not text.endswith(" ") and yaml.safe_load(f"[{text}]") == [text]:
        return text
    return json.dumps(text, ensure_ascii=False)


def _flow(value: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {_scalar(item)}" for name, item in value.items()) + "}"
