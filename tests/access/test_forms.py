"""Every form of every page, found by itself, sent as a browser sends it.

The pages come from the access table, in which each address has to stand.
"""

import re
from copy import deepcopy
from functools import cache
from html import unescape

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.core.cache import cache as remembered
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve, reverse, reverse_lazy
from django.utils.html import escape

from core.kit.errors import StaleError
from core.kit.keys import FIELD, PUT_BACK, was_taken
from core.kit.middleware import TAKEN_COOKIE
from questionnaires.structure import forget_structures
from tests.access.expect import OPEN, ROLES, SIGNED_IN, everyone
from tests.access.forms import TOKEN, Page
from tests.access.moments import MOMENTS
from tests.access.table import TABLE

# What it asks has the same answer on any database, and takes its time.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROWS = [*MOMENTS, *(row for row in TABLE if OPEN in row.GET.values())]
# A form stands on a page of its own, or on one whose other parts are only read.
# Who has no account yet has no session to lose.
TYPED_ROWS = [
    row
    for row in ROWS
    if everyone() != row.GET
    and row.name != "portal:components"
    and OPEN in {row.GET[role] for role in SIGNED_IN}
]
# On every page, so sent from one of them.
FRAME = {"/i18n/setlang/", "/accounts/logout/"}
# The sheet of components shows them with errors, and its forms lead nowhere.
SHEET = "portal:components"
# Sees most of what there is.
MOST_ROLES = ("coordinator", "lead", "stranger")
# Ready-made pages, whose forms know nothing of being put back.
SENT_AGAIN = {reverse_lazy("account_email")}
# Pages that say themselves that nothing typed on them is kept.
KEEPS_NOTHING = {"applications:trial_page", "applications:trial_interest_page"}
# Addresses that take what no form of a page sends, each with its reason.
NO_FORM = {
    "assessment:correction_confirm": "Asked of a second person; the walk's own has prepared it.",
    "assessment:letter_usual": "Its button stands beside a letter of one's own words.",
    "assessment:prepare_several": "The list leads to it once applications are ticked.",
    "assessment:overall_save": "A second button of the form that hands in sends it there.",
    "assessment:agree": "Asked of assessors, on the page that a coordinator opens first here.",
    "colleagues:end_first_steps": "Its button stands below a list of which all is done.",
    "colleagues:practice_desk": "Pages of the console on made-up cases; these stand there already.",
    "colleagues:stop_looking": "Its button stands on the pages of who looks as another role.",
    "accounts:unsent": "Its form waits for a session that ended; the walk sends such a form.",
    "applications:interest_section_save": "static/js/autosave.js sends what is typed.",
    "applications:section_save": "static/js/autosave.js sends what is typed.",
    "applications:profile_save": "static/js/autosave.js sends what is typed.",
    "calls:staff_mail_preview": "A second button of the form that keeps the words sends it there.",
    "calls:staff_mail_preview_text": "A third button of that form sends it there.",
    "calls:staff_late_code_new": "Its form stands below the cities that a search has found.",
    "action_plans:section_save": "static/js/autosave.js sends what is typed.",
}


def checking(client):
    """Return a browser of the same person that is asked for the token."""
    found = Client(enforce_csrf_checks=True, raise_request_exception=False)
    found.cookies = deepcopy(client.cookies)
    return found


def read(client, url, sent=None):
    """Open a page and read its forms; None for what is no page.

    A page that only a form leads to is the answer to what it has `sent`.
    """
    with transaction.atomic():
        if sent is None:
            response = client.get(url)
        else:
            opened = Page(client.get(url).content.decode(), url)
            token = next(form.token for form in opened.forms if form.address == url)
            response = client.post(url, {**sent, TOKEN: token})
        transaction.set_rollback(True)
    expected = 200 if sent is None else StaleError.status
    if response.status_code != expected or not response["Content-Type"].startswith("text/html"):
        return None
    page = Page(response.content.decode(), url)
    if response["Referrer-Policy"] == "no-referrer":
        for form in page.forms:
            form.origin = "null"
    return page


@cache
def counting():
    """Return the one query that counts the rows of every table."""
    name = connection.ops.quote_name
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    # A proxy shares the table of its model.
    counts = [f"SELECT '{table}', COUNT(*) FROM {name(table)}" for table in dict.fromkeys(tables)]
    return " UNION ALL ".join(counts)


def what_there_is():
    """Count everything a form could make: rows, lines of the trail among them, and mails."""
    with connection.cursor() as cursor:
        cursor.execute(counting())
        rows = dict(cursor.fetchall())
    return rows | {"mails": len(mail.outbox)}


def send(client, form, data):
    for values in data.values():
        for value in values:
            if hasattr(value, "seek"):
                value.seek(0)
    return client.post(form.address, data, headers={"origin": form.origin})


def faults_of_sending_twice(client, form, data):
    """Send a form, and the very same again, as an impatient person does."""
    with transaction.atomic():
        browser = checking(client)
        first = send(browser, form, data)
        after_first = what_there_is()
        second = send(browser, form, data)
        after_second = what_there_is()
        transaction.set_rollback(True)
    if first.status_code >= 500 or first.status_code in {404, 405}:
        yield f"is answered with {first.status_code}"
    if was_taken(first.wsgi_request):
        yield "is held for the second of two, though it is the first"
    if first.status_code == 403 and form.likeness not in likenesses(first, form):
        yield "is shown to somebody who may not send it, or without a token"
    for name, count in after_second.items():
        if count != after_first[name]:
            yield f"makes {count - after_first[name]} more of {name} when sent twice"
    # Of a form without a key, as the visitor has none, the browser keeps no copy.
    has_copy = form.is_typed and FIELD in data
    if first.status_code == 302 and has_copy and not is_taken(browser, data):
        yield "is carried out, and the browser is not told to forget its copy"
    answers = [(one.status_code, one.get("Location")) for one in (first, second)]
    # Whom the first has signed in has another token: the second is refused.
    is_stranger = settings.SESSION_COOKIE_NAME not in client.cookies
    signs_in = is_stranger and first.wsgi_request.user.is_authenticated
    if first.status_code == 302 and answers[0] != answers[1] and not signs_in:
        yield f"answers {answers[0]}, then {answers[1]}"


def is_taken(browser, data):
    cookie = browser.cookies.get(TAKEN_COOKIE)
    return bool(cookie) and data[FIELD][-1] in cookie.value


def likenesses(response, form):
    """Return the forms of a page that shows again what it refused."""
    return [one.likeness for one in Page(response.content.decode(), form.address).forms]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_form_has_a_token_opens_without_errors_and_is_carried_out_once(row, world, clients):
    url = row.address(world)
    seen, wrong = set(), []
    for role in [role for role in ROLES if row.GET[role] == OPEN]:
        client = checking(clients[role])
        page = read(client, url, row.sent)
        if page is None or row.name == SHEET:
            continue
        wrong += [f"{role}: opens with an error at {place}" for place in page.errors]
        for form in page.forms:
            where = f"{role}: the form to {form.address}"
            if not form.token:
                wrong.append(f"{where} has no token")
            if form.likeness in seen or form.address in FRAME:
                continue
            seen.add(form.likeness)
            for data in [*form.sent(), *form.sent(filled=True)]:
                wrong += [
                    f"{where} {fault}" for fault in faults_of_sending_twice(client, form, data)
                ]
    assert wrong == []


def typed_words(form, data):
    """Return the first words that a person typed into a form."""
    names = [control.name for control in form.controls if control.is_typed]
    return next(value for name in names for value in data.get(name, []) if value)


def offered_again(page):
    """Return the form of a page that offers to send another one again, and what it carries."""
    form = next(form for form in page.forms if form.address not in FRAME)
    return form, next(iter(form.sent()))


def lost_of(data, carried):
    """Return the fields that a form offered again leaves out; secrets and files have to go."""
    return [
        name
        for name, values in data.items()
        if name not in {TOKEN, FIELD}
        and "password" not in name
        and not any(hasattr(value, "read") for value in values)
        and carried.get(name) != values
    ]


def words_of(html):
    """Return all words that are read or heard on a page, on one line."""
    heard = re.sub(r'<[^>]* aria-label="([^"]*)"[^>]*>', r" \1 ", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", heard)).split())


def faults_of_labels(answer, html):
    """Compare the labels on a page that shows what was typed with those of the form's own page."""
    known = words_of(html)
    for one in answer.context["answers"]:
        label = re.sub(r" \(\d+\)$", "", one.label)
        if one.theirs is None or not label or label not in known:
            yield f"names a field {one.label!r}, which its page does not"


def faults_when_the_session_is_over(client, person, form, data, html):
    """Send a form without a session, sign in, and go on with what was kept."""
    with transaction.atomic():
        browser = checking(client)
        del browser.cookies[settings.SESSION_COOKIE_NAME]
        answer = browser.post(form.address, data, headers={"referer": form.page})
        expected = f"{reverse('account_login')}?next={reverse('accounts:unsent')}"
        if answer.get("Location") != expected:
            yield f"leads to {answer.status_code} {answer.get('Location')} without a session"
        else:
            browser.force_login(person, backend="accounts.backends.PersonBackend")
            kept = browser.get(reverse("accounts:unsent"))
            if escape(typed_words(form, data)) not in kept.content.decode():
                yield "loses what was typed when the session is over"
            yield from faults_of_labels(kept, html)
            yield from faults_of_resending(browser, kept, form, data, "after sign-in")
        transaction.set_rollback(True)


def faults_when_the_token_is_stale(client, form, data, html):
    """Send a form with a token of another day, then press the button that puts it back."""
    with transaction.atomic():
        browser = checking(client)
        sent = {**data, TOKEN: "x" * 64}
        answer = browser.post(form.address, sent, headers={"referer": form.page})
        if answer.status_code != 403:
            yield f"is answered with {answer.status_code} in spite of a stale token"
        elif escape(typed_words(form, data)) not in answer.content.decode():
            yield "loses what was typed when the token is stale"
        else:
            yield from faults_of_labels(answer, html)
        yield from faults_of_resending(browser, answer, form, data, "after a stale token")
        transaction.set_rollback(True)


def faults_of_resending(browser, answer, form, data, when):
    second, carried = offered_again(Page(answer.content.decode(), form.address))
    if lost := lost_of(data, carried):
        yield f"loses {lost} {when}"
    before = what_there_is()
    again = browser.post(second.address, carried)
    if PUT_BACK not in carried:
        yield from () if second.address in SENT_AGAIN else ["cannot be put back"]
        return
    shown = Page(again.content.decode(), form.address)
    if again.status_code != 200 or not is_shown(shown, form, data):
        yield f"is not put back {when}: {again.status_code}"
    if what_there_is() != before:
        yield f"is carried out when put back {when}"


def is_shown(page, form, data):
    """Tell whether a page has what a person typed in a form to be sent."""
    texts = {value for one in page.forms for control in one.controls for value in control.values}
    return typed_words(form, data) in texts


@pytest.mark.parametrize("row", TYPED_ROWS, ids=str)
def test_what_was_typed_outlives_session_and_token(row, world, clients):
    # More forms than one visitor has kept in an hour.
    remembered.clear()
    role = next(role for role in SIGNED_IN if row.GET[role] == OPEN)
    client = checking(clients[role])
    page = read(client, row.address(world), row.sent)
    wrong = []
    for form in page.forms if page else []:
        if not form.is_typed or form.address in FRAME:
            continue
        if resolve(form.address.partition("?")[0]).view_name in KEEPS_NOTHING:
            continue
        data = next(iter(form.sent(filled=True)))
        faults = [
            *faults_when_the_session_is_over(client, world.people[role], form, data, page.html),
            *faults_when_the_token_is_stale(client, form, data, page.html),
        ]
        wrong += [f"{role}: the form to {form.address} {fault}" for fault in faults]
    assert wrong == []


@pytest.mark.timeout(600)
def test_every_address_that_takes_a_form_is_led_to_by_one(world, clients):
    found = set()
    for row in ROWS:
        openers = [role for role in ROLES if row.GET[role] == OPEN]
        with transaction.atomic():
            url = row.address(world)
            for role in dict.fromkeys([openers[0], *(r for r in MOST_ROLES if r in openers)]):
                page = read(checking(clients[role]), url, row.sent)
                for form in page.forms if page else []:
                    found.add(resolve(form.address.partition("?")[0]).view_name)
            transaction.set_rollback(True)
        # The next objects may get the same keys.
        forget_structures()
    asked = {row.name for row in TABLE if OPEN in row.POST.values()}

    assert sorted(asked - found - set(NO_FORM)) == []
    assert set(NO_FORM) & found == set()
