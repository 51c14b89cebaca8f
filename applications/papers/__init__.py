"""Papers about what was sent: the receipt, and the application or expression of interest itself.

All are drawn from the frozen snapshot, so they say what was sent, whatever changed since.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.models import Interest, Submission
from applications.parts import Part, parts_of
from core.kit.days import BRUSSELS
from core.papers.rendering import Paper, render


@dataclass(frozen=True)
class _Sending:
    """What was sent, when, with its fingerprint; `version` only of what can be sent again."""

    snapshot: Mapping[str, Any]
    at: dt.datetime
    sha256: str
    version: str = ""


def _of_application(row: Submission) -> _Sending:
    return _Sending(row.snapshot, row.at, row.sha256, str(row.number))


def _of_interest(row: Interest) -> _Sending:
    """Return the sending of an expression of interest; ask it of a sent one only."""
    return _Sending(row.snapshot or {}, row.sent_at or row.created_at, row.sha256)


def receipt(submission: Submission) -> bytes:
    """Return the receipt of a sending as PDF."""
    sent = submission.snapshot
    given = [row["commitment"] for row in sent["municipalities"]]
    given += [row["letter"] for row in sent.get("stakeholders", ())]
    files = [row for row in given if row and row["file_name"]]
    data = {
        "files_title": _("Files received"),
        "files": [
            _("%(name)s, signed by %(person)s. SHA-256 %(print)s")
            % {"name": row["file_name"], "person": row["signed_by_name"], "print": row["sha256"]}
            for row in files
        ]
        + [
            _("%(title)s: %(name)s. SHA-256 %(print)s")
            % {"title": row["title"], "name": row["file_name"], "print": row["sha256"]}
            for row in sent.get("documents", ())
        ],
        "no_files": _("None: none was needed."),
        "proof_text": _(
            "Fingerprint of the sent text and files (SHA-256). If one letter of the application "
            "changed, it would be different."
        ),
        "next": [
            _("Staff check who can apply. If a fact is missing they write to you."),
            _("Assessors read your answers. You need to do nothing."),
            _("You get the result by e-mail and in the portal."),
        ],
    }
    return _receipt(_of_application(submission), _("Receipt of your application"), data)


def interest_receipt(interest: Interest) -> bytes:
    """Return the receipt of an expression of interest as PDF; no files belong to it."""
    data = {
        "proof_text": _(
            "Fingerprint of the sent text (SHA-256). If one letter of it changed, it would be "
            "different."
        ),
        "next": [
            _("The coordination unit reads it. You need to do nothing."),
            _("You get a mail with its answer and the reason."),
            _("If you are invited, you write the full application; what you wrote is filled in."),
        ],
    }
    return _receipt(_of_interest(interest), _("Receipt of your expression of interest"), data)


def _receipt(sending: _Sending, title: str, data: dict[str, Any]) -> bytes:
    """Draw a receipt; `data` has the words that are its own: files, proof_text, next."""
    shared = {
        "reference_label": _("Your reference"),
        "reference": sending.snapshot["reference"],
        "facts": _facts(sending),
        "files_title": "",
        "proof_title": _("Proof of what was sent"),
        "fingerprint": sending.sha256,
        "next_title": _("What happens next"),
    }
    return render(_paper(sending, "receipt", title, shared | data))


def application_paper(submission: Submission, more: Sequence[Part] = ()) -> bytes:
    """Return everything that was sent as PDF; `more` parts stand behind it."""
    title = _("Application of %(name)s")
    return _answers(_of_application(submission), title, more)


def interest_paper(interest: Interest) -> bytes:
    """Return all that an expression of interest said when it was sent, as PDF."""
    title = _("Expression of interest of %(name)s")
    return _answers(_of_interest(interest), title)


def _answers(sending: _Sending, title: str, more: Sequence[Part] = ()) -> bytes:
    """Draw all that was sent, under a title that takes the applicant's name."""
    sent = sending.snapshot
    data = {
        "facts": [(_("Reference"), sent["reference"]), *_facts(sending)],
        "parts": [_drawn(part) for part in (*parts_of(sent), *more)],
        "empty": _("No answer"),
        "commitments_title": _("What the applicant commits to if chosen"),
        "commitments": sent.get("commitments", ()),
    }
    title %= {"name": sent["organisation"]["name"]}
    return render(_paper(sending, "application", title, data))


def _paper(sending: _Sending, template: str, title: str, data: dict[str, Any]) -> Paper:
    return Paper(
        app="applications",
        template=template,
        title=title,
        language=get_language() or "en",
        data=data,
        description=sending.snapshot["call"]["title"],
        day=localtime(sending.at, BRUSSELS).date(),
        footer=sending.snapshot["reference"],
    )


def _moment(moment: dt.datetime) -> str:
    local = localtime(moment, BRUSSELS)
    return _("%(day)s, %(time)s Brussels time") % {
        "day": date_format(local, "DATE_FORMAT"),
        "time": date_format(local, "H:i"),
    }


def _facts(sending: _Sending) -> list[tuple[str, str]]:
    sent = sending.snapshot
    facts = [
        (_("Call"), sent["call"]["title"]),
        (_("Applicant"), sent["organisation"]["name"]),
        (_("Sent"), _moment(sending.at)),
        (_("Sent by"), sent["sent_by"]),
    ]
    return [*facts, (_("Version"), sending.version)] if sending.version else facts


def _drawn(part: Part) -> dict[str, Any]:
    rows = [{"label": row.label, "value": row.value, "note": row.note} for row in part.rows]
    return {"title": part.title, "rows": rows}
