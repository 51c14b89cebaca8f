import pytest
from django.http import QueryDict

from questionnaires.forms import ConflictForm, QuestionEditForm, build_form, sent_conflicts
from questionnaires.selectors import section_view
from questionnaires.services import load_templates, open_response, save_answer, save_answers
from questionnaires.states import QuestionKind
from tests.factories.questionnaires import QuestionFactory, ResponseFactory

pytestmark = pytest.mark.django_db


def test_form_has_a_field_and_a_version_for_each_question():
    response = ResponseFactory()
    save_answer(response=response, question_key="why", value="So.", read_version=0, by=None)
    form = build_form(section_view(response, "first"))
    assert list(form.fields) == ["why", "version_why", "more", "version_more"]
    assert (form["why"].value(), form["version_why"].value()) == ("So.", 1)
    assert (form.fields["why"].required, form.fields["more"].required) == (True, False)
    assert form.fields["why"].widget.attrs["data-limit"] == 1000


def test_form_takes_half_a_section_unless_it_must_be_complete():
    view = section_view(ResponseFactory(), "first")
    data = {"why": "", "version_why": "0", "more": "x", "version_more": "0"}
    assert build_form(view, data).is_valid()
    form = build_form(view, data, complete=True)
    assert not form.is_valid()
    assert list(form.errors) == ["why"]


def test_form_sends_what_was_on_the_page_and_shows_the_rest():
    response = ResponseFactory()
    save_answer(response=response, question_key="more", value="Kept", read_version=0, by=None)
    form = build_form(section_view(response, "first"), {"why": "New", "version_why": "0"})
    assert form.is_valid()
    assert form.sent() == [("why", "New", 0)]
    assert (form["more"].value(), form["version_more"].value()) == ("Kept", "1")


@pytest.mark.parametrize("version", [None, "", "one", "-1", "9" * 30])
def test_form_never_drops_a_text_for_a_version_it_cannot_read(version):
    response = ResponseFactory()
    save_answer(response=response, question_key="why", value="Theirs", read_version=0, by=None)
    data = {"why": "Mine"} | ({} if version is None else {"version_why": version})
    form = build_form(section_view(response, "first"), data)
    assert form.is_valid()
    saved = save_answers(response=response, answers=form.sent(), by=None)
    assert saved.conflicts[0].mine == "Mine"


def test_form_keeps_a_too_long_text_and_says_by_how_much():
    view = section_view(ResponseFactory(), "first")
    form = build_form(view, {"why": "x" * 1002, "version_why": "0"})
    assert not form.is_valid()
    assert "too long by 2 characters: it takes at most 1,000 and has 1,002" in str(
        form.errors["why"]
    )
    assert form["why"].value() == "x" * 1002


def test_form_asks_only_what_the_condition_allows():
    response = open_response(load_templates()["application-city-to-city"])
    assert "stakeholder-example" not in build_form(section_view(response, "stakeholders")).fields
    save_answer(
        response=response,
        question_key="stakeholder-history",
        value="yes",
        read_version=0,
        by=None,
    )
    assert "stakeholder-example" in build_form(section_view(response, "stakeholders")).fields


def test_form_shows_a_stored_day_as_it_is_typed():
    response = open_response(load_templates()["local-action-plan"])
    save_answer(
        response=response,
        question_key="endorsement-day",
        value="31/3/2027",
        read_version=0,
        by=None,
    )
    form = build_form(section_view(response, "endorsement"))
    assert form["endorsement-day"].value() == "31 March 2027"


@pytest.fixture
def clash():
    """Two texts for "why": what is stored, and what a writer wanted."""
    response = ResponseFactory()
    save_answer(response=response, question_key="why", value="A. B.", read_version=0, by=None)
    save_answer(response=response, question_key="why", value="A. C.", read_version=1, by=None)
    saved = save_answers(response=response, answers=[("why", "A. D.", 1)], by=None)
    return response, saved.conflicts


def test_conflict_form_starts_with_the_writers_text(clash):
    _response, conflicts = clash
    (shown,) = ConflictForm(conflicts).clashes
    assert (shown.mine_text, shown.theirs_text, shown.base_text) == ("A. D.", "A. C.", "A. B.")
    assert shown.result.value() == "A. D."
    assert shown.count == 1


@pytest.mark.parametrize(
    ("do", "place", "result", "saved"),
    [
        ("mine", "theirs", "", "A. D."),
        ("theirs", "mine", "", "A. C."),
        ("save", "mine", "A. D. And C.", "A. D. And C."),
    ],
)
def test_conflict_form_saves_what_is_chosen(clash, do, place, result, saved):
    response, _conflicts = clash
    data = QueryDict(mutable=True)
    data.update(
        {
            "do": do,
            "version_why": "2",
            "mine_why": "A. D.",
            "base_why": "A. B.",
            "place_why_1": place,
            "result_why": result,
        }
    )
    view = section_view(response, "first")
    form = ConflictForm(sent_conflicts(view, data), data)
    assert form.is_valid()
    done = save_answers(response=response, answers=form.decided(), by=None)
    assert not done.conflicts
    assert section_view(response, "first").questions[0].value == saved


def test_conflict_form_makes_the_text_from_the_choices(clash):
    response, _conflicts = clash
    data = QueryDict(
        "do=choices&version_why=2&mine_why=A. D.&place_why_1=both&result_why=gone", mutable=True
    )
    form = ConflictForm(sent_conflicts(section_view(response, "first"), data), data)
    assert form.clashes[0].result.value() == "A. D. C."


@pytest.mark.parametrize(
    ("typed", "saved"), [("A. D.", "A. C."), ("A. D!", "A. D!")], ids=["untouched", "typed"]
)
def test_conflict_form_follows_a_choice_until_the_text_is_touched(clash, typed, saved):
    response, _conflicts = clash
    data = QueryDict("do=save&version_why=2&mine_why=A. D.&place_why_1=theirs", mutable=True)
    data.update({"made_why": "A. D.", "result_why": typed})
    form = ConflictForm(sent_conflicts(section_view(response, "first"), data), data)
    assert form.is_valid()
    assert form.decided() == [("why", saved, 2)]


def test_conflict_form_offers_one_or_the_other_for_a_choice():
    response = open_response(load_templates()["application-city-to-city"])
    key = "urgency"
    save_answer(response=response, question_key=key, value="months-6", read_version=0, by=None)
    (conflict,) = save_answers(
        response=response, answers=[(key, "months-12", 0)], by=None
    ).conflicts
    form = ConflictForm([conflict], {"do": "save", f"place_{key}_1": "theirs"})
    assert form.is_valid()
    assert form.decided()[0][1] == "months-6"
    mine = ConflictForm([conflict], {"do": "save", f"place_{key}_1": "mine"})
    assert mine.is_valid()
    assert mine.decided()[0][1] == "months-12"


def edit(question, **values):
    data = {"text": "Which?", "kind": QuestionKind.CHOICE, "options": "Red\nBlue", "limit": ""}
    return QuestionEditForm(data | values, version=question.section.version, question=question)


def test_question_form_keeps_the_value_of_a_choice_whose_words_stay():
    question = QuestionFactory(options=[{"value": "r", "label": "Red"}])
    form = edit(question, options="Blue\nRed\n\nRed")
    assert form.is_valid()
    assert form.cleaned_data["options"] == [
        {"value": "blue", "label": "Blue"},
        {"value": "r", "label": "Red"},
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"options": "Red"}, "options"),
        ({"kind": QuestionKind.SHORT_TEXT, "limit": "5000"}, "limit"),
        ({"limit": "0"}, "limit"),
        ({"text": ""}, "text"),
    ],
)
def test_question_form_refuses(values, field):
    assert list(edit(QuestionFactory(), **values).errors) == [field]


def test_question_form_offers_earlier_answers_as_condition():
    first = QuestionFactory(key="agree", kind=QuestionKind.YES_NO, text="Agree?")
    later = QuestionFactory(section=first.section)
    choices = QuestionEditForm(version=first.section.version, question=later).fields["condition"]
    assert [value for value, _label in choices.choices] == ["", "agree=yes", "agree=no"]
    form = edit(later, condition="agree=no")
    assert form.is_valid()
    data = form.data_for_service()
    assert (data.condition_question, data.condition_value) == ("agree", "no")
