"""Who looks after an application, what staff note about it, its tags, and who has opened it."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from applications.casework.states import EDITABLE_FOR, SIGNS, TAG_LIMIT, Tone
from applications.models import Application
from core.kit import days

if TYPE_CHECKING:
    from accounts.models import User


class CaseOwner(models.Model):
    """Who of staff looks after an application; `version` counts the changes of hands.

    The row stays when nobody does any more, and stands for the case in the audit trail: there may
    be one, in version 0, that nobody has ever owned. Whether the owner still sees the application
    is asked of the database as it stands (`office_reaches`): nobody has to be told that a role has
    changed.
    """

    application = models.OneToOneField(Application, models.CASCADE, related_name="case_owner")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="owned_cases"
    )
    # Who gave it to the owner; the owner, where they took it.
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    since = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.application}: {self.owner or '–'}"


class StaffTag(models.Model):
    """A word by which staff find applications again, from a list that is kept short."""

    name = models.CharField(max_length=TAG_LIMIT)
    # The name folded: "Zurück" and "zuruck" are one tag.
    folded = models.CharField(max_length=2 * TAG_LIMIT, unique=True)
    tone = models.CharField(max_length=10, choices=Tone, default=Tone.PLAIN)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["folded"]

    def __str__(self) -> str:
        return self.name

    @property
    def sign(self) -> str:
        """Return the icon that says its tone without colour, "" for none."""
        return SIGNS.get(Tone(self.tone), "")


class Tagging(models.Model):
    """That an application bears a tag."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(StaffTag, models.PROTECT, related_name="taggings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "tag"], name="tagging_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.tag}"


class NoteQuerySet(models.QuerySet["Note"]):
    """Who reads which note."""

    def reached_by(self, user: "User") -> "NoteQuerySet":
        """Return the notes about what the person reads as one of the office."""
        if not user.has_perm("casework.list_notes"):
            return self.none()
        return self.filter(application__in=Application.objects.reached_by(user).values("pk"))


class Note(models.Model):
    """What staff write about an application among themselves; no applicant ever reads it.

    No message of a thread, which stays as it was written: a note is changed within minutes, and
    one that was removed loses its words and leaves a mark.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="notes")
    # Null once the account is gone; `name` keeps who it was.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=254)
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(removed_at=None) | models.Q(words=""),
                name="note_removed_has_no_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.name}"

    @property
    def can_be_edited(self) -> bool:
        """Whether it is young enough to be changed, and there."""
        return self.removed_at is None and days.now() <= self.at + EDITABLE_FOR


class Mention(models.Model):
    """That a note calls a colleague, who finds it until a page about the case has shown it."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions")
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "person"], name="mention_once"),
        ]

    def __str__(self) -> str:
        return f"{self.note}: {self.person}"


class Seen(models.Model):
    """When somebody of staff opened an application last, to the hour."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="seen")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "person"], name="seen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.person}"
