"""Reads on colleagues: who is invited, and what is known of an address."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.selectors import people_at
from applications.models import Application, Clarification
from applications.states import ApplicationStatus
from core.kit.handovers import Item, items
from core.kit.text import fold
from iuc_portal.colleagues.models import Practice, StaffInvitation
from iuc_portal.colleagues.practice_hints import CASES
from programme.organisations.models import hash_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

OUTCOMES = (ApplicationStatus.ACCEPTED, ApplicationStatus.RESERVE, ApplicationStatus.REJECTED)
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


@dataclass(frozen=True)
class Practised:
    """How far a colleague has come with the made-up cases: the references of those done."""

    person: "User"
    begun_at: dt.datetime
    checked: list[str]
    # Of these, those of which a release told the outcome.
    told: list[str]


def practised() -> list[Practised]:
    """Return what each colleague who practises has done, by name; one query.

    A case is checked once it is found eligible or not, or its city is asked.
    """
    rows = Practice.objects.filter(person__is_active=True).select_related("person")
    return sorted(map(_practised, rows), key=lambda one: fold(one.person.full_name))


def _practised(practice: Practice) -> Practised:
    cases = _fields_of(practice, Application)
    questions = _fields_of(practice, Clarification).values()
    asked = {row["application"] for row in questions if not row["answered_at"]}
    checked = {
        row["reference"]
        for pk, row in cases.items()
        if row["status"] != ApplicationStatus.SUBMITTED or pk in asked
    }
    told = {row["reference"] for row in cases.values() if row["status"] in OUTCOMES}
    in_order = [case.reference for case in CASES]
    return Practised(
        practice.person,
        practice.begun_at,
        [reference for reference in in_order if reference in checked],
        [reference for reference in in_order if reference in told],
    )


def _fields_of(practice: Practice, model: type[Model]) -> dict[Any, dict[str, Any]]:
    """Return the rows of a kind as they stand in a practice, by id."""
    name = model._meta.label_lower  # noqa: SLF001 - as Django's serializer names it
    return {row["pk"]: row["fields"] for row in practice.rows if row["model"] == name}
