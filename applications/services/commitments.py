"""Signed commitments: files that are looked at before they are kept."""

import datetime as dt
import secrets
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Commitment, Municipality
from applications.services.locking import lock_draft, touch
from applications.uploads import look_at
from core.kit.errors import InvalidError
from core.kit.rows import still_there
from core.kit.text import clean_line
from core.trail.services import record_event


@transaction.atomic
def add_commitment(
    *,
    municipality: Municipality,
    upload: Any,
    signed_by_name: str,
    signed_by_office: str,
    signed_on: dt.date,
    by: User,
) -> Commitment:
    """Put the signed letter of a municipality on file; a second one replaces the first.

    `upload` is a Django file. Raises InvalidError for the lead, for a file that is not a
    PDF, PNG or JPEG of at most 10 MB, and for a day that is still to come.
    """
    application = lock_draft(municipality.application, by)
    municipality = still_there(application.municipalities.all(), municipality.pk)
    if municipality.is_lead:
        raise InvalidError(
            _("%(name)s leads and needs no letter. Upload those of the others.")
            % {"name": municipality.name},
            code="lead_needs_none",
        )
    if signed_on > timezone.localdate():
        raise InvalidError(
            _("The letter cannot be signed in the future. Check the date."),
            field="signed_on",
        )
    seen = look_at(upload)
    stored = default_storage.save(f"commitments/{secrets.token_hex(16)}", upload)
    try:
        former = Commitment.objects.filter(municipality=municipality).first()
        if former is not None:
            forget_file(former)
            former.delete()
        commitment = Commitment.objects.create(
            municipality=municipality,
            file=stored,
            file_name=seen.name,
            size=seen.size,
            sha256=seen.sha256,
            content_type=seen.content_type,
            signed_by_name=clean_line(signed_by_name),
            signed_by_office=clean_line(signed_by_office),
            signed_on=signed_on,
            uploaded_by=by,
        )
        touch(application)
        record_event(
            verb="application.commitment_added",
            target=application,
            by=by,
            details={
                "municipality": municipality.name,
                "file": seen.name,
                "sha256": seen.sha256,
            },
        )
    except BaseException:
        # No row, no file.
        default_storage.delete(stored)
        raise
    return commitment


def forget_file(commitment: Commitment) -> None:
    """Delete the file once the change that drops its row is committed."""
    name = str(commitment.file.name)
    transaction.on_commit(lambda: default_storage.delete(name))
