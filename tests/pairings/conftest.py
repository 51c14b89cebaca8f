"""A call with an accepted city in Croatia and a partner in India, each with a lead."""

from dataclasses import dataclass

import pytest

from accounts.models import User
from applications.models import Application
from pairings.services import Party
from programme.calls.models import Call
from programme.models import Topic
from programme.organisations.models import Organisation
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import AcceptedApplicationFactory
from tests.factories.programme import (
    CallFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerOrganisationFactory,
    TopicFactory,
)


@dataclass
class World:
    call: Call
    eu: Organisation
    partner: Organisation
    application: Application
    topic: Topic
    coordinator: User
    eu_lead: User
    partner_lead: User

    @property
    def parties(self):
        return [Party(self.eu, "eu"), Party(self.partner, "partner")]


@pytest.fixture
def world(db) -> World:
    return make_world()


def make_world() -> World:
    call = CallFactory(code="C2C-2026", duration_months=18)
    eu = OrganisationFactory(name="Łódź", slug="lodz")
    partner = PartnerOrganisationFactory(name="Panaji-Goa", slug="panaji-goa")
    return World(
        call=call,
        eu=eu,
        partner=partner,
        application=AcceptedApplicationFactory(call=call, organisation=eu),
        topic=TopicFactory(name="water and waste management"),
        coordinator=CoordinatorFactory(full_name="Ilse Verbeek"),
        eu_lead=MembershipFactory(organisation=eu, user__full_name="Ana Kovačević").user,
        partner_lead=MembershipFactory(organisation=partner, user__full_name="Priya Naik").user,
    )
