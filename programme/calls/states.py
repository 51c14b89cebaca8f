"""States of calls and kinds of milestones."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallStatus(models.TextChoices):
    """A draft call is seen by staff alone. Open and closed follow from the clock."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class CallPhase(models.TextChoices):
    """What the clock makes of a published call."""

    DRAFT = "draft", _("Draft")
    COMING = "coming", _("Opens soon")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class MilestoneKind(models.TextChoices):
    """What a milestone of a cooperation asks for; reminders follow the kind."""

    EVENT = "event", _("Event")
    PLAN_SECTION = "plan", _("Action plan")
    REPORT = "report", _("Progress report")
    FINAL_REPORT = "final_report", _("Final report")
