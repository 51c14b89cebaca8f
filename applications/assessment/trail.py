"""What the audit trail says of the events of this room."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from applications.assessment.models import Agreed, Assessment, Correction, FreePlace, Outcome
from applications.assessment.states import PendingOutcome
from applications.models import Application
from applications.selectors import search

VERBS = {
    "call.interests_declared": _("Interests declared"),
    "call.assessment_opened": _("Assessment opened"),
    "call.assessment_changed": _("Plan of the assessment changed"),
    "call.assessment_closed": _("Assessment closed"),
    "call.assessment_reopened": _("Assessment reopened"),
    "expertise.saved": _("Knowledge of an assessor saved"),
    "assessment.written": _("Scores written"),
    "assessment.handed_in": _("Scores handed in"),
    "assessment.abstained": _("Abstained from scoring"),
    "agreed.proposed": _("Value proposed in a talk"),
    "agreed.agreed": _("Proposed value agreed to"),
    "assessment.reopened": _("Scores given back to their assessor"),
    "outcome.prepared": _("Outcome prepared, the applicant is not told yet"),
    "outcome.taken_back": _("Prepared outcome taken back"),
    "outcome.held": _("Letter held back"),
    "outcome.let_go": _("Letter let go with the next release"),
    "outcome.letter_written": _("Letter written anew"),
    "outcome.letter_usual": _("Usual letter taken again"),
    "outcome.tried": _("Letter sent to oneself to try it"),
    "outcome.released": _("Outcome released, the applicant is told"),
    "call.released": _("Outcomes of a call released"),
    "correction.prepared": _("Correction of a decision prepared"),
    "correction.confirmed": _("Decision put right by two people"),
    "correction.discarded": _("Correction given up"),
    "place.freed": _("Place came free"),
    "place.offered": _("Acceptance of the next on the reserve list prepared"),
    "place.left_empty": _("Place left empty"),
    "place.reopened": _("Place that was left empty is free again"),
    "paragraph.saved": _("Paragraph for letters saved"),
    "paragraph.removed": _("Paragraph for letters removed"),
}
ICONS = {
    "assessment": "edit",
    "expertise": "book",
    "agreed": "sign",
    "outcome": "mail",
    "correction": "edit",
    "paragraph": "file",
    "place": "users",
}
FACTS = {
    "links": _("Links"),
    "outcome": _("Outcome"),
    "letters": _("Letters"),
    "language": _("Language"),
    "rank": _("Rank"),
}
PLAIN = (
    *(
        "links",
        "points",
        "spread",
        "assessors_each",
        "is_blind",
        "declare_by",
        "scores_by",
        "consensus_by",
    ),
    "language",
    "letters",
    "outcome",
    "rank",
)
WORDS = {"outcome": dict(PendingOutcome.choices)}
FINDERS = {
    "assessment.Assessment": lambda word: Assessment.objects.filter(
        assignment__application__in=search(Application.objects.all(), word)
    )
}


def _linked(model: type[Model], way: str = "application") -> Callable[[Any], "QuerySet[Any]"]:
    """Return what finds the rows on applications with which a person has declared a link."""

    def rows(person: Any) -> "QuerySet[Any]":
        linked = person.conflicts.filter(lifted_at=None).values("application")
        return model._default_manager.filter(**{f"{way}__in": linked})  # noqa: SLF001 - Django's name

    return rows


HIDDEN = {
    "assessment.Assessment": _linked(Assessment, "assignment__application"),
    "assessment.Agreed": _linked(Agreed),
    "assessment.Outcome": _linked(Outcome),
    "assessment.Correction": _linked(Correction),
    "assessment.FreePlace": _linked(FreePlace),
}
