import datetime as dt

import pytest
import time_machine
from django.utils.translation import override

from core.kit.days import (
    BRUSSELS,
    days_between,
    days_in_words,
    end_of,
    ended_by,
    parse_day,
    saved_at_words,
    today,
    typed_day,
)


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
    ],
)
def test_parse_day_understands(text):
    assert parse_day(text) == dt.date(2027, 3, 31)


@pytest.mark.parametrize(
    "text",
    ["", "31/2/2027", "3/31/2027", "31/3/27", "31/3-2027", "March 2027", "soon", "٣١/٣/٢٠٢٧"],
)
def test_parse_day_refuses(text):
    assert parse_day(text) is None


def test_parse_day_takes_month_names_of_the_reader():
    with override("es"):
        assert parse_day("31 de marzo de 2027") == dt.date(2027, 3, 31)
        assert parse_day("31 March 2027") == dt.date(2027, 3, 31)


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
