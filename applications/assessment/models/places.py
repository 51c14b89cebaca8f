"""Places that accepted cities gave up, and who takes them from the reserve list."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from applications.assessment.models.outcomes import Outcome
from applications.assessment.states import PendingOutcome
from applications.models import Application, Decision
from applications.states import DecisionStage

if TYPE_CHECKING:
    from accounts.models import User


def _took_it() -> "models.QuerySet[Decision]":
    """Return the acceptance of who was to take a place, told since and not put right after it."""
    later = Decision.objects.filter(
        application=OuterRef("application"),
        stage=DecisionStage.OUTCOME,
        number__gt=OuterRef("number"),
    )
    return Decision.objects.filter(
        ~Exists(later.order_by()),
        application=OuterRef("taken_by"),
        outcome=PendingOutcome.ACCEPT,
        at__gte=OuterRef("taken_at"),
    ).order_by()


class FreePlaceQuerySet(models.QuerySet["FreePlace"]):
    """Which places are still to be filled."""

    def visible_to(self, user: "User") -> "FreePlaceQuerySet":
        """Return those that came free by an application which the person's role reaches."""
        return self.filter(application__in=Application.objects.reached_by(user).values("pk"))

    def with_state(self) -> "FreePlaceQuerySet":
        """Say of each whether it is filled, or an acceptance for it is prepared."""
        on_its_way = Outcome.objects.pending().filter(
            application=OuterRef("taken_by"), outcome=PendingOutcome.ACCEPT
        )
        return self.annotate(is_filled=Exists(_took_it()), is_in_hand=Exists(on_its_way.order_by()))

    def to_fill(self) -> "FreePlaceQuerySet":
        """Return those for which nobody is prepared, and that are not left empty.

        Whoever was to take one and withdrew, or is prepared for something else, leaves it free.
        """
        is_free = Q(("closed_at", None), ("is_filled", False), ("is_in_hand", False))
        return self.with_state().filter(is_free)


class FreePlace(models.Model):
    """The place of an accepted city that gave it up; the reserve list moves up into it."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="free_place")
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Staff wrote it down for the city.
    is_on_behalf = models.BooleanField(default=False)
    # Until when it is offered to the next: the coordinators are reminded by it.
    fill_by = models.DateTimeField()
    # Whose acceptance was prepared for it last; empty once they are prepared for another place.
    taken_by = models.OneToOneField(
        Application, models.PROTECT, null=True, blank=True, related_name="place_taken"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_because = models.TextField(blank=True)

    if TYPE_CHECKING:
        # Read along by `with_state`.
        is_filled: bool
        is_in_hand: bool

    objects = FreePlaceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="place_given_up_for_a_reason"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_because="")
                | (Q(closed_at__isnull=False) & ~Q(closed_because="")),
                name="place_left_empty_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="place_taken_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.application)

    @property
    def is_free(self) -> bool:
        """Whether it is still to be filled; of what was read `with_state`."""
        return self.closed_at is None and not (self.is_filled or self.is_in_hand)
