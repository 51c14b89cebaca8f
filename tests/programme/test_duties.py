"""Invitations that nobody has taken up."""

import datetime as dt

import pytest
from django.utils import timezone

from core.duties.catalogue import Ask, find_again, key_of
from core.post.models import Mail
from iuc_portal.homes.selectors import workspace_of
from programme.organisations.duties import invitations
from reminders.services import queue_reminders
from tests.factories.accounts import CoordinatorFactory
from tests.factories.programme import InvitationFactory, MembershipFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def found(**parts):
    return [duty.about for duty in invitations.find(Ask(**parts))]


@pytest.fixture
def lead():
    return MembershipFactory(user__email="ana@city.example")


@pytest.fixture
def invitation(lead):
    return InvitationFactory(
        organisation=lead.organisation,
        invited_by=lead.user,
        email="ivo@city.example",
        expires_at=timezone.now() + 2 * DAY,
    )


def test_invitation_is_owed_by_who_sent_it(invitation, lead):
    InvitationFactory(invited_by=None)

    (duty,) = invitations.find(Ask(owners={f"person:{lead.user_id}"}))

    assert duty.about == key_of(invitation)
    assert duty.page == f"/my/organisations/{lead.organisation.slug}/team/"
    assert found(owners={f"organisation:{lead.organisation_id}"}) == []
    assert found(about={key_of(lead.organisation)}) == [duty.about]


@pytest.mark.parametrize(
    ("field", "is_done"), [("accepted_at", True), ("revoked_at", False), ("expires_at", False)]
)
def test_invitation_that_was_answered_or_is_over_asks_for_nothing(invitation, field, is_done):
    setattr(invitation, field, timezone.now())
    invitation.save()

    assert found() == []
    assert found(done=True) == ([key_of(invitation)] if is_done else [])


@pytest.mark.parametrize("change", [{"role": "editor"}, None])
def test_sender_who_could_not_send_it_again_is_asked_for_nothing(invitation, lead, change):
    if change is None:
        lead.delete()
    else:
        lead.role = change["role"]
        lead.save()

    assert found() == []


def test_staff_are_led_to_the_console():
    boss = CoordinatorFactory()
    invitation = InvitationFactory(invited_by=boss)

    (duty,) = invitations.find(Ask(reader=boss))

    assert duty.page == f"/staff/organisations/{invitation.organisation.slug}/"
    assert find_again(duty.key).owner == f"person:{boss.pk}"


def test_sender_gets_one_mail_three_days_before_it_runs_out(invitation):
    queue_reminders(now=invitation.expires_at - 4 * DAY)
    assert not Mail.objects.exists()

    assert queue_reminders(now=invitation.expires_at - 3 * DAY) == 1
    assert queue_reminders(now=invitation.expires_at - DAY) == 0

    mail = Mail.objects.get()
    assert mail.recipient == "ana@city.example"
    assert mail.subject == (
        f"ivo@city.example has not joined the team of {invitation.organisation} yet (3 days left)"
    )
    for body in (mail.text, mail.html):
        assert "Nobody has taken up the invitation so far." in body
        assert f"/my/organisations/{invitation.organisation.slug}/team/" in body


def test_sender_finds_it_in_the_workspace_when_it_is_near(invitation, lead):
    InvitationFactory(
        organisation=lead.organisation,
        invited_by=lead.user,
        expires_at=timezone.now() + 10 * DAY,
    )

    assert [need.title for need in workspace_of(lead.user).needs] == [
        "ivo@city.example has not joined yet"
    ]
