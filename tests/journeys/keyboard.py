"""A person who uses the portal by keyboard alone, and looks closely at every page."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, ViewportSize, expect

MOST_TABS = 500
NARROW = ViewportSize(width=320, height=640)
WIDE = ViewportSize(width=1280, height=900)
HAS_FOCUS = "element => element === document.activeElement"


class Keyboard:
    """Drives a page with Tab, arrows, Space, Enter and typing; never with the mouse.

    `look` holds the page against axe at 1280 and 320 px; `open` and `press_to` look by
    themselves.
    """

    def __init__(self, page: Page, axe: Callable[..., None]) -> None:
        self.page, self._axe = page, axe

    def look(self) -> None:
        """Check the page as it stands, wide and narrow."""
        self._axe(self.page)
        self.page.set_viewport_size(NARROW)
        self._axe(self.page, again=True)
        self.page.set_viewport_size(WIDE)

    def open(self, path: str) -> None:
        """Go to an address, as from a bookmark or a mail."""
        self.page.goto(path)
        self.look()

    def reach(self, target: Locator) -> None:
        """Press Tab until the target has the focus."""
        found = target.element_handles()
        if len(found) != 1:
            snapshot = self.page.locator("main").aria_snapshot()
            message = f"{len(found)} of {target} at {self.page.url}\n{snapshot}"
            raise AssertionError(message)
        for _ in range(MOST_TABS):
            if found[0].evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press("Tab")
        message = f"{MOST_TABS} times Tab never reached {target}"
        raise AssertionError(message)

    def fill(self, label: str, text: str) -> None:
        """Replace what stands in a field."""
        main = self.page.locator("main")
        field = main.get_by_role("textbox", name=label)
        for role in ("combobox", "searchbox"):
            field = field.or_(main.get_by_role(role, name=label))  # type: ignore[arg-type]
        self.reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def pick_radio(self, label: str) -> None:
        """Choose a radio button: Tab enters the group, arrows move in it."""
        target = self.page.get_by_role("radio", name=label, exact=True)
        name = target.get_attribute("name")
        group = self.page.locator(f'input[type=radio][name="{name}"]')
        checked = group.and_(self.page.locator(":checked"))
        self.reach(checked if checked.count() else group.first)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        expect(target).to_be_checked()

    def tick(self, label: str) -> None:
        """Tick a checkbox; a fold it lies in is opened first."""
        box = self.page.get_by_label(label, exact=False).and_(
            self.page.locator("input[type=checkbox]")
        )
        if not box.is_visible():
            self.reach(self.page.locator("details").filter(has=box).locator("summary"))
            self.page.keyboard.press("Enter")
        self.reach(box)
        if not box.is_checked():
            self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a select by its first letters, as people do.

        The browser takes letters that come more than a second apart for new words: on a busy
        machine the word is typed again.
        """
        field = self.page.get_by_role("combobox", name=label)
        self.reach(field)
        for _ in range(3):
            self.page.keyboard.type(option)
            chosen = field.evaluate("select => select.selectedOptions[0].label")
            if chosen == option:
                return
            self.page.wait_for_timeout(1_500)
        message = f"{option} was typed, {chosen} is chosen"
        raise AssertionError(message)

    def upload(self, label: str, path: Path) -> None:
        """Choose a file: Space on the field opens the system's dialogue."""
        field = self.page.get_by_label(label)
        # Where scripts still bring the focus to what was refused, the key went there.
        self.page.wait_for_load_state()
        self.reach(field)
        expect(field).to_be_focused()
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(path)

    def press(self, name: str, *, role: str = "button") -> None:
        """Press a button, or follow a link, and look at what comes."""
        main = self.page.locator("main")
        exact = main.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        part = main.get_by_role(role, name=name)  # type: ignore[arg-type]
        self.reach(exact if exact.count() else part)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def follow(self, name: str) -> None:
        """Follow a link."""
        self.press(name, role="link")

    def reads(self, text: str) -> None:
        """Require a text on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def refused(self) -> None:
        """Require that the page came back with an error summary that has the focus."""
        assert self.page.title().startswith("Error: ")
        expect(self.page.get_by_role("alert")).to_be_focused()

    def heading(self, text: str) -> None:
        """Require the page's heading."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)
