import re

import pytest
from django import forms
from django.template.loader import render_to_string

from accounts.forms import SignUpDetails
from core.kit.fields import LineField, ReasonField, SearchField, TextField, VersionField


class Form(forms.Form):
    line = LineField(max_length=10)
    text = TextField(max_length=10)


def form(line="a", text="b"):
    return Form({"line": line, "text": text})


def test_line_is_cleaned_to_one_line():
    filled = form(line="  a \t b\r\n c ")
    assert filled.is_valid()
    assert filled.cleaned_data["line"] == "a b c"


def test_text_keeps_paragraphs_with_plain_line_ends():
    filled = form(text="a\r\n\r\nb\rc")
    assert filled.is_valid()
    assert filled.cleaned_data["text"] == "a\n\nb\nc"


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x00", "\ufeff", "\u2066"])
def test_dangerous_characters_are_dropped(hidden):
    filled = form(line=f"a{hidden}b", text=f"a{hidden}b")
    assert filled.is_valid()
    assert filled.cleaned_data == {"line": "ab", "text": "ab"}


def test_text_counts_a_line_break_once():
    assert form(text="1234\r\n6789x").is_valid()
    assert not form(text="1234\r\n6789xx").is_valid()


def test_emoji_counts_as_what_it_is_made_of():
    assert form(line="😀" * 10).is_valid()
    assert not form(line="😀" * 11).is_valid()


def test_too_long_says_by_how_much():
    filled = form(text="x" * 12)
    assert filled.errors["text"] == [
        "This may have at most 10 characters; you have 12. Please shorten it."
    ]


def test_nothing_but_invisible_characters_is_nothing():
    assert form(line="\u200b ").errors["line"] == ["Fill in this field."]


def test_markup_stays_text():
    filled = form(line="<b>x</b>")
    assert filled.is_valid()
    assert "&lt;b&gt;x&lt;/b&gt;" in str(filled["line"])


def test_browser_is_not_told_to_cut():
    html = str(form()["text"])
    assert "maxlength" not in html
    assert 'data-limit="10"' in html


def test_sign_up_name_is_cleaned():
    filled = SignUpDetails({"full_name": " Ana\u202e  Kovačević "})
    assert filled.is_valid()
    assert filled.cleaned_data["full_name"] == "Ana Kovačević"


class Search(forms.Form):
    q = SearchField()
    reason = ReasonField(missing="Write why.")
    wish = ReasonField(max_length=10)
    version = VersionField()


def search(**data):
    return Search({"reason": "Because.", **data})


@pytest.mark.parametrize(("typed", "fits"), [("x" * 100, True), ("x" * 101, False), ("", True)])
def test_search_has_one_limit(typed, fits):
    assert search(q=typed).is_valid() is fits


def test_search_counts_what_a_sign_unfolds_to():
    assert search(q="ﷺ" * 5).is_valid()
    assert not search(q="ﷺ" * 6).is_valid()


def test_search_takes_ten_words():
    assert search(q="a b c d e f g h i j").is_valid()
    assert "at most 10 words" in search(q="a b c d e f g h i j k").errors["q"][0]


def test_far_too_long_a_search_is_refused_before_it_is_folded(monkeypatch):
    def fold(text):
        pytest.fail(f"{len(text)} letters were folded")

    monkeypatch.setattr("core.kit.fields.fold", fold)

    assert search(q="ﷺ" * 100_000).errors["q"]


def test_search_says_how_long_it_may_be():
    assert "at most 100 characters" in search(q="ﷺ" * 100).errors["q"][0]


def test_reason_is_asked_for_in_its_own_words():
    assert search(reason=" \u200b").errors["reason"] == ["Write why."]
    assert search(reason=" a\r\nb ").is_valid()


def test_reason_without_a_sentence_may_be_left_out():
    assert search(wish="").is_valid()
    assert not search(wish="x" * 11).is_valid()


def test_reason_that_one_answer_needs_is_not_called_optional():
    class AnswerForm(forms.Form):
        answer = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")])
        reason = ReasonField(needed_when=("answer", "no"))

    html = render_to_string("components/field.html", {"field": AnswerForm()["reason"]})
    assert 'data-needed-when="answer=no"' in html
    # A script shows it when the other answer is chosen.
    assert re.search(r'<span class="optional" data-optional="id_reason" hidden>', html)
    assert AnswerForm({"answer": "yes"}).is_valid()


@pytest.mark.parametrize(
    ("typed", "version"),
    [("3", 3), ("", 0), (None, 0), ("x", 0), ("-1", 0), ("٣", 0), ("9" * 30, 0), ("1.0", 0)],
)
def test_version_that_cannot_be_read_counts_as_none(typed, version):
    form = search(version=typed) if typed is not None else search()
    assert form.is_valid()
    assert form.cleaned_data["version"] == version
