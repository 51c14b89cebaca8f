"""The measuring itself."""

import json

import pytest

from benchmarks import harness, load, loop, report
from benchmarks.browser import fields_of, typed_on
from benchmarks.harness import Case, Figures, Growth, Result, growths
from benchmarks.rows import multiply
from benchmarks.sizes import SIZES
from programme.models import Country
from programme.organisations.models import Organisation
from showcase.selectors.directory import version
from tests.factories.programme import OrganisationFactory

SMALL, LARGE = SIZES[0], SIZES[-1]


@pytest.mark.django_db
def test_queries_and_time_are_measured(monkeypatch):
    monkeypatch.setattr(loop, "LOOP_ROUNDS", 1_000)
    one = Case("counting", lambda _: Country.objects.count, Figures(queries=1))

    result = harness.measure(one, SMALL)

    assert (result.case.name, result.figures.queries, result.passed) == ("counting", 1, [])
    assert result.figures.loops > 0
    assert result.figures.sql > 0
    assert result.figures.mb is None


@pytest.mark.django_db
def test_memory_and_an_empty_cache_are_measured_where_asked(monkeypatch):
    monkeypatch.setattr(loop, "LOOP_ROUNDS", 1_000)
    held = []
    one = Case(
        "holding",
        # More than 32 MB: what is smaller may lie in memory that a test before has left.
        lambda _: lambda: held.append(bytearray(40_000_000)) or 0,
        Figures(mb=20),
        is_cached=True,
        is_heavy=True,
    )

    result = harness.measure(one, SMALL)

    assert result.figures.cold > 0
    assert result.passed == ["mb"]


@pytest.mark.django_db
def test_cold_is_what_a_page_costs_after_a_public_change(monkeypatch):
    monkeypatch.setattr(loop, "LOOP_ROUNDS", 1_000)
    states = []
    one = Case("public", lambda _: lambda: states.append(version()) or 0, Figures(), is_cached=True)

    harness.measure(one, SMALL)

    # The three looks that are cold; all before saw one state.
    assert len(set(states[:-3])) == 1
    assert len(set(states[-4:])) == 4


def test_limit_is_passed_by_one_query_more():
    case = Case("list", lambda _: int, Figures(queries=15, loops=1))

    assert Result(case, SMALL, Figures(queries=15, loops=1)).passed == []
    assert Result(case, SMALL, Figures(queries=16, loops=1)).passed == ["queries"]


def test_size_may_have_limits_of_its_own():
    case = Case("list", lambda _: int, Figures(loops=1), {"large": Figures(loops=1.5)})

    assert Result(case, SMALL, Figures(loops=1.2)).passed == ["loops"]
    assert Result(case, LARGE, Figures(loops=1.2)).passed == []


def measured(one, size, quietest):
    return Result(one, size, Figures(loops=quietest), quietest=quietest)


def test_page_may_grow_so_many_times_from_the_smallest_size_to_the_largest():
    flat = Case("flat", lambda _: int, Figures(), growth=1.5)
    free = Case("free", lambda _: int, Figures())
    once = Case("measured once", lambda _: int, Figures(), growth=1.5)
    rows = [
        measured(flat, SMALL, 0.2),
        measured(free, SMALL, 0.2),
        measured(once, SMALL, 0.2),
        measured(flat, SIZES[1], 0.1),
        measured(flat, LARGE, 0.31),
        measured(free, LARGE, 9.0),
    ]

    found = growths(rows)

    assert [(one.few.case.name, round(one.times, 2), one.is_passed) for one in found] == [
        ("flat", 1.55, True)
    ]


def test_row_of_another_case_stays_in_the_table(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    monkeypatch.setattr(report, "TARGET", page)
    list_, search = (Case(name, lambda _: int, Figures(), growth=2) for name in ("list", "search"))
    monkeypatch.setattr(report, "CASES", [list_, search])
    grown = [Growth(measured(list_, SMALL, 0.2), measured(list_, LARGE, 0.3))]
    report.write([measured(one, SMALL, 0.2) for one in (list_, search)], grown)

    report.write([measured(list_, LARGE, 0.3), measured(list_, SMALL, 0.25)])

    words = page.read_text()
    rows = [line for line in words.splitlines() if line.startswith(("| list", "| search"))]
    assert [[*row.split(" | ")[:2], row.split(" | ")[3]] for row in rows[:3]] == [
        ["| list", "small", "0.25"],
        ["| search", "small", "0.20"],
        ["| list", "large", "0.30"],
    ]
    assert rows[3:] == ["| list | small | large | 1.50 (≤ 2) |"]


def test_table_shows_before_now_and_limit(tmp_path, monkeypatch):
    before, page = tmp_path / "before.json", tmp_path / "page.md"
    before.write_text(json.dumps({"list/small": {"queries": 28, "loops": 3.1}}))
    monkeypatch.setattr(report, "BEFORE", before)
    monkeypatch.setattr(report, "TARGET", page)
    case = Case("list", lambda _: int, Figures(queries=8))

    report.write([Result(case, SMALL, Figures(queries=7, loops=0.5))])

    assert "| list | small | 28 → 7 (≤ 8) | 3.10 → 0.50 |  |  |  |  |" in page.read_text()


@pytest.mark.postgres
@pytest.mark.django_db
def test_rows_are_multiplied_in_the_database():
    pattern = OrganisationFactory()

    made = multiply(pattern, "generate_series(1, 3) AS n", slug="'city-' || n", name="'City ' || n")

    copies = Organisation.objects.exclude(pk=pattern.pk)
    assert made == 3
    assert {(each.slug, each.country_id) for each in copies} == {
        (f"city-{number}", pattern.country_id) for number in (1, 2, 3)
    }


@pytest.mark.django_db
def test_unknown_column_is_refused():
    with pytest.raises(ValueError, match="has no colour"):
        multiply(OrganisationFactory(), "generate_series(1, 3) AS n", colour="'red'")


def test_fields_are_read_and_typed_on():
    page = """<input type="hidden" name="version_part-why" value="3">
      <textarea name="part-why">Streets &amp; squares</textarea><input type="submit" name="do">"""

    assert typed_on(fields_of(page), 2) == {
        "version_part-why": "5",
        "part-why": "Streets & squares 2",
    }


def waited(*seconds, failures=()):
    return load.Waits(seconds=list(seconds), failures=list(failures))


@pytest.mark.parametrize(
    ("savers", "lost", "status"),
    [
        (waited(*[0.2] * 400, 0.3), 0, 0),
        (waited(*[0.2] * 400), 1, 1),
        (waited(*[0.4] * 400), 0, 1),
        (waited(*[0.2] * 400, failures=["503 /"] * 2), 0, 0),
        (waited(*[0.2] * 400, failures=["503 /"] * 3), 0, 1),
    ],
    ids=["holds", "a text is lost", "slower", "few fail", "too many fail"],
)
def test_savers_are_held_against_a_page_of_one_query(savers, lost, status, capsys):
    waits = {"writers": savers, "one query": waited(*[0.1] * 100)}

    assert load.verdict(waits, lost=lost) == status
    assert "times the p95 of a page of one query (at most 3)" in capsys.readouterr().out
