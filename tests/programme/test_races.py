"""What happens when two people do it in the same moment; needs real row locks."""

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.services import set_staff_role
from accounts.states import StaffRole
from core.kit.errors import InvalidError, WrongStateError
from programme.calls.services import next_reference, save_call
from programme.calls.services.calls import CallData
from programme.organisations.models import Organisation, hash_of
from programme.organisations.services import (
    accept_invitation,
    add_mail_domain,
    ask_to_join,
    change_role,
    create_organisation,
    grant_claim,
    remove_member,
)
from programme.organisations.states import ClaimState, MembershipRole, OrganisationKind
from tests.factories.accounts import CoordinatorFactory, UserFactory
from tests.factories.programme import (
    CountryFactory,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    StrandFactory,
)
from tests.infra.threads import run_in_threads

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def outcomes(count, work):
    """Run in threads; a refusal counts as its code."""

    def attempt(number):
        try:
            work(number)
        except (WrongStateError, InvalidError) as error:
            return error.code
        return "done"

    return sorted(run_in_threads(count, attempt))


def test_two_leads_leave_at_once_and_one_stays():
    organisation = OrganisationFactory()
    leads = [MembershipFactory(organisation=organisation) for _lead in range(2)]
    found = outcomes(2, lambda n: remove_member(membership=leads[n], by=leads[n].user))
    assert found == ["done", "last_lead"]
    assert organisation.memberships.get().role == MembershipRole.LEAD


def test_two_leads_demote_each_other_and_one_stays():
    organisation = OrganisationFactory()
    leads = [MembershipFactory(organisation=organisation) for _lead in range(2)]
    run_in_threads(
        2,
        lambda n: _demote(leads[1 - n], leads[n].user),
    )
    roles = list(organisation.memberships.values_list("role", flat=True))
    assert roles.count(MembershipRole.LEAD) == 1


def _demote(membership, by):
    from core.kit.errors import PortalError

    try:
        change_role(membership=membership, role=MembershipRole.VIEWER, by=by)
    except PortalError:
        return


def test_two_coordinators_step_down_at_once_and_one_stays():
    people = [CoordinatorFactory() for _person in range(2)]
    found = outcomes(
        2,
        lambda n: set_staff_role(person=people[n], role=StaffRole.NONE, by=people[n]),
    )
    assert found == ["done", "last_coordinator"]
    assert User.objects.filter(staff_role=StaffRole.COORDINATOR).count() == 1


def test_invitation_is_used_once_by_ten_clicks():
    organisation = OrganisationFactory()
    person = UserFactory(email="new@city.example")
    InvitationFactory(organisation=organisation, email=person.email, token_hash=hash_of("secret"))
    found = outcomes(10, lambda _n: accept_invitation(token="secret", user=person))
    assert found == ["done", *["used"] * 9]
    assert organisation.memberships.count() == 1


def test_same_city_registered_by_ten_people_is_one_row():
    people = [UserFactory() for _person in range(10)]
    country = CountryFactory()
    found = outcomes(
        10,
        lambda n: create_organisation(
            by=people[n],
            name="City of Zadar",
            kind=OrganisationKind.MUNICIPALITY,
            country=country,
        ),
    )
    assert found == ["done", *["likely_double"] * 9]
    assert Organisation.objects.get().memberships.count() == 1


def test_references_are_given_once():
    found = run_in_threads(10, lambda _n: next_reference(prefix="C2C-2026"))
    assert sorted(found) == [f"C2C-2026-{number:04d}" for number in range(1, 11)]


def test_the_same_code_is_given_to_one_call():
    strand, by = StrandFactory(), CoordinatorFactory()

    def make(number):
        data = CallData(title=f"Call {number}", code="C2C-2030", strand=strand)
        save_call(call=None, data=data, by=by)

    assert outcomes(4, make) == ["done", "invalid", "invalid", "invalid"]


def ask(organisation, person):
    return ask_to_join(organisation=organisation, by=person, office="Clerk", address="Here 1")


def test_two_people_of_the_domain_ask_at_once_and_one_leads():
    organisation = OrganisationFactory()
    add_mail_domain(organisation=organisation, host="city.example", by=CoordinatorFactory())
    people = UserFactory.create_batch(2)
    for person in people:
        EmailAddress.objects.create(user=person, email=f"p{person.pk}@city.example", verified=True)
    assert outcomes(2, lambda n: ask(organisation, people[n])) == ["done", "done"]
    assert organisation.memberships.get().role == MembershipRole.LEAD
    states = organisation.claims.values_list("state", flat=True)
    assert sorted(states) == [ClaimState.ASKED, ClaimState.GRANTED]


def test_one_person_asks_twice_at_once_and_once_is_kept():
    organisation, person = OrganisationFactory(), UserFactory()
    found = outcomes(2, lambda _: ask(organisation, User.objects.get(pk=person.pk)))
    assert found == ["asked", "done"]
    assert organisation.claims.count() == 1
    assert Organisation.objects.count() == 2


def test_request_and_invitation_at_once_make_one_membership():
    organisation, person, staff = OrganisationFactory(), UserFactory(), CoordinatorFactory()
    claim = ask(organisation, person)
    InvitationFactory(
        organisation=organisation,
        email=person.email,
        role=MembershipRole.EDITOR,
        token_hash=hash_of("token"),
    )

    def either(number):
        if number:
            grant_claim(claim=claim, by=staff)
        else:
            accept_invitation(token="token", user=User.objects.get(pk=person.pk))

    found = outcomes(2, either)
    assert found in (["done", "done"], ["answered", "done"])
    claim.refresh_from_db()
    assert claim.state == ClaimState.GRANTED
    assert organisation.memberships.filter(user=person).count() == 1
    assert Organisation.objects.count() == 1


def test_two_register_one_city_at_once_and_the_second_is_asked():
    country = CountryFactory()

    def register(number):
        create_organisation(
            by=UserFactory(),
            name=("Zadar", "City of Zadar")[number],
            kind=OrganisationKind.MUNICIPALITY,
            country=country,
        )

    assert outcomes(2, register) == ["done", "likely_double"]
    assert Organisation.objects.count() == 1
