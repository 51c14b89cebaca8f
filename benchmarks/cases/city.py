"""Pages of a city: its workspace, its application, its plan."""

from itertools import count

from django.test import Client
from django.urls import reverse

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


@case("workspace of a city, /my/", PAGE)
def workspace(_size: Size) -> Action:
    return getting(of_demo(WRITER), reverse("homes:workspace"))


def draft_page(name: str) -> Action:
    """Return the action that opens a page of a draft."""
    draft = Application.objects.filter(is_demo=True, status=ApplicationStatus.DRAFT).earliest("pk")
    lead = draft.organisation.memberships.earliest("pk").user
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


@case("plan section, save while typing", Figures(queries=8))
def section_save(_size: Size) -> Action:
    client: Client = of_demo(WRITER)
    reference = demo_plan().reference
    page = reverse("action_plans:section", args=[reference, SECTION])
    save = reverse("action_plans:section_save", args=[reference, SECTION])
    read = fields_of(client.get(page).content.decode())
    rounds = count()

    def post() -> int:
        answer = client.post(save, typed_on(read, next(rounds)))
        expect(answer.status_code, 200, save)
        return len(answer.content)

    return post
