"""Committing online: who is asked, what the link does, and when nobody is bound."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, Commitment, OnlineInvitation
from applications.services import (
    add_and_invite,
    add_commitment,
    commit_online,
    edit_municipality,
    invite_online,
    make_lead,
    remove_municipality,
    revoke_online,
    withdraw_application,
)
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.post.models import Mail
from core.trail.models import AuditEvent
from programme.organisations.models import hash_of
from tests.applications.test_commitments import upload
from tests.applications.test_words_dropped import shown_on
from tests.factories.applications import (
    GroupApplicationFactory,
    MunicipalityFactory,
    OnlineInvitationFactory,
)
from tests.factories.calls import CallCommitmentFactory
from tests.factories.programme import CountryFactory, MembershipFactory
from tests.infra.threads import run_in_threads

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_tried_before():
    """Attempts are counted by address, and all tests come from the same one."""
    cache.clear()


@pytest.fixture
def lead():
    application = GroupApplicationFactory()
    CallCommitmentFactory(call=application.call, text="Sign the agreement.")
    person = MembershipFactory(organisation=application.organisation, role="lead").user
    member = MunicipalityFactory(application=application, name="Konavle")
    return member, person


def token_in(mail):
    return re.search(r"/commitments/([^/]+)/", mail.body)[1]


@pytest.fixture
def link(lead, mailoutbox):
    """Return the token of a link that was sent to Konavle."""
    member, person = lead
    invite_online(asked=member, email="Office@Konavle.example", by=person)
    return token_in(mailoutbox[-1])


def page(client, token):
    return client.get(reverse("applications:commit", args=[token]))


def send(client, token, **values):
    typed = {"name": "Silvio Nardelli", "office": "Mayor", "may_bind": "on"}
    typed |= shown_on(page(client, token)) | values
    return client.post(reverse("applications:commit", args=[token]), typed)


def test_the_link_stands_in_the_mail_and_as_a_hash_in_the_database_alone(lead, link, mailoutbox):
    invitation = OnlineInvitation.objects.get()
    assert mailoutbox[-1].to == ["office@konavle.example"] == [invitation.email]
    assert "Sign the agreement." in mailoutbox[-1].body
    assert invitation.token_hash == hash_of(link)
    assert link not in str([event.details for event in AuditEvent.objects.all()])
    lead[0].refresh_from_db()
    assert lead[0].contact_email == "office@konavle.example"


def test_opening_the_link_changes_nothing(client, link):
    before = OnlineInvitation.objects.values().get(), AuditEvent.objects.count()
    for _again in range(2):
        answer = page(client, link)
    assert answer.status_code == 200
    assert "Konavle takes part" in answer.content.decode()
    assert (OnlineInvitation.objects.values().get(), AuditEvent.objects.count()) == before
    assert not Commitment.objects.exists()


def test_the_page_is_kept_by_nobody_and_tells_its_address_to_nobody(client, link):
    answer = page(client, link)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "noindex" in answer["X-Robots-Tag"]


def test_sending_the_page_binds_once(client, lead, link, mailoutbox):
    assert send(client, link).status_code == 302
    commitment = Commitment.objects.get()
    assert (commitment.signed_by_name, commitment.signed_by_office) == ("Silvio Nardelli", "Mayor")
    assert (commitment.email, commitment.file) == ("office@konavle.example", None)
    assert "Sign the agreement." in commitment.statement
    assert [mail.to[0] for mail in mailoutbox[1:]] == [
        "office@konavle.example",
        "ana@city.example",
        "iva@city.example",
        lead[1].email,
    ]
    assert send(client, link, name="Somebody Else").status_code == 302
    assert Commitment.objects.get() == commitment
    assert AuditEvent.objects.filter(verb="application.commitment_given").count() == 1
    assert "Silvio Nardelli" in page(client, link).content.decode()


@pytest.mark.parametrize("field", ["name", "office", "may_bind"])
def test_nobody_is_bound_without_name_office_and_right(client, link, field):
    assert send(client, link, **{field: ""}).status_code == 422
    assert not Commitment.objects.exists()


def test_unknown_link_says_so(client):
    assert page(client, "made-up").status_code == 410
    assert send(client, "made-up").status_code == 410
    with pytest.raises(InvalidError):
        commit_online(token="made-up", name="A", office="B")


def refused(token):
    with pytest.raises(WrongStateError) as error:
        commit_online(token=token, name="Silvio", office="Mayor")
    assert not Commitment.objects.filter(file=None).exists()
    return error.value.code


def test_link_runs_out(lead, link):
    with time_machine.travel(OnlineInvitation.objects.get().expires_at):
        assert refused(link) == "expired"


def test_link_can_be_answered_until_the_call_closes(lead, mailoutbox):
    member, person = lead
    call = member.application.call
    call.closes_at = timezone.now() + dt.timedelta(days=60)
    call.save()
    invite_online(asked=member, email="office@konavle.example", by=person)
    assert OnlineInvitation.objects.get().expires_at == call.closes_at
    assert "It can be answered once" in " ".join(mailoutbox[-1].body.split())


def test_contact_without_an_account_reads_who_opens_the_application(client, lead, link, mailoutbox):
    _member, person = lead
    Application.objects.update(contact_email=person.email, deputy_email="iva@city.example")
    send(client, link)
    told = {mail.to[0]: " ".join(mail.body.split()) for mail in mailoutbox[1:]}
    assert "Open the application" in told[person.email]
    assert "Open the application" not in told["iva@city.example"]
    assert "as a contact" in told["iva@city.example"]
    assert "Look which sections" not in told["iva@city.example"]


def test_fresh_link_ends_the_former_one(client, lead, link, mailoutbox):
    member, person = lead
    invite_online(asked=member, email="office@konavle.example", by=person)
    assert page(client, link).status_code == 410
    assert page(client, token_in(mailoutbox[-1])).status_code == 200
    assert AuditEvent.objects.filter(verb="application.commitment_asked_again").count() == 1


def test_invitation_taken_back_binds_nobody(lead, link):
    revoke_online(invitation=OnlineInvitation.objects.get(), by=lead[1])
    assert refused(link) == "revoked"


def test_invitation_taken_back_leaves_with_its_mail_unsent(lead, settings):
    settings.EMAIL_BACKEND = "core.post.backends.OutboxBackend"
    member, person = lead
    invitation = invite_online(asked=member, email="office@konavle.example", by=person)
    revoke_online(invitation=invitation, by=person)
    mail = Mail.objects.get(kind="invitation_to_commit")
    assert mail.status == "withdrawn"
    # Staff who read the outbox could commit for anybody.
    assert mail.is_secret


@pytest.mark.parametrize(
    "end",
    [
        lambda member, person: make_lead(municipality=member, by=person),
        lambda member, person: edit_municipality(
            municipality=member, by=person, name="Lastovo", forget=True
        ),
        lambda member, person: add_commitment(
            municipality=member,
            upload=upload(),
            signed_by_name="Silvio",
            signed_by_office="Mayor",
            signed_on=timezone.localdate(),
            by=person,
        ),
    ],
    ids=["it leads", "another place", "a letter"],
)
def test_link_ends_with_its_reason(lead, link, end):
    end(*lead)
    assert refused(link) == "revoked"


def test_link_ends_with_the_municipality_and_with_the_application(lead, link):
    member, person = lead
    withdraw_application(application=member.application, by=person)
    assert refused(link) == "moved_on"
    member.application.refresh_from_db()


def test_link_of_a_municipality_that_was_taken_out_is_not_known(client, lead, link):
    member, person = lead
    remove_municipality(municipality=member, by=person)
    assert page(client, link).status_code == 410


def test_word_of_one_office_is_not_taken_for_another(client, lead, link, mailoutbox):
    member, person = lead
    send(client, link)
    with pytest.raises(InvalidError) as error:
        edit_municipality(municipality=member, by=person, name="Lastovo")
    assert (error.value.field, error.value.code) == ("forget", "word_goes")
    assert "Silvio Nardelli, Mayor gave online for “Konavle”" in error.value.message
    assert Commitment.objects.exists()
    edit_municipality(municipality=member, by=person, name="Lastovo", forget=True)
    assert not Commitment.objects.exists()
    assert mailoutbox[-1].to == ["office@konavle.example"]
    assert "now names another one in its place" in mailoutbox[-1].body


def test_commitment_stays_when_the_spelling_of_its_place_is_put_right(client, lead, link):
    member, person = lead
    send(client, link)
    edit_municipality(municipality=member, by=person, name="Konavlje")
    assert Commitment.objects.get().old_name == "Konavle"
    words = page(client, link).content.decode()
    assert "It was signed for “Konavle”" in words


def test_commitment_goes_with_another_country(client, lead, link):
    member, person = lead
    send(client, link)
    member.application.municipalities.filter(is_lead=True).update(
        country=CountryFactory(code="IT", name="Italy")
    )
    country = member.application.municipalities.get(is_lead=True).country
    with pytest.raises(InvalidError) as error:
        edit_municipality(municipality=member, by=person, country=country)
    assert error.value.code == "word_goes"


def test_lead_and_who_has_committed_are_not_asked(client, lead, link):
    member, person = lead
    first = member.application.municipalities.get(is_lead=True)
    with pytest.raises(InvalidError, match="leads"):
        invite_online(asked=first, email="mayor@city.example", by=person)
    send(client, link)
    with pytest.raises(InvalidError, match="committed already"):
        invite_online(asked=member, email="office@konavle.example", by=person)


@pytest.mark.usefixtures("link")
def test_two_municipalities_do_not_share_an_address(lead):
    member, person = lead
    other = MunicipalityFactory(application=member.application, name="Lastovo")
    with pytest.raises(InvalidError) as error:
        invite_online(asked=other, email="office@konavle.example", by=person)
    assert error.value.code == "same_address"


@pytest.mark.usefixtures("link")
def test_nobody_is_flooded_with_invitations(lead):
    member, person = lead
    for _again in range(4):
        invite_online(asked=member, email="office@konavle.example", by=person)
    with pytest.raises(InvalidError) as error:
        invite_online(asked=member, email="office@konavle.example", by=person)
    assert error.value.code == "too_many"


def test_who_only_reads_asks_nobody(lead):
    reader = MembershipFactory(organisation=lead[0].application.organisation, role="viewer").user
    with pytest.raises(NotAllowedError):
        invite_online(asked=lead[0], email="office@konavle.example", by=reader)


def test_added_and_invited_in_one_step_or_not_at_all(lead, mailoutbox):
    member, person = lead
    application = member.application
    with pytest.raises(InvalidError) as error:
        add_and_invite(application=application, name="Ston", contact_email="", by=person)
    assert error.value.field == "contact_email"
    assert not application.municipalities.filter(name="Ston").exists()
    add_and_invite(
        application=application, name="Ston", contact_email="office@ston.example", by=person
    )
    assert mailoutbox[-1].to == ["office@ston.example"]


def test_public_page_is_slowed_down_for_who_tries(client, link, settings):
    settings.ACCOUNT_RATE_LIMITS = {"commit_online": "1/h/ip"}
    send(client, link, name="")
    assert send(client, link).status_code == 429
    assert not Commitment.objects.exists()


def test_city_asks_again_and_takes_back_on_its_pages(lead, link, sign_in, mailoutbox):
    member, person = lead
    browser = sign_in(person)
    arguments = [member.application.key, member.pk]
    shown = browser.get(reverse("applications:applicant", args=arguments[:1])).content.decode()
    assert "Invited, no answer yet" in shown
    again = browser.post(reverse("applications:commitment_resend", args=arguments))
    assert again.status_code == 302
    assert len(mailoutbox) == 2
    assert browser.get(reverse("applications:commitment_revoke", args=arguments)).status_code == 200
    browser.post(reverse("applications:commitment_revoke", args=arguments))
    assert OnlineInvitation.objects.get().state == "revoked"
    typed = {"email": "mayor@konavle.example"}
    browser.post(reverse("applications:commitment_invite", args=arguments), typed)
    assert OnlineInvitation.objects.get().email == "mayor@konavle.example"


def test_city_adds_and_invites_with_one_button(lead, sign_in, mailoutbox):
    member, person = lead
    typed = {
        "version": member.application.version,
        "name": "Ston",
        "country": member.country_id,
        "population": "2400",
        "population_year": "2021",
        "population_source": "Census",
        "contact_email": "office@ston.example",
        "invite": "1",
    }
    address = reverse("applications:municipality_add", args=[member.application.key])
    assert sign_in(person).post(address, typed).status_code == 302
    assert mailoutbox[-1].to == ["office@ston.example"]


def asked(**values):
    """Return the lead's person and an invitation whose link is `race`."""
    application = GroupApplicationFactory()
    person = MembershipFactory(organisation=application.organisation, role="lead").user
    member = MunicipalityFactory(application=application)
    return person, OnlineInvitationFactory(municipality=member, token="race", **values)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_link_used_from_ten_threads_binds_once():
    asked()
    results = run_in_threads(
        10, lambda n: commit_online(token="race", name=f"Mayor {n}", office="Mayor")
    )
    assert sum(isinstance(one, Commitment) for one in results) == 1
    assert {one.code for one in results if isinstance(one, WrongStateError)} == {"used"}
    assert AuditEvent.objects.filter(verb="application.commitment_given").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_taking_back_while_the_office_commits_has_one_winner():
    person, invitation = asked()

    def work(number):
        if number:
            return revoke_online(invitation=invitation, by=person)
        return commit_online(token="race", name="Silvio", office="Mayor")

    results = run_in_threads(2, work)
    refused = [one for one in results if isinstance(one, WrongStateError)]
    assert len(refused) == 1
    invitation.refresh_from_db()
    assert Commitment.objects.count() == bool(invitation.used_at)
    assert bool(invitation.used_at) != bool(invitation.revoked_at)
