"""Answers to a questionnaire that somebody owns: written under the owner's lock, told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model

from accounts.models import User
from core.trail.services import record_event, sitting_on_record
from questionnaires.models import Response
from questionnaires.services import Saved, require_open, write_answers
from questionnaires.structure import structure_of

Answers = Sequence[tuple[str, Any, int]]


@dataclass(frozen=True)
class Sitting:
    """A save of these sections, which the trail tells of once a sitting with this verb."""

    verb: str
    sections: Sequence[str]

    def on_record(self, model: type[Model], by: User) -> dict[str, Exists]:
        """Return what the query of the owner's lock asks for: is each on record already."""
        return {
            f"is_on_record_{place}": sitting_on_record(
                model, verb=self.verb, by=by, section=section
            )
            for place, section in enumerate(self.sections)
        }

    def write(self, owner: Model, response: Response, answers: Answers, by: User) -> Saved:
        """Save answers under the lock of their owner, which was read with `on_record`.

        Raises WrongStateError once they were handed in.
        """
        require_open(response)
        saved = write_answers(response=response, answers=answers, by=by)
        written = {answer.question.section.key for answer in saved.written}
        for place, section in enumerate(self.sections):
            if section in written and not getattr(owner, f"is_on_record_{place}"):
                record_event(verb=self.verb, target=owner, by=by, details={"section": section})
        return saved


def sections_asked(response: Response | None, answers: Answers) -> list[str]:
    """Return the keys of the sections that these answers belong to."""
    if response is None:
        return []
    asked = structure_of(response.version_id).questions
    return sorted({asked[key].section.key for key, *_read in answers if key in asked})
