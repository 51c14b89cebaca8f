"""What the programme's files say: strands, countries, themes, topics, goals, cities."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Case, F, Min, Q, When
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from core.kit.text import fold
from programme.places import keyed_names, name_key
from programme.states import GoalFramework, Side, TagGroup


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
        ordering: ClassVar = ["search_name"]
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


class MainTopic(models.Model):
    """What a city wants to learn or can share: the one list that profiles choose from.

    The many published topics say the same in other words; each names its main topics.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="main_topics")
    definition = models.CharField(max_length=200)
    # How a city says that it wants to learn this, and that it can share it.
    need = models.CharField(max_length=120)
    offer = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["theme__order", "order"]

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """What a pairing works on, in the words that were published."""

    name = models.CharField(max_length=120, unique=True)
    search_name = models.CharField(max_length=120, editable=False, default="")
    themes = models.ManyToManyField(Theme, related_name="topics", blank=True)
    main_topics = models.ManyToManyField(MainTopic, related_name="topics", blank=True)

    class Meta:
        ordering: ClassVar = ["search_name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = fold(self.name)
        super().save(*args, **kwargs)


class Tag(models.Model):
    """What kind of city it is: port, university, mountain, tourism …; cities choose them."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    group = models.CharField(max_length=20, choices=TagGroup)
    definition = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order"]

    def __str__(self) -> str:
        return self.name


class Language(models.Model):
    """A language in which a city can work with a partner, by its ISO 639-1 code."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=40)
    # As its speakers write it.
    own_name = models.CharField(max_length=40)
    # Codes of the countries where it is official or widely used in administration.
    countries = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


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

    def called(self, name: str) -> "CityQuerySet":
        """Return the places of exactly this name, in whichever language and script it is."""
        key = name_key(name)
        return self.filter(pk__in=CityName.objects.filter(search_name=key, word=0).values("city"))

    def by_word(self, word: str) -> "CityQuerySet":
        """Return the places whose main name has the folded word in it, or any begins with it."""
        begun = CityName.objects.filter(search_name__begins=name_key(word) or word)
        return self.filter(Q(search_name__contains=word) | Q(pk__in=begun.values("city")))

    def matching(self, words: str) -> "CityQuerySet":
        """Find by any name, or a later word of the main one.

        Whole names come first, then the main name and its words, then the other names; among
        them large cities before small ones.
        """
        key = name_key(words)
        if not key:
            return self.none()
        rank = Case(
            When(names__search_name=key, names__word=0, then=0),
            When(names__word=0, names__name=F("name"), then=1),
            When(names__word__gt=0, then=2),
            default=3,
        )
        return (
            self.filter(names__search_name__begins=key)
            .annotate(rank=Min(rank))
            .order_by("rank", F("reference_population").desc(nulls_last=True), "search_name", "pk")
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
        ordering: ClassVar = ["search_name"]
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
        CityName.objects.bulk_create(
            (
                CityName(city=self, name=name, search_name=key, word=word)
                for key, (name, word) in keyed_names(self.name).items()
            ),
            ignore_conflicts=True,
        )


class CityName(models.Model):
    """A name by which people look for a city: endonyms, exonyms, other scripts, former names.

    `search_name` is its key (`programme.places.name_key`). `word` is 0 for a whole name; a later
    word of the main name has a row of its own, so that one index finds all.
    """

    # The constraint below is its index.
    city = models.ForeignKey(City, models.CASCADE, related_name="names", db_index=False)
    name = models.CharField(max_length=120)
    search_name = models.CharField(max_length=120, db_index=True)
    word = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["search_name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "search_name"], name="city_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
