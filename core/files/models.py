"""Files that the portal keeps: uploads, and what its own work makes."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.files.kinds import P7M
from core.files.scanner import is_on
from core.files.states import Scan


def new_key() -> str:
    """Return a random name: nobody guesses it, and nothing of it comes from outside."""
    return secrets.token_hex(16)


class StoredFile(models.Model):
    """A file that was looked at and kept; it never changes.

    It carries no rights and has no address of its own: the row that it belongs to holds the
    foreign key, and that row's view asks who may read it. Made by `services.store_file` alone.
    """

    # Names the file in the storage.
    key = models.CharField(max_length=32, unique=True, default=new_key)
    # Shown to people and given to who downloads it, e.g. "letter.pdf".
    name = models.CharField(max_length=120)
    # The media type, told by the content.
    kind = models.CharField(max_length=100)
    # In bytes.
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now, db_index=True)
    # Who signed it, as the file says (core.files.looking): advice, nobody has checked it.
    signatures = models.JSONField(default=list, blank=True)
    scan = models.CharField(max_length=10, choices=Scan, default=Scan.OFF)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["at"], condition=models.Q(scan=Scan.WAITING), name="file_waits_for_scan"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_envelope(self) -> bool:
        """Whether it is a signed envelope with a PDF inside."""
        return self.kind == P7M.media_type

    @property
    def is_out_of_reach(self) -> bool:
        """Whether the scanner keeps it from everybody, for now or for good."""
        return self.scan == Scan.REFUSED or (is_on() and self.scan != Scan.CLEAN)

    @property
    def path(self) -> str:
        """Return where it lies in the storage: spread over folders, so that none grows huge."""
        return path_of(self.key)


# The folder of the storage that is swept; nothing else may write there.
FOLDER = "files"


def path_of(key: str) -> str:
    """Return where the file of a key lies in the storage."""
    return f"{FOLDER}/{key[:2]}/{key}"
