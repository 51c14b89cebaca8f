"""The mail outbox."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.post.states import RECALLABLE, STATUS_TONES, MailStatus
from core.trail.append_only import AppendOnlyModel

# Keys asked for in one query.
CHUNK = 500
# Mails that may hold a personal link, as a condition; see Mail.is_secret.
SECRET = Q(kind="") | Q(kind__startswith="invitation")


class Mail(models.Model):
    """A mail to be sent, written in the transaction of the change it tells of.

    A worker leases it (`status=SENDING`, `leased_until`), sends it and marks it in one
    commit per mail. `message_id` is fixed on writing: should a worker die between sending
    and marking, the second copy carries the same Message-ID.
    """

    kind = models.CharField(max_length=60, blank=True, db_index=True)
    # What it tells of, and for which organisation or person, as keys ("call:3",
    # "organisation:17"): what changes there takes the mail back before it leaves.
    about = models.CharField(max_length=60, blank=True)
    owner = models.CharField(max_length=60, blank=True)
    sender = models.CharField(max_length=254)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    status = models.CharField(max_length=10, choices=MailStatus, default=MailStatus.QUEUED)
    created_at = models.DateTimeField(default=timezone.now)
    # Not before: later after a temporary failure.
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=[MailStatus.QUEUED, MailStatus.SENDING]),
                name="mail_waiting",
            ),
            # What the outbox lists, in its order: the parts, what was sent, one person's.
            models.Index(fields=["status", "-created_at", "-id"], name="mail_newest"),
            models.Index(
                fields=["-sent_at", "-id"],
                condition=Q(status=MailStatus.SENT),
                name="mail_newest_sent",
            ),
            models.Index(fields=["recipient", "status"], name="mail_of_recipient"),
            # What was written about one thing, years later.
            models.Index(fields=["about"], condition=~Q(about=""), name="mail_about"),
            *(
                models.Index(
                    fields=[name], condition=Q(status__in=RECALLABLE), name=f"mail_{name}_waiting"
                )
                for name in ("about", "owner")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.recipient})"

    @property
    def tone(self) -> str:
        """Return the tone of components/status.html."""
        return STATUS_TONES[MailStatus(self.status)]

    @property
    def moment(self) -> datetime:
        """Return when it was sent, or is to be sent."""
        return self.sent_at or self.due_at

    @property
    def is_secret(self) -> bool:
        """Whether it may hold a link that lets its reader in, so that nobody else may read it.

        The mails of sign-in and reset come from allauth and have no kind.
        """
        return not self.kind or self.kind.startswith("invitation")


class MailText(AppendOnlyModel):
    """The words of one mail as staff wrote them for one thing, in one language.

    The row with the highest number counts; all are kept. One without words takes the standard
    text again.
    """

    # What it is written for, as a key ("call:3"), and the key of a kind (core.post.texts).
    scope = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    # 1, 2, 3 … of its mail and language.
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    # Null once the account is gone; the audit trail keeps the name.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["scope", "kind", "language", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scope", "kind", "language", "number"], name="mail_text_once"
            ),
            models.CheckConstraint(
                condition=Q(subject="", text="") | ~Q(subject="") & ~Q(text=""),
                name="mail_text_whole_or_standard",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.kind} ({self.language}) {self.number}"

    @property
    def is_standard(self) -> bool:
        """Whether it takes the standard text again."""
        return not self.text
