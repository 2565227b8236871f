"""What is deployed: the current versions, all versions of one process, the exact files of one."""

from __future__ import annotations

from engine import access
from engine.actions.deploy import show_version
from engine.actions.program import load_program
from engine.actions.views import DefinitionDetail, DefinitionView
from engine.definitions import Definition
from engine.errors import ForbiddenError, NotFoundError
from engine.forms import Form
from engine.store import definitions as stored
from engine.store.db import Tx
from engine.types import Actor


def list_definitions(tx: Tx, *, actor: Actor) -> tuple[DefinitionView, ...]:
    """The current version of every process."""
    _require_sight(actor)
    return tuple(map(show_version, stored.list_versions(tx)))


def list_versions(tx: Tx, *, key: str, actor: Actor) -> tuple[DefinitionView, ...]:
    """All versions of a process, newest first; NotFoundError if there is none."""
    _require_sight(actor)
    rows = stored.list_versions(tx, key)
    if not rows:
        raise NotFoundError(f'There is no process "{key}".', f"没有流程“{key}”。")
    return tuple(map(show_version, rows))


def get_definition(tx: Tx, *, key: str, actor: Actor, version: int | None = None) -> DefinitionDetail:
    """One version (the current one unless named) with its exact files."""
    _require_sight(actor)
    row = stored.get_version(tx, key, version)
    definition = load_program(tx, key, row.hash).definition
    return DefinitionDetail(
        definition=show_version(row),
        files=definition.files,
        bpmn=definition.files[definition.file],
        start_form=definition.start_form,
    )


def get_start_form(tx: Tx, *, key: str) -> Form | None:
    """The form that opens a case of a process; NotFoundError if there is no such process."""
    row = stored.get_version(tx, key, None)
    return load_program(tx, key, row.hash).definition.start_form


def process_titles(tx: Tx) -> dict[str, tuple[str, str]]:
    """What the current version of each process is called, in Chinese and (its `titleEn`) in English."""
    return {one.key: (one.name, one.properties.get("titleEn", "")) for one in current_definitions(tx)}


def current_definitions(tx: Tx) -> list[Definition]:
    """The current version of each process, read once for as long as it is the same."""
    return [load_program(tx, row.key, row.hash).definition for row in stored.list_versions(tx)]


def _require_sight(actor: Actor) -> None:
    if not any(access.may(actor, "definition.see", position.region) for position in actor.positions):
        raise ForbiddenError
