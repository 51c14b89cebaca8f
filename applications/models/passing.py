"""A lead that leaves, and who is asked to lead in its place."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from applications.models.application import Application
from applications.models.members import Municipality
from applications.states import OfferState
from programme.organisations.models import Organisation


class LeadOffer(models.Model):
    """That the lead of a group asks another member's organisation to lead the application.

    Until it accepts nothing changes. `offered_by` and `answered_by` are null once the account is
    gone; the audit trail keeps the names.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="lead_offers")
    # Which of the members leads then; null once it was taken out of the group.
    municipality = models.ForeignKey(Municipality, models.SET_NULL, null=True, related_name="+")
    # Who offers, and who is asked.
    former = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="lead_offers")
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN)
    offered_at = models.DateTimeField(default=timezone.now)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-offered_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state=OfferState.OPEN),
                name="lead_offer_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.organisation}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.state == OfferState.OPEN
