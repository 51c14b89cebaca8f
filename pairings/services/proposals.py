"""Proposing a pairing, and recording the pairings the programme has published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list, slugify
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationStatus
from core.duties.services import touch
from core.kit import days
from core.kit.days import BRUSSELS
from core.kit.errors import InvalidError, WrongStateError
from core.kit.text import fold
from core.kit.writes import clean_reason
from core.trail.services import record_event
from pairings.models import Pairing, PairingMember
from pairings.selectors import earlier_pairings, live_pairing_of, members_key
from pairings.services.common import require_right
from pairings.services.mails import tell_parties
from pairings.states import PairingStatus
from pairings.timetable import deadline
from programme.calls.models import Call
from programme.calls.services import next_reference
from programme.models import Topic
from programme.organisations.models import CapacitySlot, Organisation
from programme.states import Origin, Side

# Trios exist; more than six parties is a network, not a pairing.
MAX_PARTIES = 6


@dataclass(frozen=True)
class Party:
    """An organisation on its side; `application` is found by itself when there is one."""

    organisation: Organisation
    side: str
    application: Application | None = None


class AlreadyPairedError(WrongStateError):
    """The same organisations are paired already; `pairing` is that pairing."""

    code = "already_paired"

    def __init__(self, pairing: Pairing) -> None:
        self.pairing = pairing
        names = get_text_list([m.organisation.name for m in pairing.members.all()], _("and"))
        at = timezone.localtime(pairing.proposed_at or pairing.created_at, BRUSSELS)
        super().__init__(
            _(
                "%(names)s are already paired by %(person)s at %(time)s on %(date)s, "
                "Brussels time. Open %(reference)s to see how it stands."
            )
            % {
                "names": names,
                "person": pairing.proposed_by or _("a former colleague"),
                "time": date_format(at, "H:i"),
                "date": date_format(at, "DATE_FORMAT"),
                "reference": pairing.reference,
            }
        )


class NoRoomError(WrongStateError):
    """An organisation carries as many pairings as its capacity allows."""

    code = "no_room"

    def __init__(self, organisation: Organisation) -> None:
        super().__init__(
            _(
                "%(name)s has no room for another pairing: its capacity is %(capacity)d. "
                "End one of its pairings or raise its capacity first."
            )
            % {"name": organisation.name, "capacity": organisation.capacity}
        )


@transaction.atomic
def propose_pairing(
    *,
    call: Call,
    parties: Sequence[Party],
    topics: Iterable[Topic],
    reason: str,
    by: User,
) -> Pairing:
    """Pair two or more organisations on topics and ask each of them to accept.

    Each organisation gives a place of its capacity from now on. Every lead gets a mail.
    Raises InvalidError for parties, topics or a reason that break a rule,
    AlreadyPairedError for the same members in a live pairing, NoRoomError beyond a
    capacity. An earlier pairing of the same cities is no obstacle: it is noted.
    """
    require_right(by, "pairings.create_pairing")
    reason = clean_reason(
        reason, missing=_("Write why these cities fit together. The cities read it.")
    )
    topics = list(topics)
    if not topics:
        raise InvalidError(_("Choose at least one topic to work on."), field="topics")
    _check_parties(parties)
    _check_countries(call, parties)
    organisations = _locked_organisations(parties)
    key = members_key(organisations)
    if existing := live_pairing_of(key):
        raise AlreadyPairedError(existing)
    applications = _accepted_applications(call, parties)
    slots = _locked_free_slots(organisations)
    before = earlier_pairings(organisations)
    now = days.now()
    values = {
        # Taken before the slug, so that two pairings never look for a free slug at once.
        "reference": next_reference(prefix=f"PAIR-{timezone.localdate(now, BRUSSELS).year}"),
        "slug": _free_slug(parties),
        "call": call,
        "status": PairingStatus.PROPOSED,
        "members_key": key,
        "reason": reason,
        "proposed_by": by,
        "proposed_at": now,
        "accept_by": deadline(now, days=call.acceptance_days),
        "origin": Origin.DEMO if by.is_demo else Origin.PORTAL,
    }
    pairing = _create_once(values, _members(parties, applications, slots), topics)
    touch(pairing)
    record_event(
        verb="pairing.proposed",
        target=pairing,
        by=by,
        reason=reason,
        details={
            "parties": [member.organisation.name for member in pairing.members.all()],
            "topics": [topic.name for topic in topics],
            "paired_before": [earlier.reference for earlier in before],
        },
    )
    tell_parties(template="pairing_proposed", pairing=pairing, members=pairing.members.all())
    return pairing


@transaction.atomic
def record_published_pairing(
    *,
    eu_organisation: Organisation,
    partner_organisation: Organisation,
    topics: Iterable[Topic],
) -> Pairing:
    """Record a pairing as the programme published it; a second time it changes nothing new.

    No call, date, answer or signature is invented, and no capacity is held.
    """
    parties = [Party(eu_organisation, Side.EU), Party(partner_organisation, Side.PARTNER)]
    organisations = _locked_organisations(parties)
    key = members_key(organisations)
    known = Pairing.objects.filter(members_key=key, status=PairingStatus.PUBLISHED).first()
    if known:
        known.topics.set(topics)
        return known
    pairing = _create(
        {
            "reference": next_reference(prefix="PUB"),
            "slug": _free_slug(parties),
            "status": PairingStatus.PUBLISHED,
            "origin": Origin.PUBLISHED,
            "members_key": key,
        },
        [
            PairingMember(organisation=party.organisation, side=party.side, order=order)
            for order, party in enumerate(parties)
        ],
        topics,
    )
    record_event(verb="pairing.published", target=pairing, by=None)
    return pairing


def _members(
    parties: Sequence[Party],
    applications: dict[int, Application],
    slots: dict[int, CapacitySlot],
) -> list[PairingMember]:
    """Return the members to be created, the EU side first, each with its place."""
    return [
        PairingMember(
            organisation=party.organisation,
            side=party.side,
            application=applications.get(party.organisation.pk),
            slot=slots[party.organisation.pk],
            order=order,
        )
        for order, party in enumerate(_in_order(parties))
    ]


def _create_once(
    values: dict[str, Any], members: list[PairingMember], topics: Iterable[Topic]
) -> Pairing:
    """Create a pairing of members that are not paired yet.

    The locks make this safe; should anything get past them, the database refuses and the
    person still reads who came first.
    """
    try:
        with transaction.atomic():
            return _create(values, members, topics)
    except IntegrityError as error:
        if existing := live_pairing_of(values["members_key"]):
            raise AlreadyPairedError(existing) from error
        raise WrongStateError(
            _("Somebody else paired one of these cities at the same moment. Please try again.")
        ) from error


def _create(
    values: dict[str, Any], members: list[PairingMember], topics: Iterable[Topic]
) -> Pairing:
    pairing = Pairing.objects.create(**values)
    for member in members:
        member.pairing = pairing
    PairingMember.objects.bulk_create(members)
    pairing.topics.set(topics)
    return pairing


def _check_parties(parties: Sequence[Party]) -> None:
    ids = [party.organisation.pk for party in parties]
    if len(set(ids)) != len(ids):
        raise InvalidError(
            _("An organisation stands in the pairing twice. Choose it once."), field="parties"
        )
    for side, message in (
        (Side.EU, _("Choose at least one city in Europe.")),
        (Side.PARTNER, _("Choose at least one partner city.")),
    ):
        if not any(party.side == side for party in parties):
            raise InvalidError(message, field=side.value)
    if len(parties) > MAX_PARTIES:
        raise InvalidError(
            _("A pairing has at most %(limit)d organisations. Choose fewer.")
            % {"limit": MAX_PARTIES},
            field="parties",
        )
    for party in parties:
        if party.organisation.side != party.side:
            raise InvalidError(
                _("%(name)s stands on the other side. Choose it there.")
                % {"name": party.organisation.name},
                field=party.side,
            )


def _check_countries(call: Call, parties: Sequence[Party]) -> None:
    """Refuse who did not have to apply outside the call's countries, unless the call names it."""
    sides = [side for side in Side if not call.takes(side)]
    allowed = {side: set(call.countries_of(side).values_list("pk", flat=True)) for side in sides}
    named = _named_by(call)
    for party in parties:
        organisation = party.organisation
        if (
            party.side in allowed
            and organisation.country_id not in allowed[Side(party.side)]
            and organisation.pk not in named
        ):
            raise InvalidError(
                (
                    _(
                        "%(name)s is not in a partner country of this call. Choose another city, "
                        "or add the country to the call."
                    )
                    if party.side == Side.PARTNER
                    else _(
                        "%(name)s is not in a country of this call. Choose another city, or add "
                        "the country to the call."
                    )
                )
                % {"name": organisation.name},
                field=party.side,
            )


def _named_by(call: Call) -> set[int]:
    return set(call.named_partners.values_list("pk", flat=True))


def _locked_organisations(parties: Sequence[Party]) -> list[Organisation]:
    """Lock the organisations and their places, always in the order of ids.

    Everybody who pairs one of them waits here, and nobody waits for one another in a ring.
    """
    ids = [party.organisation.pk for party in parties]
    rows = Organisation.objects.filter(pk__in=ids).order_by("pk")
    return list(rows.select_for_update(no_key=True))


def _locked_free_slots(organisations: Sequence[Organisation]) -> dict[int, CapacitySlot]:
    """Return the lowest free place of each organisation; raise NoRoomError if one has none."""
    rows = CapacitySlot.objects.filter(organisation__in=organisations).order_by("pk")
    slots = list(rows.select_for_update(of=("self",)))
    held = set(PairingMember.objects.filter(slot__in=slots).values_list("slot_id", flat=True))
    free: dict[int, CapacitySlot] = {}
    for slot in sorted(slots, key=lambda slot: slot.number, reverse=True):
        if slot.pk not in held:
            free[slot.organisation_id] = slot
    for organisation in organisations:
        if organisation.pk not in free:
            raise NoRoomError(organisation)
    return free


def _accepted_applications(call: Call, parties: Sequence[Party]) -> dict[int, Application]:
    """Return the accepted application of each party.

    Every city of a side that applies needs one, but those that the call names.
    """
    ids = [party.organisation.pk for party in parties]
    accepted = {
        application.organisation_id: application
        for application in Application.objects.filter(
            call=call, organisation__in=ids, status=ApplicationStatus.ACCEPTED
        )
    }
    named = _named_by(call)
    for party in parties:
        found = accepted.get(party.organisation.pk)
        wrong = party.application is not None and party.application != found
        needs_one = call.takes(party.side) and party.organisation.pk not in named
        if wrong or (needs_one and found is None):
            raise InvalidError(
                _(
                    "%(name)s has no accepted application to this call. Decide on its "
                    "application first."
                )
                % {"name": party.organisation.name},
                field=party.side,
            )
    return accepted


def _in_order(parties: Sequence[Party]) -> list[Party]:
    """Return the EU side first, each side as it was given."""
    return sorted(parties, key=lambda party: party.side != Side.EU)


def _free_slug(parties: Sequence[Party]) -> str:
    """Return "hamburg-vijayawada", with a number behind when that is taken."""
    names = " ".join(party.organisation.name for party in _in_order(parties))
    base = slugify(fold(names))[:140].strip("-") or "pairing"
    taken = set(Pairing.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
