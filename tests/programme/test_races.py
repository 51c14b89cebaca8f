"""What happens when two people do it in the same moment; needs real row locks."""

import pytest

from accounts.models import User
from accounts.services import set_staff_role
from accounts.states import StaffRole
from core.kit.errors import InvalidError, WrongStateError
from programme.calls.services import next_reference, save_call
from programme.calls.services.calls import CallData
from programme.organisations.models import Organisation, hash_of
from programme.organisations.services import (
    accept_invitation,
    change_role,
    create_organisation,
    remove_member,
)
from programme.organisations.states import MembershipRole, OrganisationKind
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
    assert found == ["done", *["organisation_exists"] * 9]
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
