"""Changing what was sent: reopening it, its versions, and giving the changes up."""

from dataclasses import dataclass
from itertools import pairwise

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from applications.models import Submission
from applications.parts import Change, changes_between
from applications.selectors import submissions_of, tasks_by_draft
from applications.services import drop_changes, reopen_application
from applications.snapshots import snapshot_of
from applications.views.pages import change_of, moved_on, own_application, show
from core.kit import days
from core.kit.decorators import require_perm
from core.kit.saving import finish, press


@dataclass(frozen=True)
class Version:
    """What was sent once, and how many answers differ from the version before."""

    submission: Submission
    changes: int | None
    is_standing: bool


def _versions(submissions: list[Submission]) -> list[Version]:
    """Return the versions, the newest first; the first one has nothing before it."""
    counts: list[int | None] = [
        len(changes_between(old.snapshot, new.snapshot)) for new, old in pairwise(submissions)
    ]
    return [
        Version(submission, count, is_standing=submission is submissions[0])
        for submission, count in zip(submissions, [*counts, None], strict=True)
    ]


@require_http_methods(["GET", "POST"])
@login_required
def reopen(request: SignedInRequest, key: str) -> HttpResponse:
    """Say what stands while it is changed, then open the working copy."""
    application = own_application(request, key)
    require_perm(request.user, "applications.reopen_application", application)
    if application.is_copy:
        return redirect("applications:detail", application.key)
    if request.method == "POST":
        sent = press(request, lambda: reopen_application(application=application, by=request.user))
        return redirect("applications:detail", sent.result.key if sent.is_done else key)
    change = change_of(request, application)
    if change["working_copy"]:
        return redirect("applications:detail", change["working_copy"].key)
    if not change["is_open"]:
        return redirect("applications:detail", application.key)
    context = {
        "application": application,
        "submission": submissions_of(application)[0],
        "nav_current": "applications:mine",
    }
    return show(request, "reopen.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def drop(request: SignedInRequest, key: str) -> HttpResponse:
    """Ask once more, with what would be lost, then drop the changes."""
    application = own_application(request, key)
    if application.revises is None:
        raise Http404
    require_perm(request.user, "applications.reopen_application", application)
    if request.method == "POST":
        standing = drop_changes(application=application, by=request.user)
        done = _("The changes are dropped. What you sent before counts.")
        return finish(request, done, "applications:detail", standing.key)
    if not application.is_draft:
        return moved_on(request, application)
    [newest, *_older] = submissions_of(application.revises)
    context = {
        "application": application,
        "submission": newest,
        "changes": changes_between(newest.snapshot, snapshot_of(application)),
        "nav_current": "applications:mine",
    }
    return show(request, "drop.html", context)


@require_GET
@login_required
def versions(request: SignedInRequest, key: str) -> HttpResponse:
    """Show what is not sent yet, and every version that was."""
    application = own_application(request, key)
    if application.revises:
        return redirect("applications:versions", application.revises.key)
    submissions = submissions_of(application)
    if not submissions:
        return redirect("applications:detail", application.key)
    change = change_of(request, application)
    copy = change["working_copy"]
    unsent: list[Change] = []
    lacking: list[str] = []
    if copy:
        unsent = changes_between(submissions[0].snapshot, snapshot_of(copy))
        lacking = [t.title for t in tasks_by_draft([copy])[copy.pk] if t.is_lacking]
    context = {
        "application": application,
        "call": application.call,
        "versions": _versions(submissions),
        "standing": submissions[0],
        "unsent": unsent,
        "lacking": lacking,
        "may_submit": request.user.has_perm("applications.submit_application", application),
        "may_withdraw": application.can_be_withdrawn
        and request.user.has_perm("applications.withdraw_application", application),
        **change,
        "now": days.now(),
        "organisation_name": application.organisation.name,
        "nav_current": "applications:mine",
    }
    return show(request, "versions.html", context)


@require_GET
@login_required
def version(request: SignedInRequest, key: str, number: int) -> HttpResponse:
    """Show what one version says differently from the one before."""
    application = own_application(request, key)
    found = {row.number: row for row in submissions_of(application)}
    if number not in found or number - 1 not in found:
        raise Http404
    before, after = found[number - 1], found[number]
    context = {
        "application": application,
        "before": before,
        "after": after,
        "changes": changes_between(before.snapshot, after.snapshot),
        "organisation_name": application.organisation.name,
        "nav_current": "applications:mine",
    }
    return show(request, "version.html", context)
