"""The city's pages: list, start, task list, sending, withdrawing."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Max, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from accounts.models import User
from applications.eligibility import exceeds, names_words, side_words
from applications.forms.city import CheckedForm, StartForm
from applications.forms.sending import DeclareForm, WithdrawForm
from applications.models import Application, Interest
from applications.parts import parts_of
from applications.progress import progress_of
from applications.selectors import (
    applications_of,
    begun_at,
    calls_to_begin,
    decision_told,
    decisions_of,
    document_links,
    eligibility_of,
    facts_of,
    has_withdrawn,
    municipalities_of,
    organisations_that_may_apply,
    ready_for,
    recipients_of,
    released_reasons,
    rules_of,
    stakeholders_of,
    submission_of,
    submissions_of,
    visible_calls,
    written_for,
)
from applications.selectors.interests import interests_of, is_filled_in, let_in
from applications.selectors.partnership import links_ended_by, open_links_among
from applications.selectors.passing import offers_to, passed_since
from applications.services import (
    start_application,
    submit_application,
    withdraw_application,
)
from applications.services.details import why_cannot
from applications.services.locking import open_until
from applications.snapshots import snapshot_of
from applications.states import ApplicantKind, ApplicationStatus, InterestStatus, OfferState
from applications.views.contacts import may_name
from applications.views.pages import (
    asked,
    change_of,
    frame,
    left_behind,
    moved_on,
    own_application,
    show,
)
from core.kit.decorators import require_perm
from core.kit.saving import Sent, finish, posted, save
from core.kit.wanted import remember_wanted
from programme.calls.models import Call
from programme.calls.selectors import open_for
from programme.calls.states import ApplicantSide, CallPhase
from programme.organisations.models import Organisation
from questionnaires.selectors import read_answers

GONE = {ApplicationStatus.WITHDRAWN, InterestStatus.WITHDRAWN}
NOT_SENT: Sent[Any] = Sent()


@require_GET
@login_required
def mine(request: SignedInRequest) -> HttpResponse:
    """List the applications of the person's organisations, and the open calls."""
    applications = list(applications_of(request.user))
    interests = list(interests_of(request.user))
    context = {
        "applications": applications,
        "offers": offers_to(request.user).filter(state=OfferState.OPEN),
        "interests": interests,
        "calls": _with_own(calls_to_begin(request.user), applications, interests),
    }
    return show(request, "mine.html", context)


def _with_own(
    calls: Iterable[Any], applications: list[Application], interests: list[Interest]
) -> list[tuple[Call, list[Any], bool]]:
    """Return each call, what was begun for it, and whether another organisation can begin."""
    found = []
    for call in calls:
        is_first = call.takes_interests()
        stage: list[Any] = [*interests] if is_first else [*applications]
        own = [one for one in stage if one.call_id == call.pk and one.status not in GONE]
        has_more = call.lacks_interest if is_first else call.lacks_application
        found.append((call, own, has_more or not own))
    return found


@require_http_methods(["GET", "POST"])
@login_required
def start(request: SignedInRequest, call_slug: str) -> HttpResponse:
    """Ask for which organisation the application is, and start it."""
    call = get_object_or_404(visible_calls(), slug=call_slug)
    organisations = organisations_that_may_apply(request.user, call)
    may_take_over = has_withdrawn(call, organisations)
    # To a call in two stages only those apply that were invited.
    applicants = let_in(call, organisations)
    form = StartForm(applicants, posted(request), may_take_over=may_take_over)
    checked = CheckedForm(request.GET).checked()
    sent = save(
        request,
        form,
        lambda: start_application(call=call, by=request.user, checked=checked, **form.cleaned_data),
    )
    if sent.is_done:
        if is_filled_in(sent.result):
            messages.info(
                request,
                _(
                    "What you wrote in your expression of interest is filled in. Read it, and "
                    "change what you like."
                ),
            )
        return redirect("applications:detail", sent.result.key)
    if not organisations:
        wanted = reverse("applications:start", args=[call.slug])
        remember_wanted(request, f"{wanted}?{checked.query}" if checked.query else wanted)
    own_applications = list(begun_at(request.user, [call]))
    # Of the person's cities, the last one that staff gave a time of its own.
    own = open_for(request.user).filter(call=call).aggregate(last=Max("closes_at"))
    closes_at = own["last"]
    context = {
        "call": call,
        "form": form,
        "organisations": organisations,
        "applicants": applicants,
        "interests": interests_of(request.user).filter(call=call) if call.is_two_stage else [],
        "checked": checked,
        "ready": ready_for(call, organisations[0].side if organisations else ""),
        "belongs": _belongs(call),
        "refusal": _why_none(call, request.user, organisations),
        "own": own_applications,
        "is_begun": _is_begun(own_applications, organisations),
        "is_open": call.phase() == CallPhase.OPEN or closes_at is not None,
        "closes_at": closes_at or call.closes_at,
        "nav_current": "applications:mine",
    }
    return show(request, "start.html", context, sent.status)


def _belongs(call: Call) -> str:
    """Say whose an application to the call is."""
    if call.is_for_regions:
        return _("An application belongs to the authority of a region or province.")
    words = {
        ApplicantSide.EU: _("An application belongs to a city authority of the European Union."),
        ApplicantSide.PARTNER: _(
            "An application belongs to a city authority of a partner country."
        ),
        ApplicantSide.BOTH: _("An application belongs to a city authority."),
    }
    return words[ApplicantSide(call.applicant_side)]


def _is_begun(own: list[Application], organisations: Iterable[Organisation]) -> bool:
    """Whether each of the organisations has an application, so that there is none to start."""
    begun = {one.organisation_id for one in own}
    return bool(begun) and all(one.pk in begun for one in organisations)


def _why_none(call: Call, user: User, organisations: Iterable[Organisation]) -> str:
    """Say why none of the organisations that the person writes for applies; "" if one does."""
    # Of one kind, side and country all fare alike.
    alike = {(one.kind, one.side, one.country_id): one for one in organisations}
    if alike:
        refusals = [why_cannot(call, one) for one in alike.values()]
        return refusals[0] if all(refusals) else ""
    sides = written_for(user).order_by("side").values_list("side", flat=True).distinct()
    return next((side_words(side) for side in sides if not call.takes(side)), "")


@require_GET
@login_required
def detail(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the task list of a draft, or what was sent and what became of it."""
    application = own_application(request, key)
    if key != application.key:
        return redirect("applications:detail", application.key)
    if application.is_draft:
        return show(request, "task_list.html", _task_list(application, request))
    if application.revises:
        return redirect("applications:detail", application.revises.key)
    submissions, decisions = submissions_of(application), decisions_of(application)
    submission = submissions[0] if submissions else None
    questions = asked(request, application)
    context = {
        "application": application,
        "call": application.call,
        "submission": submission,
        "parts": parts_of(submission.snapshot) if submission else None,
        "links": document_links(application, submission.snapshot) if submission else {},
        "decision": decision_told(application, decisions),
        "released": released_reasons(application),
        "passed_on": passed_since(application, submission),
        "may_withdraw": _may_withdraw(request, application),
        "may_name": may_name(request, application),
        "progress": progress_of(
            application,
            submissions=submissions,
            decisions=decisions,
            clarifications=questions["clarifications"],
            open_until=open_until(application),
        ),
        **change_of(request, application),
        **questions,
        "organisation_name": application.organisation.name,
        "nav_current": "applications:mine",
    }
    return show(request, "sent_detail.html", context)


def _may_withdraw(request: HttpRequest, application: Application) -> bool:
    return application.can_be_withdrawn and request.user.has_perm(
        "applications.withdraw_application", application
    )


def _may_edit(request: HttpRequest, application: Application) -> bool:
    return request.user.has_perm("applications.edit_application", application)


def _task_list(application: Application, request: HttpRequest) -> dict[str, object]:
    context = frame(application)
    steps = context["steps"]
    groups: dict[str, list[object]] = {}
    for step in steps:
        groups.setdefault(step.task.group, []).append(step)
    done = sum(step.task.is_done for step in steps)
    may_edit = _may_edit(request, application)
    if may_edit:
        context |= left_behind(application)
    context.update(
        {
            "groups": groups.items(),
            "tasks": [step.task for step in steps],
            "done": done,
            "is_ready": not any(step.task.is_lacking for step in steps),
            "team": application.organisation.memberships.select_related("user"),
            "may_edit": may_edit,
            "may_withdraw": _may_withdraw(request, application),
            "may_invite": request.user.has_perm(
                "organisations.manage_members", application.organisation
            ),
        }
    )
    return context


def _check_page(
    request: HttpRequest,
    application: Application,
    form: DeclareForm | None = None,
    sent: Sent[Any] = NOT_SENT,
) -> HttpResponse:
    # The list of tasks and what is sent tell of the same rows.
    prefetch_related_objects([application], "themes")
    if application.response:
        read_answers(application.response)
    members, stakeholders = municipalities_of(application), stakeholders_of(application)
    facts, rules = facts_of(application, members), rules_of(application)
    context = frame(application, "", facts, rules)
    snapshot = snapshot_of(application, members=members, stakeholders=stakeholders)
    if form is None:
        form = DeclareForm.of(snapshot)
    numbers = {step.task.key: step.number for step in context["steps"]}
    may_edit = _may_edit(request, application)
    context.update(
        {
            "changed": form.renew(snapshot) if sent.stale else [],
            "form": form,
            "version": _next_version(application),
            "commitments": snapshot["commitments"],
            "declaring": names_words(member.name for member in facts.members),
            # In the order of the list of tasks.
            "parts": sorted(parts_of(snapshot), key=lambda part: numbers.get(part.key, 0)),
            "links": document_links(application, snapshot),
            "papers": snapshot["documents"],
            "facts": facts,
            "is_enough": exceeds(rules, facts.total),
            "is_measured": rules.asks_population,
            "rules": rules,
            "open_links": open_links_among([*members, *stakeholders]),
            "others": [m for m in facts.members if not m.is_lead],
            "committed": sum(m.committed for m in facts.members if not m.is_lead),
            "is_ready": not any(step.task.is_lacking for step in context["steps"]),
            "done": sum(step.task.is_done for step in context["steps"]),
            "may_submit": request.user.has_perm("applications.submit_application", application),
            "may_edit": may_edit,
            # Without steps the answers are read only: nothing offers to change them.
            "section_steps": {s.task.key: s for s in context["steps"]} if may_edit else {},
        }
    )
    return show(request, "check.html", context, sent.status)


def _next_version(application: Application) -> int:
    """Return the number that a working copy gets when it is sent; 0 for the first sending."""
    standing = application.revises and submission_of(application.revises)
    return standing.number + 1 if standing else 0


@require_GET
@login_required
def check(request: SignedInRequest, key: str) -> HttpResponse:
    """Show everything that will be sent, with what is still missing."""
    application = own_application(request, key)
    if not application.is_draft:
        return moved_on(request, application)
    return _check_page(request, application)


@require_POST
@login_required
def submit(request: SignedInRequest, key: str) -> HttpResponse:
    """Send the application; a second click lands on the same page."""
    application = own_application(request, key)
    require_perm(request.user, "applications.submit_application", application)
    if not application.is_draft:
        # A second click lands on the same page; a withdrawn application says so.
        application = submit_application(application=application, by=request.user)
        return redirect("applications:sent", application.key)
    form = DeclareForm(request.POST, has_commitments=application.call.commitments.exists())
    sent = save(
        request,
        form,
        lambda: submit_application(
            application=application,
            by=request.user,
            declared=form.declared,
            shown=form.cleaned_data["shown"],
        ),
    )
    if not sent.is_done:
        return _check_page(request, application, form, sent)
    return redirect("applications:sent", sent.result.key)


@require_GET
@login_required
def sent(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the receipt: reference, time, what happens next."""
    application = own_application(request, key)
    submission = submission_of(application)
    if submission is None or application.is_copy:
        return redirect("applications:detail", application.key)
    criteria = eligibility_of(application)
    context = {
        "application": application,
        "call": application.call,
        "submission": submission,
        "addresses": [address for address, _language in recipients_of(application)],
        "ended_links": links_ended_by(submission),
        "not_met": [item for item in criteria if item.is_failed or item.is_open],
        "may_withdraw": _may_withdraw(request, application),
        **change_of(request, application),
        "organisation_name": application.organisation.name,
        "nav_current": "applications:mine",
    }
    return show(request, "sent.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def withdraw(request: SignedInRequest, key: str) -> HttpResponse:
    """Ask once more, then withdraw."""
    application = own_application(request, key)
    require_perm(request.user, "applications.withdraw_application", application)
    if application.is_copy and request.method != "POST":
        return redirect("applications:drop", application.key)
    form = WithdrawForm(posted(request))
    sent = save(
        request,
        form,
        lambda: withdraw_application(application=application, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("The application is withdrawn. What you wrote is kept.")
        return finish(request, done, "applications:detail", sent.result.key)
    if request.method != "POST" and not application.can_be_withdrawn:
        return redirect("applications:detail", application.key)
    members = [row for row in municipalities_of(application) if not row.is_lead]
    context = {
        "application": application,
        "form": form,
        "members": members if application.kind == ApplicantKind.GROUP else [],
        "nav_current": "applications:mine",
    }
    return show(request, "withdraw.html", context, sent.status)
