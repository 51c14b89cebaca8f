"""Notes among staff, and those that mention somebody."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from applications.casework import services
from applications.casework.forms import NoteForm
from applications.casework.models import Note
from applications.casework.selectors import (
    colleagues_for,
    mentions_of,
    notes_of,
    notes_shown,
    with_applications,
)
from applications.casework.states import EDITABLE_FOR
from applications.casework.views.pages import NAV, case_application, opened_case
from applications.models import Application
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import finish, posted, save

MINUTES = EDITABLE_FOR.seconds // 60


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def notes(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show the notes about an application, and take a new one."""
    application = case_application(request, reference, "casework.view_notes")
    may_write = request.user.has_perm("casework.write_note", application)
    if request.method == "POST":
        require_perm(request.user, "casework.write_note", application)
    form = NoteForm(posted(request))
    sent = save(
        request,
        form,
        lambda: services.write_note(application=application, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        return finish(request, _("The note is kept."), "casework:notes", reference)
    page = page_of(request, notes_of(application, request.user))
    shown = notes_shown(page.object_list)
    opened_case(request, application, shown)
    context = NAV | {
        "application": application,
        "page": page,
        "rows": [_row(request, application, note) for note in shown],
        "form": form,
        "may_write": may_write,
        "colleagues": [one.person for one in colleagues_for(application) if one.sees]
        if may_write
        else [],
        "minutes": MINUTES,
    }
    return render(request, "casework/notes.html", context, status=sent.status)


def _row(request: SignedInRequest, application: Application, note: Any) -> dict[str, Any]:
    stored = Note(pk=note.pk, application=application, by_id=note.by.pk)
    return {
        "note": note,
        "may_edit": note.can_be_edited_by(request.user)
        and request.user.has_perm("casework.edit_note", stored),
        "may_remove": not note.is_removed and request.user.has_perm("casework.remove_note", stored),
    }


def _note(request: SignedInRequest, pk: int) -> Note:
    """Return a note that the person reads; 404 otherwise."""
    rows = Note.objects.reached_by(request.user)
    return get_object_or_404(rows.select_related("application__organisation__country"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change one's own note, within minutes."""
    row = _note(request, pk)
    require_perm(request.user, "casework.edit_note", row)
    form = NoteForm(posted(request), initial={"text": row.words})
    sent = save(
        request,
        form,
        lambda: services.edit_note(note=row, by=request.user, **form.cleaned_data),
    )
    reference = row.application.reference
    if sent.is_done:
        return finish(request, _("The note is changed."), "casework:notes", reference)
    context = NAV | {"note": row, "application": row.application, "form": form, "minutes": MINUTES}
    return render(request, "casework/note.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then take the words of a note away."""
    row = _note(request, pk)
    require_perm(request.user, "casework.remove_note", row)
    form = forms.Form(posted(request))
    sent = save(request, form, lambda: services.remove_note(note=row, by=request.user))
    reference = row.application.reference
    if sent.is_done:
        return finish(request, _("The note is removed."), "casework:notes", reference)
    context = NAV | {
        "note": row,
        "application": row.application,
        "form": form,
        "consequences": [
            _("Its words are gone for good, also for you."),
            _("That there was a note stays, with who wrote it and when."),
        ],
    }
    return render(request, "casework/note_remove.html", context, status=sent.status)


@require_GET
@staff_required
def mine(request: SignedInRequest) -> HttpResponse:
    """List the notes that mention the person, the newest first."""
    require_perm(request.user, "casework.list_notes")
    page = page_of(request, with_applications(mentions_of(request.user)))
    context = {"page": page, "nav_current": "casework:mine"}
    return render(request, "casework/mine.html", context)
