"""Mails that outlive their reason: taken back with the change, or when a worker takes them."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.services import deactivate_person
from applications.services import withdraw_application
from core.duties.catalogue import key_of
from core.post.models import Mail
from core.post.services import send_waiting_mails, withdraw_mails
from core.post.states import MailStatus
from pairings.services import answer_pairing, cancel_pairing
from programme.calls.services import move_deadline
from programme.organisations.services import (
    change_role,
    invite_member,
    remove_member,
    resend_invitation,
    revoke_invitation,
)
from reminders import mails as reminder_mails
from reminders.services import queue_reminders
from tests.factories.accounts import CoordinatorFactory, UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.pairings import PairingFactory
from tests.factories.programme import CallFactory, MembershipFactory, OrganisationFactory
from tests.factories.reminders import MailFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def draft(outbox):
    """A draft of an editor, with its reminder in the outbox."""
    call = CallFactory(closes_at=(timezone.now() + 2 * DAY).replace(microsecond=0))
    draft = ApplicationFactory(call=call)
    MembershipFactory(organisation=draft.organisation, role="lead")
    MembershipFactory(organisation=draft.organisation, user__email="ed@city.example", role="editor")
    assert queue_reminders(now=timezone.now()) == 2
    return draft


def state(recipient):
    return Mail.objects.get(recipient=recipient).status


def test_reminder_that_still_holds_leaves(draft, sink):
    assert send_waiting_mails().sent == 2


def test_reminder_of_a_withdrawn_draft_stays(draft, sink):
    withdraw_application(application=draft, by=draft.organisation.memberships.first().user)

    report = send_waiting_mails()

    assert (report.sent, report.withdrawn) == (0, 2)
    assert sink.received == []
    assert set(Mail.objects.values_list("status", "leased_until")) == {(MailStatus.WITHDRAWN, None)}


def test_reminder_with_a_date_that_was_moved_in_any_way_stays(draft, sink):
    type(draft.call).objects.update(closes_at=draft.call.closes_at + DAY)
    assert send_waiting_mails().withdrawn == 2
    assert "moved" in Mail.objects.first().last_error


def test_who_left_the_team_gets_no_mail_of_it(draft, sink):
    editor = draft.organisation.memberships.get(role="editor")
    MailFactory(recipient="ed@city.example", owner="organisation:0")
    remove_member(membership=editor, by=draft.organisation.memberships.get(role="lead").user)

    states = Mail.objects.filter(recipient="ed@city.example").order_by("id").values_list("status")
    assert list(states) == [(MailStatus.WITHDRAWN,), (MailStatus.QUEUED,)]


def test_who_only_reads_now_gets_no_reminder(draft, sink):
    lead = draft.organisation.memberships.get(role="lead").user
    editor = draft.organisation.memberships.get(role="editor")
    change_role(membership=editor, role="viewer", by=lead)

    assert send_waiting_mails().sent == 1
    assert state("ed@city.example") == MailStatus.WITHDRAWN


def test_closed_account_gets_no_mail(outbox):
    person = UserFactory()
    MailFactory(recipient=person.email)
    deactivate_person(person=person, reason="Left.", by=CoordinatorFactory())
    assert state(person.email) == MailStatus.WITHDRAWN


def invited(outbox):
    organisation = OrganisationFactory()
    lead = MembershipFactory(organisation=organisation, role="lead").user
    return lead, invite_member(
        organisation=organisation, email="new@city.example", role="editor", by=lead
    )


def test_invitation_that_was_taken_back_keeps_its_link_to_itself(outbox):
    lead, invitation = invited(outbox)
    revoke_invitation(invitation=invitation, by=lead)
    mail = Mail.objects.get(kind="invitation")
    assert (mail.status, mail.text, mail.html) == (MailStatus.WITHDRAWN, "", "")


def test_only_the_fresh_link_leaves(outbox, sink):
    lead, invitation = invited(outbox)
    resend_invitation(invitation=invitation, by=lead)
    assert send_waiting_mails().sent == 1
    first = Mail.objects.order_by("id").first()
    assert first.status == MailStatus.WITHDRAWN


def test_invitation_that_ran_out_in_the_outbox_stays(outbox, sink):
    _lead, invitation = invited(outbox)
    type(invitation).objects.update(expires_at=timezone.now() - DAY)
    assert send_waiting_mails().withdrawn == 1


@pytest.mark.parametrize("end", ["cancel", "decline"])
def test_proposal_that_is_over_stays(outbox, sink, end):
    pairing = PairingFactory()
    member = pairing.members.first()
    lead = MembershipFactory(organisation=member.organisation, role="lead").user
    asked = MailFactory(
        kind="pairing_proposed",
        recipient=lead.email,
        about=key_of(pairing),
        owner=key_of(member.organisation),
    )
    if end == "cancel":
        cancel_pairing(pairing=pairing, reason="A mistake.", by=CoordinatorFactory())
    else:
        answer_pairing(member=member, accept=False, reason="No time.", by=lead)

    send_waiting_mails()

    asked.refresh_from_db()
    assert asked.status == MailStatus.WITHDRAWN


def test_letter_on_a_refusal_that_was_taken_back_stays(outbox, sink):
    application = ApplicationFactory()
    letter = MailFactory(kind="application_ineligible", about=key_of(application))
    send_waiting_mails()
    letter.refresh_from_db()
    assert letter.status == MailStatus.WITHDRAWN


def test_check_that_fails_keeps_no_mail_back(draft, sink, monkeypatch):
    monkeypatch.setattr(reminder_mails, "outdated", lambda _mails: 1 / 0)
    assert send_waiting_mails().sent == 2


def test_withdrawing_fits_everything_given():
    about, held = MailFactory(about="call:1"), MailFactory(about="call:1", status=MailStatus.HELD)
    sent = MailFactory(about="call:1", status=MailStatus.SENT)
    other = MailFactory(about="call:1", kind="invitation")

    count = withdraw_mails(about=["call:1"], kinds=["reminder_draft_closing"], why="Moved.")

    states = [Mail.objects.get(pk=mail.pk).status for mail in (about, held, sent, other)]
    assert count == 2
    assert states == ["withdrawn", "withdrawn", "sent", "queued"]


def test_withdrawing_everything_is_no_request():
    with pytest.raises(ValueError, match="Say which"):
        withdraw_mails(why="Why not.")


def test_word_of_a_moved_deadline_goes_to_writers_at_their_corrected_address(draft, sink):
    send_waiting_mails()
    call = draft.call
    move_deadline(
        call=call,
        closes_at=call.closes_at + 7 * DAY,
        reason="A public holiday.",
        by=CoordinatorFactory(),
        read_version=call.version,
    )
    told = Mail.objects.filter(kind="deadline_moved")
    lead = told.exclude(recipient="ed@city.example")
    lead.update(recipient="office@city.example")
    draft.organisation.memberships.filter(role="editor").update(role="viewer")

    report = send_waiting_mails()

    assert (report.sent, report.withdrawn) == (1, 1)
    assert lead.get().status == MailStatus.SENT


@pytest.mark.parametrize("kind", ["application_received", "pairing_accepted_by_all"])
def test_letter_to_somebody_who_has_left_meanwhile_stays(sink, kind):
    """Asked again when a worker takes it: the mail was on its way when the person left."""
    organisation = OrganisationFactory()
    member = MembershipFactory(organisation=organisation)
    gone, closed = UserFactory(), MembershipFactory(organisation=organisation).user
    closed.is_active = False
    closed.save()
    for address in (member.user.email, gone.email, closed.email, "office@city.example"):
        MailFactory(kind=kind, owner=key_of(organisation), recipient=address)

    report = send_waiting_mails()

    assert (report.sent, report.withdrawn) == (2, 2)
    assert state(gone.email) == state(closed.email) == MailStatus.WITHDRAWN
