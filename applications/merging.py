"""What of applications moves in a way of its own when two organisations are merged."""

from django.utils.translation import gettext as _

from applications.models import Application, Interest, Wish
from applications.selectors import searched_text
from applications.states import ApplicationStatus, InterestStatus
from core.duties.services import touch
from programme.organisations.models import Organisation


def _refuse_both(goes: Organisation, stays: Organisation) -> list[str]:
    """Return for which calls both have an application that counts, or an expression of interest."""
    live = Application.objects.filter(revises=None).exclude(status=ApplicationStatus.WITHDRAWN)
    told = Interest.objects.exclude(status=InterestStatus.WITHDRAWN)
    mine = {row.call_id: row for row in live.filter(organisation=stays)}
    found = [
        _(
            "Both have an application to “%(call)s”: %(one)s and %(other)s. One of them "
            "withdraws its application first; what was written there is kept."
        )
        % {"call": row.call.title, "one": mine[row.call_id].label, "other": row.label}
        for row in live.filter(organisation=goes, call__in=mine).select_related("call")
    ]
    calls = told.filter(organisation=stays).values("call")
    found += [
        _("Both have an expression of interest in “%(call)s”. One of them withdraws its own first.")
        % {"call": row.call.title}
        for row in told.filter(organisation=goes, call__in=calls).select_related("call")
    ]
    return found


def _applications(goes: Organisation, stays: Organisation) -> None:
    Application.objects.filter(organisation=goes).update(organisation=stays)


def _interests(goes: Organisation, stays: Organisation) -> None:
    Interest.objects.filter(organisation=goes).update(organisation=stays)


def _wishes(goes: Organisation, stays: Organisation) -> None:
    """An application that wishes for both wishes for the one that stays."""
    both = Wish.objects.filter(organisation=stays).values("application")
    Wish.objects.filter(organisation=goes, application__in=both).delete()
    Wish.objects.filter(organisation=goes).update(organisation=stays)


def _find_anew(stays: Organisation) -> None:
    """Let search find the applications by the name that stays, and plan their duties anew."""
    for application in Application.objects.filter(organisation=stays):
        application.search_text = searched_text(application)
        application.save(update_fields=["search_text"])
        touch(application)


MOVE = {
    "applications.Application.organisation": _applications,
    "applications.Interest.organisation": _interests,
    "applications.Wish.organisation": _wishes,
}
REFUSE = (_refuse_both,)
AFTER = (_find_anew,)
