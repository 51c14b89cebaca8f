"""Papers: what is written can be read, found and heard; what people type runs nothing."""

import datetime as dt
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from core.papers import rendering
from core.papers.rendering import Paper, render
from core.papers.text import language_of, no_marks, own_marks, safe_data, safe_text

LETTERS = {
    "Latin": "Łódź, Žďár, Çorlu, Þórshöfn",
    "Greek": "Δήμος Πατρέων",
    "Bulgarian": "Столична община",
    "Devanagari": "पणजी नगर निगम",
    "Thai": "กรุงเทพมหานคร",
    "Chinese": "广州市",
    "Japanese": "広島市",
    "Korean": "서울특별시",
}


def receipt(text="Text", title="Receipt", **options):
    """Draw the receipt of applications with one text everywhere."""
    names = ("reference_label", "reference", "files_title", "no_files", "proof_title")
    data = dict.fromkeys((*names, "proof_text", "fingerprint", "next_title"), text or "–")
    data |= {"facts": [(text, text)], "files": [text], "next": [text]}
    options = {"language": "en-gb", "data": data, **options}
    return render(Paper(app="applications", template="receipt", title=title, **options))


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def words(pdf):
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def test_paper_has_title_language_tags_and_its_standard():
    reader = read(
        receipt(title="Receipt – Łódź", language="es", description="A call", footer="C2C-1")
    )
    root = reader.trailer["/Root"]
    assert reader.metadata.title == "Receipt – Łódź"
    assert reader.metadata.subject == "A call"
    assert root["/Lang"] == "es"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


# The reader of the tests knows no ActualText: it repeats what is drawn with its neighbour.
READ_AS = {"पणजी नगर निगम": "नगर", "กรุงเทพมหานคร": "งเทพมหานคร"}


@pytest.mark.parametrize("text", LETTERS.values(), ids=LETTERS)
def test_names_are_drawn_and_can_be_found_in_every_script(text):
    found = words(receipt(text)).replace(" ", "")
    for part in READ_AS.get(text, text).split():
        assert part.strip(",") in found
    assert "□" not in found


def test_same_data_make_the_same_paper():
    day = dt.date(2026, 11, 26)
    assert receipt(day=day) == receipt(day=day)
    assert str(read(receipt(day=day)).metadata.creation_date).startswith("2026-11-26")


@pytest.mark.parametrize(
    "hostile",
    [
        '#eval("1+1")',
        '#read("/etc/passwd")',
        '#import "@preview/cetz:0.3.4"',
        "$x^2$ `raw` @ref <label> *bold* _em_ \\ // /* [x] {y}",
        "= Heading",
        "]#panic()[",
    ],
)
def test_what_people_type_stays_text(hostile):
    assert hostile.replace(" ", "") in words(receipt(hostile)).replace(" ", "")


@settings(max_examples=60)
@given(st.text(max_size=60))
@example("\u200d")
@example("\u00ad")
@example("\u0301")
@example("\U000e0001")
def test_any_text_makes_a_paper(text):
    assert receipt(text, title=text or "–").startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a\0b\x07c", "abc"),
        ("a\ud800b", "ab"),
        ("\U00012000", "□"),
        ("a\u202eb\u200bc", "abc"),
        ("क्\u200dष", "क्\u200dष"),
        ("❤️", "❤"),
        ("one\ttwo\r\nthree", "one two\nthree"),
    ],
)
def test_text_is_made_drawable(text, safe):
    assert safe_text(text) == safe


def test_marks_of_another_script_are_dropped_when_nothing_draws_them():
    assert own_marks("e\u0301a\u0941 पणजी गि กรุงเทพ") == "éa पणजी गि กรุงเทพ"
    assert no_marks("e\u0301 a\u0941") == "é a"
    found = words(receipt("a\u0941\u0e34 Łódź नगरम्"))
    assert "Łódź" in found


def test_data_is_cleaned_through_and_through():
    assert safe_data({"a": ["x\0", {"b": "y\0"}], "n": 3, "none": None}) == {
        "a": ["x", {"b": "y"}],
        "n": 3,
        "none": None,
    }


@pytest.mark.parametrize(
    ("code", "language"),
    [("en-gb", "en"), ("zh-hans", "zh"), ("PT", "pt"), ("", "en"), ("1", "en")],
)
def test_language(code, language):
    assert language_of(code) == language


def test_template_reaches_no_file_and_no_network(monkeypatch, tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()

    class Config:
        path = str(tmp_path)

    monkeypatch.setattr(rendering.apps, "get_app_config", lambda _label: Config)
    for source in ('#read("/etc/passwd")', '#read("../text.py")', '#import "@preview/cetz:0.3.4"'):
        (folder / "receipt.typ").write_text(source)
        with pytest.raises(rendering.typst.TypstError):
            receipt()
