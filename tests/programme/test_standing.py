"""What staff make of what people have registered."""

import pytest
from django.urls import reverse

from applications.services import start_application, submit_application
from applications.states import Declaration
from core.duties.catalogue import Ask, find
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.selectors import events_of
from programme.organisations.models import Claim, Organisation
from programme.organisations.services import (
    ask_to_join,
    confirm_organisation,
    create_organisation,
    grant_claim,
    invite_member,
    mark_as_double,
    refuse_organisation,
    require_confirmed,
)
from programme.organisations.states import MembershipRole, OrganisationKind, Standing
from tests.factories.accounts import CoordinatorFactory, DeskFactory, ObserverFactory, UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.programme import (
    CallFactory,
    CountryFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered():
    """What a person of a city has registered."""
    return create_organisation(
        by=UserFactory(),
        name="Zadar",
        kind=OrganisationKind.MUNICIPALITY,
        country=CountryFactory(),
    )


def lead_of(organisation):
    return organisation.memberships.get().user


def test_nothing_is_sent_before_it_is_confirmed(registered):
    lead = lead_of(registered)
    draft = start_application(call=CallFactory(), organisation=registered, by=lead)
    with pytest.raises(WrongStateError) as caught:
        submit_application(application=draft, declared=Declaration.values, by=lead)
    assert caught.value.code == "to_confirm"
    assert "You can go on writing" in str(caught.value)


def test_nobody_is_invited_before_it_is_confirmed(registered):
    values = {"organisation": registered, "email": "b@city.example", "role": "editor"}
    with pytest.raises(WrongStateError) as caught:
        invite_member(**values, by=lead_of(registered))
    assert caught.value.code == "to_confirm"
    confirm_organisation(organisation=registered, by=CoordinatorFactory())
    assert invite_member(**values, by=lead_of(registered)).pk


def test_confirming_tells_the_lead(registered, mailoutbox):
    staff = CoordinatorFactory()
    [duty] = [duty for duty in find(Ask(reader=staff)) if duty.kind == "organisation_standing"]
    assert duty.owner == "desk:HR"
    confirm_organisation(organisation=registered, by=staff)
    assert [mail.to for mail in mailoutbox] == [[lead_of(registered).email]]
    registered.refresh_from_db()
    require_confirmed(registered)
    assert not [duty for duty in find(Ask(reader=staff)) if duty.kind == "organisation_standing"]
    with pytest.raises(WrongStateError):
        confirm_organisation(organisation=registered, by=staff)


def test_confirming_names_what_is_drafted_and_where(registered, mailoutbox):
    draft = start_application(
        call=CallFactory(title="Rivers"), organisation=registered, by=lead_of(registered)
    )
    confirm_organisation(organisation=registered, by=CoordinatorFactory())
    [mail] = mailoutbox
    assert reverse("applications:detail", args=[draft.key]) in mail.body
    assert "Rivers" in mail.body


def test_refusal_has_a_reason_that_the_lead_reads(registered, mailoutbox):
    staff = CoordinatorFactory()
    with pytest.raises(InvalidError):
        refuse_organisation(organisation=registered, reason="", by=staff)
    refuse_organisation(organisation=registered, reason="There is no such city.", by=staff)
    assert "There is no such city." in mailoutbox[0].body
    registered.refresh_from_db()
    with pytest.raises(WrongStateError, match="was not confirmed"):
        require_confirmed(registered)


def test_desks_confirm_in_their_countries_alone(registered):
    desk = DeskFactory(countries=[PartnerCountryFactory()])
    for person in (desk, ObserverFactory(), lead_of(registered)):
        with pytest.raises(NotAllowedError):
            confirm_organisation(organisation=registered, by=person)


def test_stand_in_is_not_confirmed():
    claim = ask_to_join(
        organisation=OrganisationFactory(), by=UserFactory(), office="Clerk", address="Here"
    )
    with pytest.raises(WrongStateError):
        confirm_organisation(organisation=claim.stand_in, by=CoordinatorFactory())


def test_double_becomes_a_request_that_brings_its_drafts(registered, mailoutbox):
    lead, staff = lead_of(registered), CoordinatorFactory()
    draft = start_application(call=CallFactory(), organisation=registered, by=lead)
    known = OrganisationFactory(name="City of Zadar")
    mark_as_double(organisation=registered, of=known, by=staff)
    claim = Claim.objects.get()
    assert (claim.person, claim.organisation, claim.stand_in) == (lead, known, registered)
    assert [lead.email] in [mail.to for mail in mailoutbox]
    grant_claim(claim=claim, by=staff)
    draft.refresh_from_db()
    assert draft.organisation == known
    assert lead.memberships.get().role == MembershipRole.LEAD
    assert list(Organisation.objects.all()) == [known]
    assert events_of(known).filter(verb="claim.granted").exists()


def test_double_of_what_has_a_lead_is_that_leads_to_answer(registered):
    known = MembershipFactory().organisation
    mark_as_double(organisation=registered, of=known, by=CoordinatorFactory())
    claim = Claim.objects.get()
    assert claim.person.has_perm("organisations.answer_claims", known) is False
    assert known.memberships.get().user.has_perm("organisations.answer_claims", known)


def test_double_of_ones_own_is_taken_in_at_once(registered):
    lead = lead_of(registered)
    draft = ApplicationFactory(organisation=registered)
    known = MembershipFactory(user=lead).organisation
    mark_as_double(organisation=registered, of=known, by=CoordinatorFactory())
    draft.refresh_from_db()
    assert draft.organisation == known
    assert not Organisation.objects.filter(pk=registered.pk).exists()


def test_double_is_of_the_same_country_and_confirmed(registered):
    others = [
        registered,
        OrganisationFactory(country=CountryFactory(code="PL", name="Poland")),
        OrganisationFactory(standing=Standing.TO_CONFIRM),
    ]
    for other in others:
        with pytest.raises((InvalidError, WrongStateError)):
            mark_as_double(organisation=registered, of=other, by=CoordinatorFactory())
    assert not Claim.objects.exists()
