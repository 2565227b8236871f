"""Ties a DMN file together: its imports, the types it can name, and what each element requires.

Refuses references that lead nowhere and requirements that run in a circle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.decisions import model as m
from engine.errors import DeploymentError
from engine.safe_xml import refused

if TYPE_CHECKING:
    from engine.decisions.graph import DecisionModel

Needs = Mapping[str, tuple["Need", ...]]
"""What each element requires, by its id."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something an element requires: under `name` in its scope, or as a member of the import `alias`.

    `aka` are its other names, the label and the id, by which modelers refer to it as well.
    """

    alias: str
    name: str
    aka: tuple[str, ...]
    model: DecisionModel
    node: m.Drawn

    @property
    def names(self) -> frozenset[str]:
        """The names it adds to the scope of the element that requires it."""
        return frozenset([self.alias] if self.alias else [self.name, *self.aka])


def import_models(d: m.Definitions, given: Mapping[str, DecisionModel]) -> Mapping[str, DecisionModel]:
    """The imported models by the name they have here. `given` are the models there are, by namespace."""
    for wanted in d.imports:
        if wanted.namespace not in given:
            raise refused(
                d.file,
                None,
                f"缺少导入的模型“{wanted.name}”（{wanted.namespace}）。",
                f'The imported model "{wanted.name}" ({wanted.namespace}) is missing.',
            )
    return {wanted.name: given[wanted.namespace] for wanted in d.imports}


def item_types(d: m.Definitions, imports: Mapping[str, DecisionModel]) -> Mapping[str, m.ItemType]:
    """The file's types, and those of imported models under `import name.type name`.

    Refuses a type that is only another name for itself; one that holds items of itself is a tree.
    """
    found = {item.name: item for item in d.types}
    for start in d.types:
        path, item = {start.name}, start
        while not item.components and item.base in found:
            item = found[item.base]
            if item.name in path:
                zh, en = f"类型“{start.name}”由其自身定义。", f'The type "{start.name}" is defined by itself.'
                raise refused(d.file, None, zh, en)
            path.add(item.name)
    for alias, model in imports.items():
        own = model.types.items
        found |= {f"{alias}.{name}": _renamed(item, alias, own) for name, item in own.items()}
    return found


def _renamed(item: m.ItemType, alias: str, own: Mapping[str, m.ItemType]) -> m.ItemType:
    """An imported type with the types it refers to under the import's name."""

    def full(name: str) -> str:
        return f"{alias}.{name}" if name in own else name

    return replace(
        item,
        base=full(item.base),
        components=tuple(_renamed(c, alias, own) for c in item.components),
        parameters=tuple(m.Parameter(name=p.name, type=full(p.type)) for p in item.parameters),
        result=full(item.result),
    )


def link(model: DecisionModel) -> Needs:
    """What each element requires. Raises `DeploymentError` for a missing element or a circle."""
    needs = {node.id: tuple(_needs(model, node)) for node in model.definitions.nodes.values()}
    _refuse_cycles(model, needs)
    return needs


def _needs(model: DecisionModel, node: m.Drawn) -> Iterator[Need]:
    by_namespace = {i.namespace: i.name for i in model.definitions.imports}
    for href in node.requires:
        space, _, element_id = href.partition("#")
        alias = by_namespace.get(space, "")
        source = model.imports[alias] if alias else model
        target = source.definitions.nodes.get(element_id) if alias or not space else None
        if target is None:
            raise refused(
                model.definitions.file,
                node.line,
                f"引用的元素“{href}”不存在。",
                f'The required element "{href}" does not exist.',
                element_id=node.id,
            )
        aka = tuple(sorted({target.label, target.id} - {target.name}))
        yield Need(alias, target.name, aka, source, target)


def _refuse_cycles(model: DecisionModel, needs: Needs) -> None:
    done: set[str] = set()
    for start in model.definitions.nodes.values():
        stack = [(start, iter(needs[start.id]))]
        path = {start.id}
        while stack:
            node, rest = stack[-1]
            need = next((n for n in rest if n.model is model), None)
            if need is None:
                stack.pop()
                path.discard(node.id)
                done.add(node.id)
            elif need.node.id in path:
                raise _cycle(model, need.node)
            elif need.node.id not in done:
                path.add(need.node.id)
                stack.append((need.node, iter(needs[need.node.id])))


def _cycle(model: DecisionModel, node: m.Drawn) -> DeploymentError:
    return refused(
        model.definitions.file,
        node.line,
        f"“{node.name}”的依赖关系形成循环。",
        f'The requirements of "{node.name}" run in a circle.',
        element_id=node.id,
    )


def member_names(model: DecisionModel) -> Iterator[str]:
    """Names that may follow a dot anywhere in the file."""
    for item in model.types.items.values():
        yield from _component_names(item)
    for imported in model.imports.values():
        yield from imported.members
        yield from (node.name for node in imported.definitions.nodes.values())
    for node in model.definitions.nodes.values():
        if isinstance(node, m.Service):
            yield from (need.name for need in model.needs[node.id])
        expression = m.expression_of(node)
        if expression is not None:
            yield from _named_parts(expression)


def _component_names(item: m.ItemType) -> Iterator[str]:
    for component in item.components:
        yield component.name
        yield from _component_names(component)


def _named_parts(expression: m.Expression) -> Iterator[str]:
    """The names an expression gives to parts of its value."""
    for part in m.parts(expression):
        if isinstance(part, m.Context):
            yield from (entry.name for entry in part.entries)
        elif isinstance(part, m.Table):
            yield from (output.name for output in part.outputs)
        elif isinstance(part, m.Relation):
            yield from part.columns
