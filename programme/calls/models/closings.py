"""Closing times of single applicants: extensions that were asked for, codes for a late entry."""

import hashlib
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.kit import days
from core.kit.text import clean_line
from programme.calls.models.call import Call
from programme.calls.states import CodeState, ExtensionStatus
from programme.organisations.models import Organisation


class ExtensionRequest(models.Model):
    """A city asks for more time, says why, and staff decide with a reason."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="extension_requests")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=ExtensionStatus, default=ExtensionStatus.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    why = models.TextField()
    # Until when the city would like to write.
    wished_until = models.DateTimeField()
    # When the city's time runs out as it is: staff decide before.
    decide_by = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # What the city reads of the decision.
    reason = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["call", "organisation"],
                condition=Q(status=ExtensionStatus.ASKED),
                name="extension_one_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.call}"


def hash_of_code(code: str) -> str:
    """Return what is kept of a code: however its blocks were typed, never the code itself."""
    plain = "".join(letter for letter in clean_line(code).upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


class LateCode(models.Model):
    """A personal code that opens a closed call for one organisation, once or a few times.

    Only a hash is kept. `expires_at` is until when it can be redeemed, `closes_at` until when
    the organisation may then write and send. Each use opens the call for `hours`, or until
    `closes_at` where there are none: who may use it again has hours.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="late_codes")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    reason = models.TextField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    uses = models.PositiveSmallIntegerField(default=1)
    hours = models.PositiveSmallIntegerField(null=True, blank=True)
    # How often it was used, and the last time by whom.
    used = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(uses__gte=1, used__lte=F("uses")), name="late_code_uses_in_order"
            ),
            models.CheckConstraint(
                condition=Q(uses=1) | Q(hours__isnull=False), name="late_code_opens_for_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.call}"

    @property
    def state(self) -> CodeState:
        """What typing it does now."""
        if self.revoked_at:
            return CodeState.REVOKED
        if self.used >= self.uses:
            return CodeState.USED
        if self.expires_at < days.now():
            return CodeState.EXPIRED
        return CodeState.OPEN


class OwnClosing(models.Model):
    """A closing time of one organisation, from one extension or code; the latest counts."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="own_closings")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    closes_at = models.DateTimeField()
    extension = models.OneToOneField(
        ExtensionRequest, models.CASCADE, null=True, blank=True, related_name="closing"
    )
    code = models.ForeignKey(
        LateCode, models.CASCADE, null=True, blank=True, related_name="closings"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(extension__isnull=False, code=None)
                | Q(extension=None, code__isnull=False),
                name="own_closing_has_one_source",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["call", "organisation", "closes_at"])]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.call}: {self.closes_at}"
