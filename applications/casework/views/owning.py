"""Who looks after an application."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications.casework import services
from applications.casework.forms import OwnerForm, VersionOnlyForm
from applications.casework.selectors import case_of, possible_owners
from applications.casework.views.pages import NAV, case_application
from core.kit.decorators import staff_required
from core.kit.saving import finish, posted, press, save


@require_POST
@staff_required
def take(request: SignedInRequest, reference: str) -> HttpResponse:
    """Let the person look after the application."""
    application = case_application(request, reference, "casework.own_case")
    form = VersionOnlyForm(request.POST)
    form.is_valid()
    press(
        request,
        lambda: services.set_owner(
            application=application,
            owner=request.user,
            read_version=form.cleaned_data["version"],
            by=request.user,
        ),
        _("You look after this application now."),
    )
    return redirect("applications:staff_detail", reference)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def owner(request: SignedInRequest, reference: str) -> HttpResponse:
    """Give the application to a colleague who sees it, or to nobody."""
    application = case_application(request, reference, "casework.own_case")
    case = case_of(application, request.user)
    now = case.owner.pk if case.owner and not case.owner.is_lost else None
    form = OwnerForm(
        possible_owners(application),
        posted(request),
        initial={"owner": now, "version": case.version},
    )
    sent = save(
        request,
        form,
        lambda: services.set_owner(
            application=application,
            owner=form.cleaned_data["owner"],
            read_version=form.cleaned_data["version"],
            by=request.user,
        ),
    )
    if sent.is_done:
        return finish(request, _done(sent.result.owner), "applications:staff_detail", reference)
    context = NAV | {"application": application, "form": form, "owner": case.owner}
    return render(request, "casework/owner.html", context, status=sent.status)


def _done(owner: object | None) -> str:
    if owner is None:
        return _("Nobody looks after this application now. It stands under “Nobody’s”.")
    return _("%(name)s looks after this application now, and finds it in the console.") % {
        "name": str(owner)
    }
