import datetime as dt

import pytest

from core.kit.days import BRUSSELS
from pairings.timetable import day_after, deadline, month_of


@pytest.mark.parametrize(
    ("start", "months", "days", "expected"),
    [
        ((2026, 3, 5), 18, 0, (2027, 9, 5)),
        ((2026, 1, 31), 1, 0, (2026, 2, 28)),
        ((2024, 1, 31), 1, 0, (2024, 2, 29)),
        ((2024, 2, 29), 12, 0, (2025, 2, 28)),
        ((2026, 1, 31), 1, 1, (2026, 3, 1)),
        ((2026, 3, 5), 0, 10, (2026, 3, 15)),
        ((2026, 3, 5), 0, 0, (2026, 3, 5)),
    ],
)
def test_day_after(start, months, days, expected):
    assert day_after(dt.date(*start), months=months, days=days) == dt.date(*expected)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        # Winter, over the change to summer time, and late at night in UTC.
        (
            dt.datetime(2026, 2, 6, 10, tzinfo=dt.UTC),
            14,
            dt.datetime(2026, 2, 20, 16, tzinfo=dt.UTC),
        ),
        (
            dt.datetime(2026, 3, 20, 10, tzinfo=dt.UTC),
            14,
            dt.datetime(2026, 4, 3, 15, tzinfo=dt.UTC),
        ),
        (
            dt.datetime(2026, 2, 6, 23, 30, tzinfo=dt.UTC),
            1,
            dt.datetime(2026, 2, 8, 16, tzinfo=dt.UTC),
        ),
    ],
)
def test_deadline_is_five_in_brussels(start, days, expected):
    at = deadline(start, days=days)
    assert at == expected
    assert at.astimezone(BRUSSELS).time() == dt.time(17)


@pytest.mark.parametrize(
    ("today", "month"),
    [
        ((2026, 3, 5), 1),
        ((2026, 4, 4), 1),
        ((2026, 4, 5), 2),
        ((2027, 9, 4), 18),
        ((2026, 1, 1), 1),
    ],
)
def test_month_of(today, month):
    assert month_of(dt.date(2026, 3, 5), dt.date(*today)) == month
