"""Stakeholders of an application, and which files belong to it."""

from django.db.models import Q, QuerySet

from applications.models import Application, Commitment, Stakeholder, SupportLetter
from core.files.models import StoredFile


def stakeholders_of(application: Application) -> list[Stakeholder]:
    """Return the stakeholders in their order, with letter and invitation."""
    return list(application.stakeholders.select_related("letter__file", "invitation"))


def files_of(application: Application) -> "QuerySet[StoredFile]":
    """Return every file that was sent in with an application."""
    of_members = Commitment.objects.filter(municipality__application=application)
    of_stakeholders = SupportLetter.objects.filter(stakeholder__application=application)
    return StoredFile.objects.filter(
        Q(pk__in=of_members.filter(file__isnull=False).values("file"))
        | Q(pk__in=of_stakeholders.filter(file__isnull=False).values("file"))
        | Q(pk__in=application.clarifications.filter(file__isnull=False).values("file"))
        | Q(pk__in=application.documents.order_by().values("file"))
    )
