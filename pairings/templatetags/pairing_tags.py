"""The `pairing_tags` library: marks of what the cities of a pairing have said."""

from collections.abc import Collection
from typing import NamedTuple

from django import template

from pairings.models import Pairing, PairingMember
from pairings.states import PartyAnswer
from programme.organisations.models import Organisation

register = template.Library()


class Mark(NamedTuple):
    """How a line of <ul class="signs"> looks: the rest of its class `is-…`, and its icon."""

    state: str
    icon: str


@register.filter
def answer_mark(member: PairingMember, own: Collection[PairingMember]) -> Mark:
    """Return the mark of a city's answer; `own` are the reader's, who can still act."""
    if member.answer == PartyAnswer.ACCEPTED:
        return Mark("signed", "check")
    if member.answer == PartyAnswer.DECLINED:
        return Mark("refused", "x")
    return Mark("open" if member in own else "wait", "user")


@register.simple_tag
def of_kind(thing: Pairing | Organisation, cities: str, regions: str) -> str:
    """Return the words for cities or for regions, by what a pairing is of or an organisation is."""
    return str(regions if thing.is_region else cities)
