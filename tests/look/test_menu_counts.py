"""The numbers in the console's menu."""

import pytest

from core.post.states import MailStatus
from iuc_portal.navigation import staff_counts
from programme.organisations.states import Standing
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, DeskFactory
from tests.factories.pairings import PairingFactory, PublishedPairingFactory
from tests.factories.programme import OrganisationFactory, PartnerCountryFactory
from tests.factories.reminders import MailFactory

pytestmark = pytest.mark.django_db


def test_coordinator_counts_what_waits(django_assert_num_queries):
    boss = CoordinatorFactory()
    PairingFactory.create_batch(2)
    PublishedPairingFactory()
    MailFactory(status=MailStatus.FAILED)
    MailFactory(status=MailStatus.HELD)
    MailFactory(status=MailStatus.SENT)
    OrganisationFactory(standing=Standing.TO_CONFIRM)

    with django_assert_num_queries(1):
        counts = staff_counts(boss)

    assert counts == {
        "applications:staff_list": 0,
        "pairings:staff_list": 2,
        "reminders:outbox": 2,
        "organisations:staff_claims": 1,
        "calls:staff_calls": 0,
        "calls:staff_questions": 0,
        "casework:mine": 0,
    }


def test_desk_counts_its_own_countries():
    india, japan = PartnerCountryFactory(), PartnerCountryFactory(code="JP", name="Japan")
    PairingFactory()

    assert staff_counts(DeskFactory(countries=[india]))["pairings:staff_list"] == 1
    assert staff_counts(DeskFactory(countries=[japan]))["pairings:staff_list"] == 0


def test_assessor_counts_applications_alone():
    assert staff_counts(AssessorFactory()) == {
        "applications:staff_list": 0,
        "assessment:mine": 0,
    }
