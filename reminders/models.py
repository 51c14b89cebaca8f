"""The mail outbox, the record of reminders, and the pulse of beat and worker."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import rules as account_rules
from accounts.models import User
from programme.rules import desk_country_codes
from reminders.states import STATUS_TONES, MailStatus, ReminderKind


class MailQuerySet(models.QuerySet["Mail"]):
    """Who sees which mail."""

    def visible_to(self, user: "User") -> "MailQuerySet":
        """Coordinators and observers see all; a regional desk those to people of its countries."""
        if account_rules.sees_everything(user):
            return self
        if account_rules.is_regional_desk(user):
            people = User.objects.filter(
                memberships__organisation__country__in=desk_country_codes(user)
            )
            return self.filter(recipient__in=people.values("email"))
        return self.none()


class Mail(models.Model):
    """A mail to be sent, written in the transaction of the change it tells of.

    A worker leases it (`status=SENDING`, `leased_until`), sends it and marks it in one
    commit per mail. `message_id` is fixed on writing: should a worker die between sending
    and marking, the second copy carries the same Message-ID.
    """

    kind = models.CharField(max_length=60, blank=True, db_index=True)
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

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=[MailStatus.QUEUED, MailStatus.SENDING]),
                name="mail_waiting",
            ),
            models.Index(fields=["status", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.recipient})"

    @property
    def kind_words(self) -> str:
        """Return what kind of mail it is, for staff: "Pairing proposed"."""
        if not self.kind:
            return str(_("Sign-in"))
        reminder = self.kind.removeprefix("reminder_")
        if reminder in ReminderKind.values:
            return str(_("Reminder: %(what)s") % {"what": ReminderKind(reminder).label})
        return self.kind.replace("_", " ").capitalize()

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


class Delivery(models.Model):
    """That a reminder was given to somebody: the unique row makes each single.

    `due_key` tells occasions apart (the closing instant and offset, a due date), so that
    a moved deadline is a new occasion and a repeated sweep is not.
    """

    kind = models.CharField(max_length=20, choices=ReminderKind)
    # "application:12": what it is about.
    about = models.CharField(max_length=60)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders"
    )
    due_key = models.CharField(max_length=80)
    # Which sweep wrote it: after an insert that skips what others wrote, it finds its own.
    sweep = models.UUIDField(default=uuid.uuid4, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    mail = models.ForeignKey(
        Mail, models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "about", "recipient", "due_key"], name="delivery_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about} {self.due_key}"


class Heartbeat(models.Model):
    """When beat last reached a worker; one row."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
