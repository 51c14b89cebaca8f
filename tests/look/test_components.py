"""Each component, alone and on the sheet."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe

from tests.factories.accounts import CoordinatorFactory
from tests.markup import squeezed

FOLDER = Path(settings.BASE_DIR) / "templates" / "components"
NOW = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)

# Parts of the frames and of pages with their own tests; all others stand on the sheet.
FRAMES = {
    "account_form.html",
    "account_links.html",
    "account_nav.html",
    "broken_pair.html",
    "demo_account.html",
    "demo_accounts.html",
    "field_file.html",
    "foot_legal.html",
    "languages.html",
    "looking.html",
    "signin_art.html",
    "site_foot.html",
    "site_foot_slim.html",
    "site_head.html",
    "waiting.html",
}


def draw(component, /, **values):
    return squeezed(render_to_string(f"components/{component}.html", values))


def tag(source, **values):
    return Template("{% load portal %}" + source).render(Context(values))


@pytest.mark.django_db
def test_sheet_shows_every_component(sign_in, settings):
    settings.DEMO = True
    answer = sign_in(CoordinatorFactory()).get(reverse("portal:components"))
    shown = {str(part.name).rpartition("/")[2] for part in answer.templates}
    assert {path.name for path in FOLDER.glob("*.html")} - shown <= FRAMES
    assert '<li class="swatch-danger">danger</li>' in answer.content.decode()


def test_segments_are_a_picture_only_with_words():
    parts = [{"mark": "done"}, {"mark": "none"}]
    drawn = '<i class="segment-done"></i><i class="segment-none"></i>'
    assert draw("segments", parts=parts, label="1 of 2").count(drawn) == 1
    assert 'role="img" aria-label="1 of 2"' in draw("segments", parts=parts, label="1 of 2")
    assert 'aria-hidden="true"' in draw("segments", parts=parts)


def test_panel_is_named_by_its_heading():
    html = draw("panel", title="Facts", id="facts-h", size="h4", tone="paper", space="mb-4")
    assert html.startswith('<section class="panel panel-paper mb-4" aria-labelledby="facts-h">')
    assert '<h2 class="h4" id="facts-h">Facts</h2>' in html


def test_status_carries_its_tone():
    assert draw("status", label="Sent", tone="info") == '<span class="pill pill-info">Sent</span>'


def test_status_shows_markup_as_text():
    assert "&lt;b&gt;" in draw("status", label="<b>")


def test_tag_that_can_be_removed_says_so():
    html = draw("tag", label="India", remove_url="?q=")
    assert "Remove the filter India" in html
    assert 'href="?q="' in html


@pytest.mark.parametrize(
    ("kind", "icon"),
    [("info", "info"), ("success", "check-circle"), ("warning", "alert"), ("danger", "x-circle")],
)
def test_notice_has_the_icon_of_its_kind(kind, icon):
    html = draw("notice", kind=kind, title="Word")
    assert f"notice-{kind}" in html
    assert f"#i-{icon}" in html


@pytest.mark.parametrize(
    ("level", "kind"),
    [
        (messages.DEBUG, "info"),
        (messages.INFO, "info"),
        (messages.SUCCESS, "success"),
        (messages.WARNING, "warning"),
        (messages.ERROR, "danger"),
    ],
)
def test_message_is_drawn_as_a_notice(level, kind):
    html = draw("messages", messages=[Message(level, "Saved & sent.")])
    assert f'<div class="notice notice-{kind} message">' in html
    assert "<p>Saved &amp; sent.</p>" in html


def test_message_asked_for_as_html_stays_html():
    html = draw("messages", messages=[Message(messages.INFO, mark_safe("<b>New</b>"))])
    assert "<p><b>New</b></p>" in html


def test_panel_shows_a_state_beside_its_heading():
    html = draw("panel", title="App", id="app", status="On", status_tone="success", space="mb-4")
    assert '<section class="panel mb-4" aria-labelledby="app">' in html
    assert '<h2 id="app">App</h2> <span class="pill pill-success">On</span>' in html


def test_panel_with_a_small_heading_has_no_head():
    html = draw("panel", title="App", level=3, size="h4", tone="paper")
    assert html == '<section class="panel panel-paper"> <h3 class="h4">App</h3> </section>'


def test_table_has_its_caption_and_the_class_of_its_columns():
    html = draw("table", caption="Keys", kind="wide", space="mb-4")
    assert '<div class="table-wrap mb-4">' in html
    assert '<table class="table table-hover table-stack wide">' in html
    assert '<caption class="visually-hidden">Keys</caption>' in html


def test_empty_state_says_what_to_do_next():
    html = draw("empty", title="No pairing", action_label="Read how", action_url="/about/")
    assert '<a class="btn btn-secondary" href="/about/">Read how</a>' in html


def test_pair_draws_three_members_with_their_sides():
    members = [{"name": "A"}, {"name": "B"}, {"name": "C", "partner": True, "place": "India"}]
    html = draw("pair", members=members)
    assert html.count("<b>") == 3
    assert html.count("is-partner") == 1
    assert "<i>India</i>" in html


def test_timeline_says_what_is_done_and_where_we_are():
    html = draw("timeline", items=[{"title": "A", "state": "done"}, {"title": "B", "state": "now"}])
    assert '<li class="is-done">' in html
    assert '<li class="is-now" aria-current="step">' in html
    assert html.count("(done)") == 1


def test_stepper_links_what_is_done_only():
    steps = [
        {"label": "A", "url": "/a/", "state": "done"},
        {"label": "B", "url": "/b/", "state": "current"},
    ]
    html = draw("stepper", steps=steps)
    assert 'href="/a/"' in html
    assert 'href="/b/"' not in html


def test_task_without_address_is_locked():
    assert "is-locked" in draw("task_row", label="Documents")
    assert 'href="/a/"' in draw("task_row", label="Documents", url="/a/")


@pytest.mark.parametrize(
    ("state", "words"),
    [("yes", "Met:"), ("no", "Not met:"), ("ask", "A person decides:"), ("na", "Does not apply:")],
)
def test_criterion_says_its_result_in_words(state, words):
    assert words in draw("criterion", state=state, title="Population")


def test_facts_show_zero_and_a_dash_for_nothing():
    html = draw("kv", items=[("Members", 0), ("Waiver", "")])
    assert "<dd>0</dd>" in html
    assert "<dd>–</dd>" in html


def test_pagination_keeps_the_filters():
    page = Paginator(range(100), 10).get_page(2)
    html = draw("pagination", page=page, query=QueryDict("q=Łódź&page=2"))
    assert 'href="?q=%C5%81%C3%B3d%C5%BA&amp;page=3"' in html
    assert 'aria-current="page">2<' in html
    assert "11 to 20 of 100" in html


def test_pagination_of_one_page_is_nothing():
    assert draw("pagination", page=Paginator([], 10).get_page(1), query=QueryDict()) == ""


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("", '<span class="with-scripts">This page saves by itself.</span>'),
        ("", '<span class="without-scripts">Not saved yet. Press the button to save.</span>'),
        ("saved", "Saved 14:03"),
        ("saving", "Saving"),
        ("offline", "No connection. Your text is kept on this page."),
        ("signed_out", "Please sign in again."),
        ("conflict", "Luka saved this at 14:03. Your text is kept too."),
        ("incomplete", "Saved 14:03, 2 answers to put right"),
        ("partly", "Not saved: 2 answers are too long to be kept."),
        ("closed", "The call closed at 14:03. Your draft is kept."),
        ("refused", "Too long."),
    ],
)
def test_save_state_tells_the_truth(state, words):
    time = "14:03" if state else ""
    html = draw("save_state", state=state, time=time, name="Luka", count=2, text="Too long.")
    assert words in html


def test_same_fault_of_two_fields_names_each_and_two_of_one_count_once():
    class Form(forms.Form):
        people = forms.CharField(label="People")
        rooms = forms.CharField(label="Rooms", required=False)

    form = Form({"people": "a", "rooms": "b"})
    for name in ("people", "rooms", "rooms"):
        form.add_error(name, "Type a number.")
    form.add_error("rooms", "Give more than 3.")
    html = draw("error_summary", form=form)
    assert "People: Type a number." in html
    assert "Rooms: Type a number." in html
    assert "2 answers need your attention" in html


def test_confirm_asks_by_post_and_offers_the_way_back():
    html = draw(
        "confirm", action_label="Decline", cancel_url="/my/", consequences=["They are told."]
    )
    assert '<form class="confirm" method="post"' in html
    assert '<button class="btn btn-danger" type="submit">Decline</button>' in html
    assert 'href="/my/"' in html


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("rest", "words"),
    [
        (dt.timedelta(days=21, hours=3), "21 days left"),
        (dt.timedelta(days=2), "2 days left"),
        (dt.timedelta(days=1, hours=5), "29 hours left"),
        (dt.timedelta(hours=24), "24 hours left"),
        (dt.timedelta(hours=23, minutes=59), "23 hours, 59 minutes left"),
        (dt.timedelta(hours=1, minutes=1), "1 hour, 1 minute left"),
        (dt.timedelta(minutes=59, seconds=59), "59 minutes left"),
        (dt.timedelta(seconds=59), "Less than a minute left"),
        (dt.timedelta(0), "Less than a minute left"),
        (dt.timedelta(microseconds=-1), "Closed"),
    ],
)
def test_countdown_says_the_rest(rest, words):
    html = draw("countdown", at=NOW + rest)
    assert html.endswith(f">{words}</span>")
    assert f'data-now="{NOW.isoformat()}"' in html


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ("long", "12 December 2026, 17:00 Brussels time"),
        ("short", "12 Dec 2026, 17:00"),
        ("day", "12 December 2026"),
        ("short day", "12 Dec 2026"),
    ],
)
def test_moment_is_brussels_time(style, words):
    at = dt.datetime(2026, 12, 12, 16, 0, tzinfo=dt.UTC)
    html = tag("{% moment at style %}", at=at, style=style)
    assert html == f'<time datetime="2026-12-12T17:00:00+01:00">{words}</time>'


def test_moment_of_nothing_is_nothing():
    assert tag("{% moment at %}", at=None) == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Dubrovnik", "DU"),
        ("Panaji-Goa", "PG"),
        ("Łódź", "ŁÓ"),
        ("Dubrovnik + Župa", "DŽ"),
        ("", "?"),
    ],
)
def test_badge_has_two_letters(name, letters):
    assert tag("{{ name|badge_letters }}", name=name) == letters


def test_slot_escapes_what_its_content_shows():
    html = tag(
        '{% slot "components/notice.html" kind="info" %}{{ words }}{% endslot %}', words="<b>"
    )
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_slot_sees_no_other_values():
    html = tag('{% slot "components/notice.html" %}x{% endslot %}', title="Not for you")
    assert "Not for you" not in html


def test_capture_is_empty_when_the_block_is():
    source = "{% capture rail %}  {% endcapture %}{% if rail %}rail{% else %}none{% endif %}"
    assert tag(source) == "none"
