"""Reads on files."""

import datetime as dt
import re

from django.db.models import Count, Exists, ManyToOneRel, OuterRef, QuerySet, Sum

from core.files.kinds import SIGNED_PAPERS
from core.files.models import StoredFile
from core.files.states import Scan
from core.kit.people import Person

_KEY = re.compile("[0-9a-f]{32}")


def unowned_files(before: dt.datetime | None = None) -> "QuerySet[StoredFile]":
    """Return the files that no row of any app belongs to, stored before a moment."""
    files = StoredFile.objects.all()
    if before is not None:
        files = files.filter(at__lt=before)
    for relation in StoredFile._meta.get_fields(include_hidden=True):  # noqa: SLF001 - a public name all the same
        if isinstance(relation, ManyToOneRel):
            # All rows, whatever an app's own manager hides.
            owners = relation.related_model._base_manager  # noqa: SLF001
            files = files.exclude(Exists(owners.filter(**{relation.field.name: OuterRef("pk")})))
    return files


def held_file(*, key: str, by: Person | None) -> StoredFile | None:
    """Return a file that the person has sent in and that nothing belongs to yet.

    A form that was refused names it by its key, so that it need not be chosen again; who has no
    account is known by the key alone.
    """
    if not _KEY.fullmatch(key):
        return None
    return unowned_files().filter(key=key, by_id=by.pk if by else None).first()


def sent_since(by: Person, moment: dt.datetime) -> tuple[int, int]:
    """Return how many files a person has sent since a moment, and their bytes together."""
    found = StoredFile.objects.filter(by_id=by.pk, at__gte=moment)
    told = found.aggregate(count=Count("pk"), size=Sum("size"))
    return told["count"], told["size"] or 0


def unscanned_files() -> "QuerySet[StoredFile]":
    """Return what people sent and no scanner has decided, the oldest first."""
    kinds = [kind.media_type for kind in SIGNED_PAPERS]
    return StoredFile.objects.filter(kind__in=kinds, scan__in=[Scan.OFF, Scan.WAITING])
