"""Two ways to the same end, in a browser: what somebody presses and clicks is counted."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

QUEUE = "/staff/eligibility/"
LIST = "/staff/applications/"
REASON = "The case is told with figures, and the money is set aside."
PLACES, THRESHOLD = 10, 50


@dataclass
class Hands:
    """Somebody at a page: each key and each click counts, and each sign that is typed."""

    page: Page
    keys: int = 0
    clicks: int = 0

    def press(self, key: str) -> None:
        """Press a key."""
        self.keys += 1
        self.page.keyboard.press(key)

    def go(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.press(key)

    def open(self, address: str) -> None:
        """Go to a page by one click: a link of the menu, or a bookmark."""
        self.clicks += 1
        self.page.goto(address)

    def click(self, target: Locator) -> None:
        """Click on something of the page."""
        self.clicks += 1
        target.click()

    def follow(self, target: Locator) -> None:
        """Click on something that leads to another page."""
        with self.page.expect_navigation():
            self.click(target)

    def fill(self, target: Locator, words: str) -> None:
        """Click into a field and type."""
        self.click(target)
        self.keys += len(words)
        self.page.keyboard.insert_text(words)


# Does so many cases of a call, by its slug.
Way = Callable[[Hands, str, int], None]


def check_by_keys(hands: Hands, call: str, number: int) -> None:
    """Check one case after the other in the workbench, where nothing is unclear."""
    page = hands.page
    page.goto(f"{QUEUE}?from=call%3D{call}")
    for _each in range(number):
        # The next case has come by itself, with the focus on its heading.
        expect(page.locator("#case-h")).to_be_focused()
        expect(page.locator("[data-keys-button]")).to_be_visible()
        hands.go("p")
    expect(page.get_by_role("heading", level=1)).to_have_text("That was the last one.")


def check_by_pages(hands: Hands, call: str, number: int) -> None:
    """Open the list, an application, its letter where it has one, and decide; then the list."""
    main = hands.page.get_by_role("main")
    for _each in range(number):
        hands.open(f"{LIST}?call={call}&status=submitted")
        hands.follow(main.locator("tbody th a").first)
        letter = main.get_by_role("link", name="Commitment of")
        if letter.count():
            hands.follow(letter)
            hands.click(main.get_by_label("I have opened it"))
            hands.click(main.get_by_label("It counts"))
            hands.follow(main.get_by_role("button", name="Save"))
        hands.follow(main.get_by_role("link", name="Decide: eligible"))
        hands.follow(main.get_by_role("button", name="Continue"))


def decide_by_line(hands: Hands, call: str, number: int) -> None:
    """Try a line in the ranking, write a reason for each outcome, and set all of them at once."""
    page = hands.page
    main = page.get_by_role("main")
    page.goto(f"/staff/calls/{call}/ranking/")
    hands.fill(main.get_by_label("Threshold"), str(THRESHOLD))
    hands.fill(main.get_by_label("Places"), str(PLACES))
    hands.follow(main.get_by_role("button", name="Try"))
    hands.follow(main.get_by_role("link", name="Set as pending from this line"))
    for outcome in ("Accept", "Reserve", "Reject"):
        hands.fill(main.get_by_label(f"Reason: {outcome}"), REASON)
    hands.follow(main.get_by_role("button", name=f"Set {number} as pending"))
    # The page asks by itself how far the work is.
    expect(main.get_by_text("Done", exact=True).first).to_be_visible(timeout=60_000)


def decide_one_by_one(hands: Hands, call: str, number: int) -> None:
    """Open the ranking, an application, and prepare what becomes of it; then the ranking."""
    main = hands.page.get_by_role("main")
    for place in range(number):
        hands.open(f"/staff/calls/{call}/ranking/")
        hands.follow(main.locator("tbody th a").nth(place))
        name = "Accept" if place < PLACES else "Reject"
        hands.follow(main.get_by_role("link", name=name, exact=True))
        hands.fill(main.get_by_label("Reason"), REASON)
        hands.follow(main.get_by_role("button", name="Save as pending"))
