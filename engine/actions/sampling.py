"""The county's sampling: a draw that anybody can repeat, and the recall of a decision found to be wrong.

A draw sorts the cases by SHA-256 of the seed and the case number and takes the first ones: at least
the ratio of all that were decided, rounded up. Cases with relatives on file and cases with a complaint
are looked at besides, whatever the draw says. Who knows the seed and the numbers can draw again by hand.
Where nobody gives a seed (drawn in public, say), the machine makes one; history keeps either.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal

from engine.actions.inside_job import InsideJob, Letter
from engine.actions.record import get_variables
from engine.clocks import SHANGHAI
from engine.errors import FieldError, InputError, NotFoundError
from engine.store import cases, links
from engine.store.db import Tx
from engine.store.decided import DecidedCase, list_decided
from engine.store.events import list_events
from engine.store.ids import read_id, show_id
from engine.types import SYSTEM

Why = Literal["random", "relative", "complaint"]
BENEFIT, RECALL = "benefit", "recall"
COMPLAINT = "complaint"
"""The field of a form, or the message, by which a complaint is brought."""
_LONGEST_SEED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A decided case as the draw sees it. `why` is set where it is looked at in any case."""

    number: str
    why: Why | None = None


def draw(candidates: Sequence[Candidate], *, ratio: Decimal, seed: str) -> dict[str, Why]:
    """The cases to look at, by number, and why; the same whatever the order of the candidates."""
    drawn: dict[str, Why] = {one.number: one.why for one in candidates if one.why is not None}
    others = sorted((one.number for one in candidates if one.why is None), key=lambda number: (
        hashlib.sha256(f"{seed}:{number}".encode()).hexdigest(), number
    ))  # fmt: skip
    wanted = int((ratio * len(candidates)).to_integral_value(ROUND_CEILING))
    drawn |= dict.fromkeys(others[:wanted], "random")
    return dict(sorted(drawn.items()))


def draw_sample(tx: Tx, job: InsideJob, at: datetime) -> Mapping[str, Any]:
    """The inside job `draw-sample`: inputs `month` (its first day), `ratio`, `processes`, `outcomes`, `seed`.

    Result `sample`: the seed, how many were decided in the region in that month, and the cases drawn.
    """
    since, until = _bounds(job.variables.get("month"), at)
    ratio = _ratio(job.variables.get("ratio"))
    seed = _seed(job.variables.get("seed"))
    decided = list_decided(
        tx,
        region=job.region,
        processes=_names(job.variables, "processes"),
        outcomes=_names(job.variables, "outcomes"),
        since=since,
        until=until,
    )
    drawn = draw(
        [Candidate(number=one.number, why=_besides(tx, one)) for one in decided], ratio=ratio, seed=seed
    )
    shown = [
        {"id": show_id(one.id), "number": one.number, "region": one.region, "why": drawn[one.number]}
        for one in decided
        if one.number in drawn
    ]
    return {"sample": {"seed": seed, "decided": len(decided), "ratio": ratio, "cases": shown}}


def recall_decision(tx: Tx, job: InsideJob, at: datetime) -> Mapping[str, Any]:
    """The inside job `recall-decision`: inputs `case` (an id from a sample) and `reason`.

    The benefit that rests on the decision gets the message `recall`. Result `recalled`: whether there is
    one. Raises NotFoundError for a case outside the region of the case that asks.
    """
    decided, _ = cases.get_case(tx, read_id(str(job.variables.get("case"))))
    if not decided.region.startswith(job.region):
        raise NotFoundError
    benefits = [
        other
        for link in links.list_links(tx, decided.id)
        if link.opener_id == decided.id
        and (other := cases.get_case(tx, link.case_id)[0]).process == BENEFIT
        and other.status == "active"
    ]
    payload = {"recall": {"number": decided.number, "reason": str(job.variables.get("reason") or "")}}
    job.letters.extend(Letter(to=other.id, message=RECALL, payload=payload) for other in benefits)
    return {"recalled": bool(benefits)}


def _besides(tx: Tx, decided: DecidedCase) -> Why | None:
    if decided.relatives:
        return "relative"
    return "complaint" if _was_complained_of(tx, decided.id) else None


def _was_complained_of(tx: Tx, case_id: int) -> bool:
    """Whether a complaint was ever written down; a later answer may have cleared it from the variables."""
    if get_variables(tx, case_id=case_id, actor=SYSTEM).get(COMPLAINT):
        return True
    for event in list_events(tx, case_id):
        said = event.data.get("answers")
        if event.data.get("message") == COMPLAINT or (isinstance(said, Mapping) and said.get(COMPLAINT)):
            return True
    return False


def _bounds(month: Any, at: datetime) -> tuple[datetime, datetime]:
    """The first instant of the month and of the next one; the month must be over."""
    try:
        first = date.fromisoformat(str(month)).replace(day=1)
    except ValueError:
        raise _bad("month", "应为当月一日", "must be the first day of a month") from None
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    since, until = (datetime.combine(day, time.min, SHANGHAI) for day in (first, following))
    if at < until:
        raise _bad("month", "该月尚未结束，不能抽取", "the month is not over yet: nothing is drawn")
    return since, until


def _ratio(value: Any) -> Decimal:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and 0 < value <= 1:
        return Decimal(str(value))
    raise _bad("ratio", "应大于0且不大于1", "must be above 0 and at most 1")


def _seed(value: Any) -> str:
    if value is None or value == "":
        return secrets.token_hex(16)
    if isinstance(value, str) and len(value) <= _LONGEST_SEED:
        return value
    raise _bad("seed", f"应为不超过{_LONGEST_SEED}个字符的文本", f"must be a text of at most {_LONGEST_SEED}")


def _names(variables: Mapping[str, Any], key: str) -> list[str]:
    value = variables.get(key)
    if isinstance(value, list) and value and all(isinstance(name, str) for name in value):
        return value
    raise _bad(key, "应为非空的名称列表", "must be a list of names that is not empty")


def _bad(field: str, zh: str, en: str) -> InputError:
    return InputError(f"{field} {en}.", f"“{field}”{zh}。", [FieldError(pointer=f"/{field}", zh=zh, en=en)])
