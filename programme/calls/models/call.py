"""Calls with all their rules, and the counter of references."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts import rules as account_rules
from core.kit import days
from programme.calls.movable import Moved, lately_moved
from programme.calls.states import ApplicantSide, CallPhase, CallStatus, Checkers, MilestoneKind
from programme.models import Country, Strand, Theme
from programme.organisations.models import Organisation
from programme.organisations.states import OrganisationKind
from programme.states import Origin, Side

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class CallQuerySet(models.QuerySet["Call"]):
    """Reads on calls."""

    def published(self) -> "CallQuerySet":
        """Calls the public may read."""
        return self.filter(status=CallStatus.PUBLISHED)

    def visible_to(self, user: "User | AnonymousUser") -> "CallQuerySet":
        """Everybody reads published calls; the office reads drafts, to see them as a city will."""
        return self if account_rules.is_office(user) else self.published()

    def suiting(self, organisations: "models.QuerySet[Organisation]") -> "CallQuerySet":
        """Calls meant for one of these, by its side and as city or region; all if there is none."""
        regions = organisations.filter(kind=OrganisationKind.REGION)
        cities = organisations.exclude(kind=OrganisationKind.REGION)
        for_regions = Q(applicant_kinds__icontains=OrganisationKind.REGION)
        for_cities = ~Q(applicant_kinds=[OrganisationKind.REGION])
        return self.filter(
            for_regions & _takes_one_of(regions)
            | for_cities & _takes_one_of(cities)
            | ~Exists(organisations)
        )

    def opened_by(self, now: datetime) -> "CallQuerySet":
        """Published calls that take applications at `now`, or did before."""
        return self.published().filter(opens_at__lte=now)

    def open_at(self, now: datetime) -> "CallQuerySet":
        """Published calls that take applications at `now`; the closing instant is in."""
        return self.opened_by(now).filter(closes_at__gte=now.replace(microsecond=0))


def _takes_one_of(organisations: "models.QuerySet[Organisation]") -> Q:
    """Return the condition that a call opens for the side of one of these."""
    at_side = Exists(organisations.filter(side=OuterRef("applicant_side")))
    return at_side | Q(applicant_side=ApplicantSide.BOTH) & Exists(organisations)


class Call(models.Model):
    """A call for applications with all its rules: a new call needs no code.

    `opens_at` and `closes_at` are instants, edited and shown in Europe/Brussels. Up to
    and including the second of `closes_at` is in.
    """

    slug = models.SlugField(max_length=80, unique=True)
    # First part of the references of its applications, e.g. C2C-2026.
    code = models.CharField(max_length=20, unique=True)
    strand = models.ForeignKey(Strand, models.PROTECT, related_name="calls")
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=400, blank=True)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=CallStatus, default=CallStatus.DRAFT)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.PORTAL)
    # Null where the published record names no day.
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    # Until when cities express their interest; then those that are invited apply until
    # `closes_at`. Null: the call has one stage.
    interest_closes_at = models.DateTimeField(null=True, blank=True)
    # When the writers were last told of another closing time, and the one that they knew; null if
    # they never were. Then the same of the first stage.
    deadline_moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    deadline_moved_from = models.DateTimeField(null=True, blank=True, editable=False)
    interest_moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    interest_moved_from = models.DateTimeField(null=True, blank=True, editable=False)
    decisions_on = models.DateField(null=True, blank=True)
    duration_months = models.PositiveSmallIntegerField(
        default=18, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    min_population = models.PositiveIntegerField(null=True, blank=True, default=100_000)
    # Strict: exactly the minimum is not enough.
    min_population_strict = models.BooleanField(default=True)
    # Who of the two sides applies; partners of the others are proposed by staff.
    applicant_side = models.CharField(
        max_length=10, choices=ApplicantSide, default=ApplicantSide.EU
    )
    # Whether a municipality takes part in one application of this call, alone or in a group.
    takes_part_once = models.BooleanField(default=False)
    # How many people find together whether an application is eligible: one, or two, of whom
    # the second confirms what the first found.
    checkers = models.PositiveSmallIntegerField(choices=Checkers, default=Checkers.ONE)
    # Values of OrganisationKind that may apply.
    applicant_kinds = models.JSONField(default=list)
    eligible_countries = models.ManyToManyField(Country, related_name="+")
    partner_countries = models.ManyToManyField(Country, related_name="calls_as_partner")
    named_partners = models.ManyToManyField(Organisation, related_name="named_in", blank=True)
    themes = models.ManyToManyField(Theme, related_name="calls", blank=True)
    acceptance_days = models.PositiveSmallIntegerField(default=21)
    signature_days = models.PositiveSmallIntegerField(default=60)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-closes_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="call_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(interest_closes_at=None)
                | (Q(opens_at=None) | Q(interest_closes_at__gt=F("opens_at")))
                & (Q(closes_at=None) | Q(interest_closes_at__lt=F("closes_at"))),
                name="call_interest_closes_between",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def phase(self, now: datetime | None = None, *, closes_at: datetime | None = None) -> CallPhase:
        """Return what the clock makes of the call at `now` (default: the server's time).

        `closes_at` is the closing time of one applicant, where it is not the call's own.
        """
        now, closes_at = now or days.now(), closes_at or self.closes_at
        if self.status == CallStatus.DRAFT:
            return CallPhase.DRAFT
        if self.opens_at and now < self.opens_at:
            return CallPhase.COMING
        # A second is in as a whole: 17:00:00.9 still counts as 17:00:00.
        if closes_at is None or now.replace(microsecond=0) > closes_at:
            return CallPhase.CLOSED
        return CallPhase.OPEN

    def takes(self, side: str) -> bool:
        """Whether organisations of a side apply."""
        return self.applicant_side in (side, ApplicantSide.BOTH)

    @property
    def is_for_regions(self) -> bool:
        """Whether regions apply, and no cities."""
        return self.applicant_kinds == [OrganisationKind.REGION]

    def countries_of(self, side: str) -> "models.QuerySet[Country]":
        """Return the call's countries on a side: where applicants or their partners are."""
        return (
            self.partner_countries.all() if side == Side.PARTNER else self.eligible_countries.all()
        )

    @property
    def is_open(self) -> bool:
        """Whether applications are taken now."""
        return self.phase() == CallPhase.OPEN

    @property
    def is_two_stage(self) -> bool:
        """Whether cities express their interest first, and apply once they are invited."""
        return self.interest_closes_at is not None

    def takes_interests(self, now: datetime | None = None) -> bool:
        """Tell whether expressions of interest are taken at `now` (default: the server's time).

        The closing second is in, as for applications.
        """
        now = now or days.now()
        closes_at = self.interest_closes_at
        return closes_at is not None and self.phase(now, closes_at=closes_at) == CallPhase.OPEN

    @property
    def next_closing(self) -> datetime | None:
        """Return what closes next: the first stage while it takes something, else the call."""
        return self.interest_closes_at if self.takes_interests() else self.closes_at

    @property
    def lately_moved(self) -> list[Moved]:
        """Return which closing times were moved within the last week; no query."""
        return lately_moved(self, days.now())


class CallCommitment(models.Model):
    """One thing a chosen city commits to."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="commitments")
    text = models.CharField(max_length=400)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.text


class CallDocumentQuerySet(models.QuerySet["CallDocument"]):
    """Reads on the documents of calls."""

    def asked(self) -> "CallDocumentQuerySet":
        """Documents that the call asks for now."""
        return self.filter(is_asked=True)


class CallDocument(models.Model):
    """A document that a call asks an applicant for, or has asked for (`is_asked`).

    A row that goes is kept: applicants have put files on file for it.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="documents")
    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    # What it has to say or to look like.
    help = models.CharField(max_length=400, blank=True)
    is_required = models.BooleanField(default=True)
    is_asked = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = CallDocumentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "key"], name="call_document_key_once"),
        ]

    def __str__(self) -> str:
        return self.title


class CallMilestone(models.Model):
    """A milestone that every pairing of the call gets, counted from the start of the clock."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="milestones")
    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=15, choices=MilestoneKind, default=MilestoneKind.EVENT)
    offset_months = models.PositiveSmallIntegerField(default=0)
    offset_days = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["offset_months", "offset_days", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "key"], name="call_milestone_key_once"),
        ]

    def __str__(self) -> str:
        return self.title


class AssessmentCriterion(models.Model):
    """A criterion assessors score, with its weight in per cent."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    guidance = models.TextField(blank=True)
    # What each score means, by whole points: {"3": "The problem is clear."}.
    ladder = models.JSONField(default=dict, blank=True)
    weight = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])
    max_score = models.PositiveSmallIntegerField(default=5)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "key"], name="call_criterion_key_once"),
        ]

    def __str__(self) -> str:
        return self.title


class ReferenceCounter(models.Model):
    """The last number given out per prefix; locked while a new one is taken."""

    prefix = models.CharField(max_length=30, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last:04d}"
