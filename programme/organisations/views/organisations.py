"""The console's organisations: list, page, capacity, first lead."""

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import finish, posted, press, save
from core.trail.selectors import events_of
from programme.organisations.forms import (
    CapacityForm,
    FirstLeadForm,
    MailDomainForm,
    NewOrganisationForm,
    OrganisationFilterForm,
)
from programme.organisations.models import Organisation, Split
from programme.organisations.selectors import (
    open_claims_on,
    open_invitations,
    organisations,
    team_of,
)
from programme.organisations.selectors.naming import names_shown
from programme.organisations.services import (
    add_mail_domain,
    invite_member,
    remove_mail_domain,
    set_capacity,
)
from programme.organisations.states import MembershipRole
from programme.organisations.views.registering import register


@require_safe
@staff_required
def organisation_list(request: SignedInRequest) -> HttpResponse:
    """List organisations; Lodz finds Łódź."""
    require_perm(request.user, "organisations.list_organisations")
    form = OrganisationFilterForm(request.GET)
    chosen = form.chosen
    found = organisations(
        user=request.user,
        words=chosen["q"],
        side=chosen["side"],
        kind=chosen["kind"],
        country=chosen["country"].pk if chosen["country"] else "",
        standing=chosen["standing"],
        without_lead=chosen["lead"] == "none",
    )
    page = page_of(request, found)
    context = {
        "page": page,
        "filter": form,
        "is_on": form.is_on,
        "has_errors": bool(form.errors),
        "may_create": request.user.has_perm("organisations.register_organisations"),
    }
    return render(request, "organisations/staff_organisations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def organisation_new(request: SignedInRequest) -> HttpResponse:
    """Register an organisation that has nobody in the portal yet."""
    require_perm(request.user, "organisations.register_organisations")
    form = NewOrganisationForm(posted(request), by=request.user)
    sent, context = register(request, form)
    if sent.is_done:
        made = sent.result
        done = _("%(name)s is registered. Now invite its lead.") % {"name": made.name}
        return finish(request, done, "organisations:staff_organisation", made.slug)
    context |= {"nav_current": "organisations:staff_organisations"}
    template = "organisations/staff_organisation_new.html"
    return render(request, template, context, status=sent.status)


def _page(
    request: HttpRequest,
    organisation: Organisation,
    *,
    capacity: CapacityForm | None = None,
    lead: FirstLeadForm | None = None,
    domain: MailDomainForm | None = None,
    status: int = 200,
) -> HttpResponse:
    team = list(team_of(organisation))
    context = {
        "organisation": organisation,
        "team": team,
        "invitations": open_invitations(organisation),
        "slots": organisation.slots.count(),
        "taken": organisation.slots.exclude(held_by=None).count(),
        "capacity_form": capacity or CapacityForm(initial={"capacity": organisation.capacity}),
        "lead_form": lead or FirstLeadForm(),
        "domain_form": domain or MailDomainForm(),
        "domains": organisation.mail_domains.all(),
        "claims": open_claims_on(organisation),
        "formers": organisation.formers.standing(),
        "names": names_shown(organisation),
        "splits": Split.objects.filter(Q(organisation=organisation) | Q(out_of=organisation))
        .exclude(organisation=F("out_of"))
        .select_related("organisation", "out_of"),
        "has_errors": bool(capacity or lead or domain),
        "may_set_capacity": request.user.has_perm("organisations.set_capacity", organisation),
        "may_invite": request.user.has_perm("organisations.invite_first_lead", organisation),
        "may_manage": request.user.has_perm("organisations.manage_members", organisation),
        "may_rename": request.user.has_perm("organisations.rename_organisation", organisation),
        "may_confirm": request.user.has_perm("organisations.confirm_organisations", organisation),
        "events": events_of(organisation)[:10],
        "nav_current": "organisations:staff_organisations",
    }
    return render(request, "organisations/staff_organisation.html", context, status=status)


def _organisation(request: SignedInRequest, slug: str) -> Organisation:
    require_perm(request.user, "organisations.list_organisations")
    found = Organisation.objects.visible_to(request.user).select_related("country")
    return get_object_or_404(found, slug=slug)


@require_safe
@staff_required
def organisation(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show an organisation, its people and its places for pairings."""
    return _page(request, _organisation(request, slug))


@require_http_methods(["POST"])
@staff_required
def organisation_capacity(request: SignedInRequest, slug: str) -> HttpResponse:
    """Set how many pairings it can carry."""
    found = _organisation(request, slug)
    require_perm(request.user, "organisations.set_capacity", found)
    form = CapacityForm(request.POST)
    sent = save(
        request,
        form,
        lambda: set_capacity(organisation=found, by=request.user, **form.cleaned_data),
    )
    if not sent.is_done:
        return _page(request, found, capacity=form, status=sent.status)
    done = _("The capacity is saved.")
    return finish(request, done, "organisations:staff_organisation", found.slug)


@require_http_methods(["POST"])
@staff_required
def organisation_lead(request: SignedInRequest, slug: str) -> HttpResponse:
    """Invite somebody to lead it."""
    found = _organisation(request, slug)
    require_perm(request.user, "organisations.invite_first_lead", found)
    form = FirstLeadForm(request.POST)
    sent = save(
        request,
        form,
        lambda: invite_member(
            organisation=found,
            email=form.cleaned_data["email"],
            role=MembershipRole.LEAD,
            by=request.user,
        ),
    )
    if not sent.is_done:
        return _page(request, found, lead=form, status=sent.status)
    done = _("An invitation is on its way to %(email)s.") % {"email": sent.result.email}
    return finish(request, done, "organisations:staff_organisation", found.slug)


@require_http_methods(["POST"])
@staff_required
def domain_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Enter a mail domain of it."""
    found = _organisation(request, slug)
    require_perm(request.user, "organisations.confirm_organisations", found)
    form = MailDomainForm(request.POST)
    sent = save(
        request,
        form,
        lambda: add_mail_domain(organisation=found, by=request.user, **form.cleaned_data),
    )
    if not sent.is_done:
        return _page(request, found, domain=form, status=sent.status)
    done = _("Who asks with an address at %(host)s becomes its lead.") % {"host": sent.result.host}
    return finish(request, done, "organisations:staff_organisation", found.slug)


@require_http_methods(["POST"])
@staff_required
def domain_remove(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Remove a mail domain of it."""
    found = _organisation(request, slug)
    require_perm(request.user, "organisations.confirm_organisations", found)
    domain = get_object_or_404(found.mail_domains, pk=pk)
    done = _("%(host)s lets nobody in any more.") % {"host": domain.host}
    press(request, lambda: remove_mail_domain(domain=domain, by=request.user), done)
    return redirect("organisations:staff_organisation", found.slug)
