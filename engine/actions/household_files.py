"""Puts a case into the file of its applicant's household, with the step in which the number is given."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.program import load_program
from engine.actions.work import Work
from engine.forms.households import APPLICANT, people_in
from engine.store import cases, events, households
from engine.store.counters import next_value
from engine.store.db import Tx
from engine.store.ids import show_id

_SAID = "answers"


def file_household(work: Work) -> None:
    """File the people whom the answers of this step name; the first applicant decides on the file.

    A case stays in the file it once came into: what is corrected later adds people and moves nothing.
    """
    names = work.program.household
    if not names or _SAID not in work.facts:
        return
    people = sorted(set(people_in(work.facts[_SAID], names)))
    if not people:
        return
    tx, case_id = work.tx, work.row.id
    file_id = households.find_of_case(tx, case_id)
    applicant = next((number for role, number in people if role == APPLICANT), None)
    if file_id is None:
        if applicant is None:
            return
        next_value(tx, "households")  # one at a time, so that nobody gets two files
        file_id = households.find_of_person(tx, applicant)
        if file_id is None:
            file_id = households.add_file(tx, work.at)
        households.add_case(tx, case_id, file_id)
        work.facts["household"] = show_id(file_id)
    households.add_people(tx, case_id, people)


def people_on_record(tx: Tx, case_id: int) -> Iterator[tuple[str, str]]:
    """Role and number of everybody whom the answers in a case's record put into its household."""
    row, _ = cases.get_case(tx, case_id)
    names = load_program(tx, row.process, row.definition_hash).household
    if names and households.find_of_case(tx, case_id) is not None:
        for event in events.list_events(tx, case_id):
            yield from people_in(event.data.get(_SAID), names)
