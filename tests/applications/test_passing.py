"""The application of a group passed on to another member, which leads it from then on."""

import datetime as dt
from functools import partial

import pytest
from django.urls import reverse

from applications.models import Application, LeadOffer
from applications.services import (
    answer_offer,
    decide_application,
    offer_lead,
    submit_application,
    take_offer_back,
    withdraw_application,
)
from applications.states import ApplicantKind, OfferState
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, PortalError, WrongStateError
from core.post.models import Mail
from core.trail.selectors import events_of
from programme.calls.models import Call, OwnClosing
from programme.organisations.models import Organisation
from programme.organisations.services.members import MOST_MAILS_AN_HOUR
from programme.organisations.states import Standing
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    ApplicationFactory,
    EligibleApplicationFactory,
    GroupApplicationFactory,
    InvitedInterestFactory,
    LeadOfferFactory,
    MunicipalityFactory,
    OnlineCommitmentFactory,
    OnlineInvitationFactory,
    SubmissionFactory,
    SubmittedApplicationFactory,
    WorkingCopyFactory,
)
from tests.factories.calls import ExtensionRequestFactory
from tests.factories.programme import MembershipFactory
from tests.infra.threads import run_in_threads

pytestmark = pytest.mark.django_db


def group(factory=GroupApplicationFactory, **values):
    """A group, its lead, a member whose people are in the portal, and their lead."""
    application = factory(kind=ApplicantKind.GROUP, **values)
    person = MembershipFactory(organisation=application.organisation).user
    other = MembershipFactory(
        organisation__country=application.organisation.country,
        organisation__name="Grad Konavle",
        user__email="mayor@konavle.example",
    )
    member = MunicipalityFactory(
        application=application, name="grad konavle", country=other.organisation.country
    )
    return application, person, member, other


def offered(**values):
    application, person, member, other = group(**values)
    offer = offer_lead(application=application, municipality=member, by=person, note="No staff.")
    return offer, person, other.user


def test_nothing_changes_until_it_is_accepted(mailoutbox):
    offer, person, other = offered()
    application = Application.objects.get(pk=offer.application_id)
    assert application.organisation == offer.former
    [mail] = mailoutbox
    assert mail.to == ["mayor@konavle.example"]
    assert "asks you to lead its group" in mail.subject
    assert "No staff." in mail.body
    assert not Application.objects.visible_to(other).filter(pk=application.pk).exists()
    again = offer_lead(application=application, municipality=offer.municipality, by=person)
    assert again == offer


def test_who_accepts_leads_and_all_are_told(mailoutbox):
    offer, person, other = offered()
    third = MunicipalityFactory(application=offer.application, name="Ston")
    OnlineCommitmentFactory(municipality=third, email="office@ston.example")
    mailoutbox.clear()
    answer_offer(offer=offer, accepted=True, by=other)
    application = Application.objects.get(pk=offer.application_id)
    assert application.organisation == offer.organisation
    assert application.municipalities.get(is_lead=True) == offer.municipality
    assert (application.contact_name, application.contact_email) == (other.full_name, other.email)
    assert other.has_perm("applications.submit_application", application)
    assert not Application.objects.visible_to(person).filter(pk=application.pk).exists()
    assert {mail.to[0] for mail in mailoutbox} == {person.email, "office@ston.example", other.email}
    [own] = [mail for mail in mailoutbox if mail.to == [other.email]]
    assert "It is not sent yet" in own.body
    event = events_of(application).get(verb="application.lead_passed")
    assert event.details["organisation"] == "Grad Konavle"


def test_it_can_be_passed_back():
    offer, person, other = offered()
    answer_offer(offer=offer, accepted=True, by=other)
    former = offer.application.municipalities.get(name=offer.former.name)
    back = offer_lead(application=offer.application, municipality=former, by=other)
    answer_offer(offer=back, accepted=True, by=person)
    assert Application.objects.get(pk=offer.application_id).organisation == offer.former


def test_who_declines_is_not_the_lead_and_another_can_be_asked(mailoutbox):
    offer, person, other = offered()
    answer_offer(offer=offer, accepted=False, by=other)
    assert mailoutbox[-1].to == [person.email]
    assert "does not lead your group" in mailoutbox[-1].subject
    assert Application.objects.get(pk=offer.application_id).organisation == offer.former
    with pytest.raises(WrongStateError):
        answer_offer(offer=offer, accepted=True, by=other)
    assert offer_lead(
        application=offer.application, municipality=offer.municipality, by=person
    ).is_open


def test_offer_taken_back_is_over_and_its_mail_does_not_leave(outbox):
    offer, person, other = offered()
    take_offer_back(offer=offer, by=person)
    assert LeadOffer.objects.get().state == OfferState.TAKEN_BACK
    assert Mail.objects.get(kind="lead_offered").status == "withdrawn"
    with pytest.raises(WrongStateError):
        answer_offer(offer=offer, accepted=True, by=other)


def test_what_was_sent_stays_as_sent_until_the_new_lead_sends_it_again():
    offer, _person, other = offered(
        factory=SubmittedApplicationFactory, deputy_name="Luka", signatory_name="The Mayor"
    )
    kept = offer.application.submissions.get().snapshot
    answer_offer(offer=offer, accepted=True, by=other)
    application = Application.objects.get(pk=offer.application_id)
    assert application.submissions.get().snapshot == kept
    # Whom the former lead had named is named anew.
    assert (application.deputy_name, application.signatory_name) == ("", "")


@pytest.mark.parametrize("when", ["offered", "accepted"])
def test_nothing_is_passed_on_while_changes_to_it_are_open(when):
    """Sending them would give the lead back to who had it."""
    application, person, member, other = group(factory=SubmittedApplicationFactory)
    ask = partial(offer_lead, application=application, municipality=member, by=person)
    if when == "accepted":
        ask = partial(answer_offer, offer=ask(), accepted=True, by=other.user)
    WorkingCopyFactory(revises=application)
    with pytest.raises(WrongStateError, match="Send them or drop them first"):
        ask()
    assert Application.objects.get(pk=application.pk).organisation == application.organisation


def test_after_the_close_the_lead_stays(time_machine):
    """Its former lead could neither commit nor be taken out any more."""
    offer, _person, other = offered(factory=SubmittedApplicationFactory)
    time_machine.move_to(offer.application.call.closes_at + dt.timedelta(seconds=1))
    with pytest.raises(WrongStateError, match="closed"):
        answer_offer(offer=offer, accepted=True, by=other)


def test_who_has_more_time_cannot_pass_a_draft_to_who_has_not(time_machine):
    application, person, member, _other = group()
    closes_at = application.call.closes_at
    OwnClosing.objects.create(
        call=application.call,
        organisation=application.organisation,
        closes_at=closes_at + dt.timedelta(days=7),
        extension=ExtensionRequestFactory(
            call=application.call, organisation=application.organisation
        ),
    )
    time_machine.move_to(closes_at + dt.timedelta(seconds=1))
    with pytest.raises(WrongStateError, match="The call is closed for Grad Konavle"):
        offer_lead(application=application, municipality=member, by=person)


def test_who_is_not_invited_to_the_second_stage_cannot_lead():
    application, person, member, other = group()
    Call.objects.filter(pk=application.call_id).update(
        interest_closes_at=application.call.closes_at - dt.timedelta(days=1)
    )
    with pytest.raises(WrongStateError, match="Grad Konavle is not invited"):
        offer_lead(application=application, municipality=member, by=person)
    InvitedInterestFactory(call=application.call, organisation=other.organisation)
    assert offer_lead(application=application, municipality=member, by=person).is_open


def test_offer_ends_with_the_application(outbox):
    offer, person, _other = offered()
    withdraw_application(application=offer.application, by=person)
    offer.refresh_from_db()
    assert offer.state == OfferState.TAKEN_BACK
    assert Mail.objects.get(kind="lead_offered").status == "withdrawn"


def test_offer_ends_with_the_decision():
    application, person, member, _other = group(factory=EligibleApplicationFactory)
    offer = offer_lead(application=application, municipality=member, by=person)
    decide_application(
        application=application, outcome="accepted", reason="Good.", by=CoordinatorFactory()
    )
    offer.refresh_from_db()
    assert not offer.is_open


def test_who_is_not_confirmed_offers_nothing_to_anybody():
    application, person, member, _other = group()
    Organisation.objects.filter(pk=application.organisation_id).update(standing=Standing.TO_CONFIRM)
    with pytest.raises(PortalError):
        offer_lead(application=application, municipality=member, by=person)
    assert not LeadOffer.objects.exists()


def test_nobody_floods_a_city_with_offers():
    application, person, member, _other = group()
    ask = partial(offer_lead, application=application, municipality=member, by=person)
    for _again in range(MOST_MAILS_AN_HOUR):
        take_offer_back(offer=ask(), by=person)
    with pytest.raises(InvalidError, match="Wait a little"):
        ask()


def test_who_was_asked_once_does_not_read_on_who_joins(sign_in):
    offer, _person, other = offered()
    page = reverse("applications:lead_offer", args=[offer.pk])
    client = sign_in(other)
    assert "grad konavle" in client.get(page).content.decode()
    answer_offer(offer=offer, accepted=False, by=other)
    MunicipalityFactory(application=offer.application, name="Ston")
    assert "Ston" not in client.get(page).content.decode()


def test_open_invitation_of_the_new_lead_lapses():
    offer, _person, other = offered()
    invitation = OnlineInvitationFactory(municipality=offer.municipality)
    answer_offer(offer=offer, accepted=True, by=other)
    invitation.refresh_from_db()
    assert not invitation.is_open


def test_editors_neither_offer_nor_answer():
    offer, _person, _other = offered()
    editor = MembershipFactory(organisation=offer.organisation, role="editor").user
    with pytest.raises(NotAllowedError):
        answer_offer(offer=offer, accepted=True, by=editor)
    writer = MembershipFactory(organisation=offer.former, role="editor").user
    with pytest.raises(NotAllowedError):
        take_offer_back(offer=offer, by=writer)


def test_member_without_people_cannot_be_asked():
    application, person, _member, _other = group()
    alone = MunicipalityFactory(application=application, name="Ston")
    with pytest.raises(InvalidError, match="claim their city"):
        offer_lead(application=application, municipality=alone, by=person)


def test_member_with_an_application_of_its_own_cannot_lead():
    application, person, member, other = group()
    own = ApplicationFactory(call=application.call, organisation=other.organisation)
    with pytest.raises(InvalidError, match="has an application of its own") as refusal:
        offer_lead(application=application, municipality=member, by=person)
    assert "withdraws that first" in str(refusal.value)
    withdraw_application(application=own, by=other.user)
    offer = offer_lead(application=application, municipality=member, by=person)
    ApplicationFactory(call=application.call, organisation=other.organisation)
    with pytest.raises(InvalidError, match="has an application of its own"):
        answer_offer(offer=offer, accepted=True, by=other.user)


def test_decided_application_keeps_its_lead():
    offer, _person, other = offered(factory=EligibleApplicationFactory)
    Application.objects.filter(pk=offer.application_id).update(status="accepted")
    with pytest.raises(WrongStateError, match="its lead stays"):
        answer_offer(offer=offer, accepted=True, by=other)


def test_one_city_has_nobody_to_pass_it_on_to(sign_in):
    application = ApplicationFactory()
    person = MembershipFactory(organisation=application.organisation).user
    page = sign_in(person).get(reverse("applications:pass_on", args=[application.key]))
    assert "Only a group" in page.content.decode()


def test_pages_lead_through_it(sign_in):
    application, person, member, other = group()
    url = reverse("applications:pass_on", args=[application.key])
    client = sign_in(person)
    assert client.post(url, {}).status_code == 422
    words = client.post(url, {"municipality": member.pk}, follow=True).content.decode()
    assert "Grad Konavle is asked" in words
    back = reverse("applications:pass_on_back", args=[application.key])
    assert "Ask them to lead" in client.post(back, follow=True).content.decode()
    client.post(url, {"municipality": member.pk})

    client = sign_in(other.user)
    offer = LeadOffer.objects.get(state=OfferState.OPEN)
    at = reverse("applications:lead_offer", args=[offer.pk])
    assert at in client.get(reverse("applications:mine")).content.decode()
    assert client.post(at, {}).status_code == 422
    done = client.post(at, {"accepted": "yes"})
    assert done["Location"] == reverse("applications:detail", args=[application.key])
    assert "This offer has ended: Accepted" in client.get(at).content.decode()


@pytest.fixture
def taken_over(mailoutbox):
    """What was sent, passed on since, with the mails to who leads now: application, lead, mails."""
    offer, _person, other = offered(factory=SubmittedApplicationFactory)
    asked = list(mailoutbox)
    offer = answer_offer(offer=offer, accepted=True, by=other)
    mails = [*asked, *(mail for mail in mailoutbox if mail.to == [other.email])]
    return Application.objects.get(pk=offer.application_id), other, mails


def test_mails_tell_the_new_lead_of_what_was_sent_what_to_do(taken_over):
    application, _other, (asked, *_same, told) = taken_over
    assert "It was sent already" in asked.body
    assert "You lead the group" in told.subject
    for words in ("1. Reopen", "2. Name the second contact", "3. Ask ", "4. Check your answers"):
        assert words in told.body
    assert reverse("applications:detail", args=[application.key]) in told.body


def page_of(client, application):
    page = client.get(reverse("applications:detail", args=[application.key]))
    return " ".join(page.content.decode().split())


STEPS = "You lead this group now: name your people and send it again"


def test_page_says_what_the_new_lead_has_to_do_with_the_step_to_take(taken_over, sign_in):
    application, other, _mails = taken_over
    client = sign_in(other)
    words = page_of(client, application)
    assert STEPS in words
    assert "Name the second contact, and who signs" in words
    assert reverse("applications:reopen", args=[application.key]) in words
    viewer = MembershipFactory(organisation=application.organisation, role="viewer").user
    assert "A lead of your team does this" in page_of(sign_in(viewer), application)


def test_page_leads_to_the_changes_once_they_are_begun(taken_over, sign_in):
    application, other, _mails = taken_over
    copy = WorkingCopyFactory(revises=application, organisation=application.organisation)
    words = page_of(sign_in(other), application)
    assert "Go on with the changes" in words
    assert reverse("applications:detail", args=[copy.key]) in words


def test_page_after_the_close_says_whom_to_write_to(taken_over, sign_in, time_machine):
    application, other, _mails = taken_over
    time_machine.move_to(application.call.closes_at + dt.timedelta(days=1))
    words = page_of(sign_in(other), application)
    assert "You lead this group now: name your people" in words
    assert STEPS not in words
    assert "The call is closed, so nothing can be sent again" in words


def told_after(taken_over, sign_in, status):
    """Return what the new lead reads once the application has come this far, the call open."""
    application, other, _mails = taken_over
    Application.objects.filter(pk=application.pk).update(status=status)
    return page_of(sign_in(other), Application.objects.get(pk=application.pk))


@pytest.mark.parametrize("status", ["reserve", "accepted"])
def test_page_of_what_was_decided_does_not_call_the_call_closed(taken_over, sign_in, status):
    words = told_after(taken_over, sign_in, status)
    assert "It has been decided, so nothing can be sent again" in words
    assert "The call is closed" not in words


@pytest.mark.parametrize("status", ["withdrawn", "rejected"])
def test_nobody_has_to_name_people_on_what_is_over(taken_over, sign_in, status):
    words = told_after(taken_over, sign_in, status)
    assert "You lead this group now" not in words


def test_steps_are_gone_once_the_new_lead_has_sent_it_again(taken_over, sign_in):
    application, other, _mails = taken_over
    SubmissionFactory(application=application, number=2, at=days.now())
    assert STEPS not in page_of(sign_in(other), application)


def test_strangers_see_no_offer(sign_in):
    offer = LeadOfferFactory()
    stranger = MembershipFactory().user
    assert (
        sign_in(stranger).get(reverse("applications:lead_offer", args=[offer.pk])).status_code
        == 404
    )


def test_an_offer_stands_in_the_workspace_of_who_is_asked(sign_in):
    offer = LeadOfferFactory()
    lead = MembershipFactory(organisation=offer.organisation).user
    address = reverse("applications:lead_offer", args=[offer.pk])
    assert address in sign_in(lead).get("/my/").content.decode()


def test_an_offer_taken_back_under_an_open_page_asks_nothing_more(sign_in):
    offer = LeadOfferFactory()
    lead = MembershipFactory(organisation=offer.organisation).user
    LeadOffer.objects.update(state="taken_back")
    page = sign_in(lead).post(
        reverse("applications:lead_offer", args=[offer.pk]), {"accepted": "yes"}
    )
    assert page.status_code == 409
    assert "Send the answer" not in page.content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other_step", ["take back", "withdraw", "send"])
def test_accepting_against_another_step_has_one_outcome(other_step):
    offer, person, other = offered()
    steps = {
        "take back": lambda: take_offer_back(offer=offer, by=person),
        "withdraw": lambda: withdraw_application(application=offer.application, by=person),
        "send": lambda: submit_application(application=offer.application, by=person),
    }
    results = run_in_threads(
        2,
        lambda number: (
            steps[other_step]() if number else answer_offer(offer=offer, accepted=True, by=other)
        ),
    )
    failed = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, PortalError) for one in failed), failed
    application = Application.objects.get(pk=offer.application_id)
    accepted = LeadOffer.objects.get(pk=offer.pk).state == OfferState.ACCEPTED
    assert (application.organisation == offer.organisation) is accepted
    assert application.municipalities.filter(is_lead=True).count() == 1
