"""The pages of early warning: the list, and a table tried and taken in."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from engine.actions.deploy import deploy
from engine.clocks import wall
from engine.definitions import read_folder
from engine.definitions.scenario_files import is_scenario
from engine.store.db import Database
from engine.types import SYSTEM
from tests.processes.ten_years import PROCESSES
from tests.warned import person, row, table, weak
from tests.web.conftest import Visitor

Visit = Callable[[str], Visitor]


@pytest.fixture
def shipped(database: Database) -> None:
    files = {name: data for name, data in read_folder(PROCESSES).items() if not is_scenario(name, data)}
    with database.write() as tx:
        deploy(tx, files=files, actor=SYSTEM, at=wall.now())


def _sent(data: bytes, act: str) -> dict[str, Any]:
    return {"table": (io.BytesIO(data), "table.csv"), "act": act}


@pytest.mark.usefixtures("shipped")
def test_a_table_is_tried_corrected_and_taken_in(visit: Visit) -> None:
    day = wall.now().date().isoformat()
    wrong = row("YB3", id_number="350481198001010014", happened_on=day)
    department = visit("department")
    assert "/warnings/import" in department.see("/warnings")
    tried = department.send("/warnings/import", _sent(table(row(happened_on=day), wrong), "try"))
    assert "试导入：未写入任何内容" in tried
    assert "350481********0014" in tried
    assert "350481198001010014" not in tried
    assert "没有符合条件的预警" in department.see("/warnings")
    both = table(row(happened_on=day), weak(id_number=person(2), happened_on=day))
    assert "已导入" in department.send("/warnings/import", _sent(both, "import"))
    officer = visit("officer")
    page = officer.see("/warnings")
    assert page.count('href="/cases/') >= 2
    assert "橙色" in page
    assert "/warnings/import" not in page
    yellow = officer.see("/warnings?grade=yellow&region=350481100")
    assert yellow.count('<td data-label="编号"') == 1
    assert "没有符合条件的预警" in visit("officer_sanyuan").see("/warnings")


@pytest.mark.usefixtures("shipped")
def test_the_pages_speak_english_and_stand_in_the_navigation(visit: Visit) -> None:
    county = visit("county")
    county.in_english()
    assert 'href="/warnings"' in county.see("/work")
    page = county.send("/warnings/import", _sent(table(row(source="x")), "try"))
    assert "Dry run: nothing was written" in page
    assert "one of medical" in page


@pytest.mark.usefixtures("shipped")
def test_a_broken_table_and_a_town_are_refused(visit: Visit) -> None:
    visit("county").send("/warnings/import", _sent(b"a,b\n1,2\n", "try"), status=422)
    visit("officer").send("/warnings/import", _sent(table(row()), "import"), status=403)
    assert "县级经办和部门经办" in visit("officer").see("/warnings/import")
