"""States of a mail in the outbox."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailStatus(models.TextChoices):
    """Queued, leased by a worker, sent, failed for good, or held back by staff."""

    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    HELD = "held", _("Held back")


class OutboxView(models.TextChoices):
    """The parts in which staff look at the outbox."""

    WAITING = "waiting", _("Waiting")
    FAILED = "failed", _("Failed")
    HELD = "held", _("Held back")
    SENT = "sent", _("Sent")


STATUSES_IN: dict[OutboxView, tuple[MailStatus, ...]] = {
    OutboxView.WAITING: (MailStatus.QUEUED, MailStatus.SENDING),
    OutboxView.FAILED: (MailStatus.FAILED,),
    OutboxView.HELD: (MailStatus.HELD,),
    OutboxView.SENT: (MailStatus.SENT,),
}


STATUS_TONES = {
    MailStatus.QUEUED: "",
    MailStatus.SENDING: "progress",
    MailStatus.SENT: "success",
    MailStatus.FAILED: "danger",
    MailStatus.HELD: "warning",
}
