"""Reads that several audiences share."""

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from core.kit.wordwise import in_words_or_whole
from pairings.models import Milestone, Pairing, PairingMember
from pairings.states import LIVE
from programme.models import Topic
from programme.organisations.models import Organisation
from programme.states import Side


def members_key(organisations: Iterable[Organisation]) -> str:
    """Return what tells one set of members from another: their sorted ids."""
    return "-".join(str(pk) for pk in sorted(organisation.pk for organisation in organisations))


def live_pairing_of(key: str) -> Pairing | None:
    """Return the proposed, accepted or running pairing of exactly these members."""
    return (
        with_parties(Pairing.objects.filter(members_key=key, status__in=LIVE))
        .select_related("proposed_by")
        .first()
    )


def earlier_pairings(organisations: Iterable[Organisation]) -> list[Pairing]:
    """Return pairings, published ones included, in which two of these met before.

    Two cities of the same side in one trio do not count: they are no pair.
    """
    ids = [organisation.pk for organisation in organisations]
    met = Pairing.objects.alias(
        eu=Count("members", filter=Q(members__organisation__in=ids, members__side=Side.EU)),
        partner=Count(
            "members", filter=Q(members__organisation__in=ids, members__side=Side.PARTNER)
        ),
    ).filter(eu__gt=0, partner__gt=0)
    return list(with_parties(met.exclude(status__in=LIVE)).order_by("pk"))


def with_parties(pairings: "QuerySet[Pairing]") -> "QuerySet[Pairing]":
    """Fetch the members with organisation and country, and the topics: three queries."""
    members = PairingMember.objects.select_related("organisation__country", "signature")
    return pairings.prefetch_related(Prefetch("members", members), "topics")


def with_everything(pairings: "QuerySet[Pairing]") -> "QuerySet[Pairing]":
    """Fetch all that a page about one pairing shows, in a fixed number of queries."""
    members = PairingMember.objects.select_related(
        "organisation__country", "signature__recorded_by", "answered_by", "application", "thread"
    ).prefetch_related(
        "organisation__memberships__user",
        "organisation__cities",
        "application__municipalities",
    )
    return pairings.select_related("call__strand", "proposed_by").prefetch_related(
        Prefetch("members", members),
        Prefetch("topics", Topic.objects.prefetch_related("themes")),
        Prefetch(
            "milestones",
            Milestone.objects.select_related("done_by").prefetch_related("moves"),
        ),
        "closings",
        "amendments__by",
        "call__commitments",
    )


def matching(pairings: "QuerySet[Pairing]", text: str) -> "QuerySet[Pairing]":
    """Keep pairings in which every word is found: in a city, country or topic.

    Accents and case do not matter. A city that belongs to a group finds the group, and a former
    name its pairings.
    """

    def named(word: str) -> Q:
        members = PairingMember.objects.filter(pairing=OuterRef("pk")).filter(
            Q(organisation__search_name__contains=word)
            | Q(organisation__country__search_name__contains=word)
            | Q(organisation__in=Organisation.objects.of_place(word).values("pk"))
            | Q(organisation__in=Organisation.objects.once_called(word))
        )
        topics = Pairing.topics.through.objects.filter(
            pairing=OuterRef("pk"), topic__search_name__contains=word
        )
        found = Q(Exists(members)) | Q(Exists(topics))
        if "-" in word or word.isdigit():
            found |= Q(reference__icontains=word)
        return found

    return pairings.filter(in_words_or_whole(text, named))
