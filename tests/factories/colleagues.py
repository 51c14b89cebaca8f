"""Colleagues who are invited."""

import datetime as dt

import factory
from django.utils import timezone

from accounts.states import StaffRole
from iuc_portal.colleagues.models import StaffInvitation


class StaffInvitationFactory(factory.django.DjangoModelFactory):
    """An open invitation to be an observer, by who runs the portal; its token is unknown."""

    class Meta:
        model = StaffInvitation

    email = factory.Sequence(lambda n: f"colleague{n}@unit.example")
    role = StaffRole.OBSERVER
    by_command = True
    token_hash = factory.Sequence(lambda n: f"c{n:063d}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=14))
