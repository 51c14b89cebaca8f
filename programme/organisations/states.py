"""Kinds of organisations, roles of their people, states of invitations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """What kind of body an organisation is; calls say which of them may apply."""

    MUNICIPALITY = "municipality", _("Municipality")
    GROUP = "group", _("Group of municipalities")
    METROPOLITAN = "metropolitan", _("Metropolitan authority or association")
    REGION = "region", _("Region or province")
    OTHER = "other", _("Other public body")


class MembershipRole(models.TextChoices):
    """What a person may do for an organisation."""

    LEAD = "lead", _("Lead")
    EDITOR = "editor", _("Editor")
    VIEWER = "viewer", _("Viewer")


# Who writes for an organisation, and who speaks for it.
WRITERS = (MembershipRole.LEAD, MembershipRole.EDITOR)
LEADS = (MembershipRole.LEAD,)


class InvitationState(models.TextChoices):
    """What the link of an invitation does."""

    OPEN = "open", _("Open")
    USED = "used", _("Accepted")
    REVOKED = "revoked", _("Taken back")
    EXPIRED = "expired", _("Run out")
