"""The ranking, what a line does to it, and outcomes set from the line."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.assessment.engine.line import Line, numbers, place
from applications.assessment.models import Outcome
from applications.assessment.states import PendingOutcome
from core.jobs.models import Job
from core.jobs.services import run_job
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import EligibleApplicationFactory
from tests.factories.outcomes import OutcomeFactory, ParagraphFactory
from tests.factories.programme import CallFactory


@dataclass(frozen=True)
class One:
    total: Decimal | None
    is_complete: bool = True
    needs_consensus: bool = False


def of(*totals):
    return [One(None if one is None else Decimal(one)) for one in totals]


def made(results, **line):
    line = {key: Decimal(value) if key != "places" else value for key, value in line.items()}
    return [one.by_line for one in place(results, Line(**line))]


A, R, J, H = PendingOutcome.ACCEPT, PendingOutcome.RESERVE, PendingOutcome.REJECT, "held"


@given(st.lists(st.one_of(st.none(), st.integers(0, 5))))
def test_ranks_equal_a_naive_count(totals):
    for one in place(of(*totals), Line()):
        total = one.result.total
        if total is None:
            assert one.rank is None
            continue
        others = [other for other in totals if other is not None]
        assert one.rank == 1 + sum(other > total for other in others)
        assert one.is_tied == (others.count(total) > 1)
        assert one.by_line is None


@given(
    st.lists(st.integers(0, 5)),
    st.one_of(st.none(), st.integers(0, 5)),
    st.integers(0, 8),
)
def test_a_line_never_accepts_too_many_nor_passes_anybody_over(totals, threshold, places):
    drawn = Line(threshold=None if threshold is None else Decimal(threshold), places=places)
    rows = place(of(*totals), drawn)
    assert numbers(rows)[A] <= places
    accepted = [row.result.total for row in rows if row.by_line == A]
    others = [row.result.total for row in rows if row.by_line != A]
    assert not accepted or not others or min(accepted) > max(others)
    if threshold is not None:
        assert all(total >= threshold for total in accepted)


def test_line_accepts_reserves_rejects_and_holds():
    assert made(of(90, 80, 70, 60), threshold=80, reserve=65) == [A, A, R, J]
    assert made(of(90, 80, 80, 60), places=2, reserve=70) == [A, H, H, J]
    assert made(of(90, 80, 80, 60), places=3) == [A, A, A, J]
    assert made(of(90, None), places=5) == [A, H]
    open_ones = [One(Decimal(90), is_complete=False), One(Decimal(80), needs_consensus=True)]
    assert made([*open_ones, *of(70)], places=1) == [H, H, A]


@pytest.fixture
def staff(sign_in):
    person = CoordinatorFactory()
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
    return sign_in(person)


def text(response):
    return response.content.decode()


@pytest.mark.django_db
def test_ranking_tries_a_line_and_stores_nothing(staff):
    call = CallFactory()
    EligibleApplicationFactory(call=call)
    address = reverse("assessment:ranking", args=[call.slug])
    assert "Set as pending" not in text(staff.get(address))
    words = text(staff.get(address, {"places": "1", "threshold": "nonsense"}))
    assert "Set as pending from this line" in words
    assert not Outcome.objects.exists()


@pytest.mark.django_db
def test_set_from_the_line_in_one_step_leaves_what_was_prepared(staff):
    call = CallFactory()
    mine = OutcomeFactory(application=EligibleApplicationFactory(call=call))
    free = EligibleApplicationFactory(call=call)
    ParagraphFactory(call=call)
    url = reverse("assessment:from_line", args=[call.slug])
    assert staff.get(url).url == reverse("assessment:ranking", args=[call.slug])
    assert "Set 1 as pending" in text(staff.get(f"{url}?places=1"))
    assert staff.post(f"{url}?places=1", {}).status_code == 302
    job = Job.objects.get()
    if job.is_unfinished:
        run_job(pk=job.pk)
    assert free.outcome.outcome == "held"
    mine.refresh_from_db()
    assert (mine.outcome, mine.version) == ("accepted", 1)
    assert mail.outbox == []


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_ranking_takes_the_same_queries_for_one_and_three(number, staff, django_assert_num_queries):
    call = CallFactory()
    for _ in range(number):
        OutcomeFactory(application=EligibleApplicationFactory(call=call))
    with django_assert_num_queries(17):
        staff.get(reverse("assessment:ranking", args=[call.slug]), {"places": "1"})
