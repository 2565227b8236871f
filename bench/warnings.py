"""A month of departments' data: a table by a seed, imported twice into a store of its own.

`python -m bench.warnings --rows 100000 --bad 0.01 --seed 7` says how long each import took, how much
memory the process took at most, and whether exactly the bad rows were left out.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from engine.actions.deploy import deploy
from engine.actions.seed_means import seed_demo_means
from engine.actions.seed_people import seed_demo_accounts, seed_regions
from engine.actions.warnings.importing import WarningReport, import_warnings
from engine.actions.warnings.rows import COLUMNS
from engine.definitions import read_folder
from engine.definitions.scenario_files import is_scenario
from engine.forms.kinds import id_check_digit
from engine.store import schema
from engine.store.db import Database, open_database
from engine.types import SYSTEM, Actor, Position

AT = datetime.fromisoformat("2026-09-22T09:00:00+08:00")
COUNTY = Actor(username="county", positions=(Position(role="county.officer", region="350481"),))
REGIONS = ("350481100", "350481100201", "350481100202", "350481100203")
WARNED = 0.01  # of the rows that are right: most of a department's data is about people who get by
_PROCESSES = Path(__file__).parents[1] / "processes"
_FAULTS = (
    ("id_number", "350481198001010014"), ("region", "999999999"), ("happened_on", "2026-13-01"),
    ("value", "两万"), ("source", "邻居"), ("name", ""), ("indicator", "富裕"), ("phone", "12345"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A table as bytes, and the numbers of the rows that are wrong on purpose."""

    data: bytes
    bad: frozenset[int]


def make_table(rows: int, bad: float, seed: int, *, warned: float = WARNED) -> Table:
    """The same table for the same arguments; the share `bad` of its rows is wrong, each in one cell."""
    draw = random.Random(seed)
    wrong = frozenset(draw.sample(range(2, rows + 2), round(rows * bad)))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS))
    writer.writeheader()
    for number in range(2, rows + 2):
        row = _row(draw, number, warned)
        if number in wrong:
            column, value = draw.choice(_FAULTS)
            row[column] = value
        writer.writerow(row)
    return Table(text.getvalue().encode(), wrong)


def _row(draw: random.Random, number: int, warned: float) -> dict[str, str]:
    born = date(1940, 1, 1) + timedelta(days=number % 28_000)
    digits = f"350481{born:%Y%m%d}{number // 28_000:03d}"
    is_warned = draw.random() < warned
    return {
        "source": "medical", "record": f"YB{number:08d}", "name": "林小满",
        "id_number": digits + id_check_digit(digits), "indicator": "medical_spending",
        "value": str(draw.randint(20_000, 60_000) if is_warned else draw.randint(0, 5_000)),
        "income": str(draw.randint(20_000, 30_000)), "happened_on": "2026-08-31",
        "region": draw.choice(REGIONS), "phone": "", "address": "",
    }  # fmt: skip


def fill(database: Database) -> None:
    """The shipped processes, the demo's people and budgets."""
    files = {name: data for name, data in read_folder(_PROCESSES).items() if not is_scenario(name, data)}
    schema.upgrade(database)
    with database.write() as tx:
        seed_regions(tx)
        seed_demo_accounts(tx)
        seed_demo_means(tx, at=AT)
        deploy(tx, files=files, actor=SYSTEM, at=AT)


def _timed(database: Database, table: Table, number: int) -> WarningReport:
    began = time.perf_counter()

    def tell(rows: int) -> None:
        if rows % 20_000 == 0:
            sys.stdout.write(f"  {rows} rows, {time.perf_counter() - began:.1f} s\n")

    report = import_warnings(database, data=table.data, actor=COUNTY, at=AT, progress=tell)
    exact = {fault.row for fault in report.faults} == table.bad
    sys.stdout.write(
        f"import {number}: {time.perf_counter() - began:.1f} s; {report.added} added, "
        f"{report.unchanged} unchanged, {report.bad} left out (exactly the bad ones: {exact}), "
        f"{report.opened} cases opened; "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most\n"
    )
    return report


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.warnings", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--bad", type=float, default=0.01)
    parser.add_argument("--warned", type=float, default=WARNED)
    parser.add_argument("--seed", type=int, default=7)
    said = parser.parse_args()
    table = make_table(said.rows, said.bad, said.seed, warned=said.warned)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/bench.db")
        fill(database)
        for number in (1, 2):
            _timed(database, table, number)
        database.close()


if __name__ == "__main__":
    main()
