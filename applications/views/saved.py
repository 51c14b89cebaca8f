"""Staff: views of the list of applications that somebody keeps."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications.forms.staff import FilterForm, SavedViewForm
from applications.selectors import saved_views
from applications.services import remove_view, save_view
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import posted, press, save


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def saved_list(request: SignedInRequest) -> HttpResponse:
    """List the views that the person is offered, and keep the one that the address shows."""
    require_perm(request.user, "applications.list_applications")
    query = FilterForm(request.GET, by=request.user).query
    form = SavedViewForm(posted(request))
    sent = save(request, form, lambda: save_view(query=query, by=request.user, **form.cleaned_data))
    if sent.is_done:
        return redirect(f"{reverse('applications:staff_list')}?{query}")
    context = {
        "form": form,
        "query": query,
        "page": page_of(request, saved_views(request.user)),
        "nav_current": "applications:staff_list",
    }
    return render(request, "applications/staff/saved.html", context, status=sent.status)


@require_POST
@staff_required
def saved_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remove a view of one's own."""
    view = get_object_or_404(saved_views(request.user), pk=pk)
    press(request, lambda: remove_view(view=view, by=request.user), _("The view is removed."))
    return redirect("applications:saved_views")
