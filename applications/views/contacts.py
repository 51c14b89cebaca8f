"""The city's page on whom mails about what was sent go to."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from applications.forms.city import WrittenToForm
from applications.models import Application
from applications.selectors import recipients_of
from applications.services import name_contacts
from applications.services.details import WRITTEN_TO
from applications.states import ApplicationStatus
from applications.views.pages import own_application, show, stored_now
from core.kit.decorators import require_perm
from core.kit.saving import finish, posted, save


@require_http_methods(["GET", "POST"])
@login_required
def written_to(request: SignedInRequest, key: str) -> HttpResponse:
    """Show whom mails on what was sent go to, and let a lead name others."""
    application = own_application(request, key)
    require_perm(request.user, "applications.name_contacts", application)
    initial = {name: getattr(application, name) for name in WRITTEN_TO}
    form = WrittenToForm(posted(request), initial=initial | {"version": application.version})
    sent = save(
        request,
        form,
        lambda: name_contacts(
            application=application,
            read_version=form.read_version,
            by=request.user,
            **form.values(),
        ),
    )
    if sent.is_done:
        done = _("Mails and letters go to these contacts from now on.")
        return finish(request, done, "applications:detail", sent.result.key)
    if request.method != "POST" and not may_name(request, application):
        return redirect("applications:detail", application.key)
    context = {
        "application": application,
        "form": form,
        "addresses": [address for address, _language in recipients_of(application)],
        "nav_current": "applications:mine",
    }
    context |= stored_now(form, sent, application)
    return show(request, "written_to.html", context, sent.status)


def may_name(request: SignedInRequest, application: Application) -> bool:
    """Tell whether the page on contacts of what was sent is offered."""
    return (
        not application.is_draft
        and application.status != ApplicationStatus.WITHDRAWN
        and request.user.has_perm("applications.name_contacts", application)
    )
