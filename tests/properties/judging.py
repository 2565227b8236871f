"""What must hold of every store whatever was done in it, read from history, postings and ledger alone.

The rules are written down here a second time, with their numbers, and look at no process file.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from engine.actions.record import get_record
from engine.actions.views import EventView
from engine.store import cases, funds, links, notices
from engine.store.db import Tx
from engine.types import SYSTEM

STANDARD = 76000
VISITS = {"home_visit", "cosign_visit"}
AGAIN = {
    "reinvestigate",
    "cosign_reinvestigation",
    "resurvey",
    "cosign_resurvey",
    "revisit",
    "cosign_revisit",
}
APART = {
    "minimum-living": (VISITS | AGAIN, {"confirm", "county_decide"}),
    "extreme-hardship": (VISITS | AGAIN, {"confirm", "county_decide"}),
    "low-income-household": (VISITS, {"confirm", "county_decide"}),
    "benefit-review": (VISITS | AGAIN, {"decide"}),
    "extreme-hardship-end": ({"end_survey", "cosign_end_survey"}, {"decide_end"}),
    "temporary-aid": ({"check_spending", "cosign_check"}, {"town_decide", "county_decide"}),
}
PAIRS = (("home_visit", "cosign_visit"), ("check_spending", "cosign_check"))
APPROVED = {"approve", "confirm", "aid"}
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


class Done(NamedTuple):
    """A task that was completed: where in the history, by whom (and for whom), with which answers."""

    seq: int
    task: str
    who: frozenset[str]
    answers: dict[str, Any]


class Story(NamedTuple):
    """One case as its history tells it."""

    case_id: int
    process: str
    events: list[EventView]
    done: list[Done]

    def last(self, *tasks: str) -> Done | None:
        return next((one for one in reversed(self.done) if one.task in tasks), None)


def judge(tx: Tx, told: Counter[str]) -> None:
    """Hold everything in the store against the rules; count what was there to be held."""
    stories = {story.case_id: story for story in _stories(tx)}
    for story in stories.values():
        _apart(story, told)
        _nothing_posted(tx, story, told)
        _quick_aid(story, told)
        if story.process == "benefit":
            told["enrolled"] += 1
            _enrolled(tx, stories, story)
    for case_id, amounts in _paid(tx).items():
        told[f"paid {stories[case_id].process}"] += len(amounts)
        _capped(tx, stories, stories[case_id], amounts)


def _stories(tx: Tx) -> Iterator[Story]:
    for case_id in cases.list_ids(tx, 0, 1000):
        row, _ = cases.get_case(tx, case_id)
        events = get_record(tx, case_id=row.id, actor=SYSTEM)
        done = [
            Done(e.seq, e.data["task"], frozenset({e.actor, e.data.get("for") or e.actor}), e.data["answers"])
            for e in events
            if e.kind == "task_completed"
        ]
        yield Story(row.id, row.process, events, done)


def _apart(story: Story, told: Counter[str]) -> None:
    """Nobody decides what they looked into, and two look."""
    looked, decided = APART.get(story.process, (set(), set()))
    for one in story.done:
        for other in story.done:
            both = one.who & other.who
            assert not (one.task in looked and other.task in decided and both), (story.process, one, other)
            assert not ((one.task, other.task) in PAIRS and both), (story.process, one, other)
        told["decisions"] += one.task in decided


def _nothing_posted(tx: Tx, story: Story, told: Counter[str]) -> None:
    for row in notices.list_of_case(tx, story.case_id):
        if row.township is not None:
            told["postings"] += 1
            found = _ID_NUMBER.search(json.dumps(row.payload, ensure_ascii=False, default=str))
            assert found is None, (story.process, row.key, row.payload)


def _enrolled(tx: Tx, stories: dict[int, Story], benefit: Story) -> Story:
    """Application, investigation by two, publicity, and a decision that says yes came before."""
    opener = links.find_opener(tx, benefit.case_id)
    assert opener is not None, "a benefit without a case that opened it"
    source = stories[opener.case_id]
    if source.process == "extreme-hardship-review":
        earlier = links.find_opener(tx, source.case_id)
        assert earlier is not None, "an award without a decision"
        source = stories[earlier.case_id]
    assert source.process in ("minimum-living", "extreme-hardship"), source.process
    assert source.events[0].kind == "case_opened"
    begun = source.events[0].data["answers"]
    assert begun.get("authorised"), begun
    assert begun.get("committed"), begun
    decision = source.last("confirm", "county_decide")
    assert decision is not None, "nobody confirmed"
    assert decision.answers.get("decision") in APPROVED, decision
    tasks = {one.task for one in source.done if one.seq < decision.seq}
    assert tasks >= VISITS, tasks
    passed = {name for e in source.events if e.seq < decision.seq for name in e.data.get("completed", ())}
    assert "post_publicity" in tasks, tasks
    assert "publicity_ended" in passed, passed
    return source


def _paid(tx: Tx) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for fund in funds.list_funds(tx, scope=("",)):
        for entry, _ in funds.list_entries(tx, fund.id):
            if entry.kind == "pay" and entry.case_id is not None:
                found[entry.case_id].append(entry.amount)
    return found


def _capped(tx: Tx, stories: dict[int, Story], paid: Story, amounts: list[int]) -> None:
    begun = paid.events[0].data.get("answers", {})
    match paid.process:
        case "benefit":
            source = _enrolled(tx, stories, paid)
            size = begun["household_size"]
            most = STANDARD * size if source.process == "minimum-living" else STANDARD * 13 // 10 + 62800
            assert max(amounts) <= most, (amounts, most)
        case "temporary-aid":
            decision = paid.last("town_decide", "county_decide")
            assert decision is not None, "nobody approved"
            tasks = {one.task for one in paid.done if one.seq < decision.seq}
            assert tasks >= {"check_spending", "cosign_check", "post_publicity"}, tasks
            assert sum(amounts) <= STANDARD * begun["people_helped"] * min(6, begun["hardship_months"])
            assert decision.task == "county_decide" or sum(amounts) <= 500_000, amounts
        case _:
            assert links.find_opener(tx, paid.case_id) is not None, "paid without a case that decided"


def _quick_aid(story: Story, told: Counter[str]) -> None:
    """Quick aid is at most one month's standard unless the coordination group has spoken."""
    if story.process != "emergency-aid":
        return
    group = any(
        name in event.data.get("completed", ()) for event in story.events
        for name in ("one_case_one_policy", "group_orders", "group_acts")
    )  # fmt: skip
    for one in story.done:
        amount = one.answers.get("paid_fen")
        if amount is not None and not group:
            told["quick aid"] += 1
            assert amount <= STANDARD, one
