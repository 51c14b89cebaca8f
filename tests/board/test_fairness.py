"""Fair to the last city: the curve, another balance, how firm each pair is."""

import pytest
from django.urls import reverse

from core.jobs.models import Job
from core.jobs.services import run_job
from core.kit.errors import WrongStateError
from pairings.matching.charts import curve_of, reach_of
from pairings.matching.models import Board, Fairness, Run
from pairings.matching.selectors.balance import balance_of
from pairings.matching.services import work_out_fairness
from tests.factories.matching import (
    BoardFactory,
    DoneRunFactory,
    FairnessFactory,
    RunFactory,
    instance,
)
from tests.factories.programme import CountryFactory

pytestmark = pytest.mark.django_db

# The best total gives Riga and Kochi much and Split and Surat little; the other way they are alike.
SCORES = [["riga", "kochi", 9000], ["split", "surat", 1000]]
SCORES += [["riga", "surat", 4000], ["split", "kochi", 4500]]


@pytest.fixture
def run():
    return BoardFactory(run__instance=instance(scores=SCORES)).run


def at(name, run, **query):
    args = [run.call.slug] if name == "fairness" else [run.call.slug, run.number]
    return reverse(f"matching:{name}", args=args, query=query or None)


def words_of(answer):
    return " ".join(answer.content.decode().split())


def test_curve_is_worked_out_when_asked_for_and_once(boss, run):
    assert "Not worked out yet" in words_of(boss.get(at("fairness", run)))
    page = words_of(boss.post(at("work_out", run), follow=True))
    made = Fairness.objects.get()
    assert [(point["total"], point["worst"]) for point in made.curve] == [
        (10000, 1000),
        (8500, 4000),
    ]
    assert "2 balances, none bettered on both sides" in page
    assert (
        '<span class="loss">-15.0&nbsp;%</span> for <span class="gain">+300&nbsp;%</span>' in page
    )
    boss.post(at("work_out", run))
    assert Fairness.objects.count() == 1


def test_chosen_balance_is_a_run_on_the_board(boss, run):
    FairnessFactory(run=run)
    assert boss.post(at("fairness", run), {}).status_code == 422
    boss.post(at("fairness", run), {"point": "1"})
    chosen = Board.objects.get().run
    assert (chosen.parent, chosen.total, chosen.worst) == (run, 8500, 4000)
    assert chosen.change == {"min_score": 1001, "min_pairs": 2}


def test_many_pairs_are_a_job(boss, by, run, monkeypatch):
    monkeypatch.setattr("pairings.matching.services.fairness.FEW_PAIRS", 1)
    page = boss.post(at("work_out", run), follow=True)
    assert 'class="job"' in words_of(page)
    run_job(pk=Job.objects.get(by=by).pk)
    assert "Choose one" in words_of(boss.get(at("fairness", run)))


def test_run_without_a_result_has_no_balance(boss, by):
    waiting = RunFactory()
    with pytest.raises(WrongStateError):
        work_out_fairness(run=waiting, by=by)
    assert boss.get(at("fairness", waiting) + f"?run={waiting.number}").status_code == 404
    assert boss.get(at("fairness", waiting)).status_code == 404


def test_page_says_how_firm_each_pair_is(boss, django_assert_max_num_queries):
    run = FairnessFactory(run=BoardFactory().run).run
    with django_assert_max_num_queries(15):
        page = words_of(boss.get(at("fairness", run, term="themes")))
    [reach] = [found["themes"] for left, _right, found in run.fairness.reaches if left == "riga"]
    assert "stays" in page
    assert "Shared topics weighs 30 now" in page
    assert reach[0] <= 30


def test_balance_counts_pairs_of_countries_and_topics():
    for code, name in (("HR", "Croatia"), ("LV", "Latvia")):
        CountryFactory(code=code, name=name)
    run = DoneRunFactory(instance=instance(forbidden=[["split", "kochi"], ["split", "surat"]]))
    found = balance_of(Run.objects.get(pk=run.pk))
    assert [(one.name, one.pairs, one.places) for one in found.left] == [
        ("Croatia", 0, 1),
        ("Latvia", 1, 1),
    ]
    assert [(one.pairs, one.places) for one in found.right] == [(1, 2)]
    # Ports could be shared by one pair, water by two.
    assert {one.name: one.places for one in found.topics} == {"ports": 1, "water": 2}


def test_curve_rises_to_the_left_and_ends_at_the_edge():
    drawn = curve_of([(10000, 1000), (8500, 4000)], 560, 480)
    first, second = drawn.marks
    assert (first.name, second.name) == ("A", "B")
    assert second.x < first.x
    assert second.y < first.y
    assert drawn.line.endswith("H58")


def test_reach_of_a_weight_on_its_bar():
    assert (reach_of(0, None, 60).is_anywhere, reach_of(0, None, 60).width) == (True, 100)
    frail = reach_of(29, 31, 60)
    assert (frail.is_frail, frail.x) == (True, 48.3)
