"""What an answer may be: cleaning and showing values, without a database.

Stored values are JSON: text as a string, one choice as its value, several as a list of
values, a number as an int, a day as an ISO string, yes or no as "yes" or "no". None is no
answer. A draft also keeps what the question does not take, as it was typed: `problem_of`
says what is wrong with it.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kit.days import DAY_ERROR, read_day
from core.kit.errors import InvalidError
from core.kit.numbers import parse_whole, why_not_whole
from core.kit.text import clean_line, clean_paragraphs
from questionnaires.models import Question
from questionnaires.states import QuestionKind

# Short lines have a limit even when nobody set one.
LINE_LIMIT = 300
TEXT_LIMIT = 20_000
# What a draft keeps of one answer, whatever the question takes.
MOST_KEPT = 100_000
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
    """Return the value that `raw` stands for, None when it is empty.

    Raises InvalidError, with the question's key as field, for what the question does not
    take; the message says what it takes.
    """
    _refuse_endless(question, raw)
    match question.kind:
        case QuestionKind.SHORT_TEXT | QuestionKind.LONG_TEXT:
            text = _as_typed(question, raw)
            if (problem := _too_long(question, text)) is not None:
                raise problem
            return text
        case QuestionKind.MULTI_CHOICE:
            return _clean_choices(question, raw)
        case QuestionKind.NUMBER:
            return _clean_number(question, raw)
        case QuestionKind.DATE:
            return _clean_day(question, raw)
        case _:
            return _clean_choice(question, raw)


def keep_value(question: Question, raw: Any) -> Any:
    """Return what a draft stores for `raw`: its value, or what was typed when that is wrong.

    Raises InvalidError, as clean_value does, only for what nobody can have typed on the
    page (a choice that is not on offer) and for more than MOST_KEPT characters.
    """
    try:
        return clean_value(question, raw)
    except InvalidError as error:
        if error.code in {"not_offered", "not_kept"}:
            raise
        return _as_typed(question, raw)


def problem_of(question: Question, value: Any) -> InvalidError | None:
    """Return why the question does not take a stored value, in its words; None if it does."""
    if value is None:
        return None
    if question.kind in {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}:
        return _too_long(question, value)
    if question.kind == QuestionKind.DATE:
        # In the reader's language other words may be a day: what was stored counts.
        return None if _stored_day(value) else _no_day(question)
    try:
        clean_value(question, value)
    except InvalidError as error:
        return error
    return None


def _as_typed(question: Question, raw: Any) -> Any:
    if question.kind == QuestionKind.MULTI_CHOICE:
        # In the order of the question, so that the same choice is the same value.
        chosen = {str(value) for value in (raw if isinstance(raw, list | tuple) else [raw])}
        return [value for value, _label in options_of(question) if value in chosen] or None
    text = "" if raw is None else str(raw)
    cleaned = clean_paragraphs(text)
    return (cleaned if question.kind == QuestionKind.LONG_TEXT else clean_line(cleaned)) or None


def _refuse_endless(question: Question, raw: Any) -> None:
    count = len(raw.replace("\r\n", "\n")) if isinstance(raw, str) else 0
    if count > MOST_KEPT:
        raise InvalidError(
            _(
                "This answer has %(count)s characters, more than can be kept (%(most)s): it "
                "is not saved. Keep a copy in a file of yours, and shorten it here."
            )
            % {"count": number_format(count), "most": number_format(MOST_KEPT)},
            field=question.key,
            code="not_kept",
        )


def _too_long(question: Question, text: str | None) -> InvalidError | None:
    limit = limit_of(question)
    # Line ends are one character by now, and every code point counts as one.
    if text is None or limit is None or len(text) <= limit:
        return None
    over = len(text) - limit
    return InvalidError(
        ngettext(
            "This answer is too long by %(over)s character: it takes at most %(limit)s and "
            "has %(count)s. Shorten it.",
            "This answer is too long by %(over)s characters: it takes at most %(limit)s and "
            "has %(count)s. Shorten it.",
            over,
        )
        % {
            "over": number_format(over),
            "limit": number_format(limit),
            "count": number_format(len(text)),
        },
        field=question.key,
        code="too_long",
    )


def _clean_choice(question: Question, raw: Any) -> str | None:
    value = str(raw or "")
    if not value:
        return None
    if value not in dict(options_of(question)):
        raise InvalidError(
            _("This choice is not on offer. Choose one of the list."),
            field=question.key,
            code="not_offered",
        )
    return value


def _clean_choices(question: Question, raw: Any) -> list[str] | None:
    chosen = {str(value) for value in (raw if isinstance(raw, list | tuple) else [raw]) if value}
    if not chosen <= {value for value, _label in options_of(question)}:
        raise InvalidError(
            _("This choice is not on offer. Choose from the list."),
            field=question.key,
            code="not_offered",
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
    kept: list[str] | None = _as_typed(question, raw)
    return kept


def _clean_number(question: Question, raw: Any) -> int | None:
    try:
        number = parse_whole("" if raw is None else str(raw), largest=LARGEST_NUMBER)
    except ValueError as error:
        raise InvalidError(why_not_whole(str(raw)), field=question.key) from error
    except OverflowError as error:
        raise InvalidError(
            _("The number is too large. Check it and type it again."), field=question.key
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
    try:
        day = read_day(text)
    except InvalidError as error:
        raise InvalidError(error.message, field=question.key, code="no_day") from error
    return day.isoformat() if day else None


def _no_day(question: Question) -> InvalidError:
    return InvalidError(str(DAY_ERROR), field=question.key, code="no_day")


def _stored_day(value: str) -> dt.date | None:
    """Return the day of a stored value, None when it is only what was typed."""
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.isoformat() == value else None


def as_text(question: Question, value: Any) -> str:
    """Return a stored value in words, for reading; the empty string for no answer.

    What the question does not take is returned as it was typed.
    """
    if value is None:
        return ""
    if question.kind in {QuestionKind.CHOICE, QuestionKind.YES_NO}:
        return dict(options_of(question)).get(value, str(value))
    if question.kind == QuestionKind.MULTI_CHOICE:
        labels = dict(options_of(question))
        return "\n".join(labels.get(one, one) for one in value)
    if question.kind == QuestionKind.NUMBER and isinstance(value, int):
        return number_format(value, force_grouping=True)
    if question.kind == QuestionKind.DATE and (day := _stored_day(value)):
        return date_format(day, "DATE_FORMAT")
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
