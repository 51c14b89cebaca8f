"""What the assessment exports: its kinds of row, and dossiers.

A dossier is all that was sent and found of an application as one PDF, with its files, zipped.
"""

import shutil
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.rules import mark_within_reach
from applications.assessment.models import Assessment, Letter, Outcome, Score
from applications.assessment.selectors.scoring import assessments_of
from applications.assessment.states import ANSWERED, AssessmentStatus
from applications.exports import OF_APPLICATION, Sheet, rows_on
from applications.models import Application, Clarification
from applications.papers import application_paper
from applications.parts import Part, Row
from applications.selectors import clarifications_of, decisions_of, files_of, submission_of
from core.files.models import StoredFile
from core.kit.tables import Column

# The kind of job that writes them (applications/assessment/jobs.py).
DOSSIERS = "assessment.dossiers"

SCORE_COLUMNS = (
    Column(gettext_lazy("Reference"), lambda row: row.assessment.assignment.application.reference),
    Column(
        gettext_lazy("Applicant"),
        lambda row: row.assessment.assignment.application.organisation.name,
        30,
    ),
    Column(gettext_lazy("Assessor"), lambda row: str(row.assessment.assignment.assessor), 24),
    Column(gettext_lazy("Criterion"), lambda row: row.criterion.title, 30),
    Column(gettext_lazy("Points"), lambda row: row.value, 9),
    Column(gettext_lazy("Of"), lambda row: row.criterion.max_score, 9),
    Column(gettext_lazy("Weight"), lambda row: row.criterion.weight, 9),
    Column(gettext_lazy("Why"), lambda row: row.sentence, 50),
    Column(gettext_lazy("Handed in (Brussels time)"), lambda row: row.assessment.handed_in_at),
)
OUTCOME_COLUMNS = (
    *OF_APPLICATION,
    Column(gettext_lazy("Outcome"), lambda row: row.get_outcome_display(), 16),
    Column(gettext_lazy("Rank when it was told"), lambda row: row.rank, 9),
    Column(gettext_lazy("Points when it was told"), lambda row: row.points, 9),
    Column(gettext_lazy("Reason"), lambda row: row.reason, 50),
    Column(gettext_lazy("Letter held back"), lambda row: row.is_held, 9),
    Column(gettext_lazy("Prepared by"), lambda row: str(row.prepared_by or ""), 24),
    Column(gettext_lazy("Prepared (Brussels time)"), lambda row: row.prepared_at),
    Column(gettext_lazy("Told (Brussels time)"), lambda row: row.released_at),
)
LETTER_COLUMNS = (
    Column(gettext_lazy("Reference"), lambda row: row.decision.application.reference),
    Column(gettext_lazy("Applicant"), lambda row: row.decision.application.organisation.name, 30),
    Column(gettext_lazy("Decision"), lambda row: row.decision.get_outcome_display(), 16),
    Column(gettext_lazy("Told (Brussels time)"), lambda row: row.decision.at),
    Column(gettext_lazy("Language"), lambda row: row.language, 9),
    Column(gettext_lazy("Subject"), lambda row: row.subject, 40),
    Column(gettext_lazy("Letter"), lambda row: row.text, 60),
)


def _scores_for(applications: "QuerySet[Application]", reader: User) -> "QuerySet[Score]":
    """Return the scores handed in that the reader may see: to an assessor, theirs come first."""
    way = "assessment__assignment__application"
    rows = rows_on(
        Score.objects.filter(assessment__status=AssessmentStatus.HANDED_IN), applications, way
    ).select_related("criterion", "assessment__assignment__assessor")
    if reader.has_perm("assessment.view_plans"):
        return rows
    answered = reader.assignments.filter(assessment__status=AssessmentStatus.HANDED_IN)
    own = Q(assessment__assignment__assessor=reader)
    return rows.filter(own | Q(**{f"{way}__in": answered.values("application")}))


SHEETS = [
    Sheet("scores", 50, gettext_lazy("Scores"), SCORE_COLUMNS, _scores_for),
    Sheet(
        "outcomes",
        70,
        gettext_lazy("Outcomes prepared and told"),
        OUTCOME_COLUMNS,
        lambda applications, _reader: rows_on(
            Outcome.objects.select_related("prepared_by"), applications
        ),
        permission="assessment.view_outcomes",
    ),
    Sheet(
        "letters",
        80,
        gettext_lazy("Letters"),
        LETTER_COLUMNS,
        lambda applications, _reader: rows_on(
            Letter.objects.select_related("decision"), applications, "decision__application"
        ),
        permission="assessment.view_outcomes",
    ),
]


def write_dossiers(
    applications: Iterable[Application], target: BinaryIO, by: User
) -> Iterator[Application]:
    """Write the dossier of one application after the other; give back each once it is written.

    Memory holds one paper, and a piece of one file, at a time.
    """
    # What is in it is packed already: PDF and pictures.
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for application in applications:
            mark_within_reach(by, application)
            _write(archive, application, by)
            yield application


def _write(archive: ZipFile, application: Application, by: User) -> None:
    submission = submission_of(application)
    if submission is None:
        return
    rows = list(files_of(application).order_by("at", "pk"))
    files = [(f"files/{number:02}-{one.name}", one) for number, one in enumerate(rows, 1)]
    more = [
        _part("clarifications", _("Questions and answers"), _asked(application)),
        *_assessed(application, by),
        _part("decisions", _("Decisions"), _decided(application)),
        _part("files", _("Files"), [_listed(place, one) for place, one in files]),
    ]
    folder = str(application.reference)
    paper = application_paper(submission, [part for part in more if part.rows])
    archive.writestr(f"{folder}/{folder}.pdf", paper)
    for place, stored in files:
        if not _is_missing(stored):
            with (
                default_storage.open(stored.path) as source,
                archive.open(f"{folder}/{place}", "w") as copy,
            ):
                shutil.copyfileobj(source, copy)


def _part(key: str, title: str, rows: Iterable[Row]) -> Part:
    return Part(key, title, tuple(rows))


def _asked(application: Application) -> list[Row]:
    return [
        Row(f"asked-{one.pk}", f"{one.label}: {one.question}", _answer(one))
        for one in clarifications_of(application)
    ]


def _answer(one: Clarification) -> str:
    return one.answer if one.is_answered else _("not answered")


def _assessed(application: Application, by: User) -> list[Part]:
    """Return a part for each assessor who has answered, for who may read the scores."""
    if not by.has_perm("assessment.view_scores", application):
        return []
    return [
        _part(f"assessed-{one.pk}", _words(one), _scores(one))
        for one in assessments_of(application)
        if one.status in ANSWERED
    ]


def _words(one: Assessment) -> str:
    return _("Assessment of %(name)s") % {"name": str(one.assignment.assessor)}


def _scores(one: Assessment) -> list[Row]:
    if one.abstain_reason:
        return [Row("abstained", _("Abstained"), one.abstain_reason)]
    rows = [
        Row(
            f"score-{score.pk}",
            score.criterion.title,
            _("%(points)s of %(most)s")
            % {"points": score.value, "most": score.criterion.max_score},
            score.sentence,
        )
        for score in one.scores.all()
    ]
    return [*rows, Row("overall", _("In all"), one.overall)] if one.overall else rows


def _decided(application: Application) -> list[Row]:
    return [
        Row(f"decision-{one.pk}", one.get_outcome_display(), one.reason or "–", str(one.by or ""))
        for one in reversed(decisions_of(application))
    ]


def _listed(place: str, stored: StoredFile) -> Row:
    note = f"SHA-256 {stored.sha256}"
    if _is_missing(stored):
        note = _("Not in the folder: it is not free of harm for all we know, or was lost.")
    return Row(f"file-{stored.pk}", stored.name, place, note)


def _is_missing(stored: StoredFile) -> bool:
    return stored.is_out_of_reach or not default_storage.exists(stored.path)
