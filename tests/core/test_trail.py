"""The audit trail: what it is found by."""

import pytest

from core.trail.selectors import audit_events
from core.trail.services import record_event
from tests.factories.accounts import CoordinatorFactory, UserFactory
from tests.factories.action_plans import PlanFactory
from tests.factories.applications import SubmittedApplicationFactory
from tests.factories.pairings import PairingFactory
from tests.factories.programme import OrganisationFactory, PartnerOrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    """What happened to two cities, on things that carry other names."""
    by = CoordinatorFactory(full_name="Ilse Verbeek")
    for name in ("Łódź", "Hamburg"):
        city = OrganisationFactory(name=name)
        pairing = PairingFactory(organisations=[city, PartnerOrganisationFactory()])
        for verb, target in (
            ("organisation.registered", city),
            ("application.submitted", SubmittedApplicationFactory(organisation=city)),
            ("pairing.proposed", pairing),
            ("plan.opened", PlanFactory(member=pairing.members.first())),
        ):
            record_event(verb=verb, target=target, by=by)


@pytest.mark.parametrize("words", ["Hamburg", "hamb", "Lodz", "Łódź", "łodz"])
def test_all_that_happened_to_a_city_is_found_by_its_name(story, words):
    assert {event.verb for event in audit_events(about=words)} == {
        "organisation.registered",
        "application.submitted",
        "pairing.proposed",
        "plan.opened",
    }


def test_words_that_name_nothing_find_nothing(story):
    assert not audit_events(about="Atlantis").exists()
    assert not audit_events(about="Hamburg Lodz").exists()


def test_who_acted_is_found_without_accents():
    record_event(
        verb="person.role_set", target=UserFactory(), by=CoordinatorFactory(full_name="Şule Åberg")
    )

    assert audit_events(who="sule aberg").count() == 1
    assert audit_events(who="sule berglund").count() == 0
