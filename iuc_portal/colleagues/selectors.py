"""Reads on colleagues: who is invited, and what is known of an address."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.selectors import people_at
from core.kit.handovers import Item, items
from iuc_portal.colleagues.models import StaffInvitation
from programme.organisations.models import hash_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

# So many of a kind are told in words before they are handed over.
SHOWN = 10


def open_invitations() -> "QuerySet[StaffInvitation]":
    """Return what nobody has taken up or taken back, run out or not."""
    rows = StaffInvitation.objects.filter(accepted_at=None, revoked_at=None)
    return rows.select_related("invited_by").prefetch_related("countries").order_by("email")


def invitation_by_token(token: str) -> StaffInvitation | None:
    """Return the invitation a link belongs to, whatever its state; None if there is none."""
    found = StaffInvitation.objects.filter(token_hash=hash_of(token))
    return found.select_related("invited_by").prefetch_related("countries").first()


def account_at(email: str) -> "User | None":
    """Return whose address it is."""
    return people_at(email).order_by("pk").first()


@dataclass(frozen=True)
class Held:
    """A kind of thing that is somebody's to do: how many, the first of them in words, who may."""

    item: Item
    number: int
    first: list[str]
    receivers: "QuerySet[User]"

    @property
    def more(self) -> int:
        """How many are not told in words."""
        return self.number - len(self.first)


def held_by(person: "User", by: "User") -> list[Held]:
    """Return what is theirs to hand over, as far as who moves it sees it; empty kinds are left out.

    Two queries a kind.
    """
    found = []
    for item in items():
        rows = item.rows(person, by)
        if number := rows.count():
            first = [item.tells(row) for row in rows[:SHOWN]]
            found.append(Held(item, number, first, item.receivers(person)))
    return found


def account_words(person: "User") -> str:
    """Say whose account it is, with what they are for cities."""
    teams = [
        _("%(role)s of %(name)s") % {"role": row.get_role_display(), "name": row.organisation}
        for row in person.memberships.select_related("organisation__country")
    ]
    if not teams:
        return _("%(person)s, who works for no city") % {"person": person}
    return f"{person}, {get_text_list(teams, _('and'))}"
