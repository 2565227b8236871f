"""Reads BPMN files into a `ProcessSet`: the library's parser classes, taught Camunda 8's dialect.

Whatever cannot be run becomes a `Finding` with the element's id and name; no input raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import safe_xml
from engine.runtime import dialect
from engine.runtime.dialect import B, Unreadable
from engine.runtime.level_reader import ProcessReader
from engine.runtime.processes import LevelSpec, ProcessSet
from engine.runtime.spiff import BpmnParser
from engine.runtime.values import NodeInfo
from engine.types import Finding


class DefinitionsReader(BpmnParser):
    """Reads whole files and keeps what was found wrong."""

    PROCESS_PARSER_CLASS = ProcessReader

    def __init__(self) -> None:
        super().__init__()
        self.findings: list[Finding] = []
        self.lanes: dict[str, str] = {}
        self.correlation_keys: dict[str, str] = {}
        self.nodes: dict[str, dict[str, NodeInfo]] = {}
        self.process_nodes: dict[str, Any] = {}

    def add_bpmn_xml(self, bpmn: Any, filename: str | None = None) -> None:
        """Read one file. Ids of messages, errors and so on are the file's own."""
        file = filename or ""
        self.lanes = {
            ref.text.strip(): " ".join((lane.get("name") or "").split())
            for lane in bpmn.iter(f"{B}lane")
            for ref in lane.findall(f"{B}flowNodeRef")
            if ref.text
        }
        for table, tag in ((self.messages, "message"), (self.signals, "signal")):
            table.clear()
            table.update({n.get("id"): n.get("name") for n in bpmn.findall(B + tag) if n.get("id")})
        self.correlation_keys = {
            n.get("id"): dialect.correlation_key(n) for n in bpmn.findall(f"{B}message") if n.get("id")
        }
        for codes, tag in ((self.errors, "error"), (self.escalations, "escalation")):
            codes.clear()
            codes.update(
                {
                    n.get("id"): {"name": n.get("name"), "code": n.get(f"{tag}Code")}
                    for n in bpmn.findall(B + tag)
                    if n.get("id")
                }
            )
        for node in bpmn.findall(f"{B}process"):
            self._read_process(node, file)

    def _read_process(self, node: Any, file: str) -> None:
        key = node.get("id") or ""
        if not key:
            self.refuse(node, Unreadable("no-id", "The process has no id.", "流程没有 id。"), file)
        elif node.get("isExecutable") != "true":
            return
        elif key in self.process_nodes:
            reason = Unreadable(
                "duplicate-process", f"The process {key!r} occurs twice.", f"流程 {key!r} 重复出现。"
            )
            self.refuse(node, reason, file)
        else:
            self.process_nodes[key] = node
            self.create_parser(node, file)
            reader = self.process_parsers[key]
            reader.process_key = key
            reader.get_spec()

    def open_sub(self, reader: ProcessReader, node: Any) -> LevelSpec:
        """Read a sub-process of a process that is being read."""
        sub = ProcessReader(self, node, reader.nsmap, {}, filename=reader.filename, lane=reader.lane)
        sub.parent, sub.process_key = reader, reader.process_key
        if sub.key in self.process_parsers:
            raise Unreadable("duplicate-id", "The id occurs twice.", "id 重复。")
        self.process_parsers[sub.key] = sub
        return sub.get_spec()

    def leads_of(self, name: str) -> tuple[str, ...]:
        """The ids of the elements behind the start event of a sub-process already read."""
        inner = self.process_parsers[name].spec
        found: tuple[str, ...] = inner.task_specs[inner.first].leads_to if inner.first else ()
        return found

    def get_document_lanes(self, root: Any) -> dict[str, str]:
        """The lanes of the file that is being read."""
        return self.lanes

    def refuse(self, node: Any, problem: Unreadable, file: str) -> None:
        self.findings.append(
            Finding(
                severity="error",
                code=problem.code,
                zh=problem.zh,
                en=problem.en,
                file=file,
                element_id=node.get("id") or "",
                element_name=node.get("name") or "",
                line=node.sourceline,
            )
        )

    def describe(self, key: str, nodes: Mapping[str, Any]) -> None:
        """Remember the flow nodes of a process for those who show it."""
        self.nodes.setdefault(key, {}).update(
            {
                element_id: NodeInfo(
                    element_id=element_id,
                    name=spec.title,
                    kind=spec.kind,
                    lane=spec.lane or "",
                    properties=spec.ext.properties,
                )
                for element_id, spec in nodes.items()
            }
        )


def parse_processes(files: Mapping[str, bytes]) -> tuple[ProcessSet, list[Finding]]:
    """Parse all BPMN files (names ending in .bpmn or .xml); never raises on what they contain."""
    reader = DefinitionsReader()
    for name, data in files.items():
        if not name.lower().endswith((".bpmn", ".xml")):
            continue
        try:
            reader.add_bpmn_xml(safe_xml.parse(data, file=name), name)
        except Exception as problem:  # whatever a file provokes is a finding, never a crash
            reader.findings.append(_broken(name, problem))
    _check_calls(reader)
    specs = {key: parser.spec for key, parser in reader.process_parsers.items() if parser.spec is not None}
    keys = tuple(reader.process_nodes)
    properties = {key: dialect.properties(node) for key, node in reader.process_nodes.items()}
    return ProcessSet(specs, keys, properties, reader.nodes), reader.findings


def _broken(file: str, problem: Exception) -> Finding:
    en, zh = getattr(problem, "en", ""), getattr(problem, "zh", "")
    return Finding(
        severity="error",
        code="unreadable-file",
        file=file,
        en=en or f"The file cannot be read as BPMN ({type(problem).__name__}: {problem}).",
        zh=zh or f"无法作为 BPMN 读取该文件（{type(problem).__name__}：{problem}）。",
    )


def _check_calls(reader: DefinitionsReader) -> None:
    for parser in list(reader.process_parsers.values()):
        for spec in parser.spec.task_specs.values() if parser.spec is not None else ():
            called = getattr(spec, "ext", dialect.NO_EXTENSIONS).called_process
            if called and not called.startswith("=") and called not in reader.process_nodes:
                reason = Unreadable(
                    "called-process-missing",
                    f"The called process {called!r} is not among the files.",
                    f"被调用的流程 {called!r} 不在所给文件中。",
                )
                parser.refuse(parser.get_node_by_id(spec.element_id), reason)
