"""Scoring: drafts that are kept, handing in, and what stays hidden until then."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.assessment.models import Assessment, AssessmentPlan, Score, ScoreVersion
from applications.assessment.selectors.readings import open_readings
from applications.assessment.selectors.scoring import cards_of, ladder_of, so_far
from applications.assessment.services import (
    abstain,
    hand_in,
    reopen_assessment,
    save_overall,
    save_score,
)
from applications.models import Application
from applications.states import ApplicationStatus
from core.duties.catalogue import Ask, find
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.trail.models import AuditEvent
from core.trail.selectors import audit_events
from tests.factories.accounts import AssessorFactory, CoordinatorFactory
from tests.factories.applications import (
    AssignmentFactory,
    ConflictFactory,
    EligibleApplicationFactory,
    SubmittedApplicationFactory,
)
from tests.factories.assessment import AssessmentPlanFactory, HandedInFactory, ScoreFactory
from tests.factories.programme import AssessmentCriterionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True  # Staff need no second factor.


@pytest.fixture
def application():
    return EligibleApplicationFactory()


@pytest.fixture
def assessor(application):
    return AssignmentFactory(application=application).assessor


@pytest.fixture
def criteria(application):
    return [
        AssessmentCriterionFactory(call=application.call, key=key, weight=weight)
        for key, weight in (("challenge", 60), ("resources", 40))
    ]


def save(application, criterion, assessor, value="3.5", sentence="Clear.", version=0):
    return save_score(
        application=application,
        criterion=criterion,
        value=Decimal(value) if value else None,
        sentence=sentence,
        read_version=version,
        by=assessor,
    )


def test_draft_of_a_criterion_keeps_every_version(application, assessor, criteria):
    save(application, criteria[0], assessor, value=None, sentence="Ground is secured")
    score = save(application, criteria[0], assessor, version=1)

    assert (score.value, score.sentence, score.version) == (Decimal("3.5"), "Clear.", 2)
    assert [(v.version, v.sentence) for v in ScoreVersion.objects.all()] == [
        (2, "Clear."),
        (1, "Ground is secured"),
    ]
    assert save(application, criteria[0], assessor, version=2).version == 2


def test_draft_saved_elsewhere_meanwhile_is_not_overwritten(application, assessor, criteria):
    save(application, criteria[0], assessor)
    with pytest.raises(StaleError) as refusal:
        save(application, criteria[0], assessor, sentence="Other words.")
    assert refusal.value.current.sentence == "Clear."
    assert Score.objects.get().sentence == "Clear."


@pytest.mark.parametrize("value", ["-0.5", "5.5", "3.3"])
def test_points_off_the_scale_are_refused(application, assessor, criteria, value):
    with pytest.raises(InvalidError):
        save(application, criteria[0], assessor, value=value)


def test_criterion_of_another_call_is_refused(application, assessor):
    with pytest.raises(InvalidError):
        save(application, AssessmentCriterionFactory(), assessor)


def test_only_the_assigned_assessor_scores(application, assessor, criteria):
    for person in (AssessorFactory(), CoordinatorFactory()):
        with pytest.raises(NotAllowedError):
            save(application, criteria[0], person)
    ConflictFactory(application=application, person=assessor)
    with pytest.raises(NotAllowedError):
        save(application, criteria[0], assessor)


def test_what_is_decided_or_closed_is_scored_no_more(application, assessor, criteria):
    plan = AssessmentPlanFactory(call=application.call, closed_at=timezone.now())
    with pytest.raises(WrongStateError):
        save(application, criteria[0], assessor)
    plan.delete()
    Application.objects.filter(pk=application.pk).update(status=ApplicationStatus.REJECTED)
    with pytest.raises(WrongStateError):
        save(application, criteria[0], assessor)


def test_hand_in_needs_points_and_a_sentence_of_each(application, assessor, criteria):
    save(application, criteria[0], assessor)
    save(application, criteria[1], assessor, sentence="")
    with pytest.raises(InvalidError) as refusal:
        hand_in(application=application, by=assessor)
    assert criteria[1].title in str(refusal.value)
    assert criteria[0].title not in str(refusal.value)

    save(application, criteria[1], assessor, version=1)
    assessment = hand_in(application=application, by=assessor, overall="Good.")
    assert (assessment.status, assessment.overall) == ("handed_in", "Good.")
    for late in (lambda: save(application, criteria[0], assessor, version=1, value="1"),):
        with pytest.raises(WrongStateError):
            late()
    with pytest.raises(WrongStateError):
        hand_in(application=application, by=assessor)


def whole(application, assessor, overall, version=1):
    return save_overall(application=application, overall=overall, read_version=version, by=assessor)


def test_words_on_the_whole_are_kept_as_a_draft(application, assessor, criteria):
    assert whole(application, assessor, "Strong").version == 2
    assert whole(application, assessor, "Strong", version=1).version == 2
    with pytest.raises(StaleError) as refusal:
        whole(application, assessor, "Weak.", version=1)
    assert refusal.value.current.overall == "Strong"
    for criterion in criteria:
        save(application, criterion, assessor)
    with pytest.raises(StaleError):
        hand_in(application=application, by=assessor, overall="Weak.", read_version=1)
    handed_in = hand_in(application=application, by=assessor)
    assert (handed_in.status, handed_in.overall) == ("handed_in", "Strong")
    with pytest.raises(WrongStateError):
        whole(application, assessor, "Late.", version=3)


def test_words_on_the_whole_are_saved_while_they_are_typed(
    sign_in, application, assessor, criteria
):
    client = sign_in(assessor)
    url = reverse("assessment:overall_save", args=[application.reference])
    page = reverse("assessment:score", args=[application.reference])
    typing = {"headers": {"accept": "application/json"}}
    answer = client.post(url, {"overall": "Strong", "version": "1"}, **typing)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    html = client.get(page).content.decode()
    assert f'data-autosave="{url}"' in html
    assert "Strong" in html
    answer = client.post(url, {"overall": "Weak.", "version": "1"}, **typing)
    assert answer.status_code == 409
    assert "Your other tab saved this" in answer.json()["html"]
    answer = client.post(url, {"overall": "Weak.", "version": "1"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Saved now: “Strong”" in html
    assert "Weak." in html
    assert client.post(url, {"overall": "Weak.", "version": "2"}).url == page
    assert Assessment.objects.get().overall == "Weak."


def test_hand_in_without_criteria_is_refused(application, assessor):
    with pytest.raises(InvalidError):
        hand_in(application=application, by=assessor)


def test_abstaining_needs_a_reason_and_keeps_the_draft(application, assessor, criteria):
    save(application, criteria[0], assessor)
    with pytest.raises(InvalidError):
        abstain(application=application, reason=" ", by=assessor)
    assert abstain(application=application, reason="Not my field.", by=assessor).status == (
        "abstained"
    )
    assert Score.objects.get().sentence == "Clear."


def test_scores_are_given_back_for_a_reason(application, assessor, criteria):
    assessment = HandedInFactory(assignment=application.assignments.get())
    coordinator = CoordinatorFactory()
    with pytest.raises(InvalidError):
        reopen_assessment(assessment=assessment, reason="", by=coordinator)
    reopen_assessment(assessment=assessment, reason="A slip.", by=coordinator)
    assert Assessment.objects.get().is_draft
    with pytest.raises(WrongStateError):
        reopen_assessment(assessment=assessment, reason="A slip.", by=coordinator)


def test_events_are_hidden_from_who_has_a_link(application, assessor, criteria):
    HandedInFactory(assignment=application.assignments.get())
    coordinator = CoordinatorFactory()
    reopen_assessment(assessment=Assessment.objects.get(), reason="A slip.", by=coordinator)
    # Not in the application's own history, which its other readers open.
    assert not AuditEvent.objects.filter(target_type__model="application").exists()
    assert audit_events(reader=coordinator).count() == 1
    ConflictFactory(application=application, person=coordinator)
    assert not audit_events(reader=coordinator)


def test_total_so_far_weighs_what_has_points(application, assessor, criteria):
    assert so_far(cards_of(application, None)) == (None, 0)
    score = save(application, criteria[0], assessor, value="2.5")
    assert so_far(cards_of(application, score.assessment)) == (Decimal("50.00"), 60)


def test_ladder_reads_from_the_top(criteria):
    criteria[0].ladder = {"0": "Nothing.", "10": "All.", "3": "Some."}
    assert [level.points for level in ladder_of(criteria[0])] == [10, 3, 0]


def other_scores(application, criteria):
    """A colleague's scores, handed in, with words that are nowhere else."""
    assignment = AssignmentFactory(application=application)
    other = HandedInFactory(assignment=assignment, overall="Overall-secret")
    for criterion in criteria:
        ScoreFactory(assessment=other, criterion=criterion, sentence="Sentence-secret", value="4.5")
    return other


def test_others_scores_stay_hidden_until_own_are_in(sign_in, application, assessor, criteria):
    other_scores(application, criteria)
    client = sign_in(assessor)
    pages = [
        reverse("assessment:score", args=[application.reference]),
        reverse("assessment:mine"),
        *(
            reverse("applications:staff_detail", args=[application.reference]) + f"?tab={tab}"
            for tab in ("answers", "eligibility", "history")
        ),
    ]
    for page in pages:
        html = client.get(page).content.decode()
        assert "secret" not in html
        assert "Handed in" not in html
        assert "90.00" not in html

    for criterion in criteria:
        save(application, criterion, assessor)
    hand_in(application=application, by=assessor)
    html = client.get(pages[0]).content.decode()
    assert "Sentence-secret" in html
    assert "Overall-secret" in html


def test_abstaining_does_not_show_the_others_scores(sign_in, application, assessor, criteria):
    other_scores(application, criteria)
    abstain(application=application, reason="So.", by=assessor)
    page = reverse("assessment:score", args=[application.reference])
    assert "secret" not in sign_in(assessor).get(page).content.decode()


def test_page_saves_while_typing_and_by_its_button(sign_in, application, assessor, criteria):
    client = sign_in(assessor)
    url = reverse("assessment:score_save", args=[application.reference, "challenge"])
    typed = {"value": "3.5", "sentence": "Clear", "version": "0"}
    json = {"headers": {"accept": "application/json"}}

    answer = client.post(url, typed, **json)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert client.post(url, typed, **json).status_code == 409
    bad = client.post(url, typed | {"value": "9", "version": "1"}, **json)
    assert bad.status_code == 422
    assert Score.objects.get().value == Decimal("3.5")

    answer = client.post(url, typed | {"version": "1", "sentence": "Clear and sound."})
    assert answer.url.endswith("?criterion=resources#criterion")
    stale = client.post(url, typed | {"version": "1", "sentence": "Other."})
    assert stale.status_code == 409
    assert "Clear and sound." in stale.content.decode()
    assert "Other." in stale.content.decode()
    assert client.post(url.replace("challenge", "nothing"), typed).status_code == 404


def test_page_says_when_it_is_not_yours_any_more(sign_in, application, assessor, criteria):
    client = sign_in(assessor)
    url = reverse("assessment:score_save", args=[application.reference, "challenge"])
    abstain(application=application, reason="So.", by=assessor)
    answer = client.post(url, {"version": "0"}, headers={"accept": "application/json"})
    assert answer.status_code == 410
    assert "handed this in" in answer.json()["html"]


def test_page_hands_in_and_leads_to_the_next(sign_in, application, assessor, criteria):
    following = EligibleApplicationFactory(call=application.call)
    AssignmentFactory(application=following, assessor=assessor)
    client = sign_in(assessor)
    page = reverse("assessment:score", args=[application.reference])
    assert criteria[0].title in client.get(page).content.decode()
    url = reverse("assessment:hand_in", args=[application.reference])
    assert client.post(url, {}).status_code == 422
    for criterion in criteria:
        save(application, criterion, assessor)
    answer = client.post(url, {"overall": ""})
    assert answer.url == reverse("assessment:score", args=[following.reference])

    url = reverse("assessment:abstain", args=[following.reference])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "So."}).url == reverse("assessment:mine")


def test_coordinator_gives_scores_back_on_a_page(sign_in, application, assessor, criteria):
    row = HandedInFactory(assignment=application.assignments.get())
    client = sign_in(CoordinatorFactory())
    detail = client.get(reverse("applications:staff_detail", args=[application.reference]))
    url = reverse("assessment:reopen", args=[application.reference, row.pk])
    assert url in detail.content.decode()
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "A slip."}).status_code == 302


def decided(application):
    Application.objects.filter(pk=application.pk).update(status=ApplicationStatus.ACCEPTED)
    return Application.objects.get(pk=application.pk)


def closed(application):
    AssessmentPlanFactory(call=application.call, closed_at=timezone.now())
    return Application.objects.get(pk=application.pk)


@pytest.mark.parametrize("end", [decided, closed])
def test_scores_are_not_given_back_once_they_could_not_come_in_again(
    sign_in, application, assessor, criteria, end
):
    row = HandedInFactory(assignment=application.assignments.get())
    application, by = end(application), CoordinatorFactory()
    with pytest.raises(WrongStateError):
        reopen_assessment(assessment=row, reason="A slip.", by=by)
    assert Assessment.objects.get().status == "handed_in"
    url = reverse("assessment:reopen", args=[application.reference, row.pk])
    detail = reverse("applications:staff_detail", args=[application.reference])
    assert url not in sign_in(by).get(detail).content.decode()


@pytest.mark.parametrize("end", [decided, closed])
def test_what_cannot_be_scored_is_asked_of_nobody(sign_in, application, assessor, criteria, end):
    assert open_readings(assessor).count() == 1
    application = end(application)
    day = timezone.localdate() + dt.timedelta(days=3)
    AssessmentPlan.objects.update_or_create(call=application.call, defaults={"scores_by": day})
    assert not open_readings(assessor)
    owed = find(Ask(owners=[f"person:{assessor.pk}"], done=None))
    assert not [duty for duty in owed if duty.kind == "scores"]
    page = reverse("assessment:score", args=[application.reference])
    html = sign_in(assessor).get(page).content.decode()
    assert "not to be scored now" in html
    assert "Hand in" not in html
    detail = reverse("applications:staff_detail", args=[application.reference])
    assert "Score this application" not in sign_in(assessor).get(detail).content.decode()
    assert (
        "No longer to score" in sign_in(assessor).get(reverse("assessment:mine")).content.decode()
    )


def test_what_is_still_checked_is_not_to_score_yet(sign_in):
    row = AssignmentFactory(application=SubmittedApplicationFactory())
    html = sign_in(row.assessor).get(reverse("assessment:mine")).content.decode()
    assert "not to score yet" in html
    detail = reverse("applications:staff_detail", args=[row.application.reference])
    assert "Score this application" not in sign_in(row.assessor).get(detail).content.decode()


def test_application_offers_what_its_assessor_can_do_with_it(
    sign_in, application, assessor, criteria
):
    detail = reverse("applications:staff_detail", args=[application.reference])
    client = sign_in(assessor)
    assert "Score this application" in client.get(detail).content.decode()
    HandedInFactory(assignment=application.assignments.get())
    html = client.get(detail).content.decode()
    assert "Score this application" not in html
    assert "Read what you scored" in html


def test_typed_sentence_stays_when_it_was_decided_meanwhile(
    sign_in, application, assessor, criteria
):
    decided(application)
    url = reverse("assessment:score_save", args=[application.reference, "challenge"])
    answer = sign_in(assessor).post(url, {"sentence": "Typed long.", "version": "0"})
    assert answer.status_code == 409
    assert "Typed long." in answer.content.decode()


def test_page_says_that_the_word_on_the_whole_is_saved_too(
    sign_in, application, assessor, criteria
):
    page = reverse("assessment:score", args=[application.reference])
    assert "Saved as you type." in sign_in(assessor).get(page).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_queries(
    sign_in, django_assert_max_num_queries, application, assessor, number
):
    for _ in range(number):
        AssessmentCriterionFactory(call=application.call, weight=10)
    client = sign_in(assessor)
    with django_assert_max_num_queries(PAGE):
        client.get(reverse("assessment:score", args=[application.reference]))


PAGE = 16
