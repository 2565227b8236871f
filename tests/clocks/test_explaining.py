"""Every kind of sentence a deadline can say, whole, in both languages."""

from __future__ import annotations

import pytest

from engine.clocks import Calendar, CalendarDay, Clock, Limit, extend, pause, recalculate, resume, stop
from tests.clocks.moments import NATION, SPECIAL, a_clock, day, moment

HEAD_ZH = "自2026年9月22日起20个工作日（当日不计），依据民发〔2022〕83号 四(一)；"
OFF_ZH = "9月25日至27日中秋放假；10月1日至7日国庆节放假；10月10日调休上班；"
HEAD_EN = "20 working days from 2026-09-22, that day excluded (民发〔2022〕83号 四(一)); "
OFF_EN = "09-25..27 Mid-autumn Festival; 10-01..07 National Day; 10-10 worked in exchange for a holiday; "
PLACEHOLDER = Limit("hours", 24, "temp.first", "本地默认", placeholder=True)
PUBLICITY = Limit("calendar_days", 7, "publicity", "民发〔2021〕57号 Art.19")


def held(
    clock: Clock, begin: str, end: str | None = None, ground: str = "补正材料", cause: str = ""
) -> Clock:
    clock = pause(clock, moment(begin), "officer", ground, cause=cause)
    return resume(clock, moment(end), "officer", cause=cause) if end else clock


def extended() -> Clock:
    at = moment("2026-10-20 10:00")
    return extend(a_clock(), at, "officer", SPECIAL, "公示有异议", "leader", "四(一)", calendar=NATION)


def corrected() -> tuple[Clock, Calendar]:
    off = CalendarDay(
        day=day("2026-10-15"),
        works=False,
        zh="县庆",
        en="County day",
        announced=day("2026-10-01"),
        source="x",
    )
    calendar = Calendar([off])
    clock = a_clock()
    return recalculate(clock, calendar, moment("2026-10-09"), clock.due(NATION), ground="县庆放假"), calendar


CASES: dict[str, tuple[Clock, str, str]] = {
    "plain": (a_clock(), HEAD_ZH + OFF_ZH + "2026年10月27日到期。", HEAD_EN + OFF_EN + "due 2026-10-27."),
    "paused two days": (
        held(a_clock(), "2026-09-28 10:00", "2026-09-30 10:00"),
        HEAD_ZH + OFF_ZH + "9月28日至29日暂停（补正材料），2个工作日不计入；2026年10月29日到期。",
        HEAD_EN + OFF_EN + "paused 09-28..29 (补正材料), 2 working days not counted; due 2026-10-29.",
    ),
    "paused within a day": (
        held(a_clock(), "2026-09-28 10:00", "2026-09-28 15:00"),
        HEAD_ZH + OFF_ZH + "9月28日暂停（补正材料），不影响期限；2026年10月27日到期。",
        HEAD_EN + OFF_EN + "paused 09-28 (补正材料), no day lost; due 2026-10-27.",
    ),
    "paused now": (
        held(a_clock(), "2026-09-28 10:00"),
        HEAD_ZH + OFF_ZH + "9月28日起暂停（补正材料），还剩17个工作日，恢复后再定到期日。",
        HEAD_EN
        + OFF_EN
        + "paused since 09-28 (补正材料) with 17 working days left; the due date is set when it resumes.",
    ),
    "held by the parent": (
        held(a_clock(), "2026-09-28 10:00", ground="", cause="case"),
        HEAD_ZH + OFF_ZH + "9月28日起暂停（随上级时限暂停），还剩17个工作日，恢复后再定到期日。",
        HEAD_EN
        + OFF_EN
        + "paused since 09-28 (with its parent clock) with 17 working days left; "
        + "the due date is set when it resumes.",
    ),
    "paused too late": (
        held(a_clock(), "2026-10-28 10:00"),
        HEAD_ZH + OFF_ZH + "10月28日起暂停（补正材料），暂停时已逾期；2026年10月27日到期。",
        HEAD_EN + OFF_EN + "paused since 10-28 (补正材料), after it was due; due 2026-10-27.",
    ),
    "extended": (
        extended(),
        HEAD_ZH + OFF_ZH + "10月20日延长至45个工作日（公示有异议，四(一)，leader批准）；2026年12月1日到期。",
        HEAD_EN
        + OFF_EN
        + "extended to 45 working days on 10-20 (公示有异议, 四(一); approved by leader); due 2026-12-01.",
    ),
    "promised": (
        a_clock(promised=Limit("workdays", 15)),
        HEAD_ZH + OFF_ZH + "承诺15个工作日，10月20日到期；2026年10月27日到期。",
        HEAD_EN + OFF_EN + "promised within 15 working days, by 10-20; due 2026-10-27.",
    ),
    "stopped": (
        stop(a_clock(), moment("2026-10-20 10:00")),
        HEAD_ZH + OFF_ZH + "2026年10月27日到期；10月20日终止计时。",
        HEAD_EN + OFF_EN + "due 2026-10-27; stopped on 10-20.",
    ),
    "provisional": (
        a_clock("2026-12-22 09:00"),
        (
            "自2026年12月22日起20个工作日（当日不计），依据民发〔2022〕83号 四(一)；"
            "暂定：2027年放假安排尚未公布，暂只扣除周末；2027年1月19日到期。"
        ),
        (
            "20 working days from 2026-12-22, that day excluded (民发〔2022〕83号 四(一)); "
            "provisional: the holidays of 2027 are not published yet, only weekends are left out; "
            "due 2027-01-19."
        ),
    ),
    "rolled": (
        a_clock("2026-09-28 09:00", PUBLICITY),
        (
            "自2026年9月28日起7天（当日不计），依据民发〔2021〕57号 Art.19；"
            "期末10月5日为休息日，顺延至10月8日；2026年10月8日到期。"
        ),
        (
            "7 calendar days from 2026-09-28, that day excluded (民发〔2021〕57号 Art.19); "
            "the last day 10-05 is a day off, so it moves to 10-08; due 2026-10-08."
        ),
    ),
    "hours": (
        held(a_clock("2026-10-02 14:00", PLACEHOLDER), "2026-10-02 15:00", "2026-10-02 18:20"),
        (
            "自2026年10月2日14:00起24小时（节假日连续计算），依据本地默认（暂定值，本地标准待确认）；"
            "10月2日15:00起暂停3小时20分钟（补正材料）；2026年10月3日17:20到期。"
        ),
        (
            "24 hours from 2026-10-02 14:00, holidays included (本地默认) "
            "(placeholder: the local figure is not known); "
            "paused 3 h 20 min from 10-02 15:00 (补正材料); due 2026-10-03 17:20."
        ),
    ),
}


@pytest.mark.parametrize(("clock", "zh", "en"), CASES.values(), ids=CASES.keys())
def test_a_deadline_explains_itself(clock: Clock, zh: str, en: str) -> None:
    assert clock.explain(NATION, "zh-CN") == zh
    assert clock.explain(NATION, "en") == en


def test_a_recalculated_deadline_says_what_it_was() -> None:
    clock, calendar = corrected()
    assert "10月9日重新计算（县庆放假）：由10月27日改为10月28日；2026年10月28日到期。" in clock.explain(
        calendar, "zh-CN"
    )
    assert "recalculated on 10-09 (县庆放假): 10-27 became 10-28; due 2026-10-28." in clock.explain(
        calendar, "en"
    )
    assert "10-15 County day" in clock.explain(calendar, "en")
