"""A bundle is what is deployed together; a definition is what one process key needs of it.

Owns reading files of all kinds into one bundle, the closure of a process and its hash. A bundle that
reads may still be refused by `check_bundle`; only unreadable files and ambiguous ids are refused here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from types import MappingProxyType

from engine import decisions as dmn
from engine import forms as form_js
from engine.definitions.canonical import content_hash
from engine.definitions.diagram import (
    BPMN,
    Diagram,
    Scope,
    called_process,
    properties,
    zeebe,
)
from engine.errors import NotFoundError
from engine.notices import DEFAULTS, NoticeFile, Template
from engine.parameters import ParameterSet


@dataclass(frozen=True, slots=True)
class ProcessFile:
    """One executable process and the file it stands in."""

    key: str
    name: str
    file: str
    version_tag: str
    scope: Scope


@dataclass(frozen=True, eq=False)
class Bundle:
    """Everything deployed together. `contents` holds each file's canonical bytes."""

    files: Mapping[str, bytes]
    contents: Mapping[str, bytes]
    diagrams: Mapping[str, Diagram]
    models: Mapping[str, dmn.DecisionModel]  # by file name
    form_files: Mapping[str, form_js.Form]  # by file name
    parameters: ParameterSet
    parameter_files: tuple[str, ...]
    dmn_imports: Mapping[str, frozenset[str]]  # the DMN files that a DMN file imports
    notice_files: Mapping[str, NoticeFile]  # by file name; one speaks for the processes of its own folder

    @cached_property
    def processes(self) -> Mapping[str, ProcessFile]:
        """The executable processes by key."""
        found = [
            ProcessFile(
                key=scope.id,
                name=scope.name or scope.id,
                file=diagram.file,
                version_tag=zeebe(scope.element, "versionTag", "value"),
                scope=scope,
            )
            for diagram in self.diagrams.values()
            for scope in diagram.executable()
        ]
        return {process.key: process for process in found}

    @cached_property
    def decisions(self) -> Mapping[str, dmn.DecisionModel]:
        """The decision models by decision id."""
        return {d: model for model in self.models.values() for d in model.decision_ids}

    @cached_property
    def forms(self) -> Mapping[str, form_js.Form]:
        """The forms by form id."""
        return {form.id: form for form in self.form_files.values()}

    @cached_property
    def called_processes(self) -> frozenset[str]:
        """The keys that call activities of this bundle name."""
        roots = [diagram.root for diagram in self.diagrams.values()]
        return frozenset(called_process(e) for root in roots for e in root.iter(BPMN + "callActivity"))

    def definition(self, key: str) -> Definition:
        """The closure of one process; `NotFoundError` if the bundle has no executable process `key`."""
        process = self.processes.get(key)
        if process is None:
            raise NotFoundError(en=f'There is no process "{key}".', zh=f"没有流程“{key}”。")
        names = self.closure(process.file)
        return Definition(
            key=key,
            name=process.name,
            file=process.file,
            hash=content_hash(key, (self.contents[name] for name in names)),
            version_tag=process.version_tag,
            files=MappingProxyType({name: self.files[name] for name in names}),
            properties=MappingProxyType(properties(process.scope.element)),
            start_form=_start_form(process.scope, self.forms),
            forms={
                self.form_files[name].id: self.form_files[name] for name in names if name in self.form_files
            },
            decisions={
                d: self.models[n] for n in names if n in self.models for d in self.models[n].decision_ids
            },
            parameters=self.parameters,
            notices=self.notices_of(process.file),
        )

    def notices_of(self, file: str) -> Mapping[str, Template]:
        """The notices that a diagram's processes and those they call can send, by key; its own go first."""
        found = dict(DEFAULTS.templates)
        for name in sorted(self.closure(file), key=lambda name: folder_of(name) == folder_of(file)):
            if name in self.notice_files:
                found.update(self.notice_files[name].templates)
        return MappingProxyType(found)

    def closure(self, start: str) -> list[str]:
        """`start` and, by reference, every file it needs, in name order."""
        found: set[str] = set()
        waiting = [start, *self.parameter_files]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self._references(name))
        return sorted(found)

    def _references(self, name: str) -> Iterator[str]:
        if name in self.dmn_imports:
            yield from self.dmn_imports[name]
        diagram = self.diagrams.get(name)
        if diagram is None:
            return
        yield from (other for other in self.notice_files if folder_of(other) == folder_of(name))
        for element in diagram.root.iter(BPMN + "callActivity"):
            if (process := self.processes.get(called_process(element))) is not None:
                yield process.file
        for element in diagram.root.iter(BPMN + "businessRuleTask"):
            yield from self._files_of_decision(zeebe(element, "calledDecision", "decisionId"))
        for element in diagram.root.iter(BPMN + "userTask", BPMN + "startEvent"):
            form_id = zeebe(element, "formDefinition", "formId")
            yield from (file for file, form in self.form_files.items() if form.id == form_id)

    def _files_of_decision(self, decision_id: str) -> Iterator[str]:
        return (file for file, model in self.models.items() if decision_id in model.decision_ids)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Definition:
    """One process key with exactly the files it needs. Immutable; equal content has an equal hash.

    `file` is the one that holds the process, `properties` are the process's own `zeebe:property` pairs,
    `start_form` the form of its start event.
    """

    key: str
    name: str
    file: str
    hash: str
    version_tag: str
    files: Mapping[str, bytes]
    properties: Mapping[str, str]
    start_form: form_js.Form | None
    forms: Mapping[str, form_js.Form]
    decisions: Mapping[str, dmn.DecisionModel]
    parameters: ParameterSet
    notices: Mapping[str, Template]


def folder_of(name: str) -> str:
    """The folder that a file of a bundle stands in."""
    return str(PurePosixPath(name).parent)


def _start_form(scope: Scope, forms: Mapping[str, form_js.Form]) -> form_js.Form | None:
    for start in scope.starts():
        if (form := forms.get(zeebe(start.element, "formDefinition", "formId"))) is not None:
            return form
    return None
