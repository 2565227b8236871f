"""What is on record of warned people: matched by keyed identity to household files and their cases.

Only cases of the warned person's own county count, so that a warning tells nothing of other counties.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from engine.store import households
from engine.store.db import Tx

COUNTY = 6
RECIPIENT, APPLYING, KNOWN, UNKNOWN = "recipient", "applying", "known", "unknown"
_RANK = (UNKNOWN, KNOWN, APPLYING, RECIPIENT)


def standings(
    tx: Tx, people: Iterable[tuple[str, str]], *, benefits: Collection[str], ignored: Collection[str]
) -> dict[str, str]:
    """The standing of people (number and region) by number: the highest that a case of theirs gives.

    `benefits` are the processes that pay for years, `ignored` those that say nothing of need.
    """
    regions = dict(people)
    found = dict.fromkeys(regions, UNKNOWN)
    for number, case in households.list_cases_of_people(tx, list(regions)):
        if case.process in ignored or case.region[:COUNTY] != regions[number][:COUNTY]:
            continue
        rank = _rank(case.process in benefits, is_open=case.closed_at is None)
        if _RANK.index(rank) > _RANK.index(found[number]):
            found[number] = rank
    return found


def _rank(benefit: bool, *, is_open: bool) -> str:
    if not is_open:
        return KNOWN
    return RECIPIENT if benefit else APPLYING
