"""The demo: made by stages through the services, once, and only when it is wanted."""

import datetime as dt

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from accounts.selectors import DEMO_PASSWORD, demo_accounts
from action_plans.models import Plan
from applications.assessment.models import Assessment, FreePlace, Letter, Outcome
from applications.assessment.selectors import results_of
from applications.assessment.selectors.places import next_of, reserve_list
from applications.exports import EXPORT
from applications.models import Application, Commitment, Conflict, Interest, LeadOffer
from applications.selectors import eligibility_of
from core.jobs.models import Job
from core.trail.models import AuditEvent
from iuc_portal.demo.assessments import ASSESSED
from iuc_portal.demo.calls import AMERICAS, ASIA, BOTH_SIDES, CALLS, REGIONS, TWO_STAGES
from iuc_portal.demo.people import DUBROVNIK, PEOPLE, person
from pairings.models import Pairing, PartnerWish
from programme.calls.models import Call
from programme.organisations.models import Organisation
from questionnaires.selectors import progress
from reminders.selectors import due_reminders

# The whole demo takes its time on a busy machine.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]


def seed(stage="plans"):
    call_command("seed_demo", stage=stage, verbosity=0)


def counted():
    rows = (User, Call, Application, Interest, Pairing, PartnerWish, Plan, Organisation, AuditEvent)
    return {model.__name__: model.objects.count() for model in rows}


def wishes():
    """Return what chosen cities have said of possible partners."""
    return set(PartnerWish.objects.values_list("is_wanted", flat=True))


def shown_beside():
    """Return who is asked to lead a group, whether still, and what two cities were called."""
    offer = LeadOffer.objects.get()
    former = Organisation.objects.get(name="Galați").formers.get()
    renamed = Organisation.objects.get(name="Ichinomiya").own_names[0]
    return offer.organisation.name, offer.is_open, former.name, renamed.name


JUDGED = {
    "handed in": 13,
    "drafts": 1,
    "links": 1,
    "talks": ["Malmö"],
    "pending": 2,
    "letters": 7,
    "next": [("Malmö", 3)],
}


def judged():
    """Return how far the two assessments of the demo are."""
    found = results_of(Call.objects.get(code=ASSESSED))
    reserve = reserve_list(FreePlace.objects.to_fill().get().application.call)
    return {
        "handed in": Assessment.objects.filter(status="handed_in").count(),
        "drafts": Assessment.objects.filter(status="draft").count(),
        "links": Conflict.objects.count(),
        "talks": [one.application.organisation.name for one in found if one.needs_consensus],
        "pending": Outcome.objects.pending().filter(application__call__code=ASSESSED).count(),
        "letters": Letter.objects.count(),
        "next": [(one.application.organisation.name, one.rank) for one in next_of(reserve)],
    }


def test_demo_needs_to_be_asked_for(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="Set DEMO=1"):
        seed()


def test_demo_needs_the_programme(settings):
    settings.DEMO = True

    with pytest.raises(CommandError, match="load_programme"):
        seed()


def test_demo_is_built_by_stages_and_only_once(settings, capsys, time_machine, few_names):
    time_machine.move_to(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False)
    settings.DEMO = True
    call_command("load_programme", verbosity=0)
    published = Pairing.objects.count()

    seed("calls")
    assert {call.code: str(call.closes_at) for call in Call.objects.filter(origin="demo")} == {
        ASIA: "2026-12-14 16:00:00+00:00",
        AMERICAS: "2026-12-03 16:00:00+00:00",
        BOTH_SIDES: "2026-12-28 16:00:00+00:00",
        REGIONS: "2027-01-02 16:00:00+00:00",
        TWO_STAGES: "2027-01-02 16:00:00+00:00",
    }
    assert all(call.is_open for call in Call.objects.filter(origin="demo"))
    assert [account.email for account in demo_accounts()] == [entry.email for entry in PEOPLE]
    assert all(account.role for account in demo_accounts()[:-2])
    assert person("coordinator").check_password(DEMO_PASSWORD)
    assert not Application.objects.exists()

    seed("applications")
    statuses = Application.objects.order_by("id").values_list("organisation__name", "status")
    assert list(statuses) == [
        (DUBROVNIK, "accepted"),
        ("Almada", "accepted"),
        ("Parma", "eligible"),
        ("Malmö", "submitted"),
        ("Galați", "submitted"),
        ("Zadar + Nin (demo)", "submitted"),
        ("Rijeka", "draft"),
        (DUBROVNIK, "draft"),
        # A partner city and a region, each with the questions of its side.
        ("Kochi", "accepted"),
        ("Liguria (demo)", "submitted"),
        # A letter to be read; a check that waits for a second person.
        ("Parma", "submitted"),
        ("Galați", "submitted"),
        # What the city changes in what it has sent.
        ("Galați", "draft"),
        # A group whose lead asks another member to lead it.
        ("Zadar + Nin (demo)", "draft"),
        # Invited in the call in two stages.
        ("Almada", "draft"),
        # In the call that is being assessed.
        ("Parma", "eligible"),
        ("Malmö", "eligible"),
        ("Galați", "eligible"),
        ("Rijeka", "eligible"),
        # In the call that is decided; one has given its place up since.
        ("Almada", "accepted"),
        ("Parma", "withdrawn"),
        ("Malmö", "reserve"),
        ("Galați", "rejected"),
    ]
    interests = Interest.objects.order_by("id").values_list("organisation__name", "status")
    assert dict(interests) == {
        "Almada": "invited",
        "Parma": "invited",
        "Malmö": "sent",
        "Galați": "sent",
        "Zadar + Nin (demo)": "declined",
        DUBROVNIK: "withdrawn",
        "Rijeka": "draft",
    }
    begun = Application.objects.get(organisation__name="Almada", status="draft")
    assert begun.response.answers.get(question__key="resources-days").value == 12
    assert all(Application.objects.values_list("is_demo", flat=True))
    group = Application.objects.get(organisation__name="Zadar + Nin (demo)", status="submitted")
    assert (shown_beside(), judged()) == (("Rijeka", True, "Primăria Galatz", "Ichinomya"), JUDGED)
    failed = [item.result.key for item in eligibility_of(group) if item.is_failed]
    assert [str(key) for key in failed] == ["population"]
    assert Pairing.objects.count() == published
    letter = Commitment.objects.first().file
    assert (letter.kind, default_storage.exists(letter.path)) == ("application/pdf", True)
    export = Job.objects.get(by=person("coordinator"), kind=EXPORT)
    assert (export.state, export.message) == ("done", "10 applications")

    seed("pairings")
    made = Pairing.objects.filter(origin="demo").order_by("id")
    assert (list(made.values_list("status", flat=True)), wishes()) == (
        ["proposed", "running"],
        {True, False},
    )
    assert made.last().started_on == dt.date(2026, 11, 23)
    assert not Plan.objects.exists()

    seed("plans")
    plan = Plan.objects.get(member__pairing=made.last(), member__side="eu")
    assert progress(plan.response) == (3, 19)
    assert list(plan.measures.values_list("code", "kind")) == [
        ("A1.1", "pilot"),
        ("A2.1", "action"),
        ("A2.2", "exchange"),
    ]
    drafts = [r for r in due_reminders(timezone.now()) if r.kind == "draft_closing"]
    assert {reminder.recipient.email for reminder in drafts} == {
        "lead-dubrovnik@demo.example",
        "editor-dubrovnik@demo.example",
        "lead-zadar@demo.example",
    }

    before, mails = counted(), len(mail.outbox)
    seed()
    assert counted() == before
    assert len(mail.outbox) == mails

    # Weeks later the calls have closed: they open anew, and nothing else happens.
    time_machine.move_to(dt.datetime(2027, 1, 20, 9, tzinfo=dt.UTC), tick=False)
    seed()
    assert all(Call.objects.get(code=entry.code).is_open for entry in CALLS)
    assert Call.objects.get(code=TWO_STAGES).takes_interests()
    moved = AuditEvent.objects.filter(verb="call.deadline_moved")
    assert {event.reason for event in moved} == {"The demo starts anew: its calls stay open."}
    assert Application.objects.count() == before["Application"]
