"""Reads on people."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.states import StaffRole

DEMO_PASSWORD = "pair-of-cities"  # noqa: S105 - shown on the sign-in page of a demo


def people_at(email: str) -> "QuerySet[User]":
    """Return who has this address: their main one, or another that they have confirmed."""
    email = email.strip().lower()
    confirmed = Q(emailaddress__email=email, emailaddress__verified=True)
    return User.objects.filter(Q(email=email) | confirmed).distinct()


def is_at(user: User, email: str) -> bool:
    """Tell whether mail to this address reaches the person, as far as they have shown."""
    return people_at(email).filter(pk=user.pk).exists()


def open_accounts() -> "QuerySet[User]":
    """Return who can sign in, as accounts.backends.is_closed tells of each."""
    people = User.objects.filter(is_active=True)
    return people if settings.DEMO else people.filter(is_demo=False)


def staff_who_get_mail(*roles: StaffRole) -> "QuerySet[User]":
    """Return who of the unit is written to in one of these roles, the oldest account first.

    Whatever is told to the unit asks this: nobody else knows whose account is open.
    """
    return open_accounts().filter(staff_role__in=roles).order_by("pk")


def coordinators() -> "QuerySet[User]":
    """Return the coordinators who can sign in."""
    return staff_who_get_mail(StaffRole.COORDINATOR)


@dataclass(frozen=True)
class DemoAccount:
    """A demo account as the sign-in page lists it."""

    email: str
    name: str
    role: str
    password: str = DEMO_PASSWORD


def demo_accounts() -> list[DemoAccount]:
    """List the demo accounts; empty unless the portal runs as a demo."""
    if not settings.DEMO:
        return []
    people = User.objects.filter(is_demo=True, is_active=True).order_by("id")
    return [
        DemoAccount(
            email=user.email,
            name=user.full_name,
            role=str(user.get_staff_role_display()) if user.staff_role else user.job_title,
        )
        for user in people
    ]
