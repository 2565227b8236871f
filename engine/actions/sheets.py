"""Tables as CSV or Excel: read into rows of text, and written so that codes stay text.

Bounded in bytes, rows and what a compressed file unpacks to. What is wrong is told by row, column and
reason, as a person sees them in a spreadsheet: the heading is row 1.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from openpyxl import load_workbook
from xlsxwriter import Workbook

from engine.errors import FieldError, InputError

Format = Literal["csv", "xlsx"]
MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000
MAX_ROWS = 100_000
MAX_CELL = 500
MOST_SHOWN = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class SheetError(InputError):
    """The file is no table that can be read here."""

    code = "bad-sheet"
    default_zh = "该文件不是可读取的表格。"


class RowsError(InputError):
    """Some rows need correcting; nothing was written."""

    code = "bad-rows"
    default_zh = "部分行需要更正，未写入任何内容。"


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in a cell."""

    row: int
    column: str
    zh: str
    en: str

    def as_field(self) -> FieldError:
        place_zh, place_en = f"第{self.row}行“{self.column}”", f'Row {self.row}, "{self.column}"'
        pointer = f"/rows/{self.row}/{self.column}"
        return FieldError(
            pointer=pointer, zh=f"{place_zh}：{self.zh}。", en=f"{place_en}: {self.en}.", code="bad-row"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or on a dry run would do. Rows at fault are left out."""

    rows: int
    added: int
    changed: int
    unchanged: int
    faults: tuple[RowFault, ...]
    written: bool


def settle(rows: int, faults: Sequence[RowFault], *, dry_run: bool, skip_bad: bool) -> bool:
    """Whether to write; `RowsError` lists the rows at fault unless they may be skipped."""
    if faults and not skip_bad and not dry_run:
        bad = len({fault.row for fault in faults})
        shown = [fault.as_field() for fault in faults[:MOST_SHOWN]]
        raise RowsError(
            f"{bad} of {rows} rows need correcting; nothing was written. First: {shown[0].en}",
            f"共{rows}行，{bad}行需要更正，未写入任何内容。其一：{shown[0].zh}",
            shown,
        )
    return not dry_run


def read_rows(data: bytes, columns: Mapping[str, str]) -> list[tuple[int, dict[str, str]]]:
    """All rows at once; see `iter_rows`."""
    return list(iter_rows(data, columns))


def iter_rows(data: bytes, columns: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their numbers; `columns` maps each column's key to its Chinese heading, either will do.

    Empty rows are passed over, unknown columns refused. Raises SheetError.
    """
    if len(data) > MAX_BYTES:
        raise _refused(f"文件超过{MAX_BYTES // 1_000_000} MB", f"it is over {MAX_BYTES // 1_000_000} MB")
    lines = iter(_excel(data) if data[:2] == b"PK" else _csv(data))
    heading = [str(cell).strip() for cell in next(lines, [])]
    while heading and not heading[-1]:
        heading.pop()
    keys = _keys(heading, columns)
    for number, cells in enumerate(lines, 2):
        if number > MAX_ROWS + 1:
            raise _refused(f"超过{MAX_ROWS}行", f"it has more than {MAX_ROWS} rows")
        texts = [cell.strip() for cell in cells]
        if any(texts):
            yield number, dict(zip(keys, texts, strict=False))


def write_rows(columns: Mapping[str, str], rows: Iterable[Sequence[str]], form: Format) -> bytes:
    """A table with the columns' keys as its heading, every cell as text."""
    if form == "csv":
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(columns)
        # A spreadsheet would run a text that begins like a formula.
        writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
        return text.getvalue().encode("utf-8-sig")
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, {**options, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        as_text = book.add_format({"num_format": "@"})
        sheet.set_column(0, len(columns) - 1, 18, as_text)
        for number, row in enumerate([list(columns), *rows]):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell, as_text)
    return out.getvalue()


def as_date(text: str) -> date | None:
    """`2026-01-31` or `2026/1/31`; None for no date at all."""
    try:
        parts = [int(part) for part in text.replace("/", "-").split("-")]
        return date(*parts) if len(parts) == 3 and text.isascii() else None
    except ValueError:
        return None


def _keys(heading: list[str], columns: Mapping[str, str]) -> list[str]:
    by_name = {**{zh: key for key, zh in columns.items()}, **{key: key for key in columns}}
    unknown = [name for name in heading if name not in by_name]
    keys = [by_name[name] for name in heading if name in by_name]
    if unknown or not keys or len(set(keys)) < len(keys):
        known = "、".join(f"{key}（{zh}）" for key, zh in columns.items())
        said = "、".join(name[:50] for name in unknown) or "—"
        raise _refused(
            f"第1行应为不重复的列名；不认识：{said}；可用：{known}",
            f"row 1 must name the columns, each once; unknown: {said}; known: {', '.join(columns)}",
        )
    return keys


def _csv(data: bytes) -> Iterator[list[str]]:
    """UTF-8, or GB 18030 as Excel in Chinese writes it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise _refused(
                "文字编码不是 UTF-8 或 GB 18030", "its text is neither UTF-8 nor GB 18030"
            ) from None
    try:
        for cells in csv.reader(io.StringIO(text, newline="")):
            yield [_cell(cell) for cell in cells]
    except csv.Error as error:
        raise _refused(f"CSV 有误（{error}）", f"its CSV is broken ({error})") from None


def _excel(data: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
                raise _refused("解压后过大", "it unpacks to too much")
            if any(b"<!" in archive.read(item)[:2000] for item in archive.infolist() if _is_xml(item)):
                raise _refused("含有不允许的声明", "it holds a declaration that is not allowed")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_cell(cell) for cell in row]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, TypeError, SyntaxError, OSError) as error:
        raise _refused("Excel 文件已损坏", "the Excel file is damaged") from error


def _is_xml(item: zipfile.ZipInfo) -> bool:
    return item.filename.endswith((".xml", ".rels"))


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case float() if value.is_integer():
            return str(int(value))
    text = str(value)
    if len(text) > MAX_CELL:
        raise _refused(f"有单元格超过{MAX_CELL}字", f"a cell is longer than {MAX_CELL} characters")
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def _refused(zh: str, en: str) -> SheetError:
    detail = FieldError(pointer="/file", zh=f"{zh}。", en=f"{en}.", code="bad-sheet")
    return SheetError(f"The table cannot be read: {en}.", f"表格无法读取：{zh}。", [detail])
