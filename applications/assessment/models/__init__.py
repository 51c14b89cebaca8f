"""The assessment of applications: outcomes on their way to the cities."""

from applications.assessment.models.outcomes import (
    Correction,
    Letter,
    LetterDraft,
    Outcome,
    Paragraph,
    Release,
)

__all__ = ["Correction", "Letter", "LetterDraft", "Outcome", "Paragraph", "Release"]
