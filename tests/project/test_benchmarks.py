"""The measuring itself."""

import pytest

from benchmarks import harness, loop
from benchmarks.cases import fields_of, typed_on
from programme.models import Country


@pytest.mark.django_db
def test_queries_and_time_are_measured(monkeypatch):
    monkeypatch.setattr(loop, "LOOP_ROUNDS", 1_000)
    one = harness.Case("counting", lambda: Country.objects.count, most_queries=1)

    result = harness.measure(one)

    assert (result.name, result.queries, result.kept) == ("counting", 1, True)
    assert result.cpu > 0
    assert result.loop > 0


def test_promise_is_broken_by_one_query_more():
    result = harness.Result("list", queries=16, cpu=1, loop=1, most_queries=15)

    assert result.kept is False


def test_fields_are_read_and_typed_on():
    page = """<input type="hidden" name="version_part-why" value="3">
      <textarea name="part-why">Streets &amp; squares</textarea><input type="submit" name="do">"""

    assert typed_on(fields_of(page), 2) == {
        "version_part-why": "5",
        "part-why": "Streets & squares 2",
    }
