"""Forms made of questions, and forms that edit them."""

from questionnaires.forms.conflict import ConflictForm, sent_conflicts
from questionnaires.forms.section import SectionForm, build_form

__all__ = ["ConflictForm", "SectionForm", "build_form", "sent_conflicts"]
