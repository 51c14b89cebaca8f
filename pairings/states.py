"""States of a pairing and of each party's answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PairingStatus(models.TextChoices):
    """A published pairing is a record of the programme: no date or state is invented for it."""

    PUBLISHED = "published", _("Published record")
    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Accepted, to be signed")
    RUNNING = "running", _("Running")
    COMPLETED = "completed", _("Completed")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")


# Colour and mark of each state on pages, as components/status.html takes them.
TONES = {
    PairingStatus.PUBLISHED: "plain",
    PairingStatus.PROPOSED: "warning",
    PairingStatus.ACCEPTED: "progress",
    PairingStatus.RUNNING: "success",
    PairingStatus.COMPLETED: "info",
    PairingStatus.DECLINED: "danger",
    PairingStatus.CANCELLED: "danger",
}

# While in one of these a pairing holds a place of each organisation's capacity.
LIVE = (PairingStatus.PROPOSED, PairingStatus.ACCEPTED, PairingStatus.RUNNING)
# How a pairing ends; nothing leads out of these.
ENDS = (PairingStatus.COMPLETED, PairingStatus.DECLINED, PairingStatus.CANCELLED)
# What the public may see.
PUBLIC = (PairingStatus.PUBLISHED, PairingStatus.RUNNING, PairingStatus.COMPLETED)


class PartyAnswer(models.TextChoices):
    """What an organisation said to a proposed pairing."""

    PENDING = "pending", _("No answer yet")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
