"""Writes on templates: the next version, its sections and questions, publishing.

A published version never changes. Editing makes the next one as a copy, and what is being
answered stays on its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.rows import still_there
from core.kit.writes import lock, require
from core.trail.services import record_event
from programme.calls.models import Call
from questionnaires.models import (
    CallQuestionnaire,
    Question,
    Section,
    Template,
    TemplateVersion,
)
from questionnaires.states import QuestionKind, VersionStatus
from questionnaires.values import options_of

CHOICES = {QuestionKind.CHOICE, QuestionKind.MULTI_CHOICE}


@dataclass(frozen=True)
class SectionData:
    """What a section says."""

    title: str
    number: str = ""
    group: str = ""
    help: str = ""
    required: bool = True
    shows: str = ""


@dataclass(frozen=True)
class QuestionData:
    """What a question asks and takes."""

    text: str
    help: str = ""
    kind: str = QuestionKind.LONG_TEXT
    required: bool = True
    limit: int | None = None
    options: list[dict[str, str]] = field(default_factory=list)
    condition_question: str = ""
    condition_value: str = ""


def require_editor(by: User | None) -> None:
    """Raise NotAllowedError unless the person edits questionnaires; None is the portal."""
    if by is not None:
        require(
            by,
            "questionnaires.edit_templates",
            otherwise=_("Only coordinators edit questionnaires. Ask one of them to change it."),
        )


def _lock_draft(version: TemplateVersion) -> TemplateVersion:
    """Lock a version; WrongStateError when it is published or somebody answers it."""
    locked = lock(version, "template")
    if locked.status != VersionStatus.DRAFT or locked.responses.exists():
        raise WrongStateError(
            _(
                "This version is published and no longer changes. Make the next version "
                "and edit that."
            )
        )
    return locked


@transaction.atomic
def create_draft_version(*, template: Template, by: User | None) -> TemplateVersion:
    """Make the next version of a template as a draft copy of the newest one.

    WrongStateError when there is a draft already.
    """
    require_editor(by)
    template = lock(template)
    newest = template.versions.order_by("-number").first()
    if newest is not None and newest.status == VersionStatus.DRAFT:
        raise WrongStateError(
            _("Version %(number)s is a draft already. Edit that one.") % {"number": newest.number}
        )
    draft = TemplateVersion.objects.create(
        template=template, number=newest.number + 1 if newest else 1
    )
    for section in newest.sections.prefetch_related("questions") if newest else ():
        questions = list(section.questions.all())
        section.pk = None
        section._state.adding = True  # noqa: SLF001 - Django's documented way to copy
        section.version = draft
        section.save()
        for question in questions:
            question.pk = None
            question.section = section
        Question.objects.bulk_create(questions)
    record_event(verb="questionnaire.version_made", target=draft, by=by)
    return draft


def _problems(version: TemplateVersion) -> list[str]:
    """Return what keeps a version from being published, each as a sentence."""
    problems: list[str] = []
    sections = list(version.sections.prefetch_related("questions"))
    if not sections:
        problems.append(_("It has no section yet."))
    earlier: dict[str, Question] = {}
    for section in sections:
        questions = list(section.questions.all())
        if not questions:
            problems.append(_("“%(section)s” has no question yet.") % {"section": section})
        for question in questions:
            problems += _question_problems(question, earlier)
            earlier[question.key] = question
    return problems


def _question_problems(question: Question, earlier: dict[str, Question]) -> list[str]:
    problems = []
    name = {"question": question.text}
    if question.key in earlier:
        problems.append(_("“%(question)s” has the key of another question.") % name)
    if question.kind in CHOICES and len(question.options) < 2:  # noqa: PLR2004
        problems.append(_("“%(question)s” needs at least two choices.") % name)
    if question.condition_question:
        parent = earlier.get(question.condition_question)
        if parent is None:
            problems.append(
                _("“%(question)s” hangs on a question that does not come before it.") % name
            )
        elif (offered := dict(options_of(parent))) and (question.condition_value not in offered):
            problems.append(_("“%(question)s” hangs on a choice that is not on offer.") % name)
    return problems


@transaction.atomic
def publish_version(*, version: TemplateVersion, by: User | None) -> TemplateVersion:
    """Publish a draft: from now on it can be answered and no longer changes.

    InvalidError with everything that keeps it from being answered.
    """
    require_editor(by)
    version = _lock_draft(version)
    problems = _problems(version)
    if problems:
        raise InvalidError(
            _("This version cannot be published yet. %(problems)s Put it right, then publish.")
            % {"problems": " ".join(problems)},
            code="incomplete",
        )
    version.status = VersionStatus.PUBLISHED
    version.published_at = days.now()
    version.save(update_fields=["status", "published_at"])
    record_event(verb="questionnaire.published", target=version, by=by)
    return version


@transaction.atomic
def attach_questionnaire(
    *, call: Call, purpose: str, version: TemplateVersion, by: User | None = None
) -> CallQuestionnaire:
    """Say which version a call uses for a purpose; what was started stays on its own.

    WrongStateError for a draft version, InvalidError for one of another purpose. Choosing
    the version that is chosen already changes nothing.
    """
    require_editor(by)
    call = lock(call)
    if version.status != VersionStatus.PUBLISHED:
        raise WrongStateError(
            _("This version is still a draft. Publish it, then choose it for the call."),
            field=purpose,
        )
    if version.template.purpose != purpose:
        raise InvalidError(
            _("This questionnaire is for something else. Choose one of the list."),
            field=purpose,
        )
    chosen = call.questionnaires.filter(purpose=purpose, version=version).first()
    if chosen is not None:
        return chosen
    attached, _made = CallQuestionnaire.objects.update_or_create(
        call=call, purpose=purpose, defaults={"version": version}
    )
    record_event(
        verb="questionnaire.attached",
        target=call,
        by=by,
        details={"purpose": str(purpose), "version": str(version)},
    )
    return attached


@transaction.atomic
def attach_questionnaires(
    *, call: Call, versions: Mapping[str, TemplateVersion | None], by: User | None
) -> None:
    """Say which versions a call uses, by purpose: all of them or none.

    None takes the questionnaire of a purpose out; what was started stays on it.
    """
    for purpose, version in versions.items():
        if version is None:
            _detach_questionnaire(call, purpose, by)
        else:
            attach_questionnaire(call=call, purpose=purpose, version=version, by=by)


def _detach_questionnaire(call: Call, purpose: str, by: User | None) -> None:
    require_editor(by)
    row = lock(call).questionnaires.filter(purpose=purpose).select_related("version").first()
    if row is None:
        return
    row.delete()
    record_event(
        verb="questionnaire.detached",
        target=call,
        by=by,
        details={"purpose": str(purpose), "version": str(row.version)},
    )


def _free_key(wanted: str, taken: set[str], fallback: str) -> str:
    """Return a short key that no other has, made of the words."""
    base = slugify(wanted)[:50].strip("-") or fallback
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def _next_order(siblings: Any) -> int:
    return (siblings.aggregate(last=Max("order"))["last"] or 0) + 1


@transaction.atomic
def save_section(
    *,
    version: TemplateVersion,
    section: Section | None,
    data: SectionData,
    by: User | None,
) -> Section:
    """Add a section at the end of a draft version, or change one; its key never changes."""
    require_editor(by)
    version = _lock_draft(version)
    if section is None:
        taken = set(version.sections.values_list("key", flat=True))
        section = Section(
            version=version,
            key=_free_key(data.title, taken, "section"),
            order=_next_order(version.sections),
        )
    else:
        section = still_there(version.sections.all(), section.pk)
    for name, value in vars(data).items():
        setattr(section, name, value)
    section.save()
    record_event(
        verb="questionnaire.edited",
        target=version,
        by=by,
        details={"section": str(section)},
    )
    return section


@transaction.atomic
def remove_section(*, section: Section, by: User | None) -> None:
    """Take a section and its questions out of a draft version."""
    require_editor(by)
    version = _lock_draft(section.version)
    section = still_there(version.sections.all(), section.pk)
    label = str(section)
    section.delete()
    record_event(verb="questionnaire.edited", target=version, by=by, details={"removed": label})


@transaction.atomic
def save_question(
    *, section: Section, question: Question | None, data: QuestionData, by: User | None
) -> Question:
    """Add a question at the end of a section of a draft version, or change one.

    The key of a question never changes, so that answers of two versions stay comparable.
    """
    require_editor(by)
    version = _lock_draft(section.version)
    section = still_there(version.sections.all(), section.pk)
    if question is None:
        taken = set(Question.objects.filter(section__version=version).values_list("key", flat=True))
        question = Question(
            section=section,
            key=_free_key(data.text, taken, "question"),
            order=_next_order(section.questions),
        )
    else:
        question = still_there(section.questions.all(), question.pk)
    for name, value in vars(data).items():
        setattr(question, name, value)
    question.save()
    record_event(
        verb="questionnaire.edited",
        target=version,
        by=by,
        details={"question": question.text},
    )
    return question


@transaction.atomic
def remove_question(*, question: Question, by: User | None) -> None:
    """Take a question out of a draft version; what hangs on it is named on publishing."""
    require_editor(by)
    version = _lock_draft(question.section.version)
    question = still_there(question.section.questions.all(), question.pk)
    label = question.text
    question.delete()
    record_event(verb="questionnaire.edited", target=version, by=by, details={"removed": label})


@transaction.atomic
def move_row(*, row: Section | Question, up: bool, by: User | None) -> None:
    """Move a section or question of a draft version one place up or down; ends stay."""
    require_editor(by)
    if isinstance(row, Section):
        version = _lock_draft(row.version)
        siblings: list[Any] = list(version.sections.all())
    else:
        version = _lock_draft(row.section.version)
        siblings = list(row.section.questions.all())
    still_there(type(row).objects.all(), row.pk)
    here = next(i for i, one in enumerate(siblings) if one.pk == row.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(siblings):
        return
    siblings[here], siblings[there] = siblings[there], siblings[here]
    for order, one in enumerate(siblings, start=1):
        if one.order != order:
            one.order = order
            one.save(update_fields=["order"])
    record_event(verb="questionnaire.edited", target=version, by=by, details={"moved": str(row)})
