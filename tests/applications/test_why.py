"""Why was this city rejected? The page that says it, and who may read it."""

from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.services import delete_person
from applications import services
from applications.models import Application
from applications.selectors.why import why_of
from core.trail.models import AuditEvent
from core.trail.services import Part, erase_records, record_event
from programme.organisations.services import change_role
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, ObserverFactory
from tests.factories.applications import (
    ANSWERED,
    AssignmentFactory,
    ClarificationFactory,
    CommitmentFactory,
    DecisionFactory,
    MunicipalityFactory,
    SubmissionFactory,
    SubmittedApplicationFactory,
)
from tests.factories.programme import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True  # Staff need no second factor.


@pytest.fixture
def boss():
    return CoordinatorFactory(full_name="Ilse Verbeek")


@pytest.fixture
def rejected(boss, outbox):
    """Łódź: small, waived, found eligible and rejected, with all that belongs to it."""
    application = SubmittedApplicationFactory(organisation=OrganisationFactory(name="Łódź"))
    lead = MembershipFactory(organisation=application.organisation).user
    colleague = MembershipFactory(organisation=application.organisation, role="viewer")
    change_role(membership=colleague, role="editor", by=lead)
    for item in services.decisions.eligibility_of(application):
        if not item.is_met:
            services.rule_criterion(
                application=application,
                criterion=item.result.key,
                ruling="waive",
                reason="Two million guests a year.",
                by=boss,
            )
    services.rule_criterion(
        application=application, criterion="kind", ruling="pass", reason="A city.", by=boss
    )
    ClarificationFactory(application=application, question="Which page?", **ANSWERED)
    AssignmentFactory(application=application, assigned_by=boss)
    services.decide_eligibility(application=application, eligible=True, by=boss)
    services.decide_application(
        application=application, outcome="rejected", reason="Others fit better.", by=boss
    )
    return Application.objects.get(pk=application.pk)


def text_of(response):
    """Return the words of the main part of a page, in single spaces."""
    html = response.content.decode()
    return " ".join(unescape(strip_tags(html[html.index("<main") :])).split())


def page(client, application):
    return client.get(reverse("applications:staff_why", args=[application.reference]))


def test_page_says_why_in_sentences(rejected, boss, sign_in):
    text = text_of(page(sign_in(boss), rejected))

    for words in (
        "Why was Łódź rejected?",
        "Rejected by Ilse Verbeek on",
        "Others fit better.",
        "Version 1 was sent on",
        "A city.",
        "The applicant was not told this reason.",
        "Which page?",
        "was to assess it, assigned by Ilse Verbeek",
        "by Ilse Verbeek on",
        "on version 1.",
        "Viewer",
        "Editor",
    ):
        assert words in text
    assert len(why_of(rejected).mails) > 0
    assert "Found eligible" in text
    assert "Record 1" in text


def test_states_before_and_after_are_drawn(rejected, boss, sign_in):
    text = text_of(page(sign_in(boss), rejected))
    assert "Before: Eligible After: Rejected" in text


def test_author_is_named_when_the_account_is_gone(rejected, boss, sign_in):
    boss.staff_role = ""
    boss.save()
    CoordinatorFactory()
    delete_person(person=boss)
    assert "Rejected by Ilse Verbeek on" in text_of(page(sign_in(CoordinatorFactory()), rejected))


def test_erased_author_is_a_number_of_four_signs(rejected, boss, sign_in):
    events = AuditEvent.objects.filter(words__actor_name="Ilse Verbeek")
    erase_records(events=events, part=Part.ACTOR, reason="Asked for.")
    assert f"Person {str(boss.pseudonym)[:4]} (name erased)" in text_of(
        page(sign_in(boss), rejected)
    )


@pytest.mark.parametrize(
    ("status", "question"),
    [
        ("submitted", "Where does Łódź stand?"),
        ("eligible", "Why was Łódź found eligible?"),
        ("ineligible", "Why was Łódź found not eligible?"),
        ("accepted", "Why was Łódź accepted?"),
        ("reserve", "Why is Łódź on the reserve list?"),
        ("withdrawn", "What became of Łódź?"),
    ],
)
def test_page_asks_what_one_would_ask(status, question, boss, sign_in):
    application = SubmittedApplicationFactory(
        organisation=OrganisationFactory(name="Łódź"), status=status
    )
    response = page(sign_in(boss), application)
    assert response.status_code == 200
    assert question in text_of(response)
    history = reverse("applications:staff_detail", args=[application.reference]) + "?tab=history"
    html = sign_in(boss).get(history).content.decode()
    assert reverse("applications:staff_why", args=[application.reference]) in html


def test_assessor_is_refused_and_offered_nothing(rejected, sign_in):
    assessor = AssessorFactory()
    AssignmentFactory(application=rejected, assessor=assessor)
    assert page(sign_in(assessor), rejected).status_code == 403
    history = reverse("applications:staff_detail", args=[rejected.reference]) + "?tab=history"
    assert "Why was" not in text_of(sign_in(assessor).get(history))


def test_addresses_are_for_who_reads_the_audit_trail(rejected, boss, sign_in):
    address = why_of(rejected).mails[0].recipient
    assert address in page(sign_in(ObserverFactory()), rejected).content.decode()


def test_queries_do_not_grow(rejected, boss, sign_in, django_assert_num_queries):
    client = sign_in(boss)
    page(client, rejected)
    with django_assert_num_queries(14):
        page(client, rejected)
    for _ in range(3):
        ClarificationFactory(application=rejected, **ANSWERED)
        AssignmentFactory(application=rejected, assigned_by=boss)
        CommitmentFactory(municipality=MunicipalityFactory(application=rejected))
        services.assignments.record_event(verb="application.reopened", target=rejected, by=boss)
    with django_assert_num_queries(14):
        page(client, rejected)


def test_a_waiver_that_was_replaced_is_not_said_in_short(boss):
    application = SubmittedApplicationFactory()
    for ruling in ("waive", "fail"):
        services.rule_criterion(
            application=application, criterion="kind", ruling=ruling, reason="So it is.", by=boss
        )
    services.decide_eligibility(
        application=application, eligible=False, by=boss, reason="No municipality."
    )

    assert why_of(application).waivers == []


def test_what_is_sent_anew_is_judged_by_its_own_rulings(boss):
    application = SubmittedApplicationFactory()
    services.rule_criterion(
        application=application, criterion="kind", ruling="fail", reason="Not one.", by=boss
    )
    services.decide_eligibility(application=application, eligible=False, by=boss, reason="No.")
    again = Application.objects.filter(pk=application.pk)
    again.update(status="submitted", submitted_at=timezone.now())
    application = again.get()
    SubmissionFactory(application=application, number=2)

    (kind,) = [one for one in why_of(application).criteria if one.result.key == "kind"]

    assert not kind.is_failed
    assert not kind.rulings


def test_each_decision_keeps_its_own_author(boss):
    other = CoordinatorFactory(full_name="Marek Dvořák")
    application = SubmittedApplicationFactory()
    for number, by in enumerate((boss, other), 1):
        DecisionFactory(application=application, number=number, by=by)
        record_event(verb="application.eligible", target=application, by=by)
    other.staff_role = ""
    other.save()
    delete_person(person=other)

    assert [one.author for one in why_of(application).decisions] == ["Ilse Verbeek", "Marek Dvořák"]


def test_what_others_were_told_is_not_what_the_city_was(rejected):
    mail = why_of(rejected).mails[0]
    mail.pk, mail.owner, mail.message_id = None, "person:1", "<to-somebody-else@iuc.invalid>"
    mail.save(force_insert=True)

    assert mail.pk not in {each.pk for each in why_of(rejected).mails}
