import pytest
from django.urls import reverse

from core.trail.selectors import events_of
from programme.calls.states import ApplicantSide
from programme.states import Side
from questionnaires.models import CallQuestionnaire, TemplateVersion
from questionnaires.selectors import published_version, version_asked
from questionnaires.services import load_templates
from questionnaires.states import Purpose
from tests.factories.accounts import CoordinatorFactory, ObserverFactory
from tests.factories.programme import CallFactory, TwoStageCallFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def versions():
    load_templates()
    found = {
        version.template.purpose: version.pk
        for version in TemplateVersion.objects.select_related("template")
    }
    return {purpose: found[purpose] for purpose in ("application", "plan")}


def page(call):
    return reverse("questionnaires:call_questionnaires", args=[call.slug])


def test_questionnaires_of_a_call_are_chosen(sign_in, versions):
    call = CallFactory()
    client = sign_in(CoordinatorFactory())
    assert client.get(page(call)).status_code == 200
    response = client.post(page(call), versions)
    assert response["Location"] == reverse("calls:staff_call", args=[call.slug])
    chosen = dict(CallQuestionnaire.objects.values_list("purpose", "version_id"))
    assert chosen == versions
    assert events_of(call).count() == 2


def test_partner_side_gets_a_questionnaire_of_its_own_and_loses_it(sign_in, versions):
    call = CallFactory(applicant_side=ApplicantSide.BOTH)
    own = published_version("application-partner-side").pk
    client = sign_in(CoordinatorFactory())
    assert "Questions to partner cities" in client.get(page(call)).content.decode()
    client.post(page(call), versions | {"partner": own})
    assert call.questionnaires.get(purpose="partner").version_id == own
    assert version_asked(call, Side.PARTNER).pk == own
    client.post(page(call), versions)
    assert not call.questionnaires.filter(purpose="partner").exists()
    assert version_asked(call, Side.PARTNER).pk == versions["application"]
    assert events_of(call).first().verb == "questionnaire.detached"


def test_partner_side_is_asked_nothing_where_it_does_not_apply(sign_in, versions):
    call = CallFactory()
    client = sign_in(CoordinatorFactory())
    own = published_version("application-partner-side").pk
    client.post(page(call), versions | {"partner": own})
    assert not call.questionnaires.filter(purpose="partner").exists()


def test_call_in_two_stages_asks_the_programmes_questions_or_its_own(sign_in, versions):
    call = TwoStageCallFactory()
    client = sign_in(CoordinatorFactory())
    client.post(page(call), versions)
    assert not call.questionnaires.filter(purpose=Purpose.EXPRESSION).exists()
    own = TemplateVersion.objects.get(template__key="expression-of-interest")
    client.post(page(call), versions | {"interest": own.pk})
    assert call.questionnaires.get(purpose=Purpose.EXPRESSION).version == own
    client.post(page(call), versions)
    assert not call.questionnaires.filter(purpose=Purpose.EXPRESSION).exists()


def test_choosing_the_same_again_records_nothing(sign_in, versions):
    call = CallFactory()
    client = sign_in(CoordinatorFactory())
    for _time in range(2):
        client.post(page(call), versions)
    assert events_of(call).count() == 2


def test_questionnaire_of_another_purpose_is_refused(sign_in, versions):
    call = CallFactory()
    data = {"application": versions["plan"], "plan": versions["plan"]}
    response = sign_in(CoordinatorFactory()).post(page(call), data)
    assert response.status_code == 422
    assert not call.questionnaires.exists()


def test_observer_chooses_nothing(sign_in):
    assert sign_in(ObserverFactory()).get(page(CallFactory())).status_code == 403
