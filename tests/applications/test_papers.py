"""Receipt and application as PDF: what was sent, for who may read it."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from applications import services
from applications.models import Application
from applications.states import ApplicantKind, Declaration
from tests.factories.accounts import CoordinatorFactory, UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    CommitmentFactory,
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
