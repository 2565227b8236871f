"""`aidflow calendar load`: a county day moves the deadlines of open cases, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from api.cli import cli
from engine.errors import ConflictError, DeploymentError
from engine.store.db import Database
from tests.api.conftest import Caller


def load(text: str, folder: Path) -> Any:
    file = folder / "days.yaml"
    file.write_text(text, encoding="utf-8")
    arguments = ["calendar", "load", str(file), "--data", str(folder)]
    return CliRunner().invoke(cli, arguments, standalone_mode=False, catch_exceptions=True)


def due_of_register(officer: Caller, case: dict[str, Any]) -> str:
    task = officer.get(f"/cases/{case['id']}").get_json()["tasks"][0]
    found: str = task["due_date"]
    return found


def test_county_day_moves_open_deadlines_and_is_announced_once(
    officer: Caller, case: dict[str, Any], api_database: Database, tmp_path: Path
) -> None:
    before = due_of_register(officer, case)
    text = (
        f"calendar: {{days: [{{from: {before}, works: false, region: '350481', zh: 停电, en: Power cut, "
        "announced: 2026-01-01, source: 永安市人民政府通告}]}"
    )
    result = load(text, tmp_path)
    assert result.exception is None, result.output
    assert "announced 1 days" in result.output
    assert due_of_register(officer, case) > before
    assert isinstance(load(text, tmp_path).exception, ConflictError)


@pytest.mark.parametrize("text", ["days: []", "calendar: {days: [{from: tomorrow}]}"])
def test_file_that_is_no_calendar_is_refused(text: str, api_database: Database, tmp_path: Path) -> None:
    assert isinstance(load(text, tmp_path).exception, DeploymentError)
