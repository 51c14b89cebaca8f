"""Every page that carries the version it was read in: its refusal shows both values, then saves."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django import forms
from django.urls import reverse
from django.utils import timezone

import iuc_portal.urls  # noqa: F401 - with it all forms are loaded
from core.kit.fields import VersionField
from core.post.models import MailText
from programme.organisations.states import MembershipRole
from tests.factories.accounts import CoordinatorFactory
from tests.factories.action_plans import MeasureFactory, PlanFactory
from tests.factories.applications import (
    ApplicationFactory,
    GroupApplicationFactory,
    StakeholderFactory,
)
from tests.factories.calls import CallQuestionFactory
from tests.factories.programme import (
    CallFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    TagFactory,
    ThemeFactory,
)
from tests.programme.test_call_forms import typed as typed_call

pytestmark = pytest.mark.django_db

THEIRS, MINE = "Their words", "My words"


@dataclass
class Page:
    """A form, what two people send with it, and where it is stored."""

    person: Any
    address: str
    data: Callable[[str], dict[str, Any]]
    stored: Callable[[], str]


def writer(organisation):
    return MembershipFactory(organisation=organisation, role=MembershipRole.EDITOR).user


def call_page():
    call = CallFactory()
    values = typed_call(code=call.code, strand=call.strand_id, reason="Decided.")

    def stored():
        call.refresh_from_db()
        return call.title

    address = reverse("calls:staff_call", args=[call.slug])
    return Page(CoordinatorFactory(), address, lambda title: values | {"title": title}, stored)


def mail_page():
    call = CallFactory()
    address = reverse("calls:staff_mail_text", args=[call.slug, "application_received", "en-gb"])
    return Page(
        CoordinatorFactory(),
        address,
        lambda subject: {"subject": subject, "text": "{changes}"},
        lambda: MailText.objects.latest("number").subject,
    )


def application_page(name, application, data, stored, *more):
    def fresh():
        application.refresh_from_db()
        return stored(application)

    address = reverse(f"applications:{name}", args=[application.key, *more])
    return Page(writer(application.organisation), address, data, fresh)


def applicant_page():
    return application_page(
        "applicant",
        ApplicationFactory(),
        lambda reason: {"kind": "single", "exception_reason": reason},
        lambda application: application.exception_reason,
    )


def contacts_page():
    values = {"contact_email": "ana@city.example", "signatory_name": "The Mayor"}
    return application_page(
        "contacts",
        ApplicationFactory(),
        lambda name: values | {"contact_name": name},
        lambda application: application.contact_name,
    )


def municipality_page():
    application = GroupApplicationFactory()
    lead = application.municipalities.get(is_lead=True)
    values = {
        "name": lead.name,
        "country": lead.country_id,
        "population": "90 000",
        "population_year": "2021",
    }
    return application_page(
        "municipality_edit",
        application,
        lambda source: values | {"population_source": source},
        lambda application: application.municipalities.get(is_lead=True).population_source,
        lead.pk,
    )


def preferences_page():
    themes = {words: ThemeFactory(name=words) for words in (THEIRS, MINE)}
    call = CallFactory()
    call.themes.set(themes.values())
    call.partner_countries.add(PartnerCountryFactory())
    return application_page(
        "preferences",
        ApplicationFactory(call=call),
        lambda words: {"themes": [themes[words].pk]},
        lambda application: application.themes.get().name,
    )


def measure_page():
    plan = PlanFactory()
    measure = MeasureFactory(plan=plan, code="A1.1")
    values = {
        "kind": "pilot",
        "city_scope": "own",
        "objective": measure.objective_id,
        "currency": "EUR",
        "status": "draft",
        "progress_percent": "0",
        "title": "Guide drivers",
        "funding-0-status": "planned",
    }
    for name in ("indicators", "funding", "risks"):
        values |= {f"{name}-TOTAL_FORMS": "1", f"{name}-INITIAL_FORMS": "0"}
    return Page(
        writer(plan.member.organisation),
        reverse("action_plans:measure", args=[plan.reference, "A1.1"]),
        lambda risk: values | {"risks-0-text": risk},
        lambda: measure.risks.get().text,
    )


def describe_page():
    tags = {words: TagFactory(name=words) for words in (THEIRS, MINE)}
    organisation = OrganisationFactory()
    return Page(
        writer(organisation),
        reverse("organisations:describe", args=[organisation.slug]),
        lambda words: {"tags_location": [tags[words].pk]},
        lambda: organisation.tags.get().name,
    )


def answer_page():
    question = CallQuestionFactory()
    values = {"wording": "Who signs?", "topic": "documents", "names_confirmed": "on"}

    def stored():
        question.refresh_from_db()
        return question.answer

    address = reverse("calls:staff_question", args=[question.pk])
    return Page(CoordinatorFactory(), address, lambda answer: values | {"answer": answer}, stored)


def profile_page():
    application = ApplicationFactory()
    challenge = application.challenges.first()
    values = {f"weight_{challenge.pk}": challenge.weight, "wish_stance": "wanted"}
    return application_page(
        "profile",
        application,
        lambda words: values | {f"words_{challenge.pk}": words},
        lambda application: application.challenges.get(pk=challenge.pk).words,
    )


def stakeholder_page():
    application = ApplicationFactory()
    stakeholder = application.stakeholders.first() or StakeholderFactory(application=application)
    values = {"kind": "academia", "name": "University"}
    return application_page(
        "stakeholder_edit",
        application,
        lambda role: values | {"role": role},
        lambda application: application.stakeholders.get(pk=stakeholder.pk).role,
        stakeholder.pk,
    )


PAGES = {
    "AnswerForm": answer_page,
    "CallForm": call_page,
    "ApplicantForm": applicant_page,
    "ContactsForm": contacts_page,
    "DescribeForm": describe_page,
    "MunicipalityForm": municipality_page,
    "PreferencesForm": preferences_page,
    "MailTextForm": mail_page,
    "MeasureForm": measure_page,
    "ProfileForm": profile_page,
    "StakeholderForm": stakeholder_page,
}


def versioned_forms(form=forms.Form):
    """Return the names of the portal's forms that carry a version and that nothing is made of."""
    for one in form.__subclasses__():
        yield from versioned_forms(one)
        fields = getattr(one, "base_fields", {}).values()
        is_ours = not one.__module__.startswith("tests.") and not one.__subclasses__()
        if is_ours and any(isinstance(field, VersionField) for field in fields):
            yield one.__name__


# Tried beside their own pages: tests/assessment and tests/applications/assessment.
OF_ASSESSMENT = {
    *("AgreedForm", "CorrectionForm", "HandInForm", "LetterForm", "LetterReasonForm"),
    *("OutcomeForm", "ParagraphForm", "PlanForm", "ScoreForm", "VersionForm"),
}


# Tried beside their own pages: tests/applications/casework.
OF_CASEWORK = {"OwnerForm", "TagForm", "VersionOnlyForm"}

# What is judged carries the case that was looked at: test_verdicts.py and test_workbench.py.
# test_workbench.py.
OF_CHECKING = {"EligibilityForm", "JudgeForm", "RulingForm", "VerdictForm"}


def test_every_form_with_a_version_is_tried_here():
    # Whoever moves a deadline or changes a pairing sees how it stands whenever the page is shown.
    beside = {"AmendForm", "CorrectForm", "MoveForm"}
    elsewhere = OF_ASSESSMENT | OF_CASEWORK | OF_CHECKING | beside
    assert set(versioned_forms()) == {*PAGES, *elsewhere}


def test_deadline_that_was_moved_meanwhile_is_shown_and_the_next_save_goes_through(
    sign_in, settings
):
    settings.DEMO = True  # spares staff the second factor
    call = CallFactory()
    client = sign_in(CoordinatorFactory())
    address = reverse("calls:staff_call_deadline", args=[call.slug])
    later = [timezone.localtime() + dt.timedelta(days=days) for days in (90, 91)]
    theirs, mine = [
        {
            "closes_day": f"{at:%d/%m/%Y}",
            "closes_time": "17:00",
            "reason": "More time.",
            "version": "1",
        }
        for at in later
    ]
    assert client.post(address, theirs).status_code == 302
    refused = client.post(address, mine)
    assert refused.status_code == 409
    html = refused.content.decode()
    for at in later:
        assert f"{at.day} {at:%B} {at.year}" in html
    again = client.post(address, mine | {"version": version_in(refused)})
    assert again.status_code == 302
    call.refresh_from_db()
    assert timezone.localtime(call.closes_at).date() == later[1].date()


def version_in(response):
    [version] = set(re.findall(r'name="version" value="(\d+)"', response.content.decode()))
    return version


def sides(notice):
    """Return what the two sides of a comparison say, without the words that only a voice reads."""
    seen = re.sub(r'<span class="visually-hidden">.*?</span>', "", notice)
    texts = re.findall(r'<span class="pre-line">(.*?)</span>', seen, re.DOTALL)
    return [re.sub("<[^>]*>", "", text) for text in texts]


@pytest.mark.parametrize("name", PAGES)
def test_refused_page_shows_both_values_and_the_next_save_goes_through(name, sign_in, settings):
    settings.DEMO = True  # spares staff the second factor
    page = PAGES[name]()
    client = sign_in(page.person)
    version = version_in(client.get(page.address))
    first = client.post(page.address, page.data(THEIRS) | {"version": version})
    assert first.status_code == 302
    refused = client.post(page.address, page.data(MINE) | {"version": version})
    assert refused.status_code == 409
    assert page.stored() == THEIRS
    html = refused.content.decode()
    # Both saves came from two tabs of one person.
    assert "Your other tab saved this while you were writing here" in html
    notice = html.split("where it differs:")[1].split("save again")[0]
    assert sides(notice) == [MINE, THEIRS]
    for word, mark in ((MINE, "ins"), (THEIRS, "del")):
        assert re.search(rf"<{mark}><span[^>]*>[^<]*</span>{word.split()[0]} ", notice)
    assert "Why does" not in notice
    assert MINE in html.split("where it differs:")[1].split("save again")[1]
    again = client.post(page.address, page.data(MINE) | {"version": version_in(refused)})
    assert again.status_code == 302
    assert page.stored() == MINE


def test_refused_page_names_the_colleague_who_saved_first(client, sign_in):
    page = contacts_page()
    version = version_in(sign_in(page.person).get(page.address))
    organisation = page.person.memberships.get().organisation
    luka = MembershipFactory(
        organisation=organisation, role=MembershipRole.EDITOR, user__full_name="Luka Perić"
    ).user
    first = sign_in(luka).post(page.address, page.data(THEIRS) | {"version": version})
    assert first.status_code == 302
    refused = sign_in(page.person).post(page.address, page.data(MINE) | {"version": version})

    assert "Luka Perić saved this while you were writing" in refused.content.decode()
