"""The outbox in the console: list, preview, and the three steps."""

import pytest
from django.db import connection
from django.urls import reverse

from core.post.models import Mail
from core.post.states import MailStatus, OutboxView
from reminders.selectors import mails_in
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)
from tests.factories.programme import (
    MembershipFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
)
from tests.factories.reminders import MailFactory

pytestmark = pytest.mark.django_db

OUTBOX = "/staff/outbox/"


@pytest.fixture(autouse=True)
def demo(settings):
    """Spare staff the second factor."""
    settings.DEMO = True


@pytest.fixture
def boss(sign_in):
    return sign_in(CoordinatorFactory())


def subjects(response):
    return [mail.subject for mail, _reader in response.context["rows"]]


def test_outbox_opens_with_what_needs_somebody(boss):
    MailFactory(subject="Waits")
    MailFactory(subject="Broke", status=MailStatus.FAILED, last_error="550 No such person")

    response = boss.get(OUTBOX)

    assert subjects(response) == ["Broke"]
    assert b"550 No such person" in response.content
    assert subjects(boss.get(f"{OUTBOX}?view=waiting")) == ["Waits"]
    assert subjects(boss.get(f"{OUTBOX}?view=sent")) == []
    assert subjects(boss.get(f"{OUTBOX}?view=nonsense")) == ["Broke"]


def test_empty_outbox_says_when_mails_come(boss):
    assert b"Mails come by themselves" in boss.get(OUTBOX).content


def test_search_finds_address_and_subject(boss):
    MailFactory(subject="Your draft", recipient="ana@grad.example")
    MailFactory(subject="Other")

    assert subjects(boss.get(f"{OUTBOX}?q=ANA@grad")) == ["Your draft"]
    assert subjects(boss.get(f"{OUTBOX}?q=your+DRAFT")) == ["Your draft"]
    nothing = boss.get(f"{OUTBOX}?q=%F0%9F%8F%99<b>")
    assert b"No mail fits" in nothing.content
    assert b"<b>" not in nothing.content.split(b"toolbar")[1].split(b"</form>")[0]


def test_list_shows_reader_and_organisation(boss):
    organisation = PartnerOrganisationFactory(name="Panaji-Goa")
    reader = UserFactory(full_name="Priya Naik")
    MembershipFactory(user=reader, organisation=organisation)
    MailFactory(recipient=reader.email)

    page = boss.get(OUTBOX).content.decode()

    assert "Priya Naik" in page
    assert "Panaji-Goa" in page


def test_list_and_preview_say_the_kind(boss):
    mail = MailFactory(kind="pairing_proposed", status=MailStatus.SENT)
    page = boss.get(OUTBOX, {"view": "sent"}).content.decode()
    assert '<span class="subline">Pairing proposed</span>' in page
    preview = boss.get(f"{OUTBOX}{mail.pk}/").content.decode()
    assert "<dd>Pairing proposed</dd>" in preview


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_outbox_do_not_grow(number, boss, django_assert_num_queries):
    for _ in range(number):
        reader = UserFactory()
        MembershipFactory(user=reader, organisation=PartnerOrganisationFactory())
        MailFactory(recipient=reader.email)

    with django_assert_num_queries(11):
        response = boss.get(OUTBOX)

    assert len(response.context["rows"]) == number


def test_parts_that_grow_are_counted_so_far_and_no_further(boss, monkeypatch):
    monkeypatch.setattr("core.kit.paging.MOST_COUNTED", 3)
    for _ in range(5):
        MailFactory(status=MailStatus.SENT)
        MailFactory(status=MailStatus.FAILED)

    page = boss.get(OUTBOX, {"view": "sent"}).content.decode()

    assert "Sent <b>3+</b>" in " ".join(page.split())
    assert "Failed <b>5</b>" in " ".join(page.split())


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("view", "index"),
    [
        (OutboxView.SENT, "mail_newest_sent"),
        (OutboxView.FAILED, "mail_newest"),
        (OutboxView.WITHDRAWN, "mail_newest"),
    ],
)
def test_outbox_is_listed_in_the_order_of_an_index(view, index):
    with connection.cursor() as cursor:
        # A table of a few rows would be read whole and sorted.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")

    assert index in mails_in(CoordinatorFactory(), view)[:50].explain()


@pytest.mark.postgres
@pytest.mark.parametrize("column", ["recipient", "subject"])
def test_part_of_a_word_is_found_through_an_index(column):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    found = Mail.objects.filter(**{f"{column}__icontains": "ana@city"}).order_by()

    assert f"post_mail_{column}_parts" in found.explain()


def test_desk_sees_the_mails_to_its_countries(sign_in):
    india = PartnerCountryFactory()
    reader = UserFactory()
    MembershipFactory(user=reader, organisation=PartnerOrganisationFactory(country=india))
    own, other = MailFactory(recipient=reader.email), MailFactory()
    client = sign_in(DeskFactory(countries=[india]))

    assert subjects(client.get(OUTBOX)) == [own.subject]
    assert client.get(reverse("reminders:mail", args=[own.pk])).status_code == 200
    assert client.get(reverse("reminders:mail", args=[other.pk])).status_code == 404
    assert client.get(reverse("reminders:mail_body", args=[other.pk])).status_code == 404


def test_assessor_is_refused(sign_in):
    assert sign_in(AssessorFactory()).get(OUTBOX).status_code == 403


def test_mail_is_shown_in_a_frame_that_can_do_nothing(boss):
    mail = MailFactory(html="<p>Hello</p><script>alert(1)</script>")

    page = boss.get(reverse("reminders:mail", args=[mail.pk])).content.decode()
    body = boss.get(reverse("reminders:mail_body", args=[mail.pk]))

    assert "<script>alert" not in page
    frame = page[page.index("<iframe") :].split(">", 1)[0]
    assert "sandbox" in frame.split()
    policy = body["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert body["X-Frame-Options"] == "SAMEORIGIN"
    assert body.content.decode() == mail.html


def test_mail_is_shown_as_text(boss):
    mail = MailFactory(text="Good day\n<b>you</b>")

    page = boss.get(reverse("reminders:mail", args=[mail.pk]) + "?format=text").content.decode()

    assert "Good day\n&lt;b&gt;you&lt;/b&gt;" in page
    assert "<iframe" not in page


@pytest.mark.parametrize("kind", ["", "invitation"])
def test_personal_link_is_shown_to_nobody(kind, boss):
    mail = MailFactory(kind=kind, text="https://portal.example/secret", html="<p>secret</p>")

    for name in ("mail", "mail_body"):
        response = boss.get(reverse(f"reminders:{name}", args=[mail.pk]))
        assert response.status_code == 200
        assert b"secret" not in response.content


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        ("hold", MailStatus.QUEUED, MailStatus.HELD),
        ("release", MailStatus.HELD, MailStatus.QUEUED),
        ("retry", MailStatus.FAILED, MailStatus.QUEUED),
    ],
)
def test_step_asks_first_and_is_done_once(step, before, after, boss):
    mail = MailFactory(status=before)
    url = reverse(f"reminders:mail_{step}", args=[mail.pk])

    assert b"<form" in boss.get(url).content
    assert Mail.objects.get().status == before

    response = boss.post(url, follow=True)
    assert Mail.objects.get().status == after
    assert b"notice-success" in response.content
    assert b"notice-danger" in boss.post(url, follow=True).content
    page = boss.get(reverse("reminders:mail", args=[mail.pk])).content
    assert b"What staff did" in page


def test_observer_reads_and_finds_no_step(sign_in):
    mail = MailFactory()
    client = sign_in(ObserverFactory())

    page = client.get(reverse("reminders:mail", args=[mail.pk])).content
    assert b"/hold/" not in page
    assert client.post(reverse("reminders:mail_hold", args=[mail.pk])).status_code == 403


def test_search_looks_through_all_parts_and_counts_each(sign_in):
    for status in (MailStatus.SENT, MailStatus.FAILED, MailStatus.QUEUED):
        MailFactory(recipient="ana@city.example", status=status)
        MailFactory(recipient="bo@city.example", status=status)
    client = sign_in(CoordinatorFactory())

    page = client.get("/staff/outbox/", {"q": "ana@", "view": ""})

    assert {mail.recipient for mail, _reader in page.context["rows"]} == {"ana@city.example"}
    counts = {str(part): count for part, count, _query in page.context["views"]}
    assert counts == {
        "waiting": 1,
        "failed": 1,
        "held": 0,
        "sent": 1,
        "withdrawn": 0,
        "all": 3,
    }
    narrowed = client.get("/staff/outbox/", {"q": "ana@", "view": "failed"})
    assert len(narrowed.context["rows"]) == 1


def test_address_is_corrected_on_its_page(sign_in):
    mail = MailFactory(recipient="wrong@city.example", status=MailStatus.FAILED)
    client = sign_in(CoordinatorFactory())
    page = f"/staff/outbox/{mail.pk}/correct/"

    assert client.get(page).status_code == 200
    assert client.post(page, {"recipient": "right@city.example", "reason": ""}).status_code == 422
    client.post(page, {"recipient": "right@city.example", "reason": "A typing error."})

    mail.refresh_from_db()
    assert (mail.recipient, mail.status) == ("right@city.example", MailStatus.QUEUED)
