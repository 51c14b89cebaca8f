"""Commitments: letters that are looked at before they are kept, and what staff find in them."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, Commitment, Municipality, OnlineInvitation
from applications.selectors import UNDER_CHECK
from applications.services.locking import lock_application, lock_draft, refuse_moved, touch
from applications.states import CommitmentVerdict
from core.duties.catalogue import key_of
from core.files.kinds import SIGNED_PAPERS
from core.files.models import StoredFile
from core.files.services import atomic_with_files, remove_file, require_room, store_file
from core.kit import days
from core.kit.clocks import today_in
from core.kit.errors import InvalidError, WrongStateError
from core.kit.rows import still_there
from core.kit.text import clean_line
from core.kit.writes import clean_reason
from core.post.services import withdraw_mails
from core.trail.services import record_event

# The mail whose link commits.
INVITATION_MAIL = "invitation_to_commit"


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
    _require_room(application, municipality, upload)
    file = store_file(upload=upload, by=by, kinds=SIGNED_PAPERS)
    commitment = replace_commitment(
        municipality,
        file=file,
        signed_by_name=clean_line(signed_by_name),
        signed_by_office=clean_line(signed_by_office),
        signed_on=signed_on,
    )
    lapse_invitation(municipality, why=_("A signed letter was uploaded instead."))
    touch(application)
    record_event(
        verb="application.commitment_added",
        target=application,
        by=by,
        details={"municipality": municipality.name, "file": file.name, "sha256": file.sha256},
    )
    return commitment


def _require_room(application: Application, municipality: Municipality, upload: Any) -> None:
    """Refuse a letter with which the files of the application become too large together."""
    letters = Commitment.objects.filter(municipality__application=application)
    others = letters.exclude(municipality=municipality).values("file")
    files = StoredFile.objects.filter(pk__in=others)
    require_room(files, upload, quota=settings.APPLICATION_MAX_BYTES)


def replace_commitment(municipality: Municipality, **values: Any) -> Commitment:
    """Put a commitment in the place of a former one, whose file goes; staff open it anew.

    Call it inside `atomic_with_files`, under the lock of the application.
    """
    former = Commitment.objects.filter(municipality=municipality).select_related("file").first()
    if former is not None:
        former.delete()
        # A form that was sent twice at once brings the file that is there.
        if former.file is not None and former.file != values.get("file"):
            remove_file(former.file)
    return Commitment.objects.create(municipality=municipality, **values)


def withdraw_links(*invitations: OnlineInvitation, why: str) -> None:
    """Take back the mails whose links work no more."""
    about = [key_of(row) for row in invitations]
    withdraw_mails(about=about, kinds=[INVITATION_MAIL], why=why)


def lapse_invitation(municipality: Municipality, *, why: str) -> None:
    """Let an open link of a municipality work no more; call it inside the change that ends it."""
    found = OnlineInvitation.objects.filter(
        municipality=municipality, used_at=None, revoked_at=None
    ).first()
    if found is not None:
        found.revoked_at = days.now()
        found.save(update_fields=["revoked_at"])
        withdraw_links(found, why=why)


@transaction.atomic
def judge_commitment(*, commitment: Commitment, verdict: str, reason: str, by: User) -> Commitment:
    """Let a commitment count, or refuse it with a reason, once staff have opened it.

    `verdict` is accepted or refused; the reason of a refusal is for the city. Raises
    WrongStateError once eligibility is decided, and when another letter came meanwhile.
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
    record_event(
        verb=f"application.commitment_{verdict}",
        target=application,
        by=by,
        reason=reason,
        details={"municipality": current.municipality.name},
    )
    return current
