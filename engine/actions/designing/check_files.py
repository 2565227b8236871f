"""What a deployment would say about files, without deploying them: every finding."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from engine import access
from engine.actions.deploy import find_faults
from engine.actions.designing.drafts import require_designer
from engine.actions.staffing import check_staffing
from engine.clocks import SHANGHAI
from engine.definitions import read_bundle
from engine.definitions.scenario_files import is_scenario
from engine.errors import DeploymentError, FieldError
from engine.store import people
from engine.store.db import Tx
from engine.types import Actor, Finding


def check_files(tx: Tx, *, files: Mapping[str, bytes], actor: Actor, at: datetime) -> list[Finding]:
    """Findings, worst first; empty means that a deployment of these files would be accepted in silence.

    Files that can't be read are findings too, and the others are then not judged: what they refer to
    is not known. Scenarios are read by `engine.scenarios.check_scenarios`.
    """
    require_designer(actor)
    roles = access.ROLES | people.list_roles(tx)
    own = {name: data for name, data in files.items() if not is_scenario(name, data)}
    try:
        bundle = read_bundle(own)
    except DeploymentError as error:
        return refused_as_findings(error, own)
    findings = find_faults(bundle, roles=roles)
    if not any(finding.severity == "error" for finding in findings):
        findings += check_staffing(tx, bundle, at.astimezone(SHANGHAI).date())
    return findings


def refused_as_findings(error: DeploymentError, names: Collection[str]) -> list[Finding]:
    """A refusal as findings; each is put to the file that its sentence names."""
    faults = error.errors or [FieldError(pointer="", zh=error.zh, en=error.en)]
    return [_finding(fault, error, names) for fault in faults]


def _finding(fault: FieldError, error: DeploymentError, names: Collection[str]) -> Finding:
    said = f"{fault.en} {error.data.get('file', '')}" if len(error.errors) <= 1 else fault.en
    file = max((name for name in names if name in said), key=len, default="")
    element_id = fault.pointer.removeprefix("#") if fault.pointer.startswith("#") else ""
    return Finding(
        severity="error", code=fault.code, zh=fault.zh, en=fault.en, file=file, element_id=element_id
    )
