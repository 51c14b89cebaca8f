"""Rows of data as files for spreadsheets: CSV and XLSX, neither of which computes a text.

A spreadsheet takes a cell that starts with "=" (or +, -, @, also in full width) for a formula,
and whoever types a name into the portal would run it on the reader's machine. XLSX stores every
text as a text. CSV knows no types: there an apostrophe goes before the sign, at the start of a
cell and after each sign at which some spreadsheet might split it.
"""

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.functional import Promise
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from core.kit.days import BRUSSELS
from core.kit.text import clean_paragraphs

Cell = str | int | float | Decimal | dt.date | Promise | None

CSV, XLSX = "csv", "xlsx"
FORMATS = (XLSX, CSV)

FORMULA_SIGNS = frozenset("=+-@＝＋－＠﹢﹣﹦﹫")
# Half of Europe's spreadsheets split a line at ";", whatever the quotes say.
_SEPARATORS = frozenset(";,|\t\n")
_RUNS = re.compile(r'[;,|"\s]+')

# What a cell of a spreadsheet holds at most: characters, and digits of a number it keeps exact.
LONGEST_TEXT = 32_767
LARGEST_NUMBER = 10**15
# Rows of a sheet without its heading; what is over goes on in another one.
MOST_ROWS = 1_048_575
# Spreadsheets count days from here; what lies before is written as text.
FIRST_DAY = dt.date(1900, 3, 1)
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_SHEET_NAME = 31
_NAVY = "#0A2463"
_A4 = 9


@dataclass(frozen=True)
class Column:
    """One column: its heading, what stands in it for a row, and its width in characters."""

    label: str | Promise
    value: Callable[[Any], Cell]
    width: int = 18


@dataclass(frozen=True)
class Table:
    """What is written. `rows` is asked for one row after the other, and once."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Any]
    # The name of its file where several are packed together.
    key: str = "table"

    @property
    def headings(self) -> list[Cell]:
        """Return what stands above the columns."""
        return [_plain(column.label) for column in self.columns]

    def cells(self) -> Iterator[list[Cell]]:
        """Return the cells of each row; moments in Brussels time, without seconds."""
        for row in self.rows:
            yield [_plain(column.value(row)) for column in self.columns]


def _plain(value: Cell) -> Cell:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        local = value.astimezone(BRUSSELS) if is_aware(value) else value
        return local.replace(second=0, microsecond=0, tzinfo=None)
    if isinstance(value, str | Promise):
        return clean_paragraphs(str(value))
    return value


def guarded(text: str) -> str:
    """Return a text for CSV that no spreadsheet computes, wherever it splits the line."""
    if FORMULA_SIGNS.isdisjoint(text):
        return text
    parts, written = [], 0
    if text[0] in FORMULA_SIGNS:
        parts.append("'")
    for run in _RUNS.finditer(text):
        starts_a_cell = run.start() == 0 or not _SEPARATORS.isdisjoint(run[0])
        if starts_a_cell and text[run.end() : run.end() + 1] in FORMULA_SIGNS:
            parts += [text[written : run.end()], "'"]
            written = run.end()
    return "".join([*parts, text[written:]])


def _csv_cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    # A number is no formula, even a negative one.
    return guarded(value) if isinstance(value, str) else str(value)


def csv_lines(table: Table) -> Iterator[str]:
    """Return the lines of a CSV file, the heading first; all cells in quotes.

    The byte order mark at the start tells spreadsheets that the text is UTF-8.
    """
    line = io.StringIO("\ufeff")
    line.seek(1)
    writer = csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for cells in chain([table.headings], table.cells()):
        writer.writerow([_csv_cell(cell) for cell in cells])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _is_exact(value: Any) -> bool:
    return bool(math.isfinite(value) and abs(value) < LARGEST_NUMBER)


def _sheet_text(value: Cell) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def write_book(tables: Sequence[Table], target: BinaryIO) -> None:
    """Write a workbook with a sheet for each table into `target`, one after the other.

    Memory stays flat however many rows there are. Numbers and days are real ones, texts are never
    formulas or links. The heading stays on screen and is repeated on each printed page.
    """
    book = Workbook(target, {"constant_memory": True})
    book.set_properties({"title": tables[0].title})
    formats, names = _formats(book), set[str]()
    for table in tables:
        cells, is_over = table.cells(), False
        while not is_over:
            sheet = book.add_worksheet(_sheet_name(table.title, names))
            is_over = _write_sheet(sheet, table, cells, formats)
    book.close()


def write_xlsx(table: Table, target: BinaryIO) -> None:
    """Write a workbook with one table into `target`, as `write_book` does."""
    write_book([table], target)


def _sheet_name(title: str, names: set[str]) -> str:
    """Return a name that the workbook does not have yet, and note it: no two may be alike."""
    plain = _NOT_IN_SHEET_NAMES.sub(" ", title)[:_LONGEST_SHEET_NAME].strip() or "1"
    name, number = plain, 1
    while name.casefold() in names:
        number += 1
        mark = f" {number}"
        name = plain[: _LONGEST_SHEET_NAME - len(mark)] + mark
    names.add(name.casefold())
    return name


def _write_sheet(
    sheet: Any, table: Table, cells: Iterator[list[Cell]], formats: dict[str, Any]
) -> bool:
    """Write what fits on a sheet; tell whether these were the last rows."""
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    for index, (column, heading) in enumerate(zip(table.columns, table.headings, strict=True)):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, _sheet_text(heading), formats["heading"])
    last = 0
    for last, row in enumerate(islice(cells, MOST_ROWS), start=1):
        for index, value in enumerate(row):
            _write_cell(sheet, (last, index), value, formats)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)
    return last < MOST_ROWS


def _formats(book: Workbook) -> dict[str, Any]:
    looks: dict[str, dict[str, Any]] = {
        "heading": {"bold": True, "font_color": "#FFFFFF", "bg_color": _NAVY, "text_wrap": True},
        "text": {"text_wrap": True},
        "whole": {"num_format": "#,##0"},
        "number": {"num_format": "#,##0.##########"},
        "day": {"num_format": "yyyy-mm-dd", "align": "left"},
        "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
    }
    return {name: book.add_format({"valign": "top", **look}) for name, look in looks.items()}


def _write_cell(sheet: Any, place: tuple[int, int], value: Cell, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, dt.datetime) and value.date() >= FIRST_DAY:
        sheet.write_datetime(*place, value, formats["moment"])
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime) and value >= FIRST_DAY:
        sheet.write_datetime(*place, value, formats["day"])
    elif isinstance(value, int | float | Decimal) and _is_exact(value):
        is_whole = value == int(value)
        sheet.write_number(*place, value, formats["whole" if is_whole else "number"])
    else:
        sheet.write_string(*place, _sheet_text(value), formats["text"])


def write_csv(table: Table, target: BinaryIO) -> None:
    """Write the lines of csv_lines into `target`."""
    target.writelines(line.encode() for line in csv_lines(table))


def write_table(table: Table, target: BinaryIO, ending: str) -> None:
    """Write the table in one of FORMATS."""
    {CSV: write_csv, XLSX: write_xlsx}[ending](table, target)


def write_files(tables: Iterable[Table], target: BinaryIO) -> None:
    """Pack a CSV file for each table into `target`, a ZIP, one row after the other."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for table in tables:
            with archive.open(f"{table.key}.csv", "w", force_zip64=True) as file:
                for line in csv_lines(table):
                    file.write(line.encode())
