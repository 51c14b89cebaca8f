"""Whoever of the unit is written to has an account that is open: nobody of a demo, say."""

import pytest

from core.duties.catalogue import Duty, Words
from pairings.selectors.recipients import staff_of as staff_of_pairing
from programme.calls.duties import UNIT
from programme.organisations.selectors import staff_of
from reminders.selectors.people import recipients_of
from tests.factories.accounts import CoordinatorFactory, DeskFactory
from tests.factories.pairings import PairingFactory
from tests.factories.programme import PartnerOrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_demo_portal", [True, False])
def test_accounts_of_a_demo_are_written_to_in_a_demo_alone(is_demo_portal, settings):
    settings.DEMO = is_demo_portal
    demo = CoordinatorFactory(is_demo=True)
    city = PartnerOrganisationFactory()
    DeskFactory(countries=[city.country], is_demo=True)
    owners = {"place_free": UNIT, "claim_for_staff": f"desk:{city.country_id}"}
    owners |= {"notes_unread": f"person:{demo.pk}"}
    found = recipients_of(
        Duty(kind, "row:1", owner, None, "", say=lambda: Words("", "", "", ""))
        for kind, owner in owners.items()
    )
    pairing = PairingFactory(proposed_by=demo)
    assert any(found.values()) is is_demo_portal
    assert staff_of(city).exists() is is_demo_portal
    assert bool(staff_of_pairing(pairing)) is is_demo_portal
