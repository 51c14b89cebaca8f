"""Trying a call as an applicant before it opens."""

import datetime as dt

import pytest
from django.urls import reverse

from applications.models import Application, Interest
from core.kit import days
from core.post.models import Mail
from core.trail.models import AuditEvent
from programme.calls.models import Call
from programme.organisations.models import Membership, Organisation
from questionnaires.states import Purpose
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, UserFactory
from tests.factories.calls import ready_call
from tests.factories.programme import (
    CallFactory,
    DraftCallFactory,
    ThemeFactory,
    TwoStageCallFactory,
)
from tests.factories.questionnaires import TemplateVersionFactory

pytestmark = pytest.mark.django_db

MODELS = (Application, AuditEvent, Interest, Mail, Membership, Organisation)


@pytest.fixture
def staff(client, settings):
    settings.DEMO = True
    client.force_login(CoordinatorFactory())
    return client


def counted():
    return [model.objects.count() for model in MODELS]


@pytest.mark.parametrize("page", ["", "applicant/", "contacts/", "preferences/", "check/"])
def test_every_page_is_shown_and_nothing_stays(staff, page):
    call = ready_call()
    call.themes.set([ThemeFactory()])
    stored, before = Call.objects.values().get(pk=call.pk), counted()
    own = reverse("applications:trial", args=[call.slug])
    answer = staff.get(f"{own}{page}")

    assert answer.status_code == 200
    text = answer.content.decode()
    assert "This is a trial" in text
    assert f'href="{own}' in text
    assert "/applications/draft-" not in text
    assert Call.objects.values().get(pk=call.pk) == stored
    assert counted() == before


def test_questions_of_the_call_are_shown_without_saving_themselves(staff):
    call = CallFactory()
    version = TemplateVersionFactory(template__purpose=Purpose.APPLICATION)
    call.questionnaires.create(purpose=Purpose.APPLICATION, version=version)
    [section] = version.sections.all()[:1]
    url = reverse("applications:trial_page", args=[call.slug, f"sections/{section.key}/"])
    text = staff.get(url).content.decode()

    assert section.questions.first().text in text
    assert "data-autosave" not in text


def test_what_is_sent_is_not_kept(staff):
    call, before = ready_call(), counted()
    url = reverse("applications:trial_page", args=[call.slug, "contacts/"])

    sent = staff.post(url, {"contact_name": "Ana"}, follow=True)
    assert "nothing is saved or sent" in sent.content.decode()
    assert counted() == before


def test_pages_that_end_a_draft_are_no_part_of_it(staff):
    call = ready_call()
    for page, status in (("withdraw/", 302), ("submit/", 302), ("hand-over/", 302), ("no/", 404)):
        url = reverse("applications:trial_page", args=[call.slug, page])
        assert staff.get(url).status_code == status


def test_a_call_to_which_nobody_may_apply_says_what_is_missing(staff):
    call = DraftCallFactory(eligible_countries=[])
    answer = staff.get(reverse("applications:trial", args=[call.slug]), follow=True)

    assert "Say first who may apply" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("calls:staff_call", args=[call.slug])


@pytest.mark.parametrize(("factory", "status"), [(AssessorFactory, 403), (UserFactory, 404)])
def test_only_the_office_tries(client, settings, factory, status):
    settings.DEMO = True
    client.force_login(factory())
    assert (
        client.get(reverse("applications:trial", args=[CallFactory().slug])).status_code == status
    )


# The first of two stages --------------------------------------------------------------
def two_stages(**values):
    call = TwoStageCallFactory(**values)
    version = TemplateVersionFactory(template__purpose=Purpose.EXPRESSION)
    call.questionnaires.create(purpose=Purpose.EXPRESSION, version=version)
    return call, version


def first_stage_of(call, page=""):
    return reverse("applications:trial_interest", args=[call.slug]) + page


def ago(number):
    return days.now() - dt.timedelta(days=number)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"status": "draft", "opens_at": None, "closes_at": None},
        # Over: it is shown as on a day on which it was open.
        {"opens_at": ago(30), "interest_closes_at": ago(20), "closes_at": ago(10)},
    ],
)
@pytest.mark.parametrize("page", ["", "sections/first/", "check/"])
def test_every_page_of_the_first_stage_is_shown_and_nothing_stays(staff, page, values):
    call, version = two_stages(**values)
    stored, before = Call.objects.values().get(pk=call.pk), counted()
    own = first_stage_of(call)
    answer = staff.get(f"{own}{page}")

    assert answer.status_code == 200
    text = answer.content.decode()
    assert "This is a trial" in text
    assert f'href="{own}' in text
    assert "/interests/" not in text
    assert "data-autosave" not in text
    assert "first stage is closed" not in text
    if page.startswith("sections"):
        assert version.sections.first().questions.first().text in text
    assert Call.objects.values().get(pk=call.pk) == stored
    assert counted() == before


def test_what_is_typed_in_a_trial_of_the_first_stage_is_not_kept(staff):
    call, _version = two_stages()
    before = counted()
    sent = staff.post(first_stage_of(call, "sections/first/"), {"why": "Because."}, follow=True)
    assert "nothing is saved or sent" in sent.content.decode()
    assert sent.redirect_chain[-1][0] == first_stage_of(call, "sections/first/")
    assert counted() == before


def test_trial_of_the_first_stage_ends_before_sending_and_needs_two_stages(staff):
    call, _version = two_stages()
    for page, status in (("send/", 302), ("withdraw/", 302), ("no/", 404)):
        assert staff.get(first_stage_of(call, page)).status_code == status
    assert staff.get(first_stage_of(CallFactory())).status_code == 404


def test_first_stage_without_questions_says_so(staff):
    call = TwoStageCallFactory()
    answer = staff.get(first_stage_of(call), follow=True)
    assert "not published yet" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("calls:staff_call", args=[call.slug])


def test_editor_offers_both_trials_of_a_call_in_two_stages(staff):
    call, _version = two_stages()
    text = staff.get(reverse("calls:staff_call", args=[call.slug])).content.decode()
    assert first_stage_of(call) in text
    assert reverse("applications:trial", args=[call.slug]) in text
