"""Reads on the programme."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, Prefetch, Q, QuerySet, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.states import StaffRole
from programme.models import (
    Call,
    DeskCountry,
    Invitation,
    Membership,
    Organisation,
    hash_of,
)
from programme.states import MembershipRole

FULL_WEIGHT = 100


@dataclass(frozen=True)
class Check:
    """One line of "Before publishing"."""

    ok: bool
    title: str | Promise
    text: str | Promise = ""
    # Part of the editor's page where it is put right.
    anchor: str = ""


def publish_checks(call: Call, *, now: dt.datetime | None = None) -> list[Check]:
    """Return what a call needs before the public may read it, in the order of the editor."""
    now = now or timezone.now()
    criteria = list(call.criteria.all())
    silent = [row.title for row in criteria if not row.guidance]
    dates = bool(call.opens_at and call.closes_at and call.opens_at < call.closes_at)
    return [
        Check(
            bool(call.summary and call.description),
            _("Summary and description"),
            _("They are the first thing a city reads."),
            "basics",
        ),
        Check(dates, _("Dates in order"), _("Opening, then closing."), "dates"),
        Check(
            bool(call.closes_at and call.closes_at > now),
            _("Closing lies ahead"),
            _("Cities need time to apply."),
            "dates",
        ),
        Check(
            bool(call.applicant_kinds) and call.eligible_countries.exists(),
            _("Who may apply"),
            _("At least one kind of applicant and one country."),
            "applicants",
        ),
        Check(
            call.partner_countries.exists(),
            _("Partner side"),
            _("At least one partner country."),
            "partners",
        ),
        Check(
            call.commitments.exists(),
            _("Commitments"),
            _("What a chosen city promises."),
            "commitments",
        ),
        Check(
            call.milestones.exists(),
            _("Milestones"),
            _("At least one, or running pairings have no dates."),
            "milestones",
        ),
        Check(
            call.questionnaires.exists(),
            _("Questionnaires"),
            _("Questions to applicants and the template of the plan."),
            "questionnaires",
        ),
        Check(
            sum(row.weight for row in criteria) == FULL_WEIGHT,
            _("Weights add up to 100 %"),
            "",
            "assessment",
        ),
        Check(
            bool(criteria) and not silent,
            _("Guidance for every criterion"),
            ", ".join(silent),
            "assessment",
        ),
    ]


@dataclass(frozen=True)
class Part:
    """A part of the editor and whether anything is to do there."""

    anchor: str
    label: str | Promise
    ok: bool


def editor_parts(checks: list[Check]) -> list[Part]:
    """Return the parts of a call's editor, in order."""
    todo = {check.anchor for check in checks if not check.ok}
    labels = [
        ("basics", _("Basics")),
        ("dates", _("Dates")),
        ("applicants", _("Who may apply")),
        ("partners", _("Partner side")),
        ("commitments", _("Commitments")),
        ("milestones", _("Milestones")),
        ("assessment", _("Assessment")),
        ("questionnaires", _("Questionnaires")),
    ]
    return [Part(anchor, label, anchor not in todo) for anchor, label in labels]


def staff_calls() -> "QuerySet[Call]":
    """Return all calls with what the console's list shows, drafts first."""
    return (
        Call.objects.select_related("strand")
        .prefetch_related("partner_countries")
        .order_by("status", "-closes_at", "-id")
    )


def team_of(organisation: Organisation) -> "QuerySet[Membership]":
    """Return the members of an organisation, leads first, then editors, then viewers."""
    rank = Case(
        When(role=MembershipRole.LEAD, then=0),
        When(role=MembershipRole.EDITOR, then=1),
        default=2,
    )
    return organisation.memberships.select_related("user").order_by(rank, "since", "id")


def open_invitations(organisation: Organisation) -> "QuerySet[Invitation]":
    """Return invitations nobody has used or taken back, those that ran out included."""
    return organisation.invitations.filter(accepted_at=None, revoked_at=None).select_related(
        "invited_by"
    )


def organisations(
    *, user: User, words: str = "", side: str = "", kind: str = "", country: str = ""
) -> "QuerySet[Organisation]":
    """Return the organisations a member of staff may see, with counts for the list."""
    found = Organisation.objects.visible_to(user).matching(words)
    filters = {"side": side, "kind": kind, "country": country}
    return (
        found.filter(**{name: value for name, value in filters.items() if value})
        .select_related("country")
        .annotate(
            people=Count("memberships", distinct=True),
            leads=Count(
                "memberships",
                filter=Q(memberships__role=MembershipRole.LEAD),
                distinct=True,
            ),
        )
        .order_by("search_name", "id")
    )


def people(*, words: str = "", role: str = "") -> "QuerySet[User]":
    """Return people for the console: staff alone, unless words or a role ask for others.

    `role` is a staff role, "city" for people without one, or "all".
    """
    found = User.objects.prefetch_related(
        Prefetch("memberships", Membership.objects.select_related("organisation")),
        Prefetch("desk_countries", DeskCountry.objects.select_related("country")),
    )
    for word in words.split():
        found = found.filter(Q(full_name__icontains=word) | Q(email__icontains=word))
    if role == "city":
        found = found.filter(staff_role=StaffRole.NONE)
    elif role and role != "all":
        found = found.filter(staff_role=role)
    elif not role and not words:
        found = found.exclude(staff_role=StaffRole.NONE)
    return found.order_by("full_name", "id")


def invitation_by_token(token: str) -> Invitation | None:
    """Return the invitation a link belongs to, whatever its state; None if there is none."""
    found = Invitation.objects.filter(token_hash=hash_of(token))
    return found.select_related("organisation__country", "invited_by").first()
