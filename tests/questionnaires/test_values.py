import pytest
from django.utils.translation import override

from core.kit.errors import InvalidError
from questionnaires.models import Question
from questionnaires.states import QuestionKind as K
from questionnaires.values import (
    LINE_LIMIT,
    MOST_KEPT,
    as_text,
    clean_value,
    is_asked,
    keep_value,
    problem_of,
)

OPTIONS = [{"value": "a", "label": "Alpha"}, {"value": "b", "label": "Beta"}]


def question(kind, **values):
    return Question(key="q", text="Q?", kind=kind, **values)


@pytest.mark.parametrize(
    ("kind", "raw", "stored"),
    [
        (K.SHORT_TEXT, "  a \n b ", "a b"),
        (K.SHORT_TEXT, " ", None),
        (K.LONG_TEXT, "a\r\nb\u202e", "a\nb"),
        (K.LONG_TEXT, "<b>&amp; 🎉", "<b>&amp; 🎉"),
        (K.LONG_TEXT, None, None),
        (K.CHOICE, "a", "a"),
        (K.CHOICE, "", None),
        (K.MULTI_CHOICE, ["b", "a", "a"], ["a", "b"]),
        (K.MULTI_CHOICE, [], None),
        (K.NUMBER, "120 000", 120000),
        (K.NUMBER, "120,000", 120000),
        (K.NUMBER, "1,20,000", 120000),
        (K.NUMBER, "१२००००", 120000),
        (K.NUMBER, "0", 0),
        (K.NUMBER, "", None),
        (K.DATE, "31/3/2027", "2027-03-31"),
        (K.DATE, "2027-03-31", "2027-03-31"),
        (K.DATE, "31. März 2027", "2027-03-31"),
        (K.DATE, "", None),
        (K.YES_NO, "yes", "yes"),
        (K.YES_NO, "", None),
    ],
)
def test_clean_value_stores(kind, raw, stored):
    assert clean_value(question(kind, options=OPTIONS), raw) == stored


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (K.CHOICE, "c"),
        (K.MULTI_CHOICE, ["a", "c"]),
        (K.NUMBER, "1e6"),
        (K.NUMBER, "-1"),
        (K.NUMBER, "1２3"),
        (K.NUMBER, "1,00"),
        (K.NUMBER, "9" * 5000),
        (K.DATE, "31/2/2027"),
        (K.DATE, "3/4/2027"),
        (K.YES_NO, "maybe"),
    ],
)
def test_clean_value_refuses(kind, raw):
    with pytest.raises(InvalidError) as refusal:
        clean_value(question(kind, options=OPTIONS), raw)
    assert refusal.value.field == "q"
    assert str(refusal.value).endswith(".")


def test_clean_value_counts_a_line_end_and_a_code_point_as_one():
    three = question(K.LONG_TEXT, limit=3)
    assert clean_value(three, "a\r\n🎉") == "a\n🎉"
    with pytest.raises(InvalidError, match="too long by 1 character: it takes at most 3 and has 4"):
        clean_value(three, "a\r\n🎉b")


def test_clean_value_limits_a_line_that_has_no_limit():
    with pytest.raises(InvalidError):
        clean_value(question(K.SHORT_TEXT), "x" * (LINE_LIMIT + 1))


def test_clean_value_limits_numbers_and_choices():
    with pytest.raises(InvalidError, match="at most 10"):
        clean_value(question(K.NUMBER, limit=10), "11")
    with pytest.raises(InvalidError, match="at most 1"):
        clean_value(question(K.MULTI_CHOICE, limit=1, options=OPTIONS), ["a", "b"])


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        (K.SHORT_TEXT, f" {'x' * 400}\n y", f"{'x' * 400} y"),
        (K.LONG_TEXT, "a\r\nbc", "a\nbc"),
        (K.NUMBER, " about 120 000", "about 120 000"),
        (K.NUMBER, "1.5", "1.5"),
        (K.NUMBER, "3", "3"),
        (K.DATE, "31/2/2027", "31/2/2027"),
        (K.MULTI_CHOICE, ["b", "a", "c"], ["a", "b", "c"]),
    ],
)
def test_keep_value_keeps_what_was_typed_and_its_problem(kind, raw, kept):
    options = [*OPTIONS, {"value": "c", "label": "Gamma"}]
    asked = question(kind, options=options, limit=2)
    assert keep_value(asked, raw) == kept
    assert str(problem_of(asked, kept)).endswith(".")
    assert as_text(asked, kept)


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        (K.CHOICE, "gone", "not_offered"),
        (K.MULTI_CHOICE, ["gone"], "not_offered"),
        (K.LONG_TEXT, "x" * (MOST_KEPT + 1), "not_kept"),
        (K.NUMBER, "1" * (MOST_KEPT + 1), "not_kept"),
    ],
)
def test_keep_value_refuses(kind, raw, code):
    with pytest.raises(InvalidError) as refused:
        keep_value(question(kind, options=OPTIONS), raw)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("kind", "value"),
    [(K.LONG_TEXT, "a\nb"), (K.NUMBER, 0), (K.DATE, "2027-03-31"), (K.CHOICE, "a"), (K.DATE, None)],
)
def test_problem_of_a_value_that_is_right(kind, value):
    assert problem_of(question(kind, options=OPTIONS), value) is None


def test_day_in_words_of_another_language_stays_to_be_put_right():
    with override("fr"):
        assert problem_of(question(K.DATE), "3 mars 2027") is not None
        assert as_text(question(K.DATE), "3 mars 2027") == "3 mars 2027"


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (K.LONG_TEXT, "a\nb", "a\nb"),
        (K.CHOICE, "a", "Alpha"),
        (K.CHOICE, "gone", "gone"),
        (K.MULTI_CHOICE, ["a", "b"], "Alpha\nBeta"),
        (K.NUMBER, 120000, "120,000"),
        (K.DATE, "2027-03-31", "31 March 2027"),
        (K.YES_NO, "no", "No"),
        (K.YES_NO, None, ""),
    ],
)
def test_as_text(kind, value, text):
    assert as_text(question(kind, options=OPTIONS), value) == text


def test_is_asked_follows_the_chain_of_conditions():
    first = Question(key="first", kind=K.YES_NO)
    second = Question(
        key="second", kind=K.MULTI_CHOICE, condition_question="first", condition_value="yes"
    )
    third = Question(key="third", condition_question="second", condition_value="a")
    by_key = {q.key: q for q in (first, second, third)}
    assert is_asked(third, by_key, {"first": "yes", "second": ["b", "a"]})
    assert not is_asked(third, by_key, {"first": "no", "second": ["a"]})
    assert not is_asked(third, by_key, {"first": "yes"})
    assert is_asked(first, by_key, {})


def test_is_asked_survives_a_circle():
    one = Question(key="one", condition_question="two", condition_value="x")
    two = Question(key="two", condition_question="one", condition_value="x")
    assert is_asked(one, {"one": one, "two": two}, {"one": "x", "two": "x"})
