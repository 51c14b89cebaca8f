"""States of an assessment, and what staff prepare for an application."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.states import ApplicationStatus, DecisionOutcome


class PendingOutcome(models.TextChoices):
    """What staff prepare; the first three are what a release can tell a city."""

    ACCEPT = DecisionOutcome.ACCEPT.value, _("Accept")
    RESERVE = DecisionOutcome.RESERVE.value, _("Reserve list")
    REJECT = DecisionOutcome.REJECT.value, _("Reject")
    HELD = "held", _("Hold")


# Colour of each on pages, as components/status.html takes it.
OUTCOME_TONES = {
    PendingOutcome.ACCEPT: "success",
    PendingOutcome.RESERVE: "warning",
    PendingOutcome.REJECT: "plain",
    PendingOutcome.HELD: "progress",
}

# In one of these an application can be decided.
DECIDABLE = (ApplicationStatus.ELIGIBLE, ApplicationStatus.RESERVE)
# In one of these a city was told an outcome that can be put right.
TOLD = (ApplicationStatus.ACCEPTED, ApplicationStatus.RESERVE, ApplicationStatus.REJECTED)

# Scores go up by this step.
STEP = Decimal("0.5")
# Points of difference above which assessors talk, unless the plan of the call says otherwise.
SPREAD = Decimal("1.5")


class AssessmentStatus(models.TextChoices):
    """Where one assessor stands with one application."""

    DRAFT = "draft", _("Being written")
    HANDED_IN = "handed_in", _("Handed in")
    ABSTAINED = "abstained", _("Abstained")


# In one of these an assessor has done with the application.
ANSWERED = (AssessmentStatus.HANDED_IN, AssessmentStatus.ABSTAINED)

TONES = {
    AssessmentStatus.DRAFT: "progress",
    AssessmentStatus.HANDED_IN: "success",
    AssessmentStatus.ABSTAINED: "plain",
}
