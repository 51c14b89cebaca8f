"""Local Action Plans: one per city of a running pairing, with objectives and measures."""

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from action_plans.states import (
    CityScope,
    Currency,
    FundingStatus,
    MeasureKind,
    MeasureStatus,
    PlanStatus,
)
from pairings.models import Pairing, PairingMember
from programme.models import Goal
from questionnaires.models import Response

if TYPE_CHECKING:
    from accounts.models import User


class PlanQuerySet(models.QuerySet["Plan"]):
    """Who sees which plan."""

    def visible_to(self, user: "User") -> "PlanQuerySet":
        """Return the plans the person may read.

        Those of their pairings, their own city's and the partner's; staff as for pairings.
        """
        return self.filter(member__pairing__in=Pairing.objects.visible_to(user).order_by())


class Plan(models.Model):
    """The Local Action Plan of one organisation in one pairing."""

    reference = models.CharField(max_length=40, unique=True)
    member = models.OneToOneField(PairingMember, models.PROTECT, related_name="plan")
    response = models.OneToOneField(Response, models.PROTECT, related_name="plan")
    status = models.CharField(max_length=12, choices=PlanStatus, default=PlanStatus.DRAFT)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.reference


class Objective(models.Model):
    """A strategic objective of a plan; every measure serves one."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="objectives")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="objective_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Measure(models.Model):
    """An action or pilot project: what, why, who, when, with which money and result.

    `code` is A<objective>.<n>, given once. `version` counts saves, for the conflict check.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="measures")
    code = models.CharField(max_length=12)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=MeasureKind, default=MeasureKind.ACTION)
    city_scope = models.CharField(max_length=10, choices=CityScope, default=CityScope.OWN)
    objective = models.ForeignKey(Objective, models.PROTECT, related_name="measures")
    problem = models.TextField(blank=True)
    description = models.TextField(blank=True)
    inspiration = models.TextField(blank=True)
    target_groups = models.CharField(max_length=300, blank=True)
    lead_body = models.CharField(max_length=200, blank=True)
    partners = models.CharField(max_length=500, blank=True)
    start_date = models.DateField(null=True, blank=True)
    end_date = models.DateField(null=True, blank=True)
    outputs = models.TextField(blank=True)
    currency = models.CharField(max_length=3, choices=Currency, default=Currency.EUR)
    cost_total = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    viability_note = models.TextField(blank=True)
    ghg_reduction = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    energy_saved = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    renewable_produced = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    goals = models.ManyToManyField(Goal, related_name="+", blank=True)
    status = models.CharField(max_length=12, choices=MeasureStatus, default=MeasureStatus.DRAFT)
    progress_percent = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(100)]
    )
    is_public = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["objective__number", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "code"], name="measure_code_once"),
            models.CheckConstraint(
                condition=Q(start_date=None) | Q(end_date=None) | Q(end_date__gte=F("start_date")),
                name="measure_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Indicator(models.Model):
    """How a measure's result is seen."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="indicators")
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=40, blank=True)
    baseline = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    target_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class FundingLine(models.Model):
    """Who pays how much of a measure, and how sure that is."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="funding")
    source = models.CharField(max_length=160)
    status = models.CharField(max_length=10, choices=FundingStatus, default=FundingStatus.PLANNED)
    amount = models.DecimalField(
        max_digits=14, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.source


class Risk(models.Model):
    """What could go wrong with a measure and what is done about it."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="risks")
    text = models.CharField(_("risk"), max_length=300)
    mitigation = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.text
