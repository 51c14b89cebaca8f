"""What was sent, and what staff judged and decided."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from applications.models.application import Application
from applications.states import OUTCOMES, ApplicationStatus, Criterion, DecisionStage, Ruling
from core.kit.fingerprints import fingerprint
from core.trail.append_only import AppendOnlyModel


class CriterionRuling(models.Model):
    """A decision of staff on one criterion; the newest counts, all stay."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="rulings")
    criterion = models.CharField(max_length=40)
    ruling = models.CharField(max_length=10, choices=Ruling)
    reason = models.TextField()
    # Whether the city may read the reason.
    released = models.BooleanField(default=False)
    # Null once the account is gone; the audit trail keeps the name.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.ruling}"

    @property
    def title(self) -> str:
        """Return what the criterion is called."""
        return str(Criterion(self.criterion).label)


class Submission(AppendOnlyModel):
    """One sending of an application: exactly what was sent, when and by whom.

    The last one stands; all are kept. `sha256` is the fingerprint of the snapshot, computed
    on writing, so that nobody can state another one.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions")
    # 1, 2, 3 … of its application.
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    # Null once the account is gone; the snapshot keeps the name.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    snapshot = models.JSONField()
    # The rules of the call at that moment (CallRules.as_json): it is judged by them, whatever
    # becomes of the call afterwards.
    rules = models.JSONField()
    sha256 = models.CharField(max_length=64, editable=False)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "number"], name="submission_number_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="submission_number_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.application}, {self.number}"

    @property
    def sender(self) -> str:
        """Return the name of who sent it, also once the account is gone."""
        return str(self.by or self.snapshot.get("sent_by", ""))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sha256 = fingerprint(self.snapshot)
        super().save(*args, **kwargs)


class Decision(AppendOnlyModel):
    """One decision of staff on an application: at which stage, to what end, and why.

    The newest of a stage stands; all are kept. `outcome` is the state it led to. The reason
    is written for the city and stands in its mail, which the outbox keeps as it was sent.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions")
    # What was judged: the city may send again.
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="decisions")
    # 1, 2, 3 … of its application, over all stages.
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=15, choices=DecisionStage)
    outcome = models.CharField(
        max_length=10,
        choices=[(end.value, end.label) for ends in OUTCOMES.values() for end in ends],
    )
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(blank=True)
    # Of an eligibility decision: the criteria with facts and rulings as they stood then.
    record = models.JSONField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "number"], name="decision_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="decision_number_from_1"),
            models.CheckConstraint(
                condition=Q(
                    stage=DecisionStage.ELIGIBILITY,
                    outcome__in=OUTCOMES[DecisionStage.ELIGIBILITY],
                    record__isnull=False,
                )
                | Q(
                    stage=DecisionStage.OUTCOME,
                    outcome__in=OUTCOMES[DecisionStage.OUTCOME],
                    record__isnull=True,
                ),
                name="decision_fits_its_stage",
            ),
            models.CheckConstraint(
                condition=Q(outcome=ApplicationStatus.ELIGIBLE) | ~Q(reason=""),
                name="decision_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}, {self.number}: {self.outcome}"
