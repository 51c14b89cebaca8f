"""Our scripts in a real browser: saving, searching, counting, menus, errors."""

from http import HTTPStatus

import pytest
from django import forms
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import include, path
from playwright.sync_api import expect

from core.kit.fields import ReasonField

STATE = {}


class TextForm(forms.Form):
    """One field group of a questionnaire."""

    text = forms.CharField(label="Your text", max_length=100, widget=forms.Textarea, required=False)


class RequiredForm(forms.Form):
    name = forms.CharField(label="Name")
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect
    )
    why = ReasonField(label="Why B", needed_when=("kind", "b"))


class ChoosingForm(forms.Form):
    """One file of at most a thousand bytes."""

    file = forms.FileField(
        label="Letter",
        required=False,
        widget=forms.ClearableFileInput(attrs={"data-most-bytes": "1000"}),
    )


def choosing(request):
    """A page that takes a file; it says which one came."""
    if request.method == "POST":
        return HttpResponse(f"came: {', '.join(f.name for f in request.FILES.values())}.")
    return render(request, "journeys/choosing.html", {"form": ChoosingForm()})


def writing(request):
    """A page that saves itself; the submitted form shows what it came with."""
    if request.method == "POST":
        return HttpResponse(f"sent {request.POST['version']}: {request.POST['text']}")
    return render(request, "journeys/writing.html", {"form": TextForm(), "version": 1})


def saving(request):
    """Answer as STATE says: "ok", "conflict", "closed", "refused", "broken" or "signed out"."""
    STATE["asked"].append(request.POST["text"])
    mood = STATE["mood"]
    if mood == "signed out":
        return HttpResponseRedirect("/accounts/login/")
    if mood == "broken":
        return HttpResponse(status=HTTPStatus.BAD_GATEWAY)
    state, status = {
        "ok": ("saved", HTTPStatus.OK),
        "conflict": ("conflict", HTTPStatus.CONFLICT),
        "closed": ("closed", HTTPStatus.GONE),
        "refused": ("refused", HTTPStatus.UNPROCESSABLE_ENTITY),
    }[mood]
    values = {"state": state, "time": "14:03", "name": "Luka", "text": "Shorten it."}
    html = render_to_string("components/save_state.html", values)
    version = int(request.POST["version"]) + 1
    body = {"version": version, "html": html, "swap": {"mark": f"<b>version {version}</b>"}}
    return JsonResponse(body, status=status)


def cities(request):
    found = [{"id": 7, "label": "Łódź", "hint": "Poland"}, {"id": 8, "label": "Lodz <b>2</b>"}]
    return JsonResponse(found if "lo" in request.GET["q"].lower() else [], safe=False)


def failing(request):
    form = RequiredForm(request.POST or None)
    form.is_valid()
    return render(request, "journeys/failing.html", {"form": form})


urlpatterns = [
    path("writing/", writing),
    path("saving/", saving),
    path("cities/", cities),
    path("failing/", failing),
    path("choosing/", choosing),
    path("", include("iuc_portal.urls")),
]

PAGES = {
    "journeys/writing.html": """
        {% extends "base_city.html" %}
        {% block title %}Writing{% endblock %}{% block heading %}Writing{% endblock %}
        {% block content %}<span id="mark">version 1</span>
        <form method="post" action="/writing/" data-autosave="/saving/" novalidate>{% csrf_token %}
        <input type="hidden" name="version" value="{{ version }}">
        {% include "components/field.html" with field=form.text only %}
        <label for="city">City</label>
        <input id="city" name="city" data-combobox data-url="/cities/" data-target="city_id">
        <input type="hidden" id="city_id" name="city_id">
        {% include "components/save_bar.html" with label="Go on" only %}</form>{% endblock %}""",
    "journeys/choosing.html": """
        {% extends "base_city.html" %}
        {% block title %}Choosing{% endblock %}{% block heading %}Choosing{% endblock %}
        {% block content %}
        <form method="post" enctype="multipart/form-data" novalidate>{% csrf_token %}
        {% include "components/field.html" with field=form.file only %}
        <button class="btn btn-primary">Send</button></form>{% endblock %}""",
    "journeys/failing.html": """
        {% extends "base.html" %}{% load crispy_forms_tags %}
        {% block title %}Failing{% endblock %}{% block heading %}Failing{% endblock %}
        {% block content %}<form method="post" novalidate>{% csrf_token %}{{ form|crispy }}
        <button class="btn btn-primary">Send</button></form>{% endblock %}""",
}

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def world(settings):
    """Bring the pages of this file, and a server in good mood."""
    [engine] = settings.TEMPLATES
    options = {key: value for key, value in engine["OPTIONS"].items() if key != "loaders"}
    options["loaders"] = [
        ("django.template.loaders.locmem.Loader", {k: v.strip() for k, v in PAGES.items()}),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]
    STATE.update(mood="ok", asked=[])


@pytest.fixture
def desk(page):
    page.goto("/writing/")
    return page


def state_of(page):
    return page.locator("[data-save-state]")


def test_text_saves_itself_and_the_version_moves_on(desk):
    expect(state_of(desk)).to_contain_text("This page saves by itself.")
    desk.get_by_label("Your text").fill("Water for all")
    expect(state_of(desk)).to_contain_text("Saved 14:03")
    expect(desk.locator("#mark")).to_have_text("version 2")
    desk.get_by_label("Your text").press_sequentially("!")
    expect(desk.locator("#mark")).to_have_text("version 3")
    desk.get_by_role("button", name="Go on").click()
    expect(desk.locator("body")).to_have_text("sent 3: Water for all!")


def test_submitting_during_a_save_does_not_conflict_with_itself(desk):
    desk.get_by_label("Your text").fill("Water")
    desk.get_by_role("button", name="Go on").click()
    expect(desk.locator("body")).to_contain_text(": Water")
    versions = desk.locator("body").inner_text()
    assert versions in {"sent 1: Water", "sent 2: Water"}
    assert (versions == "sent 2: Water") == (STATE["asked"] == ["Water"])


def test_colleague_saved_first_keeps_the_text_and_shows_both(desk):
    STATE["mood"] = "conflict"
    desk.get_by_label("Your text").fill("Mine")
    expect(state_of(desk)).to_contain_text("Luka saved this at 14:03.")
    expect(desk.get_by_label("Your text")).to_have_value("Mine")
    desk.get_by_role("button", name="See both texts").click()
    expect(desk.locator("body")).to_have_text("sent 1: Mine")


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        ("broken", "No connection. Your text is kept on this page."),
        ("signed out", "Please sign in again. Your text stays on this page."),
        ("closed", "The call closed at 14:03. Your draft is kept."),
        ("refused", "Shorten it."),
    ],
)
def test_failed_save_says_why_and_keeps_the_text(desk, mood, words):
    STATE["mood"] = mood
    desk.get_by_label("Your text").fill("Kept")
    expect(state_of(desk)).to_contain_text(words)
    expect(desk.get_by_label("Your text")).to_have_value("Kept")


def test_text_typed_before_the_script_came_is_saved(desk):
    # What the page asks for now is not what it asks for after it is loaded anew.
    expect(desk.locator("form[data-autosave][data-started]")).to_be_visible()
    held = []
    desk.route("**/js/autosave*.js", lambda route: held.append(route))  # noqa: PLW0108 - it looks at the signature
    with desk.expect_request("**/js/autosave*.js"):
        desk.reload()
    desk.get_by_label("Your text").fill("Early")
    assert STATE["asked"] == []
    held[0].continue_()
    expect(state_of(desk)).to_contain_text("Saved 14:03")
    assert STATE["asked"] == ["Early"]


def test_page_that_nobody_has_written_in_saves_nothing(desk):
    expect(desk.locator("form[data-autosave][data-started]")).to_be_visible()
    desk.wait_for_timeout(2000)
    assert STATE["asked"] == []


def test_save_is_tried_again_on_request(desk):
    STATE["mood"] = "broken"
    desk.get_by_label("Your text").fill("Twice")
    retry = desk.get_by_role("button", name="Try again now")
    expect(retry).to_be_visible()
    STATE["mood"] = "ok"
    retry.click()
    expect(state_of(desk)).to_contain_text("Saved 14:03")
    assert STATE["asked"] == ["Twice", "Twice"]


def test_leaving_with_unsaved_text_asks_first(desk):
    STATE["mood"] = "broken"
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.get_by_label("Your text").press_sequentially("Unsaved")
    expect(state_of(desk)).to_contain_text("No connection.")
    desk.goto("/accounts/login/")
    assert asked == ["beforeunload"]


def test_form_works_without_scripts(new_page):
    page = new_page(js=False)
    page.goto("/writing/")
    page.get_by_label("Your text").fill("Plain")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("body")).to_have_text("sent 1: Plain")


def test_counter_counts_as_the_server_does(desk):
    counter = desk.locator(".counter")
    expect(counter).to_have_text("100 characters left")
    desk.get_by_label("Your text").fill("🙂\nab")
    expect(counter).to_have_text("96 characters left")
    desk.get_by_label("Your text").fill("x" * 101)
    expect(counter).to_have_text("1 character too many")
    expect(desk.get_by_label("Your text")).to_have_value("x" * 101)


def test_combobox_is_driven_by_keys(desk, axe):
    box = desk.get_by_role("combobox", name="City")
    box.press_sequentially("lo")
    options = desk.get_by_role("option")
    expect(options).to_have_count(2)
    axe(desk)
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value("Łódź")
    expect(desk.locator("#city_id")).to_have_value("7")
    box.press_sequentially("x")
    expect(desk.locator("#city_id")).to_have_value("")


def test_combobox_closes_on_escape_and_shows_names_as_text(desk):
    box = desk.get_by_role("combobox", name="City")
    box.press_sequentially("lo")
    expect(desk.get_by_role("option").nth(1)).to_have_text("Lodz <b>2</b>")
    box.press("Escape")
    expect(desk.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("lo")


def test_error_summary_takes_the_focus_and_leads_to_the_fields(page, axe):
    page.goto("/failing/")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_title("Error: Failing | International Urban Cooperation")
    expect(page.get_by_role("alert")).to_be_focused()
    axe(page)
    page.get_by_role("link", name="Fill in “Name”.").press("Enter")
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_role("link", name="Choose an answer to “Kind”.").press("Enter")
    expect(page.get_by_role("radio", name="A")).to_be_focused()


def test_reason_is_optional_only_while_its_answer_is_not_chosen(page):
    page.goto("/failing/")
    optional, why = page.get_by_text("(optional)"), page.locator("[name=why]")
    expect(why).to_have_attribute("aria-required", "false")
    expect(optional).to_be_hidden()
    page.get_by_role("radio", name="A").check()
    expect(optional).to_be_visible()
    page.get_by_role("radio", name="B").check()
    expect(optional).to_be_hidden()
    expect(why).to_have_attribute("aria-required", "true")


def test_menu_folds_on_a_phone_and_closes_on_escape(phone_page):
    phone_page.goto("/failing/")
    button = phone_page.get_by_role("button", name="Menu")
    link = phone_page.get_by_role("banner").get_by_role("link", name="Sign in")
    expect(link).to_be_hidden()
    button.click()
    expect(link).to_be_visible()
    link.press("Escape")
    expect(link).to_be_hidden()
    expect(button).to_be_focused()


def test_menu_is_open_without_scripts(new_page):
    page = new_page(width=390, js=False)
    page.goto("/failing/")
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()


def a_file(name, size):
    return {"name": name, "mimeType": "application/pdf", "buffer": bytes(size)}


def test_file_that_is_too_large_is_told_and_not_sent(page, axe):
    page.goto("/choosing/")
    letter = page.get_by_label("Letter")
    letter.set_input_files(a_file("scan.pdf", 1001))
    told = page.locator("[data-too-large]")
    expect(told).to_be_visible()
    expect(told).to_contain_text("scan.pdf")
    expect(letter).to_have_value("")
    axe(page)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("body")).to_have_text("came: .")


def test_file_of_the_largest_size_is_sent_after_one_that_was_too_large(page):
    page.goto("/choosing/")
    letter = page.get_by_label("Letter")
    letter.set_input_files(a_file("scan.pdf", 1001))
    letter.set_input_files(a_file("letter.pdf", 1000))
    expect(page.locator("[data-too-large]")).to_be_hidden()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("body")).to_have_text("came: letter.pdf.")
