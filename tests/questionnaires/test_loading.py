import pytest

from questionnaires.models import Question, Section, Template, TemplateVersion
from questionnaires.services import load_templates
from questionnaires.services.loading import FILES
from questionnaires.states import VersionStatus
from questionnaires.values import options_of

pytestmark = pytest.mark.django_db


def counts():
    return [m.objects.count() for m in (Template, TemplateVersion, Section, Question)]


def test_load_templates_twice_doubles_nothing():
    load_templates()
    before = counts()
    load_templates()
    assert counts() == before
    assert before[:2] == [len(FILES), len(FILES)]


def test_loaded_plan_has_the_chapters_of_the_method():
    version = load_templates()["local-action-plan"]
    assert version.status == VersionStatus.PUBLISHED
    numbers = list(version.sections.values_list("number", flat=True))
    assert numbers == (
        ["0"]
        + [f"1.{n}" for n in range(1, 7)]
        + [f"2.{n}" for n in range(1, 6)]
        + [f"3.{n}" for n in range(1, 4)]
        + [f"4.{n}" for n in range(1, 9)]
    )


def test_loaded_application_has_its_five_sections():
    version = load_templates()["application-city-to-city"]
    assert list(version.sections.values_list("key", flat=True)) == [
        "challenges",
        "stakeholders",
        "strategies",
        "alignment",
        "resources",
    ]


def test_expression_of_interest_offers_no_form_that_has_calls_of_its_own():
    version = load_templates()["expression-of-interest"]
    question = Question.objects.get(section__version=version, key="interest-form")
    assert "region" not in dict(options_of(question))


def test_loaded_expression_of_interest_is_short():
    version = load_templates()["expression-of-interest"]
    assert list(version.sections.values_list("key", flat=True)) == ["interest", "readiness"]


def test_load_templates_leaves_what_coordinators_changed():
    version = load_templates()["local-action-plan"]
    version.template.title = "Our plan"
    version.template.save()
    load_templates()
    assert Template.objects.get(key="local-action-plan").title == "Our plan"
