"""Kinds of questions, purposes and states of questionnaires."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What a questionnaire is for."""

    APPLICATION = "application", _("Application")
    PARTNER_APPLICATION = "partner", _("Application of a partner city")
    EXPRESSION = "interest", _("Expression of interest")
    PLAN = "plan", _("Local Action Plan")
    REPORT = "report", _("Report")


class VersionStatus(models.TextChoices):
    """A published version never changes; editing makes the next one."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class DataList(models.TextChoices):
    """Lists that a plan keeps beside its texts; each is an address of action_plans."""

    OBJECTIVES = "objectives", _("Objectives")
    MEASURES = "measures", _("Measures")
    TIMELINE = "timeline", _("Timeline and money")


class QuestionKind(models.TextChoices):
    """The type of an answer."""

    SHORT_TEXT = "short_text", _("One line")
    LONG_TEXT = "long_text", _("Text")
    CHOICE = "choice", _("One of several")
    MULTI_CHOICE = "multi_choice", _("Several of several")
    NUMBER = "number", _("Whole number")
    DATE = "date", _("Date")
    YES_NO = "yes_no", _("Yes or no")


class SectionState(models.TextChoices):
    """How far a section is."""

    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Complete")
