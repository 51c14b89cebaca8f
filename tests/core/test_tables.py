"""Tables as files: what a spreadsheet reads is what stood in the data, and nothing computes."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from core.kit.tables import (
    FORMULA_SIGNS,
    LONGEST_TEXT,
    Column,
    Table,
    csv_lines,
    guarded,
    write_table,
)

SENT = dt.datetime(2026, 7, 1, 22, 30, 15, 123456, tzinfo=dt.UTC)


def table(*values, title="Applications", width=18):
    columns = [Column(f"Column {n}", lambda row, n=n: row[n], width) for n in range(len(values[0]))]
    return Table(title=title, columns=columns, rows=iter(values))


def as_csv(*values):
    text = "".join(csv_lines(table(*values)))
    assert text.startswith("\ufeff")
    return text.removeprefix("\ufeff")


def read_csv(*values):
    return list(csv.reader(io.StringIO(as_csv(*values))))[1:]


def workbook(*values, **options):
    file = io.BytesIO()
    write_table(table(*values, **options), file, "xlsx")
    return load_workbook(io.BytesIO(file.getvalue()))


# Formulas ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM", "'@SUM"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠a", "'＠a"),
        (" =1", " '=1"),
        ("Zadar; =1+1", "Zadar; '=1+1"),
        ("Zadar;=1+1", "Zadar;'=1+1"),
        ("a,=1", "a,'=1"),
        ("a\t=1", "a\t'=1"),
        ("a\n=1", "a\n'=1"),
        ('a;"=1', "a;\"'=1"),
        ("a|=1", "a|'=1"),
        ("Łódź", "Łódź"),
        ("Dubrovnik + Župa", "Dubrovnik + Župa"),
        ("Panaji-Goa", "Panaji-Goa"),
        ("ana@city.example", "ana@city.example"),
        ("", ""),
    ],
)
def test_guard(text, cell):
    assert guarded(text) == cell


def as_spreadsheets_split(text, separator):
    """Read a file as a spreadsheet does that is set to another sign than the comma."""
    return [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@given(
    st.lists(st.text(alphabet="=+-@＝;,|\t\n\r \"'a1\u200b", max_size=12), min_size=1, max_size=3)
)
def test_no_cell_starts_a_formula_whatever_splits_the_line(separator, texts):
    for cell in as_spreadsheets_split(as_csv(texts), separator):
        assert cell.strip()[:1] not in FORMULA_SIGNS


@given(st.text(alphabet='=+-@;\n "a', max_size=30))
def test_guard_only_adds_apostrophes(text):
    assert guarded(text).replace("'", "") == text
    assert guarded(guarded(text)) == guarded(text)


def test_long_runs_of_separators_cost_no_time():
    text = '";\n' * 100_000
    assert guarded(text + "a") == text + "a"
    assert guarded(text + "=") == f"{text}'="


@pytest.mark.parametrize("text", ["=1+1", "+1", "@SUM(A1)", "http://evil.example", "{=1}", " =1"])
def test_text_of_a_workbook_is_text(text):
    cell = workbook([text]).active["A2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text.strip(), None)


# CSV --------------------------------------------------------------------------------
def test_csv_has_a_heading_quotes_and_plain_values():
    text = as_csv(["Łódź", -5, Decimal("1.50"), SENT, dt.date(2026, 7, 2), None, True])
    heading, row, rest = text.split("\r\n")
    assert heading.startswith('"Column 0","Column 1"')
    assert row == '"Łódź","-5","1.50","2026-07-02 00:30","2026-07-02","","yes"'
    assert rest == ""


def test_csv_comes_row_by_row():
    def rows():
        yield ["a"]
        raise RuntimeError

    lines = csv_lines(Table("T", [Column("A", lambda row: row[0])], rows()))
    assert next(lines) == '\ufeff"A"\r\n'
    assert next(lines) == '"a"\r\n'


def test_invisible_and_broken_characters_are_left_out():
    assert read_csv(["a\u202eb\x00\ud800c"]) == [["abc"]]
    assert workbook(["a\u202eb\x00\ud800c"]).active["A2"].value == "abc"


def test_text_that_looks_like_an_escaped_character_stays():
    assert unescape(workbook(["_x0041_"]).active["A2"].value) == "_x0041_"


# XLSX -------------------------------------------------------------------------------
def test_workbook_has_real_numbers_and_days():
    sheet = workbook([120_000, Decimal("1.5"), dt.date(2026, 7, 2), SENT, None]).active
    values = [cell.value for cell in sheet[2]]
    assert values == [
        120_000,
        1.5,
        dt.datetime.fromisoformat("2026-07-02"),
        dt.datetime.fromisoformat("2026-07-02T00:30"),
        None,
    ]
    assert [cell.number_format for cell in sheet[2]][2:4] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm"]


def test_workbook_has_a_heading_that_stays():
    book = workbook(["a", 1], title="A/B: [list]" * 9, width=30)
    sheet = book.active
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet["A1"].font.bold
    assert sheet["A1"].fill.fgColor.rgb == "FF0A2463"
    assert sheet.column_dimensions["A"].width == pytest.approx(30, abs=1)
    assert len(sheet.title) <= 31
    assert sheet.auto_filter.ref == "A1:B2"
    assert book.properties.title.startswith("A/B")


@pytest.mark.parametrize(
    "value", [10**18, Decimal("NaN"), dt.date(1870, 1, 1), dt.datetime.fromisoformat("1870-01-01")]
)
def test_what_a_spreadsheet_cannot_hold_is_text(value):
    cell = workbook([value]).active["A2"]
    assert (cell.data_type, cell.value) == ("s", str(value))


def test_long_text_is_cut_with_a_sign():
    value = workbook(["a" * 40_000]).active["A2"].value
    assert len(value) == LONGEST_TEXT
    assert value.endswith("a…")


def test_empty_table_has_its_heading():
    file = io.BytesIO()
    write_table(Table("T", [Column("A", str)], []), file, "xlsx")
    sheet = load_workbook(io.BytesIO(file.getvalue())).active
    assert [[cell.value for cell in row] for row in sheet.rows] == [["A"]]
