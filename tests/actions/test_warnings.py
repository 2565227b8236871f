"""Departments' signals: what is refused, what changes nothing, how people are matched, graded, merged."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from bench.warnings import make_table
from engine.actions.complete_task import complete_task
from engine.actions.open_case import open_case
from engine.actions.sheets import SheetError, write_rows
from engine.actions.warnings import importing
from engine.actions.warnings.importing import import_warnings
from engine.actions.warnings.reading import list_warnings
from engine.actions.warnings.rows import COLUMNS
from engine.actions.withdraw_case import withdraw_case
from engine.errors import ConflictError, EngineFault, ForbiddenError
from engine.store import warnings
from engine.store.ids import read_id
from engine.types import SYSTEM, Actor, Position
from tests.warned import COUNTY, DEPARTMENT, OFFICER, TOWN, County, person, row, weak


@pytest.fixture
def county() -> County:
    return County()


def _counts(report: importing.WarningReport) -> tuple[int, ...]:
    return report.added, report.changed, report.unchanged, report.bad, report.opened, report.merged


def test_a_new_person_is_warned_of_in_a_case_by_the_system(county: County) -> None:
    assert _counts(county.take(row())) == (1, 0, 0, 0, 1, 0)
    (case,) = county.cases()
    assert (case.region, case.opened_by) == (TOWN, "system")
    assert county.known(case)["grade"] == "orange"
    assert set(county.open_tasks(case)) == {"home_check"}


@pytest.mark.parametrize(
    ("said", "grade"),
    [
        ({"value": "27360.01"}, "red"),  # 3 × 760 × 12 = 27,360
        ({"value": "27360", "income": "45600"}, None),  # 60 % exactly is not more than 60 %
        ({"value": "27360", "income": "45599.99"}, "orange"),
        ({"indicator": "main_earner_lost", "value": ""}, "red"),
        ({"indicator": "minor_unattended", "value": ""}, "red"),
        ({"indicator": "disability", "value": "2"}, "orange"),
        ({"indicator": "disability", "value": "3"}, "yellow"),
        ({"indicator": "aid_ended", "value": "", "happened_on": "2026-07-21"}, "orange"),
        ({"indicator": "aid_ended", "value": "", "happened_on": "2026-07-20"}, None),
        ({"indicator": "income_fall", "value": ""}, "yellow"),
        ({"indicator": "conflict", "value": "", "source": "police"}, None),  # they receive nothing
    ],
)
def test_the_table_grades_one_signal(county: County, said: dict[str, str], grade: str | None) -> None:
    county.take(row(**said))
    assert [county.known(case)["grade"] for case in county.cases()] == ([grade] if grade else [])


def test_several_indicators_raise_the_grade_and_one_told_twice_does_not(county: County) -> None:
    second = weak("JY1", id_number=person(2), source="education", indicator="school_hardship")
    county.take(weak(), weak("RS2", source="visit"), weak("RS3", id_number=person(2)), second)
    assert sorted(county.known(case)["grade"] for case in county.cases()) == ["orange", "yellow"]


def test_the_same_table_again_changes_nothing(county: County) -> None:
    rows = (row(), weak(id_number=person(2)), row("YB3", region="999999999"))
    county.take(*rows)
    before = _everything(county)
    assert _counts(county.take(*rows)) == (0, 0, 2, 1, 0, 0)
    assert _everything(county) == before


def test_a_row_in_another_table_is_known_again(county: County) -> None:
    county.take(row())
    assert _counts(county.take(row(), weak(id_number=person(2)))) == (1, 0, 1, 0, 1, 0)


def test_a_corrected_row_replaces_the_earlier_version_which_stays(county: County) -> None:
    county.take(row())
    assert _counts(county.take(row(value="30000"))) == (0, 1, 0, 0, 0, 1)
    (case,) = county.cases()
    assert county.known(case)["grade"] == "red"
    assert [one["amount"] for one in county.known(case)["signals"]] == ["30000"]
    with county.database.read() as tx:
        versions = tx.execute(text("SELECT version, replaced_by FROM warning_signals ORDER BY version")).all()
    assert [one.version for one in versions] == [1, 2]
    assert versions[0].replaced_by is not None
    # The first version once more is one that was taken already.
    assert _counts(county.take(row())) == (0, 0, 1, 0, 0, 0)


def test_a_correction_that_clears_the_signal_is_told_to_the_open_case(county: County) -> None:
    county.take(row())
    assert _counts(county.take(row(value="100"))) == (0, 1, 0, 0, 0, 1)
    (case,) = county.cases()
    assert county.known(case)["signals"][0]["grade"] == "none"
    assert county.known(case)["grade"] == "orange"  # never lowered by a machine


def test_signals_merge_for_ninety_days_and_raise_the_open_case(county: County) -> None:
    county.take(weak())
    county.wait(90)
    assert _counts(county.take(row())) == (1, 0, 0, 0, 0, 1)
    (case,) = county.cases()
    assert county.known(case)["grade"] == "red"  # orange, raised by a second indicator
    assert "home_check" in county.open_tasks(case)
    county.wait(1)
    assert _counts(county.take(weak("RS9", indicator="housing_damage", source="visit")))[4:] == (1, 0)


def test_a_closed_warning_does_not_swallow_a_new_signal(county: County) -> None:
    county.take(weak())
    (case,) = county.cases()
    county.do(withdraw_case, case_id=read_id(case.id), reason="迁出", actor=OFFICER)
    assert _counts(county.take(row()))[4:] == (1, 0)


def test_a_recipient_is_matched_in_the_household_file_of_the_same_county(county: County) -> None:
    aid = {
        "programme": "dibao", "applicant_name": "王强", "id_number": person(), "basis": "household",
        "household_size": 1, "amount_fen": 10000, "review_class": "stable", "first_month": "2026-11-01",
        "decision_number": "2026-350481100-000001", "bank_account": "6217001234567890122",
    }  # fmt: skip
    county.do(open_case, process="benefit", region=TOWN, answers=aid, actor=SYSTEM)
    county.take(weak(indicator="conflict", source="police"))
    (case,) = county.cases()
    assert (county.known(case)["standing"], county.known(case)["grade"]) == ("recipient", "yellow")


def test_every_fault_is_told_by_row_column_rule_and_masked_value(county: County) -> None:
    report = county.take(
        row("YB1", id_number="350481198001010014", phone="12345678901"),
        row("YB2", region="350404100"),
        row("350481198001010013"),
        row("YB4", happened_on="2026-10-21", source="邻居", value="两万"),
    )
    found = {(fault.row, fault.column, fault.rule) for fault in report.faults}
    assert found == {
        (2, "id_number", "idNumber"), (2, "phone", "mobile"), (3, "region", "own-region"),
        (4, "record", "no-identity-number"), (5, "happened_on", "not-in-the-future"),
        (5, "source", "known-source"), (5, "value", "yuan"),
    }  # fmt: skip
    shown = {fault.column: fault.value for fault in report.faults}
    assert (shown["id_number"], shown["record"]) == ("350481********0014", "350481********0013")
    assert all(fault.zh and fault.en for fault in report.faults)
    assert county.cases() == []


def test_a_record_that_says_two_things_in_one_table_is_taken_once(county: County) -> None:
    report = county.take(row(), row(value="30000"), row())
    assert [(fault.row, fault.rule) for fault in report.faults] == [(3, "one-version")]
    assert _counts(report)[:3] == (1, 0, 0)


def test_a_dry_run_says_the_same_and_writes_nothing(county: County) -> None:
    before = _everything(county)
    report = county.take(row(), row("YB2", name=""), dry_run=True)
    assert (_counts(report), report.written) == ((1, 0, 0, 1, 0, 0), False)
    assert _everything(county) == before


def test_excel_and_chinese_headings_will_do(county: County) -> None:
    heading = dict(zip(COLUMNS.values(), COLUMNS.values(), strict=True))
    said = {**dict.fromkeys(COLUMNS, ""), **row(source="医疗保障", indicator="自付医疗费")}
    data = write_rows(heading, [[said[column] for column in COLUMNS]], "xlsx")
    report = import_warnings(county.database, data=data, actor=DEPARTMENT, at=county.at)
    assert _counts(report) == (1, 0, 0, 0, 1, 0)


def test_an_import_that_was_cut_off_goes_on_where_it_was(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    rows = [row(f"YB{number}", id_number=person(number)) for number in range(1, 6)]
    rows[1]["name"] = ""
    kept = importing._keep
    calls: list[int] = []

    def cut_off(*said: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise EngineFault("the machine stopped", "机器停止。")
        kept(*said)

    monkeypatch.setattr(importing, "_keep", cut_off)
    with pytest.raises(EngineFault):
        county.take(*rows)
    assert county.cases() == []
    report = county.take(*rows)
    assert _counts(report) == (4, 0, 0, 1, 4, 0)
    assert len(calls) == 4  # the first batch was not taken again
    assert _counts(county.take(*rows)) == (0, 0, 4, 1, 0, 0)


def test_exactly_the_bad_rows_of_a_large_table_are_left_out(county: County) -> None:
    made = make_table(3000, 0.01, seed=7)
    report = import_warnings(county.database, data=made.data, actor=COUNTY, at=county.at)
    assert {fault.row for fault in report.faults} == made.bad
    assert report.added == 3000 - len(made.bad)
    again = import_warnings(county.database, data=made.data, actor=COUNTY, at=county.at)
    assert _counts(again) == (0, 0, report.added, len(made.bad), 0, 0)


def test_nobody_else_may_import_and_no_other_file_is_taken(county: County) -> None:
    with pytest.raises(ForbiddenError):
        county.take(row(), actor=OFFICER)
    with pytest.raises(SheetError):
        import_warnings(county.database, data=b"a,b\n1,2\n", actor=COUNTY, at=county.at)


def test_the_list_shows_ones_own_regions_by_grade(county: County) -> None:
    county.take(row(), weak(id_number=person(2)))
    elsewhere = Actor(username="x", positions=(Position(role="town.officer", region="350404100"),))
    assert {one.grade for one in _listed(county, OFFICER)} == {"yellow", "orange"}
    assert [one.grade for one in _listed(county, OFFICER, grade="orange")] == ["orange"]
    assert _listed(county, OFFICER, region="350481101") == []
    assert _listed(county, elsewhere) == []


def test_no_plain_number_stands_in_the_tables_and_signals_cannot_be_taken_back(county: County) -> None:
    county.take(row(phone="13800000000"))
    with county.database.read() as tx:
        rows = [str(one) for one in tx.execute(text("SELECT * FROM warning_signals")).all()]
        rows += [str(one) for one in tx.execute(text("SELECT * FROM warnings")).all()]
    assert not any(person() in one or "13800000000" in one or "王强" in one for one in rows)
    for statement in ("DELETE FROM warning_signals", "UPDATE warning_signals SET indicator = 'x'"):
        with pytest.raises(ConflictError), county.database.write() as tx:
            tx.execute(text(statement))


def test_signals_are_found_again_under_another_key(county: County) -> None:
    county.take(row())
    with county.database.write() as tx:
        last = warnings.index_signals_anew(tx, -1, 10)
        assert last is not None
        assert warnings.index_signals_anew(tx, last, 10) is None
    assert _counts(county.take(row(), weak())) == (1, 0, 1, 0, 0, 1)


def test_a_home_check_leads_to_the_study(county: County) -> None:
    county.take(row())
    (case,) = county.cases()
    helper = Actor(username="helper", positions=(Position(role="village.helper", region=TOWN),))
    said = {
        "checked_at": county.at.isoformat(),
        "check_place": "村口",
        "hardship": "none",
        "check_note": "无",
    }
    task_id = county.open_tasks(case)["home_check"]
    county.do(complete_task, task_id=task_id, answers=said, seen_version=None, actor=helper)
    assert set(county.open_tasks(case)) == {"study"}
    # What comes later for a person under study is not lost, and a higher grade sends them out again.
    county.take(weak(indicator="crisis", source="hotline"))
    assert set(county.open_tasks(case)) == {"home_check"}


def _listed(county: County, actor: Actor, **said: Any) -> list[Any]:
    with county.database.read() as tx:
        return list(list_warnings(tx, actor=actor, at=county.at, **said).items)


def _everything(county: County) -> list[str]:
    """Every row that an import could write."""
    names = ("warning_imports", "warning_signals", "warnings", "cases", "events", "audit")
    with county.database.read() as tx:
        return [str(one) for name in names for one in tx.execute(text(f"SELECT * FROM {name}")).all()]  # noqa: S608
