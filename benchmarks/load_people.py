"""Who takes part in `benchmarks.load`: what each of them asks for next."""

from collections.abc import Callable, Iterator
from itertools import count, cycle

from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse

from applications.models import Application
from applications.services import start_application
from benchmarks.browser import VERSION, anybody, client_of, expect, fields_of, of_demo, typed_on
from benchmarks.data import MARK, call_of_all, demo_plan
from benchmarks.load import Request
from core.kit.days import now
from pairings.models import Pairing
from programme.calls.models import Call
from programme.organisations.models import Membership
from questionnaires.states import Purpose

Ask = Callable[[], Request]


def cookies_of(client: Client) -> str:
    """Return the cookies of a client as a browser sends them."""
    return "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())


def writers(number: int) -> Iterator[tuple[str, Ask]]:
    """Make as many people, each with a draft, who save one of its sections again and again."""
    call = (
        Call.objects.open_at(now())
        .filter(questionnaires__purpose=Purpose.APPLICATION)
        .exclude(applications__reference__startswith="BENCH")
        .earliest("opens_at")
    )
    leads = Membership.objects.filter(organisation__slug__startswith=f"{MARK}-").select_related(
        "organisation", "user"
    )
    countries = call.eligible_countries.all()
    for lead in leads.filter(organisation__country__in=countries).order_by("pk")[:number]:
        draft = start_application(call=call, organisation=lead.organisation, by=lead.user)
        section = draft.response.version.sections.earliest("pk").key
        client = client_of(lead.user)
        page = client.get(reverse("applications:section", args=[draft.key, section]))
        expect(page.status_code, 200, section)
        yield (
            cookies_of(client),
            saving(
                reverse("applications:section_save", args=[draft.key, section]),
                fields_of(page.content.decode()),
                client.cookies[settings.CSRF_COOKIE_NAME].value,
            ),
        )


def saving(address: str, read: dict[str, str], token: str) -> Ask:
    rounds = count()
    return lambda: Request(address, typed_on(read, next(rounds)), token)


def is_stored(sent: Request) -> bool:
    """Whether every text of a save stands in its draft as it was sent."""
    match = resolve(sent.address)
    draft = Application.objects.get(draft_key=match.kwargs["key"])
    stored = dict(draft.response.answers.values_list("question__key", "value"))
    fields = sent.fields or {}
    texts = {name for name in fields if VERSION + name in fields}
    return bool(texts) and all(str(stored.get(name)) == fields[name].strip() for name in texts)


def yardsticks(number: int) -> Iterator[tuple[str, Ask]]:
    """Make as many people who are not signed in and ask for a page that costs one query."""
    for _person in range(number):
        yield cookies_of(anybody()), lambda: Request(reverse("showcase:pairings"))


def readers(number: int) -> Iterator[tuple[str, Ask]]:
    """Make as many readers: four of five are not signed in, the others belong to a city."""
    pairings = Pairing.objects.public().order_by("pk")[:20]
    public = [
        reverse("showcase:home"),
        reverse("showcase:pairings"),
        *(reverse("showcase:pairing", args=[pairing.slug]) for pairing in pairings),
        reverse("showcase:calls"),
        reverse("showcase:about"),
        reverse("showcase:call", args=[call_of_all().slug]),
    ]
    plan = demo_plan().reference
    own = [
        reverse("homes:workspace"),
        reverse("action_plans:plan", args=[plan]),
        reverse("showcase:home"),
    ]
    for person in range(number):
        client, pages = (of_demo("lead-dubrovnik"), own) if person % 5 == 0 else (anybody(), public)
        yield cookies_of(client), reading(pages, person)


def reading(pages: list[str], first: int) -> Ask:
    turns = cycle([*pages[first % len(pages) :], *pages[: first % len(pages)]])
    return lambda: Request(next(turns))
