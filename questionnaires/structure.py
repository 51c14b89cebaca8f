"""What a version asks. A published one never changes, so each process reads it once."""

from dataclasses import dataclass
from functools import cached_property

from questionnaires.models import Question, Section, TemplateVersion
from questionnaires.states import VersionStatus

# Versions that are remembered; a portal has a few of each questionnaire.
MOST = 100
_known: dict[int, "Structure"] = {}


@dataclass(frozen=True)
class Structure:
    """A version with its template, its sections and their questions; nobody changes them."""

    version: TemplateVersion
    sections: tuple[Section, ...]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Return all questions by their key, in order."""
        return {
            question.key: question
            for section in self.sections
            for question in section.questions.all()
        }

    def section(self, key: str) -> Section:
        """Return a section; Section.DoesNotExist for an unknown key."""
        for section in self.sections:
            if section.key == key:
                return section
        raise Section.DoesNotExist


def structure_of(version_id: int) -> Structure:
    """Return what a version asks: of one that is published without a query, after the first."""
    known = _known.get(version_id)
    if known is not None:
        return known
    version = TemplateVersion.objects.select_related("template").get(pk=version_id)
    found = Structure(version, tuple(version.sections.prefetch_related("questions")))
    if version.status != VersionStatus.DRAFT and len(_known) < MOST:
        _known[version_id] = found
    return found


def forget_structures() -> None:
    """Read all again: for who takes the database back to an earlier state, as tests do."""
    _known.clear()
