"""How mails say when something is due."""

import datetime as dt

import pytest
from django.template import Context, Template

BRUSSELS_FIVE = dt.datetime(2026, 12, 2, 16, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (dt.datetime(2026, 11, 22, 1, 0, tzinfo=dt.UTC), "10 days left"),
        (dt.datetime(2026, 11, 22, 22, 30, tzinfo=dt.UTC), "10 days left"),
        (dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC), "9 days left"),
        (dt.datetime(2026, 12, 1, 16, 0, tzinfo=dt.UTC), "24 hours left"),
        (dt.datetime(2026, 12, 2, 16, 1, tzinfo=dt.UTC), "overdue"),
    ],
)
def test_days_left_are_counted_on_the_brussels_calendar(now, words):
    template = Template("{% load reminder_mails %}{% left_in_words %}")
    assert template.render(Context({"deadline": BRUSSELS_FIVE, "now": now})) == words
