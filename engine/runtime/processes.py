"""The parsed processes of a definition: immutable once parsed, shared by all cases and threads."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from engine.errors import NotFoundError
from engine.runtime.spiff import BpmnProcessSpec
from engine.runtime.values import NodeInfo


class LevelSpec(BpmnProcessSpec):
    """The specification of one level: a process or a sub-process.

    `first` names the specification that a new level starts at; `event_subprocesses` those that listen;
    `has_inclusive` says whether an inclusive gateway joins in it.
    """

    def __init__(self, name: str, title: str) -> None:
        super().__init__(name=name, description=title)
        self.first = ""
        self.event_subprocesses: tuple[str, ...] = ()
        self.has_inclusive = False


class ProcessSet:
    """Processes by key (the BPMN process id)."""

    def __init__(
        self,
        specs: Mapping[str, LevelSpec],
        keys: tuple[str, ...],
        properties: Mapping[str, Mapping[str, str]],
        nodes: Mapping[str, Mapping[str, NodeInfo]],
    ) -> None:
        self.specs = MappingProxyType(dict(specs))
        self.keys = keys
        self._properties = properties
        self._nodes = nodes

    def is_process(self, key: str) -> bool:
        """Whether a process of this key is in the set (sub-processes are not)."""
        return key in self.keys

    def spec(self, name: str) -> Any:
        """The specification of a process or sub-process; raises `NotFoundError`."""
        spec = self.specs.get(name)
        if spec is None:
            raise NotFoundError(en=f"There is no process {name!r}.", zh=f"没有流程 {name!r}。")
        return spec

    def properties(self, key: str) -> Mapping[str, str]:
        """The zeebe properties of a process."""
        return self._properties.get(key, MappingProxyType({}))

    def nodes(self, key: str) -> Mapping[str, NodeInfo]:
        """All flow nodes of a process with its sub-processes, by element id."""
        return self._nodes.get(key, MappingProxyType({}))
