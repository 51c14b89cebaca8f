"""The task list of a draft: its sections and what is still missing."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.eligibility import (
    ApplicantFacts,
    CallRules,
    MemberFacts,
    exceeds,
    names_words,
    once_words,
    refusal_words,
)
from applications.models import Application
from applications.parts import after_first
from applications.selectors.doubles import doubles_by_application
from applications.selectors.facts import (
    also_in,
    declared_facts,
    municipal_rules,
    municipalities_by_application,
    same_contact,
)
from applications.selectors.wishes import OnFile, Wishes, wishes_of
from applications.states import CommitmentVerdict
from core.files.states import Scan
from questionnaires.selectors import SectionView, answers_by_response, section_list
from questionnaires.states import SectionState

# The last task, which waits for all others: what is declared with the sending.
DECLARATIONS, LOCKED = "declarations", "locked"
# Sections of the programme's questionnaires on what an applicant brings, and whom it looks for.
# All others say what it works on.
BRINGING = frozenset({"commitment", "cooperation", "partner", "resources", "support"})

# How a section looks in components/segments.html; what is not named here looks "none".
MARKS = {
    str(SectionState.DONE): "done",
    str(SectionState.IN_PROGRESS): "progress",
    "attention": "waiting",
}


@dataclass(frozen=True)
class Task:
    """A section of the application form: where it is, how far it is and what it lacks."""

    key: str
    title: str
    state: str
    hint: str
    url_name: str
    group: str
    missing: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether nothing is missing."""
        return self.state == SectionState.DONE

    @property
    def is_lacking(self) -> bool:
        """Whether it has to be written before the application is sent; declaring is sending."""
        return not self.is_done and self.key != DECLARATIONS

    @property
    def mark(self) -> str:
        """Return how its segment looks: done, waiting (begun, lacks something), progress, none."""
        return MARKS.get(self.state, "none")


def _task(
    key: str,
    title: str,
    group: str,
    *,
    missing: list[str],
    started: bool,
    hint: str,
    page: str = "",
) -> Task:
    if not missing:
        state = str(SectionState.DONE)
    else:
        state = "attention" if started else str(SectionState.NOT_STARTED)
    return Task(
        key=key,
        title=title,
        state=state,
        hint=missing[0] if missing and started else hint,
        url_name=f"applications:{page or key}",
        group=group,
        missing=tuple(missing),
    )


def _applicant_gaps(facts: ApplicantFacts, rules: CallRules) -> list[str]:
    """Return what the applicant still has to put right, in sentences."""
    gaps: list[str] = []
    if facts.lead is None:
        gaps.append(_("No municipality leads. Choose which of them is the lead authority."))
    if facts.is_group and len(facts.members) < 2:  # noqa: PLR2004 - two make a group
        gaps.append(
            _("A group has at least two municipalities. Add the others, or apply as one city.")
        )
    if not facts.is_group and len(facts.members) > 1:
        gaps.append(
            _("One city was chosen, but several are named. Apply as a group, or remove them.")
        )
    if len({member.country for member in facts.members}) > 1:
        gaps.append(_("The municipalities of a group are of one country. Remove those of another."))
    gaps += _figure_gaps(facts, rules)
    if facts.is_group:
        gaps += [
            _("%(name)s has not committed yet. Invite it online, or upload its signed letter.")
            % {"name": member.name}
            for member in facts.members
            if not member.is_lead and not member.committed
        ]
    if facts.is_group:
        gaps += [
            refusal_words(member.name, member.refused_for)
            for member in facts.members
            if not member.is_lead and member.verdict == CommitmentVerdict.REFUSED
        ]
    if rules.takes_part_once and facts.also_in:
        gaps.append(once_words(facts.also_in))
    if _is_short(facts, rules) and not facts.exception_reason:
        gaps.append(_("Say why staff should make an exception to the number of inhabitants."))
    return gaps


def _figure_gaps(facts: ApplicantFacts, rules: CallRules) -> list[str]:
    """Return whose number of inhabitants is missing, where the call asks for one."""
    if not rules.asks_population:
        return []
    return [
        _("The number of inhabitants of %(name)s needs %(what)s.")
        % {"name": member.name, "what": names_words(_lacking(member))}
        for member in facts.members
        if not member.documented
    ]


def _lacking(member: MemberFacts) -> list[str]:
    """Return what a municipality's figure still lacks."""
    parts = (
        (member.population is None, _("a figure")),
        (not member.source, _("a source")),
        (not member.year, _("a year")),
    )
    return [words for is_lacking, words in parts if is_lacking]


def _is_short(facts: ApplicantFacts, rules: CallRules) -> bool:
    declared = all(member.documented for member in facts.members)
    return declared and not exceeds(rules, facts.total)


def _contact_gaps(application: Application, facts: ApplicantFacts) -> list[str]:
    gaps = []
    if not (application.contact_name and application.contact_email):
        gaps.append(_("Name an administrative contact with an e-mail address."))
    elif facts.contact_outside:
        gaps.append(
            _(
                "%(name)s is named as contact, but is not in your organisation's team. "
                "Name another contact, or invite them."
            )
            % {"name": facts.contact_outside}
        )
    if not (application.deputy_name and application.deputy_email):
        gaps.append(_("Name a second contact with an e-mail address, for when the first is away."))
    elif same_contact(application):
        gaps.append(_("Both contacts are the same person. Name another second contact."))
    if not application.signatory_name:
        gaps.append(_("Name who signs the Partnership Agreement."))
    return gaps


def question_task(view: SectionView, url_name: str = "applications:section") -> Task:
    """Return the task of a section of a questionnaire, written at an address of this name."""
    wrong = tuple(one.problem_words for one in view.wrong)
    missing = wrong + tuple(
        _("“%(question)s” has no answer yet.") % {"question": question.text}
        for question in view.missing
    )
    # A section of optional questions alone may stay empty.
    is_done = not missing and (view.answered or not view.section.required)
    state = "attention" if wrong else str(SectionState.DONE if is_done else view.state)
    hint = (
        ngettext("%(count)d question", "%(count)d questions", view.total) % {"count": view.total}
        if state == SectionState.NOT_STARTED
        else _("%(answered)d of %(total)d questions answered")
        % {"answered": view.answered, "total": view.total}
    )
    return Task(
        key=view.key,
        title=view.section.title,
        state=state,
        hint=missing[0] if missing and view.answered else hint,
        url_name=url_name,
        group=_("What you bring, whom you look for")
        if view.key in BRINGING
        else _("What you work on"),
        missing=missing,
    )


def _stakeholders_task(wishes: Wishes, group: str) -> Task:
    """Return the task of the partnership; a letter of each makes it stronger, and is no must."""
    missing = []
    if not wishes.stakeholders:
        missing.append(_("Name at least one organisation that works on this with you."))
    return _task(
        "stakeholders_list",
        _("Stakeholder partnership"),
        group,
        missing=missing,
        started=bool(wishes.stakeholders),
        hint=", ".join(wishes.stakeholders)
        or _("Who works on it with you, and who backs you: a university, a region"),
        # The questions of a call may have a section "stakeholders".
        page="stakeholders",
    )


def _preferences_task(wishes: Wishes, group: str) -> Task:
    """Return the task of the wishes. What a call stops to offer while cities write reopens it."""
    missing = [
        _("The call no longer offers “%(name)s”. Open this page, choose anew and save.")
        % {"name": wish.name}
        for wish in (*wishes.themes, *wishes.countries)
        if not wish.is_offered
    ]
    if wishes.has_themes and not any(theme.is_offered for theme in wishes.themes):
        missing.append(_("Choose at least one theme."))
    return _task(
        "preferences",
        _("Themes and partner preferences"),
        group,
        missing=missing,
        started=bool(wishes.themes or wishes.countries),
        hint=", ".join(theme.name for theme in wishes.themes)
        or _("Themes of this call, countries you wish for"),
    )


def _profile_task(wishes: Wishes, group: str) -> Task:
    """Return the task of the profile: one topic is enough, more find better partners."""
    topics = [topic for chosen in wishes.topics.values() for topic in chosen]
    missing = [
        _("The call no longer offers “%(name)s”. Open this page and take it out.")
        % {"name": wish.name}
        for wish in (*topics, *wishes.named)
        if not wish.is_offered
    ]
    if not any(topic.is_offered for topic in topics):
        missing.append(_("Name at least one topic that you want to learn about or can share."))
    return _task(
        "profile",
        _("What you look for in a partner"),
        group,
        missing=missing,
        started=bool(topics or wishes.named),
        hint=", ".join(topic.name for topic in topics)
        or _("What you want to learn and can share, partners you wish for"),
    )


def _documents_task(documents: list[OnFile], group: str) -> Task:
    """Return the task of the documents; what waits for the scanner holds nobody up."""
    missing = []
    for one in documents:
        if not one.is_asked:
            words = _("The call no longer asks for “%(name)s”. Open this page and remove it.")
        elif one.scan == Scan.REFUSED:
            words = _("A virus was found in “%(name)s”. Put a clean file in its place.")
        elif one.is_required and one.scan is None:
            words = _("“%(name)s” is not on file yet.")
        else:
            continue
        missing.append(words % {"name": one.title})
    on_file = [one.scan for one in documents if one.scan is not None]
    # What may stay away is counted once it is there.
    counted = sum(one.is_required or one.scan is not None for one in documents)
    counts = {"count": len(on_file), "all": counted}
    if Scan.WAITING in on_file:
        hint = _("%(count)d of %(all)d on file, waiting for the check for viruses") % counts
    elif on_file and all(scan == Scan.CLEAN for scan in on_file):
        hint = _("%(count)d of %(all)d on file, checked for viruses") % counts
    else:
        hint = _("%(count)d of %(all)d on file") % counts
    if more := len(documents) - counted:
        hint += ngettext(
            ", %(count)d more if you have it", ", %(count)d more if you have them", more
        ) % {"count": more}
    return _task(
        "documents",
        _("Documents"),
        group,
        missing=missing,
        started=bool(on_file),
        hint=hint,
    )


def tasks_of(application: Application, facts: ApplicantFacts, rules: CallRules) -> list[Task]:
    """Return the sections of the form in order, each with its state and what it lacks."""
    sections = section_list(application.response) if application.response else []
    return _tasks(application, facts, rules, sections, wishes_of([application])[application.pk])


def tasks_by_draft(drafts: Collection[Application]) -> dict[int, list[Task]]:
    """Return what `tasks_of` does for several drafts at once, by id.

    Three queries for all of them: municipalities, answers, wishes; three more where a
    municipality takes part once.
    """
    members = municipalities_by_application(drafts)
    wishes = wishes_of(drafts)
    answers = answers_by_response([draft.response for draft in drafts if draft.response])
    bound = [draft for draft in drafts if draft.call.takes_part_once]
    doubles = doubles_by_application(bound, members) if bound else {}
    found = {}
    for draft in drafts:
        response, wished = draft.response, wishes[draft.pk]
        facts = declared_facts(draft, members[draft.pk], wished.contact_outside)
        if draft.pk in doubles:
            facts = replace(facts, also_in=also_in(draft, doubles[draft.pk]))
        sections = section_list(response, answers[response.pk]) if response else []
        found[draft.pk] = _tasks(
            draft, facts, municipal_rules(draft.call, draft.organisation.side), sections, wished
        )
    return found


def _tasks(
    application: Application,
    facts: ApplicantFacts,
    rules: CallRules,
    sections: list[SectionView],
    wishes: Wishes,
) -> list[Task]:
    who, work, bring, last = (
        _("Who applies"),
        _("What you work on"),
        _("What you bring, whom you look for"),
        _("Last steps"),
    )
    names = ", ".join(member.name for member in facts.members)
    tasks = [
        _task(
            "applicant",
            _("Applicant") if facts.is_region else _("Applicant and municipalities"),
            who,
            missing=_applicant_gaps(facts, rules),
            started=not rules.asks_population or any(m.population for m in facts.members),
            hint=names,
        ),
        _task(
            "contacts",
            _("Contacts and signatory"),
            who,
            missing=_contact_gaps(application, facts),
            started=bool(application.contact_name or application.signatory_name),
            hint=_("2 contacts and %(name)s") % {"name": application.signatory_name}
            if application.signatory_name
            else _("Who answers, who signs"),
        ),
        *after_first(list(map(question_task, sections)), _stakeholders_task(wishes, work)),
        _preferences_task(wishes, bring),
        _profile_task(wishes, bring),
    ]
    if wishes.documents:
        tasks.append(_documents_task(wishes.documents, last))
    tasks.sort(key=lambda task: (who, work, bring, last).index(task.group))
    return [*tasks, _declarations_task(tasks, last)]


def _declarations_task(others: list[Task], group: str) -> Task:
    """Return the last task: it opens the page of the answers once nothing else is lacking."""
    is_open = not any(task.is_lacking for task in others)
    return Task(
        key=DECLARATIONS,
        title=_("Declarations"),
        state=str(SectionState.NOT_STARTED) if is_open else LOCKED,
        hint=_("Declare what you send on the page with all your answers.")
        if is_open
        else _("Opens when sections 1 to %(number)d are complete.") % {"number": len(others)},
        url_name="applications:check",
        group=group,
    )
