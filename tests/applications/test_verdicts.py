"""Staff open each commitment before it counts, with advice on its address."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from applications.eligibility import verdict as verdict_of
from applications.models import Commitment
from applications.selectors import eligibility_of
from applications.selectors.addresses import advice_on
from applications.services import judge_commitment
from applications.states import ApplicantKind, Criterion, OfferState, Outcome
from core.kit.addresses import domain_of, is_public_provider, share_domain
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from tests.factories.accounts import CoordinatorFactory, ObserverFactory
from tests.factories.applications import (
    CommitmentFactory,
    EligibleApplicationFactory,
    LeadOfferFactory,
    MunicipalityFactory,
    OnlineCommitmentFactory,
    SubmittedApplicationFactory,
)
from tests.factories.programme import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def commitment():
    application = SubmittedApplicationFactory(kind=ApplicantKind.GROUP)
    return OnlineCommitmentFactory(municipality__application=application)


def judge(commitment, verdict="accepted", reason="", by=None):
    return judge_commitment(
        commitment=commitment, verdict=verdict, reason=reason, by=by or CoordinatorFactory()
    )


def outcome_of(commitment):
    application = commitment.municipality.application
    found = {c.result.key: c.result for c in eligibility_of(application)}
    return found[Criterion.COMMITMENTS].outcome


def test_it_is_to_be_judged_until_staff_have_opened_it(commitment):
    assert outcome_of(commitment) == Outcome.HUMAN
    judge(commitment)
    assert outcome_of(commitment) == Outcome.PASS
    judge(commitment, "refused", "This is the lead's own address.")
    assert outcome_of(commitment) == Outcome.FAIL
    verbs = AuditEvent.objects.filter(verb__startswith="application.commitment").order_by("pk")
    assert [event.verb.rpartition("_")[2] for event in verbs] == ["accepted", "refused"]


def test_refusal_needs_a_reason(commitment):
    with pytest.raises(InvalidError) as error:
        judge(commitment, "refused", "  ")
    assert error.value.field == "reason"


def test_the_same_verdict_twice_leaves_one_line(commitment):
    judge(commitment)
    judge(commitment)
    assert AuditEvent.objects.filter(verb="application.commitment_accepted").count() == 1


def test_only_who_checks_judges(commitment):
    with pytest.raises(NotAllowedError):
        judge(commitment, by=ObserverFactory())


def test_nothing_is_judged_once_eligibility_is_decided():
    decided = CommitmentFactory(municipality__application=EligibleApplicationFactory())
    with pytest.raises(WrongStateError):
        judge(decided)


def test_a_letter_that_was_replaced_is_not_judged(commitment):
    Commitment.objects.all().delete()
    with pytest.raises(WrongStateError) as error:
        judge(commitment)
    assert error.value.code == "replaced"


def address(commitment):
    application = commitment.municipality.application
    arguments = [application.reference, commitment.municipality_id]
    return reverse("applications:staff_commitment", args=arguments)


def test_staff_see_address_and_advice_and_say_whether_it_counts(commitment, sign_in):
    person = CoordinatorFactory()
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
    browser = sign_in(person)
    words = browser.get(address(commitment)).content.decode()
    assert "office@municipality.example" in words
    assert "neither the lead&#x27;s domain nor a public mail provider" in words
    version = re.search(r'name="version" value="(\d+)"', words)[1]
    typed = {"verdict": "accepted", "reason": "", "version": version}
    assert browser.post(address(commitment), typed).status_code == 422
    seen = {**typed, "opened": "on"}
    assert browser.post(address(commitment), {**seen, "version": "1"}).status_code == 409
    assert browser.post(address(commitment), seen).status_code == 302
    commitment.refresh_from_db()
    assert commitment.verdict == "accepted"


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("Ana@Split.example", "works for the lead"),
        ("mayor@split.example", "same domain as the lead"),
        ("mayor@mail.split.example", "same domain as the lead"),
        ("mayor.konavle@gmail.com", "public mail provider: anybody"),
    ],
)
def test_lead_that_invites_itself_stands_out(commitment, email, words):
    application = commitment.municipality.application
    MembershipFactory(organisation=application.organisation, user__email="ana@split.example")
    [advice] = advice_on(application, email, commitment.municipality)
    assert advice.is_warning
    assert words in advice.text


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("Ana@Split.example", "works for the former lead"),
        ("mayor@split.example", "same domain as the former lead"),
    ],
)
def test_former_lead_that_signs_for_another_member_stands_out(commitment, email, words):
    member = commitment.municipality
    former = MembershipFactory(user__email="ana@split.example").organisation
    LeadOfferFactory(
        application=member.application,
        former=former,
        organisation=member.application.organisation,
        municipality=None,
        state=OfferState.ACCEPTED,
        answered_at=timezone.now(),
    )
    [advice] = advice_on(member.application, email, member)
    assert advice.is_warning
    assert words in advice.text


def test_former_lead_signs_for_itself_and_an_offer_declined_made_none(commitment):
    member = commitment.municipality
    member.name, member.country = "Grad Split", member.country
    member.save()
    former = MembershipFactory(
        user__email="ana@split.example",
        organisation__name="Grad Split",
        organisation__country=member.country,
    ).organisation
    offer = LeadOfferFactory(
        application=member.application,
        former=former,
        organisation=member.application.organisation,
        municipality=None,
        state=OfferState.ACCEPTED,
        answered_at=timezone.now(),
    )
    assert not advice_on(member.application, "mayor@split.example", member)[0].is_warning
    other = MunicipalityFactory(application=member.application, name="Ston")
    assert advice_on(member.application, "mayor@split.example", other)[0].is_warning
    offer.state = OfferState.DECLINED
    offer.save()
    assert not advice_on(member.application, "mayor@split.example", other)[0].is_warning


def test_domains():
    assert domain_of(" Mayor@Konavle.HR. ") == "konavle.hr"
    assert domain_of("nobody") == ""
    assert is_public_provider("GMail.com")
    assert share_domain("a@city.hr", "b@mail.city.hr")
    assert not share_domain("a@mycity.hr", "b@city.hr")
    # Two people at a public provider share nothing.
    assert not share_domain("a@gmail.com", "b@gmail.com")
    assert not share_domain("nobody", "")


def test_verdict_of_the_whole_waits_for_staff(commitment):
    results = [c.result for c in eligibility_of(commitment.municipality.application)]
    assert verdict_of(results) != Outcome.PASS
