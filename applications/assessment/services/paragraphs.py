"""Paragraphs that are written once and used in many letters."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from applications.assessment.models import Paragraph
from applications.assessment.services.placeholders import require_known
from applications.states import DecisionOutcome
from core.kit.errors import InvalidError
from core.kit.text import clean_line
from core.kit.writes import REASON_LIMIT, clean_text, lock, require, require_version
from core.trail.services import record_event
from programme.calls.models import Call

LONGEST_TITLE = 120


@transaction.atomic
def save_paragraph(
    *,
    call: Call,
    title: str,
    outcome: str,
    body: Mapping[str, str],
    by: User,
    for_all: bool = False,
    paragraph: Paragraph | None = None,
    read_version: int = 0,
) -> Paragraph:
    """Write a paragraph, or change it; letters that are prepared keep the words they have.

    `body` has its words by language, English at least; `for_all` offers it in every
    call. Raises InvalidError for a placeholder that nothing fills, StaleError when somebody saved
    first.
    """
    call = lock(call)
    _require_right(by)
    if paragraph is not None:
        paragraph = lock(paragraph)
        require_version(paragraph.version, read_version, current=paragraph)
    title = clean_text(
        clean_line(title),
        field="title",
        limit=LONGEST_TITLE,
        missing=_("Write what the paragraph is called here."),
    )
    if outcome not in DecisionOutcome.values:
        raise InvalidError(_("Choose the outcome it is for."), field="outcome")
    words = {
        language: clean_text(body.get(language, ""), field=f"body_{language}", limit=REASON_LIMIT)
        for language, _name in settings.LANGUAGES
    }
    if not words[settings.LANGUAGE_CODE]:
        raise InvalidError(
            _("Write it in English: it is used where another language has no words."),
            field=f"body_{settings.LANGUAGE_CODE}",
        )
    for language, text in words.items():
        require_known(text, field=f"body_{language}")
    row = paragraph or Paragraph(call=call, key=_free_key(call, title), version=0)
    row.call = None if for_all else call
    row.title, row.outcome = title, outcome
    row.body = {language: text for language, text in words.items() if text}
    row.version += 1
    row.save()
    record_event(verb="paragraph.saved", target=row, by=by)
    return row


@transaction.atomic
def remove_paragraph(*, paragraph: Paragraph, by: User) -> None:
    """Remove a paragraph; letters that are prepared keep its words."""
    paragraph = lock(paragraph)
    _require_right(by)
    record_event(verb="paragraph.removed", target=paragraph, by=by)
    paragraph.delete()


def _require_right(by: User) -> None:
    require(
        by,
        "assessment.edit_paragraphs",
        otherwise=_("Only coordinators write paragraphs for letters. Ask one of them."),
    )


def _free_key(call: Call, title: str) -> str:
    """Return a key that no paragraph of the call has; asked under the call's lock."""
    base = slugify(title)[:30] or "paragraph"
    rows = Paragraph.objects.filter(Q(call=call) | Q(call=None))
    taken = set(rows.values_list("key", flat=True))
    number, key = 1, base
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    return key
