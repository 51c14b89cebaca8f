"""What staff read: the list of pairings, and whom one can pair."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Window,
    prefetch_related_objects,
)

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationStatus
from core.kit.rows import number_of
from pairings.models import Milestone, Pairing, PairingMember
from pairings.selectors.common import matching, with_parties
from pairings.states import LIVE
from programme.calls.models import Call
from programme.models import Theme, Topic
from programme.organisations.models import Membership, Organisation
from programme.organisations.states import MembershipRole, OrganisationKind


def staff_pairings(
    *,
    user: User,
    search: str = "",
    status: str = "",
    call: str = "",
    country: str = "",
) -> "QuerySet[Pairing]":
    """Return the pairings a member of staff sees, newest first, ready for a list.

    `status` is one of PairingStatus, or "live" for those that hold capacity; `call` a
    slug; `country` a code of either side.
    """
    pairings = matching(Pairing.objects.visible_to(user), search)
    if status == "live":
        pairings = pairings.filter(status__in=LIVE)
    elif status:
        pairings = pairings.filter(status=status)
    if call:
        pairings = pairings.filter(call__slug=call)
    if country:
        members = PairingMember.objects.filter(
            pairing=OuterRef("pk"), organisation__country=country
        )
        pairings = pairings.filter(Exists(members))
    open_milestones = Milestone.objects.filter(done_at=None)
    return (
        with_parties(pairings.select_related("call"))
        .prefetch_related(Prefetch("milestones", open_milestones, to_attr="open_milestones"))
        .order_by("-created_at", "-pk")
    )


def pairing_counts(user: User) -> dict[str, int]:
    """Return how many pairings the person sees in each status."""
    rows = (
        Pairing.objects.visible_to(user)
        .order_by()
        .values_list("status")
        .annotate(number=Count("*"))
    )
    return dict(rows)


@dataclass(frozen=True)
class Candidate:
    """An organisation that may be paired, as the page of a new pairing shows it."""

    organisation: Organisation
    application: Application | None
    themes: list[Theme]
    held: int
    has_lead: bool
    # Of its application, else of the register for comparison; None where neither knows.
    population: int | None
    is_declared: bool

    @property
    def room(self) -> int:
        """How many more pairings it can carry."""
        return max(self.organisation.capacity - self.held, 0)


def pairable(call: Call, side: str, *, applied: Q) -> Q:
    """Return the condition on organisations that the call lets pair on a side.

    Whoever the call opens for must have applied (`applied` says with which outcome); the other
    side comes from the call's countries; regions are paired with regions. A city that the call
    names need not apply.
    """
    named = Q(pk__in=call.named_partners.values("pk"))
    of_call = applied if call.takes(side) else Q(country__in=call.countries_of(side))
    alike = Q(kind=OrganisationKind.REGION) if call.is_for_regions else Q()
    return Q(side=side) & (of_call & alike | named)


@dataclass(frozen=True)
class Asked:
    """What is asked for on one side: words, which fold accents, and the ids of who is chosen."""

    search: str = ""
    chosen: Collection[int] = ()


def candidate_parties(
    *,
    call: Call,
    asked: Mapping[str, Asked],
    limit: int = 20,
    reader: User | None = None,
) -> dict[str, tuple[list[Candidate], int]]:
    """Return by side whom the call lets pair there, the chosen first, and how many more there are.

    Where a side applies, those with an accepted application count. With a `reader`, what is kept
    from them is left out. What the rows show is read for all sides at once.
    """
    applications = Application.objects.without_links_of(reader).filter(
        call=call, status=ApplicationStatus.ACCEPTED
    )
    rows: dict[str, list[Organisation]] = {}
    totals: dict[str, int] = {}
    for side, wanted in asked.items():
        accepted = applications.filter(organisation=OuterRef("pk"))
        on_side = Organisation.objects.filter(
            pairable(call, side, applied=Q(Exists(accepted)))
        ).select_related("country")
        is_chosen = Q(pk__in=wanted.chosen)
        found = on_side.matching(wanted.search).exclude(is_chosen).order_by("search_name")
        shown = list(found.annotate(total=Window(Count("pk")))[:limit])
        totals[side] = shown[0].total if shown else 0
        first = on_side.filter(is_chosen).order_by("search_name") if wanted.chosen else ()
        rows[side] = [*first, *shown]
    known = _candidates(applications, [one for side in rows.values() for one in side])
    return {side: ([known[one.pk] for one in rows[side]], totals[side]) for side in asked}


def _candidates(
    accepted: "QuerySet[Application]", organisations: list[Organisation]
) -> dict[int, Candidate]:
    """Gather by id what the rows show in a fixed number of queries."""
    applications = {
        application.organisation_id: application
        for application in accepted.filter(organisation__in=organisations).prefetch_related(
            "themes", "municipalities"
        )
    }
    prefetch_related_objects(organisations, "cities")
    row = OuterRef("pk")
    facts = {
        pk: (held, leads)
        for pk, held, leads in Organisation.objects.filter(
            pk__in=[organisation.pk for organisation in organisations]
        )
        .annotate(
            held=number_of(
                PairingMember.objects.filter(organisation=row, pairing__status__in=LIVE)
            ),
            leads=number_of(
                Membership.objects.filter(
                    organisation=row, role=MembershipRole.LEAD, user__is_active=True
                )
            ),
        )
        .values_list("pk", "held", "leads")
    }
    past: dict[int, list[Theme]] = {}
    for theme, organisation_id in _themes_of_pairings(organisations):
        past.setdefault(organisation_id, []).append(theme)
    inhabitants = {
        organisation.pk: inhabitants_of(organisation, applications.get(organisation.pk))
        for organisation in organisations
    }
    return {
        organisation.pk: Candidate(
            organisation=organisation,
            application=applications.get(organisation.pk),
            themes=list(applications[organisation.pk].themes.all())
            if organisation.pk in applications
            else past.get(organisation.pk, []),
            held=facts[organisation.pk][0],
            has_lead=facts[organisation.pk][1] > 0,
            population=inhabitants[organisation.pk][0],
            is_declared=inhabitants[organisation.pk][1],
        )
        for organisation in organisations
    }


def inhabitants_of(
    organisation: Organisation, application: Application | None
) -> tuple[int | None, bool]:
    """Return the number of inhabitants and whether it is declared; from what was prefetched.

    Where no application states a figure for each municipality, it is that of the register.
    """
    figures = [row.population for row in application.municipalities.all()] if application else []
    if figures and all(figures):
        return sum(figure or 0 for figure in figures), True
    known = [city.reference_population for city in organisation.cities.all()]
    return (sum(figure or 0 for figure in known) if known and all(known) else None), False


def _themes_of_pairings(organisations: list[Organisation]) -> list[tuple[Theme, int]]:
    """Return the themes of organisations' pairings: what a partner city is known to work on."""
    rows = (
        Theme.objects.filter(topics__pairings__members__organisation__in=organisations)
        .values_list("pk", "topics__pairings__members__organisation")
        .distinct()
        .order_by("order", "name")
    )
    wanted = {organisation.pk for organisation in organisations}
    pairs = [(theme_id, pk) for theme_id, pk in rows if pk in wanted]
    themes = Theme.objects.in_bulk({theme_id for theme_id, _pk in pairs})
    return [(themes[theme_id], pk) for theme_id, pk in pairs]


def topics_by_theme(first: list[Theme]) -> list[tuple[Theme | None, list[Topic]]]:
    """Return the topics under their themes, the given themes first, None for no theme last.

    A topic of two themes stands once, under the first of them.
    """
    themes = [*first, *(theme for theme in Theme.objects.all() if theme not in first)]
    topics = Topic.objects.prefetch_related("themes")
    left = {topic.pk: topic for topic in topics}
    groups: list[tuple[Theme | None, list[Topic]]] = []
    for theme in themes:
        own = [topic for topic in left.values() if theme in topic.themes.all()]
        for topic in own:
            del left[topic.pk]
        if own:
            groups.append((theme, own))
    return [*groups, (None, list(left.values()))] if left else groups
