"""Forms made of questions, and forms that edit them."""

from questionnaires.forms.conflict import ConflictForm, sent_conflicts
from questionnaires.forms.editing import QuestionEditForm, SectionEditForm
from questionnaires.forms.section import SectionForm, build_form

__all__ = [
    "ConflictForm",
    "QuestionEditForm",
    "SectionEditForm",
    "SectionForm",
    "build_form",
    "sent_conflicts",
]
