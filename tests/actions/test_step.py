"""The one road: what a completion does, costs and leaves behind; who comes second; what raising undoes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from engine.actions.complete_task import complete_task
from engine.errors import AnswersError, ConflictError, StaleVersionError, TaskNotOpenError
from engine.store import events
from engine.store.ids import read_id
from tests.builders import LOOP, THREE_STEPS, Office, bpmn, end, script, start, user
from tests.tampering import drop_triggers


@pytest.fixture
def three_steps(office: Office) -> Office:
    office.deploy(three_bpmn=THREE_STEPS)
    return office


@contextmanager
def _statements(office: Office) -> Iterator[list[str]]:
    """What goes to the database in the block, commits too."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    def committed(_connection: Any) -> None:
        seen.append("COMMIT")

    engine = office.database.engine
    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", committed)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
    event.remove(engine, "commit", committed)


def test_a_case_runs_from_opening_to_its_end(three_steps: Office) -> None:
    office = three_steps
    case = office.open("three-steps", people=3)
    assert case.number == "2026-350481100-000001"
    assert [task.element_id for task in case.tasks] == ["check"]
    case = office.complete(case, "check", complete=True)
    case = office.complete(case, "visit")
    case = office.complete(case, "confirm", by="leader")
    assert (case.status, case.outcome, case.tasks) == ("completed", "done", ())
    assert office.kinds(case) == ["case_opened", "task_completed", "task_completed", "task_completed"]
    assert office.history(case)[-1].data["variables"] == {"people": 3, "complete": True}


def test_numbers_run_by_region_and_year(three_steps: Office) -> None:
    numbers = [three_steps.open("three-steps").number for _ in range(2)]
    assert numbers == ["2026-350481100-000001", "2026-350481100-000002"]


def test_a_completion_takes_at_most_fifteen_statements_and_one_commit(three_steps: Office) -> None:
    case = three_steps.open("three-steps")
    task_id = read_id(three_steps.task(case, "check").id)
    with _statements(three_steps) as statements:
        three_steps.act(complete_task, task_id=task_id, answers={}, seen_version=case.version)
    assert statements.count("COMMIT") == 1
    assert len(statements) <= 15, "\n".join(statements)


def test_a_completion_from_the_database_takes_no_statement_per_finished_step(office: Office) -> None:
    """Without anything kept in memory, the hundredth round reads as little as the second."""
    office.deploy(loop_bpmn=LOOP)
    case = office.open("loop")
    counts = []
    for _ in range(100):
        office.database.kept.pop("live", None)
        task_id = read_id(office.task(case, "again").id)
        with _statements(office) as statements:
            case = office.act(complete_task, task_id=task_id, answers={"stop": False}, seen_version=None)
        counts.append(len(statements))
    assert counts[-1] <= counts[1] <= 15


def test_a_finished_case_of_three_tasks_takes_at_most_six_kilobytes(three_steps: Office) -> None:
    office, count = three_steps, 40

    def pages() -> int:
        with office.database.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            return int(connection.execute(text("PRAGMA page_count")).scalar_one())

    before = pages()
    for _ in range(count):
        case = office.open("three-steps", household_size=3, monthly_income=90000, address="西洋镇福庄村12号")
        case = office.complete(case, "check", complete=True, remark="材料齐全")
        case = office.complete(case, "visit", doubts=[], members=[{"name": "张三", "age": 70}])
        office.complete(case, "confirm", by="leader", approved=True, amount=138000)
    assert (pages() - before) * 4096 / count <= 6_000


def test_whoever_comes_second_reads_who_did_it_and_when(three_steps: Office) -> None:
    case = three_steps.open("three-steps")
    task_id = read_id(three_steps.task(case, "check").id)
    outcomes: list[object] = []
    ready = threading.Barrier(2)

    def complete(by: str) -> None:
        three_steps.who(by)
        ready.wait()
        try:
            outcomes.append(
                three_steps.act(complete_task, by, task_id=task_id, answers={}, seen_version=case.version)
            )
        except ConflictError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=complete, args=(by,)) for by in ("officer", "officer2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lost = [outcome for outcome in outcomes if isinstance(outcome, TaskNotOpenError)]
    assert len(outcomes) == 2
    assert len(lost) == 1
    winner = next(event.actor for event in three_steps.history(case) if event.kind == "task_completed")
    assert f"({winner})" in lost[0].en
    assert f"({winner})" in lost[0].zh
    assert "2026-09-22 09:00" in lost[0].zh
    assert three_steps.kinds(case).count("task_completed") == 1


def test_a_version_seen_before_somebody_elses_step_is_stale(three_steps: Office) -> None:
    case = three_steps.open("three-steps")
    later = three_steps.complete(case, "check")
    with pytest.raises(StaleVersionError) as refused:
        three_steps.complete(later, "visit", seen=case.version)
    assert refused.value.data == {"seen_version": case.version, "version": later.version}


def test_claims_and_drafts_do_not_make_a_seen_version_stale(three_steps: Office) -> None:
    case = three_steps.open("three-steps")
    three_steps.claim(three_steps.task(case, "check"))
    assert three_steps.complete(case, "check", seen=case.version).version == case.version + 1


def test_a_refused_action_changes_nothing_and_the_case_goes_on(three_steps: Office) -> None:
    case = three_steps.open("three-steps")
    before = three_steps.history(case)
    with pytest.raises(AnswersError):
        three_steps.complete(case, "check", huge="x" * 300_000)
    assert three_steps.look(case) == case
    assert three_steps.history(case) == before
    assert three_steps.complete(case, "check").tasks[0].element_id == "visit"


def test_a_rolled_back_step_leaves_no_changed_copy_in_memory(three_steps: Office) -> None:
    case = three_steps.open("three-steps")
    task_id = read_id(three_steps.task(case, "check").id)

    class Interrupted(Exception):
        pass

    with pytest.raises(Interrupted), three_steps.database.write() as tx:
        complete_task(
            tx,
            task_id=task_id,
            answers={"n": 1},
            seen_version=None,
            actor=three_steps.who("officer"),
            at=three_steps.now,
        )
        raise Interrupted
    assert three_steps.complete(case, "check", n=2).tasks[0].element_id == "visit"
    assert [e.data.get("answers") for e in three_steps.history(case)] == [{}, {"n": 2}]


def test_steps_kept_in_memory_and_steps_reloaded_leave_the_same_record(three_steps: Office) -> None:
    def play(forget: bool) -> list[dict[str, Any]]:
        case = three_steps.open("three-steps", n=1)
        for element, by in (("check", "officer"), ("visit", "officer2"), ("confirm", "leader")):
            if forget:
                three_steps.database.kept.clear()
            case = three_steps.complete(case, element, by=by, step=element)
        return [event.data for event in three_steps.history(case)]

    assert play(forget=False) == play(forget=True)


def test_rare_characters_pass_through_unchanged(three_steps: Office) -> None:
    case = three_steps.open("three-steps", name="𠮷田㐂")
    assert three_steps.history(case)[0].data["answers"] == {"name": "𠮷田㐂"}


def test_a_failing_element_becomes_an_incident_and_the_rest_is_kept(office: Office) -> None:
    nodes = start() + user("ask") + script("divide", "limit(missing)", "rate") + end()
    office.deploy(bad_bpmn=bpmn("bad", nodes, "begin>ask ask>divide divide>done"))
    case = office.complete(office.open("bad"), "ask", missing="no.such.limit")
    assert case.status == "incident"
    last = office.history(case)[-1]
    assert last.kind == "task_completed"
    assert last.data["incidents"][0]["element"] == "divide"


def test_a_changed_row_of_history_is_found(three_steps: Office) -> None:
    case = three_steps.open("three-steps")
    for element, by in (("check", "officer"), ("visit", "officer2")):
        case = three_steps.complete(case, element, by=by)
    case_id = read_id(case.id)

    def broken(statement: str) -> int | None:
        with three_steps.database.read() as tx:
            length, head = tx.execute(text("SELECT seq, head FROM cases")).one()
            drop_triggers(tx)
            tx.execute(text(statement))
            found = events.find_break(tx, case_id, length=length, head=head)
        return found

    assert broken("SELECT 1") is None
    assert broken("UPDATE events SET actor = 'nobody' WHERE seq = 2") == 2
    assert broken("UPDATE events SET at = at + 1 WHERE seq = 3") == 3
    assert broken("UPDATE events SET data = x'6a7b7d' WHERE seq = 1") == 1
    assert broken("DELETE FROM events WHERE seq = 3") == 3
    assert broken("DELETE FROM events WHERE seq = 2") == 2
