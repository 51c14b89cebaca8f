"""Lists of applications, and who has to do with one."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.models import User
from accounts.rules import sees_everything
from accounts.selectors import staff_who_get_mail
from accounts.states import StaffRole
from applications.lists import narrowed_by_apps
from applications.models import Application, Assignment, Conflict, Decision, Interest, SavedView
from applications.selectors.checking import to_judge
from applications.selectors.reach import people_with_a_link
from applications.states import ApplicationStatus, InterestStatus
from core.kit import days
from core.kit.rows import NOTHING
from core.kit.text import fold, search_words
from core.kit.wordwise import in_words_or_whole
from programme.calls.models import Call
from programme.calls.selectors import with_closing
from programme.organisations.models import Organisation
from programme.organisations.states import WRITERS
from programme.selectors import places_begun
from programme.states import Side

S = ApplicationStatus

# What cities list: the copy in which one is changed stands behind it.
OF_CITIES = Q(revises=None)


def applications_of(user: User) -> "QuerySet[Application]":
    """Return the applications of the person's organisations as they list them."""
    return as_cities_list(
        Application.objects.filter(OF_CITIES, organisation__memberships__user=user)
    )


def begun_at(user: User, calls: Iterable[Call]) -> "QuerySet[Application]":
    """Return what the person's organisations have begun or sent to calls, if not withdrawn."""
    own = applications_of(user).exclude(status=S.WITHDRAWN)
    return own.filter(call__in=[call.pk for call in calls])


def as_cities_list(applications: "QuerySet[Application]") -> "QuerySet[Application]":
    """Return applications drafts first, with all that their cities' lists show.

    `is_being_changed` says which of those that were sent have changes that were not,
    `closes_at` when the call closes for the city.
    """
    copies = Application.objects.filter(revises=OuterRef("pk"), status=S.DRAFT)
    return (
        with_closing(applications)
        .annotate(is_being_changed=Exists(copies))
        .select_related("call", "organisation")
        .order_by(F("submitted_at").desc(nulls_first=True), "-id")
    )


def organisations_that_may_apply(user: User, call: Call) -> "QuerySet[Organisation]":
    """Return the organisations the person writes for, of the side that the call opens for."""
    of_side = written_for(user).filter(side__in=[side for side in Side if call.takes(side)])
    return of_side.select_related("country").order_by("search_name")


def open_calls_for(user: User) -> "QuerySet[Call]":
    """Return the open calls that suit an organisation of the person; the first to close first.

    Who writes for none yet is offered all of them.
    """
    calls = Call.objects.open_at(days.now()).suiting(written_for(user))
    return calls.order_by("closes_at")


def calls_to_begin(user: User) -> "QuerySet[Call]":
    """Return the open calls, each with what an organisation of the person has not begun yet.

    `lacks_application` and `lacks_interest` say whether one that the person writes for has none.
    """
    at_call = {"call": OuterRef(OuterRef("pk")), "organisation": OuterRef("pk")}
    begun = Application.objects.filter(OF_CITIES, **at_call).exclude(status=S.WITHDRAWN)
    told = Interest.objects.filter(**at_call).exclude(status=InterestStatus.WITHDRAWN)
    return open_calls_for(user).annotate(
        lacks_application=Exists(written_for(user).exclude(Exists(begun))),
        lacks_interest=Exists(written_for(user).exclude(Exists(told))),
    )


def written_for(user: User) -> "QuerySet[Organisation]":
    """Return the organisations that the person writes for."""
    return Organisation.objects.filter(memberships__user=user, memberships__role__in=WRITERS)


def visible_calls() -> "QuerySet[Call]":
    """Return the calls to which somebody may apply, one day or another: what is published."""
    return Call.objects.published().select_related("strand")


SORTS: dict[str, tuple[Any, ...]] = {
    "city": ("organisation__search_name", "id"),
    "-city": ("-organisation__search_name", "-id"),
    "inhabitants": (F("total_population").asc(nulls_last=True), "id"),
    "-inhabitants": (F("total_population").desc(nulls_last=True), "-id"),
    "status": ("status", "-submitted_at", "-id"),
    "-status": ("-status", "-submitted_at", "-id"),
    "sent": ("submitted_at", "id"),
    "-sent": ("-submitted_at", "-id"),
}


# The value of the list's view with what waits for the person.
TO_CHECK = "check"


def sent_applications(user: User) -> "QuerySet[Application]":
    """Return what staff see: all that was sent and that their role reaches.

    What their own organisation sent they read on its pages, as its people do.
    """
    return Application.objects.reached_by(user)


def search(queryset: "QuerySet[Application]", words: str) -> "QuerySet[Application]":
    """Keep what names every word: city, reference or person; accents do not matter.

    All the names of its places count, in any language: Lisboa finds Lisbon.
    """
    typed = search_words(words)
    places = places_begun([*typed, " ".join(typed)])

    def named(word: str) -> Q:
        # Text with all words as they stand has each of them: as a whole they are but a place.
        text = Q(search_text__contains=word) if word in typed else NOTHING
        # Most words begin no such name: then one column with an index of its own says all.
        return text | Q(pk__in=_ids_at(places[word])) if places[word] else text

    return queryset.filter(in_words_or_whole(words, named))


def _ids_at(cities: Collection[int]) -> "QuerySet[Application, int]":
    """Return the ids of the applications of these places."""
    named = Application.objects.order_by().filter(municipalities__city__in=cities)
    seated = Application.objects.order_by().filter(organisation__organisationcity__city__in=cities)
    return named.values_list("pk", flat=True).union(seated.values_list("pk", flat=True))


def searched_text(application: Application) -> str:
    """Return all that staff find an application by, folded: the value of `search_text`."""
    organisation = application.organisation
    rows = application.municipalities.values_list("name", "city__name")
    seats = organisation.cities.order_by().values_list("name")
    # Its former names too; one query for both.
    known = seats.union(organisation.names.order_by().values_list("name"))
    words = [
        application.reference,
        organisation.name,
        application.contact_name,
        application.contact_email,
        application.deputy_name,
        application.deputy_email,
        application.signatory_name,
        *(name for row in rows for name in row),
        *sorted(name for (name,) in known),
    ]
    # Each once: the four names of a city that applies alone are mostly the same.
    return fold(" ".join(dict.fromkeys(filter(None, words))))


def to_check(queryset: "QuerySet[Application]", user: User) -> "QuerySet[Application]":
    """Keep what waits for the person: the check for staff, the reading for an assessor."""
    if user.has_perm("applications.list_to_check"):
        return to_judge(queryset, user)
    return queryset.filter(status=S.ELIGIBLE, assignments__assessor=user)


def with_list_columns(
    queryset: "QuerySet[Application]", sort: str = "-sent", along: Mapping[str, str] | None = None
) -> "QuerySet[Application]":
    """Sort, and fetch what a row of the staff list shows of the application itself alone.

    `along` names what each row has beside, by the path where it stands.
    """
    rows = queryset.annotate(**{name: F(path) for name, path in (along or {}).items()})
    if sort.endswith("inhabitants"):
        rows = rows.annotate(total_population=Sum("municipalities__population"))
    return (
        rows.select_related("organisation__country")
        .only(
            "reference",
            "status",
            "submitted_at",
            "organisation__name",
            "organisation__country__name",
        )
        .order_by(*SORTS.get(sort, SORTS["-sent"]))
    )


def with_export_columns(queryset: "QuerySet[Application]") -> "QuerySet[Application]":
    """Add what a row of the export shows beyond the list: the newest decision and its reason."""
    newest = Decision.objects.filter(application=OuterRef("pk")).order_by("-number")
    rows = (
        queryset.select_related("organisation__country", "call")
        .prefetch_related("themes", "partner_countries", "municipalities", "assignments__assessor")
        .prefetch_related("challenges__topic", "organisation__tags", "organisation__languages")
        .prefetch_related("stakeholders__letter", "documents__asked")
        .defer("search_text", "exception_reason")
        .order_by(*SORTS["-sent"])
    )
    return rows.annotate(
        decision=Subquery(newest.values("outcome")[:1]),
        decided_at=Subquery(newest.values("at")[:1]),
        decision_reason=Subquery(newest.values("reason")[:1]),
    )


def counts_by_status(queryset: "QuerySet[Application]") -> dict[str, int]:
    """Return how many applications there are per status."""
    rows = (
        queryset.order_by()
        .values("status")
        .annotate(number=Count("*"))
        .values_list("status", "number")
    )
    return dict(rows)


@dataclass(frozen=True)
class Number:
    """How many applications of a call have a status, and when the first of them was sent."""

    call: int
    status: str
    number: int
    oldest: dt.datetime | None


def numbers_by_call(user: User) -> list[Number]:
    """Return the numbers of what the person sees, by call and status; one query.

    Who sees everything gets the number of drafts with it, though not the drafts.
    """
    rows = sent_applications(user)
    if sees_everything(user):
        rows = Application.objects.filter(
            Q(submitted_at__isnull=False) | Q(status=S.DRAFT, revises=None)
        ).without_links_of(user)
    return [
        Number(*row)
        for row in rows.order_by()
        .values_list("call", "status")
        .annotate(number=Count("*"), oldest=Min("submitted_at"))
    ]


def narrowed(
    queryset: "QuerySet[Application]", user: User, chosen: dict[str, Any]
) -> "QuerySet[Application]":
    """Keep what the filters of the list say: q, call, status, country, view, those of rooms."""
    if words := chosen.get("q"):
        queryset = search(queryset, words)
    if call := chosen.get("call"):
        queryset = queryset.filter(call=call)
    if status := chosen.get("status"):
        queryset = queryset.filter(status=status)
    if country := chosen.get("country"):
        queryset = queryset.filter(organisation__country=country)
    if chosen.get("view") == TO_CHECK:
        queryset = to_check(queryset, user)
    return narrowed_by_apps(queryset, user, chosen)


def saved_views(user: User) -> "QuerySet[SavedView]":
    """Return the views that a person is offered: their own first, in the order of saving."""
    views = SavedView.objects.visible_to(user).select_related("person")
    return views.annotate(is_own=Q(person=user)).order_by("-is_own", "pk")


def views_on_their_page(user: User) -> "QuerySet[SavedView]":
    """Return what a person is offered, and what they put in order beside it.

    `is_left`: who shared it is not of staff any more.
    """
    offered = SavedView.objects.visible_to(user).order_by().values("pk")
    managed = SavedView.objects.managed_by(user).order_by().values("pk")
    return (
        SavedView.objects.filter(Q(pk__in=offered) | Q(pk__in=managed))
        .select_related("person")
        .annotate(is_own=Q(person=user), is_left=~Q(pk__in=offered))
        .order_by("-is_own", "pk")
    )


def all_assessors() -> "QuerySet[User]":
    """Return who assesses applications, by name."""
    return staff_who_get_mail(StaffRole.ASSESSOR).order_by("search_name")


def linked_with(person: User, ids: Collection[int]) -> set[int]:
    """Return which of the applications the person must not judge; one query."""
    linked = Q(conflicts__in=Conflict.objects.filter(person=person, lifted_at=None))
    own = Q(organisation__in=person.memberships.values("organisation"))
    rows = Application.objects.order_by().filter(linked | own, pk__in=ids)
    return set(rows.values_list("pk", flat=True))


def assessors_beside(application: Application) -> tuple[list[User], list[User]]:
    """Return who assesses an application, the first named first, and who else may: one query."""
    named = Assignment.objects.filter(application=application).order_by()
    since = named.filter(assessor=OuterRef("pk")).values("at")
    ids = assessors_without_a_link(application).order_by().values("pk")
    people: Any = User.objects.filter(pk__in=ids.union(named.values("assessor")))
    found = list(people.annotate(named_at=Subquery(since[:1])).order_by("search_name"))
    assigned = sorted((one for one in found if one.named_at), key=lambda one: one.named_at)
    return assigned, [one for one in found if not one.named_at]


def assessors_without_a_link(application: Application) -> "QuerySet[User]":
    """Return who assesses applications and is free of links with this one."""
    return all_assessors().exclude(pk__in=people_with_a_link(application).values("pk"))


def assessors_for(application: Application) -> "QuerySet[User]":
    """Return who may be named as assessor: not yet assigned, and free of links with it."""
    return assessors_without_a_link(application).exclude(assignments__application=application)
