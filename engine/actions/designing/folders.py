"""The files of deployed processes as designers keep them: a folder with its processes and scenarios together.

A definition holds what one process needs. Processes of one folder may share files that only make sense
with all of them (notices of several diagrams), so a folder is what is edited, checked and deployed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from engine.actions.read_definitions import get_definition, list_definitions
from engine.actions.views import DefinitionDetail
from engine.definitions.scenario_files import top_keys
from engine.store import drafts
from engine.store.db import Tx
from engine.types import Actor


def files_of_version(
    tx: Tx, *, process: str, actor: Actor, version: int | None = None
) -> tuple[dict[str, bytes], int]:
    """The exact files of a version, with those of the other processes of its folder and all scenarios."""
    own = get_definition(tx, key=process, version=version, actor=actor)
    files: dict[str, bytes] = dict(drafts.load_scenarios(tx, process))
    for key in _others(tx, process, actor):
        other = get_definition(tx, key=key, actor=actor)
        if _belongs(other, own):
            files = {**files, **drafts.load_scenarios(tx, key), **other.files}
    return {**files, **own.files}, own.definition.version


def files_in_force(tx: Tx, *, actor: Actor) -> list[Mapping[str, bytes]]:
    """The files and scenarios of the current versions of all processes: what a case may open.

    As few sets as there can be: processes whose files of one name differ stand in different ones.
    """
    found: list[dict[str, bytes]] = []
    for view in list_definitions(tx, actor=actor):
        files = {
            **drafts.load_scenarios(tx, view.key),
            **get_definition(tx, key=view.key, actor=actor).files,
        }
        fitting = (s for s in found if all(s.get(name, data) == data for name, data in files.items()))
        home = next(fitting, None)
        if home is None:
            found.append(dict(files))
        else:
            home.update(files)
    return list(found)


def _others(tx: Tx, process: str, actor: Actor) -> list[str]:
    return [view.key for view in list_definitions(tx, actor=actor) if view.key != process]


def _belongs(other: DefinitionDetail, own: DefinitionDetail) -> bool:
    """Whether two processes stand in one folder, or share a file of notices."""
    if (folder := _folder(own)) and _folder(other) == folder:
        return True
    return bool(_notices(own) & _notices(other))


def _folder(detail: DefinitionDetail) -> str:
    name = next(name for name, data in detail.files.items() if data == detail.bpmn)
    parent = PurePosixPath(name).parent.as_posix()
    return "" if parent == "." else parent


def _notices(detail: DefinitionDetail) -> set[str]:
    return {name for name, data in detail.files.items() if "notices" in top_keys(name, data)}
