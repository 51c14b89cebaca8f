import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import User
from accounts.services import deactivate_person, delete_person, set_staff_role
from accounts.states import StaffRole
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.post.models import Mail
from core.trail.models import AuditEvent
from iuc_portal.colleagues.mails import outdated
from iuc_portal.colleagues.models import StaffInvitation
from iuc_portal.colleagues.services import (
    become_colleague,
    invite_colleague,
    invite_colleague_again,
    invite_first_coordinator,
    inviting,
    take_back_invitation,
    take_up_role,
)
from iuc_portal.logs import without_tokens
from tests.factories.accounts import CoordinatorFactory, ObserverFactory, UserFactory
from tests.factories.colleagues import StaffInvitationFactory
from tests.factories.programme import MembershipFactory, PartnerCountryFactory

pytestmark = pytest.mark.django_db

PASSWORD = "four words of nobody"


def invite(**values):
    known = {"email": "new@unit.example", "role": "observer", "countries": []}
    by = values.pop("by", None) or CoordinatorFactory()
    return invite_colleague(**{**known, **values}, by=by)


def link_in(mailoutbox):
    return re.search(r"/invitations/staff/([\w-]+)/", mailoutbox[-1].body)[1]


def join(client, token, **data):
    data = data or {"full_name": "Lena Berg", "password": PASSWORD}
    return client.post(reverse("colleagues:join", args=[token]), data)


def test_new_colleague_sets_name_and_password_and_is_led_to_the_second_factor(
    client, mailoutbox, settings
):
    settings.DEMO = False
    india = PartnerCountryFactory()
    invite(email="Lena@Unit.Example", role="regional_desk", countries=[india])
    token = link_in(mailoutbox)
    page = reverse("colleagues:join", args=[token])

    shown = client.get(page).content.decode()
    assert ("Regional desk" in shown, "India" in shown) == (True, True)
    assert not User.objects.filter(email="lena@unit.example").exists()
    answer = join(client, token)

    assert answer["Location"] == reverse("mfa_activate_totp")
    assert client.get(answer["Location"]).status_code == 200
    # The console stays closed until the second factor is set.
    assert client.get("/staff/")["Location"] == reverse("mfa_index")
    person = User.objects.get(email="lena@unit.example")
    assert (person.full_name, person.staff_role) == ("Lena Berg", StaffRole.REGIONAL_DESK)
    assert person.check_password(PASSWORD)
    assert [row.country for row in person.desk_countries.all()] == [india]
    assert person.emailaddress_set.get().verified
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs >= {"colleague.invited", "colleague.joined", "person.role_set"}


def test_opening_the_link_changes_nothing(client, mailoutbox):
    invite()
    events, people = AuditEvent.objects.count(), User.objects.count()
    for _time in range(2):
        assert client.get(reverse("colleagues:join", args=[link_in(mailoutbox)])).status_code == 200
    assert (AuditEvent.objects.count(), User.objects.count()) == (events, people)
    assert StaffInvitation.objects.get().accepted_at is None


@pytest.mark.parametrize("password", ["", "short", "password1234", "new@unit.example"])
def test_weak_password_is_refused_and_the_link_still_works(client, mailoutbox, password):
    invite()
    token = link_in(mailoutbox)
    assert join(client, token, full_name="Lena", password=password).status_code == 422
    assert not User.objects.filter(email="new@unit.example").exists()
    assert join(client, token).status_code == 302


def test_link_works_once(client, mailoutbox):
    invite()
    token = link_in(mailoutbox)
    become_colleague(token=token, full_name="Lena", password=PASSWORD)
    assert join(client, token).status_code == 410
    with pytest.raises(WrongStateError) as caught:
        become_colleague(token=token, full_name="Lena", password=PASSWORD)
    assert caught.value.code == "used"


def test_link_runs_out_after_14_days(client, mailoutbox):
    with time_machine.travel("2026-03-01 12:00", tick=False):
        invite()
    token = link_in(mailoutbox)
    with time_machine.travel("2026-03-15 12:01", tick=False):
        assert client.get(reverse("colleagues:join", args=[token])).status_code == 410
        with pytest.raises(WrongStateError) as caught:
            become_colleague(token=token, full_name="Lena", password=PASSWORD)
    assert caught.value.code == "expired"


def test_invitation_that_was_taken_back_lets_nobody_in_and_its_mail_stays(client, mailoutbox):
    coordinator = CoordinatorFactory()
    invitation = invite(by=coordinator)
    token = link_in(mailoutbox)
    take_back_invitation(invitation=invitation, by=coordinator)
    assert join(client, token).status_code == 410
    about = Mail(pk=1, kind="invitation_to_staff", about=f"staffinvitation:{invitation.pk}")
    assert set(outdated([about])) == {1}
    with pytest.raises(WrongStateError):
        invite_colleague_again(invitation=invitation, by=coordinator)


def test_link_sent_again_replaces_the_first(mailoutbox):
    coordinator = CoordinatorFactory()
    invitation = invite(by=coordinator)
    first = link_in(mailoutbox)
    invite_colleague_again(invitation=invitation, by=coordinator)
    with pytest.raises(WrongStateError):
        become_colleague(token=first, full_name="Lena", password=PASSWORD)
    become_colleague(token=link_in(mailoutbox), full_name="Lena", password=PASSWORD)


def test_link_of_who_may_invite_no_more_lets_nobody_in(mailoutbox):
    coordinator = CoordinatorFactory()
    invite(by=coordinator)
    deactivate_person(person=coordinator, reason="Left.", by=CoordinatorFactory())
    with pytest.raises(WrongStateError) as caught:
        become_colleague(token=link_in(mailoutbox), full_name="Lena", password=PASSWORD)
    assert caught.value.code == "uninvited"


def test_link_stays_dead_when_its_sender_deletes_the_account(mailoutbox):
    """Also one that who runs the portal sent first, and a coordinator again."""
    coordinator, other = CoordinatorFactory(), CoordinatorFactory()
    invitation, _token = invite_first_coordinator(email="new@unit.example", anyway=True)
    invite_colleague_again(invitation=invitation, by=coordinator)
    set_staff_role(person=coordinator, role="", by=other)
    delete_person(person=coordinator)
    with pytest.raises(WrongStateError) as caught:
        become_colleague(token=link_in(mailoutbox), full_name="Lena", password=PASSWORD)
    assert caught.value.code == "uninvited"


def test_address_of_a_lead_is_named_before_it_is_invited(sign_in, settings, mailoutbox):
    settings.DEMO = True
    lead = MembershipFactory(user__full_name="Ana", role="lead").user
    client, page = sign_in(CoordinatorFactory()), reverse("colleagues:invite")
    data = {"email": lead.email.upper(), "role": "observer"}

    refused = client.post(page, data)
    assert refused.status_code == 422
    assert f"Ana, Lead of {lead.memberships.get().organisation}" in refused.content.decode()
    assert mailoutbox == []

    assert client.post(page, {**data, "account": lead.pk}).status_code == 302
    take_up_role(token=link_in(mailoutbox), user=lead)
    lead.refresh_from_db()
    assert (lead.staff_role, lead.memberships.count()) == (StaffRole.OBSERVER, 1)


def test_tick_counts_for_the_account_that_the_page_named(sign_in, settings, mailoutbox):
    settings.DEMO = True
    meant, other = UserFactory(full_name="Ana"), UserFactory(full_name="Bo")
    client, page = sign_in(CoordinatorFactory()), reverse("colleagues:invite")
    shown = client.post(page, {"email": meant.email, "role": "observer"}).content.decode()
    assert re.search(rf'name="account"[^>]* value="{meant.pk}"', shown)

    # The tick was set for Ana, and the address is Bo's by now.
    answer = client.post(page, {"email": other.email, "role": "observer", "account": meant.pk})
    assert answer.status_code == 422
    [tick] = re.findall(r'<input[^>]*name="account"[^>]*>', answer.content.decode())
    assert f'value="{other.pk}"' in tick
    assert "checked" not in tick
    assert mailoutbox == []


def test_role_is_for_the_account_that_was_meant_not_for_the_next_at_the_address(mailoutbox):
    first = UserFactory(email="ana@city.example")
    invite(email=first.email, account=first.pk)
    delete_person(person=first)
    with pytest.raises(WrongStateError) as caught:
        take_up_role(token=link_in(mailoutbox), user=UserFactory(email="ana@city.example"))
    assert caught.value.code == "has_account"


def test_address_that_signs_up_in_the_same_moment_is_told_so(mailoutbox, monkeypatch):
    invite()
    there = iter([None])

    def signs_up(email):
        found = next(there, "asked again")
        UserFactory(email=email)
        return found

    monkeypatch.setattr(inviting, "account_at", signs_up)
    with pytest.raises(WrongStateError) as caught:
        become_colleague(token=link_in(mailoutbox), full_name="Lena", password=PASSWORD)
    assert caught.value.code == "has_account"


def test_sending_again_to_an_address_with_an_account_says_what_to_do():
    by = CoordinatorFactory()
    invitation = invite(by=by)
    UserFactory(email="new@unit.example", full_name="Lena")
    with pytest.raises(InvalidError, match="Take the invitation back, then invite again"):
        invite_colleague_again(invitation=invitation, by=by)


def test_who_got_a_role_meanwhile_reads_who_changes_it(sign_in, settings, mailoutbox):
    settings.DEMO = True
    by, person = CoordinatorFactory(), UserFactory()
    invite(by=by, email=person.email, account=person.pk)
    person = set_staff_role(person=person, role="assessor", by=by)
    answer = sign_in(person).get(reverse("colleagues:join", args=[link_in(mailoutbox)]))
    assert answer.status_code == 409
    assert "A coordinator changes it on your page." in answer.content.decode()
    with pytest.raises(WrongStateError) as caught:
        take_up_role(token=link_in(mailoutbox), user=person)
    assert caught.value.code == "has_role"


def test_account_that_was_made_after_inviting_gets_nothing_unsaid(client, mailoutbox):
    invite()
    token = link_in(mailoutbox)
    lead = MembershipFactory(user__email="new@unit.example").user
    assert client.get(reverse("colleagues:join", args=[token])).status_code == 409
    assert join(client, token).status_code == 409
    with pytest.raises(WrongStateError) as caught:
        take_up_role(token=token, user=lead)
    assert caught.value.code == "has_account"


@pytest.mark.parametrize(
    "person", [{"staff_role": "observer"}, {"is_active": False}], ids=["staff", "closed"]
)
def test_account_of_staff_and_closed_one_are_not_invited(person):
    there = UserFactory(**person)
    with pytest.raises(InvalidError):
        invite(email=there.email, account=there.pk)
    assert not StaffInvitation.objects.exists()


def test_role_is_taken_up_by_nobody_else(mailoutbox):
    lead = UserFactory()
    invite(email=lead.email, account=lead.pk)
    with pytest.raises(NotAllowedError):
        take_up_role(token=link_in(mailoutbox), user=UserFactory())
    take_up_role(token=link_in(mailoutbox), user=lead)


def test_second_invitation_of_an_address_is_refused_while_the_first_is_open():
    coordinator = CoordinatorFactory()
    invite(by=coordinator)
    with pytest.raises(InvalidError):
        invite(by=coordinator)
    StaffInvitation.objects.update(expires_at="2020-01-01T00:00Z")
    invite(by=coordinator)
    assert StaffInvitation.objects.filter(revoked_at=None).count() == 1


def test_nobody_but_a_coordinator_invites():
    with pytest.raises(NotAllowedError):
        invite(by=ObserverFactory())


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_invitations_asks_the_same_however_many(
    rows, sign_in, settings, django_assert_max_num_queries
):
    settings.DEMO = True
    StaffInvitationFactory.create_batch(rows)
    client = sign_in(CoordinatorFactory())
    with django_assert_max_num_queries(9):
        assert client.get(reverse("colleagues:invitations")).status_code == 200


def test_first_coordinator_is_made_by_one_command(client, capsys, mailoutbox):
    call_command("first_coordinator", "First@Unit.Example")
    token = link_in(mailoutbox)
    assert f"/invitations/staff/{token}/" in capsys.readouterr().out
    join(client, token)
    person = User.objects.get(email="first@unit.example")
    assert person.staff_role == StaffRole.COORDINATOR
    assert AuditEvent.objects.get(verb="colleague.invited").actor is None


def test_command_refuses_a_second_one_unless_its_words_are_written(mailoutbox):
    CoordinatorFactory()
    for force in ("", "yes"):
        with pytest.raises(CommandError):
            call_command("first_coordinator", "other@unit.example", force=force)
    assert mailoutbox == []
    call_command("first_coordinator", "other@unit.example", force="nobody can invite")
    assert StaffInvitation.objects.get().role == StaffRole.COORDINATOR


def test_coordinator_whose_account_is_closed_counts_as_none(settings):
    settings.DEMO = False
    CoordinatorFactory(is_active=False)
    CoordinatorFactory(is_demo=True)
    invitation, _token = invite_first_coordinator(email="first@unit.example")
    assert invitation.invited_by is None


def test_command_names_what_is_no_address():
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("first_coordinator", "nobody")


def lost(person):
    return Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": ""}
    )


def test_lost_second_factor_is_taken_away_by_a_colleague_who_says_why(sign_in, settings):
    settings.DEMO = True
    by, person = CoordinatorFactory(full_name="Ilse"), ObserverFactory()
    lost(person)
    theirs = sign_in(person)
    assert theirs.get("/staff/").status_code == 200
    page = reverse("colleagues:second_factor", args=[person.pk])
    client = sign_in(by)

    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "Her telephone was stolen."}).status_code == 302

    assert not Authenticator.objects.exists()
    [told] = mail.outbox
    assert told.to == [person.email]
    assert all(words in told.body for words in ("Ilse", "Her telephone was stolen."))
    event = AuditEvent.objects.get(verb="person.second_factor_reset")
    assert (event.actor, event.reason) == (by, "Her telephone was stolen.")


def test_nobody_takes_their_own_second_factor_away(sign_in, settings):
    settings.DEMO = True
    by = CoordinatorFactory()
    lost(by)
    page = reverse("colleagues:second_factor", args=[by.pk])
    assert sign_in(by).post(page, {"reason": "Lost."}).status_code == 403
    assert Authenticator.objects.exists()


def test_token_stays_out_of_the_log():
    assert without_tokens("GET /invitations/staff/abc-DEF_1/ 200") == (
        "GET /invitations/staff/[token]/ 200"
    )
