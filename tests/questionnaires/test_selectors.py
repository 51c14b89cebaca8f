import datetime as dt

import pytest
import time_machine

from questionnaires.models import Section
from questionnaires.selectors import (
    answer_sittings,
    progress,
    section_list,
    section_view,
)
from questionnaires.services import mark_section, save_answer
from questionnaires.states import Purpose, SectionState
from tests.factories.accounts import UserFactory
from tests.factories.questionnaires import (
    QuestionFactory,
    ResponseFactory,
    SectionFactory,
    TemplateFactory,
    TemplateVersionFactory,
)

pytestmark = pytest.mark.django_db


def save(response, key, value, read_version=0, by=None):
    return save_answer(
        response=response, question_key=key, value=value, read_version=read_version, by=by
    )


def states(response):
    return [view.state for view in section_list(response)]


def test_plan_section_is_done_once_it_is_marked():
    response = ResponseFactory()
    assert states(response) == [SectionState.NOT_STARTED, SectionState.NOT_STARTED]
    save(response, "why", "So.")
    assert states(response)[0] == SectionState.IN_PROGRESS
    mark_section(response=response, section_key="first", by=None)
    assert states(response)[0] == SectionState.DONE
    assert progress(response) == (1, 2)


def test_marked_section_is_open_again_when_its_answer_is_taken_out():
    response = ResponseFactory()
    save(response, "why", "So.")
    save(response, "more", "More.")
    mark_section(response=response, section_key="first", by=None)
    save(response, "why", "", read_version=1)
    view = section_view(response, "first")
    assert (view.state, [q.key for q in view.missing]) == (SectionState.IN_PROGRESS, ["why"])


def test_application_section_is_done_once_it_is_answered():
    template = TemplateFactory(purpose=Purpose.APPLICATION)
    response = ResponseFactory(version=TemplateVersionFactory(template=template))
    save(response, "more", "More.")
    assert states(response)[0] == SectionState.IN_PROGRESS
    save(response, "why", "So.")
    assert states(response)[0] == SectionState.DONE


def test_section_view_counts_and_names_the_last_writer():
    response, ana = ResponseFactory(), UserFactory()
    save(response, "why", "So.", by=ana)
    view = section_view(response, "first")
    assert (view.answered, view.total, view.missing) == (1, 2, [])
    assert view.last_answer.saved_by == ana
    assert view.last_saved == view.questions[0].answer.saved_at
    with pytest.raises(Section.DoesNotExist):
        section_view(response, "third")


@pytest.mark.parametrize("more", [0, 3])
def test_section_list_takes_two_queries_once_the_version_is_known(more, django_assert_num_queries):
    version = TemplateVersionFactory()
    for _ in range(more):
        QuestionFactory(section=SectionFactory(version=version))
    response = ResponseFactory(version=version)
    save(response, "why", "So.")
    with django_assert_num_queries(2):
        for view in section_list(response):
            assert view.section.title
            assert [one.text for one in view.questions]


def test_answer_sittings_shows_saves_in_a_row_as_one():
    response, ana, luka = ResponseFactory(), UserFactory(), UserFactory()
    start = dt.datetime(2026, 5, 4, 9, 0, tzinfo=dt.UTC)
    for minute, (text, by) in {
        0: ("A", ana),
        5: ("AB", ana),
        12: ("ABC", ana),
        13: ("ABCD", luka),
        60: ("ABCDE", luka),
    }.items():
        with time_machine.travel(start + dt.timedelta(minutes=minute), tick=False):
            version = len(text) - 1
            save(response, "why", text, read_version=version, by=by)
    assert [(s.text, s.saves) for s in answer_sittings(response, "why")] == [
        ("ABCDE", 1),
        ("ABCD", 1),
        ("ABC", 3),
    ]


def test_answer_sittings_keep_a_text_that_was_replaced_or_deleted_at_once():
    response, ana = ResponseFactory(), UserFactory()
    texts = ["Wells run", "Wells run dry in August.", "Nobody cleans the squares.", None]
    for version, text in enumerate(texts):
        save(response, "why", text, read_version=version, by=ana)
    assert [(s.text, s.saves) for s in answer_sittings(response, "why")] == [
        ("", 1),
        ("Nobody cleans the squares.", 1),
        ("Wells run dry in August.", 2),
    ]
