"""The documents that a call asks for, as an applicant has sent them in."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from applications.models.application import Application
from core.files.models import StoredFile
from programme.calls.models import CallDocument


class ApplicationDocument(models.Model):
    """The file that an applicant has put on file for a document of its call.

    Its view asks who sees the application before it hands the file out.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="documents")
    # A call that asks for it no longer keeps the row: what was sent stays readable.
    asked = models.ForeignKey(CallDocument, models.PROTECT, related_name="+")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["asked__order", "asked_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "asked"], name="application_document_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked}: {self.file}"
