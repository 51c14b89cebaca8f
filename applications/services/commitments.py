"""Commitments: signed letters of the members of a group, and what staff find in them."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Commitment, Municipality
from applications.selectors import UNDER_CHECK
from applications.services.checking import require_seen, void_first_check
from applications.services.locking import lock_application, lock_draft, refuse_moved, touch
from applications.services.signing import print_of, put_on_file
from applications.states import CommitmentVerdict
from core.files.services import atomic_with_files
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.rows import still_there
from core.kit.writes import clean_reason
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
    commitment = put_on_file(
        Commitment,
        municipality,
        upload=upload,
        signed_by_name=signed_by_name,
        signed_by_office=signed_by_office,
        signed_on=signed_on,
        by=by,
    )
    touch(application)
    record_event(
        verb="application.commitment_added",
        target=application,
        by=by,
        details={"municipality": municipality.name, **print_of(commitment)},
    )
    return commitment


@transaction.atomic
def judge_commitment(
    *,
    commitment: Commitment,
    verdict: str,
    reason: str,
    by: User,
    read_version: int | None = None,
) -> Commitment:
    """Let a commitment count, or refuse it with a reason, once staff have opened it.

    `verdict` is accepted or refused; the reason of a refusal is for the city. `read_version` is
    that of the case on the page. Raises WrongStateError once eligibility is decided, and when
    another letter came meanwhile; StaleError when the case has changed since it was read.
    """
    application = lock_application(
        commitment.municipality.application, "applications.check_application", by
    )
    if application.status not in UNDER_CHECK:
        refuse_moved(application)
    current = Commitment.objects.filter(pk=commitment.pk).select_related("municipality").first()
    if current is None:
        raise WrongStateError(
            _("Another commitment came in the place of this one. Open the page again."),
            code="replaced",
        )
    require_seen(application, read_version)
    if verdict == CommitmentVerdict.REFUSED:
        reason = clean_reason(
            reason, missing=_("Say why it does not count, and what the city has to send instead.")
        )
    else:
        reason = clean_reason(reason)
    if (current.verdict, current.verdict_reason) == (verdict, reason):
        return current
    current.verdict, current.verdict_reason = verdict, reason
    current.verdict_by, current.verdict_at = by, days.now()
    current.save(update_fields=["verdict", "verdict_reason", "verdict_by", "verdict_at"])
    void_first_check(application)
    record_event(
        verb=f"application.commitment_{verdict}",
        target=application,
        by=by,
        reason=reason,
        details={"municipality": current.municipality.name},
    )
    return current
