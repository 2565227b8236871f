"""The workbook: the filters on it, the same figures, text that stays text."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from engine.actions.supervision.board import get_board
from engine.actions.supervision.drilling import CaseQuery
from engine.actions.supervision.export import export_board
from tests.builders import THREE_STEPS, TOWN, Office
from tests.people_forms import id_number


@pytest.fixture
def office_at_work(office: Office) -> Office:
    office.deploy(three_bpmn=THREE_STEPS)
    office.open("three-steps")
    office.open("three-steps", region=f"{TOWN}201")
    return office


def workbook(office: Office, lang: str = "zh", **filters: Any) -> Any:
    with office.database.read() as tx:
        content = export_board(
            tx, actor=office.who("supervisor"), at=office.now, query=CaseQuery(**filters), lang=lang
        )
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(book: Any, sheet: str) -> list[tuple[Any, ...]]:
    return list(book[sheet].iter_rows(values_only=True))


def test_the_filters_stand_on_the_first_sheet(office_at_work: Office) -> None:
    book = workbook(office_at_work, region=f"{TOWN}201", light="yellow", open=True)
    assert book.sheetnames == ["条件", "按地区", "按流程", "按环节", "案件"]
    assert rows(book, "条件")[1:] == [
        ("生成时间", "2026-09-22 09:00"), ("地区", f"{TOWN}201"), ("灯色", "yellow"), ("仅未结", "True"),
    ]  # fmt: skip
    assert len(rows(book, "案件")) == 2


def test_the_figures_are_the_boards(office_at_work: Office) -> None:
    with office_at_work.database.read() as tx:
        board = get_board(tx, actor=office_at_work.who("supervisor"), at=office_at_work.now)
    exported = rows(workbook(office_at_work, lang="en"), "By region")[1:]
    assert [(row[0], row[-1]) for row in exported] == [(r.region, r.lights.total) for r in board.regions]


def test_codes_and_typed_text_stay_text_and_numbers_of_people_are_masked(office_at_work: Office) -> None:
    number = id_number()
    with office_at_work.database.write() as tx:  # as an older release might have kept it
        tx.exec_driver_sql("UPDATE cases SET business_key = ? WHERE region = ?", (f"=1+{number}", TOWN))
    book = workbook(office_at_work)
    cells = [cell for row in book["案件"].iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    keys = [row[5] for row in rows(book, "案件")[1:] if row[5]]
    assert len(keys) == 1
    assert keys[0].startswith("=1+")
    assert number not in keys[0]
    assert {row[0] for row in rows(book, "按地区")[1:]} == {"350481", TOWN, f"{TOWN}201"}
