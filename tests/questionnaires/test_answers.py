import pytest

from core.kit.errors import InvalidError, StaleError, WrongStateError
from questionnaires.models import Answer, AnswerRevision, Question
from questionnaires.selectors import section_view
from questionnaires.services import (
    close_response,
    mark_section,
    open_response,
    reopen_section,
    save_answer,
    save_answers,
)
from questionnaires.values import MOST_KEPT
from tests.factories.accounts import UserFactory
from tests.factories.questionnaires import (
    EmptyVersionFactory,
    ResponseFactory,
    TemplateVersionFactory,
)

pytestmark = pytest.mark.django_db


def save(response, value, read_version, key="why", by=None):
    return save_answer(
        response=response, question_key=key, value=value, read_version=read_version, by=by
    )


def test_open_response_needs_a_published_version():
    assert open_response(TemplateVersionFactory()).pk
    with pytest.raises(WrongStateError):
        open_response(EmptyVersionFactory())


def test_save_answer_counts_its_saves_and_keeps_each_text():
    response, ana = ResponseFactory(), UserFactory()
    assert save(response, "One", 0, by=ana).version == 1
    answer = save(response, "Two", 1, by=ana)
    assert (answer.version, answer.value, answer.saved_by) == (2, "Two", ana)
    history = AnswerRevision.objects.filter(answer=answer).values_list("version", "value")
    assert list(history) == [(2, "Two"), (1, "One")]


def test_save_answer_tells_both_texts_when_another_came_first():
    response = ResponseFactory()
    save(response, "Theirs", 0)
    with pytest.raises(StaleError) as conflict:
        save(response, "Mine", 0)
    assert (conflict.value.current, conflict.value.version) == ("Theirs", 1)
    assert Answer.objects.get().value == "Theirs"


def test_save_answer_of_the_same_text_never_conflicts():
    response = ResponseFactory()
    first = save(response, "Same", 0)
    assert save(response, "Same", 0).pk == first.pk
    assert AnswerRevision.objects.count() == 1


def test_save_answer_of_what_was_read_leaves_the_newer_text():
    response = ResponseFactory()
    save(response, "Old", 0)
    save(response, "New", 1)
    assert save(response, "Old", 1).value == "New"
    assert save(response, "", 0).value == "New"


def test_save_answer_emptied_keeps_its_history():
    response = ResponseFactory()
    save(response, "Text", 0)
    answer = save(response, " ", 1)
    assert (answer.value, answer.version) == (None, 2)
    assert section_view(response, "first").answered == 0
    assert [r.value for r in answer.revisions.all()] == [None, "Text"]
    assert save(response, "Again", 2).version == 3


def test_save_answer_empty_before_the_first_makes_no_row():
    assert save(ResponseFactory(), "", 0).version == 0
    assert not Answer.objects.exists()


def test_save_answer_keeps_what_the_question_does_not_take_and_marks_it():
    response = ResponseFactory()
    answer = save(response, "x" * 1001, 0)
    assert (answer.value, answer.is_wrong) == ("x" * 1001, True)
    view = section_view(response, "first")
    assert [str(one.problem) for one in view.wrong] == [
        "This answer is too long by 1 character: it takes at most 1,000 and has 1,001. Shorten it."
    ]
    assert not view.is_done
    assert not save(response, "Short.", 1).is_wrong
    assert section_view(response, "first").wrong == []


def test_save_answer_refuses_what_no_draft_keeps():
    with pytest.raises(InvalidError) as refused:
        save(ResponseFactory(), "x" * (MOST_KEPT + 1), 0)
    assert refused.value.code == "not_kept"


def test_wrong_answer_is_not_called_done_and_reopens_what_was():
    response = ResponseFactory()
    save(response, "Text", 0)
    mark_section(response=response, section_key="first", by=None)
    save(response, "x" * 1001, 1)
    assert not response.marks.exists()
    with pytest.raises(InvalidError, match="too long by 1 character"):
        mark_section(response=response, section_key="first", by=None)


def test_save_answer_of_another_questionnaire_is_unknown():
    with pytest.raises(Question.DoesNotExist):
        save(ResponseFactory(), "Text", 0, key="no-such-question")


def test_closed_response_takes_nothing_more():
    response = ResponseFactory()
    save(response, "Text", 0)
    closed = close_response(response)
    assert close_response(response).closed_at == closed.closed_at
    with pytest.raises(WrongStateError):
        save(response, "Later", 1)
    with pytest.raises(WrongStateError):
        mark_section(response=response, section_key="first", by=None)
    with pytest.raises(WrongStateError):
        reopen_section(response=response, section_key="first")


def test_save_answers_saves_the_rest_of_a_conflict():
    response, luka = ResponseFactory(), UserFactory()
    save(response, "Theirs", 0, by=luka)
    saved = save_answers(
        response=response, answers=[("why", "Mine", 0), ("more", "Extra", 0)], by=None
    )
    assert [(a.question.key, a.value) for a in saved.answers] == [("more", "Extra")]
    (conflict,) = saved.conflicts
    assert (conflict.mine, conflict.answer.value, conflict.base) == ("Mine", "Theirs", None)
    assert conflict.answer.saved_by == luka
    assert saved.at is not None


def test_save_answers_names_what_only_somebody_else_changed():
    response = ResponseFactory()
    save(response, "Old", 0)
    save(response, "New", 1)
    saved = save_answers(response=response, answers=[("why", "Old", 1)], by=None)
    assert (saved.answers, saved.conflicts) == ([], [])
    assert [answer.value for answer in saved.untouched] == ["New"]


def test_mark_section_names_what_is_missing():
    response = ResponseFactory()
    with pytest.raises(InvalidError, match="Why\\?") as refusal:
        mark_section(response=response, section_key="first", by=None)
    assert refusal.value.field == "why"


def test_mark_section_twice_keeps_the_first_and_can_be_taken_back():
    response, ana = ResponseFactory(), UserFactory()
    save(response, "Because.", 0)
    first = mark_section(response=response, section_key="first", by=ana)
    assert mark_section(response=response, section_key="first", by=None).pk == first.pk
    assert first.marked_by == ana
    reopen_section(response=response, section_key="first")
    assert not response.marks.exists()
