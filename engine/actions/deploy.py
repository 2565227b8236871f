"""Deploy files: an atomic bundle. The same content is never stored twice; nothing deployed ever changes."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime

from engine import access
from engine.actions.inside_job import TYPES
from engine.actions.staffing import check_staffing
from engine.actions.views import DefinitionView, DeploymentView
from engine.clocks import SHANGHAI
from engine.definitions import HANDLED, Bundle, Definition, check_bundle, read_bundle
from engine.definitions.scenario_files import scenarios_by_process
from engine.errors import DeploymentError, FieldError
from engine.runtime import parse_processes
from engine.store import audit, drafts, people
from engine.store import definitions as stored
from engine.store.db import Tx
from engine.store.definitions import VersionRow
from engine.store.ids import new_id, show_id
from engine.types import Actor, Finding


def deploy(tx: Tx, *, files: Mapping[str, bytes], actor: Actor, at: datetime) -> DeploymentView:
    """Check the files together and give each process the version that its content has.

    A content that was deployed before keeps its version number and becomes the current one again.
    Raises DeploymentError with every finding, ForbiddenError.
    """
    access.require(actor, "definition.deploy", _widest_region(actor))
    bundle = read_bundle(files)
    findings = find_faults(bundle, roles=access.ROLES | people.list_roles(tx))
    refused = [finding for finding in findings if finding.severity == "error"]
    if refused:
        raise refusal(refused)
    findings += check_staffing(tx, bundle, at.astimezone(SHANGHAI).date())
    deployment_id = new_id(at)
    rows = [(key, bundle.definition(key)) for key in sorted(bundle.processes)]
    known = {key: {row.hash: row for row in stored.list_versions(tx, key)} for key, _ in rows}
    changed = any(d.hash not in known[key] or not known[key][d.hash].current for key, d in rows)
    if changed:
        text = json.dumps([asdict(finding) for finding in findings], ensure_ascii=False)
        stored.add_deployment(tx, deployment_id=deployment_id, at=at, actor=actor.username, findings=text)
    views = [_version(tx, d, known[key], deployment_id, actor, at) for key, d in rows]
    if changed:
        deployed = [[view.key, view.version, view.hash] for view in views]
        data = {"deployment": show_id(deployment_id), "versions": deployed}
        audit.append(tx, kind="definitions_deployed", actor=actor.username, data=data, at=at)
    for process, played in scenarios_by_process(files).items():
        if process in bundle.processes:
            drafts.keep_scenarios(tx, process, played)
    return DeploymentView(
        id=show_id(deployment_id),
        at=at,
        actor=actor.username,
        changed=changed,
        definitions=tuple(views),
        findings=tuple(findings),
    )


def find_faults(bundle: Bundle, *, roles: Collection[str] = access.ROLES) -> list[Finding]:
    """What the definitions' checks and the runtime's parser find, worst first. `roles`: those that exist."""
    checked = check_bundle(bundle, roles=roles, handled=HANDLED | TYPES)
    # The parser refuses the same elements in fewer words; it is heard where the checks found nothing.
    refused = {(f.file, f.element_id) for f in checked if f.severity == "error"}
    parsed = [f for f in parse_processes(bundle.files)[1] if (f.file, f.element_id) not in refused]
    unique = {(f.file, f.element_id, f.en): f for f in [*checked, *parsed]}
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(unique.values(), key=lambda f: order[f.severity])


def refusal(findings: list[Finding]) -> DeploymentError:
    """The error that lists findings, each with its element."""
    errors = [
        FieldError(
            pointer=f"#{f.element_id}" if f.element_id else f"/{f.file}", zh=f.zh, en=f.en, code=f.code
        )
        for f in findings
    ]
    return DeploymentError(
        f"The files cannot be deployed: {len(findings)} findings. First: {findings[0].en}",
        f"文件不能部署，共{len(findings)}个问题。其一：{findings[0].zh}",
        errors,
        {"findings": [asdict(finding) for finding in findings]},
    )


def _version(
    tx: Tx,
    definition: Definition,
    known: Mapping[str, VersionRow],
    deployment_id: int,
    actor: Actor,
    at: datetime,
) -> DefinitionView:
    row = known.get(definition.hash)
    if row is None:
        stored.add_content(tx, definition.hash, definition.files)
        row = VersionRow(
            id=new_id(at),
            key=definition.key,
            version=max((r.version for r in known.values()), default=0) + 1,
            hash=definition.hash,
            name=definition.name,
            version_tag=definition.version_tag or None,
            current=False,
            deployed_at=at,
            deployed_by=actor.username,
        )
        fields = row._asdict()
        del fields["deployed_at"], fields["deployed_by"]
        stored.add_version(tx, {**fields, "deployment_id": deployment_id})
    if not row.current:
        stored.make_current(tx, row.key, row.version)
        row = row._replace(current=True)
    return show_version(row)


def show_version(row: VersionRow) -> DefinitionView:
    """A version as a view."""
    return DefinitionView(
        key=row.key,
        version=row.version,
        hash=row.hash,
        name=row.name,
        version_tag=row.version_tag,
        current=row.current,
        deployed_at=row.deployed_at,
        deployed_by=row.deployed_by,
    )


def _widest_region(actor: Actor) -> str:
    """Definitions belong to no region: it is enough to hold the role anywhere."""
    return max((p.region for p in actor.positions), key=len, default="")
