"""Pages of staff on runs."""

import json

import pytest
from django.urls import reverse

from pairings.matching.models import Board, Run
from pairings.matching.selectors import compare
from tests.factories.accounts import ObserverFactory
from tests.factories.applications import ConflictFactory, EligibleApplicationFactory
from tests.factories.jobs import JobFactory
from tests.factories.matching import BoardFactory, DoneRunFactory, RunFactory, instance
from tests.factories.programme import OrganisationFactory, PartnerOrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    OrganisationFactory(slug="riga", name="Rīga")
    PartnerOrganisationFactory(slug="kochi", name="Kochi")
    return BoardFactory(run__missing={"kochi": ["topics", "languages"]})


def at(name, run, **more):
    args = [run.call.slug] if name in {"runs", "compare"} else [run.call.slug, run.number]
    return reverse(f"matching:{name}", args=args, query=more or None)


def words_of(answer):
    return " ".join(answer.content.decode().split())


def test_run_says_what_is_proved_and_lists_its_pairs(boss, board):
    page = words_of(boss.get(at("run", board.run)))
    assert "Optimal, proved" in page
    assert f"{board.run.total:,}" in page
    assert "<b>Rīga</b>" in page
    # A city that is not in the portal keeps its slug.
    assert "<b>surat</b>" in page


def test_run_lists_what_is_not_said_and_finds_a_city(boss, board):
    page = words_of(boss.get(at("run", board.run, show="missing")))
    assert "Topics, languages" in page
    assert "Rīga" not in page
    found = words_of(boss.get(at("run", board.run, q="riga")))
    assert "<b>Rīga</b>" in found
    assert "<b>split</b>" not in found
    assert "No such city here" in words_of(boss.get(at("run", board.run, q="nowhere")))


def test_run_says_who_is_left_and_why(boss):
    alone = instance(forbidden=[["riga", "kochi"], ["riga", "surat"]])
    run = DoneRunFactory(instance=alone)
    page = words_of(boss.get(at("run", run, show="left")))
    assert "<b>riga</b>" in page
    assert run.result["unmatched"]["left"][0]["reason"] in page


WEIGHTS = {"themes": 50, "languages": 17, "preferences": 33}


def typed(**values):
    data = dict.fromkeys(("needs_offers", "setting", "size", "history", "wishes"), 0)
    data |= WEIGHTS
    sent = {}
    for term, share in data.items():
        sent |= {term: share, f"slide_{term}": share, f"was_{term}": share}
    return sent | values


def test_other_weights_are_a_run_of_their_own_beside_the_first(boss, board):
    answer = boss.post(at("run", board.run), typed(themes=0, slide_languages=90))
    tried = Run.objects.get(parent=board.run)
    assert answer.url == at("run", tried)
    # The number that was typed, the slider that was moved, and the rest as it was.
    weights = tried.instance["weights"]
    assert (weights["themes"], weights["languages"], weights["preferences"]) == (0, 90, 33)
    assert Board.objects.get().run == board.run
    page = words_of(boss.get(answer.url))
    assert f"What run {tried.number} does to run {board.run.number}" in page
    assert "totals under different weights cannot be compared" in page
    assert f"Put run {tried.number} on the board" in page


def test_weights_of_nothing_are_refused_at_once(boss, board):
    nothing = dict.fromkeys(typed(), 0) | {"slide_themes": "", "themes": "0"}
    answer = boss.post(at("run", board.run), nothing)
    assert answer.status_code == 422
    assert "more than 0" in words_of(answer)
    assert Run.objects.count() == 1


def test_any_run_comes_back_on_the_board(boss, board):
    other = DoneRunFactory(call=board.call, instance=instance(locked=[["riga", "surat"]]))
    answer = boss.post(at("put", other), follow=True)
    assert f"Run {other.number} is on the board now." in words_of(answer)
    assert Board.objects.get().run == other


def test_file_is_the_sealed_run(boss, board):
    answer = boss.get(at("file", board.run))
    assert "attachment" in answer["Content-Disposition"]
    file = json.loads(answer.content)
    assert (file["digest"], file["result"]["total_score"]) == (board.run.digest, board.run.total)
    assert boss.get(at("file", RunFactory(call=board.call))).status_code == 404


def test_two_runs_side_by_side(boss, board):
    other = DoneRunFactory(
        call=board.call, parent=board.run, instance=instance(locked=[["riga", "surat"]])
    )
    page = words_of(boss.get(at("compare", other, one=board.run.number, other=other.number)))
    assert "They differ in locked pairs." in page
    assert "What changes: 2 cities" in page
    found = [row.difference for row in compare(board.run, other).changes]
    gain, lose = sum(n > 0 for n in found), sum(n < 0 for n in found)
    assert f"{gain} gain, {lose} lose" in page
    assert f"Put run {other.number} on the board" in page
    same = boss.get(at("compare", other, one=other.number, other=other.number, show="same"))
    assert "2 pairs are the same in both" in words_of(same)


def test_page_to_compare_asks_which(boss, board):
    assert "no two runs to compare" in words_of(boss.get(at("compare", board.run)))
    DoneRunFactory(call=board.call)
    assert "Which two" in words_of(boss.get(at("compare", board.run)))


def test_first_run_is_started_by_its_page(boss):
    call = EligibleApplicationFactory(organisation__slug="riga").call
    address = reverse("matching:runs", args=[call.slug])
    answer = boss.post(address, {"note": "A look"})
    assert answer.status_code == 422
    assert "No partner city can be paired in this call" in words_of(answer)
    country = call.partner_countries.first()
    PartnerOrganisationFactory(slug="kochi", **({"country": country} if country else {}))
    if country is None:
        call.partner_countries.add(PartnerOrganisationFactory(slug="surat").country)
    assert boss.post(address, {"note": "A look"}).url == address + "1/"
    page = words_of(boss.get(address))
    assert "A look" in page
    assert "on the board" in page
    listed = words_of(boss.get("/staff/matching/"))
    assert "Run 1" in listed


def test_run_on_its_way_tells_its_step_and_its_starter_may_stop_it(boss, by, client):
    job = JobFactory(by=by, state="running", message="Solving", done=50, total=100)
    run = RunFactory(state="solving", job=job)
    page = words_of(boss.get(at("run", run)))
    assert "is on its way" in page
    assert "Stop" in page
    assert 'class="is-now" aria-current="step"' in page
    part = boss.get(at("run", run), headers={"HX-Request": "true"})
    assert part.content.decode().count("<html") == 0
    job.delete()
    assert boss.get(at("run", run), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "It broke off" in words_of(boss.get(at("run", run)))


def test_who_may_not_is_turned_away(by, boss, sign_in):
    application = EligibleApplicationFactory()
    run = DoneRunFactory(call=application.call, applicants=f"|{application.pk}|")
    assert boss.get(at("run", run)).status_code == 200
    ConflictFactory(application=application, person=by)
    assert boss.get(at("run", run)).status_code == 404
    assert sign_in(ObserverFactory()).get(at("run", run)).status_code == 403


@pytest.mark.parametrize("name", ["runs", "run"])
def test_page_asks_as_often_for_many_runs(boss, board, name, django_assert_max_num_queries):
    for _n in range(3):
        DoneRunFactory(call=board.call, parent=board.run)
    last = DoneRunFactory(call=board.call, parent=board.run)
    boss.get(at(name, last))
    with django_assert_max_num_queries(15):
        boss.get(at(name, last))
