"""What the first of two people found in an eligibility check."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from applications.models.application import Application
from applications.states import OUTCOMES, ApplicationStatus, DecisionStage


class FirstCheck(models.Model):
    """What the first person found, where the call asks for two: it waits for another's word.

    It goes once it is confirmed or taken back, or another one is written in its place; the
    trail keeps all of them.
    """

    application = models.OneToOneField(Application, models.CASCADE, related_name="first_check")
    outcome = models.CharField(
        max_length=10,
        choices=[(end.value, end.label) for end in OUTCOMES[DecisionStage.ELIGIBILITY]],
    )
    # Of a refusal: what the city is to read.
    reason = models.TextField(blank=True)
    # Where each criterion stood then: whoever confirms has the same before them.
    states = models.JSONField()
    # Null once the account is gone: then nobody can tell who would be another person.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome=ApplicationStatus.ELIGIBLE) | ~Q(reason=""),
                name="first_check_refuses_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.outcome}"
