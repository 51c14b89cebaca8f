"""The application: who applies to which call, where it stands, and who sees it."""

import secrets
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, can_proceed, transition

from accounts import rules as account_rules
from applications.states import (
    PUBLIC_LABELS,
    ApplicantKind,
    ApplicationStatus,
)
from core.kit.rows import NOTHING
from core.kit.sockets import plugged
from programme.calls.models import Call
from programme.models import Country, Theme
from programme.organisations.models import Membership, Organisation
from programme.organisations.rules import desk_country_codes
from programme.states import Side
from questionnaires.models import Answer, Response

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from applications.models.assigning import Conflict

S = ApplicationStatus


def new_draft_key() -> str:
    """Return the address of a draft, before it has a reference."""
    return f"draft-{secrets.token_hex(5)}"


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Who sees which application."""

    def reached_by(self, user: "User") -> "ApplicationQuerySet":
        """Return what was sent and is for the person's role of staff.

        Coordinators and observers: all of it. A regional desk: what comes from one of its
        countries, asks for one of them, or is of Europe and names none. An assessor: what is
        assigned to them, once they have declared their interests since it was sent, but not what
        they read blind. Nobody: what they have a link with.
        """
        return self.filter(_reach(user))

    def to_read_by(self, user: "User") -> "ApplicationQuerySet":
        """Return what an assessor reads, also without names; of others, and for others, nothing.

        Ask it for pages that show of it what may be read blind, and `reached_by` for all else.
        """
        return self.filter(_is_read(user) if account_rules.is_assessor(user) else NOTHING)

    def linked_to(self, user: "User") -> "ApplicationQuerySet":
        """Return what the person has declared a link with that still stands; its copies too."""
        return self.filter(_has_link(user))

    def without_links_of(self, user: "User | None") -> "ApplicationQuerySet":
        """Leave out what is `linked_to` the person; nothing where nobody is named.

        Whatever shows, counts or names applications to a member of staff without asking what
        their role reaches asks this.
        """
        return self if user is None else self.filter(~_has_link(user))

    def with_last_saved(self) -> "ApplicationQuerySet":
        """Add `last_saved_at`: when anything of it was saved last, an answer or a detail."""
        answers = Answer.objects.filter(response=OuterRef("response")).order_by("-saved_at")
        newest = Coalesce(Subquery(answers.values("saved_at")[:1]), F("saved_at"))
        return self.annotate(last_saved_at=Greatest("saved_at", newest))

    def visible_to(self, user: "User") -> "ApplicationQuerySet":
        """Return what the person may see: their organisation's, and what their role reaches."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(organisation__in=user.memberships.values("organisation")) | _reach(user)
        )


def _linked(user: "User") -> "models.QuerySet[Conflict, Any]":
    return user.conflicts.filter(lifted_at=None).values("application")


def _has_link(user: "User") -> Q:
    linked = _linked(user).order_by()
    copies = Application.objects.filter(revises__in=linked).order_by().values("pk")
    # One short list of ids: with "or" the database would look at every application.
    return Q(pk__in=linked.union(copies))


def _reach(user: "User") -> Q:
    """Return the condition on what a role of staff reaches.

    Subqueries, not joins: no row comes twice, and counting stays cheap.
    """
    # A role that no rule names reaches nothing.
    if not (account_rules.is_office(user) or account_rules.is_assessor(user)):
        return NOTHING
    sent = _is_sent_and_free(user)
    if account_rules.sees_everything(user):
        return sent
    if account_rules.is_regional_desk(user):
        codes = desk_country_codes(user)
        wished = Application.partner_countries.through.objects.filter(application=OuterRef("pk"))
        asked = Exists(wished.filter(country__in=codes)) | ~Exists(wished)
        # What a partner city wishes for is Europe: its own desk looks after it.
        theirs = Q(organisation__country__in=codes) | Q(organisation__side=Side.EU) & asked
        # A desk without countries has nothing to look after, not even what names none.
        return sent & theirs if codes else NOTHING
    return _is_read(user) & ~_kept_from_assessors()


def _is_sent_and_free(user: "User") -> Q:
    # A draft that was withdrawn was never sent: it stays the city's own. Who belongs to a city does
    # not look after what it sent, whatever role of staff they took up beside.
    own = Membership.objects.filter(user=user.pk).values("organisation")
    sent = ~Q(status=S.DRAFT) & Q(submitted_at__isnull=False)
    return sent & ~Q(pk__in=_linked(user)) & ~Q(organisation__in=own)


def _is_read(user: "User") -> Q:
    """Return the condition on what is assigned to an assessor who has declared since."""
    since = {"call": OuterRef("call"), "made_at__gte": OuterRef("submitted_at")}
    declared = Q(Exists(user.declarations.filter(**since)))
    assigned = Q(pk__in=user.assignments.values("application"))
    return _is_sent_and_free(user) & assigned & declared


@cache
def _kept_from_assessors() -> Q:
    """Return what no assessor reaches, as the rooms above say.

    The socket is `reach.py` with a function `kept_from_assessors`.
    """
    found = (module.kept_from_assessors() for module in plugged("reach"))
    return reduce(or_, found, NOTHING)


class Application(FSMModelMixin, models.Model):
    """A city's (or group's) application to a call.

    `status` moves only through the transitions below, called by services under a lock. What
    was sent stands in its submissions, what staff decided in its decisions: rows that stay.
    `version` counts saves of the details, for the conflict check. A city that changes what it
    has sent does so in a working copy (`revises`), a draft of its own.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="applications")
    # The sent application that this one is a working copy of: its city changes it here, while
    # what was sent stands there. A copy never has a reference and is never judged.
    revises = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="working_copies"
    )
    draft_key = models.CharField(max_length=30, unique=True, default=new_draft_key)
    # Given once, on sending; null before.
    reference = models.CharField(max_length=40, unique=True, null=True, blank=True)
    status = FSMField(_("status"), choices=S, default=S.DRAFT, protected=True)
    kind = models.CharField(max_length=10, choices=ApplicantKind, default=ApplicantKind.SINGLE)
    contact_name = models.CharField(max_length=150, blank=True)
    contact_position = models.CharField(max_length=150, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    # The second contact, who answers while the first is away.
    deputy_name = models.CharField(max_length=150, blank=True)
    deputy_position = models.CharField(max_length=150, blank=True)
    deputy_email = models.EmailField(blank=True)
    deputy_phone = models.CharField(max_length=40, blank=True)
    # The political signatory.
    signatory_name = models.CharField(max_length=150, blank=True)
    signatory_office = models.CharField(max_length=150, blank=True)
    exception_reason = models.TextField(blank=True)
    themes = models.ManyToManyField(Theme, related_name="+", blank=True)
    partner_countries = models.ManyToManyField(Country, related_name="+", blank=True)
    commitments_accepted = models.BooleanField(default=False)
    # Null when the call asks no questions of its own.
    response = models.OneToOneField(
        Response,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="application",
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # When its details were saved last; its answers have times of their own.
    saved_at = models.DateTimeField(default=timezone.now)
    # When the newest submission was sent: a copy, so that long lists sort and filter by it
    # without a join. Only `submit_application` sets it, with the row itself.
    submitted_at = models.DateTimeField(null=True, blank=True)
    # What staff search by, folded: `applications.selectors.searched_text`. The services keep it.
    search_text = models.TextField(editable=False, default="", blank=True)
    is_demo = models.BooleanField(default=False)
    if TYPE_CHECKING:
        # When the call closes for its organisation: read along by `with_closing`.
        closes_at: datetime | None

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-submitted_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["call", "organisation"],
                condition=~Q(status=S.WITHDRAWN) & Q(revises__isnull=True),
                name="application_one_per_call",
            ),
            models.UniqueConstraint(
                fields=["revises"],
                condition=Q(status=S.DRAFT),
                name="application_one_working_copy",
            ),
            models.CheckConstraint(
                condition=Q(revises__isnull=True)
                | Q(status__in=[S.DRAFT, S.WITHDRAWN], reference__isnull=True),
                name="application_copy_is_never_sent",
            ),
            models.CheckConstraint(
                condition=Q(status=S.DRAFT)
                | Q(status=S.WITHDRAWN)
                | Q(reference__isnull=False, submitted_at__isnull=False),
                name="application_sent_has_reference",
            ),
        ]
        indexes: ClassVar = [
            # What lists and counts of staff read: by call, by status, the newest first.
            models.Index(fields=["call", "status", "-submitted_at"]),
            models.Index(fields=["status", "-submitted_at", "-id"], name="application_by_status"),
            models.Index(fields=["-submitted_at", "-id"], name="application_newest"),
        ]

    def __str__(self) -> str:
        return self.reference or str(_("Draft of %(name)s") % {"name": self.organisation.name})

    @property
    def key(self) -> str:
        """Return what stands in the address: the reference, or the draft key before."""
        return self.reference or self.draft_key

    @property
    def public_status(self) -> str:
        """Return the status in the words the city reads."""
        return str(PUBLIC_LABELS[ApplicationStatus(self.status)])

    @property
    def is_draft(self) -> bool:
        """Whether it can still be edited."""
        return bool(self.status == S.DRAFT)

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether it is still the city's to take back."""
        return not self.is_copy and bool(can_proceed(self.mark_withdrawn))

    @property
    def can_be_changed(self) -> bool:
        """Whether it was sent and is still the city's to change and send again."""
        return not self.is_copy and bool(can_proceed(self.mark_sent_again))

    @property
    def is_copy(self) -> bool:
        """Whether it is the working copy of an application that was sent."""
        return self.revises_id is not None

    @property
    def label(self) -> str:
        """Return the reference, or for a draft the words for it."""
        return self.reference or str(_("Draft"))

    def name_contact(self, person: "User") -> tuple[str, ...]:
        """Make somebody the first contact, as their account says; return what it changed."""
        self.contact_name, self.contact_position = person.full_name, person.job_title
        self.contact_email, self.contact_phone = person.email, person.phone
        return "contact_name", "contact_position", "contact_email", "contact_phone"

    @transition(field=status, source=S.DRAFT, target=S.SUBMITTED)
    def mark_submitted(self) -> None:
        """Move to the eligibility check."""

    @transition(field=status, source=[S.SUBMITTED, S.ELIGIBLE, S.INELIGIBLE], target=S.SUBMITTED)
    def mark_sent_again(self) -> None:
        """Move back to the eligibility check with another content."""

    @transition(field=status, source=S.ELIGIBLE, target=S.SUBMITTED)
    def mark_check_reopened(self) -> None:
        """Move back to the eligibility check: it was found eligible by mistake, and nobody told."""

    @transition(field=status, source=[S.SUBMITTED, S.INELIGIBLE], target=S.ELIGIBLE)
    def mark_eligible(self) -> None:
        """Move to the assessment."""

    @transition(field=status, source=[S.SUBMITTED, S.ELIGIBLE], target=S.INELIGIBLE)
    def mark_ineligible(self) -> None:
        """Close it as not eligible."""

    @transition(field=status, source=[S.ELIGIBLE, S.RESERVE, S.REJECTED], target=S.ACCEPTED)
    def mark_accepted(self) -> None:
        """Choose it: it can be paired."""

    @transition(field=status, source=[S.ELIGIBLE, S.ACCEPTED, S.REJECTED], target=S.RESERVE)
    def mark_reserve(self) -> None:
        """Put it on the reserve list."""

    @transition(field=status, source=[S.ELIGIBLE, S.RESERVE, S.ACCEPTED], target=S.REJECTED)
    def mark_rejected(self) -> None:
        """Close it as not chosen."""

    @transition(
        field=status,
        source=[S.DRAFT, S.SUBMITTED, S.ELIGIBLE, S.RESERVE],
        target=S.WITHDRAWN,
    )
    def mark_withdrawn(self) -> None:
        """Close it at the city's wish."""

    @transition(field=status, source=S.ACCEPTED, target=S.WITHDRAWN)
    def mark_given_up(self) -> None:
        """Close it after its city was chosen: the city gives its place up."""
