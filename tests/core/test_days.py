import datetime as dt

import pytest
import time_machine
from django import forms
from django.utils.formats import date_format
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core.kit.days import (
    BRUSSELS,
    days_between,
    days_in_words,
    end_of,
    ended_by,
    parse_day,
    read_day,
    saved_at_words,
    today,
    typed_day,
)
from core.kit.errors import InvalidError
from core.kit.fields import DayField


@pytest.mark.parametrize(
    "text",
    [
        "31/3/2027",
        "31.03.2027",
        "31-3-2027",
        "2027-03-31",
        "2027/3/31",
        "31 March 2027",
        "31. mar 2027",
        " 31  March\u00a02027 ",
        "2027年3月31日",
        "２０２７年３月３１日",
        "2027년 3월 31일",
        "ngày 31 tháng 3 năm 2027",
        "٣١/٣/٢٠٢٧",
        "३१ मार्च २०२७",
        "31. 3. 2027",
        "2027. 03. 31.",
        "31 mars 2027",
        "31. März 2027",
        "31 de marzo de 2027",
        "31º de março de 2027",
        "31. maaliskuuta 2027",
        "31 Μαρτίου 2027",
        "31 март 2027 г.",
        "31 ta’ Marzu 2027",
        "2027 m. kovo 31 d.",
        "2027. gada 31. marts",
        "2027. március 31.",
        "March 31, 2027",
        "March 31st, 2027",
        "31-Mar-2027",
    ],
)
def test_parse_day_understands(text):
    assert parse_day(text) == dt.date(2027, 3, 31)


@pytest.mark.parametrize(
    "text",
    [
        *["", "31/2/2027", "3/31/2027", "31/3/27", "31/3-2027", "March 2027", "soon", "31.4.2027"],
        *["mars 31 mars 2027", "31 mars 2027 2027", "31 mars 27", "March 2027 2026", "0 May 2027"],
    ],
)
def test_parse_day_refuses(text):
    assert parse_day(text) is None


def test_parse_day_takes_month_names_of_the_reader():
    with override("es"):
        assert parse_day("31 de marzo de 2027") == dt.date(2027, 3, 31)
        assert parse_day("31 March 2027") == dt.date(2027, 3, 31)


def test_names_of_two_words_are_one_month():
    assert parse_day("1 Meán Fómhair 2026") == dt.date(2026, 9, 1)
    assert parse_day("1er février 2026") == dt.date(2026, 2, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("03/04/2026", "“03/04/2026” can be 4 March 2026 or 3 April 2026."),
        ("3-4-2026", "“3-4-2026” can be 4 March 2026 or 3 April 2026."),
        ("٣/٤/٢٠٢٦", "“3/4/2026” can be 4 March 2026 or 3 April 2026."),
        ("1 listopada 2026", "can be 1 October 2026 or 1 November 2026."),
    ],
)
def test_day_that_could_be_two_is_asked_for_and_never_guessed(text, words):
    with pytest.raises(InvalidError) as caught:
        read_day(text)
    assert words in str(caught.value)
    assert caught.value.code == "two_days"
    assert parse_day(text) is None


@pytest.mark.parametrize("text", ["3.4.2026", "3 April 2026", "2026/4/3", "2026-04-03"])
def test_day_whose_order_is_certain_is_read(text):
    assert read_day(text) == dt.date(2026, 4, 3)


def test_day_and_month_that_are_equal_can_be_one_day_only():
    assert read_day("4/4/2026") == dt.date(2026, 4, 4)


@pytest.mark.parametrize(("language", "month"), [("hr", 10), ("pl", 11)])
def test_name_of_two_months_is_that_of_the_readers_language(language, month):
    with override(language):
        assert read_day("31 listopad 2026" if month == 10 else "1 listopada 2026").month == month


def test_field_asks_which_of_two_days():
    form = forms.Form({"day": "03/04/2026"})
    form.fields["day"] = DayField()
    assert "Type one of these two." in form.errors["day"][0]


DAYS = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31))
EUROPE = ["bg", "cs", "da", "de", "el", "en-gb", "es", "et", "fi", "fr", "ga", "hr", "hu", "it"]
EUROPE += ["lt", "lv", "nl", "pl", "pt", "ro", "sk", "sl", "sv"]
ASIA = ["hi", "ja", "zh-hans", "ko", "tr", "id"]


@given(day=DAYS, language=st.sampled_from(EUROPE + ASIA), style=st.sampled_from(["j E Y", "Y F j"]))
def test_day_written_in_words_is_read_back_or_refused(day, language, style):
    with override(language):
        assert parse_day(date_format(day, style)) in {day, None}
        assert parse_day(typed_day(day)) == day


# Irish bends its months in ways that the table lacks: those are refused.
@given(day=DAYS, language=st.sampled_from([code for code in EUROPE if code != "ga"]))
def test_day_written_in_europe_is_read_back(day, language):
    with override(language):
        assert parse_day(date_format(day, "j E Y")) == day


@given(day=DAYS, sign=st.sampled_from("/.-"), order=st.sampled_from(["dmy", "ymd"]))
def test_day_in_figures_is_that_day_or_a_question(day, sign, order):
    parts = [str(day.day), str(day.month), str(day.year)]
    written = sign.join(parts if order == "dmy" else reversed(parts))
    is_clear = order == "ymd" or sign == "." or day.day > 12 or day.day == day.month
    assert parse_day(written) == (day if is_clear else None)


def said_of(text):
    """Return the sentence with which a text is refused, "." for one that is read."""
    try:
        read_day(text)
    except InvalidError as refused:
        return str(refused)
    return "."


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_refused_in_words(text):
    assert said_of(text).endswith(".")


def test_typed_day_is_read_back():
    assert parse_day(typed_day(dt.date(2027, 3, 1))) == dt.date(2027, 3, 1)
    assert not typed_day(None)


def test_saved_at_names_the_day_unless_it_was_today():
    late = dt.datetime(2026, 11, 19, 23, 30, tzinfo=dt.UTC)
    with time_machine.travel("2026-11-20 10:00+01:00", tick=False):
        assert saved_at_words(late) == "00:30"
        assert saved_at_words(late - dt.timedelta(hours=1)).endswith(", 23:30")
        assert saved_at_words(None) == ""


def test_today_is_the_day_in_brussels():
    with time_machine.travel("2026-11-20 23:30+00:00", tick=False):
        assert today() == dt.date(2026, 11, 21)


@pytest.mark.parametrize("day", [dt.date(2027, 3, 28), dt.date(2027, 10, 31), dt.date(2027, 6, 1)])
def test_day_is_over_with_its_last_second_in_brussels(day):
    last = end_of(day)

    assert (last.astimezone(BRUSSELS).date(), last.hour, last.second) == (day, 23, 59)
    assert ended_by(last) == ended_by(last.astimezone(dt.UTC)) == day
    assert ended_by(last - dt.timedelta(seconds=1)) == day - dt.timedelta(days=1)


def test_days_are_counted_on_the_brussels_calendar():
    evening = dt.datetime(2026, 11, 20, 22, 59, tzinfo=dt.UTC)

    assert days_between(evening, evening + dt.timedelta(minutes=1)) == 1
    assert days_between(evening, evening - dt.timedelta(days=1)) == -1


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-3, "3 days overdue"),
        (-1, "1 day overdue"),
        (0, "Today"),
        (1, "Tomorrow"),
        (2, "In 2 days"),
    ],
)
def test_days_in_words(days, words):
    assert days_in_words(days) == words
