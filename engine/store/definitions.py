"""Deployments, process versions and their exact files. Content is stored once a hash and never changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, false, func, insert, or_, select, update

from engine.errors import EngineFault, NotFoundError
from engine.store.db import Tx
from engine.store.tables import cases, definitions, deployments, process_versions


class VersionRow(NamedTuple):
    """One version of a process, and who deployed it when."""

    id: int
    key: str
    version: int
    hash: str
    name: str
    version_tag: str | None
    current: bool
    deployed_at: datetime
    deployed_by: str


_COLUMNS = [column for column in process_versions.c if column.name != "deployment_id"]


def _versions() -> Select[Any]:
    return select(*_COLUMNS, deployments.c.at, deployments.c.actor).join(deployments)


def get_version(tx: Tx, key: str, version: int | None = None) -> VersionRow:
    """A version of a process, without `version` the current one; `NotFoundError` names what is missing."""
    query = _versions().where(process_versions.c.key == key)
    which = process_versions.c.current if version is None else process_versions.c.version == version
    row = tx.execute(query.where(which)).one_or_none()
    if row is None:
        what, what_zh = (f" version {version}", f"第{version}版") if version is not None else ("", "")
        raise NotFoundError(f'There is no process "{key}"{what}.', f"没有流程“{key}”{what_zh}。")
    return VersionRow._make(row)


def list_versions(tx: Tx, key: str | None = None) -> list[VersionRow]:
    """The current version of every process; with `key` all versions of that one, newest first."""
    query = _versions()
    if key is None:
        query = query.where(process_versions.c.current).order_by(process_versions.c.key)
    else:
        query = query.where(process_versions.c.key == key).order_by(process_versions.c.version.desc())
    return [VersionRow._make(row) for row in tx.execute(query)]


def list_hashes(tx: Tx) -> list[tuple[str, int, str]]:
    """Key, version and content hash of every version of every process."""
    query = select(process_versions.c.key, process_versions.c.version, process_versions.c.hash)
    rows = tx.execute(query.order_by(process_versions.c.key, process_versions.c.version))
    return [(row.key, row.version, row.hash) for row in rows]


def load_files(tx: Tx, hash_: str) -> dict[str, bytes]:
    """The exact files behind a hash; `NotFoundError` if there are none."""
    content = tx.execute(
        select(definitions.c.content).where(definitions.c.hash == hash_)
    ).scalar_one_or_none()
    if content is None:
        raise NotFoundError
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        raise EngineFault("The stored files are damaged.", "所存的流程文件已损坏。") from error


def add_content(tx: Tx, hash_: str, files: Mapping[str, bytes]) -> None:
    """Keep the files behind a hash, unless they are kept already."""
    if tx.execute(select(definitions.c.hash).where(definitions.c.hash == hash_)).first() is not None:
        return
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            # A fixed date, so that the same files give the same bytes.
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    tx.execute(insert(definitions).values(hash=hash_, content=buffer.getvalue()))


def add_deployment(tx: Tx, *, deployment_id: int, at: datetime, actor: str, findings: str) -> None:
    """Record who deployed when and what the checks said (JSON)."""
    tx.execute(insert(deployments).values(id=deployment_id, at=at, actor=actor, findings=findings))


def add_version(tx: Tx, values: dict[str, Any]) -> None:
    """Insert a version of a process."""
    tx.execute(insert(process_versions).values(values))


def make_current(tx: Tx, key: str, version: int) -> None:
    """New cases take this version from now on."""
    of_key = process_versions.c.key == key
    tx.execute(update(process_versions).where(of_key).values(current=process_versions.c.version == version))


def list_findings(tx: Tx, key: str | None = None) -> dict[tuple[str, int], str]:
    """What the checks said (JSON) when each version was deployed first; without `key` of current versions."""
    query = select(process_versions.c.key, process_versions.c.version, deployments.c.findings).join(
        deployments
    )
    which = process_versions.c.current if key is None else process_versions.c.key == key
    return {(row.key, row.version): row.findings for row in tx.execute(query.where(which))}


def count_open_cases(tx: Tx, regions: Sequence[str]) -> dict[tuple[str, int], int]:
    """Open cases by key and version, within region prefixes."""
    own = or_(false(), *(cases.c.region.startswith(prefix, autoescape=True) for prefix in regions))
    counted = (
        select(cases.c.process_id, func.count().label("n"))
        .where(cases.c.closed_at.is_(None), own)
        .group_by(cases.c.process_id)
        .subquery()
    )
    query = select(process_versions.c.key, process_versions.c.version, counted.c.n)
    rows = tx.execute(query.join(counted, counted.c.process_id == process_versions.c.id))
    return {(row.key, row.version): row.n for row in rows}


def file_names(tx: Tx, hash_: str) -> frozenset[str]:
    """The names of the files behind a hash."""
    return frozenset(load_files(tx, hash_))
