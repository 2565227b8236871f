"""Substitutes during leave: who may be named, and how a substitution ends.

The absent person names their own substitute, or somebody in charge of their region does; nobody names
themselves. From the day after the last nothing has to be done: what was done in between was always
in the absent person's hands. Nobody is a substitute while away, so that there are no chains.
"""

from __future__ import annotations

from datetime import date, datetime
from os.path import commonprefix

from engine import access
from engine.clocks import SHANGHAI
from engine.errors import ConflictError, FieldError, ForbiddenError, InputError, NotFoundError
from engine.store import audit, definitions, people, substitutions
from engine.store.db import Tx
from engine.store.ids import new_id
from engine.store.substitutions import Substitution
from engine.types import Actor


class SubstitutionError(ConflictError):
    """This substitution contradicts another one."""

    code = "substitution-conflict"
    default_zh = "该代办安排与已有安排相冲突。"


def add_substitution(
    tx: Tx,
    *,
    absent: str,
    substitute: str,
    starts: date,
    ends: date,
    actor: Actor,
    at: datetime,
    process: str | None = None,
    region: str = "",
) -> Substitution:
    """Let `substitute` act for `absent` from one day to another, in one process and region or in all.

    Raises InputError (unknown people, process, region; days), ForbiddenError, SubstitutionError.
    """
    today = at.astimezone(SHANGHAI).date()
    _check_days(starts, ends, today)
    if absent == substitute:
        raise _fault("substitute", "不能由本人代办", "nobody can be their own substitute")
    away, cover = _person(tx, absent, "absent", today), _person(tx, substitute, "substitute", today)
    _check_work(tx, process, region)
    served = _served(away, region)
    _require_right(actor, away, cover, served)
    if process is not None and not all(access.may_see(cover, place) for place in served):
        zh, en = (
            "只代办一个流程的，代办人须本已负责该地区",
            "of one process only somebody who serves there may do it",
        )
        raise _fault("substitute", zh, en)
    substitutions.lock_people(tx, [absent, substitute])
    _check_others(tx, absent, substitute, process, region, starts, ends)
    made = Substitution(
        id=new_id(at),
        absent=absent,
        substitute=substitute,
        process=process,
        region=region,
        starts=starts,
        ends=ends,
        created_by=actor.username,
        ended_at=None,
    )
    values = {name: getattr(made, name) for name in Substitution.__dataclass_fields__}
    substitutions.add(tx, **values, created_at=at)
    _record(tx, "substitution_added", made, actor, at, commonprefix(served))
    return made


def end_substitution(tx: Tx, *, substitution_id: int, actor: Actor, at: datetime) -> None:
    """End a substitution at once. Raises NotFoundError, ForbiddenError."""
    found = substitutions.find(tx, substitution_id)
    today = at.astimezone(SHANGHAI).date()
    if (
        found is None
        or found.ended_at is not None
        or found.ends < today
        or not _concerns(tx, found, actor, today)
    ):
        raise NotFoundError
    away = people.find_actor(tx, found.absent, today)
    served = _places(away, found.region) if away else []
    if actor.username not in (found.absent, found.substitute):
        _require_charge(actor, served)
    substitutions.end(tx, found.id, at=at, by=actor.username)
    _record(tx, "substitution_ended", found, actor, at, commonprefix(served))


def list_substitutions(tx: Tx, *, actor: Actor, at: datetime) -> list[Substitution]:
    """The actor's own, running and to come, and those of the people whom the actor is in charge of."""
    today = at.astimezone(SHANGHAI).date()
    if not access.regions_where(actor, "substitution.manage"):
        return substitutions.list_of_people(tx, [actor.username], since=today)
    return [one for one in substitutions.list_all(tx, since=today) if _concerns(tx, one, actor, today)]


def _concerns(tx: Tx, one: Substitution, actor: Actor, on: date) -> bool:
    if actor.username in (one.absent, one.substitute):
        return True
    away = people.find_actor(tx, one.absent, on)
    return away is not None and any(
        access.may(actor, "substitution.manage", held.region) for held in away.positions
    )


def _served(away: Actor, region: str) -> list[str]:
    """Where the work lies that is covered."""
    served = _places(away, region)
    if not served:
        zh, en = f"{away.name}在该地区没有岗位", f"{away.name} holds no position there"
        raise _fault("region" if region else "absent", zh, en)
    return served


def _places(away: Actor, region: str) -> list[str]:
    found = [access.overlap(held.region, region) for held in away.positions]
    return sorted({place for place in found if place is not None})


def _require_right(actor: Actor, away: Actor, cover: Actor, served: list[str]) -> None:
    if actor.username == cover.username:
        raise ForbiddenError(
            "Nobody names themselves as a substitute; the absent person or somebody in charge does.",
            "不得自行指定自己代办，须由休假人或负责人指定。",
        )
    if actor.username != away.username:
        _require_charge(actor, served)


def _require_charge(actor: Actor, served: list[str]) -> None:
    for place in served:
        access.require(actor, "substitution.manage", place)


def _check_days(starts: date, ends: date, today: date) -> None:
    if ends < starts:
        raise _fault("ends", "结束日期早于开始日期", "the last day is before the first")
    if ends < today:
        raise _fault("ends", "结束日期已过", "the last day has passed")


def _check_work(tx: Tx, process: str | None, region: str) -> None:
    if region:
        people.get_region(tx, region)
    if process is not None:
        try:
            definitions.get_version(tx, process, None)
        except NotFoundError:
            raise _fault("process", f"没有流程“{process}”", f"there is no process {process!r}") from None


def _check_others(
    tx: Tx, absent: str, substitute: str, process: str | None, region: str, starts: date, ends: date
) -> None:
    for other in substitutions.list_of_people(tx, [absent, substitute], since=starts):
        if not other.meets(starts, ends):
            continue
        days = f"{other.starts} – {other.ends}"
        if other.absent == substitute:
            raise SubstitutionError(
                f"{substitute} is away themselves ({days}) and can't cover for anybody then.",
                f"{substitute}在此期间（{days}）本人休假，不能代办。",
            )
        if other.substitute == absent:
            raise SubstitutionError(
                f"{absent} covers for {other.absent} then ({days}); what is covered is not passed on. "
                "End that substitution first.",
                f"{absent}在此期间（{days}）正代办{other.absent}的工作，代办不得再转代；请先结束该安排。",
            )
        if other.absent == absent and other.is_about(process, region):
            raise SubstitutionError(
                f"{other.substitute} covers the same work of {absent} then ({days}).",
                f"{absent}的同一工作在此期间（{days}）已由{other.substitute}代办。",
            )


def _person(tx: Tx, username: str, pointer: str, on: date) -> Actor:
    found = people.find_actor(tx, username, on)
    if found is None:
        raise _fault(pointer, f"没有账号“{username}”", f"there is no account {username!r}")
    return found


def _fault(pointer: str, zh: str, en: str) -> InputError:
    detail = FieldError(pointer=f"/{pointer}", zh=zh, en=en)
    return InputError(f"The substitution cannot be made: {en}.", f"无法安排代办：{zh}。", [detail])


def _record(tx: Tx, kind: str, one: Substitution, actor: Actor, at: datetime, place: str) -> None:
    data = {
        "absent": one.absent,
        "substitute": one.substitute,
        "process": one.process,
        "region": one.region,
        "starts": one.starts.isoformat(),
        "ends": one.ends.isoformat(),
    }
    audit.append(tx, kind=kind, actor=actor.username, data=data, at=at, region=place)
