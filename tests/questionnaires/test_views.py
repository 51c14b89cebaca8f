import pytest
from django.urls import reverse

from questionnaires.models import Question, TemplateVersion
from questionnaires.services import create_draft_version, load_templates
from questionnaires.states import VersionStatus
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, ObserverFactory
from tests.factories.questionnaires import TemplateVersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    """Staff need no second factor in a demo."""
    settings.DEMO = True


@pytest.fixture
def coordinator(sign_in):
    return sign_in(CoordinatorFactory())


def url(name, *args):
    return reverse(f"questionnaires:{name}", args=args)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_for_one_and_three(
    rows, coordinator, django_assert_num_queries
):
    for _ in range(rows):
        TemplateVersionFactory()
    with django_assert_num_queries(4):
        page = coordinator.get(url("staff_templates"))
    assert page.status_code == 200
    assert page.content.count(b"Make the next version") == rows


def test_observer_reads_and_does_not_edit(sign_in):
    version = TemplateVersionFactory()
    client = sign_in(ObserverFactory())
    page = client.get(url("staff_template", version.pk))
    assert b"Why?" in page.content
    assert b"Make the next version" not in page.content
    assert client.post(url("version_new", version.template.key)).status_code == 403


def test_assessor_does_not_see_questionnaires(sign_in):
    assert sign_in(AssessorFactory()).get(url("staff_templates")).status_code == 403


def test_unknown_version_is_not_found(coordinator):
    assert coordinator.get(url("staff_template", 4711)).status_code == 404


def test_loaded_templates_can_be_previewed(coordinator):
    for version in load_templates().values():
        assert coordinator.get(url("staff_template", version.pk)).status_code == 200


def test_coordinator_makes_edits_and_publishes_the_next_version(coordinator):
    version = TemplateVersionFactory()
    coordinator.post(url("version_new", version.template.key))
    draft = version.template.versions.get(number=2)
    coordinator.post(url("section_new", draft.pk), {"title": "Third", "required": "on"})
    section = draft.sections.get(key="third")
    coordinator.post(url("section_edit", section.pk), {"title": "Last", "number": "3"})
    coordinator.post(
        url("question_new", section.pk),
        {"text": "How much?", "kind": "number", "required": "on"},
    )
    question = section.questions.get()
    coordinator.post(url("question_edit", question.pk), {"text": "How many?", "kind": "number"})
    coordinator.post(url("section_move", section.pk), {"to": "up"})
    assert coordinator.get(url("version_publish", draft.pk)).status_code == 200
    done = coordinator.post(url("version_publish", draft.pk), follow=True)
    assert b"The version is published" in done.content
    draft.refresh_from_db()
    assert draft.status == VersionStatus.PUBLISHED
    assert [str(s) for s in draft.sections.all()] == ["First", "3 Last", "Second"]
    assert Question.objects.get(pk=question.pk).text == "How many?"


def test_second_draft_is_refused_with_a_message(coordinator):
    version = TemplateVersionFactory()
    create_draft_version(template=version.template, by=None)
    page = coordinator.post(url("version_new", version.template.key), follow=True)
    assert b"is a draft already" in page.content
    assert TemplateVersion.objects.count() == 2


def test_editing_a_published_version_is_refused_and_keeps_what_was_typed(coordinator):
    question = TemplateVersionFactory().sections.first().questions.first()
    page = coordinator.post(
        url("question_edit", question.pk), {"text": "New words?", "kind": "long_text"}
    )
    assert page.status_code == 409
    assert b"no longer changes" in page.content
    assert b"New words?" in page.content


def test_removing_asks_first(coordinator):
    version = TemplateVersionFactory()
    draft = create_draft_version(template=version.template, by=None)
    section = draft.sections.first()
    question = section.questions.first()
    assert b"Remove" in coordinator.get(url("question_remove", question.pk)).content
    assert section.questions.count() == 2
    coordinator.post(url("question_remove", question.pk))
    assert section.questions.count() == 1
    coordinator.post(url("question_move", section.questions.get().pk), {"to": "up"})
    coordinator.post(url("section_remove", section.pk))
    assert draft.sections.count() == 1


def test_publishing_an_incomplete_draft_says_why(coordinator):
    version = TemplateVersionFactory()
    draft = create_draft_version(template=version.template, by=None)
    coordinator.post(url("section_new", draft.pk), {"title": "Lonely"})
    page = coordinator.post(url("version_publish", draft.pk), follow=True)
    assert "“Lonely” has no question yet" in page.content.decode()


def test_empty_title_is_an_error_on_the_page(coordinator):
    version = TemplateVersionFactory()
    draft = create_draft_version(template=version.template, by=None)
    page = coordinator.post(url("section_new", draft.pk), {"title": ""})
    assert b"<title>Error: " in page.content
