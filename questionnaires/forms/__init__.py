"""Forms made of questions, and forms that edit them."""

from questionnaires.forms.call import CallQuestionnairesForm
from questionnaires.forms.conflict import ConflictForm, sent_conflicts
from questionnaires.forms.editing import QuestionEditForm, SectionEditForm
from questionnaires.forms.section import SectionForm, build_form

__all__ = [
    "CallQuestionnairesForm",
    "ConflictForm",
    "QuestionEditForm",
    "SectionEditForm",
    "SectionForm",
    "build_form",
    "sent_conflicts",
]
