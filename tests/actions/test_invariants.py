"""Whatever people, clocks and failures do in whatever order: the case can be loaded, its record holds,
every limit has a net, and what is kept in memory is what the database says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.actions.change_clock import pause_clock, resume_clock
from engine.actions.claim_task import claim_task
from engine.actions.complete_task import complete_task
from engine.actions.delegate_task import delegate_task
from engine.actions.reading import get_case
from engine.actions.release_task import release_task
from engine.actions.verify import verify
from engine.actions.withdraw_case import withdraw_case
from engine.errors import InputError
from engine.store.db import Database, clone_in_memory, open_database
from engine.store.ids import read_id
from engine.types import SYSTEM
from tests.actions.test_case_clocks import PARAMETERS, SUPPLEMENT
from tests.builders import LOOP, THREE_STEPS, Office

_PEOPLE = ("officer", "officer2", "leader", "helper")
_MOVES = st.one_of(
    st.tuples(st.sampled_from(["complete", "claim", "release", "delegate"]), st.sampled_from(_PEOPLE)),
    st.tuples(st.sampled_from(["pause", "resume"]), st.sampled_from(["leader", "helper"])),
    st.tuples(st.just("advance"), st.sampled_from([1, 30, 200])),
    st.tuples(st.just("forget"), st.just("")),
    st.tuples(st.just("withdraw"), st.just("officer")),
)


@pytest.fixture(scope="module")
def deployed(template: Path) -> Iterator[Database]:
    with closing(open_database(f"sqlite:///{template}")) as source:
        database = clone_in_memory(source)
    Office(database).deploy(
        three_bpmn=THREE_STEPS, supplement_bpmn=SUPPLEMENT, loop_bpmn=LOOP, parameters_yaml=PARAMETERS
    )
    yield database
    database.close()


@settings(max_examples=40, deadline=None)
@given(process=st.sampled_from(["three-steps", "supplement", "loop"]), moves=st.lists(_MOVES, max_size=14))
def test_any_sequence_of_moves_leaves_a_sound_case(
    deployed: Database, process: str, moves: list[tuple[str, str | int]]
) -> None:
    with closing(clone_in_memory(deployed)) as database:
        office = Office(database)
        case = office.open(process, stop=False)
        for move, argument in moves:
            before = office.look(case)
            try:
                _move(office, read_id(case.id), move, argument)
            except InputError:
                after = office.look(case)
                assert (after.version, after.tasks) == (before.version, before.tasks)
        with database.read() as tx:
            assert verify(tx, at=office.now).problems == ()


def _move(office: Office, case_id: int, move: str, argument: str | int) -> None:
    if move == "advance":
        office.advance(timedelta(hours=int(argument)))
        return
    if move == "forget":
        office.database.kept.pop("live", None)
        return
    by = str(argument)
    if move == "withdraw":
        office.act(withdraw_case, by, case_id=case_id, reason="撤回")
    elif move == "pause":
        office.act(pause_clock, by, case_id=case_id, name="total", ground="不可抗力")
    elif move == "resume":
        office.act(resume_clock, by, case_id=case_id, name="total")
    elif (task_id := _first_task(office, case_id)) is not None:
        match move:
            case "complete":
                office.act(complete_task, by, task_id=task_id, answers={}, seen_version=None)
            case "claim":
                office.act(claim_task, by, task_id=task_id)
            case "release":
                office.act(release_task, by, task_id=task_id)
            case _:
                office.act(delegate_task, by, task_id=task_id, to="officer2")


def _first_task(office: Office, case_id: int) -> int | None:
    with office.database.read() as tx:
        found = get_case(tx, case_id=case_id, actor=SYSTEM, at=office.now).tasks
    return read_id(found[0].id) if found else None
