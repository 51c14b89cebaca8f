"""Who of the office sees an application: what `reached_by` says of one person, asked of many.

`Application.objects.reached_by(person)` says what one person sees. Here the rows themselves name
the people, so that a list of them is one query; tests hold both to the same answer.
"""

from collections.abc import Collection
from functools import cache

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
)

from accounts import rules as account_rules
from accounts.models import User
from accounts.selectors import open_accounts
from accounts.states import StaffRole
from applications.models import Application, Conflict
from applications.states import ApplicationStatus
from core.kit.fingerprints import fingerprint
from programme.organisations.models import DeskCountry, Membership
from programme.organisations.rules import desk_country_codes
from programme.states import Side

R = StaffRole
# Who reads, and who of them writes; an assessor has what is assigned.
READERS = (R.COORDINATOR, R.REGIONAL_DESK, R.OBSERVER)
ACTING = (R.COORDINATOR, R.REGIONAL_DESK)


@cache
def office_reaches(application: str, person: str, roles: tuple[str, ...] = READERS) -> Exists:
    """Return the condition that a row's person, in one of the roles, sees a row's application.

    `application` and `person` are paths from the row to both.
    """
    reached = _reached(person, f"{person}__", roles)
    return Exists(reached.filter(pk=OuterRef(application)))


def readers_of(application: Application, roles: Collection[str] = READERS) -> "QuerySet[User]":
    """Return the people of the office who see an application, by name."""
    reached = _reached("pk", "", roles).filter(pk=application.pk)
    return open_accounts().filter(Exists(reached)).order_by("search_name", "pk")


def people_with_a_link(application: Application) -> "QuerySet[User]":
    """Return who must not judge it: a link stands, or they belong to the organisation."""
    linked = application.conflicts.filter(lifted_at=None).order_by().values("person")
    members = Membership.objects.filter(organisation=application.organisation_id)
    # One short list of ids: with "or" the database would look at every person.
    return User.objects.filter(pk__in=linked.union(members.order_by().values("user")))


def reach_print(user: User) -> str:
    """Return what stands for all that a person's role reaches, in a few signs.

    It is another one once their role, their countries or a link of theirs has changed, and for an
    assessor once they are given or lose something to read, as when a call is read blind.
    """
    is_given = account_rules.is_assessor(user)
    given = Application.objects.reached_by(user).order_by("pk") if is_given else None
    return fingerprint(
        [
            user.staff_role,
            sorted(desk_country_codes(user)),
            sorted(user.conflicts.filter(lifted_at=None).values_list("application", flat=True)),
            sorted(user.memberships.values_list("organisation", flat=True)),
            list(given.values_list("pk", flat=True)) if given is not None else [],
        ]
    )[:_SIGNS]


_SIGNS = 16


def reaches_as_before(user: User, kept: str | None) -> bool:
    """Tell whether a person reaches what they reached when the print was `kept`; None: unknown."""
    return kept in (None, reach_print(user))


def _reached(person: str, at: str, roles: Collection[str]) -> "QuerySet[Application]":
    """Return what the person of the outer row sees; `at` leads from the row to their fields."""
    own = DeskCountry.objects.filter(user=OuterRef(OuterRef(person)))
    link = Conflict.objects.filter(
        application=OuterRef("pk"), person=OuterRef(OuterRef(person)), lifted_at=None
    )
    member = Membership.objects.filter(
        organisation=OuterRef("organisation"), user=OuterRef(OuterRef(person))
    )
    wished = Application.partner_countries.through.objects.filter(application=OuterRef("pk"))
    of_desk = DeskCountry.objects.filter(user=OuterRef(OuterRef(OuterRef(person))))
    asked = Exists(wished.filter(country__in=of_desk.values("country"))) | ~Exists(wished)
    theirs = Q(Exists(own.filter(country=OuterRef("organisation__country")))) | (
        Q(organisation__side=Side.EU) & asked & Exists(own)
    )
    everything = Q(asked_role__in=[R.COORDINATOR, R.OBSERVER])
    return (
        Application.objects.order_by()
        .alias(
            asked_role=ExpressionWrapper(OuterRef(f"{at}staff_role"), output_field=CharField()),
            may_sign_in=ExpressionWrapper(OuterRef(f"{at}is_active"), output_field=BooleanField()),
        )
        .filter(asked_role__in=roles, may_sign_in=True)
        .filter(~Q(status=ApplicationStatus.DRAFT), submitted_at__isnull=False)
        .filter(~Exists(link), ~Exists(member))
        .filter(everything | Q(asked_role=R.REGIONAL_DESK) & theirs)
    )
