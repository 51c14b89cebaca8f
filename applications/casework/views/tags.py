"""Tags: on an application, and the list of all of them."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications.casework import services
from applications.casework.forms import MergeForm, TagForm, TagsForm
from applications.casework.models import StaffTag
from applications.casework.selectors import case_of, tags_in_use
from applications.casework.views.pages import NAV, case_application
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import finish, posted, press, save

SETUP = {"nav_current": "casework:tags"}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def of_application(request: SignedInRequest, reference: str) -> HttpResponse:
    """Choose the tags of an application."""
    application = case_application(request, reference, "casework.tag_case")
    borne = [tag.pk for tag in case_of(application, request.user).tags]
    form = TagsForm(posted(request), initial={"tags": borne, "shown": borne})
    sent = save(
        request,
        form,
        lambda: services.set_tags(application=application, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        return finish(request, _("The tags are saved."), "applications:staff_detail", reference)
    context = NAV | {
        "application": application,
        "form": form,
        "may_add": request.user.has_perm("casework.add_tag"),
    }
    return render(request, "casework/application_tags.html", context, status=sent.status)


@require_GET
@staff_required
def tags(request: SignedInRequest) -> HttpResponse:
    """List all tags, with how many applications bear each."""
    require_perm(request.user, "casework.list_notes")
    context = SETUP | {
        "page": page_of(request, tags_in_use(request.user)),
        "may_add": request.user.has_perm("casework.add_tag"),
        "may_manage": request.user.has_perm("casework.manage_tags"),
    }
    return render(request, "casework/tags.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def new(request: SignedInRequest) -> HttpResponse:
    """Add a tag."""
    require_perm(request.user, "casework.add_tag")
    return _tag(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def tag(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change the word or the colour of a tag."""
    require_perm(request.user, "casework.manage_tags")
    return _tag(request, get_object_or_404(tags_in_use(request.user), pk=pk))


def _tag(request: SignedInRequest, row: StaffTag | None) -> HttpResponse:
    form = TagForm(posted(request), tag=row)

    def service() -> StaffTag:
        values = dict(form.cleaned_data)
        version = values.pop("version")
        return services.save_tag(tag=row, read_version=version, by=request.user, **values)

    sent = save(request, form, service)
    if sent.is_done:
        return finish(request, _("The tag is saved."), "casework:tags")
    stored = sent.stale.current if sent.stale else None
    context = SETUP | {"tag": row, "form": form, "stored": stored}
    return render(request, "casework/tag.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def merge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let another tag take the place of one."""
    require_perm(request.user, "casework.manage_tags")
    row = get_object_or_404(tags_in_use(request.user), pk=pk)
    form: forms.Form = MergeForm(row, posted(request))
    sent = save(
        request,
        form,
        lambda: services.merge_tags(tag=row, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("All that bore “%(old)s” bears “%(new)s” now.")
        names = {"old": row.name, "new": sent.result.name}
        return finish(request, done % names, "casework:tags")
    context = SETUP | {"tag": row, "form": form}
    return render(request, "casework/tag_merge.html", context, status=sent.status)


@require_POST
@staff_required
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remove a tag that nothing bears."""
    require_perm(request.user, "casework.manage_tags")
    row = get_object_or_404(StaffTag, pk=pk)
    press(
        request,
        lambda: services.remove_tag(tag=row, by=request.user),
        _("The tag is removed."),
    )
    return redirect("casework:tags")
