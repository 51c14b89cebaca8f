"""What a list of people is asked gives the same answer as each of them alone."""

from itertools import product

import pytest

from applications.casework.models import CaseOwner
from applications.models import Application
from applications.selectors.reach import ACTING, office_reaches, readers_of
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)
from tests.factories.applications import (
    ApplicationFactory,
    AssignmentFactory,
    ConflictFactory,
    SubmittedApplicationFactory,
)
from tests.factories.casework import CaseOwnerFactory
from tests.factories.programme import (
    MembershipFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
)

pytestmark = pytest.mark.django_db
OFFICE = {"coordinator", "regional_desk", "observer"}


@pytest.fixture
def people():
    india = PartnerCountryFactory()
    japan = PartnerCountryFactory(code="JP", name="Japan")
    return [
        CoordinatorFactory(),
        CoordinatorFactory(),
        ObserverFactory(),
        DeskFactory(countries=[india]),
        DeskFactory(countries=[india, japan]),
        DeskFactory(countries=[japan]),
        DeskFactory(),
        AssessorFactory(),
        UserFactory(staff_role="auditor"),
        MembershipFactory().user,
    ]


@pytest.fixture
def applications(people):
    india, japan = PartnerCountryFactory(), PartnerCountryFactory(code="JP", name="Japan")
    found = [
        ApplicationFactory(),
        SubmittedApplicationFactory(),
        SubmittedApplicationFactory(partner_countries=[india]),
        SubmittedApplicationFactory(partner_countries=[india, japan]),
        SubmittedApplicationFactory(organisation=PartnerOrganisationFactory()),
        SubmittedApplicationFactory(
            organisation=PartnerOrganisationFactory(), partner_countries=[japan]
        ),
    ]
    for person, application in product((people[0], people[3]), found[1:3]):
        ConflictFactory(application=application, person=person)
    AssignmentFactory(application=found[1], assessor=people[7])
    MembershipFactory(user=people[1], organisation=found[1].organisation)
    return found


def test_who_belongs_to_a_city_looks_after_nothing_that_it_sent(people, applications):
    colleague, member = people[2], people[1]
    assert applications[1] in Application.objects.reached_by(colleague)
    assert applications[1] not in Application.objects.reached_by(member)
    assert applications[1] in Application.objects.visible_to(member)


def test_many_are_asked_as_one_alone(people, applications):
    for application, person in product(applications, people):
        alone = (
            person.staff_role in OFFICE
            and Application.objects.reached_by(person).filter(pk=application.pk).exists()
        )
        assert readers_of(application).filter(pk=person.pk).exists() == alone, (application, person)
        row = CaseOwnerFactory(application=application, owner=person)
        rows = CaseOwner.objects.filter(pk=row.pk)
        acts = alone and person.staff_role in ACTING
        assert rows.filter(office_reaches("application", "owner")).exists() == alone
        assert rows.filter(office_reaches("application", "owner", ACTING)).exists() == acts
        row.delete()


def test_who_may_not_sign_in_reads_nothing():
    boss = CoordinatorFactory(is_active=False)
    assert boss not in readers_of(SubmittedApplicationFactory())
