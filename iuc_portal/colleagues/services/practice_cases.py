"""The made-up cases of a practice: written within a transaction that never holds."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import StaffRole
from applications.assessment.models import Assessment, AssessmentPlan, Score
from applications.assessment.states import AssessmentStatus
from applications.models import (
    Application,
    Assignment,
    Clarification,
    Commitment,
    Declaration,
    Municipality,
    Submission,
)
from applications.selectors import call_rules, searched_text
from applications.snapshots import snapshot_of
from applications.states import ApplicantKind, ApplicationStatus, ClarificationAnswer
from core.kit import days
from core.kit.errors import WrongStateError
from core.kit.fingerprints import fingerprint
from core.kit.text import fold
from core.threads.models import Thread
from iuc_portal.colleagues.practice_hints import CASES, Case
from programme.calls.models import AssessmentCriterion, Call
from programme.calls.states import CallStatus
from programme.models import City, Country, Strand
from programme.organisations.models import Organisation
from programme.organisations.states import OrganisationKind
from programme.states import Side

Root = tuple[str, Any]
# No real address can end so.
NOWHERE = "practice.invalid"
CODE = "PRACTICE"


def _now() -> dt.datetime:
    """Return the time as it is kept with the rows, which forget what is below a second."""
    return days.now().replace(microsecond=0)


def slug_of(user: User) -> str:
    """Return the slug of the made-up call of a colleague."""
    return f"practice-{user.pk}"


def make_cases(user: User) -> list[Root]:
    """Write the call of a practice with its cases; return what they hang on.

    Raises WrongStateError where the programme has no strand or country of Europe yet.
    """
    strand = Strand.objects.first()
    country = Country.objects.filter(side=Side.EU).order_by("search_name").first()
    if strand is None or country is None:
        raise WrongStateError(_("Load the programme first: there is no country yet."))
    now = _now()
    call = Call.objects.create(
        slug=slug_of(user),
        code=CODE,
        strand=strand,
        title=_("A call to practise on"),
        status=CallStatus.PUBLISHED,
        opens_at=now - dt.timedelta(days=60),
        closes_at=now - dt.timedelta(days=2),
        min_population=100_000,
        applicant_kinds=[OrganisationKind.MUNICIPALITY, OrganisationKind.GROUP],
    )
    call.eligible_countries.set([country])
    call.partner_countries.set(Country.objects.filter(side=Side.PARTNER)[:1])
    roots: list[Root] = [("calls.Call", call.pk)]
    applications = {}
    for number, case in enumerate(CASES, 1):
        application, more = _application(call, country, case, number, user)
        applications[case.key] = application
        roots += more
    return roots + _assessed(call, applications, user)


def _application(
    call: Call, country: Country, case: Case, number: int, user: User
) -> tuple[Application, list[Root]]:
    organisation = Organisation.objects.create(
        slug=f"{call.slug}-{number}",
        name=case.name,
        kind=OrganisationKind.GROUP if case.members else OrganisationKind.MUNICIPALITY,
        side=Side.EU,
        country=country,
    )
    roots: list[Root] = [("organisations.Organisation", organisation.pk)]
    sent_at = _now() - dt.timedelta(days=3, hours=number)
    application = Application(
        call=call,
        organisation=organisation,
        reference=case.reference,
        status=ApplicationStatus.SUBMITTED,
        kind=ApplicantKind.GROUP if case.members else ApplicantKind.SINGLE,
        contact_name=case.contact,
        contact_email=f"contact-{number}@{NOWHERE}",
        deputy_name=_("Second contact"),
        deputy_email=f"second-{number}@{NOWHERE}",
        signatory_name=_("The mayor"),
        exception_reason=case.exception,
        commitments_accepted=True,
        submitted_at=sent_at,
        saved_at=sent_at,
    )
    application.save()
    city = None
    if case.reference_population:
        city = City.objects.create(
            name=case.name,
            country=country,
            reference_population=case.reference_population,
            reference_source=_("a made-up register"),
        )
        roots.append(("programme.City", city.pk))
    _municipalities(application, country, case, city)
    application.search_text = searched_text(application)
    application.save(update_fields=["search_text"])
    submission = Submission.objects.create(
        application=application,
        number=1,
        at=sent_at,
        by=None,
        snapshot=snapshot_of(application, at=sent_at),
        rules=call_rules(call, Side.EU).as_json(),
    )
    if case.answer:
        _clarified(application, submission, case, user)
    return application, roots


def _municipalities(
    application: Application, country: Country, case: Case, city: City | None
) -> None:
    lead = case.lead or case.name
    rows = [(lead, case.population, case.source, "")]
    rows += [(one.name, one.population, case.source, one.letter) for one in case.members]
    for order, (name, population, source, letter) in enumerate(rows):
        row = Municipality.objects.create(
            application=application,
            city=city if order == 0 else None,
            name=name,
            search_name=fold(name),
            country=country,
            is_lead=order == 0,
            population=population,
            population_year=2024 if source else None,
            population_source=source,
            order=order,
        )
        if letter:
            Commitment.objects.create(
                municipality=row,
                signed_by_name=_("Made-up signatory"),
                signed_by_office=letter.split(":")[0],
                signed_on=days.today() - dt.timedelta(days=9),
                email=f"office-{order}@{NOWHERE}",
                statement=letter,
            )


def _clarified(application: Application, submission: Submission, case: Case, user: User) -> None:
    asked_at = _now() - dt.timedelta(days=2)
    Clarification.objects.create(
        application=application,
        submission=submission,
        thread=Thread.objects.create(),
        row="contact",
        part=_("Contacts and signatory"),
        label=_("Administrative contact"),
        sent_text=application.contact_name,
        question=case.question,
        asked_by_id=user.pk,
        asked_at=asked_at,
        due_at=asked_at + dt.timedelta(days=7),
        kind=ClarificationAnswer.EXPLAIN,
        answer=case.answer,
        answered_at=_now() - dt.timedelta(days=1),
        sha256=fingerprint([case.question, case.answer]),
    )


CRITERIA = (("problem", 40), ("plan", 30), ("people", 30))


def _assessed(call: Call, applications: dict[str, Application], user: User) -> list[Root]:
    """Let two made-up assessors have scored what an experienced colleague finds eligible."""
    titles = {"problem": _("The problem"), "plan": _("The plan"), "people": _("The people")}
    criteria = [
        AssessmentCriterion.objects.create(
            call=call,
            key=key,
            title=titles[key],
            weight=weight,
            order=order,
            guidance=_("3: it is clear. 5: it is clear, and shown by figures."),
        )
        for order, (key, weight) in enumerate(CRITERIA)
    ]
    AssessmentPlan.objects.create(call=call, opened_at=_now())
    people = [
        User.objects.create(
            email=f"assessor-{number}-{user.pk}@{NOWHERE}",
            full_name=name,
            staff_role=StaffRole.ASSESSOR,
            is_active=True,
            password="!",  # noqa: S106 - nobody signs in with it
        )
        for number, name in enumerate((_("Assessor One (made up)"), _("Assessor Two (made up)")))
    ]
    now = _now()
    for person in (*people, user):
        Declaration.objects.create(assessor_id=person.pk, call=call, made_at=now)
    for case in CASES:
        application = applications[case.key]
        for person, points in zip(people, case.points, strict=False):
            _scored(application, person, criteria, points)
        if case.is_to_score:
            Assignment.objects.create(application=application, assessor_id=user.pk, at=now)
    return [("accounts.User", person.pk) for person in people]


def _scored(
    application: Application, person: User, criteria: Sequence[AssessmentCriterion], points: int
) -> None:
    assessment = Assessment(
        assignment=Assignment.objects.create(application=application, assessor=person),
        status=AssessmentStatus.HANDED_IN,
        handed_in_at=_now(),
        overall=_("Made up, to practise on."),
    )
    assessment.save()
    Score.objects.bulk_create(
        Score(
            assessment=assessment,
            criterion=criterion,
            value=points,
            sentence=_("Made up, to practise on."),
        )
        for criterion in criteria
    )
