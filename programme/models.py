"""The programme: countries, cities, organisations and their people, themes, calls."""

import hashlib
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from accounts import rules as account_rules
from accounts.text import fold
from programme.states import (
    CallPhase,
    CallStatus,
    GoalFramework,
    InvitationState,
    MembershipRole,
    MilestoneKind,
    OrganisationKind,
    Origin,
    Side,
)

if TYPE_CHECKING:
    from accounts.models import User


class Strand(models.Model):
    """A kind of call: city-to-city, inter-regional, or the Global Covenant of Mayors."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    applicants = models.CharField(max_length=200)
    product = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class CountryQuerySet(models.QuerySet["Country"]):
    """Reads on countries."""

    def in_europe(self) -> "CountryQuerySet":
        """Countries whose cities apply: members of the EU and those that once were."""
        return self.filter(side=Side.EU)

    def partners(self) -> "CountryQuerySet":
        """Countries whose cities are partners."""
        return self.filter(side=Side.PARTNER)


class Country(models.Model):
    """A country by ISO 3166-1 alpha-2 code. Eligibility is decided per call, not here."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    search_name = models.CharField(max_length=80, editable=False, default="")
    side = models.CharField(max_length=10, choices=Side)
    world_region = models.CharField(max_length=60, blank=True)
    is_eu_member = models.BooleanField(default=False)

    objects = CountryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = _("countries")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = fold(self.name)
        super().save(*args, **kwargs)


class Theme(models.Model):
    """One of the few themes that group the many topics of calls and pairings."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    icon = models.CharField(max_length=30, default="leaf")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """What a pairing works on, in the words that were published."""

    name = models.CharField(max_length=120, unique=True)
    search_name = models.CharField(max_length=120, editable=False, default="")
    themes = models.ManyToManyField(Theme, related_name="topics", blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = fold(self.name)
        super().save(*args, **kwargs)


class Goal(models.Model):
    """A goal, target or commitment of an international agreement."""

    framework = models.CharField(max_length=20, choices=GoalFramework)
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["framework", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "code"], name="goal_code_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class CityQuerySet(models.QuerySet["City"]):
    """Reads on cities."""

    def matching(self, words: str) -> "CityQuerySet":
        """Find by name whatever the accents, those that begin with it and large ones first."""
        needle = fold(words).strip()
        return self.filter(search_name__contains=needle).order_by(
            Case(When(search_name__startswith=needle, then=0), default=1),
            F("reference_population").desc(nulls_last=True),
            "name",
        )


class City(models.Model):
    """A place on the map: a settlement with coordinates, mostly from GeoNames.

    `reference_population` is undated and of the settlement, not the municipality: it is
    shown as a hint with its source and never decides anything.
    """

    geonameid = models.PositiveIntegerField(unique=True, null=True, blank=True)
    name = models.CharField(max_length=120)
    search_name = models.CharField(max_length=120, editable=False, default="", db_index=True)
    country = models.ForeignKey(Country, models.PROTECT, related_name="cities")
    admin1 = models.CharField(max_length=20, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    reference_population = models.PositiveIntegerField(null=True, blank=True)
    reference_source = models.CharField(max_length=200, blank=True)

    objects = CityQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = _("cities")

    def __str__(self) -> str:
        return self.name

    @property
    def hint(self) -> str:
        """Country and reference population, to tell cities of one name apart."""
        if self.reference_population is None:
            return self.country.name
        return f"{self.country.name}, {number_format(self.reference_population)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = fold(self.name)
        super().save(*args, **kwargs)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reads on organisations."""

    def of(self, user: "User") -> "OrganisationQuerySet":
        """Organisations the person belongs to, in any role."""
        return self.filter(memberships__user=user)

    def visible_to(self, user: "User") -> "OrganisationQuerySet":
        """Return what the person may open: their own; staff all, save assessors.

        Assessors see applications, not the people behind them.
        """
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member and not account_rules.is_assessor(user):
            return self
        return self.of(user)

    def matching(self, words: str) -> "OrganisationQuerySet":
        """Find by name or country, whatever the accents: Lodz finds Łódź."""
        found = self
        for word in fold(words).split():
            found = found.filter(
                Q(search_name__contains=word) | Q(country__search_name__contains=word)
            )
        return found


class Organisation(models.Model):
    """A city authority (or a body of several) that applies, is paired and writes plans."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(_("official name"), max_length=200)
    search_name = models.CharField(max_length=200, editable=False, default="", db_index=True)
    kind = models.CharField(
        max_length=20, choices=OrganisationKind, default=OrganisationKind.MUNICIPALITY
    )
    side = models.CharField(max_length=10, choices=Side)
    country = models.ForeignKey(Country, models.PROTECT, related_name="organisations")
    # The first city gives the point on the map; a group or metropolitan body has several.
    cities = models.ManyToManyField(City, through="OrganisationCity", related_name="organisations")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    # How many pairings it can carry at a time.
    capacity = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(0), MaxValueValidator(20)]
    )
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.PORTAL)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["country", "name"], name="organisation_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = fold(self.name)
        super().save(*args, **kwargs)

    @property
    def initials(self) -> str:
        """Two letters for the city badge."""
        words = [w for w in self.name.replace("-", " ").split() if w[:1].isalpha()]
        if len(words) > 1:
            return (words[0][0] + words[1][0]).upper()
        return self.name[:2].upper()


class OrganisationCity(models.Model):
    """A city that belongs to an organisation, in order; the first is its seat."""

    organisation = models.ForeignKey(Organisation, models.CASCADE)
    city = models.ForeignKey(City, models.PROTECT)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "city"], name="organisation_city_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.city}"


class CapacitySlot(models.Model):
    """One place for a running pairing; an organisation has as many as its capacity.

    A pairing member holds a slot one-to-one, so the database itself refuses one more.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="slot_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.number}"


class Membership(models.Model):
    """A person's role in an organisation."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=MembershipRole)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["since"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organisation"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}), {self.organisation}"


class Invitation(models.Model):
    """A single-use, expiring invitation to join an organisation, sent by mail.

    Only a hash of the token is kept: who reads the database cannot join.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=MembershipRole)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.organisation}"

    @property
    def state(self) -> InvitationState:
        """What its link does now."""
        if self.accepted_at:
            return InvitationState.USED
        if self.revoked_at:
            return InvitationState.REVOKED
        if self.expires_at <= timezone.now():
            return InvitationState.EXPIRED
        return InvitationState.OPEN


class DeskCountry(models.Model):
    """A partner country that a regional desk sees and acts on."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="desk_countries"
    )
    country = models.ForeignKey(Country, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "country"], name="desk_country_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.country}"


class CallQuerySet(models.QuerySet["Call"]):
    """Reads on calls."""

    def published(self) -> "CallQuerySet":
        """Calls the public may read."""
        return self.filter(status=CallStatus.PUBLISHED)

    def open_at(self, now: datetime) -> "CallQuerySet":
        """Published calls that take applications at `now`; the closing instant is in."""
        return self.published().filter(opens_at__lte=now, closes_at__gte=now.replace(microsecond=0))


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
    decisions_on = models.DateField(null=True, blank=True)
    duration_months = models.PositiveSmallIntegerField(
        default=18, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    min_population = models.PositiveIntegerField(null=True, blank=True, default=100_000)
    # Strict: exactly the minimum is not enough.
    min_population_strict = models.BooleanField(default=True)
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
        ]

    def __str__(self) -> str:
        return self.title

    def phase(self, now: datetime | None = None) -> CallPhase:
        """Return what the clock makes of the call at `now` (default: the server's time)."""
        now = now or timezone.now()
        if self.status == CallStatus.DRAFT:
            return CallPhase.DRAFT
        if self.opens_at and now < self.opens_at:
            return CallPhase.COMING
        # A second is in as a whole: 17:00:00.9 still counts as 17:00:00.
        if self.closes_at is None or now.replace(microsecond=0) > self.closes_at:
            return CallPhase.CLOSED
        return CallPhase.OPEN

    @property
    def is_open(self) -> bool:
        """Whether applications are taken now."""
        return self.phase() == CallPhase.OPEN


class CallCommitment(models.Model):
    """One thing a chosen city commits to."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="commitments")
    text = models.CharField(max_length=400)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.text


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


def new_token() -> str:
    """Return a random token for addresses, 128 bits, URL-safe."""
    return secrets.token_urlsafe(16)


def hash_of(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
