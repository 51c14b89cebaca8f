"""What a chosen city says of possible partners before it is paired."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from programme.calls.models import Call
from programme.organisations.models import Organisation


class PartnerWish(models.Model):
    """That an organisation would like, or would not like, another one as its partner in a call.

    It is told after acceptance and counts before what the application says of the same partner.
    No other city ever reads it: staff read it where both wish for each other, and where they are
    about to propose somebody who is not wanted.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="partner_wishes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="partner_wishes")
    about = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # False: not with this one.
    is_wanted = models.BooleanField()
    word = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-is_wanted", "-at", "-id"]
        verbose_name_plural = "partner wishes"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["call", "organisation", "about"], name="partner_wish_once"
            ),
            models.CheckConstraint(
                condition=~Q(organisation=F("about")), name="partner_wish_is_about_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.about}"
