import pytest

from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from questionnaires.models import Question, TemplateVersion
from questionnaires.selectors import published_version, section_list
from questionnaires.services import (
    QuestionData,
    SectionData,
    attach_questionnaire,
    create_draft_version,
    move_row,
    open_response,
    publish_version,
    remove_question,
    remove_section,
    save_answer,
    save_question,
    save_section,
)
from questionnaires.states import Purpose, QuestionKind, VersionStatus
from tests.factories.accounts import CoordinatorFactory, ObserverFactory
from tests.factories.programme import CallFactory
from tests.factories.questionnaires import (
    EmptyVersionFactory,
    QuestionFactory,
    SectionFactory,
    TemplateVersionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def published():
    return TemplateVersionFactory()


@pytest.fixture
def draft(published):
    return create_draft_version(template=published.template, by=None)


def test_draft_is_a_copy_and_the_answered_version_stays(published):
    response = open_response(published)
    draft = create_draft_version(template=published.template, by=None)
    assert (draft.number, draft.status) == (2, VersionStatus.DRAFT)
    assert [s.key for s in draft.sections.all()] == ["first", "second"]
    why = Question.objects.get(section__version=draft, key="why")
    save_question(
        section=why.section, question=why, data=QuestionData(text="Why, really?"), by=None
    )
    publish_version(version=draft, by=None)
    assert section_list(response)[0].questions[0].question.text == "Why?"
    save_answer(response=response, question_key="why", value="So.", read_version=0, by=None)
    assert published_version(published.template.key) == draft


def test_second_draft_is_refused(draft):
    with pytest.raises(WrongStateError, match="Version 2 is a draft already"):
        create_draft_version(template=draft.template, by=None)


def test_published_version_refuses_every_edit(published):
    section = published.sections.first()
    question = section.questions.first()
    attempts = [
        lambda: save_section(
            version=published, section=None, data=SectionData(title="New"), by=None
        ),
        lambda: save_section(
            version=published, section=section, data=SectionData(title="New"), by=None
        ),
        lambda: remove_section(section=section, by=None),
        lambda: save_question(
            section=section, question=question, data=QuestionData(text="New?"), by=None
        ),
        lambda: remove_question(question=question, by=None),
        lambda: move_row(row=section, up=False, by=None),
        lambda: move_row(row=question, up=False, by=None),
        lambda: publish_version(version=published, by=None),
    ]
    for attempt in attempts:
        with pytest.raises(WrongStateError):
            attempt()
    assert [s.title for s in published.sections.all()] == ["First", "Second"]


def test_only_coordinators_edit(draft):
    section = draft.sections.first()
    for attempt in (
        lambda by: create_draft_version(template=draft.template, by=by),
        lambda by: publish_version(version=draft, by=by),
        lambda by: remove_section(section=section, by=by),
    ):
        with pytest.raises(NotAllowedError):
            attempt(ObserverFactory())
    by = CoordinatorFactory()
    publish_version(version=draft, by=by)
    event = AuditEvent.objects.get(verb="questionnaire.published")
    assert (event.actor, event.target) == (by, draft)


def test_keys_are_made_of_the_words_and_never_twice(draft):
    section = save_section(version=draft, section=None, data=SectionData(title="First"), by=None)
    assert (section.key, section.order) == ("first-2", 3)
    question = save_question(
        section=section, question=None, data=QuestionData(text="Why?"), by=None
    )
    assert question.key == "why-2"
    renamed = save_question(
        section=section, question=question, data=QuestionData(text="How?"), by=None
    )
    assert renamed.key == "why-2"


def test_move_row_swaps_neighbours_and_stops_at_the_ends(draft):
    first, second = draft.sections.all()
    move_row(row=second, up=True, by=None)
    assert [s.key for s in draft.sections.all()] == ["second", "first"]
    move_row(row=second, up=True, by=None)
    assert [s.key for s in draft.sections.all()] == ["second", "first"]
    more = first.questions.last()
    move_row(row=more, up=True, by=None)
    assert [q.key for q in first.questions.all()] == ["more", "why"]


def test_remove_section_takes_its_questions(draft):
    remove_section(section=draft.sections.first(), by=None)
    assert [s.key for s in draft.sections.all()] == ["second"]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"kind": QuestionKind.CHOICE, "options": []}, "at least two choices"),
        ({"condition_question": "nothing", "condition_value": "x"}, "does not come before"),
        ({"condition_question": "agree", "condition_value": "maybe"}, "not on offer"),
        ({"key": "agree"}, "key of another question"),
    ],
)
def test_publish_names_what_is_wrong(values, problem):
    version = EmptyVersionFactory()
    QuestionFactory(section=SectionFactory(version=version), key="agree", kind=QuestionKind.YES_NO)
    QuestionFactory(section=SectionFactory(version=version), **values)
    with pytest.raises(InvalidError, match=problem):
        publish_version(version=version, by=None)


def test_publish_refuses_the_empty():
    version = EmptyVersionFactory()
    with pytest.raises(InvalidError, match="no section"):
        publish_version(version=version, by=None)
    SectionFactory(version=version, title="Lonely")
    with pytest.raises(InvalidError, match="Lonely"):
        publish_version(version=version, by=None)


def test_what_a_colleague_removed_is_told_kindly(draft):
    question = Question.objects.filter(section__version=draft).first()
    section = question.section
    remove_question(question=question, by=None)
    with pytest.raises(WrongStateError, match="has removed this"):
        remove_question(question=question, by=None)
    remove_section(section=section, by=None)
    for write in (
        lambda: remove_section(section=section, by=None),
        lambda: move_row(row=section, up=True, by=None),
        lambda: save_question(
            section=section, question=None, data=QuestionData(text="Why?"), by=None
        ),
    ):
        with pytest.raises(WrongStateError, match="has removed this"):
            write()


def test_attach_questionnaire_replaces_and_checks(published):
    call = CallFactory()
    attach_questionnaire(call=call, purpose=Purpose.PLAN, version=published)
    later = TemplateVersionFactory()
    attach_questionnaire(call=call, purpose=Purpose.PLAN, version=later)
    assert call.questionnaires.get(purpose=Purpose.PLAN).version == later
    with pytest.raises(InvalidError):
        attach_questionnaire(call=call, purpose=Purpose.APPLICATION, version=later)
    with pytest.raises(WrongStateError):
        attach_questionnaire(call=call, purpose=Purpose.PLAN, version=EmptyVersionFactory())


def test_attach_questionnaire_again_leaves_no_second_line(published):
    call, coordinator = CallFactory(), CoordinatorFactory()
    for _again in range(2):
        attach_questionnaire(call=call, purpose=Purpose.PLAN, version=published, by=coordinator)
    assert AuditEvent.objects.get(verb="questionnaire.attached").actor == coordinator


def test_attach_questionnaire_is_for_coordinators(published):
    call = CallFactory()
    with pytest.raises(NotAllowedError):
        attach_questionnaire(
            call=call, purpose=Purpose.PLAN, version=published, by=ObserverFactory()
        )
    assert not call.questionnaires.filter(purpose=Purpose.PLAN, version=published).exists()


def test_published_version_without_one_is_unknown():
    with pytest.raises(TemplateVersion.DoesNotExist):
        published_version("nothing")
