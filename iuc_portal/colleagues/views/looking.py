"""Looking as another role and remit."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from accounts.looking import forget_looking, keep_looking, looking_in
from accounts.services import end_looking, start_looking
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import finish, posted, save
from iuc_portal.colleagues.forms import LookForm


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def look(request: SignedInRequest) -> HttpResponse:
    """Ask for role and countries, then see the portal so."""
    require_perm(request.user, "accounts.view_as")
    form = LookForm(posted(request))
    sent = save(request, form, lambda: start_looking(**_chosen(form), by=request.user))
    if sent.is_done:
        keep_looking(request.session, sent.result)
        return redirect("homes:console")
    context = {"form": form, "nav_current": "organisations:staff_people"}
    return render(request, "colleagues/look.html", context, status=sent.status)


def _chosen(form: LookForm) -> dict[str, Any]:
    countries = {country.pk: country.name for country in form.cleaned_data["countries"]}
    return {"role": form.cleaned_data["role"], "countries": countries}


@require_POST
def stop_looking(request: HttpRequest) -> HttpResponse:
    """Be oneself again."""
    looking = looking_in(request.session)
    if looking is None or not request.user.is_authenticated:
        return redirect("accounts:after_sign_in")
    end_looking(looking=looking, ended="stopped", user=request.user)
    forget_looking(request.session)
    return finish(request, _("You are yourself again."), "homes:console")
