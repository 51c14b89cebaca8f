"""States of a mail in the outbox, and what people are reminded of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReminderKind(models.TextChoices):
    """What a reminder is about."""

    DRAFT_CLOSING = "draft_closing", _("Draft whose call closes soon")
    ACCEPTANCE = "acceptance", _("Answer to a pairing")
    SIGNATURE = "signature", _("Signature of the agreement")
    PLAN_SECTION = "plan_section", _("Section of the action plan")
    REPORT = "report", _("Progress report")
