"""Stakeholders of an application, and which files belong to it."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.models import (
    Application,
    Asked,
    Commitment,
    OnlineInvitation,
    SignedPaper,
    Stakeholder,
    Submission,
    SupportLetter,
)
from applications.selectors.records import withdrawn_of, written_last
from applications.states import ApplicationStatus, LinkEnd
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


def online_words_of(application: Application) -> list[SignedPaper]:
    """Return what offices have signed online for an application; two queries."""
    commitments = Commitment.objects.filter(municipality__application=application)
    letters = SupportLetter.objects.filter(stakeholder__application=application)
    return [
        *commitments.exclude(email="").select_related("municipality", "file"),
        *letters.exclude(email="").select_related("stakeholder", "file"),
    ]


def begins_again() -> Exists:
    """Whether the organisation of an application has withdrawn one to the same call."""
    withdrawn = Application.objects.filter(status=ApplicationStatus.WITHDRAWN, revises=None)
    return Exists(withdrawn.filter(call=OuterRef("call"), organisation=OuterRef("organisation")))


def words_left_behind(application: Application) -> list[Asked]:
    """Return who must be asked again: their word, given online, was for what was withdrawn.

    It binds nobody since and does not come along to the next application, as its givers were
    told. Who has given another, or is invited already, is not among them.
    """
    former = withdrawn_of(application.call, application.organisation)
    if former is None:
        return []
    words = online_words_of(written_last(former))
    names = {getattr(word, word.whose).name for word in words}
    members = application.municipalities.filter(commitment=None)
    stakeholders = application.stakeholders.filter(letter=None)
    asked: list[Asked] = [
        *members.filter(name__in=names).select_related("invitation"),
        *stakeholders.filter(name__in=names).select_related("invitation"),
    ]
    invited = {link.asked for link in open_links_among(asked)}
    return [one for one in asked if one not in invited]


def open_links_among(asked: Iterable[Asked]) -> list[OnlineInvitation]:
    """Return the invitations of these that nobody has answered yet; they bring them along."""
    found = [getattr(one, "invitation", None) for one in asked]
    return [invitation for invitation in found if invitation is not None and invitation.is_open]


def links_ended_by(submission: Submission) -> list[OnlineInvitation]:
    """Return who had not answered when this was sent: it is frozen without them."""
    application = submission.application
    rows = OnlineInvitation.objects.of(
        organisation=application.organisation_id, call=application.call_id
    ).filter(end=LinkEnd.SENT, revoked_at=submission.at)
    return list(rows.select_related("municipality", "stakeholder").order_by("sent_at", "pk"))
