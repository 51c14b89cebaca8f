"""What somebody who leaves hands over."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from accounts.models import User
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import finish, posted, save
from iuc_portal.colleagues.forms import HandOverForm
from iuc_portal.colleagues.selectors import held_by
from iuc_portal.colleagues.services import hand_over_work


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what is somebody's to do, and give it to whom is chosen."""
    require_perm(request.user, "accounts.manage_people")
    person = get_object_or_404(User, pk=pk)
    held = held_by(person, request.user)
    form = HandOverForm(posted(request), held=held)
    sent = save(
        request,
        form,
        lambda: hand_over_work(
            person=person,
            receivers=form.chosen,
            reason=form.cleaned_data["reason"],
            by=request.user,
        ),
    )
    if sent.is_done:
        done = _("It is handed over. Who has it now is told by mail.")
        return finish(request, done, "organisations:staff_person", person.pk)
    context = {
        "person": person,
        "held": held,
        "form": form,
        "nav_current": "organisations:staff_people",
    }
    return render(request, "colleagues/hand_over.html", context, status=sent.status)
