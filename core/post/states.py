"""States of a mail in the outbox."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailStatus(models.TextChoices):
    """Queued, leased by a worker, sent, failed for good, held back by staff, or taken back.

    Taken back is what no longer holds: its date has moved, its reader has left.
    """

    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    HELD = "held", _("Held back")
    WITHDRAWN = "withdrawn", _("Taken back")


# Mails that can still be taken back: nobody has begun to send them.
RECALLABLE = (MailStatus.QUEUED, MailStatus.HELD)


class OutboxView(models.TextChoices):
    """The parts in which staff look at the outbox."""

    WAITING = "waiting", _("Waiting")
    FAILED = "failed", _("Failed")
    HELD = "held", _("Held back")
    SENT = "sent", _("Sent")
    WITHDRAWN = "withdrawn", _("Taken back")
    # What a search looks through.
    ALL = "all", _("All")


STATUSES_IN: dict[OutboxView, tuple[MailStatus, ...]] = {
    OutboxView.WAITING: (MailStatus.QUEUED, MailStatus.SENDING),
    OutboxView.FAILED: (MailStatus.FAILED,),
    OutboxView.HELD: (MailStatus.HELD,),
    OutboxView.SENT: (MailStatus.SENT,),
    OutboxView.WITHDRAWN: (MailStatus.WITHDRAWN,),
    OutboxView.ALL: tuple(MailStatus),
}


STATUS_TONES = {
    MailStatus.QUEUED: "",
    MailStatus.SENDING: "progress",
    MailStatus.SENT: "success",
    MailStatus.FAILED: "danger",
    MailStatus.HELD: "warning",
    MailStatus.WITHDRAWN: "",
}
