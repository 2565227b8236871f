"""Reads files of all kinds into one bundle.

Refuses unreadable files, unknown kinds and ids that two files claim, all of them at once, each with its file.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType

from engine import decisions as dmn
from engine import forms as form_js
from engine.clocks import Calendar, product_functions
from engine.definitions.bundle import Bundle, Definition, folder_of
from engine.definitions.canonical import canonical_json, canonical_xml
from engine.definitions.diagram import Diagram, read_diagram, written_names
from engine.definitions.files import MAX_FILES, check_size, kind_of, load_json, load_xml
from engine.errors import DeploymentError, FieldError
from engine.notices import NoticeFile, load_notices
from engine.parameters import DEFAULTS, ParameterSet, load_parameters, load_yaml
from engine.safe_xml import Element, refused


def read_bundle(files: Mapping[str, bytes]) -> Bundle:
    """The bundle of `files` by name; `DeploymentError` lists every file that can't be read and why."""
    if len(files) > MAX_FILES:
        raise refused(
            "",
            None,
            f"一次最多部署 {MAX_FILES} 个文件，现有 {len(files)} 个。",
            f"At most {MAX_FILES} files can be deployed together; these are {len(files)}.",
        )
    reading = _Reading()
    for name, data in sorted(files.items()):
        try:
            reading.add(name, data)
        except DeploymentError as error:
            reading.note(error, name)
    return reading.bundle(files)


@lru_cache(maxsize=256)
def _parameter_set(name: str, data: bytes) -> ParameterSet | None:
    """The parameters of a file, None for another kind of YAML. Every process reads all of these files."""
    value = load_yaml(data, file=name)
    if not isinstance(value, dict) or "parameters" not in value or {"scenario", "notices"} & value.keys():
        return None
    return load_parameters(data, file=name)


@cache
def product_names() -> frozenset[str]:
    """The names of the functions that every case has beside FEEL's own."""
    return frozenset(product_functions(DEFAULTS.at(date.min), Calendar(), None))


@dataclass(slots=True)
class _Reading:
    """What has been read so far. Tables come last: their expressions may use the names of form fields."""

    faults: list[FieldError] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    diagrams: dict[str, Diagram] = field(default_factory=dict)
    forms: dict[str, form_js.Form] = field(default_factory=dict)
    parameters: dict[str, ParameterSet] = field(default_factory=dict)
    notices: dict[str, NoticeFile] = field(default_factory=dict)
    tables: dict[str, tuple[bytes, Element]] = field(default_factory=dict)
    owners: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, name: str, data: bytes) -> None:
        kind = kind_of(name)
        check_size(name, len(data))
        {"bpmn": self._bpmn, "dmn": self._dmn, "form": self._form, "yaml": self._yaml}[kind](name, data)

    def note(self, error: DeploymentError, name: str) -> None:
        """Keep what is wrong with a file, so that people hear of all bad files at once."""
        for fault in error.errors or [FieldError(pointer="", zh=error.zh, en=error.en)]:
            named = name in fault.en
            self.faults.append(
                fault if named else replace(fault, zh=f"{name}：{fault.zh}", en=f"{name}: {fault.en}")
            )

    def _bpmn(self, name: str, data: bytes) -> None:
        root = load_xml(data, file=name)
        diagram = read_diagram(root, file=name)
        for scope in diagram.processes:
            self._own("流程", "process", scope.id, name)
        self.diagrams[name], self.contents[name] = diagram, canonical_xml(root)

    def _dmn(self, name: str, data: bytes) -> None:
        root = load_xml(data, file=name)
        self._own("决策模型命名空间", "decision model namespace", root.get("namespace", ""), name)
        self.tables[name], self.contents[name] = (data, root), canonical_xml(root)

    def _form(self, name: str, data: bytes) -> None:
        value = load_json(data, file=name)
        form = form_js.load(data, file=name, names=product_names())
        self._own("表单", "form", form.id, name)
        self.forms[name], self.contents[name] = form, canonical_json(value)

    def _yaml(self, name: str, data: bytes) -> None:
        parameters = _parameter_set(name, data)
        if parameters is not None:
            self.parameters[name], self.contents[name] = parameters, parameters.canonical()
            return
        value = load_yaml(data, file=name)
        if isinstance(value, dict) and "scenario" in value:
            return
        if isinstance(value, dict) and "notices" in value:
            self._notices(name, data)
            return
        raise refused(
            name,
            None,
            "YAML 文件的顶层应有 parameters（参数）、notices（文书）或 scenario（场景）。",
            "The top level of a YAML file must have parameters, notices or scenario.",
        )

    def _notices(self, name: str, data: bytes) -> None:
        self._own("文书文件所在文件夹", "folder of notices", folder_of(name), name)
        self.notices[name] = load_notices(data, file=name, names=product_names())
        self.contents[name] = self.notices[name].canonical

    def _own(self, zh: str, en: str, identity: str, name: str) -> None:
        first = self.owners.get((en, identity))
        self.owners[en, identity] = name
        if first is not None:
            raise refused(
                name,
                None,
                f"{zh} id“{identity}”已在 {first} 中使用，一次部署内不得重复。",
                f'The {en} "{identity}" is already used in {first}; it may occur once in a deployment.',
                element_id=identity,
            )

    def bundle(self, files: Mapping[str, bytes]) -> Bundle:
        own = ParameterSet()
        for name, parameters in self.parameters.items():
            try:
                own = own.merge(parameters)
            except DeploymentError as error:
                self.note(error, name)
        imports = self._imports()
        models = self._models(imports)
        if self.faults:
            first = self.faults[0]
            raise DeploymentError(first.en, first.zh, self.faults)
        return Bundle(
            files=MappingProxyType({name: bytes(files[name]) for name in self.contents}),
            contents=self.contents,
            diagrams=self.diagrams,
            models=models,
            form_files=self.forms,
            parameters=DEFAULTS.merge(own, replace=True),
            parameter_files=tuple(self.parameters),
            notice_files=self.notices,
            dmn_imports=imports,
        )

    def _imports(self) -> dict[str, frozenset[str]]:
        """For each DMN file the files that it imports by namespace."""
        spaces = {root.get("namespace", ""): name for name, (_, root) in self.tables.items()}
        wanted = {name: _imported_spaces(root) for name, (_, root) in self.tables.items()}
        return {name: frozenset(spaces[s] for s in found if s in spaces) for name, found in wanted.items()}

    def _models(self, imports: Mapping[str, frozenset[str]]) -> dict[str, dmn.DecisionModel]:
        """The decision models, imported ones first."""
        names = product_names() | {name for form in self.forms.values() for name in form.variables}
        names |= {name for diagram in self.diagrams.values() for name in written_names(diagram)}
        models: dict[str, dmn.DecisionModel] = {}
        waiting = dict(self.tables)
        while waiting:
            ready = [name for name in waiting if not imports[name] & waiting.keys()]
            if not ready:
                zh, en = "决策模型循环导入。", "These decision models import each other in a circle."
                self.note(refused(", ".join(waiting), None, zh, en), "")
                return models
            for name in ready:
                data, _ = waiting.pop(name)
                known = {self.tables[other][1].get("namespace", ""): models[other] for other in imports[name]}
                try:
                    models[name] = dmn.load(data, file=name, imports=known, names=names)
                    for decision_id in models[name].decision_ids:
                        self._own("决策", "decision", decision_id, name)
                except DeploymentError as error:
                    self.note(error, name)
                    imports = {n: found - {name} for n, found in imports.items()}
        return models


def _imported_spaces(root: Element) -> list[str]:
    found = [e for e in root if str(e.tag).endswith("}import") and "/DMN/" in str(e.get("importType", ""))]
    return [e.get("namespace", "") for e in found]


CACHED_DEFINITIONS = 128
_cache: OrderedDict[str, Definition] = OrderedDict()
_cache_lock = threading.Lock()


def cached_definition(key: str, files: Mapping[str, bytes]) -> Definition:
    """The process of these exact files, read once.

    The same content under other names, or with other spaces, is another entry: what was deployed is
    given back byte for byte, whatever like it another database of this machine holds.
    """
    exact = hashlib.sha256(repr((key, sorted(files.items()))).encode()).hexdigest()
    with _cache_lock:
        found = _cache.get(exact)
        if found is not None:
            _cache.move_to_end(exact)
            return found
    definition = read_bundle(files).definition(key)
    with _cache_lock:
        _cache[exact] = definition
        while len(_cache) > CACHED_DEFINITIONS:
            _cache.popitem(last=False)
    return definition
