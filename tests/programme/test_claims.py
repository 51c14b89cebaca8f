"""Getting into an organisation that is in the portal: asking, answering, mail domains."""

import datetime as dt

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.models import Application
from applications.services import start_application
from core.duties.catalogue import Ask, find
from core.files.models import StoredFile
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.post.models import Mail
from core.trail.selectors import events_of
from programme.organisations.mails import outdated
from programme.organisations.models import (
    Claim,
    Invitation,
    Membership,
    Organisation,
    hash_of,
)
from programme.organisations.selectors import organisations_to_ask
from programme.organisations.services import (
    accept_invitation,
    add_mail_domain,
    ask_to_join,
    close_account,
    grant_claim,
    invite_member,
    object_to_claim,
    refuse_claim,
    remove_mail_domain,
    withdraw_claim,
)
from programme.organisations.states import ClaimState, MembershipRole, Standing
from tests.factories.accounts import CoordinatorFactory, DeskFactory, ObserverFactory, UserFactory
from tests.factories.files import PDF
from tests.factories.programme import (
    CallFactory,
    CityFactory,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
)

pytestmark = pytest.mark.django_db


def ask(organisation, by=None, **changes):
    values = {"office": "Head of Unit", "address": "Placa 1, Dubrovnik", **changes}
    return ask_to_join(organisation=organisation, by=by or UserFactory(), **values)


def confirmed_at(host):
    person = UserFactory()
    EmailAddress.objects.create(user=person, email=f"p{person.pk}@{host}", verified=True)
    return person


def with_domain(host="city.example", **values):
    organisation = OrganisationFactory(**values)
    add_mail_domain(organisation=organisation, host=host, by=CoordinatorFactory())
    return organisation


# Asking ------------------------------------------------------------------------------
def test_who_asks_may_draft_and_sees_nothing_of_the_city():
    city = CityFactory()
    organisation = OrganisationFactory(seat=city)
    claim = ask(organisation)
    person = claim.person
    assert claim.state == ClaimState.ASKED
    assert not Organisation.objects.visible_to(person).filter(pk=organisation.pk).exists()
    stand_in = person.memberships.get().organisation
    assert claim.stand_in == stand_in
    assert (stand_in.name, stand_in.standing) == (organisation.name, Standing.TO_CONFIRM)
    assert list(stand_in.cities.all()) == [city]
    draft = start_application(call=CallFactory(), organisation=stand_in, by=person)
    assert draft.organisation == stand_in
    # What was said in asking is not asked again.
    assert draft.contact_position == "Head of Unit"


def test_staff_hear_of_it_and_find_it_among_their_duties(mailoutbox):
    staff = CoordinatorFactory()
    claim = ask(OrganisationFactory())
    [mail] = mailoutbox
    assert mail.to == [staff.email]
    assert str(claim.person) in mail.subject
    assert f"/my/claims/{claim.pk}/" in mail.body
    [duty] = [duty for duty in find(Ask(reader=staff)) if duty.kind == "claim_for_staff"]
    assert (duty.owner, duty.due) == ("desk:HR", claim.answer_by)


def test_desk_of_the_country_hears_of_it(mailoutbox):
    india = PartnerCountryFactory()
    CoordinatorFactory()
    desk = DeskFactory(countries=[india])
    ask(PartnerOrganisationFactory(country=india))
    assert [mail.to for mail in mailoutbox] == [[desk.email]]


def test_lead_is_asked_where_there_is_one(mailoutbox):
    CoordinatorFactory()
    lead = MembershipFactory()
    claim = ask(lead.organisation)
    assert claim.stand_in is None
    assert not claim.person.memberships.exists()
    assert [mail.to for mail in mailoutbox] == [[lead.user.email]]
    kinds = [duty.kind for duty in find(Ask(about={f"claim:{claim.pk}"}))]
    assert kinds == ["claim"]


def test_letter_is_kept():
    upload = SimpleUploadedFile("letter.pdf", PDF)
    assert ask(OrganisationFactory(), upload=upload).letter.name == "letter.pdf"


def test_letter_that_is_none_leaves_nothing():
    upload = SimpleUploadedFile("letter.pdf", b"no paper")
    with pytest.raises(InvalidError):
        ask(OrganisationFactory(), upload=upload)
    assert not Claim.objects.exists()
    assert not StoredFile.objects.exists()


def test_nobody_asks_twice_or_for_their_own():
    person = UserFactory()
    claim = ask(OrganisationFactory(), person)
    with pytest.raises(InvalidError) as caught:
        ask(claim.organisation, person)
    assert caught.value.code == "asked"
    member = MembershipFactory()
    with pytest.raises(InvalidError) as caught:
        ask(member.organisation, member.user)
    assert caught.value.code == "member"


def test_nobody_asks_everywhere():
    person = UserFactory()
    for _city in range(3):
        ask(OrganisationFactory(), person)
    with pytest.raises(InvalidError) as caught:
        ask(OrganisationFactory(), person)
    assert caught.value.code == "too_many"


def test_stand_in_and_what_was_refused_cannot_be_joined():
    stand_in = ask(OrganisationFactory()).stand_in
    for organisation in (stand_in, OrganisationFactory(standing=Standing.REFUSED)):
        with pytest.raises(WrongStateError) as caught:
            ask(organisation)
        assert caught.value.code == "not_lasting"
        assert organisation not in organisations_to_ask(organisation.name)


@pytest.mark.parametrize("factory", [CoordinatorFactory, ObserverFactory])
def test_staff_join_no_city(factory):
    with pytest.raises(NotAllowedError):
        ask(OrganisationFactory(), factory())


@pytest.mark.parametrize("words", ["dubrov", "DÚBROVNIK", "D\u03c5brovnik", "zupa"])
def test_city_is_found_however_it_is_written(words):
    organisation = OrganisationFactory(name="Dubrovnik + Župa Dubrovačka")
    OrganisationFactory(name="Zadar")
    assert organisations_to_ask(words) == [organisation]


def test_search_page_asks_for_a_name_and_offers_to_register(sign_in):
    organisation = OrganisationFactory(name="Zadar")
    client = sign_in(UserFactory())
    page = reverse("organisations:find")
    assert "Type the name" not in client.get(page).content.decode()
    assert "Type the name" in client.get(page, {"q": ""}).content.decode()
    found = client.get(page, {"q": "ZADAR"}).content.decode()
    assert reverse("organisations:ask", args=[organisation.slug]) in found
    assert reverse("organisations:new_organisation") in found


def test_mistyped_name_brings_the_city_that_is_meant_and_the_way_to_register(sign_in):
    organisation = OrganisationFactory(name="Dubrovnik")
    OrganisationFactory(name="Dublin")
    found = sign_in(UserFactory()).get(reverse("organisations:find"), {"q": "Dubrovnk"})
    assert found.context["near"] == [organisation]
    page = found.content.decode()
    assert "Did you mean" in page
    assert '<details class="faq" open>' in page


# Answering ---------------------------------------------------------------------------
def test_first_one_let_in_leads_and_takes_the_drafts_along(mailoutbox):
    claim = ask(OrganisationFactory())
    person, stand_in = claim.person, claim.stand_in
    draft = start_application(call=CallFactory(), organisation=stand_in, by=person)
    mailoutbox.clear()
    membership = grant_claim(claim=claim, by=CoordinatorFactory(), role="viewer")
    assert (membership.organisation, membership.role) == (claim.organisation, "lead")
    draft.refresh_from_db()
    assert draft.organisation == claim.organisation
    assert not Organisation.objects.filter(pk=stand_in.pk).exists()
    claim.refresh_from_db()
    assert (claim.state, claim.stand_in) == (ClaimState.GRANTED, None)
    assert [mail.to for mail in mailoutbox] == [[person.email]]
    verbs = set(events_of(claim.organisation).values_list("verb", flat=True))
    assert {"claim.asked", "claim.granted", "membership.joined"} <= verbs


def test_second_draft_for_a_call_stays_to_be_read():
    organisation, call = OrganisationFactory(), CallFactory()
    editor = MembershipFactory(organisation=organisation, role=MembershipRole.EDITOR)
    first = start_application(call=call, organisation=organisation, by=editor.user)
    claim = ask(organisation)
    second = start_application(call=call, organisation=claim.stand_in, by=claim.person)
    grant_claim(claim=claim, by=CoordinatorFactory())
    second.refresh_from_db()
    assert second.organisation.standing == Standing.REFUSED
    visible = Application.objects.visible_to(claim.person)
    assert {first.pk, second.pk} <= set(visible.values_list("pk", flat=True))


def test_lead_chooses_the_role():
    lead = MembershipFactory()
    claim = ask(lead.organisation)
    assert grant_claim(claim=claim, by=lead.user, role="viewer").role == "viewer"


def test_only_who_answers_for_the_city_answers():
    lead = MembershipFactory()
    claim = ask(lead.organisation)
    editor = MembershipFactory(organisation=lead.organisation, role=MembershipRole.EDITOR)
    desk = DeskFactory(countries=[PartnerCountryFactory()])
    for person in (claim.person, editor.user, desk, ObserverFactory(), UserFactory()):
        with pytest.raises(NotAllowedError):
            grant_claim(claim=claim, by=person)
        with pytest.raises(NotAllowedError):
            refuse_claim(claim=claim, reason="No.", by=person)


def test_refusal_has_a_reason_and_leaves_the_draft_to_its_writer(mailoutbox):
    claim = ask(OrganisationFactory())
    draft = start_application(call=CallFactory(), organisation=claim.stand_in, by=claim.person)
    staff = CoordinatorFactory()
    with pytest.raises(InvalidError):
        refuse_claim(claim=claim, reason=" ", by=staff)
    mailoutbox.clear()
    refuse_claim(claim=claim, reason="Nobody there knows you.", by=staff)
    assert "Nobody there knows you." in mailoutbox[0].body
    draft.organisation.refresh_from_db()
    assert draft.organisation.standing == Standing.REFUSED
    assert Application.objects.visible_to(claim.person).get() == draft
    with pytest.raises(WrongStateError) as caught:
        grant_claim(claim=claim, by=staff)
    assert caught.value.code == "answered"


def test_taking_back_leaves_no_trace_but_the_trail():
    claim = ask(OrganisationFactory())
    with pytest.raises(NotAllowedError):
        withdraw_claim(claim=claim, by=UserFactory())
    for _time in range(2):
        assert withdraw_claim(claim=claim, by=claim.person).state == ClaimState.WITHDRAWN
    assert not claim.person.memberships.exists()
    assert Organisation.objects.get() == claim.organisation


def test_request_is_answered_by_an_invitation_too():
    claim = ask(OrganisationFactory())
    person = claim.person
    InvitationFactory(
        organisation=claim.organisation,
        email=person.email,
        role=MembershipRole.LEAD,
        token_hash=hash_of("token"),
    )
    accept_invitation(token="token", user=person)
    claim.refresh_from_db()
    assert claim.state == ClaimState.GRANTED
    assert person.memberships.get().organisation == claim.organisation


def test_account_with_an_open_request_can_be_closed():
    claim = ask(OrganisationFactory())
    close_account(user=claim.person)
    assert Organisation.objects.get() == claim.organisation


# Mail domains ------------------------------------------------------------------------
def test_address_of_the_city_makes_its_owner_the_lead_at_once(mailoutbox):
    staff = CoordinatorFactory()
    organisation = with_domain()
    person = confirmed_at("city.example")
    claim = ask(organisation, person)
    assert (claim.state, claim.domain, claim.stand_in) == ("granted", "city.example", None)
    assert person.memberships.get().role == MembershipRole.LEAD
    told = {tuple(mail.to) for mail in mailoutbox}
    assert {(staff.email,), (person.email,)} <= told
    kinds = [duty.kind for duty in find(Ask(about={f"claim:{claim.pk}"}))]
    assert kinds == ["claim_objection"]


@pytest.mark.parametrize("host", ["mail.city.example", "city.example.org", "xcity.example"])
def test_only_the_exact_host_counts(host):
    assert ask(with_domain(), confirmed_at(host)).state == ClaimState.ASKED


def test_unconfirmed_address_does_not_count():
    person = UserFactory()
    EmailAddress.objects.create(user=person, email="a@city.example", verified=False)
    assert ask(with_domain(), person).state == ClaimState.ASKED


def test_domain_lets_nobody_in_where_there_is_a_lead():
    organisation = with_domain()
    MembershipFactory(organisation=organisation)
    claim = ask(organisation, confirmed_at("city.example"))
    assert claim.state == ClaimState.ASKED


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("City.Example", "city.example"),
        (" anna@city.example ", "city.example"),
        ("münchen.example", "xn--mnchen-3ya.example"),
    ],
)
def test_domain_is_kept_as_mail_writes_it(typed, host):
    made = add_mail_domain(organisation=OrganisationFactory(), host=typed, by=CoordinatorFactory())
    assert made.host == host


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("gmail.com", "public_provider"),
        ("WEB.de", "public_provider"),
        ("rediffmail.com", "public_provider"),
        ("city", "invalid"),
        ("a b.example", "invalid"),
        ("-city.example", "invalid"),
        ("", "invalid"),
        ("x" * 64 + ".example", "invalid"),
    ],
)
def test_public_providers_and_nonsense_are_refused(typed, code):
    with pytest.raises(InvalidError) as caught:
        add_mail_domain(organisation=OrganisationFactory(), host=typed, by=CoordinatorFactory())
    assert caught.value.code == code


def test_two_organisations_share_no_domain():
    first = with_domain()
    with pytest.raises(InvalidError, match="is a mail domain of") as caught:
        with_domain()
    assert caught.value.code == "taken"
    remove_mail_domain(domain=first.mail_domains.get(), by=CoordinatorFactory())
    assert with_domain().mail_domains.get().host == "city.example"


def test_domains_are_for_staff():
    lead = MembershipFactory()
    for person in (lead.user, ObserverFactory(), DeskFactory()):
        with pytest.raises(NotAllowedError):
            add_mail_domain(organisation=lead.organisation, host="city.example", by=person)


# Objecting ---------------------------------------------------------------------------
def test_staff_object_and_the_role_goes_with_all_that_hangs_on_it(mailoutbox):
    organisation, staff = with_domain(), CoordinatorFactory()
    claim = ask(organisation, confirmed_at("city.example"))
    person = claim.person
    open_one = invite_member(organisation=organisation, email="b@x.example", role="lead", by=person)
    guest = UserFactory()
    Invitation.objects.create(
        organisation=organisation,
        email=guest.email,
        role="lead",
        token_hash="x",
        invited_by=person,
        expires_at=open_one.expires_at,
        accepted_at=claim.asked_at,
        accepted_by=guest,
    )
    MembershipFactory(user=guest, organisation=organisation)
    with pytest.raises(InvalidError):
        object_to_claim(claim=claim, reason="", by=staff)
    mailoutbox.clear()
    object_to_claim(claim=claim, reason="She left in May.", by=staff)
    assert not Membership.objects.filter(organisation=organisation).exists()
    open_one.refresh_from_db()
    assert open_one.revoked_at
    assert {tuple(mail.to) for mail in mailoutbox} == {(person.email,), (guest.email,)}
    assert "She left in May." in mailoutbox[0].body
    assert events_of(organisation).filter(verb="claim.objected").get().reason == "She left in May."


def test_objecting_ends_after_seven_days():
    with time_machine.travel(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC), tick=False) as clock:
        claim = ask(with_domain(), confirmed_at("city.example"))
        clock.shift(dt.timedelta(days=7))
        with pytest.raises(WrongStateError) as caught:
            object_to_claim(claim=claim, reason="Too late.", by=CoordinatorFactory())
    assert caught.value.code == "too_late"
    assert claim.person.memberships.exists()


def test_city_people_do_not_object():
    claim = ask(with_domain(), confirmed_at("city.example"))
    with pytest.raises(NotAllowedError):
        object_to_claim(claim=claim, reason="No.", by=claim.person)


# Mails that no longer hold -------------------------------------------------------------
def test_mails_that_ask_for_an_answer_end_with_it():
    CoordinatorFactory()
    claim = ask(OrganisationFactory())
    mail = Mail(pk=1, kind="claim_asked", about=f"claim:{claim.pk}", recipient="a@city.example")
    assert outdated([mail]) == {}
    withdraw_claim(claim=claim, by=claim.person)
    assert outdated([mail]) == {1: "Somebody has answered it."}
