"""The board and the cases behind it as an Excel workbook, whose first sheet says by which filters."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from engine.actions.supervision.board import Board, Lights, get_board
from engine.actions.supervision.drilling import CaseQuery, list_behind
from engine.actions.views import CaseSummary
from engine.clocks import SHANGHAI
from engine.forms.privacy import mask_text
from engine.store.db import Tx
from engine.types import Actor

MOST_ROWS = 20_000
_LIGHTS = {
    "red": ("红·逾期", "red: overdue"), "yellow": ("黄·临期", "yellow: near due"),
    "green": ("绿·正常", "green: in time"), "grey": ("灰·暂停", "grey: paused"), None: ("无时限", "no limit"),
}  # fmt: skip
_STATUS = {
    "active": ("在办", "open"), "completed": ("办结", "completed"), "withdrawn": ("撤回", "withdrawn"),
    "incident": ("异常", "in trouble"),
}  # fmt: skip


def export_board(tx: Tx, *, actor: Actor, at: datetime, query: CaseQuery, lang: str) -> bytes:
    """A workbook of the board as filtered and, up to a bound that it states, of the cases behind it.

    Everything is text or a number: nothing that somebody typed becomes a formula, and people's numbers
    are masked wherever they were typed.
    """
    board = get_board(tx, actor=actor, at=at, region=query.region, process=query.process)
    rows = list_behind(tx, actor=actor, at=at, query=query, limit=MOST_ROWS + 1)
    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheets = _Sheets(book, lang)
    sheets.filters(query, at, len(rows) > MOST_ROWS)
    sheets.counts(board)
    sheets.cases(rows[:MOST_ROWS])
    book.close()
    return held.getvalue()


class _Sheets:
    """Writes the sheets of one workbook in one language."""

    def __init__(self, book: Any, lang: str) -> None:
        self.book, self.lang = book, lang
        self.head = book.add_format({"bold": True, "bottom": 1})
        self.text = book.add_format({"num_format": "@"})

    def t(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def filters(self, query: CaseQuery, at: datetime, cut: bool) -> None:
        """What was asked for, and when."""
        rows = [(self.t("生成时间", "as of"), _moment(at)), *query.described(self.lang)]
        if cut:
            what = self.t(f"仅列前{MOST_ROWS}件", f"only the first {MOST_ROWS} cases are listed")
            rows.append((self.t("说明", "note"), what))
        self._write(self.t("条件", "Filters"), (self.t("项目", "item"), self.t("值", "value")), rows)

    def counts(self, board: Board) -> None:
        """One sheet each by region, process and step."""
        lights = [self.t(*_LIGHTS[name]) for name in ("red", "yellow", "green", "grey", None)]
        head = (*lights, self.t("合计", "total"))
        zh = self.lang == "zh"
        self._write(
            self.t("按地区", "By region"),
            (self.t("代码", "code"), self.t("地区", "region"), *head),
            [(r.region, r.name if zh else r.name_en, *_numbers(r.lights)) for r in board.regions],
        )
        self._write(
            self.t("按流程", "By process"),
            (self.t("流程", "process"), self.t("名称", "name"), *head),
            [(p.process, p.name, *_numbers(p.lights)) for p in board.processes],
        )
        self._write(
            self.t("按环节", "By step"),
            (self.t("流程", "process"), self.t("环节", "step"), *head),
            [(s.process, s.name if zh else s.name_en or s.name, *_numbers(s.lights)) for s in board.steps],
        )

    def cases(self, rows: Iterable[CaseSummary]) -> None:
        """The cases, one a row."""
        head = (
            self.t("案件编号", "number"), self.t("流程", "process"), self.t("地区代码", "region code"),
            self.t("状态", "status"), self.t("灯色", "light"), self.t("业务编号", "business key"),
            self.t("收件", "received"), self.t("受理", "accepted"), self.t("办结", "closed"),
        )  # fmt: skip
        self._write(
            self.t("案件", "Cases"),
            head,
            [
                (
                    row.number, row.process_name, row.region, self.t(*_STATUS[row.status]),
                    "" if row.closed_at else self.t(*_LIGHTS[row.light]), row.business_key or "",
                    _moment(row.opened_at), _moment(row.accepted_at), _moment(row.closed_at),
                )
                for row in rows
            ],
        )  # fmt: skip

    def _write(self, name: str, head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(head) - 1, 18)
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, self.head)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(line, column, value)
                else:
                    sheet.write_string(line, column, mask_text(value), self.text)


def _numbers(lights: Lights) -> tuple[int, ...]:
    return lights.red, lights.yellow, lights.green, lights.grey, lights.none, lights.total


def _moment(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
