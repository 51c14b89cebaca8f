"""What a pairing asks of whom: answers, signatures, milestones, reports."""

import datetime as dt

import pytest
from django.utils import timezone

from core.duties.catalogue import Ask, find_again, key_of
from core.kit.days import end_of
from pairings.duties import acceptances, milestones, reports, signatures
from pairings.states import PartyAnswer
from programme.calls.states import MilestoneKind
from tests.factories.accounts import CoordinatorFactory, DeskFactory, ObserverFactory
from tests.factories.pairings import (
    AcceptedPairingFactory,
    MilestoneFactory,
    MilestoneMoveFactory,
    PairingFactory,
    PublishedPairingFactory,
    RunningPairingFactory,
    SignatureFactory,
)
from tests.factories.programme import (
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
MEMBERS_KINDS = (acceptances, signatures)


def asked(kind, **parts):
    return list(kind.find(Ask(**parts)))


def abouts(kind, **parts):
    return {duty.about for duty in asked(kind, **parts)}


def keys_of(members):
    return {key_of(member) for member in members}


def test_what_waits_for_a_city():
    home = OrganisationFactory()
    proposed = PairingFactory(organisations=[home, PartnerOrganisationFactory()])
    accepted = AcceptedPairingFactory(organisations=[home, PartnerOrganisationFactory()])
    ours = {"owners": {f"organisation:{home.pk}"}}

    (answer,) = asked(acceptances, **ours)
    (signature,) = asked(signatures, **ours)

    assert answer.page == f"/my/pairings/{proposed.reference}/answer/"
    assert signature.page == f"/my/pairings/{accepted.reference}/sign/"
    SignatureFactory(member=accepted.members.get(organisation=home))
    assert asked(signatures, **ours) == []
    assert [duty.key for duty in asked(signatures, **ours, done=True)] == [signature.key]
    assert find_again(signature.key).done


def test_what_is_due_by_an_instant():
    now = timezone.now()
    late = PairingFactory(accept_by=now)
    PairingFactory(accept_by=now + dt.timedelta(seconds=1))
    late_to_sign = AcceptedPairingFactory(sign_by=now)
    AcceptedPairingFactory()

    assert abouts(acceptances, due_until=now) == keys_of(late.members.all())
    assert abouts(signatures, due_until=now) == keys_of(late_to_sign.members.all())
    assert abouts(acceptances, due_until=now, due_from=now) == set()
    assert len(asked(acceptances)) == 4


@pytest.mark.parametrize("kind", MEMBERS_KINDS)
@pytest.mark.parametrize("part", ["call", "pairing", "pairingmember", "organisation"])
def test_party_is_found_by_what_it_hangs_on(kind, part):
    factory = PairingFactory if kind is acceptances else AcceptedPairingFactory
    pairing = factory()
    factory()
    member = pairing.members.first()
    things = {
        "call": (pairing.call, 2),
        "pairing": (pairing, 2),
        "pairingmember": (member, 1),
        "organisation": (member.organisation, 1),
    }
    thing, number = things[part]

    found = asked(kind, about={key_of(thing)})

    assert len(found) == number
    assert key_of(member) in {duty.about for duty in found}
    assert len(asked(kind, call=pairing.call.pk)) == 2
    assert asked(kind, about={"plan:1"}) == asked(kind, owners={"person:1"}) == []


def test_answer_that_was_given_is_done_and_one_of_a_closed_proposal_is_nothing():
    pairing = PairingFactory()
    pairing.members.filter(side="eu").update(answer=PartyAnswer.ACCEPTED)
    eu, partner = pairing.members.all()
    closed = PairingFactory()
    closed.mark_cancelled()
    closed.save()

    assert abouts(acceptances) == {key_of(partner)}
    assert abouts(acceptances, done=True) == {key_of(eu)}
    assert abouts(acceptances, done=None) == keys_of([eu, partner])
    assert find_again(f"acceptance/{key_of(closed.members.first())}/organisation:1") is None


def test_milestone_is_one_duty_and_its_report_one_for_each_city():
    report = MilestoneFactory(kind=MilestoneKind.REPORT)
    MilestoneMoveFactory(milestone=report, reason="Holidays")
    MilestoneMoveFactory(milestone=report, reason="Elections")
    MilestoneFactory(pairing=report.pairing, kind=MilestoneKind.EVENT)
    cities = {f"organisation:{m.organisation_id}" for m in report.pairing.members.all()}

    assert len(asked(milestones)) == 2
    assert {duty.owner for duty in asked(reports)} == cities
    (milestone,) = asked(milestones, about={key_of(report)})
    assert milestone.words.note == "Moved: Elections"
    city = min(cities)
    (owed,) = asked(reports, owners={city})
    assert owed.facts()["partners"] == [
        m.organisation.name
        for m in report.pairing.members.all()
        if f"organisation:{m.organisation_id}" != city
    ]
    assert find_again(owed.key).owner == city


def test_milestone_is_in_time_until_its_day_is_over():
    day = dt.date(2027, 3, 31)
    milestone = MilestoneFactory(due_on=day)
    last = end_of(day)

    assert abouts(milestones, due_until=last) == {key_of(milestone)}
    assert abouts(milestones, due_until=last - dt.timedelta(seconds=1)) == set()
    assert abouts(milestones, due_from=last) == set()
    assert abouts(milestones, due_from=last - dt.timedelta(seconds=1)) == {key_of(milestone)}


def test_dates_in_one_of_several_spans():
    day = dt.timedelta(days=1)
    first, between, last = (
        MilestoneFactory(due_on=dt.date(2027, 3, 31) + n * day) for n in range(3)
    )
    spans = [(end_of(one.due_on) - day, end_of(one.due_on)) for one in (first, last)]

    assert abouts(milestones, due_in=spans) == {key_of(first), key_of(last)}
    assert key_of(between) in abouts(milestones, due_in=[(spans[0][0], spans[1][1])])


def test_spans_in_which_no_day_ends_ask_nothing(django_assert_num_queries):
    milestone = MilestoneFactory(due_on=dt.date(2027, 3, 31))
    last = end_of(milestone.due_on)
    spans = [(last, last + dt.timedelta(seconds=30))]

    with django_assert_num_queries(0):
        assert abouts(milestones, due_in=spans) == set()
    with django_assert_num_queries(0):
        assert abouts(milestones, due_in=[]) == set()


def test_milestone_of_a_pairing_that_is_over_is_nobodys():
    milestone = MilestoneFactory(kind=MilestoneKind.REPORT)
    milestone.pairing.mark_completed()
    milestone.pairing.save()

    assert asked(milestones) == asked(reports) == []


def test_staff_find_what_they_see_in_words_for_them():
    india = PartnerCountryFactory()
    pairing = PairingFactory()
    MilestoneFactory(pairing=RunningPairingFactory())
    PublishedPairingFactory()
    japan = DeskFactory(countries=[PartnerCountryFactory(code="JP", name="Japan")])

    for reader in (CoordinatorFactory(), ObserverFactory(), DeskFactory(countries=[india])):
        answers = asked(acceptances, reader=reader)
        assert [duty.words.title for duty in answers] == [
            f"Answer of {member.organisation.name}" for member in pairing.members.all()
        ]
        assert {duty.page for duty in answers} == {f"/staff/pairings/{pairing.reference}/"}
        assert len(asked(milestones, reader=reader)) == 1
    assert asked(acceptances, reader=japan) == asked(milestones, reader=japan) == []


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(number, django_assert_num_queries):
    for _ in range(number):
        PairingFactory()
        MilestoneFactory(kind=MilestoneKind.REPORT)

    # Answers and the cities of their pairings, milestones and their moves, reports.
    with django_assert_num_queries(5):
        for kind in (acceptances, milestones, reports):
            for duty in asked(kind):
                assert duty.words.title
