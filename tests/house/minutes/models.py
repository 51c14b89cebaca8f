from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts import rules as account_rules
from programme.organisations.models import Organisation


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def reached_by(self, user):
        return self if account_rules.sees_everything(user) else self.none()


class Minutes(models.Model):
    """What was said at a meeting, to be written by a day."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    meeting = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    text = models.TextField(blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = MinutesQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_at"]

    def __str__(self) -> str:
        return self.meeting
