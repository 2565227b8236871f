"""Reads a designer's files: which kinds there are, how big they may be, XML and JSON without traps.

Refuses unknown kinds, oversized files, broken or bottomless JSON. Knows nothing of what is in them.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Literal, NoReturn

from engine.errors import DeploymentError
from engine.safe_xml import MAX_BYTES, Element, parse, refused

Kind = Literal["bpmn", "dmn", "form", "yaml"]
KINDS: Mapping[str, Kind] = {".bpmn": "bpmn", ".dmn": "dmn", ".form": "form", ".yaml": "yaml", ".yml": "yaml"}
MAX_FILES = 2_000  # a city's processes with their forms and scenarios are several hundred
MAX_DEPTH = 60


def kind_of(name: str) -> Kind:
    """The kind of a file by its ending; `DeploymentError` for any other ending."""
    kind = KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        endings = " ".join(sorted(KINDS))
        raise refused(
            name,
            None,
            f"不认识的文件类型；可部署的是 {endings}。",
            f"Unknown kind of file; deploy files that end in {endings}.",
        )
    return kind


def read_folder(path: str | os.PathLike[str]) -> dict[str, bytes]:
    """Every deployable file below `path`, and below a `forms/` that stands beside it, by relative name."""
    folder = Path(path)
    if not folder.is_dir():
        raise refused(str(path), None, "没有这个文件夹。", "There is no such folder.")
    files = _read_below(folder, "")
    beside = folder.resolve().parent / "forms"
    if folder.resolve() != beside and beside.is_dir():
        for name, data in _read_below(beside, "forms/").items():
            if name in files:
                raise refused(
                    name, None, "文件夹内外有同名表单。", "A form of this name stands in and beside it."
                )
            files[name] = data
    return files


def _read_below(folder: Path, prefix: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for found in sorted(folder.rglob("*")):
        relative = found.relative_to(folder)
        if found.suffix.lower() not in KINDS or any(part.startswith(".") for part in relative.parts):
            continue
        if found.is_file():
            name = prefix + relative.as_posix()
            check_size(name, found.stat().st_size)
            files[name] = found.read_bytes()
    return files


def check_size(name: str, size: int) -> None:
    if size > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        raise refused(name, None, f"文件超过 {limit} MB。", f"The file is larger than {limit} MB.")


def load_xml(data: bytes, *, file: str) -> Element:
    """The root element; no entities, no DTD, no network, bounded. `DeploymentError` names file and line."""
    return parse(data, file=file)


def load_json(data: bytes, *, file: str) -> Any:
    """JSON without NaN, without duplicate keys, at most `MAX_DEPTH` deep."""

    def no_constant(text: str) -> NoReturn:
        raise ValueError(f"{text} is not JSON")

    def finite(text: str) -> float:
        number = float(text)
        return number if math.isfinite(number) else no_constant(text)

    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            twice = next(key for key, _ in pairs if sum(k == key for k, _ in pairs) > 1)
            raise ValueError(f'the key "{twice}" occurs twice')
        return found

    try:
        text = data.decode("utf-8-sig")
        value = json.loads(
            text, parse_constant=no_constant, parse_float=finite, object_pairs_hook=no_duplicates
        )
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except RecursionError:
        raise _too_deep(file) from None
    except ValueError as error:
        line = getattr(error, "lineno", None)
        raise refused(file, line, f"JSON 格式错误：{error}。", f"Broken JSON: {error}.") from None
    if _depth(value) > MAX_DEPTH:
        raise _too_deep(file)
    return value


def _depth(value: Any) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        deepest = max(deepest, depth)
        children = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        waiting.extend((child, depth + 1) for child in children)
    return deepest


def _too_deep(file: str) -> DeploymentError:
    return refused(file, None, f"嵌套超过 {MAX_DEPTH} 层。", f"Nested deeper than {MAX_DEPTH} levels.")
