"""Papers about what was sent: the receipt, and the application itself.

Both are drawn from the frozen snapshot, so they say what was sent, whatever changed since.
"""

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.models import Submission
from applications.parts import Part, parts_of
from core.kit.days import BRUSSELS
from core.papers.rendering import Paper, render


def receipt(submission: Submission) -> bytes:
    """Return the receipt of a sending as PDF."""
    sent = submission.snapshot
    given = [row["commitment"] for row in sent["municipalities"]]
    given += [row["letter"] for row in sent.get("stakeholders", ())]
    files = [row for row in given if row and row["file_name"]]
    data = {
        "reference_label": _("Your reference"),
        "reference": sent["reference"],
        "facts": _facts(submission),
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
        "proof_title": _("Proof of what was sent"),
        "proof_text": _(
            "Fingerprint of the sent text and files (SHA-256). If one letter of the application "
            "changed, it would be different."
        ),
        "fingerprint": submission.sha256,
        "next_title": _("What happens next"),
        "next": [
            _("Staff check who can apply. If a fact is missing they write to you."),
            _("Assessors read your answers. You need to do nothing."),
            _("You get the result by e-mail and in the portal."),
        ],
    }
    title = _("Receipt of your application")
    return render(_paper(submission, "receipt", title, data))


def application_paper(submission: Submission) -> bytes:
    """Return everything that was sent as PDF."""
    sent = submission.snapshot
    data = {
        "facts": [(_("Reference"), sent["reference"]), *_facts(submission)],
        "parts": [_drawn(part) for part in parts_of(sent)],
        "empty": _("No answer"),
        "commitments_title": _("What the applicant commits to if chosen"),
        "commitments": sent["commitments"],
    }
    title = _("Application of %(name)s") % {"name": sent["organisation"]["name"]}
    return render(_paper(submission, "application", title, data))


def _paper(submission: Submission, template: str, title: str, data: dict[str, Any]) -> Paper:
    return Paper(
        app="applications",
        template=template,
        title=title,
        language=get_language() or "en",
        data=data,
        description=submission.snapshot["call"]["title"],
        day=localtime(submission.at, BRUSSELS).date(),
        footer=submission.snapshot["reference"],
    )


def _moment(moment: dt.datetime) -> str:
    local = localtime(moment, BRUSSELS)
    return _("%(day)s, %(time)s Brussels time") % {
        "day": date_format(local, "DATE_FORMAT"),
        "time": date_format(local, "H:i"),
    }


def _facts(submission: Submission) -> list[tuple[str, str]]:
    sent = submission.snapshot
    return [
        (_("Call"), sent["call"]["title"]),
        (_("Applicant"), sent["organisation"]["name"]),
        (_("Sent"), _moment(submission.at)),
        (_("Sent by"), sent["sent_by"]),
        (_("Version"), str(submission.number)),
    ]


def _drawn(part: Part) -> dict[str, Any]:
    rows = [{"label": row.label, "value": row.value, "note": row.note} for row in part.rows]
    return {"title": part.title, "rows": rows}
