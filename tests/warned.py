"""A store with the shipped processes, tables of departments' signals, and what comes of importing them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.actions.reading import get_case, list_cases
from engine.actions.record import get_variables
from engine.actions.views import CaseSummary
from engine.actions.warnings.importing import WarningReport, import_warnings
from engine.actions.warnings.rows import COLUMNS
from engine.forms.kinds import id_check_digit
from engine.store.db import Database, clone_in_memory
from engine.store.ids import read_id
from engine.types import SYSTEM, Actor, Position
from engine.worker import Worker
from tests.processes.ten_years import OPENED, prepared

TOWN = "350481100"
COUNTY = Actor(
    username="county", name="王科员", positions=(Position(role="county.officer", region="350481"),)
)
DEPARTMENT = Actor(
    username="department", name="邱医保", positions=(Position(role="department.officer", region="350481"),)
)
OFFICER = Actor(username="officer", name="林协管", positions=(Position(role="town.officer", region=TOWN),))
_TEMPLATE: list[Database] = []


def person(number: int = 1) -> str:
    """A well-formed identity number."""
    first17 = f"35048119800101{number:03d}"
    return first17 + id_check_digit(first17)


def row(record: str = "YB1", **said: str) -> dict[str, str]:
    """A row that is right; 20,000 yuan of a yearly income of 30,000 is orange."""
    return {
        "source": "medical", "record": record, "name": "王强", "id_number": person(),
        "indicator": "medical_spending", "value": "20000", "income": "30000",
        "happened_on": "2026-10-01", "region": TOWN, **said,
    }  # fmt: skip


def weak(record: str = "RS1", **said: str) -> dict[str, str]:
    """One weak signal: yellow."""
    return row(record, **{"source": "employment", "indicator": "income_fall", "value": "", **said})


def table(*rows: dict[str, str]) -> bytes:
    """The rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@dataclass
class County:
    """A store at an instant, and what its people do there."""

    database: Database = field(default_factory=lambda: clone_in_memory(_template()))
    at: datetime = OPENED

    def take(self, *rows: dict[str, str], actor: Actor = COUNTY, dry_run: bool = False) -> WarningReport:
        return import_warnings(self.database, data=table(*rows), actor=actor, at=self.at, dry_run=dry_run)

    def wait(self, days: int) -> None:
        """Days pass; what comes due is done."""
        until = self.at + timedelta(days=days)
        worker = Worker(self.database)
        while (due := worker.next_due()) is not None and due <= until:
            self.at = max(self.at, due)
            if not worker.run_due(self.at):
                break
        self.at = until

    def do(self, action: Any, **said: Any) -> Any:
        """An action in a transaction of its own."""
        with self.database.write() as tx:
            return action(tx, at=self.at, **said)

    def cases(self, process: str = "early-warning") -> list[CaseSummary]:
        """The cases of a process, the newest first."""
        with self.database.read() as tx:
            return list(list_cases(tx, actor=SYSTEM, at=self.at, process=process, limit=200).items)

    def known(self, case: CaseSummary) -> dict[str, Any]:
        """What a case knows."""
        with self.database.read() as tx:
            return dict(get_variables(tx, case_id=read_id(case.id), actor=SYSTEM))

    def open_tasks(self, case: CaseSummary) -> dict[str, int]:
        """The open tasks of a case by element."""
        with self.database.read() as tx:
            view = get_case(tx, case_id=read_id(case.id), actor=SYSTEM, at=self.at)
        return {task.element_id: read_id(task.id) for task in view.tasks}


def _template() -> Database:
    if not _TEMPLATE:
        _TEMPLATE.append(prepared())
    return _TEMPLATE[0]
