"""Signed commitments: files that are looked at before they are kept."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Commitment, Municipality
from applications.services.locking import lock_draft, touch
from core.files.kinds import SIGNED_PAPERS
from core.files.services import atomic_with_files, remove_file, store_file
from core.kit.clocks import today_in
from core.kit.errors import InvalidError
from core.kit.rows import still_there
from core.kit.text import clean_line
from core.trail.services import record_event


@atomic_with_files()
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

    `upload` is a Django file, or one that a form holds. Raises InvalidError for the lead, for
    a file that store_file refuses, and for a day that is still to come.
    """
    application = lock_draft(municipality.application, by)
    municipality = still_there(application.municipalities.all(), municipality.pk)
    if municipality.is_lead:
        raise InvalidError(
            _("%(name)s leads and needs no letter. Upload those of the others.")
            % {"name": municipality.name},
            code="lead_needs_none",
        )
    if signed_on > today_in(application.organisation.time_zone):
        raise InvalidError(
            _("The letter cannot be signed in the future. Check the date."),
            field="signed_on",
        )
    file = store_file(upload=upload, by=by, kinds=SIGNED_PAPERS)
    former = Commitment.objects.filter(municipality=municipality).select_related("file").first()
    if former is not None:
        former.delete()
        # A form that was sent twice at once brings the file that is there.
        if former.file_id != file.pk:
            remove_file(former.file)
    commitment = Commitment.objects.create(
        municipality=municipality,
        file=file,
        signed_by_name=clean_line(signed_by_name),
        signed_by_office=clean_line(signed_by_office),
        signed_on=signed_on,
    )
    touch(application)
    record_event(
        verb="application.commitment_added",
        target=application,
        by=by,
        details={"municipality": municipality.name, "file": file.name, "sha256": file.sha256},
    )
    return commitment
