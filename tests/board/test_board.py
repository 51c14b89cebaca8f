"""The board of a call, the page of a pair, and confirming on them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from pairings.matching.models import Board, Run
from pairings.models import Pairing
from pairings.services import answer_pairing
from programme.organisations.models import Organisation
from tests.board.world import make_board
from tests.factories.matching import DoneRunFactory, RunFactory, instance
from tests.factories.pairings import PartnerWishFactory
from tests.factories.programme import MembershipFactory, TopicFactory

pytestmark = pytest.mark.django_db


def at(name, board, *args, **query):
    return reverse(f"matching:{name}", args=[board.call.slug, *args], query=query or None)


def words_of(answer):
    return " ".join(answer.content.decode().split())


def press(boss, board, **sent):
    sent = {"run": board.run.number} | sent
    return boss.post(at("change", board), sent, follow=True)


def test_board_shows_pairs_with_costs_and_opens_one(boss, board):
    page = words_of(boss.get(at("board", board)))
    assert "Optimal, proved" in page
    assert page.index("Riga – Kochi") < page.index("Split – Surat")
    assert "Alternatives for" not in page
    opened = boss.get(at("board", board, on="riga,kochi"))
    assert "Alternatives for Riga" in words_of(opened)
    [choice] = opened.context["choices"]
    assert (choice.other.place.name, choice.other.cost > 0) == ("Surat", True)
    assert [moved.place.name for moved in choice.moved] == ["Split"]


def test_next_best_of_a_large_run_is_asked_where_it_was_not_kept(boss, board):
    kept = boss.get(at("board", board)).context["rows"]
    result = board.run.result | {"alternatives": {}}
    large = RunFactory(
        call=board.call,
        state="done",
        ended_at=timezone.now(),
        instance=board.run.instance,
        result=result,
        potentials=board.run.potentials,
    )
    Board.objects.update(run=large)
    asked = boss.get(at("board", board)).context["rows"]
    assert [pair.next for pair, _parts, _topics in asked] == [pair.next for pair, *_ in kept]
    assert "Alternatives for Riga" in words_of(boss.get(at("board", board, on="riga,kochi")))


def test_board_is_searched_ordered_and_says_who_is_left(boss):
    board = make_board(instance=instance(forbidden=[["split", "kochi"], ["split", "surat"]]))
    shown = boss.get(at("board", board, show="unpaired"))
    assert [row.place.name for row in shown.context["beside"]] == ["Split"]
    assert "No partner is allowed" in words_of(shown)
    assert [place.name for place, _why in shown.context["partners_left"]] == ["Surat"]
    assert "No pair fits" in words_of(boss.get(at("board", board, q="split")))
    board = Board.objects.get()
    rows = boss.get(at("board", board, q="riga", order="worst")).context["rows"]
    assert [pair.value for pair, _parts, _topics in rows] == ["riga,kochi"]


def test_call_without_a_run_leads_to_its_runs(boss, board):
    Board.objects.update(run=None)
    assert boss.get(at("board", board)).url == at("runs", board)
    assert boss.get(at("rules", board)).url == at("runs", board)


@pytest.mark.parametrize("pairs", [1, 3])
def test_number_of_queries_stays(boss, board, django_assert_max_num_queries, pairs):
    cities = {
        side: [{"id": f"{side}-{n}", "country": "IN"} for n in range(pairs)]
        for side in ("left", "right")
    }
    run = DoneRunFactory(call=board.call, instance=instance(**cities), parent=board.run)
    Board.objects.update(run=run)
    with django_assert_max_num_queries(13):
        boss.get(at("board", board))
    with django_assert_max_num_queries(15):
        boss.get(at("pair", board, "left-0", "right-0"))


def test_lock_tells_what_changed_and_can_be_undone(boss, board):
    page = press(boss, board, lock="riga,surat", back="order=name&evil=1")
    assert page.redirect_chain[-1][0] == at("board", board, order="name")
    assert f"Run {Run.objects.first().number} is on the board" in words_of(page)
    assert "2 pairs are new" in words_of(page)
    assert page.context["shown"].points_gained < 0
    assert f"back to run {board.run.number}" in words_of(page)
    assert page.context["shown"].by_left["riga"][0].is_locked


def test_press_on_an_old_board_changes_nothing(boss, board):
    press(boss, board, forbid="riga,kochi")
    page = press(boss, board, lock="riga,kochi")
    assert "another run stands on the board" in words_of(page)
    assert Run.objects.count() == 2
    assert "Tick at least one pair first" in words_of(press(boss, board, act="confirm"))
    assert "Choose the pair on the board" in words_of(press(boss, board, lock="riga"))


def test_rules_change_places_and_refuse_what_cannot_hold(boss, board):
    sent = {"run": board.run.number, "min_score": 0, "min_IN": 2, "max_IN": 1}
    answer = boss.post(at("rules", board), sent)
    assert answer.status_code == 422
    assert "At most cannot be less than at least" in words_of(answer)
    page = boss.post(at("rules", board), sent | {"min_IN": "", "max_IN": 1}, follow=True)
    [country] = page.context["shown"].countries
    assert (country.pairs, country.maximum, country.is_full) == (1, 1, True)
    assert page.context["run"].instance["quotas"] == {"right_country": {"IN": {"max": 1}}}


def test_pair_is_explained_and_shows_refusals_to_staff(boss, board):
    riga, surat = (Organisation.objects.get(slug=slug) for slug in ("riga", "surat"))
    PartnerWishFactory(
        call=board.call, organisation=riga, about=surat, is_wanted=False, word="Too far."
    )
    page = words_of(boss.get(at("pair", board, "riga", "surat")))
    assert "Not suggested by run" in page
    assert "Taking it costs the whole" in page
    assert "Riga would rather not be paired with Surat" in page
    assert "“Too far.”" in page
    assert boss.get(at("pair", board, "riga", "vienna")).status_code == 404


def test_pair_is_confirmed_and_a_decline_asks_for_a_run(boss, board):
    topic = TopicFactory()
    form = {"run": board.run.number, "topics": [topic.pk], "reason": ""}
    url = at("pair", board, "riga", "kochi")
    assert boss.post(url, form).status_code == 422
    page = boss.post(url, form | {"reason": "Both live with water."}, follow=True)
    assert "1 pair is proposed" in words_of(page)
    pairing = Pairing.objects.get()
    assert page.context["shown"].by_left["riga"][0].standing.reference == pairing.reference
    member = pairing.members.get(side="partner")
    lead = MembershipFactory(organisation=member.organisation, role="lead").user
    answer_pairing(member=member, accept=False, reason="No staff.", by=lead)
    page = words_of(boss.get(at("board", board)))
    assert "Some pairs came to nothing" in page
    # The pair is ruled out in the run to come.
    assert "Split – Kochi" in words_of(press(boss, board, act="solve"))


def test_several_are_confirmed_and_the_refused_keep_their_text(boss, board):
    topic = TopicFactory()
    board.call.applications.filter(organisation__slug="split").update(status="eligible")
    asked = press(boss, board, act="confirm", id=["riga,kochi", "split,surat"])
    url = asked.redirect_chain[-1][0]
    assert [form["reason"].value()[:4] for _one, form, _s in asked.context["rows"]] == [
        "Riga",
        "Spli",
    ]
    sent = {"run": board.run.number}
    for number in range(2):
        sent |= {f"{number}-topics": topic.pk, f"{number}-reason": f"Reason {number}."}
    answer = boss.post(url, sent)
    assert answer.status_code == 409
    [(one, form, _standing)] = answer.context["rows"]
    assert (one.left.name, form["reason"].value()) == ("Split", "Reason 1.")
    assert "Split has no accepted application" in words_of(answer)
    assert Pairing.objects.get().reason == "Reason 0."


def test_mistakes_of_several_pairs_name_each(boss, board):
    asked = press(boss, board, act="confirm", id=["riga,kochi", "split,surat"])
    url, _status = asked.redirect_chain[-1]
    page = words_of(boss.post(url, {"run": board.run.number}))
    for pair in ("Riga – Kochi", "Split – Surat"):
        assert f"{pair}: Choose at least one topic." in page
        assert f"{pair}: Write why these cities fit together." in page
