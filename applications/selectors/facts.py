"""Facts and rulings for the eligibility rules."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from accounts.models import User
from applications.eligibility import (
    ApplicantFacts,
    CallRules,
    CriterionResult,
    JudgedCriterion,
    MemberFacts,
    RulingFacts,
    evaluate,
    judge,
)
from applications.models import Application, Municipality, Submission
from applications.selectors.doubles import doubles_of
from applications.selectors.records import submission_of
from applications.states import ApplicationStatus, CommitmentVerdict, DecisionStage, Outcome
from core.kit import days
from core.kit.rows import number_of
from core.kit.text import fold
from programme.calls.models import Call
from programme.calls.selectors import closing_of
from programme.calls.states import CallPhase
from programme.organisations.models import Membership, Organisation
from programme.organisations.states import OrganisationKind
from programme.states import Side

S = ApplicationStatus
REGION = OrganisationKind.REGION.value

# How references are made: "C2C-2026-0003".
_REFERENCE = re.compile(r"\w+(?:-\w+)*-\d+")

# While in one of these, rulings and the eligibility decision are still being made.
UNDER_CHECK = (S.SUBMITTED, S.INELIGIBLE)


def call_rules(
    call: Call,
    side: str = Side.EU,
    applicant_kind: str = REGION,
    *,
    closes_at: datetime | None = None,
) -> CallRules:
    """Return the rules of a call for applicants of a side as they are now.

    Partner cities come from the call's partner countries; their size does not matter.
    `closes_at` is the closing time of the applicant, where it is not the call's own. Who is
    known to be no region is sent to no call for regions: none is looked for.
    """
    return CallRules(
        applicant_kinds=frozenset(call.applicant_kinds),
        countries=frozenset(country.code for country in call.countries_of(side)),
        min_population=minimum_of(call, side),
        strict=call.min_population_strict,
        takes_part_once=call.takes_part_once,
        opens_at=call.opens_at,
        closes_at=closes_at or call.closes_at,
        elsewhere=_open_for_regions(call, applicant_kind),
        side=str(side),
        takes_side=call.takes(side),
    )


def minimum_of(call: Call, side: str) -> int | None:
    """Return how many inhabitants the call asks of a side; None for any number."""
    return None if side == Side.PARTNER else call.min_population


def municipal_rules(call: Call, side: str = Side.EU) -> CallRules:
    """Return of the rules of a call what is asked of the municipalities; no query."""
    return CallRules(
        min_population=minimum_of(call, side),
        strict=call.min_population_strict,
        side=str(side),
        takes_part_once=call.takes_part_once,
    )


def _open_for_regions(call: Call, applicant_kind: str) -> str:
    """Name another call that is open for regions now; "" when there is none, or no region asks."""
    if applicant_kind != REGION:
        return ""
    return (
        Call.objects.open_at(days.now())
        .filter(applicant_kinds__icontains=REGION)
        .exclude(pk=call.pk)
        .values_list("title", flat=True)
        .first()
        or ""
    )


def rules_of(application: Application, submission: Submission | None = None) -> CallRules:
    """Return the rules an application is judged by: those of the moment it was sent.

    A draft is judged by the call as it is now. A page that knows the submission hands it in.
    """
    side, kind = application.organisation.side, application.organisation.kind
    if not application.is_draft:
        submission = submission or submission_of(application)
    if application.is_draft or submission is None:
        # What is its own is asked for only where the common time has passed.
        is_over = application.call.phase() == CallPhase.CLOSED
        closes_at = closing_of(application.call, application.organisation) if is_over else None
        return call_rules(application.call, side, kind, closes_at=closes_at)
    elsewhere = _open_for_regions(application.call, kind)
    return CallRules.from_json(submission.rules, elsewhere=elsewhere)


def _member(municipality: Municipality) -> MemberFacts:
    commitment = getattr(municipality, "commitment", None)
    invitation = getattr(municipality, "invitation", None)
    return MemberFacts(
        name=municipality.name,
        country=municipality.country_id,
        country_name=municipality.country.name,
        is_lead=municipality.is_lead,
        population=municipality.population,
        year=municipality.population_year,
        source=municipality.population_source,
        committed=commitment is not None,
        asked=invitation is not None and invitation.is_open,
        office_named=bool(commitment and commitment.signed_by_office),
        verdict=commitment.verdict if commitment else CommitmentVerdict.WAITING,
        refused_for=commitment.verdict_reason if commitment else "",
    )


def municipalities_of(application: Application) -> list[Municipality]:
    """Return the municipalities, the lead first, with commitment, city and country."""
    return list(_with_all(application.municipalities.all()))


def municipalities_by_application(
    applications: Collection[Application],
) -> dict[int, list[Municipality]]:
    """Return what `municipalities_of` does for several at once, by id; one query."""
    found: dict[int, list[Municipality]] = {one.pk: [] for one in applications}
    for municipality in _with_all(Municipality.objects.filter(application__in=found)):
        found[municipality.application_id].append(municipality)
    return found


def _with_all(municipalities: "QuerySet[Municipality]") -> "QuerySet[Municipality]":
    return municipalities.select_related("commitment__file", "invitation", "city", "country")


def people_outside(emails: Iterable[Any], organisation: Any) -> "QuerySet[User]":
    """Return who has an account at one of these addresses, but no place in the team.

    All may be expressions on the row of an outer query.
    """
    team = Membership.objects.filter(user=OuterRef("pk"), organisation=organisation)
    return User.objects.filter(~Exists(team), email__in=emails, staff_role="")


def shown_names(people: "QuerySet[User]") -> "QuerySet[User, str]":
    """Return the names of people as str() gives them, for a part of a larger query."""
    name = Coalesce(NullIf("full_name", Value("")), "email", output_field=CharField())
    return people.order_by().values_list(name, flat=True)


def _of_organisation(application: Application) -> tuple[str, int]:
    """Return a contact that is not in the organisation's team, and the live pairings.

    The contact by name, "" for nobody; one query for both.
    """
    organisation = application.organisation
    emails = (application.contact_email.lower(), application.deputy_email.lower())
    outside = people_outside([email for email in emails if email], organisation.pk)
    held = organisation.slots.filter(held_by__isnull=False)
    name, live = (
        Organisation.objects.filter(pk=organisation.pk)
        .values_list(Subquery(shown_names(outside)[:1]), number_of(held))
        .get()
    )
    return name or "", live


def same_contact(application: Application) -> str:
    """Return the field in which the second contact is the first once more; "" when it is not."""
    if application.deputy_email and (
        application.deputy_email.lower() == application.contact_email.lower()
    ):
        return "deputy_email"
    if application.deputy_name and fold(application.deputy_name) == fold(application.contact_name):
        return "deputy_name"
    return ""


def also_in(
    application: Application, doubles: Iterable[tuple[Municipality, Municipality]]
) -> tuple[tuple[str, str], ...]:
    """Return what is named twice, with where: a city reads whose it is, staff the reference."""
    return tuple(
        dict.fromkeys(
            (
                member.name,
                _("the application of %(name)s") % {"name": row.application.organisation.name},
            )
            if application.is_draft
            else (member.name, str(row.application.reference))
            for member, row in doubles
        )
    )


def declared_facts(
    application: Application, members: Iterable[Municipality], contact_outside: str
) -> ApplicantFacts:
    """Return what the application itself says, as it is now; no query."""
    organisation = application.organisation
    return ApplicantFacts(
        organisation_kind=organisation.kind,
        kind=application.kind,
        members=tuple(_member(member) for member in members),
        contact_name=application.contact_name,
        contact_email=application.contact_email,
        contact_outside=contact_outside,
        now=days.now(),
        sent_at=application.submitted_at,
        capacity=organisation.capacity,
        exception_reason=application.exception_reason,
    )


def facts_of(application: Application, members: list[Municipality] | None = None) -> ApplicantFacts:
    """Return what the eligibility rules need to know of an application, as it is now."""
    members = municipalities_of(application) if members is None else members
    contact_outside, live_pairings = _of_organisation(application)
    return replace(
        declared_facts(application, members, contact_outside),
        also_in=also_in(application, doubles_of(application, members)),
        live_pairings=live_pairings,
    )


def rulings_of(application: Application) -> dict[str, list[RulingFacts]]:
    """Return the rulings of staff on what stands, by criterion, newest first.

    What they ruled on a version that was replaced stays in the trail: it was about other facts.
    """
    found: dict[str, list[RulingFacts]] = {}
    rows = application.rulings.select_related("by")
    if application.submitted_at:
        rows = rows.filter(at__gte=application.submitted_at)
    for row in rows:
        facts = RulingFacts(
            row.ruling,
            row.reason,
            row.released,
            str(row.by or _("A former member of staff")),
            row.at,
        )
        found.setdefault(row.criterion, []).append(facts)
    return found


def eligibility_of(
    application: Application, facts: ApplicantFacts | None = None, rules: CallRules | None = None
) -> list[JudgedCriterion]:
    """Return the criteria with the rulings on them.

    While the check runs they are computed from the facts of now and the rules of the moment it
    was sent (a page that knows them hands them in); once it is decided they are what stood
    then, so that a later pairing alters no decision.
    """
    record = None
    if application.status not in UNDER_CHECK:
        decided = application.decisions.filter(stage=DecisionStage.ELIGIBILITY).first()
        record = decided and decided.record
    if record:
        results = results_of(record)
    else:
        results = evaluate(rules or rules_of(application), facts or facts_of(application))
    return judge(results, rulings_of(application))


def shown_to(reader: User, criteria: list[JudgedCriterion]) -> list[JudgedCriterion]:
    """Return the criteria in words for the reader: what is kept from them is not named.

    That a municipality is named twice stays a fact of the application that they judge.
    """
    named = set(_REFERENCE.findall(" ".join(item.result.sentence for item in criteria)))
    linked = Application.objects.linked_to(reader).filter(reference__in=named)
    kept = [str(row.reference) for row in linked.only("reference")] if named else []
    return [_without(kept, item) for item in criteria] if kept else criteria


def _without(kept: list[str], item: JudgedCriterion) -> JudgedCriterion:
    sentence = item.result.sentence
    for reference in kept:
        sentence = sentence.replace(reference, _("an application that is kept from you"))
    return replace(item, result=replace(item.result, sentence=sentence))


def results_of(record: dict[str, Any]) -> list[CriterionResult]:
    """Return the results that the record of an eligibility decision keeps."""
    return [
        CriterionResult(**{**row, "outcome": Outcome(row["outcome"])}) for row in record["results"]
    ]


def released_reasons(application: Application) -> list[tuple[str, RulingFacts]]:
    """Return the rulings whose reason the city may read, with the criterion's title.

    Only those on which the eligibility decision that stands was made: what was ruled before one,
    or since, is not settled, and another person may have to confirm it.
    """
    if application.status in (S.DRAFT, S.SUBMITTED, S.WITHDRAWN):
        return []
    decided = application.decisions.filter(stage=DecisionStage.ELIGIBILITY).first()
    if decided is None or not decided.record:
        return []
    rulings = {
        key: [row for row in rows if row.at <= decided.at]
        for key, rows in rulings_of(application).items()
    }
    return [
        (criterion.result.title, criterion.ruling)
        for criterion in judge(results_of(decided.record), rulings)
        if criterion.ruling and criterion.ruling.released
    ]
