"""Household files: who sees them, and the proposals to review that a change in one case sends to others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import access
from engine.actions.inside_job import InsideJob, Letter
from engine.errors import FieldError, InputError
from engine.store import cases, households
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.ids import show_id
from engine.types import Actor

HOUSEHOLD_CHANGE = "household-change"
_LONGEST = {"change": 60, "note": 500}


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledCase:
    """A case of a household file."""

    id: str
    number: str
    process: str
    process_name: str
    region: str
    status: str
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdFile:
    """The file that a case is in (None: in none), with those of its cases that one may see."""

    number: str | None
    cases: tuple[FiledCase, ...]


def get_file(tx: Tx, *, case_id: int, actor: Actor) -> HouseholdFile:
    """The household file of a case. NotFoundError for a case out of sight; of others there not a word."""
    row, _ = cases.get_case(tx, case_id)
    access.require_sight(actor, row.region)
    file_id = households.find_of_case(tx, case_id)
    if file_id is None:
        return HouseholdFile(number=None, cases=(_show(row),))
    found = households.list_cases(tx, file_id, scope=access.regions_seen(actor))
    return HouseholdFile(number=show_id(file_id), cases=tuple(_show(one) for one in found))


def propose_reviews(tx: Tx, job: InsideJob, at: datetime) -> Mapping[str, Any]:
    """The job `propose-reviews`: tell every other open case of the household what has changed.

    Nothing comes back: how many there are, elsewhere too, is not this case's to know.
    """
    payload = {name: _text(job.variables, name, longest) for name, longest in _LONGEST.items()}
    job.letters.append(Letter(to=None, message=HOUSEHOLD_CHANGE, payload=payload))
    return {}


def _text(said: Mapping[str, Any], name: str, longest: int) -> str:
    value = said.get(name)
    if name == "note" and value is None:
        return ""
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        zh = f"作业输入“{name}”应为1至{longest}个字符的文本"
        en = f"the input {name} of the job must be a text of 1 to {longest} characters"
        raise InputError(f"{en}.", f"{zh}。", [FieldError(pointer=f"/{name}", zh=zh, en=en)])
    return value


def _show(row: CaseRow) -> FiledCase:
    names = ("number", "process", "process_name", "region", "status", "outcome", "opened_at", "closed_at")
    return FiledCase(id=show_id(row.id), **{name: getattr(row, name) for name in names})
