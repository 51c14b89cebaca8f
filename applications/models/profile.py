"""What an applicant looks for in a partner: challenges, wishes, earlier cooperation.

None of it decides who may apply; it is what staff and the recommender find a partner with.
"""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from applications.models.application import Application
from applications.states import Direction, Weight, WishKind
from programme.models import City, Country, MainTopic
from programme.organisations.models import Organisation


class Profile(models.Model):
    """The profile of an application as one page saves it: version, and what the partner is like.

    It is made with the first save. `version` counts the saves of all that stands on the page,
    for the conflict check.
    """

    application = models.OneToOneField(Application, models.CASCADE, related_name="profile")
    version = models.PositiveIntegerField(default=1)
    population_from = models.PositiveIntegerField(null=True, blank=True)
    population_to = models.PositiveIntegerField(null=True, blank=True)
    # Kinds of body wished for (OrganisationKind); empty: any.
    kinds = models.JSONField(default=list, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(population_from__isnull=True)
                | Q(population_to__isnull=True)
                | Q(population_from__lte=F("population_to")),
                name="profile_population_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.application)


class Challenge(models.Model):
    """A main topic that the applicant wants to learn about, or has something to share on."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="challenges")
    topic = models.ForeignKey(MainTopic, models.PROTECT, related_name="+")
    direction = models.CharField(max_length=10, choices=Direction)
    weight = models.PositiveSmallIntegerField(
        choices=Weight,
        default=Weight.MUCH,
        validators=[MinValueValidator(Weight.SOME), MaxValueValidator(Weight.MOST)],
    )
    words = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["direction", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "direction", "topic"], name="challenge_topic_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()}: {self.topic}"


class Wish(models.Model):
    """A country, city or organisation that is wished for as a partner, or left out; and why.

    The countries wished for are those of `Application.partner_countries`.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="wishes")
    kind = models.CharField(max_length=15, choices=WishKind)
    # False: not with this one.
    is_wanted = models.BooleanField(default=True)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-is_wanted", "order", "id"]
        verbose_name_plural = "wishes"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind=WishKind.COUNTRY,
                    is_wanted=False,
                    country__isnull=False,
                    city__isnull=True,
                    organisation__isnull=True,
                )
                | Q(
                    kind=WishKind.CITY,
                    country__isnull=True,
                    city__isnull=False,
                    organisation__isnull=True,
                )
                | Q(
                    kind=WishKind.ORGANISATION,
                    country__isnull=True,
                    city__isnull=True,
                    organisation__isnull=False,
                ),
                name="wish_names_what_it_says",
            ),
            *(
                models.UniqueConstraint(fields=["application", kind], name=f"wish_{kind}_once")
                for kind in ("country", "city", "organisation")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Country | City | Organisation:
        """Return what is named; the database sees to it that there is exactly one."""
        place: Country | City | Organisation = getattr(self, self.kind)
        return place

    @property
    def name(self) -> str:
        """Return what is named, in words."""
        return self.place.name

    @property
    def country_name(self) -> str:
        """Return the country of a city or organisation; "" for a country."""
        return "" if isinstance(self.place, Country) else self.place.country.name


class EarlierCooperation(models.Model):
    """A partner that the applicant has worked with before: who, when, on what.

    `city` is the place that was chosen for the name, if one was.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="cooperations")
    partner = models.CharField(max_length=200)
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    years = models.CharField(max_length=60, blank=True)
    words = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.partner
