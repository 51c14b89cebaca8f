"""Links with applicants: who has one sees nothing of the application, wherever it shows."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from applications.assessment.services import declare_interests, declare_link, lift_link
from applications.models import Application, Conflict, Declaration
from applications.selectors import numbers_by_call, sent_applications
from applications.services import assign_assessor, unassign_assessor
from applications.states import ApplicationStatus
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from core.trail.selectors import audit_events
from core.trail.services import record_event
from reminders.selectors import visible_mails
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
    declare,
)
from tests.factories.assessment import AssessmentFactory, AssessmentPlanFactory
from tests.factories.programme import MembershipFactory, PartnerCountryFactory
from tests.factories.reminders import MailFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True  # Staff need no second factor.


@pytest.fixture
def application():
    return EligibleApplicationFactory(partner_countries=[PartnerCountryFactory()])


def staff_of(application):
    """One of each role that sees it."""
    assessor = AssessorFactory()
    AssignmentFactory(application=application, assessor=assessor)
    desk = DeskFactory(countries=[PartnerCountryFactory()])
    return [CoordinatorFactory(), ObserverFactory(), desk, assessor]


@pytest.mark.parametrize("place", range(4))
def test_person_with_a_link_reaches_nothing_until_it_is_lifted(application, place):
    person = staff_of(application)[place]
    assert sent_applications(person).get() == application

    link = ConflictFactory(application=application, person=person)
    assert not sent_applications(person)
    assert not Application.objects.visible_to(person)
    for permission in ("check_application", "decide_application", "assign_assessor"):
        assert (
            not type(person)
            .objects.get(pk=person.pk)
            .has_perm(f"applications.{permission}", Application.objects.get())
        )
    assert sum(row.number for row in numbers_by_call(person)) == 0

    link.lifted_at, link.lifted_because = timezone.now(), "An error."
    link.save()
    assert sent_applications(person).get() == application


@pytest.mark.parametrize("place", range(4))
def test_link_closes_pages_search_and_lists(sign_in, application, place):
    person = staff_of(application)[place]
    client = sign_in(person)
    page = reverse("applications:staff_detail", args=[application.reference])
    name = application.organisation.name
    assert client.get(page).status_code == 200

    ConflictFactory(application=application, person=person)
    assert client.get(page).status_code == 404
    for url in (
        reverse("applications:staff_list"),
        reverse("homes:search") + f"?q={application.reference}",
        reverse("homes:console"),
    ):
        html = client.get(url).content.decode()
        assert f"{application.reference}/" not in html
        assert f"({name})" not in html


def test_link_hides_events_and_mails_of_the_application_alone(application):
    person, other = CoordinatorFactory(), EligibleApplicationFactory()
    for one in (application, other):
        record_event(verb="application.eligible", target=one, by=None)
        MailFactory(about=f"application:{one.pk}")
    MailFactory(about=f"clarification:{ClarificationFactory(application=application).pk}")
    ConflictFactory(application=application, person=person)

    assert [event.target_id for event in audit_events(reader=person)] == [other.pk]
    assert [mail.about for mail in visible_mails(person)] == [f"application:{other.pk}"]
    assert visible_mails(CoordinatorFactory()).count() == 3


def test_assessor_sees_nothing_before_they_have_declared(application):
    assessor = AssessorFactory()
    AssignmentFactory(application=application, assessor=assessor, declared=False)
    assert not sent_applications(assessor)

    declare_interests(call=application.call, links={}, by=assessor)
    assert sent_applications(assessor).get() == application


def test_assessor_is_asked_again_once_it_is_sent_again(application):
    assessor = AssignmentFactory(application=application).assessor
    assert sent_applications(assessor)
    application.submitted_at = timezone.now() + dt.timedelta(minutes=1)
    application.save()
    assert not sent_applications(assessor)

    with time_machine.travel(application.submitted_at + dt.timedelta(minutes=1)):
        declare_interests(call=application.call, links={}, by=assessor)
    assert sent_applications(assessor)
    assert [row.number for row in Declaration.objects.all()] == [2, 1]


def test_declaring_a_link_takes_the_assessor_off_and_is_on_record(application):
    assessor = AssessorFactory()
    AssignmentFactory(application=application, assessor=assessor, declared=False)

    declare_interests(call=application.call, links={application.pk: " My city. "}, by=assessor)

    assert Conflict.objects.get().reason == "My city."
    assert not application.assignments.exists()
    assert [event.verb for event in AuditEvent.objects.order_by("pk")] == [
        "application.link_declared",
        "application.unassigned",
        "call.interests_declared",
    ]


def test_what_was_written_stays_when_a_link_is_declared(application):
    assignment = AssignmentFactory(application=application)
    AssessmentFactory(assignment=assignment)
    declare_link(application=application, reason="My sister works there.", by=assignment.assessor)
    assert application.assignments.get() == assignment
    assert not sent_applications(assignment.assessor)


def test_link_needs_a_reason_and_is_declared_once(application):
    assessor = AssignmentFactory(application=application).assessor
    with pytest.raises(InvalidError):
        declare_interests(call=application.call, links={application.pk: " "}, by=assessor)
    assert Declaration.objects.filter(number=2).count() == 0
    for _time in range(2):
        declare_interests(call=application.call, links={application.pk: "So."}, by=assessor)
    assert Conflict.objects.count() == 1


def test_declaration_is_refused_for_another_call_and_for_who_is_gone(application):
    assessor, other = AssessorFactory(), EligibleApplicationFactory()
    with pytest.raises(NotAllowedError):
        declare_interests(call=application.call, links={}, by=assessor)
    AssessmentPlanFactory(call=application.call)
    with pytest.raises(WrongStateError):
        declare_interests(call=application.call, links={other.pk: "So."}, by=assessor)


def test_link_is_lifted_by_a_colleague_for_a_reason_and_once(application):
    link, coordinator = ConflictFactory(application=application), CoordinatorFactory()
    with pytest.raises(InvalidError):
        lift_link(conflict=link, reason="", by=coordinator)
    lifted = lift_link(conflict=link, reason="It ended in 2010.", by=coordinator)
    assert lifted.lifted_by == coordinator
    with pytest.raises(WrongStateError):
        lift_link(conflict=link, reason="Again.", by=coordinator)


def test_nobody_lifts_their_own_link(application):
    coordinator = CoordinatorFactory()
    link = declare_link(application=application, reason="My city.", by=coordinator)
    with pytest.raises(NotAllowedError):
        lift_link(conflict=link, reason="So.", by=coordinator)


def test_who_has_a_link_or_is_of_the_city_cannot_be_assigned(application):
    linked = ConflictFactory(application=application).person
    member = AssessorFactory()
    MembershipFactory(user=member, organisation=application.organisation)
    for person in (linked, member):
        with pytest.raises(InvalidError):
            assign_assessor(application=application, assessor=person, by=CoordinatorFactory())


def test_who_has_begun_cannot_be_taken_off(application):
    assignment = AssignmentFactory(application=application)
    AssessmentFactory(assignment=assignment)
    with pytest.raises(InvalidError):
        unassign_assessor(
            application=application, assessor=assignment.assessor, by=CoordinatorFactory()
        )
    assert application.assignments.get() == assignment


def test_page_asks_for_a_sentence_beside_each_tick(sign_in, application):
    assessor = AssessorFactory()
    AssignmentFactory(application=application, assessor=assessor, declared=False)
    client = sign_in(assessor)
    page = reverse("assessment:interests", args=[application.call.slug])
    answer = client.get(page)
    assert application.organisation.name in answer.content.decode()

    shown = answer.context["form"]["shown"].value()
    tick = {f"link_{application.pk}": "on", "confirmed": "on", "shown": shown}
    answer = client.post(page, tick)
    assert answer.status_code == 422
    assert "Say in one sentence" in answer.content.decode()

    answer = client.post(page, tick | {f"reason_{application.pk}": "My own city."})
    assert answer.url == reverse("assessment:mine")
    assert Conflict.objects.get().person == assessor
    assert "My own city." in client.get(page).content.decode()


def test_page_names_who_was_found_not_eligible(sign_in, application):
    """A second ruling may let it in: it is asked about before."""
    other = SubmittedApplicationFactory(call=application.call, status=ApplicationStatus.INELIGIBLE)
    AssessmentPlanFactory(call=application.call)
    page = reverse("assessment:interests", args=[application.call.slug])
    assert other.organisation.name in sign_in(AssessorFactory()).get(page).content.decode()


def test_who_came_after_the_page_was_opened_is_not_declared_about(sign_in, application):
    AssessmentPlanFactory(call=application.call)
    assessor = AssessorFactory()
    client = sign_in(assessor)
    page = reverse("assessment:interests", args=[application.call.slug])
    sent = {
        f"link_{application.pk}": "on",
        f"reason_{application.pk}": "My own city.",
        "confirmed": "on",
        "shown": client.get(page).context["form"]["shown"].value(),
    }
    late = EligibleApplicationFactory(call=application.call)

    answer = client.post(page, sent)
    assert answer.status_code == 409
    assert not Declaration.objects.exists()
    html, form = answer.content.decode(), answer.context["form"]
    assert "has changed since you opened it" in html
    assert late.organisation.name in html
    assert form[f"link_{application.pk}"].value()
    assert form[f"reason_{application.pk}"].value() == "My own city."
    assert not form["confirmed"].value()

    answer = client.post(page, sent | {"shown": form["shown"].value()})
    assert answer.status_code == 302
    assert Conflict.objects.get().application == application


def test_list_asks_to_declare_before_anything_is_assigned(sign_in, application):
    plan = AssessmentPlanFactory(call=application.call)
    assessor = AssessorFactory()
    client = sign_in(assessor)
    page = reverse("assessment:interests", args=[application.call.slug])

    html = client.get(reverse("assessment:mine")).content.decode()
    assert page in html
    assert "Say with whom you have a link." in html
    assert reverse("assessment:expertise") in html

    declare(assessor, application.call)
    assert page not in client.get(reverse("assessment:mine")).content.decode()
    Declaration.objects.all().delete()
    plan.closed_at = timezone.now()
    plan.save()
    assert page not in client.get(reverse("assessment:mine")).content.decode()


def test_list_names_nothing_before_the_declaration(sign_in, application):
    assessor = AssessorFactory()
    AssignmentFactory(application=application, assessor=assessor, declared=False)
    client = sign_in(assessor)
    html = client.get(reverse("assessment:mine")).content.decode()
    assert "One application waits" in html
    assert application.reference not in html

    declare(assessor, application.call)
    html = client.get(reverse("assessment:mine")).content.decode()
    assert application.reference in html


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_the_assessor_takes_the_same_queries(
    sign_in, django_assert_num_queries, application, number
):
    assessor = AssessorFactory()
    for _ in range(number):
        one = EligibleApplicationFactory(call=application.call)
        AssignmentFactory(application=one, assessor=assessor)
    client = sign_in(assessor)
    with django_assert_num_queries(LIST):
        client.get(reverse("assessment:mine"))


LIST = 6


def test_pages_of_one_link(sign_in, application):
    person = CoordinatorFactory()
    client = sign_in(person)
    page = reverse("assessment:link", args=[application.reference])
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "My city."}).url == reverse("homes:console")
    assert client.get(page).status_code == 404

    link = Conflict.objects.get()
    page = reverse("assessment:lift", args=[link.pk])
    assert client.get(page).status_code == 404
    colleague = sign_in(CoordinatorFactory())
    assert colleague.get(page).status_code == 200
    assert colleague.post(page, {"reason": "Long ago."}).status_code == 302
    client = sign_in(person)
    assert client.get(reverse("assessment:link", args=[application.reference])).status_code == 200
