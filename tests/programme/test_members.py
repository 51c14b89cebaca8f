import datetime as dt
import re

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.selectors import events_of
from programme.organisations.models import Invitation, Membership
from programme.organisations.rules import role_in
from programme.organisations.selectors import invitation_by_token, team_of
from programme.organisations.services import (
    accept_invitation,
    change_role,
    close_account,
    invite_member,
    remove_member,
    resend_invitation,
    revoke_invitation,
)
from programme.organisations.services.members import (
    MOST_MAILS_A_DAY_TO_ONE,
    MOST_MAILS_AN_HOUR,
    MOST_OPEN_INVITATIONS,
)
from programme.organisations.states import InvitationState, MembershipRole
from tests.factories.accounts import (
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)
from tests.factories.programme import (
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
)

pytestmark = pytest.mark.django_db
LEAD, EDITOR, VIEWER = MembershipRole.LEAD, MembershipRole.EDITOR, MembershipRole.VIEWER


@pytest.fixture
def lead():
    return MembershipFactory()


def invite(lead, email="new@city.example", role=EDITOR):
    return invite_member(organisation=lead.organisation, email=email, role=role, by=lead.user)


def token_of(mail):
    return re.search(r"/invitations/([^/]+)/", mail.body)[1]


def test_invitation_is_mailed_and_joins_once(lead, mailoutbox):
    invite(lead, email=" New@City.example ")
    token = token_of(mailoutbox[0])
    person = UserFactory(email="new@city.example")
    membership = accept_invitation(token=token, user=person)
    assert membership.role == EDITOR
    assert role_in(person, lead.organisation) == EDITOR
    with pytest.raises(WrongStateError) as caught:
        accept_invitation(token=token, user=person)
    assert caught.value.code == "used"
    verbs = list(events_of(lead.organisation).values_list("verb", flat=True))
    assert verbs == ["membership.joined", "invitation.sent"]


def test_invitation_mail_tells_who_what_and_until_when(lead, mailoutbox):
    with time_machine.travel("2026-05-01 12:00+02:00", tick=False):
        invite(lead)
    mail = mailoutbox[0]
    assert mail.to == ["new@city.example"]
    assert lead.organisation.name in mail.subject
    assert lead.user.full_name in mail.body
    assert "15 May 2026, 12:00 Brussels time" in mail.body
    html = mail.alternatives[0][0]
    assert token_of(mail) in html


def test_database_keeps_only_a_hash(lead, mailoutbox):
    invitation = invite(lead)
    assert token_of(mailoutbox[0]) not in str(Invitation.objects.values().get())
    assert len(invitation.token_hash) == 64


def test_organisation_name_with_markup_is_text_in_the_mail(mailoutbox):
    lead = MembershipFactory(organisation__name="<b>Nice</b> & Côte d'Azur")
    invite(lead)
    mail = mailoutbox[0]
    assert "<b>Nice</b> & Côte d'Azur" in mail.body
    assert "&lt;b&gt;Nice" in mail.alternatives[0][0]


@pytest.mark.parametrize(
    ("days", "state"), [(13, InvitationState.OPEN), (14, InvitationState.EXPIRED)]
)
def test_invitation_runs_out_after_14_days(lead, mailoutbox, days, state):
    start = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False):
        invite(lead)
    person = UserFactory(email="new@city.example")
    token = token_of(mailoutbox[0])
    with time_machine.travel(start + dt.timedelta(days=days), tick=False):
        assert invitation_by_token(token).state == state
        if state == InvitationState.EXPIRED:
            with pytest.raises(WrongStateError) as caught:
                accept_invitation(token=token, user=person)
            assert caught.value.code == "expired"
        else:
            assert accept_invitation(token=token, user=person)


def test_unknown_token_is_refused():
    with pytest.raises(InvalidError) as caught:
        accept_invitation(token="nonsense", user=UserFactory())
    assert caught.value.code == "unknown"


def test_invitation_is_for_its_address_alone(lead, mailoutbox):
    invite(lead)
    with pytest.raises(InvalidError) as caught:
        accept_invitation(token=token_of(mailoutbox[0]), user=UserFactory())
    assert caught.value.code == "other_address"
    assert not Membership.objects.filter(role=EDITOR).exists()


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_invitation_to_a_further_address_joins_once_it_is_confirmed(lead, mailoutbox, is_confirmed):
    invitation = invite(lead)
    person = UserFactory()
    person.emailaddress_set.create(email=invitation.email, verified=is_confirmed)
    token = token_of(mailoutbox[0])
    if is_confirmed:
        assert accept_invitation(token=token, user=person).organisation == lead.organisation
    else:
        with pytest.raises(InvalidError, match="add it to your account and confirm it"):
            accept_invitation(token=token, user=person)


def test_member_is_not_invited_at_a_further_address(lead):
    lead.user.emailaddress_set.create(email="second@city.example", verified=True)
    with pytest.raises(InvalidError, match="belongs to the team already"):
        invite_member(
            organisation=lead.organisation, email="Second@city.example", role=EDITOR, by=lead.user
        )


def test_revoked_invitation_joins_nobody(lead, mailoutbox):
    invitation = invite(lead)
    revoke_invitation(invitation=invitation, by=lead.user)
    with pytest.raises(WrongStateError) as caught:
        accept_invitation(token=token_of(mailoutbox[0]), user=UserFactory(email="new@city.example"))
    assert caught.value.code == "revoked"


def test_resent_invitation_has_a_new_link_only(lead, mailoutbox):
    invitation = invite(lead)
    resend_invitation(invitation=invitation, by=lead.user)
    old, new = (token_of(mail) for mail in mailoutbox)
    assert invitation_by_token(old) is None
    assert invitation_by_token(new).state == InvitationState.OPEN


def test_used_invitation_is_not_sent_again(lead, mailoutbox):
    invitation = invite(lead)
    person = UserFactory(email="new@city.example")
    accept_invitation(token=token_of(mailoutbox[0]), user=person)
    with pytest.raises(WrongStateError):
        resend_invitation(invitation=invitation, by=lead.user)
    with pytest.raises(WrongStateError):
        revoke_invitation(invitation=invitation, by=lead.user)


def test_open_invitation_is_not_doubled(lead):
    invite(lead)
    with pytest.raises(InvalidError) as caught:
        invite(lead, email="NEW@city.example")
    assert caught.value.field == "email"


def test_invitation_that_ran_out_is_replaced(lead, mailoutbox):
    with time_machine.travel("2026-01-01", tick=False):
        invite(lead)
    with time_machine.travel("2026-03-01", tick=False):
        invite(lead)
        states = [invitation.state for invitation in Invitation.objects.all()]
    assert states == [InvitationState.OPEN, InvitationState.REVOKED]


def test_member_is_not_invited(lead):
    with pytest.raises(InvalidError):
        invite(lead, email=lead.user.email)


def test_member_invited_under_another_role_keeps_the_higher_one(lead, mailoutbox):
    invite(lead, role=VIEWER)
    person = UserFactory(email="new@city.example")
    MembershipFactory(user=person, organisation=lead.organisation, role=EDITOR)
    membership = accept_invitation(token=token_of(mailoutbox[0]), user=person)
    assert membership.role == EDITOR
    assert person.memberships.count() == 1


def test_too_many_open_invitations_are_refused(lead):
    InvitationFactory.create_batch(MOST_OPEN_INVITATIONS, organisation=lead.organisation)
    with pytest.raises(InvalidError):
        invite(lead)


@pytest.mark.parametrize("role", [EDITOR, VIEWER])
def test_only_leads_manage_people(lead, role):
    member = MembershipFactory(organisation=lead.organisation, role=role)
    invitation = InvitationFactory(organisation=lead.organisation)
    with pytest.raises(NotAllowedError):
        invite(member)
    with pytest.raises(NotAllowedError):
        revoke_invitation(invitation=invitation, by=member.user)
    with pytest.raises(NotAllowedError):
        resend_invitation(invitation=invitation, by=member.user)
    with pytest.raises(NotAllowedError):
        change_role(membership=lead, role=VIEWER, by=member.user)
    with pytest.raises(NotAllowedError):
        remove_member(membership=lead, by=member.user)


def test_lead_of_another_city_manages_nothing(lead):
    stranger = MembershipFactory()
    with pytest.raises(NotAllowedError):
        change_role(membership=lead, role=VIEWER, by=stranger.user)


def test_coordinator_manages_every_team(lead):
    coordinator = CoordinatorFactory()
    other = MembershipFactory(organisation=lead.organisation, role=VIEWER)
    assert change_role(membership=other, role=LEAD, by=coordinator).role == LEAD
    remove_member(membership=lead, by=coordinator)
    assert team_of(lead.organisation).get() == other


def test_desk_invites_the_first_lead_of_its_cities_alone():
    india = PartnerCountryFactory()
    desk, goa = DeskFactory(countries=[india]), PartnerOrganisationFactory()

    def invite_as(person, organisation, role=LEAD, email="lead@goa.example"):
        return invite_member(organisation=organisation, email=email, role=role, by=person)

    assert invite_as(desk, goa)
    for person, organisation, role in (
        (desk, goa, EDITOR),
        (desk, OrganisationFactory(), LEAD),
        (DeskFactory(), goa, LEAD),
        (ObserverFactory(), goa, LEAD),
    ):
        with pytest.raises(NotAllowedError):
            invite_as(person, organisation, role, "other@goa.example")
    MembershipFactory(organisation=goa)
    with pytest.raises(NotAllowedError):
        invite_as(desk, goa, LEAD, "second@goa.example")


def test_role_change_is_recorded(lead):
    member = MembershipFactory(organisation=lead.organisation, role=VIEWER)
    change_role(membership=member, role=EDITOR, by=lead.user)
    event = events_of(lead.organisation).get()
    assert event.details == {"changes": {str(member.user): ["Viewer", "Editor"]}}


@pytest.mark.parametrize("role", [EDITOR, VIEWER])
def test_last_lead_keeps_the_role(lead, role):
    MembershipFactory(organisation=lead.organisation, role=EDITOR)
    with pytest.raises(WrongStateError) as caught:
        change_role(membership=lead, role=role, by=lead.user)
    assert caught.value.code == "last_lead"
    lead.refresh_from_db()
    assert lead.role == LEAD


def test_last_lead_cannot_be_removed_by_anybody(lead):
    for person in (lead.user, CoordinatorFactory()):
        with pytest.raises(WrongStateError):
            remove_member(membership=lead, by=person)


def test_lead_may_go_when_there_is_another(lead):
    MembershipFactory(organisation=lead.organisation)
    remove_member(membership=lead, by=lead.user)
    assert role_in(lead.user, lead.organisation) is None


def test_lead_with_a_closed_account_does_not_count(lead):
    MembershipFactory(organisation=lead.organisation, user__is_active=False)
    with pytest.raises(WrongStateError):
        remove_member(membership=lead, by=lead.user)


def test_lead_of_another_organisation_does_not_count(lead):
    MembershipFactory()
    with pytest.raises(WrongStateError):
        remove_member(membership=lead, by=lead.user)


def test_member_may_leave(lead):
    member = MembershipFactory(organisation=lead.organisation, role=VIEWER)
    remove_member(membership=member, by=member.user)
    assert list(team_of(lead.organisation)) == [lead]
    assert events_of(lead.organisation).get().verb == "membership.left"


def test_member_who_is_gone_is_named_kindly(lead):
    member = MembershipFactory(organisation=lead.organisation, role=VIEWER)
    Membership.objects.filter(pk=member.pk).delete()
    with pytest.raises(WrongStateError) as caught:
        remove_member(membership=member, by=lead.user)
    assert caught.value.code == "gone"


def test_team_lists_leads_first(lead):
    viewer = MembershipFactory(organisation=lead.organisation, role=VIEWER)
    editor = MembershipFactory(organisation=lead.organisation, role=EDITOR)
    assert list(team_of(lead.organisation)) == [lead, editor, viewer]


def test_account_of_a_last_lead_stays(lead):
    MembershipFactory(organisation=lead.organisation, role=EDITOR)
    with pytest.raises(WrongStateError) as caught:
        close_account(user=lead.user)
    assert lead.organisation.name in str(caught.value)
    assert User.objects.filter(pk=lead.user.pk).exists()


def test_account_of_others_is_deleted(lead):
    member = MembershipFactory(organisation=lead.organisation, role=EDITOR)
    close_account(user=member.user)
    assert not User.objects.filter(pk=member.user_id).exists()
    assert list(team_of(lead.organisation)) == [lead]


def test_account_of_staff_is_closed_by_a_coordinator():
    with pytest.raises(NotAllowedError):
        close_account(user=ObserverFactory())


def test_nobody_is_flooded_with_invitations(lead, mailoutbox):
    invitation = invite(lead)
    for _time in range(MOST_MAILS_A_DAY_TO_ONE - 1):
        resend_invitation(invitation=invitation, by=lead.user)
    with pytest.raises(InvalidError) as caught:
        resend_invitation(invitation=invitation, by=lead.user)
    assert caught.value.code == "too_many"
    revoke_invitation(invitation=invitation, by=lead.user)
    with pytest.raises(InvalidError):
        invite(lead)
    assert len(mailoutbox) == MOST_MAILS_A_DAY_TO_ONE
    with time_machine.travel(timezone.now() + dt.timedelta(days=1, minutes=1), tick=False):
        assert invite(lead)


def test_nobody_sends_invitations_without_end(lead):
    for number in range(MOST_MAILS_AN_HOUR):
        revoke_invitation(invitation=invite(lead, email=f"n{number}@city.example"), by=lead.user)
    with pytest.raises(InvalidError) as caught:
        invite(lead)
    assert caught.value.code == "too_many"
