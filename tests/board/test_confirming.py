"""Confirming pairs of the board, and changing it."""

import pytest

from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from pairings.matching.models import Board, Run
from pairings.matching.services import (
    Changes,
    Confirmed,
    change_board,
    confirm_pairs,
    put_on_board,
)
from pairings.models import Pairing
from tests.board.world import make_board
from tests.factories.accounts import CoordinatorFactory, DeskFactory
from tests.factories.applications import AcceptedApplicationFactory
from tests.factories.matching import DoneRunFactory, instance
from tests.factories.programme import OrganisationFactory, TopicFactory
from tests.infra.threads import run_in_threads

pytestmark = pytest.mark.django_db


def row(left, right, **values):
    given = {"topics": [TopicFactory()], "reason": "Both live with water."}
    return Confirmed(left, right, **(given | values))


def confirm(board, by, *rows, **values):
    given = {"call": board.call, "read": board.run.number, "rows": rows, "by": by}
    return confirm_pairs(**(given | values))


def test_confirmed_pairs_are_proposed_with_their_reasons(board, by, mailoutbox):
    outcomes = confirm(board, by, row("riga", "kochi"), row("split", "surat"))
    assert [one.pairing.title for one in outcomes] == ["Riga – Kochi", "Split – Surat"]
    assert {p.reason for p in Pairing.objects.all()} == {"Both live with water."}
    event = AuditEvent.objects.get(verb="matching.pairs_confirmed")
    assert event.details == {"run": board.run.number, "pairs": 2}
    # A second time, as from another window, nothing new is made.
    again = confirm(board, by, row("riga", "kochi"))
    assert (again[0].pairing, again[0].was_there) == (outcomes[0].pairing, True)
    assert Pairing.objects.count() == 2


def test_refusal_of_one_pair_leaves_the_others(board, by):
    board.call.applications.filter(organisation__slug="split").update(status="eligible")
    outcomes = confirm(
        board, by, row("split", "surat"), row("riga", "kochi"), row("riga", "surat", topics=[])
    )
    said = [str(one.refusal.message) if one.refusal else "" for one in outcomes]
    assert "Split has no accepted application" in said[0]
    assert said[1] == ""
    assert "Choose at least one topic" in said[2]
    assert Pairing.objects.get().title == "Riga – Kochi"


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (("riga", "vienna"), "not of the run on the board"),
        (("kochi", "riga"), "not of the run on the board"),
        (("split", "kochi"), "forbidden"),
    ],
)
def test_only_pairs_that_the_run_could_suggest_are_confirmed(by, pair, words):
    board = make_board(instance=instance(forbidden=[["split", "kochi"]]))
    [outcome] = confirm(board, by, row(*pair))
    assert words in str(outcome.refusal.message)
    assert not Pairing.objects.exists()


def test_confirming_is_for_coordinators_and_for_the_run_that_was_read(board, by):
    with pytest.raises(NotAllowedError):
        confirm(board, DeskFactory(), row("riga", "kochi"))
    with pytest.raises(InvalidError):
        confirm(board, by)
    read = board.run.number
    put_on_board(run=DoneRunFactory(call=board.call, instance=instance(min_score=1)), by=by)
    with pytest.raises(WrongStateError, match="another run"):
        confirm(board, by, row("riga", "kochi"), read=read)
    assert not Pairing.objects.exists()


def test_change_works_out_a_run_from_that_which_was_read(board, by):
    lock = Changes(lock=[("riga", "surat")])
    run = change_board(call=board.call, read=board.run.number, changes=lock, by=by)
    assert (run.parent, Board.objects.get().run) == (board.run, run)
    with pytest.raises(WrongStateError, match="another run"):
        change_board(call=board.call, read=board.run.number, changes=lock, by=by)
    anew = change_board(call=board.call, read=run.number, by=by)
    assert anew.change == {"anew": True}
    # Riga and Split say nothing of themselves, but what staff decided stays.
    assert anew.instance["locked"] == [["riga", "surat"]]
    assert Run.objects.count() == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_confirmations_of_one_city_make_one_pairing():
    board = make_board()
    by = CoordinatorFactory()
    left = [OrganisationFactory(slug=f"city-{n}") for n in range(20)]
    for city in left:
        AcceptedApplicationFactory(call=board.call, organisation=city)
    cities = [{"id": city.slug, "country": city.country_id} for city in left]
    run = DoneRunFactory(call=board.call, instance=instance(left=cities))
    put_on_board(run=run, by=by)
    rows = [row(city.slug, "kochi") for city in left]
    outcomes = run_in_threads(
        20, lambda n: confirm_pairs(call=board.call, read=run.number, rows=[rows[n]], by=by)
    )
    made = [one for [one] in outcomes if one.pairing]
    refused = [str(one.refusal.message) for [one] in outcomes if one.refusal]
    assert (len(made), len(refused)) == (1, 19)
    assert all("Kochi has no room" in words for words in refused)
    assert Pairing.objects.count() == 1
