"""Which mails about applications must not leave any more; whose words staff may exchange."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from applications.mails.beside import BESIDE
from applications.mails.texts import OF_APPLICANTS, case, cases
from applications.models import Application, Decision, Interest, OnlineInvitation
from applications.services.links import TO_COMMIT, TO_SUPPORT
from applications.states import ApplicationStatus, InterestStatus
from core.duties.catalogue import key_of
from core.post.models import Mail
from programme.calls.models import Follower
from programme.organisations.states import WRITERS

__all__ = ["TEXTS", "case", "cases", "outdated"]

TEXTS = [*OF_APPLICANTS, *BESIDE]
S = ApplicationStatus


def outdated(mails: Iterable[Mail]) -> dict[int, str]:
    """Return by id why a mail no longer holds; a query or two for each kind of them."""
    mails = list(mails)
    told = _told_of_a_deadline(mails) | _told_of_answers(mails) | _handed_over(mails)
    told |= _refused(mails) | _used_links(mails) | _decided_anew(mails)
    return told | _put_right(mails)


def _ids(keys: Iterable[str]) -> list[Any]:
    """Return the ids in keys such as "user:17"."""
    return [key.partition(":")[2] for key in keys]


def _written_by(people: Iterable[str]) -> Q:
    """Return the condition on rows of an organisation for which one of these people writes."""
    return Q(
        organisation__memberships__role__in=WRITERS,
        organisation__memberships__user__in=_ids(people),
    )


def _told_of_a_deadline(mails: list[Mail]) -> dict[int, str]:
    """Return the mails on a moved deadline to people who write nothing for it any more."""
    application = Application.objects.filter(status=S.DRAFT)
    invited = Interest.objects.filter(status=InterestStatus.INVITED)
    first_stage = Interest.objects.filter(status=InterestStatus.DRAFT)
    return _no_longer_writes(mails, "deadline_moved", application, invited) | _no_longer_writes(
        mails, "first_stage_moved", first_stage
    )


def _no_longer_writes(mails: list[Mail], kind: str, *written: "QuerySet[Any]") -> dict[int, str]:
    """Return the mails of a kind about a call to people who write none of these rows for it."""
    asked = [mail for mail in mails if mail.kind == kind and mail.owner]
    if not asked:
        return {}
    by_them = _written_by(mail.owner for mail in asked)
    # By the person, not by the address: staff may have corrected that.
    still = {
        (f"call:{call}", f"user:{person}")
        for rows in written
        for call, person in rows.filter(by_them).values_list(
            "call", F("organisation__memberships__user")
        )
    }
    why = _("Its reader writes no draft for this call any more.")
    return {mail.pk: why for mail in asked if (mail.about, mail.owner) not in still}


def _told_of_answers(mails: list[Mail]) -> dict[int, str]:
    """Return the mails on new answers to people who neither write for those calls nor follow."""
    asked = [mail for mail in mails if mail.kind == "new_answers" and mail.owner]
    if not asked:
        return {}
    digests, readers = _ids(mail.about for mail in asked), [mail.owner for mail in asked]
    following = Follower.objects.filter(
        call__questions__told_in__in=digests, person__in=_ids(readers)
    ).values_list("call__questions__told_in", "person")
    told = set(following)
    # As `writers_of` a call: who drafts for one of its stages, or is invited to begin.
    for rows in (
        Application.objects.filter(status=S.DRAFT),
        Interest.objects.filter(status__in=[InterestStatus.DRAFT, InterestStatus.INVITED]),
    ):
        told |= set(
            rows.filter(_written_by(readers), call__questions__told_in__in=digests).values_list(
                "call__questions__told_in", F("organisation__memberships__user")
            )
        )
    still = {(f"answerdigest:{digest}", f"user:{person}") for digest, person in told}
    why = _("Its reader neither writes a draft for this call nor follows it any more.")
    return {mail.pk: why for mail in asked if (mail.about, mail.owner) not in still}


def _handed_over(mails: list[Mail]) -> dict[int, str]:
    """Return the mails that ask a colleague to go on with what is no draft any more."""
    asked = [mail for mail in mails if mail.kind == "application_handed_over" and mail.about]
    if not asked:
        return {}
    ids = _ids(mail.about for mail in asked)
    drafts = set(
        Application.objects.filter(pk__in=ids, status=S.DRAFT).values_list("pk", flat=True)
    )
    why = _("The application is no draft any more.")
    return {mail.pk: why for mail in asked if int(mail.about.partition(":")[2]) not in drafts}


def _refused(mails: list[Mail]) -> dict[int, str]:
    """Return the letters on a decision that has been taken back."""
    asked = [mail for mail in mails if mail.kind == "application_ineligible" and mail.about]
    if not asked:
        return {}
    ids = _ids(mail.about for mail in asked)
    refused = Application.objects.filter(pk__in=ids, status=S.INELIGIBLE).values_list("pk")
    still = {f"application:{pk}" for (pk,) in refused}
    why = _("The decision was taken back.")
    return {mail.pk: why for mail in asked if mail.about not in still}


def _decided_anew(mails: list[Mail]) -> dict[int, str]:
    """Return the mails on a decision on an expression of interest that no longer stands."""
    stands = {
        "interest_invited": InterestStatus.INVITED,
        "interest_declined": InterestStatus.DECLINED,
    }
    asked = [mail for mail in mails if mail.kind in stands and mail.about]
    if not asked:
        return {}
    ids = _ids(mail.about for mail in asked)
    now = {key_of(row): row.status for row in Interest.objects.filter(pk__in=ids)}
    why = _("The decision was taken back.")
    return {mail.pk: why for mail in asked if now.get(mail.about) != stands[mail.kind]}


def _put_right(mails: list[Mail]) -> dict[int, str]:
    """Return the letters to applicants on an outcome that no longer stands."""
    told = {"application_decided", "application_corrected"}
    # Staff try a letter on themselves before anything is decided.
    asked = [m for m in mails if m.kind in told and m.owner.startswith("organisation:")]
    if not asked:
        return {}
    ids = _ids(mail.about for mail in asked)
    rows = Decision.objects.filter(application__in=ids).select_related("application")
    newest = {key_of(row.application): row for row in rows.order_by("number")}
    # A decision is written before its letter, so what is older tells of one before it.
    still = {key: row.at for key, row in newest.items() if row.outcome == row.application.status}
    why = _("The decision was put right, or stands no more.")
    return {
        mail.pk: why
        for mail in asked
        if mail.about not in still or mail.created_at < still[mail.about]
    }


def _used_links(mails: list[Mail]) -> dict[int, str]:
    """Return the mails with a link on which nobody can sign any more."""
    asked = [mail for mail in mails if mail.kind in {TO_COMMIT, TO_SUPPORT} and mail.about]
    if not asked:
        return {}
    rows = OnlineInvitation.objects.of(status=S.DRAFT).unused()
    still_open = rows.filter(pk__in=_ids(mail.about for mail in asked))
    keys = set(map(key_of, still_open))
    why = _("The link was used, taken back, or has run out.")
    return {mail.pk: why for mail in asked if mail.about not in keys}
