"""Receipt and application as PDF: what was sent, for who may read it."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from applications import services
from applications.models import Application
from applications.states import ApplicantKind, Declaration
from questionnaires.models import Answer
from tests.factories.accounts import CoordinatorFactory, UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    CommitmentFactory,
    InterestFactory,
    SentInterestFactory,
    SubmissionFactory,
    SubmittedApplicationFactory,
)
from tests.factories.programme import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(sign_in, settings):
    settings.DEMO = True  # Staff need no second factor.
    return sign_in


def fetch(client, name, application):
    return client.get(reverse(f"applications:{name}", args=[application.key]))


def words(response):
    reader = PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture
def sent():
    """What a group sent, with a letter, and its lead."""
    application = SubmittedApplicationFactory(
        kind=ApplicantKind.GROUP,
        organisation__name="Столична община",
        reference="C2C-2026-0777",
        exception_reason="Visitors <b>&.\nMany.",
        contact_name="पणजी नगर निगम",
        submission=False,
    )
    CommitmentFactory(
        municipality__application=application,
        municipality__name="Πάτρα",
        signed_by_name="Κώστας",
    )
    SubmissionFactory(application=application)
    person = MembershipFactory(
        organisation=application.organisation, user__full_name="Ana Kovačević"
    ).user
    return application, person


def test_receipt_says_what_was_received(enter, sent):
    application, person = sent
    response = fetch(enter(person), "receipt", application)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="C2C-2026-0777-receipt.pdf"'
    assert response["Content-Security-Policy"].startswith("sandbox")
    found = words(response)
    submission = application.submissions.get()
    for part in ("C2C-2026-0777", "Столична община", "letter.pdf, signed by Κώστας"):
        assert part in found
    assert submission.sha256 in found.replace(" ", "")
    assert submission.snapshot["municipalities"][1]["commitment"]["sha256"] in found.replace(
        " ", ""
    )


def test_application_is_drawn_from_what_was_sent(enter, sent):
    application, person = sent
    application.municipalities.update(name="Renamed since")
    response = fetch(enter(person), "paper", application)
    assert response["Content-Disposition"] == 'attachment; filename="C2C-2026-0777.pdf"'
    found = words(response)
    for part in (
        "Application of Столична община",
        "Πάτρα",
        "60,000 inhabitants, declared",
        "Visitors <b>&.",
        "A group of municipalities",
    ):
        assert part in found
    assert "नगर" in found
    assert "Renamed since" not in found


def test_answers_stand_in_the_paper(enter):
    application = ApplicationFactory()
    person = MembershipFactory(organisation=application.organisation).user
    services.save_section(
        application=application, answers=[("why", "Because.", 0), ("where", "Here.", 0)], by=person
    )
    application = services.submit_application(
        application=Application.objects.get(pk=application.pk),
        declared=Declaration.values,
        by=person,
    )
    found = words(fetch(enter(person), "paper", application))
    assert "Because." in found
    assert "No answer" in found


def test_staff_read_the_paper_of_what_they_see(enter, sent):
    application, _person = sent
    client = enter(CoordinatorFactory())
    assert fetch(client, "paper", application).status_code == 200
    page = client.get(reverse("applications:staff_detail", args=[application.reference]))
    assert reverse("applications:paper", args=[application.key]) in page.content.decode()


def test_page_of_what_was_sent_links_to_both(enter, sent):
    application, person = sent
    html = fetch(enter(person), "sent", application).content.decode()
    for name in ("receipt", "paper"):
        assert reverse(f"applications:{name}", args=[application.key]) in html


def test_others_and_drafts_have_no_paper(enter, sent):
    application, person = sent
    assert fetch(enter(UserFactory()), "paper", application).status_code == 404
    draft = ApplicationFactory(organisation=application.organisation)
    assert {fetch(enter(person), name, draft).status_code for name in ("receipt", "paper")} == {404}


def test_paper_takes_few_queries(enter, sent, django_assert_num_queries):
    application, person = sent
    client = enter(person)
    fetch(client, "paper", application)
    with django_assert_num_queries(3):
        fetch(client, "paper", application)


def test_each_version_is_a_paper_for_the_staff_who_see_it(enter, sent):
    application, _person = sent
    again = {**application.submissions.get().snapshot, "exception_reason": "More visitors."}
    SubmissionFactory(application=application, number=2, snapshot=again)
    client = enter(CoordinatorFactory())
    html = client.get(
        reverse("applications:staff_detail", args=[application.reference])
    ).content.decode()
    address = reverse("applications:version_paper", args=[application.key, 1])
    assert address in html
    assert "Visitors <b>&." in words(client.get(address))
    found = words(fetch(client, "paper", application))
    assert "More visitors." in found
    assert "Version 2" in found


def test_paper_is_tagged_and_names_its_language(enter, sent):
    application, person = sent
    reader = PdfReader(io.BytesIO(fetch(enter(person), "paper", application).content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("en")


# Expressions of interest --------------------------------------------------------------
def fetch_interest(client, name, interest):
    return client.get(reverse(f"applications:interest_{name}", args=[interest.pk]))


@pytest.fixture
def expressed():
    """What was sent in the first stage, as its service freezes it, and its lead."""
    interest = InterestFactory(
        organisation__name="Столична община", call__title="Pairings with Brazil"
    )
    person = MembershipFactory(
        organisation=interest.organisation, user__full_name="Ana Kovačević"
    ).user
    answers = [("why", "Heat <b>& rain.", 0), ("where", "Here.", 0)]
    services.save_interest_section(interest=interest, answers=answers, by=person)
    return services.send_interest(interest=interest, by=person), person


def test_paper_of_an_expression_of_interest_is_what_was_sent(enter, expressed):
    interest, person = expressed
    Answer.objects.filter(response=interest.response).update(value="Written since")
    response = fetch_interest(enter(person), "paper", interest)
    assert response["Content-Type"] == "application/pdf"
    name = f'attachment; filename="{interest.reference}.pdf"'
    assert response["Content-Disposition"] == name
    assert response["Content-Security-Policy"].startswith("sandbox")
    found = words(response)
    for part in (
        "Expression of interest of Столична община",
        "Heat <b>& rain.",
        "Here.",
        "Pairings with Brazil",
        "Ana Kovačević",
        interest.reference,
    ):
        assert part in found
    assert "Written since" not in found
    reader = PdfReader(io.BytesIO(response.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_receipt_of_an_expression_of_interest_has_its_fingerprint_and_no_files(enter, expressed):
    interest, person = expressed
    response = fetch_interest(enter(person), "receipt", interest)
    name = f'attachment; filename="{interest.reference}-receipt.pdf"'
    assert response["Content-Disposition"] == name
    found = words(response)
    assert interest.reference in found
    assert interest.sha256 in found.replace(" ", "")
    assert "If you are invited" in found
    assert "Files received" not in found


def test_staff_read_the_paper_of_an_expression_of_interest(enter, expressed):
    interest, _person = expressed
    client = enter(CoordinatorFactory())
    assert fetch_interest(client, "paper", interest).status_code == 200
    page = client.get(reverse("applications:staff_interest", args=[interest.pk]))
    address = reverse("applications:interest_paper", args=[interest.pk])
    assert address in page.content.decode()


def test_pages_of_an_expression_of_interest_link_to_its_papers(enter, expressed):
    interest, person = expressed
    client = enter(person)
    receipt, paper = (
        reverse(f"applications:interest_{name}", args=[interest.pk])
        for name in ("receipt", "paper")
    )
    after_sending = fetch_interest(client, "sent", interest).content.decode()
    assert receipt in after_sending
    assert paper in after_sending
    page = client.get(reverse("applications:interest", args=[interest.pk])).content.decode()
    assert paper in page
    assert reverse("applications:interest_sent", args=[interest.pk]) in page


@pytest.mark.parametrize("name", ["paper", "receipt"])
def test_no_paper_of_a_draft_or_for_others(enter, name):
    draft, sent = InterestFactory(), SentInterestFactory()
    own = MembershipFactory(organisation=draft.organisation).user
    assert fetch_interest(enter(own), name, draft).status_code == 404
    assert fetch_interest(enter(UserFactory()), name, sent).status_code == 404
