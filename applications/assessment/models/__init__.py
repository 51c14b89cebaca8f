"""The assessment of applications: how they are judged, and outcomes on their way to the cities."""

from applications.assessment.models.assessing import (
    Agreed,
    Agreement,
    Asked,
    Assessment,
    AssessmentPlan,
    Expertise,
    Score,
    ScoreVersion,
)
from applications.assessment.models.outcomes import (
    Correction,
    Letter,
    LetterDraft,
    Outcome,
    Paragraph,
    Release,
)
from applications.assessment.models.places import FreePlace

__all__ = [
    "Agreed",
    "Agreement",
    "Asked",
    "Assessment",
    "AssessmentPlan",
    "Correction",
    "Expertise",
    "FreePlace",
    "Letter",
    "LetterDraft",
    "Outcome",
    "Paragraph",
    "Release",
    "Score",
    "ScoreVersion",
]
