"""The page on which a city says what kind of city it is and which languages it works in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm
from core.kit.differences import differences, saved_first
from core.kit.saving import finish, posted, save
from core.trail.selectors import last_to_change
from programme.organisations.forms import DescribeForm
from programme.organisations.models import Organisation
from programme.organisations.services import describe_organisation


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def describe(request: SignedInRequest, slug: str) -> HttpResponse:
    """Save what kind of city it is and in which languages it works."""
    visible = Organisation.objects.visible_to(request.user)
    organisation = get_object_or_404(visible, slug=slug)
    require_perm(request.user, "organisations.describe_organisation", organisation)
    form = DescribeForm(organisation, posted(request))
    sent = save(
        request,
        form,
        lambda: describe_organisation(organisation=organisation, by=request.user, **form.values()),
    )
    if sent.is_done:
        return finish(request, _("Saved."), "organisations:team", organisation.slug)
    context = {
        "organisation": organisation,
        "organisation_name": organisation.name,
        "form": form,
        "saved_first": saved_first(
            sent, by=lambda _now: last_to_change(organisation), rows=lambda _now: differences(form)
        ),
    }
    return render(request, "organisations/describe.html", context, status=sent.status)
