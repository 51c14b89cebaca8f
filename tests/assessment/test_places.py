"""A place that an accepted city gives up, and the reserve list that moves up into it."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse

from applications.assessment import services
from applications.assessment.duties import next_words, places
from applications.assessment.models import FreePlace, Letter, Outcome
from applications.assessment.selectors.outcomes import readiness_of
from applications.assessment.selectors.places import next_of, reserve_list
from applications.assessment.services.outcomes import kept_of
from applications.assessment.services.releasing import tell_outcome
from applications.models import Application
from applications.services import withdraw_application
from applications.services.decisions import correct_decision
from applications.states import ApplicationStatus
from core.duties.catalogue import Ask, find
from core.jobs.services import run_job
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, PortalError, StaleError, WrongStateError
from core.post.models import Mail
from core.trail.models import AuditEvent
from pairings.models import Pairing
from pairings.services import propose_pairing
from programme.calls.duties import UNIT
from reminders.services import queue_reminders
from tests.factories.accounts import CoordinatorFactory, DeskFactory, ObserverFactory
from tests.factories.applications import (
    AssignmentFactory,
    ConflictFactory,
    EligibleApplicationFactory,
)
from tests.factories.assessment import AssessmentPlanFactory, HandedInFactory
from tests.factories.outcomes import OutcomeFactory, ParagraphFactory
from tests.factories.pairings import PairingFactory
from tests.factories.programme import AssessmentCriterionFactory, CallFactory, MembershipFactory
from tests.infra.threads import run_in_threads
from tests.pairings.conftest import make_world

WHY = "The council has stopped all travel."


def told(call, outcome, points=None, **values):
    """An application with these points, of which its city was told the outcome."""
    application = EligibleApplicationFactory(call=call, **values)
    if points is not None:
        criterion = call.criteria.first() or AssessmentCriterionFactory(call=call)
        assignment = AssignmentFactory(application=application)
        HandedInFactory(assignment=assignment, scores={criterion: points})
    return OutcomeFactory(application=application, outcome=outcome)


def release(call, by):
    found = services.release_outcomes(call=call, mark=readiness_of(by, call).mark, by=by)
    run_job(pk=found.job_id)
    return found


def decided(*reserve, accepted=1):
    """A released call: so many accepted, and a reserve list with these points."""
    call = CallFactory()
    AssessmentPlanFactory(call=call)
    leaving = [told(call, "accepted", 5).application for _ in range(accepted)]
    waiting = [told(call, "reserve", points).application for points in reserve]
    release(call, CoordinatorFactory())
    mail.outbox.clear()
    return call, leaving, waiting


def lead_of(application):
    return MembershipFactory(organisation=application.organisation, role="lead").user


def give_up(application, by=None):
    application = Application.objects.get(pk=application.pk)
    by = by or CoordinatorFactory()
    return services.give_up_place(application=application, reason=WHY, by=by)


def fill(place, application, **values):
    values = {
        "reason": "A place came free.",
        "by": CoordinatorFactory(),
        "read_version": 1,
    } | values
    application = Application.objects.get(pk=application.pk)
    return services.fill_place(place=place, application=application, **values)


def numbers(call):
    return [(row.rank, row.is_tied, row.is_next) for row in reserve_list(call)]


@pytest.mark.django_db
def test_city_gives_its_place_up_is_told_and_another_does_not_move_by_itself():
    _call, [leaving], [waiting] = decided(3)
    place = give_up(leaving, lead_of(leaving))
    leaving.refresh_from_db()
    assert (leaving.status, place.reason, place.is_on_behalf) == ("withdrawn", WHY, False)
    assert {one.subject for one in mail.outbox} == {
        f"Application {leaving.reference}: the place is given up"
    }
    # Contacts outside the team get it too: the reason is for staff alone.
    assert not [one for one in mail.outbox if WHY in one.body]
    waiting.refresh_from_db()
    assert waiting.status == "reserve"
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"application.place_given_up", "place.freed"} <= verbs
    assert give_up(leaving) == place


@pytest.mark.django_db
def test_staff_write_it_down_for_the_city():
    _call, [leaving], _ = decided()
    assert give_up(leaving).is_on_behalf


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [DeskFactory, ObserverFactory])
def test_only_leads_and_coordinators_give_a_place_up(factory):
    _call, [leaving], _ = decided()
    editor = MembershipFactory(organisation=leaving.organisation, role="editor").user
    linked = CoordinatorFactory()
    ConflictFactory(application=leaving, person=linked)
    for person in (factory(), editor, linked):
        with pytest.raises(NotAllowedError):
            give_up(leaving, person)
    assert not FreePlace.objects.exists()


@pytest.mark.django_db
def test_only_what_was_accepted_gives_a_place_up_and_never_without_a_reason():
    _call, [leaving], [waiting] = decided(3)
    with pytest.raises(WrongStateError):
        give_up(waiting)
    leaving.refresh_from_db()
    with pytest.raises(InvalidError):
        services.give_up_place(application=leaving, reason=" ", by=CoordinatorFactory())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "to_city", "to_staff"),
    [
        ("proposed", "Decline it first", "Cancel that pairing first"),
        ("running", "Write to the coordination unit", "Cancel that pairing first"),
        ("completed", "its place was used", "its place was used"),
    ],
)
def test_pairing_that_rests_on_the_place_is_ended_first(status, to_city, to_staff):
    call, [leaving], _ = decided()
    pairing = PairingFactory(call=call, status=status)
    member = pairing.members.first()
    member.organisation, member.application = leaving.organisation, leaving
    member.save()
    for person, words in ((lead_of(leaving), to_city), (CoordinatorFactory(), to_staff)):
        with pytest.raises(WrongStateError, match=f"{pairing.reference}.*{words}"):
            give_up(leaving, person)
    Pairing.objects.update(status="cancelled")
    assert give_up(leaving)


@pytest.mark.django_db
def test_reserve_list_keeps_the_order_that_was_released_whatever_is_scored_anew():
    call, _leaving, [low, high, _same] = decided(2, 4, 2)
    assert numbers(call) == [(2, False, True), (3, True, False), (3, True, False)]
    Application.objects.filter(pk=low.pk).update(status="eligible")
    HandedInFactory(assignment=AssignmentFactory(application=low), scores={call.criteria.get(): 5})
    Application.objects.filter(pk=low.pk).update(status="reserve")
    assert [one.application for one in next_of(reserve_list(call))] == [high]


@pytest.mark.django_db
def test_next_is_prepared_and_told_by_a_release_alone():
    call, [leaving], [second, first] = decided(2, 4)
    place = give_up(leaving)
    mail.outbox.clear()
    with pytest.raises(StaleError):
        fill(place, second)
    row = fill(place, first)
    assert (row.outcome, row.is_released, mail.outbox) == ("accepted", False, [])
    assert FreePlace.objects.to_fill().count() == 0
    assert AuditEvent.objects.get(verb="place.offered").facts == {"rank": 2}
    release(call, CoordinatorFactory())
    first.refresh_from_db()
    assert first.status == "accepted"
    assert FreePlace.objects.with_state().get().is_filled
    with pytest.raises(WrongStateError):
        fill(place, second)


@pytest.mark.django_db
def test_one_of_equals_is_chosen_by_a_human():
    call, [leaving], equals = decided(3, 3)
    place = give_up(leaving)
    assert {one.application for one in next_of(reserve_list(call))} == set(equals)
    fill(place, equals[1])
    assert [one.application for one in next_of(reserve_list(call))] == equals[:1]


@pytest.mark.django_db
def test_who_was_to_take_a_place_and_withdraws_leaves_it_free():
    call, [leaving], [first, second] = decided(4, 2)
    place = give_up(leaving)
    fill(place, first)
    withdraw_application(application=first, by=lead_of(first))
    assert FreePlace.objects.to_fill().get() == place
    fill(place, second)
    release(call, CoordinatorFactory())
    second.refresh_from_db()
    assert second.status == "accepted"


@pytest.mark.django_db
def test_who_moved_up_and_gives_up_in_turn_frees_one_place():
    call, [leaving], [first, _second] = decided(4, 2)
    fill(give_up(leaving), first)
    release(call, CoordinatorFactory())
    again = give_up(first)
    assert FreePlace.objects.to_fill().get() == again


def put_right(application, outcome):
    return correct_decision(
        application=application, outcome=outcome, reason="It was wrong.", by=CoordinatorFactory()
    )


@pytest.mark.django_db
def test_place_is_free_again_once_its_acceptance_is_put_right_and_one_takes_only_one():
    call, leaving, [first] = decided(4, accepted=2)
    one, other = (give_up(application) for application in leaving)
    fill(one, first)
    release(call, CoordinatorFactory())
    assert FreePlace.objects.to_fill().get() == other

    put_right(first, "reserve")
    assert set(FreePlace.objects.to_fill()) == {one, other}
    Outcome.objects.filter(application=first).update(outcome="reserve")
    fill(other, first, read_version=Outcome.objects.get(application=first).version)
    assert FreePlace.objects.to_fill().get() == one
    release(call, CoordinatorFactory())
    assert FreePlace.objects.to_fill().get() == one


@pytest.mark.django_db
def test_nobody_moves_up_past_a_free_place_but_by_the_list():
    _call, [leaving], [first, second] = decided(4, 2)
    by = CoordinatorFactory()

    def accept(application, version):
        return services.prepare_outcome(
            application=Application.objects.get(pk=application.pk),
            outcome="accepted",
            reason="A place.",
            by=by,
            read_version=version,
        )

    place = give_up(leaving)
    with pytest.raises(WrongStateError, match="fill it from the reserve list"):
        accept(second, 1)
    row = fill(place, first)
    assert accept(first, row.version).reason == "A place."
    assert accept(second, 1).outcome == "accepted"


@pytest.mark.django_db
def test_place_is_left_empty_with_a_reason():
    _call, [leaving], [first] = decided(4)
    place, by = give_up(leaving), CoordinatorFactory()
    with pytest.raises(InvalidError):
        services.leave_empty(place=place, reason="", by=by)
    services.leave_empty(place=place, reason="The money is spent.", by=by)
    for step in (
        lambda: fill(place, first),
        lambda: services.leave_empty(place=place, reason="Again.", by=by),
    ):
        with pytest.raises(WrongStateError):
            step()


@pytest.mark.django_db
def test_place_left_empty_is_filled_after_all_with_a_reason():
    call, [leaving], [first] = decided(4)
    place, by = give_up(leaving), CoordinatorFactory()
    with pytest.raises(WrongStateError, match="not left empty"):
        services.reopen_place(place=place, reason="So.", by=by)
    services.leave_empty(place=place, reason="The money is spent.", by=by)
    with pytest.raises(InvalidError):
        services.reopen_place(place=place, reason=" ", by=by)
    services.reopen_place(place=place, reason="There is money again.", by=by)
    event = AuditEvent.objects.filter(verb="place.reopened").get()
    assert event.reason == "There is money again."
    assert FreePlace.objects.to_fill().get() == place
    fill(place, first)
    release(call, by)
    first.refresh_from_db()
    assert first.status == "accepted"


@pytest.mark.django_db
def test_acceptance_is_not_put_back_into_a_place_that_another_has():
    """Changed to hold in bulk, the place was filled by the next: taking that back overbooks."""
    call, [leaving], [first, second] = decided(4, 4)
    place, by = give_up(leaving), CoordinatorFactory()
    kept = kept_of(fill(place, first))

    def hold():
        row = Outcome.objects.get(application=first)
        return services.prepare_outcome(
            application=Application.objects.get(pk=first.pk),
            outcome="held",
            reason="",
            by=by,
            read_version=row.version,
        ).version

    def put_back(version):
        services.take_back_outcome(
            application=first, kept=kept, read_version=version, reason="Back.", by=by
        )

    put_back(hold())
    assert not FreePlace.objects.to_fill().exists()

    version = hold()
    fill(place, second)
    with pytest.raises(WrongStateError, match="taken by another"):
        put_back(version)
    assert Outcome.objects.get(application=first).outcome == "held"
    release(call, by)
    assert Application.objects.filter(call=call, status="accepted").count() == 1


@pytest.mark.django_db
def test_link_with_the_next_keeps_it_from_a_coordinator_and_lets_nobody_jump_over():
    _call, [leaving], [first, second] = decided(4, 2)
    place, linked = give_up(leaving), CoordinatorFactory()
    ConflictFactory(application=first, person=linked)
    with pytest.raises(NotAllowedError):
        fill(place, first, by=linked)
    with pytest.raises(StaleError):
        fill(place, second, by=linked)


@pytest.mark.django_db
def test_coordinators_owe_it_and_are_reminded_without_a_name(outbox):
    call, [leaving], [first] = decided(4)
    coordinator = CoordinatorFactory()
    place = give_up(leaving)
    [duty] = find(Ask(owners={UNIT}), [places])
    assert duty.words.title == "A place is free"
    assert duty.words.text == "The reserve list says who is next."
    assert duty.page == reverse("assessment:reserve", args=[call.slug])
    queue_reminders(now=days.now() + dt.timedelta(minutes=1))
    told_of = Mail.objects.get(kind="reminder_place_free", recipient=coordinator.email)
    assert "rank 2" in told_of.text
    for name in (leaving.organisation.name, first.organisation.name):
        assert name not in told_of.text
    assert not list(find(Ask(reader=ObserverFactory()), [places]))
    ConflictFactory(application=leaving, person=coordinator)
    assert not list(find(Ask(reader=coordinator), [places]))
    fill(place, first)
    assert not list(find(Ask(owners={UNIT}), [places]))


@pytest.mark.django_db
def test_mail_says_when_nobody_or_several_come_next():
    call, [leaving], _ = decided()
    give_up(leaving)
    assert next_words(call) == "Nobody waits on the reserve list."
    call, [leaving], _ = decided(3, 3)
    give_up(leaving)
    assert next_words(call) == "Next on the reserve list: 2 equals at rank 2; you choose."


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


@pytest.mark.django_db
def test_city_gives_up_on_its_own_page(sign_in):
    _call, [leaving], _ = decided()
    client = sign_in(lead_of(leaving))
    own = reverse("applications:detail", args=[leaving.reference])
    url = reverse("assessment:give_up", args=[leaving.reference])
    assert url in text(client.get(own))
    assert "Give up your place?" in text(client.get(url))
    refused = client.post(url, {"reason": ""})
    assert refused.status_code == 422
    assert client.post(url, {"reason": WHY}).url == own
    assert client.get(url).url == own
    assert url not in text(client.get(own))


@pytest.mark.django_db
def test_page_names_the_pairing_in_the_way_instead_of_asking(sign_in):
    call, [leaving], _ = decided()
    pairing = PairingFactory(call=call)
    pairing.members.filter(order=0).update(organisation=leaving.organisation)
    words = text(
        sign_in(lead_of(leaving)).get(reverse("assessment:give_up", args=[leaving.reference]))
    )
    assert pairing.reference in words
    assert 'name="reason"' not in words


@pytest.mark.django_db
def test_staff_fill_a_place_from_the_list_and_read_its_letter_next(staff):
    call, [leaving], [second, first] = decided(2, 4)
    ParagraphFactory(call=call, outcome="accepted", title="A place came free")
    ParagraphFactory(call=call, outcome="rejected", title="No place")
    client = staff()
    url = reverse("assessment:give_up_for", args=[leaving.reference])
    page = reverse("applications:staff_detail", args=[leaving.reference])
    assert url in text(client.get(page))
    assert client.post(url, {"reason": WHY}).url == page
    listing = reverse("assessment:reserve", args=[call.slug])
    assert listing in text(client.get(page))
    place = FreePlace.objects.get()
    filling = reverse("assessment:place_fill", args=[place.pk])
    words = text(client.get(listing))
    assert f"{filling}?of={first.reference}" in words
    assert f"{filling}?of={second.reference}" not in words
    assert client.get(filling).url == listing
    assert client.get(f"{filling}?of={second.reference}").url == listing
    form = text(client.get(f"{filling}?of={first.reference}"))
    assert "A place came free" in form
    assert "No place" not in form
    data = {"reason": "A place came free.", "version": "1"}
    jumped = client.post(f"{filling}?of={second.reference}", data)
    assert jumped.status_code == 409
    assert "The reserve list has moved" in text(jumped)
    answer = client.post(f"{filling}?of={first.reference}", data)
    assert answer.url == f"{reverse('assessment:letters', args=[call.slug])}?of={first.reference}"
    assert "Acceptance prepared" in text(client.get(listing))
    assert client.post(f"{filling}?of={first.reference}", data).status_code == 409


@pytest.mark.django_db
def test_place_is_left_empty_on_its_page(staff):
    call, [leaving], _ = decided()
    place, client = give_up(leaving), staff()
    url = reverse("assessment:place_close", args=[place.pk])
    assert url in text(client.get(reverse("assessment:reserve", args=[call.slug])))
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "The money is spent."})
    words = text(client.get(reverse("assessment:reserve", args=[call.slug])))
    assert "Left empty: The money is spent." in words
    assert "Nobody waits for a place" in words
    again = reverse("assessment:place_reopen", args=[place.pk])
    assert again in words
    assert client.post(again, {"reason": ""}).status_code == 422
    client.post(again, {"reason": "There is money again."})
    words = text(client.get(reverse("assessment:reserve", args=[call.slug])))
    assert url in words
    assert again not in words
    assert client.get(again).status_code == 302


@pytest.mark.django_db
def test_what_is_kept_from_the_reader_stands_on_no_page(staff):
    call, [leaving], [first, second] = decided(4, 2)
    place, linked = give_up(leaving), CoordinatorFactory()
    ConflictFactory(application=first, person=linked)
    client, listing = staff(linked), reverse("assessment:reserve", args=[call.slug])
    words = text(client.get(listing))
    assert first.organisation.name not in words
    assert second.organisation.name in words
    assert "The next is kept from you" in words
    fill(place, first)
    words = text(client.get(listing))
    assert first.organisation.name not in words
    assert "kept from you, because of a link" in words
    ConflictFactory(application=leaving, person=linked)
    assert leaving.organisation.name not in text(client.get(listing))
    assert client.get(reverse("assessment:place_close", args=[place.pk])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_reserve_list_takes_the_same_queries(number, staff, django_assert_num_queries):
    call, leaving, _ = decided(*[3] * number, accepted=number)
    for one in leaving:
        give_up(one)
    client, url = staff(), reverse("assessment:reserve", args=[call.slug])
    client.get(url)
    with django_assert_num_queries(7):
        client.get(url)


# Races ------------------------------------------------------------------------------

race = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def refused(results):
    return [one for one in results if isinstance(one, Exception)]


class TestRaces:
    pytestmark = race

    def test_two_places_and_one_reserve_are_one_acceptance(self):
        _call, leaving, [waiting] = decided(3, accepted=2)
        free = [give_up(one) for one in leaving]
        people = [CoordinatorFactory(), CoordinatorFactory()]
        results = run_in_threads(2, lambda n: fill(free[n], waiting, by=people[n]))
        assert [type(one) for one in refused(results)] == [StaleError]
        assert FreePlace.objects.to_fill().count() == 1
        assert Outcome.objects.pending().filter(outcome="accepted").count() == 1

    def test_two_who_fill_one_place_take_one_of_the_list(self):
        _call, [leaving], equals = decided(3, 3)
        place = give_up(leaving)
        results = run_in_threads(2, lambda n: fill(place, equals[n]))
        assert [type(one) for one in refused(results)] == [WrongStateError]
        assert Outcome.objects.pending().filter(outcome="accepted").count() == 1

    def test_reserve_that_withdraws_against_its_release_has_one_end(self):
        call, [leaving], [waiting] = decided(3)
        place, by, lead = give_up(leaving), CoordinatorFactory(), lead_of(waiting)
        row = fill(place, waiting)
        found = services.release_outcomes(call=call, mark=readiness_of(by, call).mark, by=by)
        letters = Letter.objects.count()
        steps = [
            lambda: tell_outcome(outcome=row, release=found, by=by),
            lambda: withdraw_application(application=waiting, by=lead),
        ]
        was_told, _withdrawn = run_in_threads(2, lambda n: steps[n]())
        waiting.refresh_from_db()
        place = FreePlace.objects.with_state().get()
        if was_told is True:
            assert (waiting.status, place.is_filled) == ("accepted", True)
            assert Letter.objects.count() == letters + 1
        else:
            assert (waiting.status, place.is_free) == ("withdrawn", True)
            assert Letter.objects.count() == letters

    def test_city_and_staff_who_give_up_at_once_free_one_place(self):
        _call, [leaving], _ = decided()
        people = [lead_of(leaving), CoordinatorFactory()]
        results = run_in_threads(2, lambda n: give_up(leaving, people[n]))
        assert not refused(results)
        assert FreePlace.objects.count() == 1
        assert Mail.objects.filter(kind="application_place_given_up").count() in {0, 2}

    def test_giving_up_against_a_proposal_leaves_no_pairing_in_the_air(self):
        world = make_world()
        steps = [
            lambda: give_up(world.application, world.eu_lead),
            lambda: propose_pairing(
                call=world.call,
                parties=world.parties,
                topics=[world.topic],
                reason="Both live with water.",
                by=world.coordinator,
            ),
        ]
        results = run_in_threads(2, lambda n: steps[n]())
        world.application.refresh_from_db()
        assert [isinstance(one, PortalError) for one in refused(results)] == [True]
        is_accepted = world.application.status == ApplicationStatus.ACCEPTED
        assert Pairing.objects.filter(status="proposed").exists() == is_accepted
