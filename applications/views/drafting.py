"""The pages on which a draft is written: applicant, municipalities, contacts, wishes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications import services
from applications.eligibility import asks_for, evaluate, exceeds, shortfall
from applications.forms.city import (
    ApplicantForm,
    ApplicantForms,
    ContactsForm,
    MunicipalityForm,
    PreferencesForm,
)
from applications.forms.signing import SignedLetterForm
from applications.models import Application, Commitment
from applications.popbar import popbar_of
from applications.selectors import facts_of, municipalities_of, rules_of
from applications.services.details import CONTACT_FIELDS
from applications.states import Criterion
from applications.views.pages import (
    back_to,
    draft_view,
    editable,
    form_page,
    frame,
    go_on,
    hand_out,
    invited_words,
    municipality_of,
    show,
    stored_now,
)
from core.kit.focus import row_in_hand
from core.kit.saving import Sent, posted, press, save

SHOWN_TO_CITY = (Criterion.KIND, Criterion.POPULATION, Criterion.COMMITMENTS)


def _applicant_page(
    request: HttpRequest,
    application: Application,
    forms: ApplicantForms,
    sent: Sent[Any],
) -> HttpResponse:
    form, members = forms.form, municipalities_of(application)
    facts, rules = facts_of(application, members), rules_of(application)
    context = frame(application, "applicant", facts, rules) | {
        "form": form,
        "bare": [
            one
            for one in members
            if one.population and not (one.population_year and one.population_source)
        ],
        "add_form": forms.added,
        "members": members,
        "facts": facts,
        "asks_for": asks_for(rules),
        "is_measured": rules.asks_population,
        "short": shortfall(rules, facts.total) if facts.is_declared else 0,
        "is_enough": exceeds(rules, facts.total),
        "bar": popbar_of(rules, facts),
        "criteria": evaluate(rules, facts, SHOWN_TO_CITY),
        **stored_now(form, sent, application),
    }
    return show(request, "applicant.html", context, sent.status)


@require_http_methods(["GET", "POST"])
@draft_view
def applicant(request: SignedInRequest, application: Application) -> HttpResponse:
    """Who applies, with which municipalities, and why an exception is asked for."""
    initial = {
        "kind": application.kind,
        "exception_reason": application.exception_reason,
        "version": application.version,
    }
    data = posted(request)
    form = ApplicantForm(application, data, initial=initial)
    added = MunicipalityForm(
        application,
        data if MunicipalityForm.is_typed(data) else None,
        auto_id="id_add_%s",
        beside="applicant-form",
    )
    both = ApplicantForms(form, added)
    sent = save(
        request,
        both,
        lambda: services.save_applicant(
            application=application,
            read_version=form.read_version,
            by=request.user,
            added=both.municipality,
            **form.values(),
        ),
    )
    if not sent.is_done:
        return _applicant_page(request, application, both, sent)
    messages.success(request, _("Saved."))
    if "stay" in request.POST:
        return redirect("applications:applicant", application.key)
    return go_on(sent.result, "applicant")


def _member_ids(application: Application) -> list[int]:
    return list(application.municipalities.values_list("pk", flat=True))


def _municipality_page(
    request: HttpRequest,
    application: Application,
    form: MunicipalityForm | SignedLetterForm,
    service: Callable[[], Any],
    template: str = "municipality.html",
    **context: Any,
) -> HttpResponse:
    """Show a form about one municipality; once saved, go back to its card."""
    before = _member_ids(application)
    known = context["municipality"].pk if "municipality" in context else None
    return form_page(
        request,
        application,
        form,
        template=template,
        step="applicant",
        service=service,
        then=lambda: back_to(
            application, "applicant", f"m{known or row_in_hand(before, _member_ids(application))}"
        ),
        **context,
    )


@require_http_methods(["GET", "POST"])
@draft_view
def municipality_add(request: SignedInRequest, application: Application) -> HttpResponse:
    """Add a municipality; what was typed comes back with the reason if it is refused."""
    form = MunicipalityForm(application, posted(request))
    add = services.add_and_invite if "invite" in request.POST else services.add_municipality
    return _municipality_page(
        request,
        application,
        form,
        lambda: add(application=application, by=request.user, **form.values()),
        done=lambda: invited_words(form) if "invite" in request.POST else "",
    )


@require_http_methods(["GET", "POST"])
@draft_view
def municipality_edit(request: SignedInRequest, application: Application, pk: int) -> HttpResponse:
    """Change a municipality and its figure."""
    municipality = municipality_of(application, pk)
    initial = MunicipalityForm.initial_of(municipality)
    form = MunicipalityForm(application, posted(request), initial=initial)
    return _municipality_page(
        request,
        application,
        form,
        lambda: services.edit_municipality(
            municipality=municipality,
            by=request.user,
            read_version=form.read_version,
            forget=form.forgets,
            **form.values(),
        ),
        municipality=municipality,
    )


@require_http_methods(["GET", "POST"])
@draft_view
def municipality_remove(
    request: SignedInRequest, application: Application, pk: int
) -> HttpResponse:
    """Ask once more, then take the municipality out."""
    municipality = municipality_of(application, pk)
    if request.method == "POST":
        before = _member_ids(application)
        done = _("%(name)s is removed.") % {"name": municipality.name}
        press(
            request,
            lambda: services.remove_municipality(municipality=municipality, by=request.user),
            done,
        )
        beside = row_in_hand(before, _member_ids(application)) or municipality.pk
        return back_to(application, "applicant", f"m{beside}")
    context = frame(application, "applicant") | {"municipality": municipality}
    return show(request, "municipality_remove.html", context)


@require_POST
@login_required
def make_lead(request: SignedInRequest, key: str, pk: int) -> HttpResponse:
    """Let a municipality lead."""
    application = editable(request, key)
    municipality = municipality_of(application, pk)
    done = _("%(name)s leads the application.") % {"name": municipality.name}
    press(request, lambda: services.make_lead(municipality=municipality, by=request.user), done)
    return back_to(application, "applicant", f"m{municipality.pk}")


@require_http_methods(["GET", "POST"])
@draft_view
def commitment_add(request: SignedInRequest, application: Application, pk: int) -> HttpResponse:
    """Upload the signed letter of a municipality."""
    municipality = municipality_of(application, pk)
    form = SignedLetterForm(posted(request), request.FILES, by=request.user)
    form.keep()
    return _municipality_page(
        request,
        application,
        form,
        lambda: services.add_commitment(
            municipality=municipality,
            upload=form.cleaned_data["file"],
            signed_by_name=form.cleaned_data["signed_by_name"],
            signed_by_office=form.cleaned_data["signed_by_office"],
            signed_on=form.cleaned_data["signed_on"],
            by=request.user,
        ),
        template="signed_letter.html",
        municipality=municipality,
        heading=_("Commitment of %(name)s") % {"name": municipality.name},
        lead=_(
            "A letter on the municipality's own paper, signed by somebody who may bind it. It "
            "names the lead authority and says that staff and time are given for the whole period."
        ),
        back_url=reverse("applications:applicant", args=[application.key]),
    )


@require_GET
@login_required
def commitment_file(request: SignedInRequest, key: str, pk: int) -> HttpResponseBase:
    """Hand out a signed letter to who may see the application."""
    commitment = get_object_or_404(
        Commitment.objects.filter(
            municipality__application__in=Application.objects.visible_to(request.user)
        ).select_related("municipality__application", "file"),
        municipality=pk,
    )
    return hand_out(request, key, commitment)


@require_http_methods(["GET", "POST"])
@draft_view
def contacts(request: SignedInRequest, application: Application) -> HttpResponse:
    """Who answers questions and who signs."""
    initial = {name: getattr(application, name) for name in CONTACT_FIELDS}
    initial["version"] = application.version
    form = ContactsForm(posted(request), initial=initial)
    return form_page(
        request,
        application,
        form,
        template="contacts.html",
        step="contacts",
        service=lambda: services.save_contacts(
            application=application,
            read_version=form.read_version,
            by=request.user,
            **form.values(),
        ),
        then=lambda: go_on(application, "contacts"),
    )


@require_http_methods(["GET", "POST"])
@draft_view
def preferences(request: SignedInRequest, application: Application) -> HttpResponse:
    """Themes and partner countries."""
    # The form and the list of tasks tell of the same rows.
    prefetch_related_objects([application], "themes", "call__themes")
    initial = {
        "themes": application.themes.all(),
        "partner_countries": application.partner_countries.all(),
        "version": application.version,
    }
    form = PreferencesForm(application, posted(request), initial=initial)
    return form_page(
        request,
        application,
        form,
        template="preferences.html",
        step="preferences",
        service=lambda: services.save_preferences(
            application=application,
            read_version=form.read_version,
            by=request.user,
            **form.values(),
        ),
        then=lambda: go_on(application, "preferences"),
    )
