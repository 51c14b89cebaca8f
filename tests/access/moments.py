"""Pages at the moments at which they show a form that the table's own objects do not call for."""

import datetime as dt

from action_plans.models import Plan
from action_plans.services import mark_section_done, save_section_answers
from applications.services import save_interest_section, save_section
from core.kit.days import today
from tests.access.deciding import bulk_row
from tests.access.expect import Row, no_method, only
from tests.access.table import (
    asked_to_commit,
    asked_to_support,
    draft_of_group,
    pairing_of,
    plan_of,
)
from tests.factories.applications import (
    AcceptedApplicationFactory,
    ApplicationFactory,
    InterestFactory,
    SentInterestFactory,
)
from tests.factories.calls import ready_call
from tests.factories.jobs import JobFactory
from tests.factories.matching import BoardFactory, DoneRunFactory, RunFactory
from tests.factories.pairings import RunningPairingFactory
from tests.factories.programme import TwoStageCallFactory
from tests.factories.questionnaires import TemplateVersionFactory


def _ready_draft(w):
    """A draft with nothing missing."""
    application = ApplicationFactory(organisation=w.home)
    answers = [("why", "Because.", 0), ("where", "Here.", 0)]
    save_section(application=application, answers=answers, by=w.people["lead"])
    return {"key": application.key}


def _ready_interest(w):
    """An expression of interest with nothing missing."""
    interest = InterestFactory(organisation=w.home)
    answers = [("why", "Because.", 0), ("where", "Here.", 0)]
    save_interest_section(interest=interest, answers=answers, by=w.people["lead"])
    return {"pk": interest.pk}


def _ready_call(_w):
    """A call that can be published."""
    return {"slug": ready_call().slug}


def _complete_section(w):
    """A part of a plan that is marked as complete."""
    at = plan_of(w) | {"key": "second"}
    plan = Plan.objects.get(reference=at["reference"])
    by = w.people["lead"]
    save_section_answers(plan=plan, section_key="second", answers=[("where", "Here.", 0)], by=by)
    mark_section_done(plan=plan, section_key="second", by=by)
    return at


def _answered_by_two(w):
    """A part of a plan, one answer of which a colleague has written meanwhile."""
    at = plan_of(w) | {"key": "first"}
    plan = Plan.objects.get(reference=at["reference"])
    by = w.people["editor"]
    save_section_answers(plan=plan, section_key="first", answers=[("why", "Theirs.", 0)], by=by)
    return at


def _draft_answered_by_two(w):
    """The same in an application."""
    application = ApplicationFactory(organisation=w.home)
    answers = [("why", "Theirs.", 0)]
    save_section(application=application, answers=answers, by=w.people["editor"])
    return {"key": application.key, "section_key": "first"}


def _plan_to_begin(w):
    """A running pairing of the lead's organisation, without a plan yet."""
    pairing_of(w, RunningPairingFactory)
    return {}


def _working_run(w):
    """Something that the coordinator does with many, and that goes on."""
    by = w.people["coordinator"]
    return {"pk": bulk_row(w, run__by=by, run__job=JobFactory(by=by)).run.pk}


def _run_beside_the_board(w):
    return {"slug": w.call.slug, "number": DoneRunFactory(call=w.call).number}


def _run_on_its_way(w):
    """A run of the recommender that the coordinator waits for."""
    job = JobFactory(by=w.people["coordinator"], state="running", message="Solving")
    return {"slug": w.call.slug, "number": RunFactory(call=w.call, job=job).number}


def _closed_person(w):
    """Somebody whose account is closed."""
    person = w.people["viewer"]
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    return {"pk": person.pk}


def _published(_w):
    TemplateVersionFactory()
    return {}


def _chosen_cities(w):
    """A call with a city on each side, both of them chosen."""
    AcceptedApplicationFactory(call=w.call, organisation=w.home)
    w.call.partner_countries.add(w.partner.country)
    return f"?call={w.call.slug}&eu={w.home.pk}&partner={w.partner.pk}"


def _moment(name, role, at, note, query="", sent=None):
    return Row(name, at=at, GET=only(role), POST=no_method(), note=note, query=query, sent=sent)


# What the slower of two sends.
MINE = {"why": "Mine. With more words.", "version_why": "0", "version": "0"}

MOMENTS = [
    _moment("applications:section", "lead", _draft_answered_by_two, "written by two", sent=MINE),
    _moment("action_plans:section", "lead", _answered_by_two, "written by two", sent=MINE),
    _moment(
        "applications:applicant",
        "lead",
        lambda w: {"key": draft_of_group(w)["key"]},
        "a group",
    ),
    _moment(
        "applications:applicant",
        "lead",
        lambda w: {"key": asked_to_commit(w)["key"]},
        "a member was asked to commit",
    ),
    _moment(
        "applications:stakeholders",
        "lead",
        lambda w: {"key": asked_to_support(w)["key"]},
        "a stakeholder was asked for its letter",
    ),
    _moment("applications:check", "lead", _ready_draft, "nothing missing"),
    _moment("applications:interest_check", "lead", _ready_interest, "nothing missing"),
    _moment("calls:staff_call_publish", "coordinator", _ready_call, "nothing missing"),
    _moment("action_plans:section", "lead", _complete_section, "complete"),
    _moment("action_plans:mine", "lead", _plan_to_begin, "one to begin"),
    _moment("organisations:staff_person", "coordinator", _closed_person, "closed"),
    _moment("questionnaires:staff_templates", "coordinator", _published, "published"),
    _moment(
        "questionnaires:staff_template",
        "coordinator",
        lambda _: {"pk": TemplateVersionFactory().pk},
        "published",
    ),
    _moment(
        "calls:staff_call_deadline",
        "coordinator",
        lambda w: {"slug": w.call.slug},
        "a time tried",
        lambda _: f"?closes_day={today() + dt.timedelta(days=60)}&closes_time=17:00",
    ),
    _moment(
        "calls:staff_call_first_stage",
        "coordinator",
        lambda _: {"slug": TwoStageCallFactory().slug},
        "a time tried",
        lambda _: f"?closes_day={today() + dt.timedelta(days=9)}&closes_time=17:00",
    ),
    _moment(
        "applications:staff_decide_interests",
        "coordinator",
        lambda w: {"slug": SentInterestFactory(organisation=w.home).call.slug},
        "one chosen",
        lambda w: f"?outcome=invited&interests={w.home.interests.latest('pk').pk}",
    ),
    _moment("pairings:staff_new", "coordinator", lambda _: {}, "two chosen", _chosen_cities),
    _moment("bulk:run", "coordinator", lambda w: {"pk": bulk_row(w).run.pk}, "stopped"),
    _moment("bulk:run", "coordinator", _working_run, "working"),
    _moment("matching:run", "coordinator", _run_beside_the_board, "not on the board"),
    _moment("matching:run", "coordinator", _run_on_its_way, "on its way"),
    _moment(
        "matching:fairness",
        "coordinator",
        lambda w: {"slug": BoardFactory(run__call=w.call).call.slug},
        "not worked out",
    ),
    _moment(
        "jobs:job",
        "coordinator",
        lambda w: {"key": JobFactory(by=w.people["coordinator"]).key},
        "waiting",
    ),
]
