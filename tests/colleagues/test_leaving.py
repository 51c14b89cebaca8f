import pytest
from django.urls import reverse

from applications.assessment.models import Assessment
from applications.assessment.states import AssessmentStatus
from applications.models import Assignment
from applications.services import answer_clarification
from core.kit.errors import InvalidError, NotAllowedError
from core.trail.models import AuditEvent
from iuc_portal.colleagues.selectors import held_by
from iuc_portal.colleagues.services import hand_over_work
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
)
from tests.factories.applications import (
    AssignmentFactory,
    ClarificationFactory,
    ConflictFactory,
    EligibleApplicationFactory,
    SubmittedApplicationFactory,
)
from tests.factories.assessment import AssessmentFactory, HandedInFactory
from tests.factories.programme import MembershipFactory, PartnerCountryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return CoordinatorFactory()


def hand(person, by, **receivers):
    return hand_over_work(person=person, receivers=receivers, reason="Leaves.", by=by)


def assigned(person, **values):
    return AssignmentFactory(
        assessor=person, application=EligibleApplicationFactory(), assigned_by=None, **values
    )


def readers(application):
    return {row.assessor for row in application.assignments.all()}


def test_assessor_hands_over_what_is_not_handed_in(by, mailoutbox):
    leaves, takes = AssessorFactory(full_name="Marek"), AssessorFactory()
    untouched, begun = assigned(leaves), AssessmentFactory(assignment=assigned(leaves))
    done = HandedInFactory(assignment=assigned(leaves))
    mailoutbox.clear()

    assert hand(leaves, by, readings=takes) == {"readings": 2}

    assert readers(untouched.application) == {takes}
    # What was begun stays on record, and does not count.
    assert readers(begun.assignment.application) == {leaves, takes}
    begun = Assessment.objects.get(pk=begun.pk)
    assert (begun.status, begun.abstain_reason) == (AssessmentStatus.ABSTAINED, "Leaves.")
    assert readers(done.assignment.application) == {leaves}
    [told] = mailoutbox
    assert (told.to, "Marek" in told.subject) == ([takes.email], True)
    assert "Applications to assess, not handed in: 2" in told.body
    event = AuditEvent.objects.get(verb="colleague.handed_over")
    assert (event.actor, event.reason) == (by, "Leaves.")


def test_nothing_moves_where_one_may_not_be_taken(by, mailoutbox):
    leaves, takes = AssessorFactory(), AssessorFactory()
    first, linked = assigned(leaves), assigned(leaves)
    ConflictFactory(application=linked.application, person=takes)
    mailoutbox.clear()
    with pytest.raises(InvalidError) as caught:
        hand(leaves, by, readings=takes)
    assert caught.value.field == "readings"
    assert linked.application.reference in str(caught.value)
    assert readers(first.application) == {leaves}
    assert mailoutbox == []


def test_desk_hands_over_its_countries(by):
    india, japan = PartnerCountryFactory(), PartnerCountryFactory(code="JP", name="Japan")
    leaves, takes = DeskFactory(countries=[india, japan]), DeskFactory(countries=[japan])
    assert hand(leaves, by, countries=takes) == {"countries": 2}
    assert not leaves.desk_countries.exists()
    assert {row.country for row in takes.desk_countries.all()} == {india, japan}


def test_who_took_a_question_over_is_told_of_its_answer(by, mailoutbox):
    leaves, takes = CoordinatorFactory(), CoordinatorFactory()
    asked = ClarificationFactory(asked_by=leaves)
    lead = MembershipFactory(organisation=asked.application.organisation, role="lead").user
    hand(leaves, by, questions=takes)
    mailoutbox.clear()
    answer_clarification(clarification=asked, kind="explain", answer="So it is.", by=lead)
    assert [takes.email] in [told.to for told in mailoutbox]
    assert [leaves.email] not in [told.to for told in mailoutbox]
    asked.refresh_from_db()
    assert (asked.asked_by, asked.kept_by) == (leaves, takes)


def test_question_goes_to_nobody_who_may_not_ask_the_city(by):
    leaves = CoordinatorFactory()
    india = PartnerCountryFactory()
    application = SubmittedApplicationFactory(partner_countries=[india])
    ClarificationFactory(asked_by=leaves, application=application)
    elsewhere = DeskFactory(countries=[PartnerCountryFactory(code="JP", name="Japan")])
    with pytest.raises(InvalidError):
        hand(leaves, by, questions=elsewhere)


def test_who_moves_it_sees_nothing_of_what_they_have_a_link_with(by):
    leaves, takes = AssessorFactory(), AssessorFactory()
    row = assigned(leaves)
    ConflictFactory(application=row.application, person=by)
    assert held_by(leaves, by) == []
    with pytest.raises(InvalidError):
        hand(leaves, by, readings=takes)
    assert readers(row.application) == {leaves}


@pytest.mark.parametrize(
    "takes",
    [CoordinatorFactory, ObserverFactory, lambda: AssessorFactory(is_active=False)],
    ids=["coordinator", "observer", "closed"],
)
def test_only_open_assessors_take_readings(by, takes):
    leaves = AssessorFactory()
    assigned(leaves)
    with pytest.raises(InvalidError):
        hand(leaves, by, readings=takes())


def test_nobody_but_a_coordinator_hands_over():
    leaves = AssessorFactory()
    assigned(leaves)
    with pytest.raises(NotAllowedError):
        hand(leaves, leaves, readings=AssessorFactory())


def test_page_shows_what_there_is_and_moves_it(by, sign_in, settings):
    settings.DEMO = True
    leaves, takes = AssessorFactory(), AssessorFactory()
    row = assigned(leaves)
    page, client = reverse("colleagues:hand_over", args=[leaves.pk]), sign_in(by)

    shown = client.get(page).content.decode()
    assert "Applications to assess, not handed in (1)" in shown
    assert row.application.reference in shown
    assert client.post(page, {"reason": "Leaves."}).status_code == 422
    assert client.post(page, {"reason": "Leaves.", "readings": takes.pk}).status_code == 302
    assert Assignment.objects.get().assessor == takes
    assert "Nothing is to be handed over" in client.get(page).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_same_however_much_there_is(
    rows, by, sign_in, settings, django_assert_max_num_queries
):
    settings.DEMO = True
    leaves = AssessorFactory()
    for _row in range(rows):
        AssignmentFactory(assessor=leaves, application=SubmittedApplicationFactory())
    client = sign_in(by)
    with django_assert_max_num_queries(15):
        assert client.get(reverse("colleagues:hand_over", args=[leaves.pk])).status_code == 200
