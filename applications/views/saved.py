"""Staff: views of the list of applications that somebody keeps."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications.forms.staff import FilterForm, SavedViewForm
from applications.models import SavedView
from applications.selectors import views_on_their_page
from applications.services import pass_on_view, remove_view, save_view
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
        "page": page_of(request, views_on_their_page(request.user)),
        "may_manage": request.user.has_perm("applications.manage_views"),
        "nav_current": "applications:staff_list",
    }
    return render(request, "applications/staff/saved.html", context, status=sent.status)


def _view_or_404(request: SignedInRequest, pk: int) -> SavedView:
    return get_object_or_404(views_on_their_page(request.user), pk=pk)


@require_POST
@staff_required
def saved_take_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep a shared view in the place of who shared it."""
    view = _view_or_404(request, pk)
    require_perm(request.user, "applications.pass_on_view", view)
    press(
        request,
        lambda: pass_on_view(row=view, to=request.user, by=request.user),
        _("The view is yours now, and still shared."),
    )
    return redirect("applications:saved_views")


@require_POST
@staff_required
def saved_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remove a view of one's own, or as a coordinator one that is shared."""
    view = _view_or_404(request, pk)
    require_perm(request.user, "applications.remove_view", view)
    press(request, lambda: remove_view(view=view, by=request.user), _("The view is removed."))
    return redirect("applications:saved_views")
