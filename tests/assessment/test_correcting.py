"""A decision that was told and was wrong: put right by two people, with a second letter."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.assessment import services
from applications.assessment.models import Correction, Letter, Paragraph
from applications.assessment.selectors.outcomes import readiness_of
from applications.services import decide_application
from core.jobs.services import run_job
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.trail.models import AuditEvent
from tests.factories.accounts import CoordinatorFactory, DeskFactory, ObserverFactory
from tests.factories.applications import AcceptedApplicationFactory, EligibleApplicationFactory
from tests.factories.outcomes import OutcomeFactory, ParagraphFactory
from tests.factories.pairings import PairingFactory
from tests.factories.programme import (
    CallFactory,
    MembershipFactory,
    PartnerOrganisationFactory,
)
from tests.infra.threads import run_in_threads

pytestmark = pytest.mark.django_db


def rejected(by=None):
    application = EligibleApplicationFactory()
    by = by or CoordinatorFactory()
    decide_application(application=application, outcome="rejected", reason="Full.", by=by)
    mail.outbox.clear()
    return application


def prepare(application, by=None, **values):
    values = {
        "outcome": "reserve",
        "reason": "A score was typed as 0.5.",
        "words": "One score was copied wrongly.",
        "by": by or CoordinatorFactory(),
    } | values
    return services.prepare_correction(application=application, **values)


def confirm(row, by, version=1):
    return services.confirm_correction(correction=row, by=by, read_version=version)


@pytest.mark.parametrize("outcome", ["accepted", "reserve"])
def test_two_people_put_a_decision_right_and_the_city_gets_a_second_letter(outcome):
    application = rejected()
    lead = MembershipFactory(organisation=application.organisation, role="lead").user
    row = prepare(application, outcome=outcome)
    application.refresh_from_db()
    assert (application.status, mail.outbox) == ("rejected", [])
    confirm(row, CoordinatorFactory())
    application.refresh_from_db()
    assert application.status == outcome
    first, second = application.decisions.filter(stage="outcome").order_by("number")
    assert (first.outcome, second.outcome) == ("rejected", outcome)
    [told] = [each for each in mail.outbox if each.to == [lead.email]]
    body = told.body
    assert "we made a mistake" in told.subject
    assert "One score was copied wrongly." in body
    assert "Not chosen, on " in body
    # What went wrong inside is not for the city.
    assert "0.5" not in body
    assert "0.5" not in told.alternatives[0].content
    assert second.letter.text == body
    assert AuditEvent.objects.filter(verb="correction.confirmed").count() == 1


def test_acceptance_is_put_right_too_unless_a_pairing_rests_on_it():
    application = AcceptedApplicationFactory()
    pairing = PairingFactory(
        call=application.call,
        organisations=[application.organisation, PartnerOrganisationFactory()],
    )
    with pytest.raises(WrongStateError, match=pairing.reference):
        prepare(application, outcome="rejected")
    type(pairing).objects.update(status="cancelled")
    confirm(prepare(application, outcome="rejected"), CoordinatorFactory())
    application.refresh_from_db()
    assert application.status == "rejected"


def test_who_prepares_does_not_confirm():
    application, by = rejected(), CoordinatorFactory()
    row = prepare(application, by)
    with pytest.raises(NotAllowedError, match="Two people"):
        confirm(row, by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.update(confirmed_by=by)
    assert mail.outbox == []


def test_correction_of_who_is_gone_is_prepared_anew_first():
    row = prepare(rejected())
    Correction.objects.update(prepared_by=None)
    row.refresh_from_db()
    assert not CoordinatorFactory().has_perm("assessment.confirm_correction", row)
    with pytest.raises(NotAllowedError):
        confirm(row, CoordinatorFactory())


def test_desk_does_not_correct():
    application = rejected()
    with pytest.raises(NotAllowedError):
        prepare(application, DeskFactory())
    with pytest.raises(NotAllowedError):
        confirm(prepare(application), DeskFactory())


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"outcome": "rejected"}, "Choose what"),
        ({"outcome": "maybe"}, "Choose what"),
        ({"reason": " "}, "Write the reason"),
        ({"words": ""}, "Write what the applicant reads"),
    ],
)
def test_correction_that_makes_no_sense_is_refused(values, refusal):
    with pytest.raises(InvalidError, match=refusal):
        prepare(rejected(), **values)


def test_only_what_was_told_is_corrected():
    with pytest.raises(WrongStateError):
        prepare(EligibleApplicationFactory())


def test_correction_that_was_changed_since_it_was_read_is_not_confirmed():
    application = rejected()
    row = prepare(application)
    with pytest.raises(StaleError):
        prepare(application, outcome="accepted")
    prepare(application, outcome="accepted", read_version=1)
    with pytest.raises(StaleError):
        confirm(row, CoordinatorFactory())
    assert Correction.objects.count() == 1


def test_given_up_changes_nothing_and_another_can_be_prepared():
    application = rejected()
    row = services.discard_correction(correction=prepare(application), by=CoordinatorFactory())
    for step in (
        lambda: confirm(row, CoordinatorFactory()),
        lambda: services.discard_correction(correction=row, by=CoordinatorFactory()),
    ):
        with pytest.raises(WrongStateError):
            step()
    assert prepare(application).pk != row.pk
    application.refresh_from_db()
    assert application.status == "rejected"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_write_one_letter():
    row = prepare(rejected())
    people = [CoordinatorFactory(), CoordinatorFactory()]
    results = run_in_threads(2, lambda number: confirm(row, people[number]))
    refused = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [WrongStateError]
    assert Letter.objects.count() == 1
    assert len(mail.outbox) == 2


# Pages ------------------------------------------------------------------------------


@pytest.fixture
def staff(sign_in):
    def enter(person=None):
        person = person or CoordinatorFactory()
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
        return sign_in(person)

    return enter


def text(response):
    return response.content.decode()


def test_pages_of_a_correction_from_release_to_second_letter(staff):
    outcome = OutcomeFactory(outcome="rejected", reason="The field was strong.")
    application, by = outcome.application, CoordinatorFactory()
    call = application.call
    release = services.release_outcomes(call=call, mark=readiness_of(by, call).mark, by=by)
    run_job(pk=release.job_id)
    first = staff()
    url = reverse("assessment:correct", args=[application.reference])
    assert url in text(
        first.get(reverse("applications:staff_detail", args=[application.reference]))
    )
    assert "never a silent change" in text(first.get(url))
    refused = first.post(url, {"outcome": "reserve", "reason": "", "words": ""})
    assert refused.status_code == 422
    data = {"outcome": "reserve", "reason": "A slip.", "words": "We made a slip.", "version": "0"}
    page = first.post(url, data).url
    words = text(first.get(page))
    assert "Another coordinator confirms it." in words
    assert "Beside the first letter, for staff alone" in words
    assert "<del>" in words
    row = Correction.objects.get()
    confirming = reverse("assessment:correction_confirm", args=[row.pk])
    assert first.post(confirming, {"version": "1"}).status_code == 403
    second = staff()
    assert "Confirm and send the letter" in text(second.get(page))
    assert second.post(confirming, {"version": "1"}).url == page
    application.refresh_from_db()
    assert application.status == "reserve"
    assert "Put right; the applicant was told." in text(second.get(page))
    assert second.get(reverse("assessment:correction", args=[0])).status_code == 404


def test_page_of_what_was_not_told_leads_back_and_discarding_is_said(staff):
    client = staff()
    eligible = EligibleApplicationFactory()
    back = client.get(reverse("assessment:correct", args=[eligible.reference]))
    assert back.url == reverse("applications:staff_detail", args=[eligible.reference])
    row = prepare(rejected())
    client.post(reverse("assessment:correction_discard", args=[row.pk]))
    assert "Given up" in text(client.get(reverse("assessment:correction", args=[row.pk])))


def test_second_person_is_led_to_what_waits_and_changes_it_only_on_purpose(staff):
    application = rejected()
    row = prepare(application)
    client = staff()
    page = reverse("assessment:correction", args=[row.pk])
    url = reverse("assessment:correct", args=[application.reference])
    words = text(client.get(reverse("applications:staff_detail", args=[application.reference])))
    assert "A correction waits for a second person" in words
    assert page in words
    assert "Put the decision right" not in words
    assert client.get(url).url == page
    assert f"{url}?change=1" in text(client.get(page))
    form = client.get(f"{url}?change=1")
    assert "A score was typed as 0.5." in text(form)
    data = {"outcome": "accepted", "reason": "A slip.", "words": "So.", "version": "1"}
    assert client.post(f"{url}?change=1", data).url == page
    row.refresh_from_db()
    assert (row.outcome, row.version) == ("accepted", 2)


@pytest.mark.parametrize(("factory", "reads"), [(ObserverFactory, True), (DeskFactory, False)])
def test_only_who_reads_outcomes_learns_that_a_correction_waits(factory, reads, staff):
    application = rejected()
    seen = {} if reads else {"countries": [application.organisation.country]}
    person = factory(**seen)
    prepare(application)
    words = text(
        staff(person).get(reverse("applications:staff_detail", args=[application.reference]))
    )
    assert ("A correction waits" in words) == reads
    assert "Put the decision right" not in words


# Paragraphs -------------------------------------------------------------------------


def save(call, **values):
    values = {
        "title": "Strong field",
        "outcome": "rejected",
        "body": {"en-gb": "{city} met a strong field."},
        "by": CoordinatorFactory(),
    } | values
    return services.save_paragraph(call=call, **values)


def test_paragraph_is_written_changed_and_removed():
    call = CallFactory()
    row = save(call)
    assert save(call).key == "strong-field-2"
    assert save(call, for_all=True).call is None
    with pytest.raises(StaleError):
        save(call, paragraph=row)
    changed = save(call, paragraph=row, read_version=1, body={"en-gb": "A.", "es": "B."})
    assert (changed.words_in("es"), changed.words_in("ja"), changed.version) == ("B.", "A.", 2)
    services.remove_paragraph(paragraph=changed, by=CoordinatorFactory())
    assert Paragraph.objects.count() == 2


@pytest.mark.parametrize(
    "values",
    [
        {"title": " "},
        {"outcome": "held"},
        {"body": {"es": "Hola."}},
        {"body": {"en-gb": "Dear {mayor}"}},
    ],
)
def test_paragraph_that_makes_no_sense_is_refused(values):
    with pytest.raises(InvalidError):
        save(CallFactory(), **values)
    assert not Paragraph.objects.exists()


def test_pages_of_paragraphs(staff):
    call, client = CallFactory(), staff()
    listing = reverse("assessment:paragraphs", args=[call.slug])
    assert "No paragraph yet" in text(client.get(listing))
    new = reverse("assessment:paragraph_new", args=[call.slug])
    data = {"title": "Full", "outcome": "rejected", "body_en-gb": "Full.", "version": "0"}
    assert client.post(new, data | {"body_en-gb": "{x}"}).status_code == 422
    assert client.post(new, data).url == listing
    row = Paragraph.objects.get()
    own = reverse("assessment:paragraph", args=[call.slug, row.pk])
    assert "Full." in text(client.get(own))
    assert client.post(own, data).status_code == 409
    assert client.post(own, data | {"version": "1", "title": "Fuller"}).url == listing
    assert "Fuller" in text(client.get(listing))
    client.post(reverse("assessment:paragraph_remove", args=[call.slug, row.pk]))
    assert not Paragraph.objects.exists()
    other = ParagraphFactory()
    assert (
        client.get(reverse("assessment:paragraph", args=[call.slug, other.pk])).status_code == 404
    )
