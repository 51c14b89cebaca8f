"""What a party asks staff about its pairing, and what they answer."""

import pytest
from django.urls import reverse

from core.kit.errors import NotAllowedError, WrongStateError
from core.threads.models import Message
from pairings.services import answer_party, ask_staff
from tests.factories.pairings import PairingFactory
from tests.factories.programme import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(world):
    pairing = PairingFactory(organisations=[world.eu, world.partner], proposed_by=world.coordinator)
    return pairing.members.get(organisation=world.eu)


def text(response):
    return " ".join(response.content.decode().split())


def test_question_and_answer_stand_in_one_thread_and_are_told(world, member, mailoutbox):
    ask_staff(member=member, text="Who pays?", by=world.eu_lead)
    ask_staff(member=member, text="Who pays? ", by=world.eu_lead)
    assert [mail.to for mail in mailoutbox] == [[world.coordinator.email]]
    assert "Who pays?" in mailoutbox[0].body
    mailoutbox.clear()
    answer_party(member=member, text="The programme.", by=world.coordinator)
    assert [mail.to for mail in mailoutbox] == [[world.eu_lead.email]]
    words = Message.objects.values_list("thread", "words")
    assert list(words) == [
        (Message.objects.first().thread_id, "Who pays?"),
        (Message.objects.first().thread_id, "The programme."),
    ]


def test_who_may_write_and_until_when(world, member):
    viewer = MembershipFactory(organisation=world.eu, role="viewer").user
    for person in (viewer, world.partner_lead, world.coordinator):
        with pytest.raises(NotAllowedError):
            ask_staff(member=member, text="Who pays?", by=person)
    with pytest.raises(NotAllowedError):
        answer_party(member=member, text="We do.", by=world.eu_lead)
    ended = PairingFactory(organisations=[world.eu, world.partner], status="declined")
    with pytest.raises(WrongStateError, match="has ended"):
        ask_staff(member=ended.members.first(), text="Why?", by=world.eu_lead)


def test_pages_show_it_to_both_and_never_to_the_other_city(world, member, sign_in, settings):
    settings.DEMO = True  # Staff need no second factor.
    reference = member.pairing.reference
    own = reverse("pairings:questions", args=[reference])
    client = sign_in(world.eu_lead)
    assert own in text(client.get(reverse("pairings:answer", args=[reference])))
    assert client.post(own, {"text": ""}).status_code == 422
    assert "Who pays?" in text(client.post(own, {"text": "Who pays?"}, follow=True))
    office = sign_in(world.coordinator)
    theirs = reverse("pairings:staff_questions", args=[reference, member.pk])
    assert theirs in text(office.get(reverse("pairings:staff_detail", args=[reference])))
    assert "Who pays?" in text(office.post(theirs, {"text": "We do."}, follow=True))
    assert "We do." in text(sign_in(world.eu_lead).get(own))
    other = sign_in(world.partner_lead)
    for name in ("questions", "workspace", "answer"):
        shown = text(other.get(reverse(f"pairings:{name}", args=[reference])))
        assert "Who pays?" not in shown
        assert "Question to staff asked" not in shown
