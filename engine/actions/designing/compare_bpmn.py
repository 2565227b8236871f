"""What differs between two BPMN files: elements, and the facts about them; limits are told apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.actions.designing.changes import Change, Label, Place, Topic, added, changed, differing, removed
from engine.actions.designing.words import FACTS, KINDS, LIMIT_FACTS
from engine.safe_xml import Element, parse

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_SKIPPED = frozenset({"incoming", "outgoing", "flowNodeRef", "extensionElements", "definitions"})
_PAIRS = {"property": ("name", "value"), "header": ("key", "value"), "input": ("target", "source"),
          "output": ("target", "source")}  # fmt: skip


@dataclass(slots=True)
class _Found:
    """One element: what it is, what it is called, and its facts by name."""

    kind: str
    name: str
    facts: dict[str, str] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)


def compare_bpmn(file: str, before: bytes, after: bytes) -> Iterator[Change]:
    """Every difference but white space. Raises DeploymentError where a file is no XML."""
    old, new = _read(file, before), _read(file, after)
    for element_id in dict.fromkeys([*old, *new]):
        was, now = old.get(element_id), new.get(element_id)
        if was is None and now is not None:
            yield added(_place(file, element_id, now))
        elif was is not None and now is None:
            yield removed(_place(file, element_id, was))
        elif was is not None and now is not None:
            yield from _between(file, element_id, was, now)
    if _drawing(file, before) != _drawing(file, after):
        yield Change(
            kind="changed", topic="layout", zh="图形的位置或大小有调整。",
            en="Shapes or lines were moved or resized.", file=file,
        )  # fmt: skip


def _between(file: str, element_id: str, was: _Found, now: _Found) -> Iterator[Change]:
    place = _place(file, element_id, now)
    if was.kind != now.kind:
        label = ("类型", "type")
        yield changed(
            place, label, KINDS.get(was.kind, (was.kind,) * 2)[0], KINDS.get(now.kind, (now.kind,) * 2)[0]
        )
    if was.name != now.name:
        yield changed(place, ("名称", "name"), was.name, now.name)
    topics: dict[str, Topic] = {fact: "limit" for fact in [*was.facts, *now.facts] if _is_limit(fact)}
    yield from differing(place, was.facts, now.facts, {**was.labels, **now.labels}, topics)


def _is_limit(fact: str) -> bool:
    return fact in LIMIT_FACTS or fact.startswith("property:clock:")


def _place(file: str, element_id: str, found: _Found) -> Place:
    zh, en = KINDS.get(found.kind, (found.kind, found.kind))
    called = found.name or element_id
    return Place(file=file, id=element_id, zh=f"{zh}“{called}”", en=f"{en} “{called}”", topic="element")


def _read(file: str, data: bytes) -> dict[str, _Found]:
    root = parse(data, file=file)
    lanes = {
        (ref.text or "").strip(): lane.get("name", lane.get("id", ""))
        for lane in root.iter(f"{_BPMN}lane")
        for ref in lane.findall(f"{_BPMN}flowNodeRef")
    }
    found: dict[str, _Found] = {}
    for element in root.iter(f"{_BPMN}*"):
        kind, element_id = _local(element), element.get("id")
        if element_id is None or kind not in KINDS:
            continue
        item = _Found(kind=kind, name=element.get("name", ""))
        _gather(element, element, item)
        if element_id in lanes:
            _note(item, "lane", lanes[element_id])
        found[element_id] = item
    return found


def _gather(owner: Element, element: Element, item: _Found) -> None:
    """The facts of `owner` that stand in `element`: attributes, texts, extension elements."""
    tag = _local(element)
    if tag in _PAIRS and element is not owner:
        key, value = _PAIRS[tag]
        _note(item, f"{tag}:{element.get(key, '')}", element.get(value, ""))
        return
    for name, value in element.attrib.items():
        plain = str(name).rpartition("}")[2]
        if plain not in ("id", "name") or (plain == "name" and element is not owner):
            _note(item, plain if element is owner else f"{tag}.{plain}", value)
    children = [child for child in element if isinstance(child.tag, str)]
    if not children and (text := (element.text or "").strip()):
        _note(item, tag, text)
    if not children and element is not owner and not element.attrib and not (element.text or "").strip():
        _note(item, tag, "✓")
    for child in children:
        kind = _local(child)
        if kind in ("extensionElements", "properties", "ioMapping", "taskHeaders"):
            for inner in child:
                if isinstance(inner.tag, str):
                    _gather_child(owner, inner, item)
        elif kind not in KINDS and kind not in _SKIPPED and kind != "laneSet":
            _gather(owner, child, item)


def _gather_child(owner: Element, element: Element, item: _Found) -> None:
    if _local(element) in ("properties", "ioMapping", "taskHeaders"):
        for inner in element:
            if isinstance(inner.tag, str):
                _gather(owner, inner, item)
    else:
        _gather(owner, element, item)


def _note(item: _Found, fact: str, value: str) -> None:
    """A fact; several of one name stand together."""
    item.facts[fact] = f"{item.facts[fact]}；{value}" if fact in item.facts else value
    head, _, name = fact.partition(":")
    if fact in FACTS:
        item.labels[fact] = FACTS[fact]
    elif name and head in FACTS:
        zh, en = FACTS[head]
        item.labels[fact] = (f"{zh}“{name}”", f"{en} “{name}”")


def _drawing(file: str, data: bytes) -> list[tuple[str, ...]]:
    """Where everything is drawn; elements that only one file has are told by their own changes."""
    root = parse(data, file=file)
    return sorted(
        (
            str(shape.get("bpmnElement")),
            *(f"{k}={v}" for e in shape.iter() for k, v in sorted(e.attrib.items())),
        )
        for shape in [*root.iter(f"{_DI}BPMNShape"), *root.iter(f"{_DI}BPMNEdge")]
    )


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
