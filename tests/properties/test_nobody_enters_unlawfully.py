"""No sequence of actions enrols without application, investigation and confirmation, publishes an
identity number, lets an investigator confirm, or pays above the cap. `AIDFLOW_LIVES` sets how many."""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import closing

import pytest

from engine.store.db import Database, clone_in_memory
from tests.processes.ten_years import prepared
from tests.properties.judging import judge
from tests.properties.lives import Library, Life, read_library

LIVES = int(os.environ.get("AIDFLOW_LIVES", "40"))
FIRST = int(os.environ.get("AIDFLOW_FIRST_LIFE", "0"))
DEEP = ("minimum-living", "extreme-hardship", "temporary-aid", "emergency-aid", "low-income-household")


@pytest.fixture(scope="module")
def store() -> Database:
    return prepared()


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library()


@pytest.mark.parametrize("half", [0, 1])
def test_nobody_enters_unlawfully(store: Database, library: Library, half: int) -> None:
    told: Counter[str] = Counter()
    stories = sorted(library.stories, key=lambda one: (one.process not in DEEP, -len(one.steps)))
    for seed in range(FIRST + half, FIRST + LIVES, 2):
        dice = random.Random(seed)
        story = dice.choice(stories[: len(stories) // 4]) if dice.random() < 0.7 else dice.choice(stories)
        with closing(clone_in_memory(store)) as own:
            life = Life(own, library, dice, story)
            life.live()
            with own.read() as tx:
                try:
                    judge(tx, life.told)
                except AssertionError as error:
                    raise AssertionError(f"life {seed} ({story.file}): {error}") from error
            told += life.told
    # That the rules were put to the test at all: some got in lawfully, and much was tried in vain.
    wanted = {"enrolled", "decisions", "postings", "forbidden", "task-not-open", "invalid-answers"}
    assert told.keys() >= wanted | {"start refused", "early refused"}, told
