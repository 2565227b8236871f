"""The end of a case that another case has opened: the opener hears of it."""

from __future__ import annotations

from engine import feel
from engine.actions.inside_job import Letter
from engine.actions.promises import promise_letter
from engine.actions.work import Work
from engine.errors import EngineError
from engine.store import links
from engine.store.ids import show_id

CASE_ENDED = "case-ended"
RESULT = "result"
"""The process property whose FEEL says what a case's opener gets from it."""


def tell_opener(work: Work, status: str) -> None:
    """Write the letter `case-ended` to the case that opened this one, if one did."""
    opener = links.find_opener(work.tx, work.row.id)
    if opener is None:
        return
    shown = show_id(work.row.id)
    ended = {
        "id": shown,
        "number": number_for(work.row.number, work.row.region, opener.region),
        "process": work.row.process,
        "status": status,
        "outcome": work.instance.outcome if status == "completed" else None,
        "result": _result(work) if status == "completed" else None,
    }
    letter = Letter(to=opener.case_id, message=CASE_ENDED, payload={"ended": ended}, correlation=shown)
    promise_letter(work, letter, "")


def number_for(number: str, region: str, reader: str) -> str | None:
    """A case's number for a case in another region: only if all who see that one may see the first.

    A running number tells how many cases there are where it was given.
    """
    return number if region.startswith(reader) else None


def _result(work: Work) -> object:
    """What the process says comes of it. A fault in it must not keep a case from ending: null then."""
    text = work.program.definition.properties.get(RESULT)
    if text is None:
        return None
    try:
        return feel.from_feel(work.instance.evaluate(text))
    except EngineError as error:
        work.facts["result_failed"] = error.zh
        return None
