"""A draft handed over to a colleague."""

import pytest
from django.urls import reverse

from applications.mails import outdated
from applications.services import hand_over, withdraw_application
from core.kit.errors import InvalidError, NotAllowedError
from core.post.models import Mail
from core.trail.selectors import events_of
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.programme import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return ApplicationFactory()


def member(draft, role):
    return MembershipFactory(organisation=draft.organisation, role=role)


def test_the_colleague_is_told_and_becomes_the_contact(draft, mailoutbox):
    editor, colleague = member(draft, "editor"), member(draft, "editor")
    draft.contact_email = editor.user.email.upper()
    draft.save()
    hand_over(application=draft, to=colleague.user, by=editor.user, note="The budget is open.")

    draft.refresh_from_db()
    assert (draft.contact_email, draft.contact_name) == (
        colleague.user.email,
        colleague.user.full_name,
    )
    [mail] = mailoutbox
    assert mail.to == [colleague.user.email]
    assert "The budget is open." in mail.body
    assert f"/applications/{draft.key}/" in mail.body
    event = events_of(draft).get(verb="application.handed_over")
    assert event.details == {"person": str(colleague.user)}


def test_another_contact_stays(draft):
    editor, colleague = member(draft, "editor"), member(draft, "editor")
    hand_over(application=draft, to=colleague.user, by=editor.user)

    before = draft.contact_email
    draft.refresh_from_db()
    assert draft.contact_email == before


def test_a_lead_makes_a_viewer_a_lead(draft):
    lead, viewer = member(draft, "lead"), member(draft, "viewer")
    hand_over(application=draft, to=viewer.user, by=lead.user, as_lead=True)

    viewer.refresh_from_db()
    lead.refresh_from_db()
    assert (viewer.role, lead.role) == ("lead", "lead")


@pytest.mark.parametrize(("role", "as_lead"), [("viewer", False), ("editor", True)])
def test_an_editor_gives_no_roles(draft, role, as_lead):
    editor, colleague = member(draft, "editor"), member(draft, role)
    with pytest.raises(NotAllowedError):
        hand_over(application=draft, to=colleague.user, by=editor.user, as_lead=as_lead)
    colleague.refresh_from_db()
    assert colleague.role == role


def test_only_the_team_can_go_on(draft):
    editor = member(draft, "editor")
    for outsider in (UserFactory(), editor.user):
        with pytest.raises(InvalidError):
            hand_over(application=draft, to=outsider, by=editor.user)


def test_the_mail_does_not_leave_once_it_is_no_draft(draft, outbox):
    lead, colleague = member(draft, "lead"), member(draft, "editor")
    hand_over(application=draft, to=colleague.user, by=lead.user)
    mails = Mail.objects.filter(kind="application_handed_over")
    assert not outdated(mails)
    withdraw_application(application=draft, by=lead.user)
    assert list(outdated(mails)) == [mails.get().pk]


def test_the_page_offers_whom_the_person_may_choose(draft, client):
    editor, reader = member(draft, "editor"), member(draft, "viewer")
    client.force_login(editor.user)
    url = reverse("applications:hand_over", args=[draft.key])
    assert reader.user.full_name not in client.get(url).content.decode()

    client.force_login(member(draft, "lead").user)
    assert reader.user.full_name in client.get(url).content.decode()
    done = client.post(url, {"to": editor.user.pk, "note": "Go on."})
    assert done["Location"] == reverse("applications:detail", args=[draft.key])
