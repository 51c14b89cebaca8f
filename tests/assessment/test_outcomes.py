"""Preparing outcomes: versioned, changed freely, seen by the unit alone until the release."""

import pytest
from django.core import mail

from applications.assessment import services
from applications.assessment.models import LetterDraft, Outcome
from applications.assessment.services.letters import preview_of, words_of
from applications.services import decide_application, withdraw_application
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.trail.models import AuditEvent
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)
from tests.factories.applications import (
    AcceptedApplicationFactory,
    EligibleApplicationFactory,
    SubmittedApplicationFactory,
)
from tests.factories.outcomes import OutcomeFactory, ParagraphFactory
from tests.factories.programme import MembershipFactory

pytestmark = pytest.mark.django_db


def prepare(application, by=None, *, outcome="accepted", reason="Because.", version=0, **more):
    return services.prepare_outcome(
        application=application,
        outcome=outcome,
        reason=reason,
        read_version=version,
        by=by or CoordinatorFactory(),
        **more,
    )


@pytest.mark.parametrize("outcome", ["accepted", "reserve", "rejected", "held"])
def test_preparing_changes_nothing_for_the_city(outcome):
    application = EligibleApplicationFactory()
    row = prepare(application, outcome=outcome)
    application.refresh_from_db()
    assert (row.outcome, row.version, application.status) == (outcome, 1, "eligible")
    assert not application.decisions.filter(stage="outcome").exists()
    assert mail.outbox == []
    event = AuditEvent.objects.get()
    assert (event.verb, event.details) == ("outcome.prepared", {"outcome": outcome})


def test_preparing_again_needs_the_version_that_was_read():
    application, first = EligibleApplicationFactory(), CoordinatorFactory(full_name="Ilse Verbeek")
    prepare(application, first)
    with pytest.raises(StaleError, match="Ilse Verbeek saved this first: Accept") as refusal:
        prepare(application, outcome="rejected")
    assert refusal.value.version == 1
    changed = prepare(application, outcome="rejected", version=1)
    assert (changed.outcome, changed.version) == ("rejected", 2)
    assert Outcome.objects.count() == 1


def test_preparing_the_same_again_leaves_it_as_it_is():
    application = EligibleApplicationFactory()
    first = prepare(application)
    events = AuditEvent.objects.count()

    again = prepare(application, version=first.version)

    assert again.version == first.version
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    ("outcome", "reason", "refusal"),
    [
        ("maybe", "x", "Choose accept"),
        ("accepted", " ", "Write the reason"),
        ("rejected", "Dear {mayor}", "Nothing fills {mayor}"),
        ("rejected", "Half a { brace", "Nothing fills"),
    ],
)
def test_preparing_what_makes_no_sense_is_refused(outcome, reason, refusal):
    with pytest.raises(InvalidError, match=refusal):
        prepare(EligibleApplicationFactory(), outcome=outcome, reason=reason)
    assert not Outcome.objects.exists()


@pytest.mark.parametrize("factory", [SubmittedApplicationFactory, AcceptedApplicationFactory])
def test_preparing_in_the_wrong_state_is_refused(factory):
    with pytest.raises(WrongStateError):
        prepare(factory())


def test_what_was_withdrawn_is_not_prepared():
    application = EligibleApplicationFactory()
    lead = MembershipFactory(organisation=application.organisation, role="lead").user
    withdraw_application(application=application, by=lead)
    with pytest.raises(WrongStateError):
        prepare(application)


@pytest.mark.parametrize("factory", [DeskFactory, AssessorFactory, ObserverFactory, UserFactory])
def test_only_coordinators_prepare(factory):
    with pytest.raises(NotAllowedError):
        prepare(EligibleApplicationFactory(), factory())


def test_reserve_is_prepared_for_anew_after_it_was_told():
    application, by = EligibleApplicationFactory(), CoordinatorFactory()
    decide_application(application=application, outcome="reserve", reason="Full.", by=by)
    with pytest.raises(WrongStateError):
        prepare(application, outcome="reserve")
    assert prepare(application, outcome="accepted").outcome == "accepted"


def test_placeholders_and_paragraphs_are_filled_for_each_city_in_its_language():
    application = EligibleApplicationFactory(organisation__name="Granada", contact_email="")
    person = MembershipFactory(organisation=application.organisation).user
    person.language = "es"
    person.save()
    application.contact_email = person.email
    application.save()
    paragraph = ParagraphFactory(call=application.call)
    row = prepare(
        application, outcome="rejected", reason="{reference} stays on file.", paragraphs=[paragraph]
    )
    assert row.reason == (f"Granada: muchas buenas.\n\n{application.reference} stays on file.")


def test_several_are_prepared_and_what_moved_is_named():
    by = CoordinatorFactory()
    one, two, three = (EligibleApplicationFactory() for _ in range(3))
    prepare(two)
    decide_application(application=three, outcome="accepted", reason="Good.", by=by)
    prepared = services.prepare_outcomes(
        versions={one: 0, two: 0, three: 0}, outcome="rejected", reason="Full.", by=by
    )
    assert [row.application for row in prepared.done] == [one]
    assert [row for row, _why in prepared.left] == [two, three]
    assert Outcome.objects.get(application=two).outcome == "accepted"


def test_several_of_none_is_refused():
    with pytest.raises(InvalidError):
        services.prepare_outcomes(
            versions={}, outcome="rejected", reason="Full.", by=CoordinatorFactory()
        )


# Letters ----------------------------------------------------------------------------


def edit(row, text="Our own words.", **more):
    row.refresh_from_db()
    values = {"subject": "About {reference}", "by": row.prepared_by, "read_version": row.version}
    return services.edit_letter(outcome=row, text=text, **values | more)


def test_letter_is_the_real_mail_until_it_is_written_anew():
    row = OutcomeFactory()
    letter = preview_of(row)
    assert "Your city is chosen." in letter.text
    assert row.reason in letter.text
    assert words_of(row).text.startswith("The reason, in the words of the coordination unit:")
    edit(row)
    row = Outcome.objects.get()
    own = preview_of(row)
    assert own.subject == f"About {row.application.reference}"
    assert "Our own words." in own.text
    assert row.reason not in own.text
    # Nobody can write another outcome into a letter.
    assert "Your city is chosen." in own.text


def test_an_own_letter_stays_behind_with_the_outcome_it_was_written_for():
    row = OutcomeFactory()
    edit(row)
    by = row.prepared_by
    prepare(row.application, by, outcome="rejected", version=2)
    row = Outcome.objects.get()
    assert "Our own words." not in preview_of(row).text
    prepare(row.application, by, outcome="accepted", reason=OutcomeFactory.reason, version=3)
    assert "Our own words." in preview_of(Outcome.objects.get()).text


def test_taking_the_usual_letter_loses_no_word():
    row = OutcomeFactory()
    edit(row)
    row.refresh_from_db()
    services.take_usual_letter(outcome=row, by=row.prepared_by, read_version=row.version)
    row = Outcome.objects.get()
    assert "Our own words." not in preview_of(row).text
    assert [one.text for one in LetterDraft.objects.order_by("number")] == ["Our own words.", ""]


def test_letter_that_a_colleague_wrote_first_is_not_overwritten():
    row = OutcomeFactory()
    edit(row)
    with pytest.raises(StaleError):
        edit(row, "Mine.", read_version=1)
    assert LetterDraft.objects.get().text == "Our own words."


@pytest.mark.parametrize(
    "values", [{"subject": " "}, {"text": ""}, {"text": "{rank}"}, {"text": "x" * 6001}]
)
def test_letter_that_makes_no_sense_is_refused(values):
    row = OutcomeFactory()
    with pytest.raises(InvalidError):
        edit(row, **values)


def test_there_is_no_letter_while_nothing_is_decided():
    row = OutcomeFactory(outcome="held", reason="")
    with pytest.raises(WrongStateError):
        edit(row)
    with pytest.raises(WrongStateError):
        services.send_test_letter(outcome=row, by=row.prepared_by)


def test_test_letter_goes_to_oneself_alone():
    row, by = OutcomeFactory(), CoordinatorFactory()
    services.send_test_letter(outcome=row, by=by)
    [message] = mail.outbox
    assert message.to == [by.email]
    assert message.subject.startswith("Test: ")
    assert row.reason in message.body
    row.refresh_from_db()
    assert (row.version, row.is_released) == (1, False)


def test_holding_and_letting_go():
    row = OutcomeFactory()
    for held in (True, True, False):
        row = services.hold_letter(
            outcome=row, held=held, by=row.prepared_by, read_version=row.version
        )
        assert row.is_held is held
    assert row.version == 3
    with pytest.raises(StaleError):
        services.hold_letter(outcome=row, held=True, by=row.prepared_by, read_version=1)


def test_outcome_of_what_was_withdrawn_cannot_be_written_about():
    row = OutcomeFactory()
    lead = MembershipFactory(organisation=row.application.organisation, role="lead").user
    withdraw_application(application=row.application, by=lead)
    with pytest.raises(WrongStateError):
        edit(row)
