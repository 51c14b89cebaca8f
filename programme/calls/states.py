"""States of calls and kinds of milestones."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from programme.states import Side


class CallStatus(models.TextChoices):
    """A draft call is seen by staff alone. Open and closed follow from the clock."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class ApplicantSide(models.TextChoices):
    """Whose cities a call opens for: whoever stands there applies, the other side is proposed."""

    EU = Side.EU.value, _("Cities in Europe")
    PARTNER = Side.PARTNER.value, _("Partner cities")
    BOTH = "both", _("Cities on both sides")


class Checkers(models.IntegerChoices):
    """How many people it takes to find an application eligible or not."""

    ONE = 1, _("One person")
    TWO = 2, _("Two people: the second confirms what the first found")


class CallPhase(models.TextChoices):
    """What the clock makes of a published call."""

    DRAFT = "draft", _("Draft")
    COMING = "coming", _("Opens soon")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Closing(models.TextChoices):
    """Which closing time of a call is meant."""

    CALL = "call", _("Closing of the call")
    FIRST_STAGE = "first_stage", _("Closing of the first stage")


class MilestoneKind(models.TextChoices):
    """What a milestone of a cooperation asks for; reminders follow the kind."""

    EVENT = "event", _("Event")
    PLAN_SECTION = "plan", _("Action plan")
    REPORT = "report", _("Progress report")
    FINAL_REPORT = "final_report", _("Final report")


class QuestionStatus(models.TextChoices):
    """What became of a question about a call."""

    WAITING = "waiting", _("Waiting for an answer")
    PUBLISHED = "published", _("Answered for all")
    CLOSED = "closed", _("Closed, asker told")


QUESTION_TONES = {
    QuestionStatus.WAITING: "warning",
    QuestionStatus.PUBLISHED: "success",
    QuestionStatus.CLOSED: "plain",
}


class QuestionTopic(models.TextChoices):
    """What a question is about."""

    WHO = "who", _("Who may apply")
    MONEY = "money", _("Money")
    PARTNER = "partner", _("Partner city")
    DATES = "dates", _("Dates")
    DOCUMENTS = "documents", _("Documents")
    OTHER = "other", _("Other")


class ExtensionStatus(models.TextChoices):
    """What became of a city's wish for more time."""

    ASKED = "asked", _("Waiting for a decision")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")


EXTENSION_TONES = {
    ExtensionStatus.ASKED: "warning",
    ExtensionStatus.GRANTED: "success",
    ExtensionStatus.REFUSED: "plain",
}


class CodeState(models.TextChoices):
    """What a code for a late entry does now."""

    OPEN = "open", _("Can be used")
    USED = "used", _("Used")
    EXPIRED = "expired", _("Ran out")
    REVOKED = "revoked", _("Taken back")
