"""Runs: started, worked out, put on the board, never changed."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.jobs.services import run_job
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from pairings.matching import guards
from pairings.matching.models import Board, Run
from pairings.matching.selectors import calls_to_match, compare, file_of, run_file, runs_of
from pairings.matching.services import Changes, put_on_board, start_run
from pairings.matching.states import RunState
from pairings.matching.verify import faults
from tests.factories.accounts import CoordinatorFactory, DeskFactory, ObserverFactory
from tests.factories.applications import ConflictFactory, EligibleApplicationFactory
from tests.factories.matching import BoardFactory, DoneRunFactory, RunFactory, instance
from tests.factories.programme import (
    CallFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
)
from tests.infra.threads import run_in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def make_call():
    india = PartnerCountryFactory()
    call = CallFactory(partner_countries=[india])
    for slug in ("riga", "split"):
        EligibleApplicationFactory(call=call, organisation__slug=slug)
    for slug in ("kochi", "surat"):
        PartnerOrganisationFactory(slug=slug, country=india, capacity=1)
    return call


@pytest.fixture
def call():
    return make_call()


def pairs_of(run):
    return {(pair["left"], pair["right"]) for pair in run.result["pairs"]}


def events():
    rows = AuditEvent.objects.filter(verb__startswith="matching.").order_by("pk")
    return [(event.verb, event.details) for event in rows]


def test_first_run_reads_the_call_and_comes_on_the_board(call, by):
    run = start_run(call=call, by=by, note="  First  look ")
    assert (run.number, run.state, run.note, run.parent) == (1, "done", "First look", None)
    assert {left for left, _right in pairs_of(run)} == {"riga", "split"}
    assert (run.pairs, run.total) == (2, run.result["total_score"])
    assert run.worst == min(pair["score"] for pair in run.result["pairs"])
    assert run.missing["kochi"] == ["topics", "needs", "offers", "population", "languages", "tags"]
    assert run.is_proved
    assert Board.objects.get(call=call).run == run
    assert events() == [
        ("matching.run_started", {"run": 1}),
        ("matching.run_put_on_board", {"run": 1}),
    ]


def test_same_data_under_the_same_rules_is_one_run(call, by):
    first = start_run(call=call, by=by)
    assert start_run(call=call, by=CoordinatorFactory()) == first
    assert Run.objects.count() == 1


def test_lock_moves_the_other_city_and_is_undone_by_the_former_run(call, by):
    first = start_run(call=call, by=by)
    [(left, right)] = [(a, b) for a, b in pairs_of(first) if a == "riga"]
    other = "surat" if right == "kochi" else "kochi"
    second = start_run(call=call, by=by, parent=first, changes=Changes(lock=[(left, other)]))
    assert second.parent == first
    assert second.change == {"lock": [["riga", other]]}
    assert pairs_of(second) == {("riga", other), ("split", right)}
    put_on_board(run=first, by=by)
    assert Board.objects.get().run == first
    assert events()[-1] == ("matching.run_put_on_board", {"run": 1, "run_before": 2})
    # The way back is a run that is there already.
    undone = Changes(unlock=[(left, other)])
    assert start_run(call=call, by=by, parent=second, changes=undone) == first


def test_forbidden_pair_is_out_until_it_is_locked_or_allowed(call, by):
    first = start_run(call=call, by=by)
    pair = next(iter(pairs_of(first)))
    banned = start_run(call=call, by=by, parent=first, changes=Changes(forbid=[pair]))
    assert pair not in pairs_of(banned)
    assert banned.banned == [list(pair)]
    locked = start_run(call=call, by=by, parent=banned, changes=Changes(lock=[pair]))
    assert (locked.banned, locked.instance["locked"]) == ([], [list(pair)])
    assert start_run(call=call, by=by, parent=banned, changes=Changes(allow=[pair])) == first


def test_trial_of_weights_leaves_the_board_alone(call, by):
    first = start_run(call=call, by=by)
    tried = start_run(
        call=call, by=by, parent=first, changes=Changes(weights={"themes": 60.0}), on_board=False
    )
    assert tried.instance["weights"] == first.instance["weights"] | {"themes": 60}
    assert Board.objects.get().run == first


def test_data_read_anew_keeps_what_staff_decided_and_still_fits(call, by):
    first = start_run(call=call, by=by)
    changes = Changes(
        lock=[("riga", "kochi")], forbid=[("split", "kochi")], weights={"size": 0}, min_score=1
    )
    start_run(call=call, by=by, parent=first, changes=changes)
    call.applications.filter(organisation__slug="split").update(status="withdrawn")
    anew = start_run(call=call, by=by)
    assert anew.change == {"anew": True}
    assert [city["id"] for city in anew.instance["left"]] == ["riga"]
    assert anew.instance["locked"] == [["riga", "kochi"]]
    assert (anew.instance["min_score"], anew.instance["weights"]["size"]) == (1, 0)
    assert (anew.banned, anew.instance["forbidden"]) == ([], [])


def test_what_a_city_ruled_out_stays_out(by):
    run = DoneRunFactory(instance=instance(forbidden=[["riga", "kochi"]]))
    with pytest.raises(InvalidError, match="cannot be paired"):
        start_run(call=run.call, by=by, parent=run, changes=Changes(lock=[("riga", "kochi")]))


def test_rules_that_cannot_hold_are_refused_and_leave_no_run(call, by):
    run = start_run(call=call, by=by)
    both = Changes(lock=[("riga", "kochi"), ("split", "kochi")])
    with pytest.raises(InvalidError, match="cannot hold together. locked: kochi"):
        start_run(call=call, by=by, parent=run, changes=both)
    assert Run.objects.count() == 1


def test_call_without_cities_says_why(by):
    with pytest.raises(InvalidError, match="No city in Europe can be paired"):
        start_run(call=CallFactory(), by=by)


@pytest.mark.parametrize("factory", [DeskFactory, ObserverFactory])
def test_coordinators_alone_work_out_pairs(call, factory):
    with pytest.raises(NotAllowedError):
        start_run(call=call, by=factory())


def test_link_with_an_applicant_keeps_from_all_runs_of_the_call(call, by):
    application = call.applications.first()
    link = ConflictFactory(application=application, person=by)
    # A run names everybody; without one it is not said that the city could be paired.
    with pytest.raises(NotAllowedError):
        start_run(call=call, by=by)
    assert call in calls_to_match(by)
    run = start_run(call=call, by=CoordinatorFactory())
    assert f"|{application.pk}|" in run.applicants
    assert not Run.objects.visible_to(by).exists()
    assert call not in calls_to_match(by)
    assert not by.has_perm("matching.view_run", Run.objects.get(pk=run.pk))
    with pytest.raises(NotAllowedError):
        put_on_board(run=run, by=by)
    link.lifted_at, link.lifted_because = timezone.now(), "It was another city."
    link.save()
    assert put_on_board(run=run, by=by).run == run


def test_large_call_is_a_job(call, by, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("pairings.matching.services.solving.SMALL", 1)
    run = start_run(call=call, by=by)
    assert (run.state, run.is_working) == ("queued", True)
    assert Board.objects.get().run is None
    with pytest.raises(WrongStateError, match="no result"):
        put_on_board(run=run, by=by)
    # The same again while it waits: no second work.
    assert start_run(call=call, by=by) == run
    run_job(pk=run.job_id)
    run = Run.objects.get()
    assert (run.state, run.job.state, Board.objects.get().run) == ("done", "done", run)


def test_change_of_a_large_run_is_solved_at_once(call, by, monkeypatch):
    first = start_run(call=call, by=by)
    monkeypatch.setattr("pairings.matching.services.solving.SMALL", 1)
    lock = Changes(lock=[next(iter(pairs_of(first)))])
    assert start_run(call=call, by=by, parent=first, changes=lock).is_done
    other_weights = Changes(weights={"themes": 1})
    assert start_run(call=call, by=by, parent=first, changes=other_weights).is_working


def test_work_that_broke_off_is_started_anew(call, by, monkeypatch):
    monkeypatch.setattr("pairings.matching.services.solving.SMALL", 1)
    run = start_run(call=call, by=by)

    def broken(*_args):
        raise MemoryError

    with monkeypatch.context() as broke:
        broke.setattr("pairings.matching.services.runs.solve", broken)
        run_job(pk=run.job_id)
    run.refresh_from_db()
    assert (run.state, run.job.state) == ("failed", "failed")
    assert run.error.startswith("The work broke off")
    assert start_run(call=call, by=by).number == 2


# Never changed -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda run: run.save(),
        lambda run: run.delete(),
        lambda _run: Run.objects.update(total=1),
        lambda _run: Run.objects.all().delete(),
        lambda run: Run.objects.bulk_update([run], ["total"]),
    ],
    ids=["save", "delete", "update", "delete all", "bulk update"],
)
def test_run_is_never_changed_or_removed(change):
    run = DoneRunFactory()
    run.total = 1
    with pytest.raises(TypeError), transaction.atomic():
        change(run)
    assert not Run.objects.write_once(run, state=RunState.FAILED)


@pytest.mark.parametrize("column", ["total", "digest", "error", "number"])
def test_database_keeps_a_run_that_has_ended(column):
    DoneRunFactory()
    value = "7654321" if column in ("total", "number") else "'other'"
    with (
        pytest.raises(DatabaseError, match=guards.REFUSAL),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE matching_run SET {column} = {value}")


def test_database_keeps_what_a_waiting_run_was_given():
    RunFactory()
    with (
        pytest.raises(DatabaseError, match=guards.REFUSAL),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE matching_run SET note = 'other'")


def test_run_stays_when_its_starter_leaves():
    run = DoneRunFactory()
    run.by.delete()
    run.refresh_from_db()
    assert run.by is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_start_at_once_have_one_run():
    call, people = make_call(), [CoordinatorFactory(), CoordinatorFactory()]
    results = run_in_threads(2, lambda n: start_run(call=call, by=people[n]))
    assert results[0] == results[1]
    assert Run.objects.get().number == 1
    assert Board.objects.get().run == results[0]


# Read ----------------------------------------------------------------------------------


def test_file_holds_all_and_its_digest():
    run = Run.objects.get(pk=DoneRunFactory().pk)
    file = run_file(run)
    assert list(file) == ["format", "instance", "result", "digest"]
    assert file["instance"] == instance()
    # Read back from the database it is what was sealed.
    assert file_of(run.instance, run.result)["digest"] == file["digest"]


def test_file_is_checked_without_the_portal_and_a_changed_digit_is_found():
    file = json.loads(json.dumps(run_file(Run.objects.get(pk=DoneRunFactory().pk))))
    assert list(faults(file)) == []
    file["result"]["total_score"] += 1
    assert len(list(faults(file))) > 1


def test_list_of_runs_leaves_what_is_large_in_the_database(django_assert_num_queries):
    board = BoardFactory()
    DoneRunFactory(call=board.call, parent=board.run)
    with django_assert_num_queries(1):
        [second, first] = runs_of(board.call)
        assert (second.parent, first.by) == (board.run, board.run.by)
    assert {"instance", "result"} <= first.get_deferred_fields()


def test_two_runs_of_the_same_weights_side_by_side():
    one = DoneRunFactory()
    other = DoneRunFactory(call=one.call, instance=instance(locked=[["riga", "surat"]]))
    found = compare(one, other)
    assert (found.is_one_weighting, found.differing) == (True, ["locked"])
    assert [(row.slug, row.before[0].slug, row.after[0].slug) for row in found.changes] == [
        ("split", "surat", "kochi"),
        ("riga", "kochi", "surat"),
    ]
    assert sum(row.difference for row in found.rows) == other.total - one.total
    assert found.after.total - found.before.total == other.total - one.total
    assert found.after.worst == other.worst


def test_two_runs_of_different_weights_score_by_the_second():
    one = DoneRunFactory(instance=instance(locked=[["riga", "surat"]]))
    other = DoneRunFactory(call=one.call, instance=instance(weights={"languages": 1}))
    found = compare(one, other)
    assert not found.is_one_weighting
    # Only languages count: Riga and Kochi share one.
    assert (found.before.total, found.after.total) == (0, 10_000)
    assert found.before.wishing == 2


def test_city_that_is_gained_and_one_that_is_lost():
    one = DoneRunFactory(instance=instance(forbidden=[["riga", "kochi"], ["riga", "surat"]]))
    other = DoneRunFactory(call=one.call, instance=instance())
    [gained] = [row for row in compare(one, other).rows if row.is_gained]
    [lost] = [row for row in compare(other, one).rows if row.is_lost]
    assert gained.slug == lost.slug == "riga"
    assert (compare(one, other).before.unpaired, compare(one, other).after.unpaired) == (1, 0)
