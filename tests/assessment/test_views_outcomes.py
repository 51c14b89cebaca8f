"""The pages on which outcomes are prepared, read and released; and who never sees them."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse

from applications.assessment.models import Outcome, Release
from applications.services import decide_application
from core.jobs.services import run_job
from tests.factories.accounts import CoordinatorFactory, DeskFactory, ObserverFactory
from tests.factories.applications import EligibleApplicationFactory
from tests.factories.outcomes import OutcomeFactory, ParagraphFactory
from tests.factories.programme import CallFactory, ClosedCallFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def at(name, thing):
    key = getattr(thing, "slug", None) or thing.reference
    return reverse(f"assessment:{name}", args=[key])


def text(response):
    return response.content.decode()


@pytest.fixture
def staff(sign_in):
    """Sign in as staff, with the second factor they need."""

    def enter(person=None):
        person = person or CoordinatorFactory(full_name="Ilse Verbeek")
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
        return sign_in(person)

    return enter


def test_preparing_saves_and_tells_nobody(staff):
    application = EligibleApplicationFactory()
    client, url = staff(), at("prepare", application)
    words = text(client.get(url, {"outcome": "accepted"}))
    assert "The applicant learns nothing before the release." in words
    assert "The call is still open" in words
    response = client.post(url, {"outcome": "reserve", "reason": "A <b> field & more."})
    assert response.url == reverse("applications:staff_detail", args=[application.reference])
    application.refresh_from_db()
    assert (application.status, application.outcome.outcome) == ("eligible", "reserve")
    assert mail.outbox == []


def test_no_warning_once_the_call_is_closed(staff):
    application = EligibleApplicationFactory(call=ClosedCallFactory())
    assert "The call is still open" not in text(staff().get(at("prepare", application)))


def test_preparing_over_a_colleague_shows_both(staff):
    row = OutcomeFactory(prepared_by=CoordinatorFactory(full_name="Marek Dvořák"))
    client, url = staff(), at("prepare", row.application)
    response = client.post(url, {"outcome": "rejected", "reason": "Mine.", "version": "0"})
    assert response.status_code == 409
    words = text(response)
    assert "Marek Dvořák saved this first: Accept" in words
    assert "Mine." in words
    assert row.reason in words
    again = client.post(url, {"outcome": "rejected", "reason": "Mine.", "version": "1"})
    assert again.status_code == 302


def test_preparing_twice_is_told_kindly(staff):
    row = OutcomeFactory()
    client, url = staff(), at("prepare", row.application)
    data = {"outcome": "accepted", "reason": "Good.", "version": "1"}
    client.post(url, data)
    assert client.post(url, data).status_code == 409


def test_preparing_what_somebody_has_decided_is_told_kindly(staff):
    application = EligibleApplicationFactory()
    decide_application(
        application=application,
        outcome="accepted",
        reason="Good.",
        by=CoordinatorFactory(full_name="Marek Dvořák"),
    )
    data = {"outcome": "rejected", "reason": "Full.", "version": "0"}
    response = staff().post(at("prepare", application), data)
    assert response.status_code == 409
    assert "Marek Dvořák has decided this at" in text(response)


def test_preparing_without_a_reason_is_refused(staff):
    response = staff().post(at("prepare", EligibleApplicationFactory()), {"outcome": "accepted"})
    assert response.status_code == 422
    assert "<title>Error: " in text(response)


def test_desk_neither_prepares_nor_reads(staff):
    row = OutcomeFactory()
    client = staff(DeskFactory(countries=[row.application.organisation.country]))
    data = {"outcome": "rejected", "reason": "Fine.", "version": "1"}
    assert client.get(at("prepare", row.application)).status_code == 403
    assert client.post(at("prepare", row.application), data).status_code == 403
    for name in ("ranking", "letters", "release"):
        assert client.get(at(name, row.application.call)).status_code == 403
    row.refresh_from_db()
    assert row.outcome == "accepted"


def test_observer_reads_and_does_nothing(staff):
    row = OutcomeFactory()
    client = staff(ObserverFactory())
    words = text(client.get(at("letters", row.application.call)))
    assert row.reason in words
    assert at("letter_edit", row.application) not in words
    assert at("release", row.application.call) not in words
    assert client.post(at("letter_hold", row.application), {"hold": "1"}).status_code == 403


def test_several_are_shown_then_prepared(staff):
    call = CallFactory()
    one, two = (EligibleApplicationFactory(call=call) for _ in range(2))
    taken = OutcomeFactory(application=EligibleApplicationFactory(call=call))
    client = staff()
    listed = text(client.get(at("ranking", call)))
    assert f'value="{one.pk}-0"' in listed
    assert f'value="{taken.application_id}-1"' in listed
    chosen = [f"{one.pk}-0", f"{two.pk}-0", f"{taken.application_id}-0", "nonsense"]
    url = at("prepare_several", call)
    words = text(client.get(url, {"chosen": chosen, "outcome": "rejected"}))
    assert one.organisation.name in words
    paragraph = ParagraphFactory(call=call)
    data = {"chosen": chosen, "outcome": "rejected", "paragraphs": [paragraph.pk]}
    response = client.post(url, data, follow=True)
    words = text(response)
    assert "2 outcomes are prepared. Nobody is told before the release." in words
    assert taken.application.organisation.name in words.split("Left as they are")[1]
    assert Outcome.objects.get(application=one).reason == (
        f"{one.organisation.name} met a strong field."
    )


def test_several_of_none_lead_back(staff):
    call = CallFactory()
    response = staff().get(at("prepare_several", call), {"outcome": "rejected"})
    assert response.url == at("ranking", call)


def test_letters_show_the_real_mail_and_are_edited_held_and_tried(staff):
    row = OutcomeFactory()
    application, client = row.application, staff()
    letters = at("letters", application.call)
    words = text(client.get(letters))
    assert "Your city is chosen." in words
    assert row.reason in words
    edit = at("letter_edit", application)
    assert "The reason, in the words" in text(client.get(edit))
    data = {"subject": "For you", "text": "Our own words.", "version": "1"}
    assert client.post(edit, data).url.startswith(letters)
    assert "Our own words." in text(client.get(letters, {"show": "own"}))
    assert client.post(edit, data).status_code == 409
    assert "Our own words." in text(client.get(edit, {"take": "1"}))
    client.post(at("letter_test", application), {"version": "2"})
    assert len(mail.outbox) == 1
    client.post(at("letter_usual", application), {"version": "2"})
    assert "Our own words." not in text(client.get(letters))
    client.post(at("letter_hold", application), {"version": "3", "hold": "1"})
    row.refresh_from_db()
    assert row.is_held
    assert application.organisation.name in text(client.get(letters, {"show": "held"}))


def test_letter_of_what_is_held_or_told_cannot_be_edited(staff):
    held = OutcomeFactory(outcome="held", reason="")
    client = staff()
    assert "there is no letter" in text(client.get(at("letters", held.application.call)))
    assert client.get(at("letter_edit", held.application)).url == at("prepare", held.application)
    assert client.get(at("letter_edit", EligibleApplicationFactory())).status_code == 404


def test_release_asks_with_the_numbers_and_says_what_became_of_each(staff):
    row = OutcomeFactory()
    call, client = row.application.call, staff()
    page = client.get(at("release", call))
    assert "Tell 1 applicant now?" in text(page)
    mark = page.context["form"]["mark"].value()
    stale = client.post(at("release", call), {"mark": "old"})
    assert stale.status_code == 409
    assert stale.context["form"]["mark"].value() == mark
    assert mail.outbox == []
    response = client.post(at("release", call), {"mark": mark})
    found = Release.objects.get()
    assert response.url == reverse("assessment:release_page", args=[found.pk])
    if not row.application.decisions.filter(stage="outcome").exists():
        run_job(pk=found.job_id)
    words = text(client.get(response.url))
    assert "1 of 1 told," in words
    assert "0 waiting, 0 not told." in words
    part = text(client.get(response.url, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert client.post(response.url, follow=True).status_code == 200


@pytest.mark.parametrize(("name", "queries"), [("letters", 15), ("release", 6)])
@pytest.mark.parametrize("number", [1, 3])
def test_lists_take_the_same_queries_for_one_and_three(
    number, name, queries, staff, django_assert_num_queries
):
    call = CallFactory()
    for _ in range(number):
        OutcomeFactory(application=EligibleApplicationFactory(call=call))
    client = staff()
    with django_assert_num_queries(queries):
        assert client.get(at(name, call)).status_code == 200


def test_city_finds_nothing_of_what_is_prepared(sign_in):
    row = OutcomeFactory(outcome="rejected", reason="SECRET-REASON")
    application = row.application
    person = MembershipFactory(organisation=application.organisation, role="lead").user
    client = sign_in(person)
    pages = [
        reverse("applications:detail", args=[application.reference]),
        reverse("applications:mine"),
        reverse("homes:workspace"),
        reverse("applications:versions", args=[application.reference]),
        "/api/v1/openapi.json",
    ]
    for page in pages:
        words = text(client.get(page, follow=True))
        assert "SECRET-REASON" not in words, page
        assert "Not chosen" not in words, page
    for name in ("prepare", "letter_edit"):
        assert client.get(at(name, application)).status_code == 404
    assert client.get(at("letters", application.call)).status_code == 404
