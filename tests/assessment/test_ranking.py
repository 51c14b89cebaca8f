"""The ranking, what a line does to it, and outcomes set from the line."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.assessment import services
from applications.assessment.engine.line import Line, numbers, place
from applications.assessment.models import Outcome
from applications.assessment.selectors.outcomes import readiness_of
from applications.assessment.selectors.ranking import mark_of, ranking_of, to_set
from applications.assessment.states import PendingOutcome
from applications.models import Application
from core.jobs.models import Job
from core.jobs.services import run_job
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    AssignmentFactory,
    ConflictFactory,
    EligibleApplicationFactory,
    SubmissionFactory,
)
from tests.factories.assessment import AssessmentPlanFactory, HandedInFactory
from tests.factories.outcomes import OutcomeFactory, ParagraphFactory
from tests.factories.programme import AssessmentCriterionFactory, CallFactory


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
    page = staff.get(f"{url}?places=1")
    assert "Set 1 as pending" in text(page)
    mark = page.context["form"]["mark"].value()
    assert staff.post(f"{url}?places=1", {"mark": mark}).status_code == 302
    job = Job.objects.get()
    if job.is_unfinished:
        run_job(pk=job.pk)
    assert free.outcome.outcome == "held"
    mine.refresh_from_db()
    assert (mine.outcome, mine.version) == ("accepted", 1)
    assert mail.outbox == []


def start(call, by, **line):
    line = Line(**line)
    return services.start_from_line(
        call=call,
        line=line,
        reasons={"accepted": "A clear problem.", "rejected": "Full."},
        paragraphs=[],
        mark=mark_of(to_set(ranking_of(by, call, line))),
        by=by,
    )


def scored(call, *totals):
    """Applications that one assessor each has given these points of 5."""
    criterion = AssessmentCriterionFactory(call=call)
    AssessmentPlanFactory(call=call, assessors_each=1)
    rows = [EligibleApplicationFactory(call=call) for _ in totals]
    for row, points in zip(rows, totals, strict=True):
        HandedInFactory(
            assignment=AssignmentFactory(application=row), scores={criterion: Decimal(points)}
        )
    return rows


@pytest.mark.django_db
def test_line_that_decides_otherwise_by_now_sets_nothing(staff):
    call, by = CallFactory(), CoordinatorFactory()
    EligibleApplicationFactory(call=call)
    url = reverse("assessment:from_line", args=[call.slug]) + "?places=1"
    mark = staff.get(url).context["form"]["mark"].value()
    job = start(call, by, places=1)
    EligibleApplicationFactory(call=call)
    refused = staff.post(url, {"mark": mark})
    assert refused.status_code == 409
    assert "Set 2 as pending" in text(refused)
    Application.objects.update(status="withdrawn")
    run_job(pk=job.pk)
    job.refresh_from_db()
    assert (job.state, Outcome.objects.count()) == ("failed", 0)
    assert "has changed since you looked" in job.message


@pytest.mark.django_db
def test_what_the_line_leaves_is_told_with_its_reason():
    call, by = CallFactory(), CoordinatorFactory()
    best, worst = scored(call, 5, 1)
    job = start(call, by, places=1)
    colleague = CoordinatorFactory()
    OutcomeFactory(application=worst, outcome="reserve", prepared_by=colleague)
    run_job(pk=job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    assert (best.outcome.outcome, worst.outcome.outcome) == ("accepted", "reserve")
    assert "1 outcome is prepared." in job.message
    assert f"{worst.organisation} ({colleague} saved this first" in job.message


@pytest.mark.django_db
def test_setting_from_a_line_goes_on_when_its_worker_died():
    call, by = CallFactory(), CoordinatorFactory()
    best, worst = scored(call, 5, 1)
    job = start(call, by, places=1)
    services.prepare_outcome(application=best, outcome="accepted", reason="So.", by=by)
    run_job(pk=job.pk)
    job.refresh_from_db()
    assert job.message.startswith("2 outcomes are prepared.")
    assert (best.outcome.version, worst.outcome.outcome) == (1, "rejected")


@pytest.mark.django_db
def test_what_is_kept_from_the_reader_has_its_rank_and_its_place_all_the_same():
    call, by = CallFactory(), CoordinatorFactory()
    best, second, third = scored(call, 5, 4, 3)
    ConflictFactory(application=best, person=by)
    rows = ranking_of(by, call, Line(places=2))
    assert [row.result.application for row in rows] == [second, third]
    assert [row.rank for row in rows] == [2, 3]
    assert [row.by_line for row in rows] == [A, J]


@pytest.mark.django_db
def test_releases_are_found_again_from_ranking_and_letters(staff):
    call, by = CallFactory(), CoordinatorFactory()
    OutcomeFactory(application=EligibleApplicationFactory(call=call))
    found = services.release_outcomes(call=call, mark=readiness_of(by, call).mark, by=by)
    page = reverse("assessment:release_page", args=[found.pk])
    for name in ("ranking", "letters"):
        assert page in text(staff.get(reverse(f"assessment:{name}", args=[call.slug])))


@pytest.mark.django_db
def test_ranking_and_letters_say_what_is_to_be_prepared_anew(staff):
    call = CallFactory()
    row = OutcomeFactory(application=EligibleApplicationFactory(call=call))
    SubmissionFactory(application=row.application, number=2)
    for name in ("ranking", "letters"):
        words = text(staff.get(reverse(f"assessment:{name}", args=[call.slug])))
        assert "sent again: prepare anew" in words


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_ranking_takes_the_same_queries_for_one_and_three(number, staff, django_assert_num_queries):
    call = CallFactory()
    for _ in range(number):
        OutcomeFactory(application=EligibleApplicationFactory(call=call))
    with django_assert_num_queries(15):
        staff.get(reverse("assessment:ranking", args=[call.slug]), {"places": "1"})
