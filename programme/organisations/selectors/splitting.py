"""What becomes of an organisation that is split in two: what goes, and what stays."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from programme.organisations.models import FormerOrganisation, Membership, Organisation, Split
from programme.organisations.relations import Part
from programme.organisations.states import MembershipRole, MovedHow, Share

# As `relations` names it: what was split off.
NEW_ONE = "organisations.Split.organisation"
# What somebody has to speak for: a body that has any of it needs a lead.
NEEDS_A_LEAD = ("application", "interest", "pairing")


@dataclass(frozen=True)
class Halves:
    """Who and what is with either of the two then."""

    staying: list[Part]
    going: list[Part]
    people_staying: list[Membership]
    people_going: list[Membership]


def halves(
    parts: Collection[Part],
    team: Collection[Membership],
    *,
    chosen: Collection[str],
    shares: Mapping[int, str],
) -> Halves:
    """Return the two sides of a split; who is not named in `shares` stays."""
    where = {row.pk: shares.get(row.pk, Share.STAYS) for row in team}
    return Halves(
        staying=[part for part in parts if part.key not in chosen],
        going=[part for part in parts if part.key in chosen],
        people_staying=[row for row in team if where[row.pk] != Share.GOES],
        people_going=[row for row in team if where[row.pk] != Share.STAYS],
    )


def refuse_halves(organisation: Organisation, found: Halves) -> tuple[str, str] | None:
    """Return the field and the words for what cannot be: one of the two with nobody, or nothing."""
    if not found.going and not found.people_going:
        return "parts", _("Choose what goes to the new one.")
    had_a_lead = any(map(_leads, (*found.people_staying, *found.people_going)))
    if not had_a_lead:
        return None
    if (_is_to_be_led(found.going) or found.people_going) and not any(
        map(_leads, found.people_going)
    ):
        return "people", _(
            "Nobody would lead the new one, which gets people, applications or pairings. Let a "
            "lead go there, or work for both."
        )
    if not any(map(_leads, found.people_staying)):
        return "people", _("Nobody would lead %(name)s. Let a lead stay, or work for both.") % {
            "name": organisation.name
        }
    return None


def refuse_split_back(split: Split) -> str:
    """Return why a split cannot be taken back now; "" where it can. Asks how it is by now."""
    now = Split.objects.select_related("organisation", "out_of").get(pk=split.pk)
    if now.organisation_id == now.out_of_id:
        return _("The two are one again already.")
    merged = FormerOrganisation.objects.standing().filter(
        rows__relation=NEW_ONE, rows__row_id=split.pk, rows__how=MovedHow.MOVED
    )
    if into := merged.select_related("organisation").first():
        return _(
            "What was split off was itself merged into %(name)s since. Take that apart first."
        ) % {"name": into.organisation.name}
    return ""


def _is_to_be_led(parts: Collection[Part]) -> bool:
    return any(part.key.partition(":")[0] in NEEDS_A_LEAD for part in parts)


def _leads(row: Membership) -> bool:
    return row.role == MembershipRole.LEAD and row.user.is_active
