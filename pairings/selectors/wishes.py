"""Whom a chosen city may wish for, what it has said, and what staff read of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import User
from applications.models import Application, Challenge
from applications.states import ApplicationStatus, Direction
from core.kit.rows import number_of
from pairings.models import Pairing, PairingMember, PartnerWish
from pairings.selectors.staff import inhabitants_of, pairable
from pairings.states import LIVE, PairingStatus
from programme.organisations.models import Organisation
from programme.states import Side

if TYPE_CHECKING:
    from programme.organisations.models.organisations import OrganisationQuerySet

# Everybody may know that these have found their partner.
FOUND = (PairingStatus.RUNNING, PairingStatus.COMPLETED)


def pairing_in_the_way(application: Application) -> Pairing | None:
    """Return the proposed, accepted, running or completed pairing that took the place."""
    return (
        Pairing.objects.filter(
            call=application.call_id,
            members__organisation=application.organisation_id,
            status__in=[*LIVE, PairingStatus.COMPLETED],
        )
        .order_by("pk")
        .first()
    )


def other_side(application: Application) -> Side:
    """Return the side on which its partner stands."""
    return Side.EU if application.organisation.side == Side.PARTNER else Side.PARTNER


def possible_partners(
    application: Application, search: str = "", *, is_wanted: bool | None = None
) -> "OrganisationQuerySet":
    """Return who may become the partner of a chosen applicant, those that help it most first.

    Of a side that applies, the chosen ones; of the other, whom the call looks for. Who has found
    a partner is left out once everybody may know it. `search` looks at names, countries, and at
    the topics and kinds of place of a public profile; `is_wanted` at what the applicant has said.
    """
    call = application.call
    chosen = _chosen(application).filter(organisation=OuterRef("pk"))
    side = other_side(application)
    taken = PairingMember.objects.filter(
        organisation=OuterRef("pk"), pairing__call=call, pairing__status__in=FOUND
    )
    found = Organisation.objects.filter(pairable(call, side, applied=Q(Exists(chosen))))
    found = found.exclude(Exists(taken))
    if search:
        found = found.filter(_told_of(found, application, search))
    if is_wanted is not None:
        said = _said_by(application).filter(about=OuterRef("pk"), is_wanted=is_wanted)
        found = found.filter(Exists(said))
    wanted = application.challenges.filter(direction=Direction.LEARN).values("topic")
    helps = Challenge.objects.filter(
        application__in=_chosen(application),
        application__organisation=OuterRef("pk"),
        direction=Direction.SHARE,
        topic__in=wanted,
    )
    return found.annotate(helps=number_of(helps)).order_by("-helps", "search_name", "pk")


def _said_by(application: Application) -> "QuerySet[PartnerWish]":
    return PartnerWish.objects.filter(
        call=application.call_id, organisation=application.organisation_id
    )


def _chosen(application: Application) -> "QuerySet[Application]":
    return Application.objects.filter(call=application.call_id, status=ApplicationStatus.ACCEPTED)


def _told_of(found: "OrganisationQuerySet", application: Application, search: str) -> Q:
    """Return the condition that a public profile holds what is searched for."""
    topics = Challenge.objects.filter(
        application__in=_chosen(application), topic__name__icontains=search
    )
    tags = Organisation.tags.through.objects.filter(tag__name__icontains=search)
    return (
        Q(pk__in=found.matching(search).order_by().values("pk"))
        | Q(pk__in=topics.order_by().values("application__organisation"))
        | Q(pk__in=tags.order_by().values("organisation"))
    )


@dataclass(frozen=True)
class PublicProfile:
    """What a chosen city reads of a possible partner: its register, and topics without words."""

    organisation: Organisation
    population: int | None
    # Whether it said the figure itself; else it is that of the register.
    is_declared: bool
    tags: list[str]
    languages: list[str]
    learns: list[str]
    shares: list[str]
    # Of what it can share, what the reader wants to learn; and the other way round.
    helps: list[str]
    wants: list[str]
    # Topics and kinds of place that both name.
    alike: list[str]
    wish: PartnerWish | None

    @property
    def is_partner(self) -> bool:
        """Whether it stands on the partner side."""
        return self.organisation.side == Side.PARTNER


def with_profiles(organisations: "QuerySet[Organisation]") -> "QuerySet[Organisation]":
    """Read along what `profiles_of` says of them, in a fixed number of queries."""
    return organisations.select_related("country").prefetch_related("tags", "languages", "cities")


def profiles_of(
    application: Application, organisations: Collection[Organisation]
) -> list[PublicProfile]:
    """Return the public profiles of possible partners from `with_profiles`, for one reader."""
    told = {
        row.organisation_id: row
        for row in _chosen(application)
        .filter(organisation__in=organisations)
        .prefetch_related(
            Prefetch("challenges", Challenge.objects.select_related("topic")), "municipalities"
        )
    }
    said = {wish.about_id: wish for wish in _said_by(application).filter(about__in=organisations)}
    own = _topics(application.challenges.select_related("topic"))
    tags = {tag.name for tag in application.organisation.tags.all()}
    rows = []
    for organisation in organisations:
        theirs = told.get(organisation.pk)
        topics = _topics(theirs.challenges.all() if theirs else ())
        learns, shares = topics[Direction.LEARN], topics[Direction.SHARE]
        named = [tag.name for tag in organisation.tags.all()]
        figure, is_declared = inhabitants_of(organisation, theirs)
        both = {*own[Direction.LEARN], *own[Direction.SHARE]} & {*learns, *shares}
        rows.append(
            PublicProfile(
                organisation=organisation,
                population=figure,
                is_declared=is_declared,
                tags=named,
                languages=[language.name for language in organisation.languages.all()],
                learns=learns,
                shares=shares,
                helps=[name for name in shares if name in own[Direction.LEARN]],
                wants=[name for name in learns if name in own[Direction.SHARE]],
                alike=[*sorted(both), *(name for name in named if name in tags)],
                wish=said.get(organisation.pk),
            )
        )
    return rows


def _topics(rows: Iterable[Challenge]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {direction: [] for direction in Direction}
    for row in rows:
        found[row.direction].append(row.topic.name)
    return found


def mutual_wishes(application: Application, reader: User) -> list[Organisation]:
    """Return whom the applicant and who wish for each other, for a member of staff.

    What the reader has a link with is left out, be it the applicant or the other.
    """
    if not _free_of_links(application, reader):
        return []
    back = PartnerWish.objects.filter(
        call=OuterRef("call"),
        organisation=OuterRef("about"),
        about=OuterRef("organisation"),
        is_wanted=True,
    )
    linked = Application.objects.linked_to(reader).filter(call=application.call_id)
    rows = (
        _said_by(application)
        .select_related("about__country")
        .filter(Exists(back), is_wanted=True)
        .exclude(about__in=linked.values("organisation"))
    )
    return [wish.about for wish in rows.order_by("about__search_name")]


def _free_of_links(application: Application, reader: User) -> bool:
    return Application.objects.without_links_of(reader).filter(pk=application.pk).exists()


def wishes_among(
    call_id: int, organisations: Collection[Organisation], reader: User
) -> list[PartnerWish]:
    """Return what these organisations have said of each other, without who has a link with one."""
    linked = Application.objects.linked_to(reader).filter(call=call_id).values("organisation")
    rows = PartnerWish.objects.filter(
        call=call_id, organisation__in=organisations, about__in=organisations
    )
    rows = rows.exclude(organisation__in=linked).exclude(about__in=linked)
    return list(rows.select_related("organisation", "about"))


def mutual_pairs(wishes: Collection[PartnerWish]) -> list[tuple[Organisation, Organisation]]:
    """Return who wish for each other, each pair once."""
    wanted = {(one.organisation_id, one.about_id) for one in wishes if one.is_wanted}
    return [
        (one.organisation, one.about)
        for one in wishes
        if one.is_wanted
        and one.organisation_id < one.about_id
        and (one.about_id, one.organisation_id) in wanted
    ]
