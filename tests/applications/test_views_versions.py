"""The pages on which a city changes what it has sent."""

import re

import pytest
from django.urls import reverse

from applications import services
from applications.models import Application
from applications.selectors import working_copy_of
from applications.states import Declaration
from tests.factories.applications import (
    ApplicationFactory,
    OnlineLetterFactory,
    SubmissionFactory,
    SubmittedApplicationFactory,
    WorkingCopyFactory,
)
from tests.factories.programme import ClosedCallFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def at(name, application, *more):
    return reverse(f"applications:{name}", args=[application.key, *more])


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def sent(sign_in):
    """A sent application, and the client of its lead."""
    application = SubmittedApplicationFactory(contact_position="Head of unit")
    person = MembershipFactory(organisation=application.organisation).user
    return application, sign_in(person), person


def test_reopening_asks_and_leads_to_the_copy(sent):
    application, client, _person = sent
    words = text(client.get(at("reopen", application)))
    assert "Version 1 stays sent" in words
    response = client.post(at("reopen", application))
    copy = working_copy_of(application)
    assert response.url == at("detail", copy)
    words = text(client.get(response.url))
    assert f"Changes to {application.reference}, not sent" in words
    assert "counts until you send this one" in words
    # Asked again, it leads to the copy that is there.
    assert client.get(at("reopen", application)).url == at("detail", copy)


def test_versions_show_first_what_is_not_sent(sent):
    application, client, person = sent
    copy = services.reopen_application(application=application, by=person)
    services.save_contacts(
        application=copy, read_version=copy.version, by=person, contact_position="Deputy head"
    )
    words = text(client.get(at("versions", application)))
    assert "Sent. Version 1 counts." in words
    assert "1 change is not sent" in words
    assert re.search(r"<del><span[^>]*>\[taken out: </span>Head", words)
    assert re.search(r"<ins><span[^>]*>\[new: </span>Deputy head", words)
    assert "Check and send version 2" in words
    assert "Draft of version 2" in words
    assert words.index("not sent") < words.index("Draft of version 2")
    assert "Changes that are not sent" in text(client.get(at("detail", application)))


def test_versions_are_compared_and_handed_out(sent):
    application, client, person = sent
    copy = services.reopen_application(application=application, by=person)
    services.save_contacts(
        application=copy, read_version=copy.version, by=person, contact_phone="+32 2 000 00 01"
    )
    services.submit_application(
        application=Application.objects.get(pk=copy.pk), declared=Declaration.values, by=person
    )
    words = text(client.get(at("versions", application)))
    assert "Sent. Version 2 counts." in words
    assert "Replaced" in words
    assert "1 answer changed" in words
    words = text(client.get(at("version", application, 2)))
    assert "<ins><span" in words
    assert "+32 2 000 00 01" in words
    assert client.get(at("version", application, 1)).status_code == 404
    response = client.get(at("version_paper", application, 1))
    assert response["Content-Disposition"].endswith(f'"{application.reference}-1.pdf"')
    assert "Version 2 counts." in text(client.get(at("sent", application)))


def test_after_the_close_the_pages_offer_no_change(sign_in):
    application = SubmittedApplicationFactory(call=ClosedCallFactory())
    WorkingCopyFactory(revises=application)
    person = MembershipFactory(organisation=application.organisation).user
    client = sign_in(person)
    words = text(client.get(at("versions", application)))
    assert "stay readable for you alone" in words
    for gone in ("Check and send", "Go on changing", "Drop these changes", "You may still change"):
        assert gone not in words
    for name in ("detail", "sent"):
        words = text(client.get(at(name, application)))
        assert "Reopen and change" not in words
        assert "You can still change it" not in words
    copy = working_copy_of(application)
    assert client.get(at("reopen", application)).url == at("detail", copy)
    assert "no longer saved or sent" in text(client.get(at("detail", copy)))
    assert "Send version" not in text(client.get(at("check", copy)))


def test_sent_page_says_until_when_it_can_be_changed(sent):
    application, client, _person = sent
    words = text(client.get(at("sent", application)))
    assert "You can still change it" in words
    assert "Nothing is final before" in words
    assert at("reopen", application) in words


def test_changes_are_dropped_after_a_question(sent):
    application, client, _person = sent
    copy = WorkingCopyFactory(revises=application)
    assert "Drop these changes?" in text(client.get(at("drop", copy)))
    assert client.get(at("withdraw", copy)).url == at("drop", copy)
    assert client.post(at("drop", copy)).url == at("detail", application)
    assert working_copy_of(application) is None
    assert client.get(at("detail", copy)).url == at("detail", application)
    assert client.get(at("drop", application)).status_code == 404


def test_starting_again_offers_to_take_over(sent):
    application, client, person = sent
    start = reverse("applications:start", args=[application.call.slug])
    assert "Take over everything" not in text(client.get(start))
    OnlineLetterFactory(stakeholder__application=application, stakeholder__name="County")
    services.withdraw_application(application=application, by=person)
    assert "Take over everything" in text(client.get(start))
    begin = {"organisation": application.organisation_id, "take_over": "on"}
    shown = text(client.post(start, begin, follow=True))
    assert "Invite County again" in shown
    new = Application.objects.get(status="draft")
    page = reverse("applications:stakeholders", args=[new.key])
    assert "Invite County again" in text(client.get(page))
    services.invite_online(
        asked=new.stakeholders.get(name="County"), email="office@county.eu", by=person
    )
    assert "Invite County again" not in text(client.get(page))
    assert new.contact_position == "Head of unit"


def test_drafts_have_no_versions(sent):
    _application, client, person = sent
    draft = ApplicationFactory(organisation=person.memberships.get().organisation)
    assert client.get(at("versions", draft)).url == at("detail", draft)


@pytest.mark.parametrize("number", [1, 3])
def test_versions_take_the_same_queries_for_one_and_three(sent, number, django_assert_num_queries):
    application, client, _person = sent
    WorkingCopyFactory(revises=application)
    for more in range(1, number):
        SubmissionFactory(application=application, number=more + 1)
    client.get(at("versions", application))
    with django_assert_num_queries(13):
        client.get(at("versions", application))


def test_late_save_in_a_copy_that_was_sent_shows_what_was_typed(sent):
    application, client, person = sent
    copy = services.reopen_application(application=application, by=person)
    form = {"version": copy.version, "contact_name": "Typed too late"}
    services.submit_application(application=copy, declared=Declaration.values, by=person)
    response = client.post(at("contacts", copy), form)
    words = text(response)
    assert response.status_code in (409, 422)
    assert "Typed too late" in words
    assert client.get(at("contacts", copy)).url == at("detail", application)


def test_late_save_of_an_answer_is_refused_in_words(sign_in):
    application = ApplicationFactory()
    person = MembershipFactory(organisation=application.organisation).user
    services.save_section(
        application=application, answers=[("why", "So.", 0), ("where", "Here.", 0)], by=person
    )
    standing = services.submit_application(
        application=Application.objects.get(pk=application.pk),
        declared=Declaration.values,
        by=person,
    )
    copy = services.reopen_application(application=standing, by=person)
    services.submit_application(application=copy, declared=Declaration.values, by=person)
    client = sign_in(person)
    response = client.post(at("section", copy, "first"), {"answer-why": "Typed too late"})
    assert response.status_code == 409
    assert "These changes were sent or dropped meanwhile" in text(response)
