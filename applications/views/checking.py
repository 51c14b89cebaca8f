"""The eligibility workbench: one case after the other, a key or a button for each verdict."""

from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import SignedInRequest
from accounts.models import User
from applications import services
from applications.forms.clarifications import AskForm
from applications.forms.staff import FilterForm, JudgeForm
from applications.models import Application, Municipality
from applications.parts import parts_of
from applications.popscale import PER_NARROW_ROW, dots_of, scale_of
from applications.selectors import (
    eligibility_of,
    facts_of,
    municipalities_of,
    narrowed,
    rules_of,
    sent_applications,
    shown_to,
    submission_of,
    with_list_columns,
)
from applications.selectors.addresses import advice_on
from applications.selectors.checking import (
    around,
    checked_numbers,
    first_check_of,
    is_being_checked,
    last_step_of,
    to_judge,
    version_of_check,
)
from applications.selectors.judging import Item, Sheet, item_of, items_of, sheets_of
from applications.states import ApplicationStatus, CommitmentVerdict, Criterion, Ruling
from applications.views.origins import from_query, origin_of
from applications.views.pages import asked, sent_application
from core.files.serving import is_shown
from core.kit.decorators import require_perm, staff_required
from core.kit.errors import InvalidError
from core.kit.fields import VersionField
from core.kit.saving import SHOWN, Sent, press, save

S = ApplicationStatus
FIGURES, ALL = "figures", "all"


# the queue ------------------------------------------------------------------------------
def _chosen(user: User, origin: str) -> dict[str, Any]:
    """Return the filters of an origin but for those on how far an application has come."""
    chosen = FilterForm(QueryDict(origin), by=user).chosen
    return {key: value for key, value in chosen.items() if key not in ("status", "view")}


def _queue(user: User, origin: str) -> Any:
    chosen = _chosen(user, origin)
    rows = narrowed(sent_applications(user), user, chosen)
    return with_list_columns(to_judge(rows, user), str(chosen.get("sort") or "-sent"))


def check_url(reference: str, origin: str = "", **more: str) -> str:
    """Return the address of a case; without a reference that of the queue itself."""
    url = (
        reverse("applications:staff_check", args=[reference])
        if reference
        else reverse("applications:staff_to_check")
    )
    query = urlencode({key: value for key, value in ({"from": origin} | more).items() if value})
    return f"{url}?{query}" if query else url


def next_after(request: SignedInRequest, reference: str, origin: str) -> Callable[[], HttpResponse]:
    """Find, before a case leaves the queue, what comes after it; return the way there."""
    following = around(_queue(request.user, origin), reference).next
    to = following.reference if following and following.reference != reference else ""
    return lambda: redirect(check_url(to, origin, done=reference))


@require_GET
@staff_required
def staff_to_check(request: SignedInRequest) -> HttpResponse:
    """Open the first case that waits for the person; say so where none does."""
    require_perm(request.user, "applications.check_applications")
    origin = origin_of(request)
    first = around(_queue(request.user, origin), "").next
    if first is not None:
        return redirect(check_url(first.reference, origin))
    numbers = checked_numbers(_all_of(request.user, origin), request.user)
    context = {
        "numbers": numbers,
        "figures": [
            {"label": _("eligible"), "value": numbers.passed},
            {"label": _("not eligible, each with a reason"), "value": numbers.failed},
            {"label": _("wait for the city"), "value": numbers.asked},
            {"label": _("wait for a colleague"), "value": numbers.second},
        ],
        "dots": dots_of(numbers, is_open=False),
        "narrow_dots": dots_of(numbers, is_open=False, per_row=PER_NARROW_ROW),
        "origin": origin,
        "from_query": from_query(origin),
        "nav_current": "applications:staff_to_check",
        **_just_done(request, None),
    }
    return render(request, "applications/staff/check_done.html", context)


def _all_of(user: User, origin: str) -> Any:
    return narrowed(sent_applications(user), user, _chosen(user, origin))


# one case -------------------------------------------------------------------------------
@require_GET
@staff_required
def staff_check(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show what of a case is still to be judged, with the paper to judge it by."""
    application = sent_application(request, reference)
    require_perm(request.user, "applications.check_application", application)
    if not is_being_checked(application):
        messages.info(request, _("This check is closed. Here is how it stood."))
        url = reverse("applications:staff_detail", args=[reference])
        return redirect(f"{url}?tab=eligibility")
    return _page(request, application)


def _page(
    request: SignedInRequest,
    application: Application,
    status: int = SHOWN,
    *,
    deed: str = "",
    form: Any = None,
) -> HttpResponse:
    origin, user = origin_of(request), request.user
    members, submission = municipalities_of(application), submission_of(application)
    facts, rules = facts_of(application, members), rules_of(application, submission)
    criteria = shown_to(user, eligibility_of(application, facts, rules))
    items = items_of(criteria, members)
    sheets = sheets_of(application, members, submission.snapshot if submission else {})
    wanted = request.POST.get("item") or request.GET.get("item", "")
    item = next((one for one in items if one.key == wanted), None)
    if item is None and form and (item := item_of(criteria, members, wanted)):
        # Judged by a colleague meanwhile: what was typed about it stays beside it.
        items = [item, *items]
    item = item or next(iter(items), None)
    numbers = checked_numbers(_all_of(user, origin), user)
    first = first_check_of(application, criteria)
    version = version_of_check(application, criteria, members, first)
    context = {
        "application": application,
        "version": version,
        "origin": origin,
        "from_query": from_query(origin),
        "numbers": numbers,
        "dots": dots_of(numbers, is_open=True),
        "narrow_dots": dots_of(numbers, is_open=True, per_row=PER_NARROW_ROW),
        "around": around(_queue(user, origin), application.reference or ""),
        "criteria": criteria,
        "met": [one for one in criteria if one.is_met],
        "failed": [one for one in criteria if one.is_failed],
        "items": items,
        "item": item,
        "members": members,
        "scale": scale_of(rules, facts, members),
        "first": first,
        "deed": deed,
        "forms": _forms(submission, item, version) | ({deed: form} if form else {}),
        "form": form,
        "sheets": sheets,
        **_sheet(request, application, sheets, item),
        **asked(request, application),
        **_just_done(request, application),
        "nav_current": "applications:staff_to_check",
    }
    return render(request, "applications/staff/check.html", context, status=status)


def _forms(submission: Any, item: Item | None, version: int) -> dict[str, Any]:
    """Return an empty form for each deed that asks for words."""
    if item is None:
        return {}
    parts = parts_of(submission.snapshot) if submission else []
    of_letter, read = item.municipality is not None, {"version": version}
    return {
        "pass": JudgeForm(auto_id="pass-%s", initial=read, may_release=False),
        "fail": JudgeForm(auto_id="fail-%s", initial=read, of_letter=of_letter),
        "waive": JudgeForm(auto_id="waive-%s", initial=read),
        "ask": AskForm(parts, auto_id="ask-%s", initial={"row": _row_for(parts, item)}),
    }


def _row_for(parts: Any, item: Item) -> str:
    """Return the answer that a question on this criterion is most likely about; "" for none."""
    part = "contacts" if item.criterion.result.key == Criterion.CONTACT else "applicant"
    rows = [row for one in parts if one.key == part for row in one.rows]
    if item.municipality is not None:
        name = item.municipality.name
        rows = [row for row in rows if row.label == name] or rows
    return rows[-1].key if rows else ""


def _sheet(
    request: HttpRequest, application: Application, sheets: list[Sheet], item: Item | None
) -> dict[str, Any]:
    """Return what stands beside the criteria: a paper, the figures, or the list of all papers."""
    default = sheets[0].key if sheets else FIGURES
    if item is not None:
        default = item.key if item.municipality else FIGURES
        if item.criterion.result.key not in (Criterion.POPULATION, Criterion.COMMITMENTS):
            default = ALL if sheets else FIGURES
    wanted = request.POST.get("paper") or request.GET.get("paper") or default
    sheet = next((one for one in sheets if one.key == wanted), None)
    shown = sheet.key if sheet else (wanted if wanted in (FIGURES, ALL) else FIGURES)
    found: dict[str, Any] = {"paper": shown, "sheet": sheet}
    # What is judged stands beside it, or is not judged.
    found["is_in_view"] = item is None or item.municipality is None or shown == item.key
    if sheet is None:
        return found
    name = "document_file" if sheet.kind == "document" else f"{sheet.kind}_file"
    found["file_url"] = reverse(f"applications:{name}", args=[application.key, sheet.part])
    found["can_show"] = sheet.file is not None and is_shown(sheet.file)
    return found | _signed(application, item, sheet)


def _signed(application: Application, item: Item | None, sheet: Sheet) -> dict[str, Any]:
    """Return who signed what is judged, with what stands out of an address."""
    municipality: Municipality | None = item.municipality if item else None
    if municipality is None or item is None or item.key != sheet.key:
        return {}
    given = municipality.commitment
    advice = advice_on(application, given.email, municipality) if given.is_online else []
    return {"given": given, "advice": advice}


def _just_done(request: SignedInRequest, application: Application | None) -> dict[str, Any]:
    """Return what the person did last, where it can be undone."""
    reference = request.GET.get("done", "")
    if not reference:
        return {}
    if application is None or application.reference != reference:
        rows = sent_applications(request.user).select_related("call", "organisation__country")
        application = rows.filter(reference=reference).first()
    step = application and last_step_of(application, request.user)
    return {"done": application, "step": step} if step else {}


# the deeds ------------------------------------------------------------------------------
@require_POST
@staff_required
def staff_judge(request: SignedInRequest, reference: str) -> HttpResponse:
    """Do one thing in a case: pass, fail, waive, ask, find it eligible, or undo the last."""
    application = sent_application(request, reference)
    require_perm(request.user, "applications.check_application", application)
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        _refuse_unknown()
    return deed(request, application)


def _refuse_unknown() -> NoReturn:
    raise InvalidError(_("Choose one of the verdicts on the page of the case."), code="no_deed")


def _version_read(request: SignedInRequest) -> int:
    """Return the version of the case that a button was pressed on."""
    return VersionField().clean(request.POST.get("version"))


def _stay(request: SignedInRequest, application: Application) -> HttpResponse:
    reference = application.reference or ""
    return redirect(check_url(reference, origin_of(request), done=reference))


def _settled(
    request: SignedInRequest, application: Application, sent: Sent[Any], on: Callable[[], Any]
) -> HttpResponse:
    """Go on to the next case once this one does not wait for the person any more."""
    waits = to_judge(sent_applications(request.user), request.user)
    if sent.is_done and not waits.filter(pk=application.pk).exists():
        return on()
    return _stay(request, application)


def _eligible(request: SignedInRequest, application: Application) -> HttpResponse:
    if application.status == S.INELIGIBLE:
        # The city was told: its second mail is looked at first.
        url = reverse("applications:staff_decide_eligibility", args=[application.reference])
        return redirect(f"{url}?{from_query(origin_of(request))}")
    on = next_after(request, application.reference or "", origin_of(request))
    sent = press(
        request,
        lambda: services.decide_eligibility(
            application=application,
            eligible=True,
            by=request.user,
            read_version=_version_read(request),
        ),
    )
    return _settled(request, application, sent, on)


def _undo(request: SignedInRequest, application: Application) -> HttpResponse:
    press(
        request,
        lambda: services.undo_check_step(application=application, by=request.user),
        _("Undone: the last step is taken back."),
    )
    return _stay(request, application)


def _item_of(request: SignedInRequest, application: Application) -> Item:
    """Return what the form is about; refuse what is no criterion or commitment of the case."""
    members = municipalities_of(application)
    criteria = eligibility_of(application, facts_of(application, members))
    if found := item_of(criteria, members, request.POST.get("item", "")):
        return found
    _refuse_unknown()


def _pass(request: SignedInRequest, application: Application) -> HttpResponse:
    item = _item_of(request, application)
    on = next_after(request, application.reference or "", origin_of(request))
    about: dict[str, Any] = (
        {"commitment": item.municipality.commitment}
        if item.municipality
        else {"criterion": item.key}
    )

    def service(**words: Any) -> Any:
        return services.pass_and_settle(application=application, by=request.user, **about, **words)

    if "reason" not in request.POST:
        read = _version_read(request)
        sent = press(request, lambda: service(read_version=read))
        return _settled(request, application, sent, on)
    form = JudgeForm(request.POST, auto_id="pass-%s", may_release=False)
    sent = save(request, form, lambda: service(**form.values))
    if not sent.is_done:
        return _page(request, application, sent.status, deed="pass", form=form)
    return _settled(request, application, sent, on)


def _reasoned(ruling: Ruling) -> Callable[[SignedInRequest, Application], HttpResponse]:
    def judge(request: SignedInRequest, application: Application) -> HttpResponse:
        item, deed = _item_of(request, application), ruling.value
        letter = item.municipality if ruling == Ruling.FAIL else None
        form = JudgeForm(request.POST, auto_id=f"{deed}-%s", of_letter=letter is not None)

        def service() -> Any:
            if letter is not None:
                return services.judge_commitment(
                    commitment=letter.commitment,
                    verdict=CommitmentVerdict.REFUSED,
                    by=request.user,
                    **form.values,
                )
            return services.rule_criterion(
                application=application,
                criterion=str(item.criterion.result.key),
                ruling=deed,
                by=request.user,
                **form.values,
            )

        sent = save(request, form, service)
        if not sent.is_done:
            return _page(request, application, sent.status, deed=deed, form=form)
        return _stay(request, application)

    return judge


def _ask(request: SignedInRequest, application: Application) -> HttpResponse:
    require_perm(request.user, "applications.ask_clarification", application)
    submission = submission_of(application)
    parts = parts_of(submission.snapshot) if submission else []
    on = next_after(request, application.reference or "", origin_of(request))
    form = AskForm(parts, request.POST, auto_id="ask-%s")
    sent = save(
        request,
        form,
        lambda: services.ask_clarification(
            application=application, by=request.user, **form.cleaned_data
        ),
    )
    if not sent.is_done:
        return _page(request, application, sent.status, deed="ask", form=form)
    done = _("%(name)s is asked. The case comes back here with the answer.")
    messages.success(request, done % {"name": application.organisation.name})
    return on()


DEEDS = {
    "pass": _pass,
    "fail": _reasoned(Ruling.FAIL),
    "waive": _reasoned(Ruling.WAIVE),
    "ask": _ask,
    "eligible": _eligible,
    "undo": _undo,
}
