"""Who assesses an application, who has declared what link with whom, and is kept away from it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from applications.models.application import Application
from programme.calls.models import Call


class Assignment(models.Model):
    """That an assessor is to assess an application, and may see it once they have declared."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="assignments")
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments"
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    # Chosen by hand: the next automatic assignment leaves it as it is.
    is_locked = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "assessor"], name="assignment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.assessor}"


class Declaration(models.Model):
    """That an assessor has gone through the names of a call's applicants and said which they know.

    It covers what had been sent by then: of what is sent later, or sent again with other names,
    they are asked again before they see it.
    """

    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="declarations"
    )
    call = models.ForeignKey(Call, models.CASCADE, related_name="declarations")
    made_at = models.DateTimeField(default=timezone.now)
    # 1, 2, 3 … of this person and call.
    number = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessor", "call", "number"], name="declaration_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}, {self.assessor}: {self.number}"


class Conflict(models.Model):
    """A link of a member of staff with an applicant: while it stands they see nothing of it.

    Lifting it is a step of its own, with who and why; the row stays.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="conflicts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="conflicts")
    reason = models.TextField()
    declared_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.TextField(blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-declared_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "person"],
                condition=Q(lifted_at=None),
                name="conflict_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | ~Q(lifted_because=""),
                name="conflict_lifted_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.person}"
