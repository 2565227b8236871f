"""What differs between two DMN files: decisions, columns, hit policy, and rules cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.actions.designing.changes import Change, Label, Place, added, changed, removed
from engine.safe_xml import Element, parse


@dataclass(slots=True)
class _Decision:
    """One decision: its name, the text of a literal expression, or the columns and rules of a table."""

    name: str
    policy: str = ""
    expression: str = ""
    inputs: dict[str, Label] = field(default_factory=dict)
    outputs: dict[str, Label] = field(default_factory=dict)
    columns: list[Label] = field(default_factory=list)
    rules: dict[str, tuple[str, ...]] = field(default_factory=dict)


def compare_dmn(file: str, before: bytes, after: bytes) -> Iterator[Change]:
    """Every difference that a decision can tell. Raises DeploymentError where a file is no XML."""
    old, new = _read(file, before), _read(file, after)
    for decision_id in dict.fromkeys([*old, *new]):
        was, now = old.get(decision_id), new.get(decision_id)
        if was is None and now is not None:
            yield added(_place(file, decision_id, now))
        elif was is not None and now is None:
            yield removed(_place(file, decision_id, was))
        elif was is not None and now is not None:
            yield from _between(file, decision_id, was, now)


def _between(file: str, decision_id: str, was: _Decision, now: _Decision) -> Iterator[Change]:
    place = _place(file, decision_id, now)
    for label, before, after in (
        (("名称", "name"), was.name, now.name),
        (("命中策略", "hit policy"), was.policy, now.policy),
        (("表达式", "expression"), was.expression, now.expression),
    ):
        if before != after:
            yield changed(place, label, before, after)
    yield from _columns(place, ("输入列", "input column"), was.inputs, now.inputs)
    yield from _columns(place, ("输出列", "output column"), was.outputs, now.outputs)
    yield from _rules(place, was, now)


def _columns(place: Place, what: Label, was: dict[str, Label], now: dict[str, Label]) -> Iterator[Change]:
    for column in dict.fromkeys([*was, *now]):
        before, after = was.get(column, ("", ""))[0], now.get(column, ("", ""))[0]
        if before != after:
            yield changed(place, what, before, after)


def _rules(place: Place, was: _Decision, now: _Decision) -> Iterator[Change]:
    """Rules are told by their ids; the number in the sentence is the place in the table, before or after."""
    numbers = {rule: n for n, rule in enumerate(was.rules, 1)} | {r: n for n, r in enumerate(now.rules, 1)}
    for rule in dict.fromkeys([*was.rules, *now.rules]):
        before, after = was.rules.get(rule), now.rules.get(rule)
        here = _rule_place(place, rule, numbers[rule])
        if before is None and after is not None:
            yield _with(added(here), "", " → ".join(after))
        elif before is not None and after is None:
            yield _with(removed(here), " → ".join(before), "")
        elif before is not None and after is not None and before != after:
            for index in range(max(len(before), len(after))):
                old = before[index] if index < len(before) else ""
                new = after[index] if index < len(after) else ""
                if old != new:
                    yield changed(here, _column(now, index), old, new)
    kept_before = [rule for rule in was.rules if rule in now.rules]
    kept_after = [rule for rule in now.rules if rule in was.rules]
    if kept_before != kept_after:
        yield changed(
            place, ("规则顺序", "order of rules"), _order(was, kept_before), _order(was, kept_after)
        )


def _order(was: _Decision, rules: list[str]) -> str:
    numbers = {rule: str(n) for n, rule in enumerate(was.rules, 1)}
    return " ".join(numbers[rule] for rule in rules)


def _with(change: Change, old: str, new: str) -> Change:
    cells = old or new
    return Change(
        kind=change.kind, topic="rule", file=change.file, element_id=change.element_id, old=old, new=new,
        zh=f"{change.zh.removesuffix('。')}：{cells}。", en=f"{change.en.removesuffix('.')}: {cells}.",
    )  # fmt: skip


def _column(decision: _Decision, index: int) -> Label:
    if index < len(decision.columns):
        return decision.columns[index]
    return ("依据", "annotation")


def _place(file: str, decision_id: str, found: _Decision) -> Place:
    called = found.name or decision_id
    return Place(file=file, id=decision_id, zh=f"决策“{called}”", en=f"decision “{called}”", topic="rule")


def _rule_place(place: Place, rule: str, number: int) -> Place:
    return Place(
        file=place.file, id=rule, topic="rule",
        zh=f"{place.zh}第{number}条规则", en=f"{place.en}, rule {number}",
    )  # fmt: skip


def _read(file: str, data: bytes) -> dict[str, _Decision]:
    root = parse(data, file=file)
    return {e.get("id", ""): _decision(e) for e in root if _local(e) == "decision"}


def _decision(element: Element) -> _Decision:
    found = _Decision(name=element.get("name", ""))
    table = next((e for e in element if _local(e) == "decisionTable"), None)
    if table is None:
        found.expression = " ".join(
            " ".join(text.itertext()).strip() for e in element for text in e.iter() if _local(text) == "text"
        )
        return found
    found.policy = " ".join(filter(None, (table.get("hitPolicy", "UNIQUE"), table.get("aggregation", ""))))
    rules = 0
    for part in table:
        kind = _local(part)
        if kind == "input":
            text = _text(part)
            found.inputs[part.get("id", text)] = (text, text)
            found.columns.append((part.get("label") or text,) * 2)
        elif kind == "output":
            name = part.get("name", "")
            found.outputs[part.get("id", name)] = (name, name)
            found.columns.append((part.get("label") or name,) * 2)
        elif kind == "rule":
            rules += 1
            cells = [_text(e) for e in part if _local(e) in ("inputEntry", "outputEntry", "annotationEntry")]
            notes = [(e.text or "").strip() for e in part if _local(e) == "description"]
            found.rules[part.get("id", f"#{rules}")] = (*cells, *filter(None, notes))
    return found


def _text(element: Element) -> str:
    found = next((e for e in element.iter() if _local(e) == "text"), None)
    return " ".join((found.text or "").split()) if found is not None else ""


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
