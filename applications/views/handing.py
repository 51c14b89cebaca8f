"""Handing a draft over to a colleague."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from applications.forms.handing import HandOverForm
from applications.models import Application
from applications.services import hand_over
from applications.views.pages import draft_view, frame, show
from core.kit.saving import finish, posted, save


@require_http_methods(["GET", "HEAD", "POST"])
@draft_view
def handing(request: SignedInRequest, application: Application) -> HttpResponse:
    """Choose the colleague who goes on with the draft, and tell them."""
    organisation = application.organisation
    may_manage = request.user.has_perm("organisations.manage_members", organisation)
    form = HandOverForm(
        posted(request), organisation=organisation, by=request.user, may_manage=may_manage
    )
    sent = save(
        request,
        form,
        lambda: hand_over(application=application, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("%(name)s goes on with it and got a mail. You can still write.") % {
            "name": form.cleaned_data["to"]
        }
        return finish(request, done, "applications:detail", application.key)
    context = frame(application) | {"form": form, "may_manage": may_manage}
    return show(request, "hand_over.html", context, sent.status)
