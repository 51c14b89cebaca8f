"""Pages of a city: its workspace, its application, its plan."""

from itertools import count

from django.test import Client
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationStatus
from benchmarks.browser import client_of, expect, fields_of, getting, of_demo, typed_on
from benchmarks.data import demo_plan
from benchmarks.harness import Action, Figures, case
from benchmarks.sizes import Size

SECTION = "challenge"
WRITER = "lead-dubrovnik"
PAGE = Figures(queries=15)
LIST = Figures(queries=15, sql=100)
DRAWN = Figures(queries=15, loops=1)
SAVED = Figures(queries=8)


@case("workspace of a city, /my/", PAGE)
def workspace(_size: Size) -> Action:
    return getting(of_demo(WRITER), reverse("homes:workspace"))


def demo_draft() -> tuple[Application, User]:
    """Return a draft and who leads its city."""
    drafts = Application.objects.filter(is_demo=True, status=ApplicationStatus.DRAFT)
    draft = drafts.exclude(response=None).earliest("pk")
    return draft, draft.organisation.memberships.earliest("pk").user


def draft_page(name: str) -> Action:
    """Return the action that opens a page of a draft."""
    draft, lead = demo_draft()
    return getting(client_of(lead), reverse(f"applications:{name}", args=[draft.key]))


@case("draft, applicant form", PAGE)
def applicant(_size: Size) -> Action:
    return draft_page("applicant")


@case("draft, preferences", PAGE)
def preferences(_size: Size) -> Action:
    return draft_page("preferences")


@case("draft, check before sending", PAGE)
def check(_size: Size) -> Action:
    return draft_page("check")


@case("plans of a city", LIST)
def plans(_size: Size) -> Action:
    return getting(of_demo(WRITER), reverse("action_plans:mine"))


def plan_page(name: str) -> Action:
    """Return the action that opens a page of the plan."""
    return getting(of_demo(WRITER), reverse(f"action_plans:{name}", args=[demo_plan().reference]))


@case("plan", PAGE)
def plan(_size: Size) -> Action:
    return plan_page("plan")


@case("plan, measures", DRAWN)
def measures(_size: Size) -> Action:
    return plan_page("measures")


@case("plan, timeline", DRAWN)
def timeline(_size: Size) -> Action:
    return plan_page("timeline")


def saving(client: Client, page: str, save: str) -> Action:
    """Return the action that saves what was typed on a page, something new each time."""
    read = fields_of(client.get(page).content.decode())
    rounds = count()

    def post() -> int:
        answer = client.post(save, typed_on(read, next(rounds)))
        expect(answer.status_code, 200, save)
        return len(answer.content)

    return post


@case("plan section, save while typing", SAVED)
def plan_save(_size: Size) -> Action:
    place = [demo_plan().reference, SECTION]
    return saving(
        of_demo(WRITER),
        reverse("action_plans:section", args=place),
        reverse("action_plans:section_save", args=place),
    )


@case("draft section, save while typing", SAVED)
def draft_save(_size: Size) -> Action:
    draft, lead = demo_draft()
    assert draft.response is not None  # noqa: S101 - its call asks questions
    section = draft.response.version.sections.earliest("order")
    place = [draft.key, section.key]
    return saving(
        client_of(lead),
        reverse("applications:section", args=place),
        reverse("applications:section_save", args=place),
    )
