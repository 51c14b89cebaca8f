"""Reads on who asks to be let in, and on organisations that staff have yet to confirm."""

from difflib import get_close_matches

from allauth.account.models import EmailAddress
from django.db.models import Case, Prefetch, Q, QuerySet, When

from accounts.models import User
from accounts.selectors import coordinators, staff_who_get_mail
from accounts.states import StaffRole
from core.kit import days
from core.kit.text import fold
from programme.names import core_skeleton
from programme.organisations.models import Claim, MailDomain, Membership, Organisation
from programme.organisations.selectors.doubles import with_people
from programme.organisations.states import ClaimState, MembershipRole, Standing

SHOWN = 20
# Where nothing is found: how alike a name is that may be meant, and of how many it is looked for.
NEAR, ALIKE, COMPARED = 3, 0.8, 2_000


def organisations_to_ask(words: str) -> "list[Organisation]":
    """Return organisations that somebody may mean by a name, those that begin with it first."""
    known = Organisation.objects.lasting().exclude(standing=Standing.REFUSED)
    # A letter of another script that looks the same finds it too.
    alike = Q(skeleton__startswith=core_skeleton(words))
    found = known.filter(alike | Q(pk__in=known.matching(words).values("pk")))
    begins = Case(When(search_name__startswith=fold(words), then=0), default=1)
    return list(with_people(found).order_by(begins, "search_name", "id")[:SHOWN])


def organisations_spelt_like(words: str) -> "list[Organisation]":
    """Return organisations whose name differs from a mistyped one by little, the likeliest first.

    The first letter is taken to be right. At most NEAR, in two queries.
    """
    own = core_skeleton(words)
    known = Organisation.objects.lasting().exclude(standing=Standing.REFUSED)
    if not own:
        return []
    names = known.filter(skeleton__startswith=own[0]).values_list("skeleton", flat=True)
    likely = get_close_matches(own, set(names[:COMPARED]), NEAR, ALIKE)
    found = with_people(known.filter(skeleton__in=likely)).order_by("search_name", "id")[:SHOWN]
    return sorted(found, key=lambda row: likely.index(row.skeleton))[:NEAR]


def claims_of(person: User) -> "QuerySet[Claim]":
    """Return what a person has asked for, the newest first."""
    return person.claims.select_related("organisation__country").order_by("-asked_at", "-id")


def office_claimed(person: User, organisation: Organisation) -> str:
    """Return what somebody said they do there when they asked to join; "" for who did not."""
    rows = Claim.objects.filter(person=person).filter(
        Q(organisation=organisation) | Q(stand_in=organisation)
    )
    return rows.order_by("-pk").values_list("office", flat=True).first() or ""


def open_claims_on(organisation: Organisation) -> "QuerySet[Claim]":
    """Return who waits to be let into an organisation."""
    return organisation.claims.open().select_related("person")


def claims_to_answer(user: User) -> "QuerySet[Claim]":
    """Return the open claims that staff are to answer: those on what has no lead."""
    led = Membership.objects.filter(role=MembershipRole.LEAD, user__is_active=True)
    return (
        Claim.objects.reached_by(user)
        .open()
        .exclude(organisation__in=led.values("organisation"))
        .select_related("organisation__country", "person", "letter")
    )


def claims_to_object(user: User) -> "QuerySet[Claim]":
    """Return whom a mail domain has let in and staff may still object to."""
    granted = Claim.objects.reached_by(user).filter(
        state=ClaimState.GRANTED, object_until__gt=days.now()
    )
    return granted.select_related("organisation__country", "person").order_by("object_until", "id")


def organisations_to_confirm(user: User) -> "QuerySet[Organisation]":
    """Return what people have registered and staff have yet to confirm, the oldest first."""
    leads = Membership.objects.select_related("user").order_by("since")
    return (
        Organisation.objects.reached_by(user)
        .lasting()
        .filter(standing=Standing.TO_CONFIRM)
        .select_related("country")
        .prefetch_related(Prefetch("memberships", leads))
        .order_by("created_at", "id")
    )


def waiting_for_staff(user: User) -> "QuerySet[Organisation]":
    """Return what staff have yet to decide on: what was registered, and what stands in."""
    return Organisation.objects.reached_by(user).filter(standing=Standing.TO_CONFIRM)


def staff_of(organisation: Organisation) -> "QuerySet[User]":
    """Return who looks after an organisation's country: its desk, or else the coordinators."""
    desk = staff_who_get_mail(StaffRole.REGIONAL_DESK).filter(
        desk_countries__country=organisation.country_id
    )
    return desk if desk.exists() else coordinators()


def leads_of(organisation: Organisation) -> "QuerySet[User]":
    """Return who leads an organisation and can sign in."""
    return User.objects.filter(
        memberships__organisation=organisation,
        memberships__role=MembershipRole.LEAD,
        is_active=True,
    ).order_by("id")


def hosts_of(person: User) -> set[str]:
    """Return the mail domains at which the person has a confirmed address, in lower case."""
    addresses = EmailAddress.objects.filter(user=person, verified=True)
    confirmed = addresses.values_list("email", flat=True)
    return {email.rpartition("@")[2].strip().lower() for email in confirmed}


def mail_domain_of(person: User, organisation: Organisation) -> MailDomain | None:
    """Return the organisation's mail domain at which the person has a confirmed address."""
    return organisation.mail_domains.filter(host__in=hosts_of(person)).first()
