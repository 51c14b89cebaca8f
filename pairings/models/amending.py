"""What was changed of a pairing after a city had answered it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.kit.days import BRUSSELS
from core.trail.append_only import AppendOnlyModel
from pairings.models.pairing import Pairing

# What can be changed, as an amendment keeps it.
TOPICS, REASON, ACCEPT_BY, SIGN_BY = "topics", "reason", "accept_by", "sign_by"


@dataclass(frozen=True)
class Change:
    """One thing that was changed, in words."""

    label: str
    before: str
    after: str


def in_words(changes: dict[str, Any]) -> list[Change]:
    """Return what was changed, each as it was and as it is, in the language of the reader."""
    labels = {
        TOPICS: _("Topics"),
        REASON: _("Why these cities"),
        ACCEPT_BY: _("Answers due"),
        SIGN_BY: _("Signatures due"),
    }
    return [
        Change(label, _said(changes[key][0]), _said(changes[key][1]))
        for key, label in labels.items()
        if key in changes
    ]


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    try:
        at = dt.datetime.fromisoformat(value)
    except ValueError:
        return str(value)
    return date_format(at.astimezone(BRUSSELS), "DATETIME_FORMAT")


class Amendment(AppendOnlyModel):
    """A named change of a pairing after the first answer, with its reason; all parties read it.

    `changes` holds by key what was and what is: names of topics, the reason, a date.
    """

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="amendments")
    # 1, 2, 3 … of its pairing.
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    words = models.TextField()
    changes = models.JSONField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pairing", "number"], name="amendment_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="amendment_number_from_1"),
            models.CheckConstraint(condition=~Q(words=""), name="amendment_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.pairing}, {self.number}: {self.name}"

    @property
    def shown(self) -> list[Change]:
        """Return what was changed, in words."""
        return in_words(self.changes)
