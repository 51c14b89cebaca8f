"""Organisations, their places for pairings, and their people."""

import datetime as dt
import hashlib
import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import rules as account_rules
from core.kit import days
from core.kit.text import fold
from core.kit.wordwise import in_words_or_whole
from programme.models import City, Country, Language, Tag
from programme.names import core_skeleton
from programme.organisations.rules import is_desk_with_countries, of_desk
from programme.organisations.states import (
    InvitationState,
    MembershipRole,
    OrganisationKind,
    Standing,
)
from programme.states import Origin, Side

if TYPE_CHECKING:
    from accounts.models import User


def new_token() -> str:
    """Return a random token for addresses, 128 bits, URL-safe."""
    return secrets.token_urlsafe(16)


def hash_of(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reads on organisations."""

    def of(self, user: "User") -> "OrganisationQuerySet":
        """Organisations the person belongs to, in any role."""
        return self.filter(memberships__user=user)

    def reached_by(self, user: "User") -> "OrganisationQuerySet":
        """Return what staff act on: coordinators and observers all, a desk its countries.

        Assessors see applications, not the people behind them.
        """
        if account_rules.sees_everything(user):
            return self
        if account_rules.is_regional_desk(user):
            return self.filter(of_desk(user))
        return self.none()

    def visible_to(self, user: "User") -> "OrganisationQuerySet":
        """Return what the person may open: their own, and what their role reaches.

        A desk with countries also reads the cities of Europe: its own are paired with them.
        """
        if not user.is_authenticated:
            return self.none()
        if account_rules.sees_everything(user):
            return self
        own = Q(pk__in=user.memberships.values("organisation"))
        if is_desk_with_countries(user):
            return self.filter(own | Q(side=Side.EU) | of_desk(user))
        return self.filter(own)

    def lasting(self) -> "OrganisationQuerySet":
        """Return all but those that only hold the drafts of a claim; see Claim.stand_in."""
        return self.filter(stands_in_for=None)

    def without_lead(self) -> "OrganisationQuerySet":
        """Return those that have people or hold a pairing, but no lead who can sign in.

        What they owe reaches nobody who may do it; staff invite a lead.
        """
        # Read once through and grouped: asking each of a hundred thousand takes ten times as long.
        closed = get_user_model().objects.filter(is_active=False)
        leads = Count("pk", filter=Q(role=MembershipRole.LEAD) & ~Q(user__in=closed.values("pk")))
        teams = Membership.objects.order_by().values("organisation").annotate(leads=leads)
        people = Membership.objects.filter(organisation=OuterRef("organisation"))
        held = CapacitySlot.objects.filter(~Exists(people), held_by__isnull=False)
        return self.filter(
            Q(pk__in=teams.filter(leads=0).values("organisation"))
            | Q(pk__in=held.values("organisation"))
        )

    def of_place(self, word: str) -> "OrganisationQuerySet":
        """Return those one of whose cities is known by a name with this folded word."""
        cities = City.objects.by_word(word)
        linked = OrganisationCity.objects.filter(city__in=cities.values("pk"))
        return self.filter(pk__in=linked.values("organisation"))

    def once_called(self, word: str) -> models.QuerySet[Any, Any]:
        """Return the ids of those with this folded word in a former or coming name."""
        names = OrganisationName.objects.order_by().filter(search_name__contains=word)
        return names.values("organisation")

    def matching(self, words: str) -> "OrganisationQuerySet":
        """Find by name, city or country, whatever the accents: Lodz finds Łódź.

        A city that belongs to a group finds the group, and all its names find it: Lisboa, Lisbon.
        So do former names, and those of what was merged into it.
        """

        def named(word: str) -> Q:
            return (
                Q(search_name__contains=word)
                | Q(country__search_name__contains=word)
                | Q(pk__in=Organisation.objects.of_place(word).values("pk"))
                | Q(pk__in=Organisation.objects.once_called(word))
            )

        return self.filter(in_words_or_whole(words, named))


class _Compared(models.Model):
    """What has a name by which it is found and compared."""

    name: Any
    search_name: Any
    skeleton: Any

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = fold(self.name)
        self.skeleton = core_skeleton(self.name)[:200]
        super().save(*args, **kwargs)


class Organisation(_Compared):
    """A city authority (or a body of several) that applies, is paired and writes plans."""

    slug = models.SlugField(max_length=120, unique=True)
    # What it is called today; what it was and will be called: models.naming. Only the services
    # of naming and merging write it, and let what holds it follow (the socket naming.py).
    name = models.CharField(_("official name"), max_length=200)
    search_name = models.CharField(max_length=200, editable=False, default="", db_index=True)
    # What likely doubles have in common: programme.names.core_skeleton.
    skeleton = models.CharField(max_length=200, editable=False, default="")
    # By which skeleton it was last looked at for likely doubles (services.doubles).
    compared_as = models.CharField(max_length=200, editable=False, default="")
    kind = models.CharField(
        max_length=20, choices=OrganisationKind, default=OrganisationKind.MUNICIPALITY
    )
    standing = models.CharField(max_length=12, choices=Standing, default=Standing.CONFIRMED)
    # Why it is none of its likely doubles, in the words of who registered it.
    differs_because = models.CharField(max_length=500, blank=True)
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
    # What kind of city it is and in which languages it works, in its own judgement. The version
    # counts saves of the two, for the conflict check.
    tags = models.ManyToManyField(Tag, related_name="+", blank=True)
    languages = models.ManyToManyField(Language, related_name="+", blank=True)
    description_version = models.PositiveIntegerField(default=1)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.PORTAL)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["search_name"]
        # Not unique: two places of a country can have one name. Likely doubles are asked about.
        indexes: ClassVar = [
            models.Index(fields=["country", "skeleton"], name="organisation_skeleton"),
            # Few of very many.
            models.Index(
                fields=["created_at"],
                condition=Q(standing=Standing.TO_CONFIRM),
                name="organisation_to_confirm",
            ),
            models.Index(
                fields=["id"],
                condition=~Q(compared_as=F("skeleton")),
                name="organisation_to_compare",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def own_names(self) -> list["OrganisationName"]:
        """What it was called itself, the first name first; empty where it was never renamed."""
        return [row for row in self.names.all() if row.is_own]

    def name_on(self, day: dt.date) -> str:
        """Return what it was called on a day, or will be."""
        found = self.name
        for row in self.own_names:
            if row.from_day is None or row.from_day <= day:
                found = row.name
        return found

    @property
    def is_region(self) -> bool:
        """Whether it is a region or province, which pages do not call a city."""
        return self.kind == OrganisationKind.REGION

    @property
    def initials(self) -> str:
        """Two letters for the city badge."""
        words = [w for w in self.name.replace("-", " ").split() if w[:1].isalpha()]
        if len(words) > 1:
            return (words[0][0] + words[1][0]).upper()
        return self.name[:2].upper()


class OrganisationName(_Compared):
    """A name of an organisation and the day from which it counts.

    Who was never renamed has none of these rows: `Organisation.name` says it all. The first row
    counts from the beginning, each later one takes over on its day, and the last of them that has
    begun stands in `Organisation.name`. A day to come is a name to come.
    """

    # Who is found by it.
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    # Who was called so: another one, once that was merged into this.
    bearer_id = models.PositiveBigIntegerField()
    name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200, editable=False, default="", db_index=True)
    skeleton = models.CharField(max_length=200, editable=False, default="", db_index=True)
    # None: from the beginning.
    from_day = models.DateField(null=True, blank=True, db_index=True)
    reason = models.TextField(blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = [F("from_day").asc(nulls_first=True), "pk"]
        verbose_name = "name"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bearer_id", "from_day"], name="name_of_a_day_once"),
            models.UniqueConstraint(
                fields=["bearer_id"], condition=Q(from_day=None), name="name_first_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_own(self) -> bool:
        """Whether the organisation itself was called so, not one that was merged into it."""
        return self.bearer_id == self.organisation_id


class OrganisationCity(models.Model):
    """A city that belongs to an organisation, in order; the first is its seat."""

    organisation = models.ForeignKey(Organisation, models.CASCADE)
    city = models.ForeignKey(City, models.PROTECT)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("place"), _("places")
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
        verbose_name, verbose_name_plural = _("place for a pairing"), _("places for pairings")
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
        verbose_name, verbose_name_plural = _("person of the team"), _("people of the team")
        ordering: ClassVar = ["since"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organisation"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}), {self.organisation}"


class InvitationByMail(models.Model):
    """A single-use, expiring link that was sent to an address.

    Only a hash of the token is kept: who reads the database cannot use it.
    """

    email = models.EmailField()
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
        abstract = True
        ordering: ClassVar = ["-created_at"]

    @property
    def state(self) -> InvitationState:
        """What its link does now."""
        if self.accepted_at:
            return InvitationState.USED
        if self.revoked_at:
            return InvitationState.REVOKED
        if self.expires_at <= days.now():
            return InvitationState.EXPIRED
        return InvitationState.OPEN


class Invitation(InvitationByMail):
    """An invitation to join an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=MembershipRole)

    class Meta(InvitationByMail.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.organisation}"


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
