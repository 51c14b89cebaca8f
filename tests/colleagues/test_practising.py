"""Practising: all of a case's way on made-up ones, and nothing of it is there for anybody else."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from applications.assessment.models import Assessment
from applications.models import Application
from core.kit import days
from core.kit.errors import NotAllowedError, StaleError
from core.post.models import Mail
from core.trail.models import AuditEvent
from iuc_portal.colleagues.models import Practice
from iuc_portal.colleagues.practice_hints import CASES
from iuc_portal.colleagues.services import begin_practice, leave_practice
from programme.calls.models import Call
from programme.organisations.models import Organisation
from reminders.services import queue_reminders
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
)
from tests.factories.applications import SubmittedApplicationFactory

pytestmark = pytest.mark.django_db

HOME = "/staff/practice/"
DESK = "/staff/practice/desk/"
CHECK = f"{DESK}staff/eligibility/"


@pytest.fixture
def world(settings):
    """A real application beside; it brings the countries and strands of a programme."""
    settings.DEMO = True
    return SubmittedApplicationFactory(organisation__name="Dubrovnik")


@pytest.fixture
def person(world):
    return CoordinatorFactory()


@pytest.fixture
def client(person, sign_in):
    client = sign_in(person)
    client.post(reverse("colleagues:practice_begin"))
    return client


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def at(reference, page=""):
    return f"{DESK}staff/applications/{reference}/{page}"


def version_on(page):
    return re.search(r'name="version" value="(\d+)"', page)[1]


def judge(client, reference, deed, **values):
    page = text(client.get(at(reference, "check/")))
    sent = {"deed": deed, "version": version_on(page), **values}
    return client.post(at(reference, "check/judge/"), sent)


def everything():
    """How much there is of all that a practice could add to."""
    models = (Application, Call, Organisation, AuditEvent, Mail)
    return [model.objects.count() for model in models]


def test_way_of_a_case_from_check_to_release_leaves_nothing(client, world, outbox):
    queue_reminders(now=days.now())
    before = everything()
    page = text(client.get(CHECK, follow=True))
    assert "Rivamare" in page
    assert "Dubrovnik" not in page
    answer = judge(client, "PRACTICE-1", "eligible")
    page = text(client.get(answer.url))
    assert "PRACTICE-1: an experienced colleague would find it eligible here" in page
    judge(client, "PRACTICE-8", "pass", item="population", reason="The census says so.")

    assert client.post(at("PRACTICE-1", "owner/take/")).status_code == 302
    client.post(at("PRACTICE-1", "notes/"), {"text": "Looks fine."})
    page = text(client.get(at("PRACTICE-1")))
    assert "Looks fine." in text(client.get(at("PRACTICE-1", "notes/")))
    assert DESK in page

    call = f"{DESK}staff/calls/practice-{Practice.objects.get().person_id}"
    page = text(client.get(f"{call}/ranking/"))
    assert "Rivamare" in page
    outcome = at("PRACTICE-1", "outcome/")
    values = {"outcome": "accepted", "reason": "The best of all.", "version": "0"}
    page = text(client.post(outcome, values, follow=True))
    assert "would accept it here" in page
    page = text(client.get(f"{call}/release/"))
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    answer = client.post(f"{call}/release/", sent, follow=True)
    assert "Rivamare" in text(answer)
    page = text(client.get(at("PRACTICE-1")))
    assert "Accepted" in page

    queue_reminders(now=days.now())
    assert everything() == before
    assert mail.outbox == []
    words = text(client.get("/staff/applications/")) + text(client.get("/staff/"))
    assert "PRACTICE" not in words
    assert "Rivamare" not in words


def test_each_page_says_once_that_one_practises(client):
    # The queue leads on to its first case.
    page = client.get(CHECK, follow=True)
    assert page.redirect_chain
    assert text(page).count("You practise on made-up cases") == 1
    assert text(client.get(at("PRACTICE-1"))).count("You practise on made-up cases") == 1


def test_city_is_asked_and_refused_without_a_mail(client, mailoutbox):
    page = text(client.get(at("PRACTICE-2", "eligibility/?eligible=no")))
    values = {"eligible": "no", "reason": "41,300 are too few.", "version": version_on(page)}
    assert "41,300" in text(client.post(at("PRACTICE-2", "eligibility/"), values))
    client.post(at("PRACTICE-2", "eligibility/"), values | {"confirm": "1"})
    assert "Not eligible" in text(client.get(at("PRACTICE-2")))
    assert mailoutbox == []


def test_reads_as_an_assessor_and_scores(client):
    judge(client, "PRACTICE-1", "eligible")
    client.post(reverse("colleagues:practice_read"), {"reading": "1"})
    assert "Rivamare" in text(client.get(f"{DESK}staff/assessments/"))
    assert "The problem" in text(client.get(at("PRACTICE-1", "scores/")))
    assert client.get(f"{DESK}staff/eligibility/").status_code == 403


def test_scores_are_handed_in_by_who_reads_as_an_assessor(client):
    judge(client, "PRACTICE-1", "eligible")
    client.post(reverse("colleagues:practice_read"), {"reading": "1"})
    scores = at("PRACTICE-1", "scores/")
    keys = [card.criterion.key for card in client.get(scores).context["cards"]]
    for key in keys:
        page = text(client.get(f"{scores}?criterion={key}"))
        typed = {"value": "4.0", "sentence": "Figures show it.", "version": version_on(page)}
        assert client.post(f"{scores}{key}/", typed).status_code == 302
    whole = client.get(scores).context["hand_in_form"]["version"].value()
    done = client.post(f"{scores}hand-in/", {"overall": "Strong.", "version": whole}, follow=True)
    assert "Rivamare is handed in." in text(done)
    assert not client.get(scores).context["is_open"]
    assert not Assessment.objects.exists()


def test_begun_afresh_all_stands_as_it_came_in_and_taken_away_it_is_gone(client, person):
    judge(client, "PRACTICE-1", "eligible")
    assert "Eligible" in text(client.get(at("PRACTICE-1")))
    client.post(reverse("colleagues:practice_begin"))
    assert "Every criterion is met" in text(client.get(at("PRACTICE-1", "check/")))
    client.post(reverse("colleagues:practice_end"))
    assert not Practice.objects.exists()
    assert client.get(at("PRACTICE-1")).url == HOME
    begin_practice(user=person)
    person.delete()
    assert not Practice.objects.exists()


def test_no_real_case_and_no_other_page_is_met_within(client, world):
    for page in (
        f"staff/applications/{world.reference}/",
        f"staff/calls/{world.call.slug}/ranking/",
        "staff/people/",
        "staff/applications/export/",
    ):
        assert client.get(DESK + page).url == HOME
    assert "Dubrovnik" not in text(client.get(f"{DESK}staff/applications/"))
    assert client.get(f"{DESK}nowhere/").status_code == 404


def test_coordinators_see_which_cases_are_done_and_nothing_else(client, person, sign_in):
    judge(client, "PRACTICE-1", "eligible")
    page = text(client.get(reverse("colleagues:practised")))
    assert str(person) in page
    assert f"1 of {len(CASES)}" in page
    assert "PRACTICE-1" in page
    assert "PRACTICE-2" not in page
    desk = sign_in(DeskFactory())
    assert desk.get(reverse("colleagues:practised")).status_code == 403
    assert reverse("colleagues:practised") not in text(desk.get(HOME))


def test_cases_are_their_owners_alone(client, world, sign_in):
    judge(client, "PRACTICE-1", "eligible")
    other = sign_in(CoordinatorFactory())
    other.post(reverse("colleagues:practice_begin"))
    assert "Every criterion is met" in text(other.get(at("PRACTICE-1", "check/")))


@pytest.mark.parametrize("factory", [ObserverFactory, AssessorFactory])
def test_who_checks_nothing_has_no_practice(factory, world):
    with pytest.raises(NotAllowedError):
        begin_practice(user=factory())


def test_second_tab_does_not_undo_the_first(person):
    practice = begin_practice(user=person)
    leave_practice(practice=practice, rows=[], roots=[], user=person)
    with pytest.raises(StaleError):
        leave_practice(practice=practice, rows=[], roots=[], user=person)


def test_cases_are_of_different_difficulty_and_each_has_a_hint_for_the_whole():
    assert 6 <= len(CASES) <= 8
    assert len({str(case.level) for case in CASES}) == 3
    assert all("check" in case.hints for case in CASES)
