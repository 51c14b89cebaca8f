"""States of plans and measures."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanStatus(models.TextChoices):
    """A plan is written while it is a draft."""

    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("Handed in")


class MeasureKind(models.TextChoices):
    """What kind of measure it is."""

    ACTION = "action", _("Action")
    PILOT = "pilot", _("Pilot project")
    EXCHANGE = "exchange", _("Exchange activity")
    FOLLOW_UP = "follow_up", _("Study visit follow-up")


class CityScope(models.TextChoices):
    """Which city carries the measure."""

    OWN = "own", _("Our city")
    PARTNER = "partner", _("The partner city")
    JOINT = "joint", _("Both together")


class MeasureStatus(models.TextChoices):
    """How far a measure is."""

    DRAFT = "draft", _("Draft")
    AGREED = "agreed", _("Agreed")
    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    DELAYED = "delayed", _("Delayed")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class FundingStatus(models.TextChoices):
    """How sure a funding line is."""

    SECURED = "secured", _("Secured")
    APPLIED = "applied", _("Applied for")
    PLANNED = "planned", _("Planned")


class Currency(models.TextChoices):
    """Currencies of the programme's countries."""

    EUR = "EUR", "EUR"
    USD = "USD", "USD"
    GBP = "GBP", "GBP"
    INR = "INR", "INR"
    JPY = "JPY", "JPY"
    CNY = "CNY", "CNY"
    CAD = "CAD", "CAD"
    BRL = "BRL", "BRL"
    ARS = "ARS", "ARS"
    CLP = "CLP", "CLP"
    COP = "COP", "COP"
    MXN = "MXN", "MXN"
    PEN = "PEN", "PEN"
    SEK = "SEK", "SEK"
    DKK = "DKK", "DKK"
    PLN = "PLN", "PLN"
    CZK = "CZK", "CZK"
    HUF = "HUF", "HUF"
    RON = "RON", "RON"
