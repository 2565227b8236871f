"""Who writes which variables: forms, scripts, decisions, mappings, messages, calls between processes.

A set of names is *open* where something can write names that nobody can list beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definitions.bundle import Bundle
from engine.definitions.diagram import BPMN, ZEEBE, Node, Scope, called_process, extension, local, zeebe
from engine.definitions.typecheck import simple

UNKNOWN = ""  # the type of a value that can't be told beforehand
COUNTERS = ("loopCounter", "numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances")

JOB_RESULTS: Mapping[str, tuple[str, ...]] = {
    "ledger": ("ledger",),
    "open-case": ("case_id", "case_number"),
    "propose-reviews": (),
    "tell-case": (),
}
"""What the jobs done inside the engine write, and no more."""
MESSAGE_RESULTS: Mapping[str, tuple[str, ...]] = {
    "case-ended": ("ended",),
    "household-change": ("change", "note"),
    "objection": ("objection",),
}
"""What the payload of a message holds that the engine itself sends."""


@dataclass(slots=True)
class Writes:
    """Names with their FEEL types, and whether there may be others as well."""

    names: dict[str, str] = field(default_factory=dict)
    open: bool = False

    def add(self, other: Writes) -> bool:
        """Take in `other`; a name with two types has none. Whether anything changed."""
        changed = other.open and not self.open
        self.open = self.open or other.open
        for name, kind in other.names.items():
            merged = kind if self.names.get(name, kind) == kind else UNKNOWN
            if self.names.get(name) != merged:
                self.names[name] = merged
                changed = True
        return changed


class Writers:
    """The writes of every process of a bundle, calls between them included."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._totals: dict[str, Writes | None] = {}  # None while it is being added up
        self._starts: dict[str, Writes] | None = None

    def of(self, node: Node) -> Writes:
        """What the node leaves behind for the rest of the process."""
        mapped = outputs(node)
        keeps = zeebe(node.element, "calledElement", "propagateAllChildVariables") == "false"
        written = Writes(dict.fromkeys(mapped, UNKNOWN)) if mapped or keeps else self.results(node)
        for child in node.element:
            if local(child) == "multiInstanceLoopCharacteristics":
                loop = extension(child, "loopCharacteristics")
                collection = "" if loop is None else loop.get("outputCollection", "").strip()
                if collection:
                    written.names[collection] = "list"
        return written

    def results(self, node: Node) -> Writes:
        """What the node itself brings about, before its output mappings choose from it."""
        kind, element = node.kind, node.element
        if kind == "userTask" or (
            kind == "startEvent" and node.scope.parent is None and not node.event_kind()
        ):
            form = self.bundle.forms.get(zeebe(element, "formDefinition", "formId"))
            if form is not None:
                return Writes({name: simple(kind) for name, kind in form.variables.items()})
            return Writes(open=kind == "userTask" or node.scope.id not in self.bundle.called_processes)
        if node.job_type and kind != "sendTask" and not node.throws:
            known = JOB_RESULTS.get(node.job_type)
            return Writes(open=True) if known is None else Writes(dict.fromkeys(known, UNKNOWN))
        if kind in {"scriptTask", "businessRuleTask"}:
            source = "script" if kind == "scriptTask" else "calledDecision"
            result = zeebe(element, source, "resultVariable")
            return Writes({result: UNKNOWN} if result else {})
        if kind == "callActivity":
            return self.total(called_process(element))
        if kind != "receiveTask" and (node.throws or node.event_kind() != "message"):
            return Writes()
        return Writes(dict.fromkeys(MESSAGE_RESULTS.get(_message(node), ()), UNKNOWN), open=True)

    def total(self, key: str) -> Writes:
        """Everything that a run of the process can write; open for an unknown or recursive one."""
        process = self.bundle.processes.get(key)
        if process is None or (key in self._totals and self._totals[key] is None):
            return Writes(open=True)
        if (done := self._totals.get(key)) is not None:
            return Writes(dict(done.names), done.open)
        self._totals[key] = None
        written = Writes()
        for node in process.scope.all_nodes():
            written.add(self.of(node))
        self._totals[key] = written
        return Writes(dict(written.names), written.open)

    def start(self, key: str) -> Writes:
        """What call activities of the bundle hand in: all the caller's variables and their input mappings."""
        if self._starts is None:
            self._starts = {key: Writes() for key in self.bundle.processes}
            calls = [call for p in self.bundle.processes.values() for call in _calls(p.scope)]
            changed = True
            while changed:  # names only grow, so this ends
                changed = False
                for call in calls:
                    changed = self._hand_in(*call) or changed
        return self._starts.get(key, Writes())

    def _hand_in(self, caller: Scope, call: Node) -> bool:
        starts = self._starts or {}
        inner = starts.get(called_process(call.element))
        if inner is None:
            return False
        handed = local_variables(call)
        if zeebe(call.element, "calledElement", "propagateAllParentVariables") != "false":
            handed.add(self.total(caller.id))
            handed.add(starts[caller.id])
            for node in caller.all_nodes():
                handed.add(local_variables(node))
        return inner.add(handed)


def _calls(process: Scope) -> list[tuple[Scope, Node]]:
    return [(process, node) for node in process.all_nodes() if node.kind == "callActivity"]


def _message(node: Node) -> str:
    """The name of the message that a node waits for."""
    carriers = [node.element, *node.event_definitions()]
    wanted = next((found for carrier in carriers if (found := carrier.get("messageRef"))), "")
    messages = node.element.getroottree().getroot().findall(f"{BPMN}message")
    return next((str(m.get("name", "")) for m in messages if m.get("id") == wanted), "")


def outputs(node: Node) -> list[str]:
    """The variables that output mappings write; having any, the node writes nothing else."""
    found = node.element.findall(f"{BPMN}extensionElements/{ZEEBE}ioMapping/{ZEEBE}output")
    return [_first(mapping) for mapping in found]


def local_variables(node: Node) -> Writes:
    """What only the node and what it contains can see: input mappings, the element of a collection."""
    inputs = node.element.findall(f"{BPMN}extensionElements/{ZEEBE}ioMapping/{ZEEBE}input")
    written = Writes({_first(mapping): UNKNOWN for mapping in inputs})
    for child in node.element:
        if local(child) in {"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"}:
            written.names.update(dict.fromkeys(COUNTERS, "number"))
            loop = extension(child, "loopCharacteristics")
            element = "" if loop is None else loop.get("inputElement", "").strip()
            if element:
                written.names[element] = UNKNOWN
    return written


def _first(mapping: Mapping[str, str]) -> str:
    """The variable that a mapping's target names; `a.b` writes entry b of a."""
    return mapping.get("target", "").strip().split(".")[0]
