"""Nothing about a case outside somebody's scope changes any byte that this person can get.

`NON_INTERFERENCE_EXAMPLES=500` makes the long run of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from api.app import create_app
from api.settings import Settings
from engine import access
from engine.actions.tokens import create_token
from engine.clocks import wall
from engine.store import people
from engine.store.blobs import FolderBlobs
from engine.store.db import Database, clone_in_memory, open_database
from tests.builders import LOOP, THREE_STEPS, Office, bpmn, end, script, start, user
from tests.people_forms import CARE, CARE_FORM
from tests.properties.worlds import BEGIN, KINDS, PROCESSES, REGIONS, Act, Watcher, World

EXAMPLES = int(os.environ.get("NON_INTERFERENCE_EXAMPLES", "12"))
_FAILING = start() + user("ask") + script("fail", "limit(missing)", "rate") + end()
BAD = bpmn("bad", _FAILING, "begin>ask ask>fail fail>done", {"clock:total": "workdays(5)"})
# Where the watcher serves: nowhere that matters, a village, a town, a county, two places, the whole city.
_PLACES = ("350481100", "350481101", "350404100", "350481", "350404", "350481100201", "350426", "3504")
_ROLES = ("village.helper", "town.officer", "county.officer", "county.supervisor", "admin", "designer")

_positions = st.lists(
    st.tuples(st.sampled_from(_ROLES), st.sampled_from(_PLACES)), min_size=1, max_size=2, unique=True
)
_opened = st.lists(st.tuples(st.sampled_from(REGIONS), st.sampled_from(PROCESSES)), min_size=4, max_size=7)
_moves = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 6)), min_size=6, max_size=18)


@pytest.fixture(scope="module")
def deployed(template: Path) -> Iterator[Database]:
    with closing(open_database(f"sqlite:///{template}")) as source:
        database = clone_in_memory(source)
    office = Office(database)
    office.deploy(three_bpmn=THREE_STEPS, loop_bpmn=LOOP, care_bpmn=CARE, care_form=CARE_FORM, bad_bpmn=BAD)
    yield database
    database.close()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # a failure is told by its first path; shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(held=_positions, opened=_opened, moves=_moves)
@example(  # a neighbour town of the same county is first: a number, a count or an id could tell
    held=[("town.officer", "350481100")],
    opened=[("350481101", "care"), ("350481100", "care"), ("350481", "bad"), ("350481100", "bad")],
    moves=[(kind, case) for kind in ("complete", "attach", "pause", "wait", "reveal") for case in range(4)],
)
@example(  # an administrator of one town, and everything that happens in its county
    held=[("admin", "350481100")],
    opened=[("350481", "care"), ("350481100", "care"), ("350481101", "three-steps")],
    moves=[(kind, case) for kind in ("complete", "claim", "reveal", "withdraw") for case in range(3)],
)
def test_cases_out_of_scope_change_no_byte(
    deployed: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    held: list[tuple[str, str]],
    opened: list[tuple[str, str]],
    moves: list[tuple[str, int]],
) -> None:
    acts = [Act("open", number, *place) for number, place in enumerate(opened)]
    acts += [Act(kind, case % len(opened), opened[case % len(opened)][0]) for kind, case in moves]
    with closing(clone_in_memory(deployed)) as full:
        token = _employ(full, held)
        bare = clone_in_memory(full)
        worlds = World(full, FolderBlobs(tmp_path / "full")), World(bare, FolderBlobs(tmp_path / "bare"))
        with full.read() as tx:
            actor = people.find_actor(tx, "watcher", BEGIN.date())
        assert actor is not None
        outside = {number for number, (region, _) in enumerate(opened) if not access.may_see(actor, region)}
        inside = [number for number in range(len(opened)) if number not in outside]
        answers = []
        for world, skip in zip(worlds, (set[int](), outside), strict=True):
            world.play(acts, skip)
            world.label(access.regions_seen(actor), inside)
            monkeypatch.setattr(wall, "now", lambda world=world: world.now)
            app = create_app(
                Settings(data=tmp_path, secure_cookies=False, attachments=str(world.blobs.folder)),
                world.database,
            )
            watcher = Watcher(app.test_client(use_cookies=False), token, actor)
            answers.append(watcher.look(world, sorted(outside), _numbers(full)))
        bare.close()
        assert answers[0].keys() == answers[1].keys()
        for path, answer in answers[0].items():
            other = answers[1][path]
            place = next((i for i, (a, b) in enumerate(zip(answer, other, strict=False)) if a != b), 0)
            assert answer == other, (
                f"{path}: …{answer[place - 200 : place + 90]} | {other[place - 200 : place + 90]}"
            )


def _employ(database: Database, held: list[tuple[str, str]]) -> str:
    """The watcher's account with these positions; returns a token."""
    with database.write() as tx:
        people.add_account(tx, username="watcher", name="观", name_en="Watcher", password_hash="-")
        for role, region in held:
            people.add_position(tx, username="watcher", role=role, region=region, valid_from=BEGIN.date())
        actor = people.find_actor(tx, "watcher", BEGIN.date())
        assert actor is not None
        return create_token(tx, name="watching", actor=actor, at=BEGIN)[0]


def _numbers(database: Database) -> list[str]:
    with database.read() as tx:
        return list(tx.exec_driver_sql("SELECT number FROM cases ORDER BY id").scalars())
