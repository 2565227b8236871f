"""Which variables can exist when an element runs: the ways through a process from writer to reader.

A may-analysis: a name counts as known if some way through the process could have written it, also in a
parallel branch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.definitions.diagram import Node, Scope, local
from engine.definitions.writers import UNKNOWN, Writers, Writes, local_variables, outputs

MAX_EXACT = (
    400  # nodes: the search is quadratic; above, every writer of the process counts as known everywhere
)


@dataclass(frozen=True, slots=True)
class Known:
    """The variables that can exist somewhere, with their types; `open` if there may be others."""

    types: Mapping[str, str]
    open: bool


class Dataflow:
    """The writers of one process and the ways between its nodes."""

    def __init__(self, process: Scope, writers: Writers) -> None:
        self.process, self.writers = process, writers
        self.nodes = list(process.all_nodes())
        self.start = writers.start(process.id)

    @cached_property
    def writes(self) -> dict[Node, Writes]:
        return {node: self.writers.of(node) for node in self.nodes}

    @cached_property
    def everything(self) -> Known:
        """Every name of the process, wherever it is written, local ones included."""
        own = [self.writers.results(node) for node in self.nodes]
        return _known([self.start, *self.writes.values(), *own, *map(local_variables, self.nodes)])

    def at(self, node: Node | None, *, after: bool) -> Known:
        """What `node` can read: before it runs, or `after` with its own results. None: the process itself."""
        if node is None and after:
            return self.everything
        if node is None:
            return _known([self.start, *(self.writes[n] for n in self.process.starts())])
        if len(self.nodes) > MAX_EXACT:
            return self.everything
        before = _spread(self._backward[node], self._backward)
        writers = before | self._beside(node, before)
        own = [self.writers.results(node)] if after else []
        if after and _is_loop(node):  # each instance maps its outputs before the loop collects or decides
            own.append(Writes(dict.fromkeys(outputs(node), UNKNOWN)))
        return _known([self.start, *own, *(self.writes[w] for w in writers), *self._locals(node)])

    def writers_of(self, name: str) -> list[Node]:
        return [node for node, written in self.writes.items() if name in written.names]

    def _beside(self, node: Node, before: set[Node]) -> set[Node]:
        """The nodes that can run at the same time, in another branch."""
        splits = [n for n in before if _splits(n)]
        later = _spread([node], self._forward)
        beside = _spread(splits, self._forward) - later if splits else set()
        for scope in _enclosing(node):
            for other in scope.nodes.values():
                if other.is_event_subprocess and other.inner is not None:
                    beside |= set(other.inner.all_nodes())
        return beside

    @cached_property
    def _forward(self) -> dict[Node, set[Node]]:
        ways: dict[Node, set[Node]] = {node: set(node.following()) for node in self.nodes}
        for node in self.nodes:
            if node.inner is None:
                continue
            ways[node].update(node.inner.starts())
            for inner in node.inner.all_nodes():  # the sub-process may be left from anywhere in it
                ways[inner].update(node.following())
            if node.is_event_subprocess:
                for other in node.scope.nodes.values():
                    ways[other].add(node)
        return ways

    @cached_property
    def _backward(self) -> dict[Node, set[Node]]:
        ways: dict[Node, set[Node]] = {node: set() for node in self.nodes}
        for node, targets in self._forward.items():
            for target in targets:
                ways[target].add(node)
        return ways

    def _locals(self, node: Node) -> Iterator[Writes]:
        yield local_variables(node)
        if (host := node.scope.nodes.get(node.attached_to)) is not None:
            yield local_variables(host)
        for scope in _enclosing(node):
            if scope.parent is not None and scope.id in scope.parent.nodes:
                yield local_variables(scope.parent.nodes[scope.id])


def _known(writes: Iterable[Writes]) -> Known:
    total = Writes()
    for one in writes:
        total.add(one)
    return Known(total.names, total.open)


def _is_loop(node: Node) -> bool:
    return any(local(child).endswith("LoopCharacteristics") for child in node.element)


def _splits(node: Node) -> bool:
    """Whether work can go on in several places after the node."""
    if len(node.outgoing) > 1 and node.kind not in {"exclusiveGateway", "eventBasedGateway"}:
        return True
    return any(not event.is_interrupting for event in node.boundary)


def _enclosing(node: Node) -> Iterator[Scope]:
    scope: Scope | None = node.scope
    while scope is not None:
        yield scope
        scope = scope.parent


def _spread(starts: Iterable[Node], ways: Mapping[Node, set[Node]]) -> set[Node]:
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        for node in ways[waiting.pop()]:
            if node not in seen:
                seen.add(node)
                waiting.append(node)
    return seen
