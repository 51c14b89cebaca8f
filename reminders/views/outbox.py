"""The mail outbox: what goes to whom, previewed, held back, released or tried again."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.jobs.selectors import latest_heartbeat
from core.kit import paging
from core.kit.decorators import require_perm, staff_required
from core.kit.errors import Words
from core.kit.paging import NewestPaginator, page_of
from core.kit.saving import finish, posted, press, save
from core.post.http import mail_in_frame
from core.post.models import Mail
from core.post.services import correct_mail, hold_mail, release_mail, retry_mail
from core.post.states import MailStatus, OutboxView
from core.trail.selectors import events_of
from reminders.forms import CorrectForm, OutboxFilter
from reminders.selectors import PARTS, mails_in, outbox_counts, readers_of, view_of, visible_mails


@require_safe
@staff_required
def outbox(request: SignedInRequest) -> HttpResponse:
    """List one part of the outbox; without a choice the one that needs somebody."""
    require_perm(request.user, "post.view_outbox")
    return render(request, "reminders/outbox.html", _list_context(request))


@require_safe
@staff_required
def mail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one mail beside the list it came from."""
    chosen = _mail_or_404(request, pk)
    context = _list_context(request, chosen) | {
        "mail": chosen,
        "reader": readers_of([chosen]).get(chosen.recipient),
        "as_text": request.GET.get("format") == "text" or not chosen.html,
        "text_query": _query(request, format="text"),
        "html_query": _query(request, format=""),
        "events": events_of(chosen),
        "delivery": chosen.deliveries.first(),
    }
    return render(request, "reminders/mail.html", context)


@require_safe
@mail_in_frame
@staff_required
def mail_body(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer the HTML of a mail alone, for the frame of the preview."""
    chosen = _mail_or_404(request, pk)
    return HttpResponse("" if chosen.is_secret else chosen.html)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def mail_hold(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then hold a waiting mail back."""
    return _step(
        request,
        pk,
        hold_mail,
        {
            "heading": _("Hold this mail back?"),
            "text": _("It stays in the outbox until a coordinator releases it."),
            "action_label": _("Hold it back"),
            "done": _("The mail is held back. Release it when it may go."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def mail_release(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then let a held mail go."""
    return _step(
        request,
        pk,
        release_mail,
        {
            "heading": _("Release this mail?"),
            "text": _("It leaves within a minute and cannot be called back."),
            "action_label": _("Release it"),
            "done": _("The mail is released. It leaves within a minute."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def mail_retry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then queue a failed mail again."""
    return _step(
        request,
        pk,
        retry_mail,
        {
            "heading": _("Try this mail again?"),
            "text": _("Check the address first: a wrong one fails again."),
            "action_label": _("Try again"),
            "done": _("The mail waits again. It leaves within a minute."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def mail_correct(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the right address and the reason, then send the mail there."""
    chosen = _mail_or_404(request, pk)
    require_perm(request.user, "post.manage_outbox", chosen)
    form = CorrectForm(posted(request), initial={"recipient": chosen.recipient})
    sent = save(
        request, form, lambda: correct_mail(mail=chosen, by=request.user, **form.cleaned_data)
    )
    if sent.is_done:
        done = _("The mail waits again, to %(address)s. It leaves within a minute.")
        address = {"address": sent.result.recipient}
        return finish(request, str(done) % address, "reminders:mail", pk)
    context = {
        "mail": chosen,
        "form": form,
        "heading": _("Correct the address"),
        "text": _("Only this mail goes there; the address of the account stays as it is."),
        "action_label": _("Correct and send again"),
    }
    return render(request, "reminders/mail_confirm.html", context, status=sent.status)


def _step(
    request: SignedInRequest,
    pk: int,
    service: Callable[..., Mail],
    words: dict[str, Words],
) -> HttpResponse:
    chosen = _mail_or_404(request, pk)
    require_perm(request.user, "post.manage_outbox", chosen)
    if request.method != "POST":
        return render(request, "reminders/mail_confirm.html", {"mail": chosen, **words})
    press(request, lambda: service(mail=chosen, by=request.user), words["done"])
    return redirect("reminders:mail", pk=pk)


def _mail_or_404(request: SignedInRequest, pk: int) -> Mail:
    require_perm(request.user, "post.view_outbox")
    return get_object_or_404(visible_mails(request.user), pk=pk)


def _list_context(request: SignedInRequest, chosen: Mail | None = None) -> dict[str, Any]:
    user = request.user
    asked = OutboxFilter(request.GET)
    # A new search looks through all parts, whichever was open.
    form = OutboxFilter({"view": "", "q": request.GET.get("q", "")})
    counts = outbox_counts(user, form.search)
    view = asked.part or _view_to_see(counts, chosen, form.search)
    pages = partial(NewestPaginator, counted=counts[view])
    page = page_of(request, mails_in(user, view, form.search), paginator=pages)
    readers = readers_of(page)
    return {
        "form": form,
        "view": view,
        "views": [
            (part, counts[part], _query(request, view=part, page=""))
            for part in (OutboxView if form.search else PARTS)
        ],
        "page": page,
        "most_counted": paging.MOST_COUNTED,
        "rows": [(mail, readers.get(mail.recipient)) for mail in page],
        "row_query": _query(request, view=view),
        "search": form.search,
        "heartbeat": latest_heartbeat(),
        "may_manage": user.has_perm("post.manage_outbox"),
        "states": MailStatus,
    }


def _view_to_see(counts: dict[OutboxView, int], chosen: Mail | None, search: str) -> OutboxView:
    """Return the part to show when none was chosen: all for a search, that of an open mail."""
    if search:
        return OutboxView.ALL
    return view_of(chosen) if chosen else _first_to_see(counts)


def _first_to_see(counts: dict[OutboxView, int]) -> OutboxView:
    """Failed mails come first, then held ones; else what waits, else what was sent."""
    order = (OutboxView.FAILED, OutboxView.HELD, OutboxView.WAITING)
    return next((view for view in order if counts[view]), OutboxView.SENT)


def _query(request: SignedInRequest, **changes: str) -> str:
    """Return the query string of this page with other values; an empty one is left out."""
    query: QueryDict = request.GET.copy()
    for name, value in changes.items():
        if value:
            query[name] = str(value)
        else:
            query.pop(name, None)
    return f"?{query.urlencode()}" if query else "?"
