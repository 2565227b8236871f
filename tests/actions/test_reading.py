"""Lists and views show what the person's regions and roles allow, page by page, and nothing more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine import access
from engine.actions.cursors import CursorError, read_cursor, write_cursor
from engine.actions.reading import (
    get_case,
    get_clocks,
    get_history,
    list_cases,
    list_incidents,
    list_tasks,
)
from engine.actions.send_message import send_message
from engine.errors import InputError, NotFoundError
from engine.store import people
from engine.store.ids import read_id
from engine.types import Actor, Position
from tests.builders import THREE_STEPS, TOWN, Office, bpmn, end, script, start, user

ELSEWHERE = "350426"  # 尤溪县


@pytest.fixture
def two_counties(office: Office) -> Office:
    """Three cases here, two in another county, whose officer is `afar`."""
    office.deploy(three_bpmn=THREE_STEPS)
    with office.database.write() as tx:
        people.add_account(tx, username="afar", name="远", name_en="Afar", password_hash="-")
        people.add_position(
            tx, username="afar", role="town.officer", region=ELSEWHERE, valid_from=office.now.date()
        )
    for _ in range(3):
        office.open("three-steps")
    for _ in range(2):
        office.open("three-steps", by="afar", region=ELSEWHERE)
    return office


def _read(office: Office, what: Any, by: str, **arguments: Any) -> Any:
    with office.database.read() as tx:
        return what(tx, actor=office.who(by), at=office.now, **arguments)


@pytest.mark.parametrize(
    ("who", "regions"),
    [
        ("officer", {TOWN}),
        ("county", {TOWN}),
        ("afar", {ELSEWHERE}),
        ("designer", set()),
        ("admin", {TOWN, ELSEWHERE}),
    ],
)
def test_everybody_sees_the_cases_of_their_regions(two_counties: Office, who: str, regions: set[str]) -> None:
    cases = _read(two_counties, list_cases, who).items
    tasks = _read(two_counties, list_tasks, who).items
    assert {case.region for case in cases} == regions
    assert {task.region for task in tasks} == regions


def test_a_case_elsewhere_is_not_found_by_any_way(two_counties: Office) -> None:
    case_id = read_id(_read(two_counties, list_cases, "afar").items[0].id)
    for what in (get_case, get_clocks):
        with pytest.raises(NotFoundError):
            _read(two_counties, what, "officer", case_id=case_id)
    with two_counties.database.read() as tx, pytest.raises(NotFoundError):
        get_history(tx, case_id=case_id, actor=two_counties.who("officer"))
    with pytest.raises(NotFoundError):
        two_counties.act(send_message, case_id=case_id, name="x", payload={})
    assert _read(two_counties, list_cases, "officer", region=ELSEWHERE).items == ()


def test_pages_follow_each_other_without_gap_or_repetition(two_counties: Office) -> None:
    for what in (list_cases, list_tasks):
        seen: list[str] = []
        cursor = None
        while True:
            page = _read(two_counties, what, "admin", cursor=cursor, limit=2)
            seen += [item.id for item in page.items]
            cursor = page.next
            if cursor is None:
                break
        whole = [item.id for item in _read(two_counties, what, "admin").items]
        assert seen == whole
        assert len(set(seen)) == 5


@pytest.mark.parametrize(
    "cursor", ["", "!!", "bm90IGpzb24", write_cursor("tasks", 1, 2), write_cursor("cases", 1, 2), "é", "W10"]
)
def test_a_bad_cursor_is_refused(two_counties: Office, cursor: str) -> None:
    with pytest.raises(CursorError):
        _read(two_counties, list_cases, "officer", cursor=cursor)


def test_a_cursor_reads_back() -> None:
    assert read_cursor("cases", write_cursor("cases", 7), 1) == (7,)


@pytest.mark.parametrize("wrong", [{"light": "blue"}, {"limit": 0}, {"limit": 10_000}])
def test_a_bad_filter_is_refused_by_name(two_counties: Office, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        _read(two_counties, list_cases, "officer", **wrong)
    assert refused.value.errors[0].pointer == f"/{next(iter(wrong))}"


def test_filters_narrow_the_list(two_counties: Office) -> None:
    office = two_counties
    first = _read(office, list_cases, "officer").items[-1]
    done = office.complete(office.complete(first, "check"), "visit", by="officer2")
    office.complete(done, "confirm", by="leader")

    def numbers(**narrow: Any) -> int:
        return len(_read(office, list_cases, "officer", **narrow).items)

    assert numbers(status="completed") == 1
    assert numbers(status="active") == 2
    assert numbers(process="three-steps") == 3
    assert numbers(process="other") == 0
    assert numbers(number=first.number) == 1
    assert numbers(text=first.number[-6:]) == 1
    assert numbers(text="%") == 0
    assert numbers(light="yellow") == 2


def test_lights_in_lists_turn_with_time_and_agree_with_the_case(two_counties: Office) -> None:
    office = two_counties
    for days, light in ((0, "yellow"), (5, "red")):
        office.now += timedelta(days=days)
        for colour in ("green", "yellow", "red", "grey"):
            wanted = 3 if colour == light else 0
            assert len(_read(office, list_tasks, "officer", light=colour).items) == wanted
            assert len(_read(office, list_cases, "officer", light=colour).items) == wanted
    assert len(_read(office, list_tasks, "officer", overdue=True).items) == 3
    assert {item.light for item in _read(office, list_cases, "officer").items} == {"red"}


def test_work_lists_tell_mine_from_what_i_could_take(two_counties: Office) -> None:
    office = two_counties
    task = _read(office, list_tasks, "officer").items[0]
    office.claim(task)
    assert [item.id for item in _read(office, list_tasks, "officer", mine=True).items] == [task.id]
    assert len(_read(office, list_tasks, "officer", group=True).items) == 2
    assert _read(office, list_tasks, "leader", group=True).items == ()
    assert len(_read(office, list_tasks, "leader").items) == 3


def test_a_case_lists_its_tasks_in_the_order_in_which_it_came_to_them(office: Office) -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics "
        'inputCollection="=for i in 1..50 return i" inputElement="n"/></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    visit = user("visit", assignee='="officer" + string(n)').replace(
        "</bpmn:userTask>", f"{loop}</bpmn:userTask>"
    )
    office.deploy(p_bpmn=bpmn("p", start() + visit + end(), "begin>visit visit>done"))
    case = office.open("p")
    expected = [f"officer{n}" for n in range(1, 51)]
    assert [task.assignee for task in case.tasks] == expected
    assert [task.assignee for task in office.look(case).tasks] == expected


def test_the_soonest_due_comes_first(two_counties: Office) -> None:
    office = two_counties
    case = _read(office, list_cases, "officer").items[0]
    office.complete(case, "check")
    elements = [item.element_id for item in _read(office, list_tasks, "officer").items]
    assert elements == ["check", "check", "visit"]


def test_reading_a_list_costs_one_query_however_long_it_is(two_counties: Office) -> None:
    from sqlalchemy import event

    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement != "BEGIN":
            statements.append(statement)

    two_counties.who("admin")
    event.listen(two_counties.database.engine, "before_cursor_execute", note)
    _read(two_counties, list_cases, "admin")
    _read(two_counties, list_tasks, "admin")
    assert len(statements) == 2


def test_incidents_are_listed_where_they_may_be_seen(office: Office) -> None:
    nodes = start() + user("ask") + script("fail", "limit(missing)", "rate") + end()
    office.deploy(bad_bpmn=bpmn("bad", nodes, "begin>ask ask>fail fail>done"))
    office.complete(office.open("bad"), "ask", missing="no.such")
    with office.database.read() as tx:
        (found,) = list_incidents(tx, actor=office.who("admin")).items
        assert list_incidents(tx, actor=office.who("designer")).items == ()
    assert (found.element_id, found.kind, found.attempts) == ("fail", "element", 1)


@pytest.mark.parametrize("permission", sorted(access.PERMISSIONS))
def test_no_permission_reaches_beyond_its_region(permission: str) -> None:
    for role in access.PERMISSIONS[permission]:
        actor = Actor(username="x", positions=(Position(role=role, region="350481"),))
        assert access.may(actor, permission, "350481100")
        assert not access.may(actor, permission, "3504")
        assert not access.may(actor, permission, "350426")
