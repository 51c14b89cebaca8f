"""What staff change of a proposal, before and after an answer, and how they follow it up."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.states import Direction
from core.kit.days import BRUSSELS, now, today
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.post.models import Mail
from core.trail.models import AuditEvent
from pairings.mails import outdated
from pairings.models import Amendment, Pairing
from pairings.services import (
    amend_pairing,
    answer_pairing,
    correct_proposal,
    prolong_proposal,
    remind_parties,
)
from pairings.services.lapsing import lapse_proposals
from programme.organisations.models import Organisation
from tests.factories.accounts import DeskFactory
from tests.factories.applications import AcceptedApplicationFactory, ChallengeFactory
from tests.factories.pairings import AcceptedPairingFactory, PairingFactory, RunningPairingFactory
from tests.factories.programme import TopicFactory
from tests.infra.threads import run_in_threads
from tests.pairings.conftest import make_world

pytestmark = pytest.mark.django_db
SOON = dt.timedelta(days=30)


@pytest.fixture
def proposed(world):
    return _proposed(world)


def _proposed(world):
    return PairingFactory(
        call=world.call,
        organisations=[world.eu, world.partner],
        topics=[world.topic],
        proposed_by=world.coordinator,
    )


def correct(pairing, by, **values):
    said = {
        "topics": pairing.topics.all(),
        "reason": pairing.reason,
        "answer_by": timezone.localdate(pairing.accept_by, BRUSSELS),
        "read_version": pairing.version,
    }
    return correct_proposal(pairing=pairing, by=by, **said | values)


def amend(pairing, by, **values):
    said = {
        "name": "Another topic",
        "why": "Both asked for it.",
        "topics": pairing.topics.all(),
        "reason": pairing.reason,
        "due_on": None,
        "read_version": pairing.version,
    }
    return amend_pairing(pairing=pairing, by=by, **said | values)


def accept(pairing, world, **more):
    member = pairing.members.get(organisation=world.eu)
    return answer_pairing(member=member, accept=True, by=world.eu_lead, **more)


def text(response):
    return " ".join(response.content.decode().split())


def test_correction_is_told_whole_and_on_record(world, proposed, mailoutbox):
    topic, day = TopicFactory(name="air"), today() + SOON
    correct(proposed, world.coordinator, topics=[topic], reason="A harbour.", answer_by=day)
    proposed = Pairing.objects.get(pk=proposed.pk)
    assert ([*proposed.topics.all()], proposed.reason) == ([topic], "A harbour.")
    assert timezone.localtime(proposed.accept_by, BRUSSELS).isoformat()[:16] == f"{day}T17:00"
    assert {mail.to[0] for mail in mailoutbox} == {world.eu_lead.email, world.partner_lead.email}
    assert "A harbour." in mailoutbox[0].body
    assert "an earlier mail about it counts no more" in mailoutbox[0].body
    [event] = AuditEvent.objects.filter(verb="pairing.corrected")
    assert event.details["changes"]["Topics"] == [world.topic.name, "air"]


def test_correction_that_changes_nothing_tells_nobody(world, proposed, mailoutbox):
    correct(proposed, world.coordinator)
    assert mailoutbox == []
    assert Pairing.objects.get(pk=proposed.pk).version == 1


def test_correction_takes_back_the_mail_with_the_old_words(world, proposed, outbox):
    remind_parties(pairing=proposed, by=world.coordinator)
    correct(proposed, world.coordinator, reason="A harbour.")
    kinds = Mail.objects.values_list("kind", "status").distinct()
    assert set(kinds) == {("pairing_reminded", "withdrawn"), ("pairing_corrected", "queued")}
    answer_pairing(
        member=proposed.members.first(), accept=False, reason="No staff.", by=world.eu_lead
    )
    left = Mail.objects.filter(kind="pairing_corrected")
    assert set(outdated(left)) == {mail.pk for mail in left}


def test_correction_needs_a_right_a_topic_a_reason_and_a_day_to_come(world, proposed):
    desk = DeskFactory(countries=[world.partner.country])
    for person in (desk, world.eu_lead):
        with pytest.raises(NotAllowedError):
            correct(proposed, person, reason="A harbour.")
    for field, values in (
        ("topics", {"topics": []}),
        ("reason", {"reason": " "}),
        ("answer_by", {"answer_by": today() - dt.timedelta(days=1)}),
    ):
        with pytest.raises(InvalidError) as refused:
            correct(proposed, world.coordinator, **values)
        assert refused.value.field == field
    with pytest.raises(StaleError):
        correct(proposed, world.coordinator, reason="A harbour.", read_version=0)


def test_answer_ends_corrections_and_old_words_are_not_accepted(world, proposed):
    correct(proposed, world.coordinator, reason="A harbour.")
    with pytest.raises(StaleError, match="changed this proposal while you read it"):
        accept(proposed, world, read_version=1)
    accept(proposed, world, read_version=2)
    with pytest.raises(WrongStateError, match="told as an amendment"):
        correct(Pairing.objects.get(pk=proposed.pk), world.coordinator, reason="A river.")


def test_amendment_stands_beside_what_was_and_both_cities_read_it(
    world, proposed, mailoutbox, sign_in
):
    accept(proposed, world)
    mailoutbox.clear()
    day = today() + SOON
    amendment = amend(proposed, world.coordinator, topics=[TopicFactory(name="air")], due_on=day)
    assert amendment.changes["topics"] == [[world.topic.name], ["air"]]
    assert amendment.changes["accept_by"][1].startswith(day.isoformat())
    assert {mail.to[0] for mail in mailoutbox} == {world.eu_lead.email, world.partner_lead.email}
    assert "You can still decline" in mailoutbox[0].body
    for person, page in ((world.eu_lead, "workspace"), (world.partner_lead, "answer")):
        shown = text(sign_in(person).get(reverse(f"pairings:{page}", args=[proposed.reference])))
        assert "Another topic" in shown
        assert "Both asked for it." in shown


def test_amendment_has_the_date_of_its_state(world):
    accepted = AcceptedPairingFactory(organisations=[world.eu, world.partner])
    amend(accepted, world.coordinator, due_on=today() + SOON)
    assert list(Amendment.objects.get().changes) == ["sign_by"]
    running = RunningPairingFactory()
    with pytest.raises(InvalidError, match="Nothing differs"):
        amend(running, world.coordinator, due_on=today() + SOON)
    for lacking in ("name", "why"):
        with pytest.raises(InvalidError) as refused:
            amend(running, world.coordinator, reason="A river.", **{lacking: " "})
        assert refused.value.field == lacking
    with pytest.raises(WrongStateError):
        amend(PairingFactory(status="declined"), world.coordinator, reason="A river.")


def test_overdue_proposal_is_prolonged(world, mailoutbox):
    late = PairingFactory(
        call=world.call,
        organisations=[world.eu, world.partner],
        accept_by=now() - dt.timedelta(days=2),
    )
    accept(late, world)
    desk, day = DeskFactory(countries=[world.partner.country]), today() + SOON
    mailoutbox.clear()
    prolong_proposal(pairing=late, answer_by=day, by=desk)
    prolong_proposal(pairing=late, answer_by=day, by=desk)
    # Who has answered owes nothing.
    assert [mail.to for mail in mailoutbox] == [[world.partner_lead.email]]
    assert AuditEvent.objects.get(verb="pairing.prolonged").details["to"] == day.isoformat()
    with pytest.raises(InvalidError, match="The cities count on"):
        prolong_proposal(pairing=late, answer_by=day - dt.timedelta(days=1), by=desk)
    with pytest.raises(NotAllowedError):
        prolong_proposal(pairing=late, answer_by=day + SOON, by=DeskFactory())


def test_reminder_by_hand_goes_to_who_has_not_answered_once_a_day(
    world, proposed, mailoutbox, time_machine
):
    accept(proposed, world)
    mailoutbox.clear()
    remind_parties(pairing=proposed, by=world.coordinator)
    assert [mail.to for mail in mailoutbox] == [[world.partner_lead.email]]
    with pytest.raises(WrongStateError, match="One reminder a day"):
        remind_parties(pairing=proposed, by=world.coordinator)
    time_machine.move_to(now() + dt.timedelta(hours=24))
    remind_parties(pairing=proposed, by=world.coordinator)
    assert len(mailoutbox) == 2


def test_pages_correct_amend_prolong_and_remind(world, proposed, sign_in, settings):
    settings.DEMO = True  # Staff need no second factor.
    client = sign_in(world.coordinator)

    def page(name):
        return reverse(f"pairings:{name}", args=[proposed.reference])

    detail = text(client.get(page("staff_detail")))
    for name in ("staff_correct", "staff_prolong", "staff_remind"):
        assert page(name) in detail
    typed = {"topics": [world.topic.pk], "reason": "A harbour.", "version": 1}
    assert client.post(page("staff_correct"), typed).status_code == 422
    day = f"{today() + SOON:%d %B %Y}"
    assert client.post(page("staff_correct"), typed | {"answer_by": day}).status_code == 302
    refused = client.post(page("staff_correct"), typed | {"answer_by": day, "reason": "A bay."})
    assert refused.status_code == 409
    # Both texts are there to compare.
    assert "A harbour." in text(refused)
    assert "A bay." in text(refused)
    later = f"{today() + 2 * SOON:%d %B %Y}"
    assert client.post(page("staff_prolong"), {"answer_by": later}).status_code == 302
    assert "has a mail" in text(client.post(page("staff_remind"), follow=True))
    accept(proposed, world)
    assert "Amend the pairing" in text(client.get(page("staff_correct")))
    amendment = {"name": "A bay", "why": "It is one.", "reason": "A bay.", "version": 3}
    assert client.post(page("staff_correct"), typed | amendment).status_code == 302
    assert Amendment.objects.get().changes == {"reason": ["A harbour.", "A bay."]}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_correction_and_acceptance_at_once_never_mix():
    """Either the city accepts what it read, or it is told to read again."""
    world = make_world()
    proposed = _proposed(world)

    def act(number):
        if number:
            accept(proposed, world, read_version=1)
        else:
            correct(proposed, world.coordinator, reason="A harbour.")

    run_in_threads(2, act)
    proposed.refresh_from_db()
    accepted = proposed.members.filter(answer="accepted").exists()
    assert (proposed.reason == "A harbour.") != accepted


# Without an answer --------------------------------------------------------------------------


def test_proposal_without_an_answer_lapses_two_weeks_after_its_day(
    world, proposed, mailoutbox, time_machine
):
    accept(proposed, world)
    mailoutbox.clear()
    time_machine.move_to(proposed.accept_by + dt.timedelta(days=14, seconds=-1))
    assert lapse_proposals() == 0
    time_machine.move_to(proposed.accept_by + dt.timedelta(days=14))
    assert (lapse_proposals(), lapse_proposals()) == (1, 0)
    proposed = Pairing.objects.get(pk=proposed.pk)
    assert (proposed.status, proposed.closing.by) == ("cancelled", None)
    assert "No answer came from Panaji-Goa" in proposed.closing.reason
    assert not proposed.members.exclude(slot=None).exists()
    assert {mail.to[0] for mail in mailoutbox} >= {
        world.eu_lead.email,
        world.partner_lead.email,
        world.coordinator.email,
    }
    assert AuditEvent.objects.get(verb="pairing.lapsed").details["parties"] == ["Panaji-Goa"]


def test_answer_page_shows_what_one_wants_the_other_has_and_both_clocks(world, sign_in):
    theirs = AcceptedApplicationFactory(call=world.call, organisation=world.partner)
    learn = ChallengeFactory(application=world.application, words="Night buses.")
    ChallengeFactory(
        application=theirs, topic=learn.topic, direction=Direction.SHARE, words="Ferries."
    )
    Organisation.objects.filter(pk=world.partner.pk).update(time_zone="Asia/Kolkata")
    pairing = _proposed(world)
    for application in (world.application, theirs):
        pairing.members.filter(organisation=application.organisation).update(
            application=application
        )
    shown = text(sign_in(world.eu_lead).get(reverse("pairings:answer", args=[pairing.reference])))
    assert "What one wants, the other has" in shown
    assert "Night buses." in shown
    assert "Ferries." in shown
    assert "in Panaji-Goa" in shown
    assert "Without an answer it lapses by itself" in shown
