"""A role that is taken away while a service waits for its lock counts no more."""

import datetime as dt

import pytest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from action_plans.services import add_objective
from applications.services import save_contacts
from core.kit.errors import NotAllowedError
from pairings.services import answer_pairing, record_signature
from programme.organisations.models import Membership
from programme.organisations.rules import role_in
from programme.organisations.services import invite_member
from programme.organisations.states import MembershipRole
from tests.factories.action_plans import PlanFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.pairings import AcceptedPairingFactory, PairingFactory
from tests.factories.programme import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def contacts():
    application = ApplicationFactory()
    return application.organisation, lambda by: save_contacts(
        application=application, read_version=application.version, by=by, contact_name="Ana"
    )


def answer():
    member = PairingFactory().members.first()
    return member.organisation, lambda by: answer_pairing(member=member, accept=True, by=by)


def signature():
    member = AcceptedPairingFactory().members.first()
    return member.organisation, lambda by: record_signature(
        member=member,
        signed_on=dt.date(2026, 11, 20),
        signatory_name="Ana",
        signatory_office="Mayor",
        by=by,
    )


def objective():
    plan = PlanFactory()
    return plan.member.organisation, lambda by: add_objective(plan=plan, title="Shade", by=by)


def invitation():
    organisation = OrganisationFactory()
    return organisation, lambda by: invite_member(
        organisation=organisation, email="new@city.example", role=MembershipRole.EDITOR, by=by
    )


@pytest.mark.parametrize("made", [contacts, answer, signature, objective, invitation])
def test_role_taken_away_since_the_page_asked_is_refused(made):
    organisation, write = made()
    lead = MembershipFactory(organisation=organisation, role=MembershipRole.LEAD)
    # As the person of a request is: a proxy.
    person = SimpleLazyObject(lambda: User.objects.get(pk=lead.user_id))
    assert role_in(person, organisation) == MembershipRole.LEAD

    Membership.objects.filter(pk=lead.pk).delete()

    with pytest.raises(NotAllowedError):
        write(person)
