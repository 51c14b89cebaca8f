"""Staff: the letters on prepared outcomes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications.assessment.forms.outcomes import LetterForm, VersionForm
from applications.assessment.models import Outcome
from applications.assessment.selectors.outcomes import (
    Waiting,
    draft_that_counts,
    fits,
    outcomes_among,
    read_drafts,
    readiness_of,
    releases_of,
)
from applications.assessment.services import (
    edit_letter,
    hold_letter,
    send_test_letter,
    take_usual_letter,
)
from applications.assessment.services.letters import preview_of, words_of
from applications.assessment.states import PendingOutcome
from applications.assessment.views.outcomes import NAV, call_or_404
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import finish, posted, press, save

SHOWN = ("all", "own", "held")


def pending_or_404(request: SignedInRequest, reference: str) -> Outcome:
    """Return a pending outcome that the person may read, with all its letter needs."""
    found = (
        Outcome.objects.visible_to(request.user)
        .pending()
        .filter(application__reference=reference)
        .select_related("application__organisation__country", "application__call")
        .prefetch_related("drafts__by")
        .first()
    )
    if found is None:
        raise Http404
    return found


@require_GET
@staff_required
def letters(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the letters that wait, and show one of them as it would leave."""
    require_perm(request.user, "assessment.view_outcomes")
    call = call_or_404(slug)
    ready = readiness_of(request.user, call)
    wanted = request.GET.get("show", "all")
    shown = [row for row in ready.rows if _is_shown(row, wanted)]
    asked = request.GET.get("of", "")
    place = next((at for at, row in enumerate(shown) if row.reference == asked), 0)
    page = page_of(request, shown, holding=place)
    if shown and shown[place] not in page.object_list:
        place = page.start_index() - 1
    outcomes = outcomes_among([row.pk for row in page.object_list])
    read = {row.pk: row for row in outcomes} if shown else {}
    context = NAV | {
        "call": call,
        "total": len(ready.rows),
        "own": sum(row.has_own for row in ready.rows),
        "held": ready.held,
        "show": wanted if wanted in SHOWN else "all",
        "page": page,
        "groups": _groups(list(page.object_list), shown, read),
        "ready": ready,
        "releases": releases_of(call),
        "may_release": request.user.has_perm("assessment.release_outcomes"),
        "next": shown[place + 1] if place + 1 < len(shown) else None,
        **(_one(request, read[shown[place].pk]) if shown else {"one": None}),
    }
    return render(request, "assessment/letters.html", context)


def _is_shown(row: Waiting, wanted: str) -> bool:
    if wanted == "own":
        return row.has_own
    return row.is_held if wanted == "held" else True


def _groups(
    rows: Sequence[Waiting], shown: Sequence[Waiting], read: Mapping[int, Outcome]
) -> list[tuple[PendingOutcome, int, list[tuple[Waiting, Outcome]]]]:
    """Return the rows of a page by outcome, with how many of each there are on all pages."""
    counted = Counter(row.outcome for row in shown)
    return [
        (one, counted[one], [(row, read[row.pk]) for row in rows if row.outcome == one])
        for one in PendingOutcome
        if any(row.outcome == one for row in rows)
    ]


def _one(request: SignedInRequest, one: Outcome) -> dict[str, Any]:
    """Return the letter that is open, and in which language it is read."""
    read_drafts(one)
    own = draft_that_counts(one)
    context: dict[str, Any] = {
        "one": one,
        "own_letter": own,
        "version_form": VersionForm(initial={"version": one.version}, auto_id=False),
        "may_write": request.user.has_perm("assessment.prepare_outcome", one.application),
    }
    if one.outcome == PendingOutcome.HELD:
        return context
    letter = preview_of(one)
    languages = [
        (code, name)
        for code, name in settings.LANGUAGES
        if code in (letter.language, settings.LANGUAGE_CODE)
    ]
    read_in = request.GET.get("in", "")
    if read_in in dict(languages) and read_in != letter.language and own is None:
        letter_read = preview_of(one, read_in)
    else:
        read_in, letter_read = letter.language, letter
    return context | {
        "letter": letter_read,
        "goes_out_in": letter.language,
        "read_in": read_in,
        "languages": languages,
        # An own letter for another outcome, or another reason, is kept and does not leave.
        "misfits": own is None
        and any(not draft.is_usual and not fits(draft, one) for draft in one.drafts.all()),
    }


def back_to_letter(outcome: Outcome) -> str:
    """Return the address at which the letter on an outcome is read."""
    application = outcome.application
    address = reverse("assessment:letters", args=[application.call.slug])
    return f"{address}?{urlencode({'of': application.reference or ''})}"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def letter_edit(request: SignedInRequest, reference: str) -> HttpResponse:
    """Write a letter anew; `?take=N` puts an earlier writing into the form."""
    outcome = pending_or_404(request, reference)
    require_perm(request.user, "assessment.prepare_outcome", outcome.application)
    if outcome.outcome == PendingOutcome.HELD:
        return redirect("assessment:prepare", reference)
    drafts = [draft for draft in outcome.drafts.all() if not draft.is_usual]
    taken = next((one for one in drafts if str(one.number) == request.GET.get("take")), None)
    words = taken or words_of(outcome)
    initial = {"subject": words.subject, "text": words.text, "version": outcome.version}
    form = LetterForm(posted(request), initial=initial)
    sent = save(
        request,
        form,
        lambda: edit_letter(
            outcome=outcome,
            subject=form.cleaned_data["subject"],
            text=form.cleaned_data["text"],
            read_version=form.cleaned_data["version"],
            by=request.user,
        ),
    )
    if sent.is_done:
        return finish(
            request, _("The letter is kept. It leaves on the release."), back_to_letter(outcome)
        )
    context = NAV | {
        "outcome": outcome,
        "application": outcome.application,
        "call": outcome.application.call,
        "form": form,
        "drafts": drafts,
        "back_url": back_to_letter(outcome),
        "stale": words_of(sent.stale.current) if sent.stale else None,
    }
    return render(request, "assessment/letter_edit.html", context, status=sent.status)


def _pressed(
    request: SignedInRequest, reference: str, service: Callable[[Outcome, int], Any], done: str
) -> HttpResponse:
    """Do what a button beside a letter says, and show the letter again."""
    outcome = pending_or_404(request, reference)
    require_perm(request.user, "assessment.prepare_outcome", outcome.application)
    form = VersionForm(request.POST)
    form.is_valid()
    press(request, lambda: service(outcome, form.cleaned_data["version"]), done)
    return redirect(back_to_letter(outcome))


@require_POST
@staff_required
def letter_usual(request: SignedInRequest, reference: str) -> HttpResponse:
    """Take the usual letter again."""
    return _pressed(
        request,
        reference,
        lambda row, read: take_usual_letter(outcome=row, by=request.user, read_version=read),
        _("The usual letter leaves. Your own is kept among the earlier ones."),
    )


@require_POST
@staff_required
def letter_hold(request: SignedInRequest, reference: str) -> HttpResponse:
    """Keep a letter back, or let it go."""
    held = "hold" in request.POST
    done = (
        _("The letter stays behind until you let it go.")
        if held
        else _("The letter leaves with the next release.")
    )
    return _pressed(
        request,
        reference,
        lambda row, read: hold_letter(outcome=row, held=held, by=request.user, read_version=read),
        done,
    )


@require_POST
@staff_required
def letter_test(request: SignedInRequest, reference: str) -> HttpResponse:
    """Send the letter to oneself."""
    return _pressed(
        request,
        reference,
        lambda row, _read: send_test_letter(outcome=row, by=request.user),
        _("The letter is on its way to %(address)s alone.") % {"address": request.user.email},
    )
