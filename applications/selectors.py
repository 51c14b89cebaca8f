"""Reads on applications: facts for the eligibility rules, lists, what is still missing."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.states import StaffRole
from accounts.text import fold
from applications.eligibility import (
    ApplicantFacts,
    CallRules,
    CriterionResult,
    JudgedCriterion,
    MemberFacts,
    RulingFacts,
    evaluate,
    exceeds,
    judge,
)
from applications.models import Application, Municipality
from applications.states import ApplicationStatus, Outcome
from programme.models import Call, Membership, Organisation
from programme.states import CallStatus, MembershipRole, OrganisationKind, Side
from questionnaires.selectors import SectionView, section_list
from questionnaires.states import SectionState

S = ApplicationStatus

# While in one of these, rulings and the eligibility decision are still being made.
UNDER_CHECK = (S.SUBMITTED, S.INELIGIBLE)


def call_rules(call: Call) -> CallRules:
    """Return the rules of a call for the eligibility module."""
    elsewhere = (
        Call.objects.open_at(timezone.now())
        .filter(applicant_kinds__icontains=OrganisationKind.REGION.value)
        .exclude(pk=call.pk)
        .values_list("title", flat=True)
        .first()
    )
    return CallRules(
        applicant_kinds=frozenset(call.applicant_kinds),
        countries=frozenset(country.code for country in call.eligible_countries.all()),
        min_population=call.min_population,
        strict=call.min_population_strict,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        elsewhere=elsewhere or "",
    )


def _member(municipality: Municipality) -> MemberFacts:
    commitment = getattr(municipality, "commitment", None)
    return MemberFacts(
        name=municipality.name,
        country=municipality.country_id,
        country_name=municipality.country.name,
        is_lead=municipality.is_lead,
        population=municipality.population,
        year=municipality.population_year,
        source=municipality.population_source,
        committed=commitment is not None,
        office_named=bool(commitment and commitment.signed_by_office),
    )


def municipalities_of(application: Application) -> list[Municipality]:
    """Return the municipalities, the lead first, with commitment, city and country."""
    return list(
        application.municipalities.select_related("commitment", "city", "country")
    )


def _contact_outside(application: Application) -> str:
    """Name the contact when it has an account but no place in the organisation's team."""
    if not application.contact_email:
        return ""
    person = User.objects.filter(email=application.contact_email.lower()).first()
    if person is None or person.is_staff_member:
        return ""
    inside = Membership.objects.filter(
        user=person, organisation=application.organisation_id
    ).exists()
    return "" if inside else str(person)


def _also_in(
    application: Application, members: list[Municipality]
) -> tuple[tuple[str, str], ...]:
    same = Q(pk=None)
    for member in members:
        same |= Q(search_name=member.search_name, country=member.country_id)
    rows = (
        Municipality.objects.filter(same, application__call=application.call_id)
        .exclude(application=application.pk)
        .exclude(application__status__in=[S.DRAFT, S.WITHDRAWN])
        .order_by("application__reference")
        .values_list("name", "application__reference")
    )
    return tuple((name, str(reference)) for name, reference in rows)


def facts_of(
    application: Application, members: list[Municipality] | None = None
) -> ApplicantFacts:
    """Return what the eligibility rules need to know of an application, as it is now."""
    members = municipalities_of(application) if members is None else members
    organisation = application.organisation
    return ApplicantFacts(
        organisation_kind=organisation.kind,
        kind=application.kind,
        members=tuple(_member(member) for member in members),
        contact_name=application.contact_name,
        contact_email=application.contact_email,
        contact_outside=_contact_outside(application),
        # Drafts of others are nobody's business: only what was sent is compared.
        also_in=() if application.is_draft else _also_in(application, members),
        now=timezone.now(),
        sent_at=application.submitted_at,
        live_pairings=organisation.slots.filter(held_by__isnull=False).count(),
        capacity=organisation.capacity,
        exception_reason=application.exception_reason,
    )


def rulings_of(application: Application) -> dict[str, list[RulingFacts]]:
    """Return the rulings of staff by criterion, newest first."""
    found: dict[str, list[RulingFacts]] = {}
    for row in application.rulings.select_related("by"):
        facts = RulingFacts(row.ruling, row.reason, row.released, str(row.by), row.at)
        found.setdefault(row.criterion, []).append(facts)
    return found


def eligibility_of(
    application: Application, members: list[Municipality] | None = None
) -> list[JudgedCriterion]:
    """Return the criteria with the rulings on them.

    While the check runs they are computed from the facts of now; once it is decided they
    are what stood then, so that a later pairing or a changed call alters no decision.
    """
    rulings = rulings_of(application)
    record = application.eligibility_record
    if record and application.status not in UNDER_CHECK:
        results = [
            CriterionResult(**{**row, "outcome": Outcome(row["outcome"])})
            for row in record["results"]
        ]
    else:
        results = evaluate(
            call_rules(application.call), facts_of(application, members)
        )
    return judge(results, rulings)


def released_reasons(application: Application) -> list[tuple[str, RulingFacts]]:
    """Return the rulings whose reason the city may read, with the criterion's title."""
    return [
        (criterion.result.title, criterion.ruling)
        for criterion in eligibility_of(application)
        if criterion.ruling and criterion.ruling.released
    ]


# The task list of a draft ------------------------------------------------------------


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


def _task(
    key: str,
    title: str,
    group: str,
    *,
    missing: list[str],
    started: bool,
    hint: str,
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
        url_name=f"applications:{key}",
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
        gaps.append(
            _("The municipalities of a group are of one country. Remove those of another.")
        )
    gaps += [
        _("The number of inhabitants of %(name)s needs a figure, a source and a year.")
        % {"name": member.name}
        for member in facts.members
        if not member.documented
    ]
    if facts.is_group:
        gaps += [
            _("%(name)s has not committed yet. Upload its signed letter.")
            % {"name": member.name}
            for member in facts.members
            if not member.is_lead and not member.committed
        ]
    declared = all(member.documented for member in facts.members)
    if declared and not exceeds(rules, facts.total) and not facts.exception_reason:
        gaps.append(_("Say why staff should make an exception to the number of inhabitants."))
    return gaps


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
    if not application.signatory_name:
        gaps.append(_("Name who signs the Partnership Agreement."))
    return gaps


def _question_task(view: SectionView) -> Task:
    missing = tuple(
        _("“%(question)s” has no answer yet.") % {"question": question.text}
        for question in view.missing
    )
    # A section of optional questions alone may stay empty.
    state = SectionState.DONE if not missing and not view.section.required else view.state
    if state == SectionState.DONE or not view.missing:
        missing = ()
        state = SectionState.DONE if view.answered else state
    hint = (
        ngettext("%(count)d question", "%(count)d questions", view.total)
        % {"count": view.total}
        if state == SectionState.NOT_STARTED
        else _("%(answered)d of %(total)d questions answered")
        % {"answered": view.answered, "total": view.total}
    )
    return Task(
        key=view.key,
        title=view.section.title,
        state=str(state),
        hint=missing[0] if missing and view.answered else hint,
        url_name="applications:section",
        group=_("What you work on"),
        missing=missing,
    )


def tasks_of(
    application: Application, facts: ApplicantFacts, rules: CallRules
) -> list[Task]:
    """Return the sections of the form in order, each with its state and what it lacks."""
    who, whom = _("Who applies"), _("Whom you look for")
    names = ", ".join(member.name for member in facts.members)
    tasks = [
        _task(
            "applicant",
            _("Applicant and municipalities"),
            who,
            missing=_applicant_gaps(facts, rules),
            started=any(member.population for member in facts.members),
            hint=names,
        ),
        _task(
            "contacts",
            _("Contacts and signatory"),
            who,
            missing=_contact_gaps(application, facts),
            started=bool(application.contact_name or application.signatory_name),
            hint=application.contact_name or _("Who answers, who signs"),
        ),
    ]
    if application.response:
        tasks += [_question_task(view) for view in section_list(application.response)]
    themes = [theme.name for theme in application.themes.all()]
    offered = application.call.themes.exists()
    tasks.append(
        _task(
            "preferences",
            _("Themes and partner preferences"),
            whom,
            missing=[_("Choose at least one theme.")] if offered and not themes else [],
            started=application.version > 1 and application.partner_countries.exists(),
            hint=", ".join(themes) or _("Themes of this call, countries you wish for"),
        )
    )
    return tasks


# Lists -------------------------------------------------------------------------------


def applications_of(user: User) -> "QuerySet[Application]":
    """Return the applications of the person's organisations, drafts first."""
    return (
        Application.objects.filter(organisation__memberships__user=user)
        .select_related("call", "organisation")
        .order_by(F("submitted_at").desc(nulls_first=True), "-id")
    )


def organisations_that_may_apply(user: User) -> "QuerySet[Organisation]":
    """Return the European organisations the person writes for."""
    return (
        Organisation.objects.filter(
            memberships__user=user,
            memberships__role__in=[MembershipRole.LEAD, MembershipRole.EDITOR],
            side=Side.EU,
        )
        .select_related("country")
        .order_by("name")
    )


def visible_call(slug: str) -> Call:
    """Return a published call; Call.DoesNotExist for a draft."""
    return Call.objects.select_related("strand").get(
        slug=slug, status=CallStatus.PUBLISHED
    )


SORTS = {
    "city": ("organisation__search_name", "id"),
    "-city": ("-organisation__search_name", "-id"),
    "inhabitants": (F("total_population").asc(nulls_last=True), "id"),
    "-inhabitants": (F("total_population").desc(nulls_last=True), "-id"),
    "status": ("status", "-submitted_at", "-id"),
    "-status": ("-status", "-submitted_at", "-id"),
    "sent": ("submitted_at", "id"),
    "-sent": ("-submitted_at", "-id"),
}


# The value of the list's view with what waits for the person.
TO_CHECK = "check"


def sent_applications(user: User) -> "QuerySet[Application]":
    """Return what staff see: all that was sent and is visible to the person."""
    return (
        Application.objects.visible_to(user)
        .exclude(status=S.DRAFT)
        .exclude(submitted_at=None)
    )


def search(
    queryset: "QuerySet[Application]", words: str
) -> "QuerySet[Application]":
    """Keep what names every word: city, reference or person; accents do not matter."""
    for word in fold(words).split():
        queryset = queryset.filter(
            Q(search_text__contains=word)
            | Q(organisation__search_name__contains=word)
            | Q(reference__icontains=word)
        )
    return queryset


def to_check(
    queryset: "QuerySet[Application]", user: User
) -> "QuerySet[Application]":
    """Keep what waits for the person: the check for staff, the reading for an assessor."""
    if user.has_perm("applications.check_application"):
        return queryset.filter(status=S.SUBMITTED)
    return queryset.filter(status=S.ELIGIBLE, assignments__assessor=user)


def with_list_columns(
    queryset: "QuerySet[Application]", sort: str = "-sent"
) -> "QuerySet[Application]":
    """Add what a row of the staff list shows, sorted; a fixed number of queries a page."""
    # Sums and counts lie in subqueries' stead on a distinct set of keys, so that the
    # joins of visible_to cannot count anything twice.
    rows = Application.objects.filter(pk__in=queryset.values("pk"))
    if sort.endswith("inhabitants"):
        rows = rows.annotate(total_population=Sum("municipalities__population"))
    return (
        rows.select_related("organisation__country", "call")
        .prefetch_related(
            "themes", "partner_countries", "municipalities", "assignments__assessor"
        )
        .defer("snapshot", "eligibility_record", "search_text", "exception_reason")
        .order_by(*SORTS.get(sort, SORTS["-sent"]))
    )


def counts_by_status(queryset: "QuerySet[Application]") -> dict[str, int]:
    """Return how many applications there are per status."""
    rows = (
        queryset.order_by()
        .values("status")
        .annotate(number=Count("pk", distinct=True))
        .values_list("status", "number")
    )
    return dict(rows)


def narrowed(
    queryset: "QuerySet[Application]", user: User, chosen: dict[str, Any]
) -> "QuerySet[Application]":
    """Keep what the filters of the staff list say: q, call, status, country, view."""
    if words := chosen.get("q"):
        queryset = search(queryset, words)
    if call := chosen.get("call"):
        queryset = queryset.filter(call=call)
    if status := chosen.get("status"):
        queryset = queryset.filter(status=status)
    if country := chosen.get("country"):
        queryset = queryset.filter(organisation__country=country)
    if chosen.get("view") == TO_CHECK:
        queryset = to_check(queryset, user)
    return queryset


def assessors_for(application: Application) -> "QuerySet[User]":
    """Return who may be named as assessor: assessors not yet assigned."""
    return (
        User.objects.filter(staff_role=StaffRole.ASSESSOR, is_active=True)
        .exclude(assignments__application=application)
        .order_by("full_name")
    )


def recipients_of(application: Application) -> list[tuple[str, str]]:
    """Return (address, language) of who is written to: the contact and the sender."""
    sender = application.submitted_by
    found: dict[str, str] = {}
    if sender and sender.is_active:
        found[sender.email] = sender.language
    contact = application.contact_email.lower()
    if contact and contact not in found:
        person = User.objects.filter(email=contact).first()
        default = sender.language if sender else "en-gb"
        found[contact] = person.language if person else default
    return list(found.items())
