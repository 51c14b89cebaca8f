"""All pages of who applies, in every state: empty, refused, saved, in conflict, sent, by a link.

And those on which staff run a call: its dates, rules and questions, clarifications, late entries.

The pages come from the access table, as the forms in tests/access do: an address that is added is
looked at by itself. Each is drawn by the portal in a transaction that is rolled back, and handed
to the browser as its answer: a state costs a page to draw, and no database of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client

from tests.access.expect import ANONYMOUS, OPEN
from tests.access.forms import TOKEN, Page
from tests.access.moments import MOMENTS
from tests.access.table import APPLICATIONS, PROGRAMME, SHOWCASE
from tests.access.world import build_world
from tests.journeys.conftest import AXE, AXE_AGAIN, AXE_RUN, AXE_TAGS

pytestmark = pytest.mark.django_db(transaction=True)

READERS = ("lead", "stranger", "partner_lead", ANONYMOUS, "coordinator")
STAFF = re.compile(r":(staff_|trial|export)")
ROWS = [
    row
    for row in (*SHOWCASE, *PROGRAMME, *APPLICATIONS, *MOMENTS)
    if not STAFF.search(row.name)
    and row.name.startswith(("showcase:c", "organisations:", "applications:"))
    and any(row.GET[role] == OPEN for role in READERS)
]
OF_THE_CALL = re.compile(
    r"calls:staff_|applications:staff_(ask|clarification|why|.*interests?)$|organisations:staff_claim"
)
STAFF_ROWS = [
    row
    for row in (*PROGRAMME, *APPLICATIONS, *MOMENTS)
    if OF_THE_CALL.match(row.name) and row.GET["coordinator"] == OPEN
]
# Where a page is laid out anew: its width, and the size of its text.
LAYOUTS = ((390, "100%"), (320, "100%"), (1280, "200%"))
# Where it is gone through with Tab, on a screen as it is.
BY_KEYBOARD = ((320, 640, "100%"), (1280, 900, "200%"))
RESIZE = """size => {
  document.documentElement.style.fontSize = size;
  return document.scrollingElement.scrollWidth - window.innerWidth;
}"""
# Notes every element that gets the focus, whether it shows it, and whether it can be seen.
WATCH = """() => {
  window.focused = [];
  document.addEventListener("focusin", (event) => {
    const style = getComputedStyle(event.target);
    const box = event.target.getBoundingClientRect();
    window.focused.push({
      element: event.target,
      shows: style.outlineStyle !== "none" || style.boxShadow !== "none",
      seen: box.bottom > 0 && box.top < window.innerHeight && box.right > 0,
    });
  });
}"""
REACHABLE = """() => {
  const asked = "a[href], button:enabled, input:enabled:not([type=hidden]), select:enabled, " +
    "textarea:enabled, summary, [tabindex='0']";
  window.reachable = [...document.querySelectorAll(asked)].filter((element) => {
    if (element.tabIndex < 0 || !element.checkVisibility({visibilityProperty: true})) return false;
    if (element.type !== "radio") return true;
    const group = [...document.getElementsByName(element.name)];
    return element === (group.find((one) => one.checked) || group[0]);
  });
  return window.reachable.length;
}"""
MISSED = """() => {
  const name = (one) => one.outerHTML.replace(/\\s+/g, " ").slice(0, 90);
  const met = window.focused.map((one) => one.element);
  const first = [...new Set(met)];
  const wrong = window.reachable.filter((one) => !met.includes(one))
    .map((one) => "never: " + name(one));
  // A page may begin at its summary of errors: from the last element one comes to the first.
  const follows = (one, other) => one.compareDocumentPosition(other) & 4;
  const back = first.filter((one, i) => i && !follows(first[i - 1], one));
  if (back.length > 1) wrong.push("out of order: " + back.map(name).join(" and "));
  for (const one of window.focused) {
    if (!one.shows) wrong.push("focus not shown: " + name(one.element));
    if (!one.seen) wrong.push("focus out of sight: " + name(one.element));
  }
  return [...new Set(wrong)];
}"""


@dataclass(frozen=True)
class State:
    """A page as the portal answers it."""

    name: str
    html: str
    policy: str
    # What a form led to: a page that is walked where it opens by itself.
    is_answer: bool

    @property
    def likeness(self) -> str:
        """Equal for pages that differ in their tokens and numbers alone."""
        main = self.html.partition("<main")[2]
        return re.sub(r'value="[^"]*"|\d+', "", main)


def state_of(name: str, answer) -> Iterator[State]:
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    # An answer without a word leads elsewhere.
    if is_page and answer.content:
        policy = answer.headers.get("Content-Security-Policy", "")
        # Else it is no page but the HTML of a mail, for a frame in which nothing may act.
        if "sandbox" not in policy:
            yield State(name, answer.content.decode(), policy, name.endswith(", sent"))


def states_of(row, world, clients) -> Iterator[State]:
    """Give a row's page as it opens, and what comes of each of its forms, empty and filled in."""
    client = clients[next(role for role in READERS if row.GET[role] == OPEN)]
    with transaction.atomic():
        url = row.address(world)
        opened = client.get(url)
        yield from state_of(f"{row}", opened)
        if opened.headers.get("Content-Type", "").startswith("text/html"):
            forms = [one for one in Page(opened.content.decode(), url).forms if one.is_typed]
            for form in forms:
                only_token = {TOKEN: form.token}
                versions = {
                    one.name: one.values[0]
                    for one in form.controls
                    if one.kind == "hidden" and one.values
                }
                yield from sent(f"{row}, refused", client, form, versions | only_token)
                filled = next(form.sent(filled=True))
                yield from sent(f"{row}, sent", client, form, filled)
            if row.sent:
                token = next((form.token for form in forms), "")
                answer = client.post(url, {**row.sent, TOKEN: token})
                yield from state_of(f"{row}, in conflict", answer)
        transaction.set_rollback(True)


def sent(name: str, client, form, data) -> Iterator[State]:
    with transaction.atomic():
        yield from state_of(name, client.post(form.address, data, follow=True))
        transaction.set_rollback(True)


def clients_of(world) -> dict[str, Client]:
    clients = {role: Client() for role in READERS}
    for role, client in clients.items():
        if role != ANONYMOUS:
            client.force_login(world.people[role], backend="accounts.backends.PersonBackend")
    return clients


def all_states(rows) -> Iterator[State]:
    """Give each state once; the world is built in a transaction, and nothing of it stays."""
    met = set()
    with transaction.atomic():
        world = build_world()
        clients = clients_of(world)
        for row in rows:
            for state in states_of(row, world, clients):
                if state.likeness not in met:
                    met.add(state.likeness)
                    yield state
        transaction.set_rollback(True)


def faults_of(page, state: State, answers: dict) -> list[str]:
    answers.clear()
    answers["html"], answers["policy"] = state.html, state.policy
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/")
    page.evaluate(AXE.read_text())
    faults = page.evaluate(AXE_RUN, AXE_TAGS)
    for width, size in LAYOUTS:
        # As tall as the page: the bar that stays at the foot covers nothing.
        page.set_viewport_size({"width": width, "height": 6000})
        where = f"at {width} px and text of {size}"
        if page.evaluate(RESIZE, size) > 0:
            faults.append(f"scrolls sideways {where}")
        faults += [f"{fault} {where}" for fault in page.evaluate(AXE_AGAIN)]
    if not state.is_answer:
        for width, height, size in BY_KEYBOARD:
            where = f"at {width} px and text of {size}"
            faults += [f"{one} {where}" for one in by_keyboard(page, width, height, size)]
    return [f"{state.name}: {fault}" for fault in faults]


def by_keyboard(page, width, height, size) -> list[str]:
    """Go through the page with Tab; return what went wrong on the way."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(RESIZE, size)
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    page.evaluate(WATCH)
    # A few more than there are: what scripts add meanwhile is passed too.
    for _ in range(page.evaluate(REACHABLE) + 8):
        page.keyboard.press("Tab")
    return page.evaluate(MISSED)


@pytest.fixture
def look(new_page, settings):
    """Look at all states of the pages of some rows; return how many there are, and the faults."""
    settings.DEMO = True
    page, answers = new_page(), {}

    def answer(route):
        # A frame within the page stays empty: it would be the page itself once more.
        if route.request.resource_type == "document" and not route.request.frame.parent_frame:
            headers = {"Content-Security-Policy": answers["policy"]} if answers["policy"] else {}
            route.fulfill(
                body=answers["html"], content_type="text/html; charset=utf-8", headers=headers
            )
        elif "/static/" in route.request.url:
            route.continue_()
        else:
            route.fulfill(status=204)

    page.route("**/*", answer)
    page.on("dialog", lambda dialog: dialog.accept())

    def at(rows):
        found = [faults_of(page, state, answers) for state in all_states(rows)]
        return len(found), [fault for faults in found for fault in faults]

    return at


# In parts: each is looked at within the time of a test, and the processes share them.
@pytest.mark.parametrize("part", range(4))
def test_no_state_has_a_barrier(look, part):
    seen, faults = look(ROWS[part::4])
    assert seen > 20
    assert faults == []


@pytest.mark.parametrize("part", range(2))
def test_no_page_on_which_staff_run_a_call_has_a_barrier(look, part):
    seen, faults = look(STAFF_ROWS[part::2])
    assert seen > 15
    assert faults == []
