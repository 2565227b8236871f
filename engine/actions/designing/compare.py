"""Compares two sets of files and tells in sentences what is different, most telling first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.actions.designing.changes import Change, Topic
from engine.actions.designing.compare_bpmn import compare_bpmn
from engine.actions.designing.compare_dmn import compare_dmn
from engine.actions.designing.compare_forms import compare_form
from engine.actions.designing.compare_parameters import compare_parameters
from engine.definitions import load_yaml
from engine.definitions.files import kind_of
from engine.definitions.scenario_files import is_scenario, top_keys
from engine.errors import DeploymentError
from engine.parameters import ParameterSet, load_parameters

_ORDER = ("limit", "parameter", "element", "rule", "form", "file", "scenario", "layout")
_COMPARERS: Mapping[str, Callable[[str, bytes, bytes], Iterator[Change]]] = {
    "bpmn": compare_bpmn,
    "dmn": compare_dmn,
    "form": compare_form,
}


def compare_files(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Change]:
    """Every difference of meaning between two sets of files. A file that can't be read is told as such."""
    found = [
        change for name in sorted(before.keys() | after.keys()) for change in _of_file(name, before, after)
    ]
    found += _of_parameters(before, after)
    return sorted(found, key=lambda change: _ORDER.index(change.topic))


def _of_file(name: str, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Change]:
    old, new = before.get(name), after.get(name)
    if old == new:
        return
    data = new if new is not None else old or b""
    scenario = is_scenario(name, data)
    zh, en = ("场景文件", "scenario file") if scenario else ("文件", "file")
    topic: Topic = "scenario" if scenario else "file"
    if old is None:
        yield Change(kind="added", topic=topic, zh=f"新增{zh} {name}。", en=f"New {en} {name}.", file=name)
    elif new is None:
        yield Change(
            kind="removed", topic=topic, zh=f"删除{zh} {name}。", en=f"Removed {en} {name}.", file=name
        )
    elif scenario:
        yield Change(
            kind="changed", topic=topic, zh=f"修改{zh} {name}。", en=f"Changed {en} {name}.", file=name
        )
    else:
        try:
            if comparer := _COMPARERS.get(kind_of(name)):
                yield from comparer(name, old, new)
            elif "parameters" not in {**top_keys(name, old), **top_keys(name, new)}:
                yield Change(
                    kind="changed",
                    topic="file",
                    zh=f"修改{zh} {name}。",
                    en=f"Changed {en} {name}.",
                    file=name,
                )
        except DeploymentError as error:
            yield Change(kind="changed", topic="file", zh=error.zh, en=error.en, file=name)


def _of_parameters(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Change]:
    if all(
        before.get(n) == after.get(n) for n in before.keys() | after.keys() if n.endswith((".yaml", ".yml"))
    ):
        return
    files: dict[str, str] = {}
    try:
        old, new = _parameters(before, files), _parameters(after, files)
    except DeploymentError as error:
        yield Change(kind="changed", topic="file", zh=error.zh, en=error.en, file=error.data.get("file", ""))
        return
    yield from compare_parameters(old, new, files)


def _parameters(files: Mapping[str, bytes], places: dict[str, str]) -> ParameterSet:
    found = ParameterSet()
    for name, data in files.items():
        if name.lower().endswith((".yaml", ".yml")) and not is_scenario(name, data):
            value = load_yaml(data, file=name)
            if isinstance(value, dict) and "parameters" in value:
                own = load_parameters(data, file=name)
                places.update(dict.fromkeys(own, name))
                found = found.merge(own)
    return found
