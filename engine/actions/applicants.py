"""Applicants: who they are to the engine, how strict we are with strangers, and what they can apply for.

Whoever applies has no account. What they may do hangs on a code (a draft) or on a short session that is
bound to one case; neither opens anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.actions.personal import MOST_DIGITS
from engine.actions.program import Program, load_program
from engine.actions.throttling import TooManyAttemptsError
from engine.errors import NotFoundError
from engine.forms import Form
from engine.notices import APPLICANT
from engine.store import attempts, definitions, people
from engine.store.db import Tx
from engine.store.people import Region
from engine.types import Actor


class TooManyRequestsError(TooManyAttemptsError):
    """Too many attempts from here; wait a while and try again."""

    code = "too-many-attempts"
    default_zh = "尝试次数过多，请稍后再试。"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantPolicy:
    """All are settings `AIDFLOW_<NAME>`, ours and no law. `ValueError` names a senseless one."""

    draft_days: int = 30
    """How long a draft waits after it was last saved."""
    drafts_per_address: int = 30
    """New drafts and wrong codes from one address before it has to wait."""
    objections_per_address: int = 10
    tracking_digits: int = 4
    """How many of the last digits of the identity number are asked for."""
    tracking_attempts: int = 10
    """Failures after which a number is locked, whether it is a case's or not."""
    tracking_attempts_per_address: int = 50
    tracking_lock_minutes: int = 10
    """How long the first lock lasts; each further one doubles, up to a day."""
    tracking_minutes: int = 30
    """How long a tracking session lasts."""

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            low, high = (4, MOST_DIGITS) if name == "tracking_digits" else (1, 100_000)
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} must be between {low} and {high}")

    @property
    def draft_lifetime(self) -> timedelta:
        return timedelta(days=self.draft_days)

    @property
    def lock(self) -> timedelta:
        return timedelta(minutes=self.tracking_lock_minutes)

    @property
    def session(self) -> timedelta:
        return timedelta(minutes=self.tracking_minutes)


DEFAULT_POLICY = ApplicantPolicy()


def applicant_of(case_id: int = 0, username: str = APPLICANT) -> Actor:
    """The applicant of a case; without one, of what is no case yet."""
    return Actor(username=username, name="申请人", applies=case_id)


def neighbour_of(case_id: int) -> Actor:
    """Somebody from the public, who may say one thing to one case: an objection."""
    return Actor(username="public", name="群众", applies=case_id)


def require_room(tx: Tx, keys: list[bytes], at: datetime) -> None:
    """`TooManyRequestsError` with the seconds to wait while one of the keys is locked."""
    tallies = attempts.read_tallies(tx, keys).values()
    ends = [tally.locked_until for tally in tallies if tally.locked_until and tally.locked_until > at]
    if ends:
        raise TooManyRequestsError(data={"retry_after": int((max(ends) - at).total_seconds()) + 1})


def count_use(tx: Tx, key: bytes | None, *, limit: int, policy: ApplicantPolicy, at: datetime) -> bool:
    """Count one use under a key; returns whether this one has locked it. No key: nothing to count by."""
    if key is None:
        return False
    return attempts.count_failure(tx, key, account=None, limit=limit, lock=policy.lock, at=at) is not None


def key_of(what: str, address: str) -> bytes | None:
    """The key to count an address by; None where the address tells nothing about the client."""
    return attempts.key_of(what, address) if address else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedView:
    """Something that applicants can apply for, by their own need; `title` is the process's name."""

    process: str
    need: tuple[str, str]  # Chinese, English
    title: tuple[str, str]


def list_needs(tx: Tx) -> tuple[NeedView, ...]:
    """What applicants can apply for now: current processes with the property `public`, urgent ones first."""
    found = []
    for row in definitions.list_versions(tx):
        program = load_program(tx, row.key, row.hash)
        if is_public(program):
            found.append((program.priority, _need(program)))
    return tuple(need for _, need in sorted(found, key=lambda pair: (pair[0], pair[1].process)))


def is_public(program: Program) -> bool:
    """Whether applicants themselves may open it: it says so, and it has a form to fill in."""
    properties = program.definition.properties
    return properties.get("public") == "true" and program.definition.start_form is not None


def _need(program: Program) -> NeedView:
    properties, name = program.definition.properties, program.definition.name
    title = (name, properties.get("titleEn") or name)
    need = properties.get("need") or name
    return NeedView(
        process=program.definition.key, need=(need, properties.get("needEn") or title[1]), title=title
    )


def public_program(tx: Tx, process: str) -> tuple[Program, Form]:
    """A process that applicants may open, with its start form; NotFoundError for any other."""
    program = load_program(tx, process, definitions.get_version(tx, process).hash)
    form = program.definition.start_form
    if form is None or not is_public(program):
        raise NotFoundError(f'Nobody can apply for "{process}" here.', f"“{process}”不能在此申请。")
    return program, form


def list_townships(tx: Tx, at: datetime) -> tuple[Region, ...]:
    """Where one can apply: the townships that exist today, by code."""
    today = at.date()
    return tuple(r for r in people.list_regions(tx) if r.level == "town" and r.is_valid(today))


def require_township(tx: Tx, code: str, at: datetime) -> Region:
    """The township; NotFoundError for what is none today."""
    for region in list_townships(tx, at):
        if region.code == code:
            return region
    raise NotFoundError(f"There is no township {code}.", f"没有代码为{code}的乡镇（街道）。")
