"""`python -m bench.fill DATA [CASES]`: a database with many cases, to see what pages cost in it.

Some cases are played through the real actions, on their real days; then their rows are copied under new
ids, numbers, regions and holders, sealed and chained anew, so that every copy can be opened, read and
worked on. Not copied: what the outbox has sent already, attachments, and the proofs of derived rows,
which name the ids of the case that was played (`aidflow verify` says so).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

import structlog
from sqlalchemy import select

from bench.copying import Template, copy_rows, read_templates
from engine.actions.seed_people import seed_demo_accounts, seed_regions
from engine.clocks import wall
from engine.definitions import read_folder
from engine.demo.seeding import PlannedCase, plan, play, seed_demo
from engine.scenarios.reading import read_scenario
from engine.store import people, schema, staff
from engine.store.db import Database, Tx, open_database
from engine.store.people_tables import accounts

PROCESSES = Path(__file__).parent.parent / "processes"
POSTS = (
    ("helper", "village.helper"), ("officer", "town.officer"), ("officer2", "town.officer"),
    ("leader", "town.leader"),
)  # fmt: skip
COUNTY_POSTS = (
    ("county", "county.officer"), ("county2", "county.checker"), ("supervisor", "county.supervisor"),
    ("coordinator", "county.coordinator"),
)  # fmt: skip
_SINCE = date(2020, 1, 1)
_PAST = timedelta(days=730)


def fill(
    database: Database, *, cases: int, at: datetime, open_share: float = 0.2, played: int = 160, seed: int = 1
) -> int:
    """Fill a migrated database up to so many cases, `open_share` of them open; returns how many it added."""
    draw = Random(seed)
    with database.write() as tx:
        seed_regions(tx)
        seed_demo_accounts(tx)
        towns = _staffed_towns(tx)
    added = seed_demo(database, processes=PROCESSES, at=at)
    added += _play_past(database, at, played)
    with database.read() as tx:
        templates = read_templates(tx)
    open_, closed = ([t for t in templates if t.is_open == wanted] for wanted in (True, False))
    wanted = max(0, cases - len(templates))
    choices = _choose(draw, open_, closed, int(cases * open_share) - len(open_))
    todo = islice(choices, wanted)
    while batch := [(template, draw.choice(towns)) for template in islice(todo, 500)]:
        with database.write() as tx:
            copy_rows(tx, batch)
        added += len(batch)
        print(f"\r{added} cases", end="", file=sys.stderr)
    print(file=sys.stderr)
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
    return added


def _choose(
    draw: Random, open_: list[Template], closed: list[Template], still_open: int
) -> Iterator[Template]:
    for _ in range(still_open):
        yield draw.choice(open_)
    while True:
        yield draw.choice(closed)


def _play_past(database: Database, at: datetime, count: int) -> int:
    """Play scenarios to their end on days spread over two years before `at`."""
    planned = [case for case in plan() if not case.exact and not case.staff]
    longest: dict[str, PlannedCase] = {}
    for case in planned:
        longest[case.scenario] = max(longest.get(case.scenario, case), case, key=lambda p: p.acts)
    found = read_folder(PROCESSES)
    ends, added = list(longest.values()), 0
    for number in range(count):
        chosen = ends[number % len(ends)]
        scenario = read_scenario(found[chosen.scenario], file=chosen.scenario)
        quiet = timedelta(days=20) + number * _PAST / count
        case = PlannedCase(
            scenario=chosen.scenario, acts=99, quiet=quiet, region=chosen.region, staff="", exact=False
        )
        added += play(database, scenario, case, 1000 + number, at)
    return added


def _staffed_towns(tx: Tx) -> list[str]:
    """Every town, with people of its own to work there (`officer_350404101`), and its county's."""
    today = {region.code: region for region in people.list_regions(tx) if region.successor is None}
    known = set(tx.scalars(select(accounts.c.username)))
    towns = [region for region in today.values() if region.level == "town"]
    posts = [(name, role, town) for town in towns for name, role in POSTS]
    counties = (region for region in today.values() if region.level == "county")
    posts += [(name, role, county) for county in counties for name, role in COUNTY_POSTS]
    new = [post for post in posts if f"{post[0]}_{post[2].code}" not in known]
    named = (
        {"username": f"{n}_{r.code}", "name": f"{r.name}{_WORDS[n]}", "name_en": f"{r.name_en} {n}"}
        for n, _, r in new
    )
    staff.add_accounts(tx, [{**names, "must_change": False} for names in named])
    held = [
        {"username": f"{n}_{r.code}", "role": role, "region": r.code, "valid_from": _SINCE, "valid_to": None}
        for n, role, r in new
    ]
    staff.add_positions(tx, held)
    return [town.code for town in towns]


_WORDS = {
    "helper": "协理", "officer": "协管甲", "officer2": "协管乙", "leader": "镇长", "county": "科员甲",
    "county2": "科员乙", "supervisor": "督查", "coordinator": "专班",
}  # fmt: skip


def main(arguments: list[str]) -> None:
    """Make the folder's database if there is none, and fill it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    folder = Path(arguments[0])
    count = int(arguments[1]) if len(arguments) > 1 else 100_000
    folder.mkdir(parents=True, exist_ok=True)
    with closing(open_database(f"sqlite:///{folder / 'aidflow.db'}")) as database:
        schema.upgrade(database)
        fill(database, cases=count, at=wall.now())


if __name__ == "__main__":
    main(sys.argv[1:])
