"""What the answers to questionnaires hold about a person."""

from django.utils.translation import gettext_lazy as _

from core.kit.holdings import Holding
from questionnaires.models import Answer, AnswerRevision, SectionMark

_OF_THE_CITY = _("What is written for an organisation stays with it, with who wrote it.")

HOLDS = [
    Holding(
        Answer,
        ("saved_by",),
        _("Answers that you saved last"),
        _OF_THE_CITY,
        ("question__text", "version", "saved_at"),
    ),
    Holding(
        AnswerRevision,
        ("saved_by",),
        _("Texts that you wrote"),
        _OF_THE_CITY,
        ("answer__question__text", "version", "saved_at", "value"),
    ),
    Holding(
        SectionMark,
        ("marked_by",),
        _("Sections that you marked as complete"),
        _OF_THE_CITY,
        ("section__title", "marked_at"),
    ),
]
