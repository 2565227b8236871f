"""Staff and regions as tables: what is read, what is refused by row and column, and that twice is once."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from engine.actions.import_people import export_people, import_people
from engine.actions.region_tree import export_regions, import_regions, save_region
from engine.actions.sheets import RowsError, SheetError, read_rows, write_rows
from engine.errors import ForbiddenError, InputError
from engine.store import audit, people, staff
from engine.store.people import UnknownRegionError
from engine.types import Actor, Position
from tests.builders import Office

CHIEF = Actor(username="chief", positions=(Position(role="admin", region=""),))
HEAD = "username,name,name_en,role,region,valid_from,valid_to\n"


def _excel(*rows: list[Any]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


def _import(office: Office, data: str | bytes, actor: Actor = CHIEF, **more: Any) -> Any:
    content = data.encode() if isinstance(data, str) else data
    with office.database.write() as tx:
        return import_people(tx, data=content, actor=actor, at=office.now, **more)


def _positions(office: Office, username: str) -> set[tuple[str, str]]:
    with office.database.read() as tx:
        person = staff.find_person(tx, username)
    return {(held.role, held.region) for held in person.positions} if person else set()


NEW = (
    HEAD
    + "li.na,李娜,Li Na,town.officer,350481100,2026-01-01,\n"
    + "li.na,李娜,Li Na,town.leader,350481101,,2027-01-01\n"
)


def test_a_table_adds_people_and_twice_is_once(office: Office) -> None:
    dry = _import(office, NEW, dry_run=True)
    assert (dry.rows, dry.added, dry.written) == (2, 3, False)
    assert _positions(office, "li.na") == set()
    assert _import(office, NEW).written
    assert _positions(office, "li.na") == {("town.officer", "350481100"), ("town.leader", "350481101")}
    again = _import(office, NEW)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    with office.database.read() as tx:
        rows = audit.list_rows(tx, scope=("",), before=None, limit=50)
    assert [row.region for row in rows if row.kind == "people_imported"] == ["35048110"]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (",李娜,,,,,", "username"),
        ("li na,李娜,,,,,", "username"),
        ("li.na,,,,,,", "name"),
        ("li.na,李娜,,town.boss,350481100,,", "role"),
        ("li.na,李娜,,town.officer,999999,,", "region"),
        ("li.na,李娜,,town.officer,,,", "region"),
        ("li.na,李娜,,town.officer,350481100,01.02.2026,", "valid_from"),
        ("li.na,李娜,,town.officer,350481100,2026-13-01,", "valid_from"),
        ("li.na,李娜,,town.officer,350481100,2026-02-01,2026-01-01", "valid_to"),
    ],
)
def test_a_bad_row_is_told_by_row_and_column_and_nothing_is_written(
    office: Office, cells: str, column: str
) -> None:
    table = NEW + cells + "\n"
    with pytest.raises(RowsError) as refused:
        _import(office, table)
    [fault] = refused.value.errors
    assert fault.pointer == f"/rows/4/{column}"
    assert "第4行" in fault.zh
    assert "Row 4" in fault.en
    assert _positions(office, "li.na") == set()
    report = _import(office, table, skip_bad=True)
    assert (report.written, [(f.row, f.column) for f in report.faults]) == (True, [(4, column)])
    assert len(_positions(office, "li.na")) == 2


def test_two_rows_that_contradict_each_other_are_told(office: Office) -> None:
    with pytest.raises(RowsError) as refused:
        _import(office, NEW + NEW.splitlines()[1] + "\nli.na,李那,,,,,\n")
    assert [fault.pointer for fault in refused.value.errors] == ["/rows/4/username", "/rows/5/name"]


def test_an_administrator_imports_for_the_own_region_only(office: Office) -> None:
    with pytest.raises(ForbiddenError):
        _import(office, NEW, office.who("officer"))
    with pytest.raises(RowsError) as refused:
        _import(office, NEW.replace("350481101", "350404100"),
                Actor(username="a", positions=(Position(role="admin", region="350481"),)))  # fmt: skip
    assert [fault.pointer for fault in refused.value.errors] == ["/rows/3/region"]


def test_excel_with_chinese_headings_numbers_and_dates_is_read(office: Office) -> None:
    head = ["账号", "姓名", "岗位", "地区代码", "任职起"]
    _import(office, _excel(head, ["wu", "吴", "town.officer", 350481100, date(2026, 1, 1)], [None] * 5))
    assert _positions(office, "wu") == {("town.officer", "350481100")}
    _import(office, "账号,姓名\nxu,徐\n".encode("gb18030"))
    with office.database.read() as tx:
        found = staff.find_person(tx, "xu")
    assert found is not None
    assert found.name == "徐"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_is_imported_without_a_change(office: Office, form: Any) -> None:
    _import(office, HEAD + "'=evil,=1+1,,town.officer,350481100,2026-01-01,\n")
    with office.database.read() as tx:
        table = export_people(tx, actor=CHIEF, form=form)
        regions = export_regions(tx, actor=CHIEF, form=form)
    report = _import(office, table)
    assert (report.added, report.changed) == (0, 0)
    assert report.unchanged == report.rows > 20
    with office.database.write() as tx:
        report = import_regions(tx, data=regions, actor=CHIEF, at=office.now)
    assert (report.added, report.changed) == (0, 0)


def test_excel_keeps_codes_and_formulas_as_text() -> None:
    data = write_rows({"code": "代码"}, [["350481100"], ["=1+1"], ["0123"]], "xlsx")
    cells = [row[0] for row in load_workbook(io.BytesIO(data)).active.iter_rows()]  # type: ignore[union-attr]
    assert [(cell.value, cell.data_type) for cell in cells[1:]] == [
        ("350481100", "s"),
        ("=1+1", "s"),
        ("0123", "s"),
    ]
    assert b"'=1+1" in write_rows({"code": "代码"}, [["=1+1"]], "csv")


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04broken", b"\xff\xfe\x00\x00", b"username,colour\nx,y\n", b"username,username\n",
     b"username,name\n" + b"x" * 600 + b",y\n", _excel(), b"PK"],
)  # fmt: skip
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(SheetError) as refused:
        read_rows(data, {"username": "账号", "name": "姓名"})
    assert refused.value.zh


def test_progress_is_told(office: Office) -> None:
    rows = "".join(f"p{n},某{n},,town.officer,350481100,2026-01-01,\n" for n in range(1200))
    told: list[tuple[int, int]] = []
    note: Callable[[int, int], None] = lambda done, whole: told.append((done, whole))  # noqa: E731
    assert _import(office, HEAD + rows, progress=note).added == 2400
    assert told == [(500, 1200), (1000, 1200), (1200, 1200)]


REGIONS = "code,name,name_en,level,valid_from,valid_to,successor\n"


def test_merged_districts_are_imported_with_their_successor(office: Office) -> None:
    table = REGIONS + "350499,旧区,Old District,county,,2021-02-01,350404\n350499101,旧镇,,town,,,\n"
    with office.database.write() as tx:
        report = import_regions(tx, data=table.encode(), actor=CHIEF, at=office.now)
        assert (report.added, people.get_region(tx, "350499101").parent) == (2, "350499")
        actor = people.find_actor(tx, "county_sanyuan", office.now.date())
        town = people.find_actor(tx, "officer_sanyuan", office.now.date())
    assert actor is not None
    assert town is not None
    assert actor.holds("county.officer", "350499101")
    assert not any(held.region == "350499" for held in town.positions)
    with pytest.raises(RowsError) as refused, office.database.write() as tx:
        wrong = (
            REGIONS
            + "35x,a,,county,,,\n350498,a,,town,,,\n350497,a,,county,,2021-01-01,350000\n"
            + ("350496,a,,county,,,350404\n350404,三元区,Sanyuan District,county,,2022-01-01,350499\n")
        )
        import_regions(tx, data=wrong.encode(), actor=CHIEF, at=office.now)
    assert [fault.pointer for fault in refused.value.errors] == [
        "/rows/2/code", "/rows/3/level", "/rows/4/successor", "/rows/5/successor", "/rows/6/successor",
    ]  # fmt: skip


def test_a_region_is_saved_by_an_administrator_there(office: Office) -> None:
    said: dict[str, Any] = {"code": "350481199", "name": "新镇", "name_en": "New Town", "level": "town"}
    office.act(save_region, "admin", **said)
    renamed = office.act(save_region, "admin", **{**said, "name": "新名镇"})
    assert (renamed.name, renamed.parent) == ("新名镇", "350481")
    with pytest.raises(InputError) as refused:
        office.act(save_region, "admin", **{**said, "level": "county"})
    assert refused.value.errors[0].pointer == "/level"
    with pytest.raises(ForbiddenError):
        office.act(save_region, "county", **said)
    with pytest.raises(UnknownRegionError), office.database.read() as tx:
        people.get_region(tx, "3504811991")
