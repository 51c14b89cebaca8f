"""What an answer may be: cleaning and showing values, without a database.

Stored values are JSON: text as a string, one choice as its value, several as a list of
values, a number as an int, a day as an ISO string, yes or no as "yes" or "no". None is no
answer.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kit.days import DAY_ERROR, parse_day
from core.kit.errors import InvalidError
from core.kit.numbers import parse_whole
from core.kit.text import clean_line, clean_paragraphs
from questionnaires.models import Question
from questionnaires.states import QuestionKind

# Short lines have a limit even when nobody set one.
LINE_LIMIT = 300
TEXT_LIMIT = 20_000
# More than any population or budget in euro; still exact in JSON of every reader.
LARGEST_NUMBER = 10**15


def options_of(question: Question) -> list[tuple[str, str]]:
    """Return the choices of a question as (value, label)."""
    if question.kind == QuestionKind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(str(o["value"]), str(o["label"])) for o in question.options]


def limit_of(question: Question) -> int | None:
    """Return the limit that counts for a question: characters, largest value, most choices."""
    if question.kind == QuestionKind.SHORT_TEXT:
        return min(question.limit or LINE_LIMIT, LINE_LIMIT)
    if question.kind == QuestionKind.LONG_TEXT:
        return question.limit or TEXT_LIMIT
    return question.limit


def clean_value(question: Question, raw: Any) -> Any:
    """Return what will be stored for `raw`, None when it is empty.

    Raises InvalidError, with the question's key as field, for what the question does not
    take; the message says what it takes.
    """
    match question.kind:
        case QuestionKind.SHORT_TEXT:
            return _clean_text(question, clean_line(str(raw or "")))
        case QuestionKind.LONG_TEXT:
            return _clean_text(question, clean_paragraphs(str(raw or "")))
        case QuestionKind.MULTI_CHOICE:
            return _clean_choices(question, raw)
        case QuestionKind.NUMBER:
            return _clean_number(question, raw)
        case QuestionKind.DATE:
            return _clean_day(question, raw)
        case _:
            return _clean_choice(question, raw)


def _clean_text(question: Question, text: str) -> str | None:
    limit = limit_of(question)
    # Line ends are one character by now, and every code point counts as one.
    if limit is not None and len(text) > limit:
        raise InvalidError(
            ngettext(
                "This answer takes at most %(limit)s character; you have %(count)s. "
                "Shorten it, then save again.",
                "This answer takes at most %(limit)s characters; you have %(count)s. "
                "Shorten it, then save again.",
                limit,
            )
            % {"limit": number_format(limit), "count": number_format(len(text))},
            field=question.key,
            code="too_long",
        )
    return text or None


def _clean_choice(question: Question, raw: Any) -> str | None:
    value = str(raw or "")
    if not value:
        return None
    if value not in dict(options_of(question)):
        raise InvalidError(
            _("This choice is not on offer. Choose one of the list."),
            field=question.key,
        )
    return value


def _clean_choices(question: Question, raw: Any) -> list[str] | None:
    chosen = {str(value) for value in (raw if isinstance(raw, list | tuple) else [raw]) if value}
    offered = [value for value, _label in options_of(question)]
    if not chosen <= set(offered):
        raise InvalidError(
            _("This choice is not on offer. Choose from the list."), field=question.key
        )
    if question.limit and len(chosen) > question.limit:
        raise InvalidError(
            ngettext(
                "Choose at most %(limit)s of these; you have %(count)s. Take some out.",
                "Choose at most %(limit)s of these; you have %(count)s. Take some out.",
                question.limit,
            )
            % {"limit": question.limit, "count": len(chosen)},
            field=question.key,
            code="too_many",
        )
    # In the order of the question, so that the same choice is the same value.
    return [value for value in offered if value in chosen] or None


def _clean_number(question: Question, raw: Any) -> int | None:
    try:
        number = parse_whole("" if raw is None else str(raw), largest=LARGEST_NUMBER)
    except (ValueError, OverflowError) as error:
        raise InvalidError(
            _("Type a whole number in digits, for example 120000 or 120 000."),
            field=question.key,
        ) from error
    if number is None:
        return None
    if question.limit is not None and number > question.limit:
        raise InvalidError(
            _("The number is at most %(limit)s. Type a smaller one.")
            % {"limit": number_format(question.limit)},
            field=question.key,
            code="too_large",
        )
    return number


def _clean_day(question: Question, raw: Any) -> str | None:
    if isinstance(raw, dt.date):
        return raw.isoformat()
    text = clean_line(str(raw or ""))
    if not text:
        return None
    day = parse_day(text)
    if day is None:
        raise InvalidError(
            str(DAY_ERROR),
            field=question.key,
        )
    return day.isoformat()


def as_text(question: Question, value: Any) -> str:
    """Return a stored value in words, for reading; the empty string for no answer."""
    if value is None:
        return ""
    if question.kind in {QuestionKind.CHOICE, QuestionKind.YES_NO}:
        return dict(options_of(question)).get(value, str(value))
    if question.kind == QuestionKind.MULTI_CHOICE:
        labels = dict(options_of(question))
        return "\n".join(labels.get(one, one) for one in value)
    if question.kind == QuestionKind.NUMBER:
        return number_format(value, force_grouping=True)
    if question.kind == QuestionKind.DATE:
        return date_format(dt.date.fromisoformat(value), "DATE_FORMAT")
    return str(value)


def is_asked(question: Question, by_key: Mapping[str, Question], values: Mapping[str, Any]) -> bool:
    """Tell whether the question's condition, and those it hangs on, hold for these answers.

    `by_key` holds the questions of the whole version, `values` the answers by key.
    """
    seen: set[str] = set()
    while question.condition_question:
        parent = by_key.get(question.condition_question)
        # A chain that bites its own tail asks everything, rather than nothing.
        if parent is None or question.key in seen:
            return True
        seen.add(question.key)
        value = values.get(parent.key)
        given = value if isinstance(value, list) else [value]
        if question.condition_value not in [str(one) for one in given if one is not None]:
            return False
        question = parent
    return True
