"""A second factor that somebody has lost."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from accounts.models import User
from accounts.services import reset_second_factor
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import finish, posted, save
from programme.organisations.forms import ReasonForm


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def reset(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then take the second factor of a colleague away."""
    require_perm(request.user, "accounts.manage_people")
    person = get_object_or_404(User, pk=pk)
    form = ReasonForm(posted(request))
    sent = save(
        request,
        form,
        lambda: reset_second_factor(person=person, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("%(name)s is told by mail, and sets a new one at the next sign-in.")
        return finish(request, done % {"name": person}, "organisations:staff_person", person.pk)
    context = {
        "person": person,
        "form": form,
        "consequences": [
            _("Be sure that it is really them who ask: call them on a number you know."),
            _("All their sessions end at once. The password stays as it is."),
            _("They are told by mail, with your name and the reason."),
        ],
        "nav_current": "organisations:staff_people",
    }
    return render(request, "colleagues/second_factor.html", context, status=sent.status)
