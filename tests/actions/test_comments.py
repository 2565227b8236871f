"""Comments on a case: on record, for those who may see it, and told to whom they mention."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from engine.actions.comments import add_comment, count_unseen, list_comments, list_mentions, mark_seen
from engine.actions.reading import get_case
from engine.actions.verify import verify
from engine.actions.views import CaseView
from engine.errors import ForbiddenError, InputError, NotFoundError
from engine.store.comment_tables import mentions
from engine.store.ids import read_id
from engine.store.tables import outbox
from engine.types import Actor, Position
from tests.builders import THREE_STEPS, TUESDAY, Office


@pytest.fixture
def case(office: Office) -> CaseView:
    office.deploy(three_steps_bpmn=THREE_STEPS)
    return office.open("three-steps")


def say(office: Office, case: CaseView, text: str, by: str = "officer") -> None:
    office.act(add_comment, by, case_id=read_id(case.id), text=text)


def test_a_comment_stands_on_record_and_moves_nothing(office: Office, case: CaseView) -> None:
    say(office, case, "  邻居称其子在外务工。  ")
    assert office.kinds(case) == ["case_opened", "comment_added"]
    assert office.look(case).version == case.version
    with office.database.read() as tx:
        (found,) = list_comments(tx, case_id=read_id(case.id), actor=office.who("leader"))
        assert (found.by, found.text, found.mentions) == ("officer", "邻居称其子在外务工。", ())
        assert verify(tx, at=office.now).problems == ()


def test_who_is_mentioned_is_told_once_and_sees_it_until_read(office: Office, case: CaseView) -> None:
    say(office, case, "请@leader和 @officer2 看一下；a@b.cn 不是账号，@leader，@officer自己也不算。")
    with office.database.read() as tx:
        told = [row.type for row in tx.execute(outbox.select()) if row.type == "mention"]
        assert told == ["mention", "mention"]
        (found,) = list_mentions(tx, actor=office.who("leader")).items
        assert found.comment.mentions == ("leader", "officer2")
        assert found.case_number == case.number
        assert count_unseen(tx, actor=office.who("leader")) == 1
        assert count_unseen(tx, actor=office.who("officer")) == 0
    office.act(mark_seen, "leader")
    office.advance(TUESDAY)
    with office.database.read() as tx:
        assert count_unseen(tx, actor=office.who("leader")) == 0
        assert count_unseen(tx, actor=office.who("officer2")) == 1
        assert verify(tx, at=office.now).problems == ()


def test_mentions_come_a_page_at_a_time_newest_first(office: Office, case: CaseView) -> None:
    for number in range(5):
        say(office, case, f"第{number}次 @leader")
    with office.database.read() as tx:
        first = list_mentions(tx, actor=office.who("leader"), limit=3)
        rest = list_mentions(tx, actor=office.who("leader"), limit=3, cursor=first.next)
    texts = [item.comment.text for item in (*first.items, *rest.items)]
    assert texts == [f"第{number}次 @leader" for number in (4, 3, 2, 1, 0)]
    assert rest.next is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("   ", "must not be empty"),
        ("字" * 2001, "2001 characters"),
        ("@nobody 请看", "'nobody', which does not exist"),
        ("@designer 请看", "'designer', who may not see this case"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    office: Office, case: CaseView, text: str, says: str
) -> None:
    with pytest.raises(InputError) as refused:
        say(office, case, text)
    assert says in refused.value.errors[0].en
    assert refused.value.errors[0].pointer == "/text"
    assert office.kinds(case) == ["case_opened"]


def test_only_those_who_work_on_cases_there_comment(office: Office, case: CaseView) -> None:
    with pytest.raises(NotFoundError):
        say(office, case, "你好", by="designer")
    with pytest.raises(ForbiddenError):
        say(office, case, "你好", by="admin")
    elsewhere = Actor(username="x", positions=(Position(role="town.officer", region="350402"),))
    with office.database.read() as tx, pytest.raises(NotFoundError):
        list_comments(tx, case_id=read_id(case.id), actor=elsewhere)


def test_an_identity_number_in_a_comment_is_masked_for_good(office: Office, case: CaseView) -> None:
    say(office, case, "身份证 110101199003070011 有误")
    assert "110101********0011" in office.history(case)[-1].data["text"]


def test_a_closed_case_can_still_be_commented(office: Office, case: CaseView) -> None:
    office.complete(case, "check")
    office.complete(case, "visit")
    office.complete(case, "confirm", "leader")
    say(office, case, "已归档 @leader")
    with office.database.read() as tx:
        assert get_case(tx, case_id=read_id(case.id), actor=office.who("leader"), at=office.now).closed_at
        assert verify(tx, at=office.now).problems == ()


def test_the_verifier_misses_a_mention_that_was_taken_out(office: Office, case: CaseView) -> None:
    say(office, case, "@leader 请看")
    with office.database.write() as tx:
        tx.execute(delete(mentions))
    with office.database.read() as tx:
        assert [fault.kind for fault in verify(tx, at=office.now).problems] == ["mention"]
