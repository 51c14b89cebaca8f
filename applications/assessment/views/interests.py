"""Links with applicants: the declaration of an assessor, one's own, and lifting one."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from applications.assessment import services
from applications.assessment.forms.interests import InterestsForm, LiftForm, LinkForm
from applications.assessment.selectors.interests import (
    calls_to_declare,
    last_declaration,
    named_in,
)
from applications.assessment.views.pages import page_of, read_application
from applications.models import Application, Conflict
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import finish, posted, save


@require_http_methods(["GET", "POST"])
@staff_required
def interests(request: SignedInRequest, slug: str) -> HttpResponse:
    """Let an assessor name the applicants of a call that they have a link with."""
    require_perm(request.user, "assessment.assess")
    call = get_object_or_404(calls_to_declare(request.user), slug=slug)
    form = InterestsForm(named_in(call, request.user), posted(request))
    sent = save(
        request,
        form,
        lambda: services.declare_interests(
            call=call, links=form.links, by=request.user, shown=form.cleaned_data["shown"]
        ),
    )
    if sent.is_done:
        done = _("Thank you. What is assigned to you is open now.")
        return finish(request, done, "assessment:mine")
    if sent.stale:
        form.renew()
    context = {
        "call": call,
        "form": form,
        "groups": list(form.groups()),
        "last": last_declaration(call, request.user),
        "nav_current": "assessment:mine",
    }
    return render(request, "assessment/interests.html", context, status=sent.status)


@require_http_methods(["GET", "POST"])
@staff_required
def link(request: SignedInRequest, reference: str) -> HttpResponse:
    """Let a member of staff say that they have a link with an applicant."""
    application = read_application(request, reference)
    require_perm(request.user, "assessment.declare_link", application)
    form = LinkForm(posted(request))
    sent = save(
        request,
        form,
        lambda: services.declare_link(
            application=application, by=request.user, **form.cleaned_data
        ),
    )
    if sent.is_done:
        done = _("Kept. You see nothing of %(name)s any more; somebody else takes over.")
        name = {"name": application.organisation.name}
        return finish(request, done % name, "homes:console")
    context = {
        "application": application,
        "cancel_url": page_of(request, application),
        "back_url": page_of(request, application),
        "form": form,
        "consequences": [
            _("You see nothing of this application any more, in no list, count, mail or export."),
            _("What you have written about it no longer counts."),
            _("Only a colleague can lift it, with a reason."),
        ],
        "nav_current": "applications:staff_list",
    }
    return render(request, "assessment/link.html", context, status=sent.status)


@require_http_methods(["GET", "POST"])
@staff_required
def lift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a coordinator lift the link of a colleague, with a reason."""
    reached = Application.objects.reached_by(request.user).values("pk")
    rows = Conflict.objects.filter(lifted_at=None, application__in=reached)
    related = ("application__organisation", "person")
    conflict = rows.select_related(*related).filter(pk=pk).first()
    if conflict is None:
        raise Http404
    require_perm(request.user, "assessment.lift_link", conflict.application)
    form = LiftForm(posted(request))
    sent = save(
        request,
        form,
        lambda: services.lift_link(conflict=conflict, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("Lifted. %(name)s may read the application again.")
        return finish(
            request,
            done % {"name": str(conflict.person)},
            "applications:staff_detail",
            conflict.application.reference,
        )
    context = {"conflict": conflict, "form": form, "nav_current": "applications:staff_list"}
    return render(request, "assessment/lift.html", context, status=sent.status)
