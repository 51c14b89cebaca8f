"""Kinds and standing of organisations, roles of their people, states of how they get in."""

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
# The higher may do all that the lower may.
RANK: dict[str, int] = {MembershipRole.VIEWER: 0, MembershipRole.EDITOR: 1, MembershipRole.LEAD: 2}


class InvitationState(models.TextChoices):
    """What the link of an invitation does."""

    OPEN = "open", _("Open")
    USED = "used", _("Accepted")
    REVOKED = "revoked", _("Taken back")
    EXPIRED = "expired", _("Run out")


class Standing(models.TextChoices):
    """Whether staff know an organisation for what it says it is."""

    CONFIRMED = "confirmed", _("Confirmed")
    TO_CONFIRM = "to_confirm", _("To be confirmed")
    REFUSED = "refused", _("Not confirmed")


class ClaimState(models.TextChoices):
    """Where the wish to work for an organisation stands."""

    ASKED = "asked", _("Waiting for an answer")
    GRANTED = "granted", _("Let in")
    REFUSED = "refused", _("Not let in")
    WITHDRAWN = "withdrawn", _("Taken back")
    OBJECTED = "objected", _("Role taken away")


class MergeKind(models.TextChoices):
    """What it means that two organisations became one."""

    DOUBLE = "double", _("It was in the register twice")
    PART_OF = "part_of", _("It became part of the other, as in a reform")
    SPLIT_BACK = "split_back", _("The split of the two was a mistake")


# Why staff merge two; a split is taken back on a page of its own.
MERGED_BECAUSE = (MergeKind.DOUBLE, MergeKind.PART_OF)


class Alike(models.TextChoices):
    """What speaks for it that two organisations are one."""

    NAME = "name", _("The name is the same.")
    CALLED = "called", _("It was or will be called so.")
    PLACE = "place", _("It is the same place.")
    NEARLY = "nearly", _("The names are alike.")


class SplitKind(models.TextChoices):
    """What it means that an organisation became two."""

    SINCE = "since", _("They are two from that day on, as in a reform")
    ALWAYS = "always", _("They were always two, registered as one by mistake")


class MovedHow(models.TextChoices):
    """What a merge did to a row."""

    MOVED = "moved", _("moved")
    CHANGED = "changed", _("changed")
    REMOVED = "removed", _("removed")
    MADE = "made", _("made")


class Share(models.TextChoices):
    """Where somebody works once an organisation is two."""

    STAYS = "stays", _("Stays")
    GOES = "goes", _("Goes to the new one")
    BOTH = "both", _("Works for both")
