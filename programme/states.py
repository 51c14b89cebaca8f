"""Kinds and states of the programme's objects."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """Where an organisation stands in a pairing."""

    EU = "eu", _("City in Europe")
    PARTNER = "partner", _("Partner city")


class Origin(models.TextChoices):
    """Where a row comes from, so that demo and published data are never mistaken for use."""

    PORTAL = "portal", _("Made in the portal")
    PUBLISHED = "published", _("Published programme data")
    DEMO = "demo", _("Demo")


class GoalFramework(models.TextChoices):
    """The agreements a measure can serve."""

    SDG = "sdg", _("Sustainable Development Goals")
    SDG_TARGET = "sdg_target", _("Targets of a Sustainable Development Goal")
    URBAN_AGENDA = "urban_agenda", _("Urban Agenda for the EU")
    NEW_URBAN_AGENDA = "nua", _("New Urban Agenda")
    SENDAI = "sendai", _("Sendai Framework")
    PARIS = "paris", _("Paris Agreement")


class TagGroup(models.TextChoices):
    """What a tag says of a city; the groups in which a page offers them."""

    LOCATION = "location", _("Where it lies")
    ROLE = "role", _("Its role and size")
    ECONOMY = "economy", _("What it lives from")
    CONNECTIONS = "connections", _("How it is connected")
    BUILT = "built", _("How it is built")
    PEOPLE = "people", _("Who lives there")
