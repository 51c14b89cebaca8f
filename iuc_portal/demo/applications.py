"""Demo applications: drafts, sent ones, a group below the limit, and decided ones."""

import datetime as dt
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from applications.assessment.models import Paragraph
from applications.assessment.selectors.outcomes import readiness_of
from applications.assessment.services import (
    prepare_outcome,
    release_outcomes,
    save_paragraph,
)
from applications.assessment.states import PendingOutcome
from applications.exports import EXPORT, export_params
from applications.models import Application, Commitment
from applications.services import (
    add_and_invite,
    add_commitment,
    add_document,
    add_municipality,
    ask_clarification,
    assign_assessor,
    decide_eligibility,
    edit_municipality,
    judge_commitment,
    reopen_application,
    rule_criterion,
    save_applicant,
    save_contacts,
    save_preferences,
    save_section,
    start_application,
    submit_application,
)
from applications.states import ApplicantKind, Criterion, DecisionOutcome, Declaration, Ruling
from core.jobs.selectors import jobs_of
from core.jobs.services import run_job, start_job
from core.kit.days import today
from core.kit.tables import XLSX
from iuc_portal.demo.calls import AMERICAS, ASIA, BOTH_SIDES, REGIONS
from iuc_portal.demo.partnerships import ask_county, back_online, name_partnership
from iuc_portal.demo.people import person
from iuc_portal.demo.profiles import describe_partners, fill_in_profile
from iuc_portal.demo.texts import APPLICATION_ANSWERS, letter
from programme.calls.models import Call
from programme.calls.states import Checkers
from programme.models import Country, Theme
from programme.organisations.models import Organisation
from programme.organisations.services import confirm_organisation, create_organisation
from programme.organisations.states import OrganisationKind

SOURCE = "Demo figure, not an official one"
YEAR = 2021
ZADAR = "Zadar + Nin (demo)"
LIGURIA = "Liguria (demo)"


@dataclass(frozen=True)
class Case:
    """One application: whose, to which call, and how far it goes."""

    login: str
    # None where no number of inhabitants is asked.
    population: int | None
    topic: str
    themes: tuple[str, ...]
    countries: tuple[str, ...]
    call: str = ASIA
    # The other municipality of a group: name and inhabitants.
    other: tuple[str, int] | None = None
    exception_reason: str = ""
    # Asked to commit online and not answered yet: its name and number of inhabitants.
    invited: tuple[str, int] | None = None
    # draft: half filled in; sent; checked_once: by the first of two people; checked: found
    # eligible; eligible: assigned besides; accepted.
    goes_to: str = "sent"
    # A stakeholder writes its letter behind a link.
    is_backed_online: bool = False


CASES = [
    Case(
        "lead-dubrovnik",
        41_500,
        "more visitors than the old town and its services can carry",
        ("regeneration-and-services", "urban-mobility"),
        ("IN",),
        other=("Župa Dubrovačka", 8_500),
        exception_reason="Over a million overnight stays a year: the services are those of a "
        "city three times as large.",
        goes_to="accepted",
    ),
    Case("lead-almada", 177_000, "a ferry port without a bus network", ("urban-mobility",), ("IN",),
         goes_to="accepted"),
    Case("lead-parma", 196_000, "food waste between market and plate", ("water-and-waste",),
         ("JP",), goes_to="eligible"),
    Case("lead-malmo", 344_000, "cloudbursts in dense quarters", ("climate-and-nature",), ("JP",),
         is_backed_online=True),
    Case("lead-galati", 217_000, "young people who leave", ("jobs-and-local-economy",),
         ("IN", "JP")),
    Case(
        "lead-zadar",
        70_800,
        "a coast that empties its wells in August",
        ("water-and-waste",),
        ("IN",),
        other=("Nin", 2_700),
        exception_reason="Both municipalities share one water works.",
    ),
    Case("lead-rijeka", 107_900, "a port quarter between two uses", ("regeneration-and-services",),
         ("JP",), goes_to="draft"),
    Case(
        "lead-dubrovnik",
        41_500,
        "cruise ships, buses and a single road",
        ("urban-mobility",),
        ("CO",),
        call=AMERICAS,
        invited=("Župa Dubrovačka", 8_331),
        goes_to="draft",
    ),
    Case("lead-kochi", None, "ferries and buses that do not wait for each other",
         ("urban-mobility",), ("HR", "PT", "SE"), call=BOTH_SIDES, goes_to="accepted"),
    Case("lead-liguria", None, "small yards that build ships alone", ("jobs-and-local-economy",),
         ("CL",), call=REGIONS),
    # One letter to be read, and nothing else to judge.
    Case("lead-parma", 196_000, "canals that smell in summer", ("water-and-waste",), ("CO",),
         call=AMERICAS, other=("Collecchio", 14_600)),
    # Of a call that asks for two people: the first has checked it.
    Case("lead-galati", 217_000, "a river quay beside a market", ("urban-mobility",), ("IN",),
         call=BOTH_SIDES, goes_to="checked_once"),
]  # fmt: skip


def make_applications() -> int:
    """Make the applications that are missing; return how many."""
    _register("lead-zadar", ZADAR, OrganisationKind.GROUP, "HR")
    _register("lead-liguria", LIGURIA, OrganisationKind.REGION, "IT")
    made = sum(make_application(case) for case in CASES)
    describe_partners()
    _ask()
    _reopen()
    _export()
    return made


def _ask() -> None:
    """Let a city find a question on one of its answers."""
    application = application_of("lead-malmo")
    if application and not application.clarifications.exists():
        ask_clarification(
            application=application,
            row="contact",
            question="Does this person also decide on the date of a first visit, or who does?",
            due_on=today() + dt.timedelta(days=10),
            by=person("coordinator"),
        )


def _reopen() -> None:
    """Let a city find changes that it has not sent yet."""
    application, lead = application_of("lead-galati"), person("lead-galati")
    if application and not application.working_copies.exists():
        copy = reopen_application(application=application, by=lead)
        save_contacts(
            application=copy,
            read_version=copy.version,
            by=lead,
            contact_position="Head of European projects",
        )


def _export() -> None:
    """Let the coordinator find an export that is done."""
    coordinator = person("coordinator")
    if not jobs_of(coordinator).filter(kind=EXPORT).exists():
        job = start_job(kind=EXPORT, params=export_params({}, XLSX, by=coordinator), by=coordinator)
        run_job(pk=job.pk)


def application_of(login: str, code: str = ASIA) -> Application | None:
    """Return a person's demo application to a call, whatever became of it."""
    return Application.objects.filter(
        call__code=code,
        organisation__memberships__user__email=f"{login}@demo.example",
        revises=None,
    ).first()


def _register(login: str, name: str, kind: str, country: str) -> None:
    """Let somebody register a body that is in no published pairing."""
    lead = person(login)
    if lead.memberships.exists():
        return
    body = create_organisation(
        by=lead, name=name, kind=kind, country=Country.objects.get(code=country)
    )
    confirm_organisation(organisation=body, by=person("coordinator"))
    lead.job_title = f"Lead, {name}"
    lead.save(update_fields=["job_title"])


@transaction.atomic
def make_application(case: Case) -> bool:
    """Make an application that is missing, as far as its case goes; return whether it was."""
    if application_of(case.login, case.call):
        return False
    lead = person(case.login)
    organisation = Organisation.objects.of(lead).get()
    call = Call.objects.get(code=case.call)
    application = start_application(call=call, organisation=organisation, by=lead)
    _fill_in_municipalities(application, case, lead)
    if case.invited:
        _invite(application, case.invited, lead)
        ask_county(application, lead)
    if case.goes_to == "draft":
        _answer(application, lead, case, sections=1)
        return True
    _answer(application, lead, case)
    _fill_in_details(application, case, lead)
    fill_in_profile(_fresh(application), case.login, lead)
    name_partnership(application, lead)
    if case.is_backed_online:
        back_online(application, lead)
    submit_application(application=_fresh(application), by=lead, declared=Declaration.values)
    if case.goes_to == "checked_once":
        _find_eligible(_fresh(application), "desk-india")
    if case.goes_to in {"checked", "eligible", "accepted"}:
        _check(application, case)
    return True


def _fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def _fill_in_municipalities(application: Application, case: Case, lead: User) -> None:
    municipality = application.municipalities.get(is_lead=True)
    name = "Zadar" if application.organisation.name == ZADAR else municipality.name
    if case.population:
        edit_municipality(
            municipality=municipality,
            by=lead,
            name=name,
            population=case.population,
            population_year=YEAR,
            population_source=SOURCE,
        )
    if case.other:
        name, population = case.other
        application = _apply_as_group(_fresh(application), lead)
        other = add_municipality(
            application=_fresh(application),
            name=name,
            by=lead,
            country=municipality.country,
            population=population,
            population_year=YEAR,
            population_source=SOURCE,
        )
        add_commitment(
            municipality=other,
            upload=ContentFile(letter(name), name="commitment-demo.pdf"),
            signed_by_name="Silvio Nardelli",
            signed_by_office="Head of the municipality",
            signed_on=today() - dt.timedelta(days=7),
            by=lead,
        )


def _apply_as_group(application: Application, lead: User) -> Application:
    if application.kind == ApplicantKind.GROUP:
        return application
    return save_applicant(
        application=application,
        kind=ApplicantKind.GROUP,
        exception_reason="",
        read_version=application.version,
        by=lead,
    )


def _invite(application: Application, invited: tuple[str, int], lead: User) -> None:
    """Make it a group whose other municipality was asked by mail."""
    name, population = invited
    application = _apply_as_group(_fresh(application), lead)
    add_and_invite(
        application=_fresh(application),
        name=name,
        country=application.organisation.country,
        population=population,
        population_year=YEAR,
        population_source=SOURCE,
        contact_email="office@zupa.example",
        by=lead,
    )


def _answer(application: Application, lead: User, case: Case, sections: int | None = None) -> None:
    """Answer the call's questions; `sections` names how many of them at most."""
    if application.response is None:
        return
    for section in application.response.version.sections.all()[:sections]:
        answers = [
            (question.key, APPLICATION_ANSWERS[question.key], 0)
            for question in section.questions.all()
            if question.key in APPLICATION_ANSWERS
        ]
        answers = [
            (key, value % {"topic": case.topic} if isinstance(value, str) else value, version)
            for key, value, version in answers
        ]
        save_section(application=_fresh(application), answers=answers, by=lead)


def _fill_in_details(application: Application, case: Case, lead: User) -> None:
    application = _fresh(application)
    kind = ApplicantKind.GROUP if case.other else ApplicantKind.SINGLE
    application = save_applicant(
        application=application,
        kind=kind,
        exception_reason=case.exception_reason,
        read_version=application.version,
        by=lead,
    )
    application = save_contacts(
        application=application,
        read_version=application.version,
        by=lead,
        contact_name=lead.full_name,
        contact_position="Head of international affairs",
        contact_email=lead.email,
        contact_phone="+32 2 000 00 00",
        deputy_name="Jo Demo",
        deputy_position="Officer, international affairs",
        deputy_email=f"second-{case.login}@demo.example",
        signatory_name="Mira Demo",
        signatory_office="Mayor",
    )
    _put_on_file(application, lead)
    application = _fresh(application)
    save_preferences(
        application=application,
        themes=Theme.objects.filter(slug__in=case.themes),
        partner_countries=Country.objects.filter(code__in=case.countries),
        read_version=application.version,
        by=lead,
    )


def _put_on_file(application: Application, lead: User) -> None:
    """Put what the call asks for on file."""
    for asked in application.call.documents.asked().filter(is_required=True):
        add_document(
            application=_fresh(application),
            asked=asked,
            upload=ContentFile(letter(application.organisation.name), name=f"{asked.key}-demo.pdf"),
            by=lead,
        )


def _check(application: Application, case: Case) -> None:
    """Check the eligibility as staff do, then assign or accept."""
    coordinator = person("coordinator")
    application = _fresh(application)
    for commitment in Commitment.objects.filter(municipality__application=application):
        judge_commitment(commitment=commitment, verdict="accepted", reason="", by=coordinator)
    if case.exception_reason:
        rule_criterion(
            application=application,
            criterion=Criterion.POPULATION,
            ruling=Ruling.WAIVE,
            reason="The programme's own pairings hold smaller cities; the pressure is that of a "
            "large one.",
            released=True,
            by=coordinator,
        )
    if application.call.checkers == Checkers.TWO:
        _find_eligible(_fresh(application), "desk-india")
    application = _find_eligible(_fresh(application), "coordinator")
    if case.goes_to == "checked":
        return
    assign_assessor(application=application, assessor=person("assessor"), by=coordinator)
    prepare_outcome(
        application=_fresh(application),
        outcome=PendingOutcome.ACCEPT,
        reason="A clear problem, the right people on board, and money set aside.",
        by=coordinator,
    )
    if case.goes_to == "accepted":
        release(application.call, coordinator)


def _find_eligible(application: Application, login: str) -> Application:
    return decide_eligibility(application=application, eligible=True, by=person(login))


def release(call: Call, by: User) -> None:
    """Tell what is prepared in a call, at once instead of in a worker."""
    begun = release_outcomes(call=call, mark=readiness_of(by, call).mark, by=by)
    if begun.job is not None:
        run_job(pk=begun.job.pk)
    if not Paragraph.objects.filter(call=call).exists():
        save_paragraph(
            call=call,
            title="The field was strong",
            outcome=DecisionOutcome.REJECT,
            body={"en-gb": "{city} met a strong field: more cities applied than could be paired."},
            by=by,
        )
