"""Trying a call as an applicant before it opens."""

import pytest
from django.urls import reverse

from applications.models import Application
from core.post.models import Mail
from core.trail.models import AuditEvent
from programme.calls.models import Call
from programme.organisations.models import Membership, Organisation
from questionnaires.states import Purpose
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, UserFactory
from tests.factories.calls import ready_call
from tests.factories.programme import CallFactory, DraftCallFactory, ThemeFactory
from tests.factories.questionnaires import TemplateVersionFactory

pytestmark = pytest.mark.django_db

MODELS = (Application, AuditEvent, Mail, Membership, Organisation)


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
