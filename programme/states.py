"""Kinds and states of the programme's objects."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """Where an organisation stands in a pairing."""

    EU = "eu", _("City in Europe")
    PARTNER = "partner", _("Partner city")


class OrganisationKind(models.TextChoices):
    """What kind of body an organisation is; calls say which of them may apply."""

    MUNICIPALITY = "municipality", _("Municipality")
    GROUP = "group", _("Group of municipalities")
    METROPOLITAN = "metropolitan", _("Metropolitan authority or association")
    REGION = "region", _("Region or province")
    OTHER = "other", _("Other public body")


class Origin(models.TextChoices):
    """Where a row comes from, so that demo and published data are never mistaken for use."""

    PORTAL = "portal", _("Made in the portal")
    PUBLISHED = "published", _("Published programme data")
    DEMO = "demo", _("Demo")


class MembershipRole(models.TextChoices):
    """What a person may do for an organisation."""

    LEAD = "lead", _("Lead")
    EDITOR = "editor", _("Editor")
    VIEWER = "viewer", _("Viewer")


class InvitationState(models.TextChoices):
    """What the link of an invitation does."""

    OPEN = "open", _("Open")
    USED = "used", _("Accepted")
    REVOKED = "revoked", _("Taken back")
    EXPIRED = "expired", _("Run out")


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


class GoalFramework(models.TextChoices):
    """The agreements a measure can serve."""

    SDG = "sdg", _("Sustainable Development Goals")
    SDG_TARGET = "sdg_target", _("Targets of a Sustainable Development Goal")
    URBAN_AGENDA = "urban_agenda", _("Urban Agenda for the EU")
    NEW_URBAN_AGENDA = "nua", _("New Urban Agenda")
    SENDAI = "sendai", _("Sendai Framework")
    PARIS = "paris", _("Paris Agreement")
