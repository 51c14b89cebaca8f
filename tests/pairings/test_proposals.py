import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from applications.models import Application
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from pairings.models import Pairing, PairingMember
from pairings.selectors import Asked, candidate_parties, members_key
from pairings.services import (
    AlreadyPairedError,
    NoRoomError,
    Party,
    answer_pairing,
    propose_pairing,
    record_published_pairing,
)
from tests.factories.accounts import AssessorFactory, DeskFactory, ObserverFactory, UserFactory
from tests.factories.applications import AcceptedApplicationFactory, SubmittedApplicationFactory
from tests.factories.pairings import PairingFactory, PublishedPairingFactory
from tests.factories.programme import (
    CountryFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerOrganisationFactory,
    TopicFactory,
)
from tests.infra.threads import run_in_threads
from tests.pairings.conftest import make_world

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 2, 6, 11, 30, tzinfo=dt.UTC)


def propose(world, **changes):
    values = {
        "call": world.call,
        "parties": world.parties,
        "topics": [world.topic],
        "reason": "Both live with water.",
        "by": world.coordinator,
    }
    return propose_pairing(**{**values, **changes})


def candidates(call, side):
    return candidate_parties(call=call, asked={side: Asked()})[side]


@time_machine.travel(NOON, tick=False)
def test_proposal_of_two_cities(world, mailoutbox):
    pairing = propose(world)
    pairing = Pairing.objects.get(pk=pairing.pk)
    assert pairing.reference == "PAIR-2026-0001"
    assert pairing.slug == "lodz-panaji-goa"
    assert pairing.status == "proposed"
    assert pairing.origin == "portal"
    assert pairing.members_key == members_key([world.eu, world.partner])
    assert list(pairing.topics.all()) == [world.topic]
    assert pairing.proposed_by == world.coordinator
    # 21 days later at 17:00 in Brussels, still winter.
    assert pairing.accept_by == dt.datetime(2026, 2, 27, 16, tzinfo=dt.UTC)
    members = list(pairing.members.all())
    assert [(m.organisation, m.side, m.answer) for m in members] == [
        (world.eu, "eu", "pending"),
        (world.partner, "partner", "pending"),
    ]
    assert [m.application for m in members] == [world.application, None]
    assert [m.slot.number for m in members] == [1, 1]
    assert pairing.title == "Łódź – Panaji-Goa"
    event = AuditEvent.objects.get(verb="pairing.proposed")
    assert event.actor == world.coordinator
    assert event.reason == "Both live with water."
    assert event.details["parties"] == ["Łódź", "Panaji-Goa"]


@time_machine.travel(NOON, tick=False)
def test_proposal_mails_every_lead(world, mailoutbox):
    second = MembershipFactory(organisation=world.eu).user
    MembershipFactory(organisation=world.eu, role="editor")
    MembershipFactory(organisation=world.eu, user__is_active=False)
    world.partner.name = "Panaji & <Goa>"
    world.partner.save()
    pairing = propose(world)
    assert [mail.to for mail in mailoutbox] == [
        [world.eu_lead.email],
        [second.email],
        [world.partner_lead.email],
    ]
    mail = mailoutbox[0]
    assert mail.subject == "Proposed pairing with Panaji & <Goa>: please answer"
    assert f"/my/pairings/{pairing.reference}/answer/" in mail.body
    assert "Panaji & <Goa>" in mail.body
    assert "Both live with water." in mail.body
    assert "27 February 2026, 17:00 Brussels time" in mail.body
    html = mail.alternatives[0][0]
    assert "Panaji &amp; &lt;Goa&gt;" in html
    assert f"/my/pairings/{pairing.reference}/answer/" in html
    # Each side reads the other's name.
    assert mailoutbox[2].subject == "Proposed pairing with Łódź: please answer"


def test_proposal_of_a_trio_with_two_partners(world):
    third = PartnerOrganisationFactory(name="Surat")
    pairing = propose(world, parties=[Party(third, "partner"), *world.parties])
    assert pairing.slug == "lodz-surat-panaji-goa"
    assert [m.organisation.name for m in pairing.members.all()] == ["Łódź", "Surat", "Panaji-Goa"]
    assert PairingMember.objects.exclude(slot=None).count() == 3


def test_proposal_to_a_trio_is_another_pairing_than_the_pair(world):
    propose(world)
    third = PartnerOrganisationFactory(name="Surat")
    assert propose(world, parties=[*world.parties, Party(third, "partner")])
    assert Pairing.objects.count() == 2


@pytest.mark.parametrize("factory", [UserFactory, AssessorFactory, ObserverFactory, DeskFactory])
def test_proposal_needs_a_coordinator(world, factory):
    with pytest.raises(NotAllowedError):
        propose(world, by=factory())
    assert not Pairing.objects.exists()


@time_machine.travel(NOON, tick=False)
def test_second_proposal_names_who_and_when(world, mailoutbox):
    first = propose(world)
    mailoutbox.clear()
    with pytest.raises(AlreadyPairedError) as caught:
        propose(world, parties=world.parties[::-1])
    assert str(caught.value) == (
        "Łódź and Panaji-Goa are already paired by Ilse Verbeek at 12:30 on 6 February 2026, "
        "Brussels time. Open PAIR-2026-0001 to see how it stands."
    )
    assert caught.value.pairing == first
    assert caught.value.code == "already_paired"
    assert Pairing.objects.count() == 1
    assert not mailoutbox
    assert AuditEvent.objects.filter(verb="pairing.proposed").count() == 1


def test_pairing_again_after_a_decline(world):
    first = propose(world)
    answer_pairing(member=first.members.first(), accept=False, reason="No staff.", by=world.eu_lead)
    second = propose(world)
    assert second.slug == "lodz-panaji-goa-2"
    event = AuditEvent.objects.filter(verb="pairing.proposed").first()
    assert event.details["paired_before"] == [first.reference]


def test_published_record_is_no_obstacle(world):
    record = PublishedPairingFactory(
        organisations=[world.eu, world.partner], slug="lodz-panaji-goa"
    )
    pairing = propose(world)
    assert pairing.slug == "lodz-panaji-goa-2"
    event = AuditEvent.objects.get(verb="pairing.proposed")
    assert event.details["paired_before"] == [record.reference]


def test_proposal_beyond_the_capacity(world):
    for _number in range(2):
        PairingFactory(organisations=[world.eu, PartnerOrganisationFactory()])
    with pytest.raises(NoRoomError) as caught:
        propose(world)
    assert str(caught.value) == (
        "Łódź has no room for another pairing: its capacity is 2. End one of its pairings or "
        "raise its capacity first."
    )
    assert Pairing.objects.count() == 2


def test_proposal_with_capacity_zero(world):
    nobody = PartnerOrganisationFactory(capacity=0)
    with pytest.raises(NoRoomError):
        propose(world, parties=[world.parties[0], Party(nobody, "partner")])


def test_proposal_takes_the_lowest_free_place(world):
    first = propose(world)
    answer_pairing(member=first.members.last(), accept=False, reason="No.", by=world.partner_lead)
    other = propose(world)
    assert [m.slot.number for m in other.members.all()] == [1, 1]


def party_lists(world):
    eu, partner = world.parties
    other_eu = OrganisationFactory()
    AcceptedApplicationFactory(call=world.call, organisation=other_eu)
    many = [Party(PartnerOrganisationFactory(), "partner") for _n in range(6)]
    return {
        "none": ([], "Choose at least one city in Europe."),
        "no partner": ([eu, Party(other_eu, "eu")], "Choose at least one partner city."),
        "no eu": ([partner, many[0]], "Choose at least one city in Europe."),
        "twice": ([eu, partner, partner], "An organisation stands in the pairing twice."),
        "wrong side": (
            [eu, Party(world.partner, "partner"), Party(many[0].organisation, "eu")],
            "stands on the other side",
        ),
        "too many": ([eu, *many], "at most 6 organisations"),
    }


@pytest.mark.parametrize("case", ["none", "no partner", "no eu", "twice", "wrong side", "too many"])
def test_proposal_of_impossible_parties(world, case):
    parties, message = party_lists(world)[case]
    with pytest.raises(InvalidError, match=message):
        propose(world, parties=parties)
    assert not Pairing.objects.exists()


def test_proposal_without_topic(world):
    with pytest.raises(InvalidError, match="at least one topic"):
        propose(world, topics=[])


@pytest.mark.parametrize(
    ("reason", "message"),
    [("", "Write why"), (" \u200b\n ", "Write why"), ("x" * 3001, "you have 3001")],
)
def test_proposal_with_a_bad_reason(world, reason, message):
    with pytest.raises(InvalidError, match=message) as caught:
        propose(world, reason=reason)
    assert caught.value.field == "reason"


def test_proposal_of_a_city_without_accepted_application(world):
    other = OrganisationFactory(name="Split")
    SubmittedApplicationFactory(call=world.call, organisation=other)
    with pytest.raises(InvalidError, match="Split has no accepted application"):
        propose(world, parties=[Party(other, "eu"), world.parties[1]])


def test_proposal_with_somebody_elses_application(world):
    other = AcceptedApplicationFactory(call=world.call)
    with pytest.raises(InvalidError, match="no accepted application"):
        propose(world, parties=[Party(world.eu, "eu", other), world.parties[1]])


def test_proposal_leaves_the_application_alone(world):
    propose(world)
    assert Application.objects.get(pk=world.application.pk).status == "accepted"


def test_proposal_with_a_partner_of_another_country(world):
    chile = CountryFactory(code="CL", name="Chile", side="partner", is_eu_member=False)
    other = PartnerOrganisationFactory(name="Valdivia", country=chile)
    parties = [world.parties[0], Party(other, "partner")]
    with pytest.raises(InvalidError, match="Valdivia is not in a partner country"):
        propose(world, parties=parties)
    world.call.named_partners.add(other)
    assert propose(world, parties=parties)


def test_proposal_by_a_demo_account_is_marked(world):
    world.coordinator.is_demo = True
    assert propose(world).origin == "demo"


def test_slug_of_names_in_another_script(world):
    world.partner.name = "長春"
    world.partner.save()
    world.eu.name = "北京"
    world.eu.save()
    assert propose(world).slug == "pairing"


def test_published_pairing_invents_nothing_and_is_idempotent(world):
    values = {"eu_organisation": world.eu, "partner_organisation": world.partner}
    record_published_pairing(**values, topics=[world.topic])
    pairing = record_published_pairing(**values, topics=[world.topic])
    pairing = Pairing.objects.get()
    assert (pairing.status, pairing.origin) == ("published", "published")
    assert pairing.slug == "lodz-panaji-goa"
    empty = (pairing.call, pairing.proposed_at, pairing.accept_by, pairing.started_on)
    assert empty == (None, None, None, None)
    assert [m.slot for m in pairing.members.all()] == [None, None]
    assert pairing.topics.count() == 1
    assert AuditEvent.objects.filter(verb="pairing.published").count() == 1


def test_published_pairing_of_one_city_twice(world):
    other = PartnerOrganisationFactory(name="Surat")
    record_published_pairing(
        eu_organisation=world.eu, partner_organisation=world.partner, topics=[]
    )
    record_published_pairing(eu_organisation=world.eu, partner_organisation=other, topics=[])
    assert Pairing.objects.count() == 2


# What the database refuses, with every check of the services left out ------------------


def test_database_refuses_a_second_live_pairing(world):
    first = PairingFactory(organisations=[world.eu, world.partner])
    with pytest.raises(IntegrityError), transaction.atomic():
        Pairing.objects.create(
            reference="RAW-1", slug="raw-1", members_key=first.members_key, status="running"
        )
    # Over is over: the same members may meet again.
    Pairing.objects.create(
        reference="RAW-2", slug="raw-2", members_key=first.members_key, status="declined"
    )


def test_database_refuses_a_second_published_record(world):
    first = PublishedPairingFactory(organisations=[world.eu, world.partner])
    with pytest.raises(IntegrityError), transaction.atomic():
        Pairing.objects.create(
            reference="RAW-1", slug="raw-1", members_key=first.members_key, status="published"
        )


def test_database_refuses_a_place_given_twice(world):
    first = PairingFactory(organisations=[world.eu, world.partner])
    held = first.members.first().slot
    other = PairingFactory(organisations=[OrganisationFactory(), PartnerOrganisationFactory()])
    with pytest.raises(IntegrityError), transaction.atomic():
        PairingMember.objects.create(pairing=other, organisation=world.eu, side="eu", slot=held)


def test_database_refuses_an_organisation_twice_in_a_pairing(world):
    pairing = PairingFactory(organisations=[world.eu, world.partner])
    with pytest.raises(IntegrityError), transaction.atomic():
        PairingMember.objects.create(pairing=pairing, organisation=world.eu, side="eu")


def test_lost_race_past_the_checks_is_told_politely(world, monkeypatch):
    propose(world)
    seen = []

    def blind_once(key):
        seen.append(key)
        return None if len(seen) == 1 else Pairing.objects.get()

    monkeypatch.setattr("pairings.services.proposals.live_pairing_of", blind_once)
    with pytest.raises(AlreadyPairedError):
        propose(world)
    assert Pairing.objects.count() == 1
    assert PairingMember.objects.count() == 2


# Races -----------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_pairing():
    world = make_world()
    results = run_in_threads(
        20, lambda n: propose(world, parties=world.parties if n % 2 else world.parties[::-1])
    )
    made = [r for r in results if isinstance(r, Pairing)]
    refused = [r for r in results if isinstance(r, AlreadyPairedError)]
    assert (len(made), len(refused)) == (1, 19)
    assert all("already paired by Ilse Verbeek at " in str(error) for error in refused)
    assert Pairing.objects.count() == 1
    assert PairingMember.objects.exclude(slot=None).count() == 2
    assert AuditEvent.objects.filter(verb="pairing.proposed").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_pass_a_capacity():
    world = make_world()
    partners = [PartnerOrganisationFactory() for _n in range(10)]
    results = run_in_threads(
        10,
        lambda n: propose(world, parties=[world.parties[0], Party(partners[n], "partner")]),
    )
    made = [r for r in results if isinstance(r, Pairing)]
    refused = [r for r in results if isinstance(r, NoRoomError)]
    assert (len(made), len(refused)) == (2, 8)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_crossing_trios_never_wait_in_a_ring():
    world = make_world()
    world.eu.capacity = 20
    cities = [PartnerOrganisationFactory(capacity=20) for _n in range(3)]

    def trio(n):
        chosen = [cities[n % 3], cities[(n + 1) % 3]]
        chosen = chosen[::-1] if n % 2 else chosen
        parties = [Party(city, "partner") for city in chosen]
        return propose(world, parties=[*parties, world.parties[0]])

    results = run_in_threads(12, trio)
    assert all(isinstance(r, Pairing | WrongStateError) for r in results), results
    # Łódź has two places, so two of the three trios exist.
    assert Pairing.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_accept_and_decline_at_once_have_one_end(mailoutbox):
    world = make_world()
    pairing = propose(world)
    members = list(pairing.members.all())
    answer_pairing(member=members[0], accept=True, by=world.eu_lead)
    results = run_in_threads(
        2,
        lambda n: answer_pairing(
            member=members[1], accept=bool(n), reason="No staff.", by=world.partner_lead
        ),
    )
    assert sum(isinstance(r, WrongStateError) for r in results) == 1
    end = Pairing.objects.get(pk=pairing.pk).status
    held = PairingMember.objects.exclude(slot=None).count()
    assert (end, held) in {("accepted", 2), ("declined", 0)}


def test_topics_of_a_pairing_are_those_chosen(world):
    other = TopicFactory()
    pairing = propose(world, topics=[other, world.topic])
    assert set(pairing.topics.all()) == {other, world.topic}


@pytest.mark.parametrize("side", ["partner", "both"])
def test_partner_city_needs_an_accepted_application_where_its_side_applies(world, side):
    world.call.applicant_side = side
    world.call.save()
    with pytest.raises(InvalidError, match="Panaji-Goa has no accepted application"):
        propose(world)
    found, _number = candidates(world.call, "partner")
    assert found == []
    AcceptedApplicationFactory(call=world.call, organisation=world.partner)
    [candidate], _number = candidates(world.call, "partner")
    pairing = propose(world)
    assert candidate.organisation == world.partner
    assert [m.application is None for m in pairing.members.all()] == [False, False]


def test_city_that_the_call_names_need_not_apply(world):
    world.call.applicant_side = "both"
    world.call.save()
    world.call.named_partners.set([world.partner])
    [candidate], _number = candidates(world.call, "partner")
    assert candidate.organisation == world.partner
    assert propose(world).status == "proposed"


def test_city_in_europe_comes_from_the_calls_countries_where_partner_cities_apply(world):
    world.call.applicant_side = "partner"
    world.call.save()
    AcceptedApplicationFactory(call=world.call, organisation=world.partner)
    abroad = OrganisationFactory(name="Leeds", country=CountryFactory(code="GB", name="Britain"))
    found, _number = candidates(world.call, "eu")
    assert [one.organisation for one in found] == [world.eu]
    parties = [Party(abroad, "eu"), Party(world.partner, "partner")]
    with pytest.raises(InvalidError, match="Leeds is not in a country of this call"):
        propose(world, parties=parties)
    bare = OrganisationFactory(name="Split")
    parties = [Party(bare, "eu"), Party(world.partner, "partner")]
    assert propose(world, parties=parties).status == "proposed"


def test_regions_are_paired_with_regions(world):
    world.call.applicant_kinds = ["region"]
    world.call.save()
    goa = PartnerOrganisationFactory(name="Goa", kind="region")
    [candidate], _number = candidates(world.call, "partner")
    assert candidate.organisation == goa
