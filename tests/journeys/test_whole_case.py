"""The whole case, from the call to the reminder, by keyboard alone.

Dubrovnik and Župa Dubrovačka apply together, too small for the rule; staff waive it in the
workbench, two assessors score, the ranking leads to a letter that is edited and released, and
Dubrovnik reads it. Staff pair them with Panaji; both sides accept and sign; the plan begins. axe
looks at every page on the way, with errors showing too, at 1280 and 320 pixels.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.selectors import DEMO_PASSWORD
from action_plans.models import Plan
from applications.assessment.models import Release
from applications.assessment.services import save_plan
from applications.models import Application
from core.jobs.services import run_job
from core.post.models import Mail
from pairings.models import Pairing
from tests.factories.files import PDF
from tests.journeys.keyboard import Keyboard

CALL = "City pairings with India and Japan 2026 (demo)"
GROUP = "Dubrovnik + Župa Dubrovačka"
OWN_WORDS = "You are accepted, and we look forward to the first visit."
Open = Callable[[str], Keyboard]


@pytest.fixture
def enter(
    new_page: Callable[..., Page], axe: Callable[..., None], settings: Any, few_names: None
) -> Open:
    """Return a function that signs a demo person in through the sign-in page."""
    settings.DEMO = True
    call_command("load_programme", verbosity=0)
    call_command("seed_demo", stage="calls", verbosity=0)

    def sign_in(name: str) -> Keyboard:
        person = Keyboard(new_page(), axe)
        person.open("/accounts/login/")
        person.fill("E-mail", f"{name}@demo.example")
        person.fill("Password", DEMO_PASSWORD)
        person.press("Sign in")
        return person

    return sign_in


@pytest.mark.timeout(600)
def test_whole_case_by_keyboard(enter: Open, tmp_path: Path):
    letter = tmp_path / "commitment.pdf"
    letter.write_bytes(PDF)
    ana = enter("lead-dubrovnik")

    apply_as_group(ana, letter)
    application = Application.objects.get(status="submitted")
    ilse = enter("coordinator")
    check_by_keys(ilse, application)
    readers = [enter(name) for name in ("assessor", "second-assessor")]
    give_to_assessors(ilse, readers, application)
    for reader, points in zip(readers, ("4", "5"), strict=True):
        score(reader, application, points)
    decide_by_ranking(ilse, application)
    release_own_words(ilse, application)
    ana.open(f"/applications/{application.reference}/")
    ana.reads(OWN_WORDS)
    pair(ilse)
    pairing = Pairing.objects.get(status="proposed")
    priya = enter("lead-panaji")
    for person in (ana, priya):
        accept(person, pairing)
    for person in (ana, priya):
        sign(person, pairing)
    pairing.refresh_from_db()
    assert pairing.status == "running"
    write_plan(ana, pairing)
    get_reminder(ilse, pairing)


def apply_as_group(ana: Keyboard, letter: Path) -> None:
    ana.open("/calls/india-japan-2026/")
    ana.heading(CALL)
    ana.open("/applications/new/india-japan-2026/")
    ana.press("Start the application")

    ana.follow("Applicant and municipalities")
    ana.pick_radio("A group of municipalities")
    ana.press("Save this choice")
    ana.follow("Change Dubrovnik")
    ana.fill("Inhabitants, as you declare them", "100.5")
    ana.fill("Year of the figure", "2021")
    ana.fill("Source of the figure", "Croatian Bureau of Statistics, census")
    ana.press("Save")
    ana.refused()
    ana.reads("Type a whole number")
    ana.fill("Inhabitants, as you declare them", "41 562")
    ana.press("Save")

    ana.fill("Name", "Župa Dubrovačka")
    ana.fill("Inhabitants, as you declare them", "8,705")
    ana.fill("Year of the figure", "2021")
    ana.fill("Source of the figure", "Croatian Bureau of Statistics, census")
    ana.press("Add without an invitation")
    ana.reads("Together: 50,267 inhabitants")

    ana.follow("Upload a signed letter instead")
    ana.press("Upload")
    ana.refused()
    ana.upload("Signed letter", letter)
    ana.fill("Signed by", "Marin Radić")
    ana.fill("Office", "Head of the municipality")
    ana.fill("Signed on", "2 November 2026")
    ana.press("Upload")
    ana.fill("Reason for applying below", "Over a million overnight stays a year.")
    ana.press("Save and continue")

    ana.fill("Name of the second contact", "Luka Perić")
    ana.fill("E-mail address of the second", "luka.peric@dubrovnik.example")
    ana.fill("Who signs the Partnership Agreement", "Mayor of Dubrovnik")
    ana.press("Save and continue")
    answer_questions(ana)
    ana.tick("Urban mobility")
    ana.tick("India")
    ana.press("Save and continue")
    ana.heading("What you look for in a partner")
    ana.choose("Topic to learn about", "Parking and traffic management")
    ana.press("Add, up to 5 : We want to learn")
    ana.fill("A few words: Parking", "Who decides where cars may stand.")
    ana.press("Save and continue")
    put_on_file(ana, letter)
    declare_and_send(ana)


def put_on_file(ana: Keyboard, letter: Path) -> None:
    ana.heading("Documents")
    ana.press("Add this file : Council decision")
    ana.refused()
    ana.upload("File: Council decision", letter)
    ana.press("Add this file : Council decision")
    ana.reads("On file")
    ana.follow("Back to all sections")


def declare_and_send(ana: Keyboard) -> None:
    ana.follow("Check your answers")
    ana.press("Send the application")
    ana.refused()
    for promise in (
        "The figures and documents",
        "If we are chosen",
        "We have read the privacy notice",
    ):
        ana.tick(promise)
    ana.press("Send the application")
    ana.reads("C2C-")


def answer_questions(ana: Keyboard) -> None:
    ana.heading("Your challenges")
    ana.fill("What is the problem", "In August one car in three is looking for a place to park.")
    ana.fill("What do you want to learn", "How others steer visitors.")
    ana.fill("What can you share", "A plan for walls and gates.")
    ana.pick_radio("Within a year")
    ana.press("Save and continue")
    ana.heading("Stakeholder partnership")
    ana.choose("Kind of organisation", "University or research")
    ana.fill("Name of the organisation", "University of Dubrovnik")
    ana.fill("What it does", "It counts visitors.")
    ana.press("Add")
    ana.press("Continue")
    ana.heading("Earlier work together")
    ana.pick_radio("No")
    ana.press("Save and continue")
    ana.heading("Strategies in place")
    ana.fill("Which strategies and plans", "Development plan 2030.")
    ana.fill("What do they leave open", "Transport in the season.")
    ana.press("Save and continue")
    ana.heading("Alignment with the goals")
    ana.tick("Sustainable Development Goals")
    ana.fill("How does it serve them", "Goal 11: fewer cars in the old town.")
    ana.press("Save and continue")
    ana.heading("Resources committed")
    ana.fill("Who will coordinate", "Ana Kovačević, European projects")
    ana.fill("How many days a month", "8")
    ana.fill("How much money", "24000")
    ana.press("Save and continue")


def check_by_keys(ilse: Keyboard, application: Application) -> None:
    """Find it, then judge it in the workbench by single keys; nobody else waits there."""
    ilse.open("/staff/applications/")
    ilse.fill("Applicant, reference or person", "zupa dubrovacka")
    ilse.press("Filter")
    ilse.follow(GROUP)
    ilse.open("/staff/eligibility/")
    ilse.reads("More than 100,000 inhabitants")
    keys = ilse.page.keyboard
    keys.press("w")
    expect(ilse.page.locator("#waive-reason")).to_be_focused()
    send(ilse, "Control+Enter")
    ilse.refused()
    ilse.page.locator("#waive-reason").focus()
    keys.insert_text("Visitors press on the services of a far larger city.")
    send(ilse, "Control+Enter")
    # Its letter of commitment stands beside it.
    ilse.reads("Does this letter commit Župa Dubrovačka?")
    send(ilse, "p")
    ilse.heading("That was the last one.")
    application.refresh_from_db()
    assert application.status == "eligible"


def send(person: Keyboard, key: str) -> None:
    """Press a key that leads to another page, and look at it."""
    with person.page.expect_navigation():
        person.page.keyboard.press(key)
    person.look()


def give_to_assessors(ilse: Keyboard, readers: list[Keyboard], application: Application) -> None:
    """Plan two assessors for each; they declare, then the readings are given out."""
    save_plan(
        call=application.call,
        assessors_each=2,
        spread=Decimal("1.5"),
        scores_by=None,
        consensus_by=None,
        read_version=0,
        by=User.objects.get(email="coordinator@demo.example"),
    )
    for reader in readers:
        reader.open(f"/staff/calls/{application.call.slug}/links/")
        reader.tick("I have no link with the others")
        reader.press("Declare")
    ilse.open(f"/staff/calls/{application.call.slug}/assessment/readers/")
    ilse.press("Assign 2 readings")


def score(reader: Keyboard, application: Application, points: str) -> None:
    """Give the same points on each criterion, each with its sentence, and hand in."""
    reader.open(f"/staff/applications/{application.reference}/scores/")
    for criterion in application.call.criteria.all():
        reader.heading(GROUP)
        reader.reads(criterion.title)
        reader.pick_radio(points)
        reader.fill("Why, in at least one sentence", "It is told with figures.")
        reader.press("Save, next criterion")
    reader.press("Hand in")


def decide_by_ranking(ilse: Keyboard, application: Application) -> None:
    """Read the total, and prepare the acceptance: nothing leaves."""
    ilse.open(f"/staff/calls/{application.call.slug}/ranking/")
    # The mean of 4 and 5 points of 5.
    ilse.reads("90.0")
    ilse.tick(GROUP)
    ilse.press("Accept…")
    ilse.press("Save as pending")
    ilse.refused()
    ilse.fill("Reason", "Relevant, and ready to start.")
    ilse.press("Save as pending")
    application.refresh_from_db()
    assert application.status == "eligible"


def release_own_words(ilse: Keyboard, application: Application) -> None:
    """Read the letter as it would leave, write it anew, and release it."""
    ilse.open(f"/staff/calls/{application.call.slug}/letters/")
    ilse.reads("Relevant, and ready to start.")
    ilse.follow("Edit this one")
    ilse.fill("The letter", OWN_WORDS)
    ilse.press("Keep this letter")
    ilse.reads(OWN_WORDS)
    ilse.follow("Release 1 letter…")
    ilse.press("Release 1 letter")
    # The worker's part.
    run_job(pk=Release.objects.get().job_id)
    application.refresh_from_db()
    assert application.status == "accepted"
    letters = [one for one in mail.outbox if OWN_WORDS in one.body]
    addresses = [address for one in letters for address in one.to]
    assert "lead-dubrovnik@demo.example" in addresses
    assert len(set(addresses)) == len(addresses)


def pair(ilse: Keyboard) -> None:
    ilse.open("/staff/pairings/new/")
    ilse.choose("Call", CALL)
    ilse.press("Show its cities")
    ilse.tick(GROUP)
    ilse.tick("Panaji-Goa")
    ilse.press("Compare the chosen cities")
    ilse.press("Propose")
    ilse.refused()
    ilse.fill("Why these cities", "Both carry more visitors than their streets can hold.")
    ilse.tick("Sustainable tourism")
    ilse.press("Propose")


def accept(person: Keyboard, pairing: Pairing) -> None:
    person.open(f"/my/pairings/{pairing.reference}/")
    person.follow("Read and answer")
    person.pick_radio("Yes, we accept")
    person.tick("I am allowed to answer")
    person.press("Send our answer")


def sign(person: Keyboard, pairing: Pairing) -> None:
    person.open(f"/my/pairings/{pairing.reference}/sign/")
    person.press("Record the signature")
    person.refused()
    person.fill("Who signed", "The mayor")
    person.fill("In which office", "Mayor")
    person.fill("Day of the signature", timezone.localdate().strftime("%d/%m/%Y"))
    person.press("Record the signature")
    person.reads("The mayor, Mayor, signed on")


def write_plan(ana: Keyboard, pairing: Pairing) -> None:
    ana.open("/plans/")
    ana.press("Start the plan")
    plan = Plan.objects.get(member__pairing=pairing, member__organisation__name=GROUP)
    ana.open(f"/plans/{plan.reference}/sections/challenge/")
    ana.fill("What is the problem", "One car in three is looking for a place to park.")
    ana.press("Save")
    ana.open(f"/plans/{plan.reference}/objectives/")
    ana.fill("Objective", "Fewer cars in the season")
    ana.press("Add the objective")
    ana.open(f"/plans/{plan.reference}/measures/new/")
    ana.press("Save the measure")
    ana.refused()
    ana.fill("Title", "Guide drivers to free parking places")
    ana.pick_radio("Pilot project")
    ana.press("Save the measure")
    measure = plan.measures.get()
    assert (measure.code, measure.kind) == ("A1.1", "pilot")


def get_reminder(ilse: Keyboard, pairing: Pairing) -> None:
    due = pairing.milestones.filter(kind="plan").first()
    assert due is not None
    eve = timezone.now() + (due.due_on - timezone.localdate()) - timedelta(days=1)
    call_command("reminders", as_of=eve.isoformat(), verbosity=0)
    mails = Mail.objects.filter(
        kind="reminder_plan_section", recipient__startswith="lead-dubrovnik"
    )
    reminder = mails.get()
    ilse.open("/staff/outbox/")
    ilse.reads(reminder.subject)
    ilse.open(f"/staff/outbox/{reminder.pk}/")
    expect(ilse.page.get_by_role("heading", level=1)).to_be_visible()
