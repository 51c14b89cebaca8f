import datetime as dt

import pytest

from pairings.models import Pairing
from pairings.selectors import (
    earlier_pairings,
    monitor_row,
    staff_pairings,
    timeline,
    topics_by_theme,
)
from tests.factories.accounts import CoordinatorFactory
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
    PartnerOrganisationFactory,
    ThemeFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)


def test_earlier_pairings_need_both_sides(db):
    eu, other = OrganisationFactory(), OrganisationFactory()
    partner = PartnerOrganisationFactory()
    trio = PublishedPairingFactory(organisations=[eu, other, PartnerOrganisationFactory()])
    met = PairingFactory(organisations=[eu, partner], status="declined")
    PairingFactory(organisations=[other, partner])
    assert trio not in earlier_pairings([eu, other, partner])
    assert earlier_pairings([eu, other, partner]) == [met]


# Steps and monitor ----------------------------------------------------------------------


def row(pairing):
    user = CoordinatorFactory()
    return monitor_row(staff_pairings(user=user).get(pk=pairing.pk), TODAY)


def kinds(pairing):
    shown = row(pairing)
    return [shown.eu.kind, shown.partner.kind, shown.agreement.kind, shown.next.kind]


def at(day):
    return dt.datetime(2026, 11, day, 16, tzinfo=dt.UTC)


def test_monitor_of_a_proposal(db):
    pairing = PairingFactory(accept_by=at(30))
    assert kinds(pairing) == ["soon", "soon", "none", "none"]
    assert row(pairing).eu.shown == "6"
    pairing.members.filter(side="eu").update(answer="accepted")
    Pairing.objects.filter(pk=pairing.pk).update(accept_by=at(20))
    assert kinds(pairing) == ["done", "over", "none", "none"]
    assert (row(pairing).partner.shown, row(pairing).partner.said) == ("+4", "4 days overdue")
    pairing.members.filter(side="partner").update(answer="declined")
    assert kinds(pairing)[1] == "out"


def test_monitor_of_an_agreement_and_a_running_one(db):
    accepted = AcceptedPairingFactory(sign_by=at(24) + dt.timedelta(days=30))
    assert kinds(accepted) == ["done", "done", "later", "none"]
    running = RunningPairingFactory()
    MilestoneFactory(pairing=running, title="Done", done_at=at(1), due_on=dt.date(2026, 11, 1))
    MilestoneFactory(pairing=running, title="Draft", due_on=dt.date(2026, 11, 22))
    MilestoneFactory(pairing=running, title="Final", due_on=dt.date(2027, 11, 22))
    assert kinds(running) == ["done", "done", "done", "over"]
    assert row(running).next_title == "Draft"
    assert kinds(PublishedPairingFactory()) == ["none", "none", "none", "none"]


def test_timeline_of_a_running_pairing(db):
    pairing = RunningPairingFactory(
        started_on=dt.date(2026, 3, 5), ends_on=dt.date(2027, 9, 5), organisations=None
    )
    MilestoneFactory(pairing=pairing, title="Kick-off", due_on=dt.date(2026, 4, 5), done_at=at(1))
    MilestoneFactory(pairing=pairing, title="Draft", due_on=dt.date(2026, 12, 11))
    final = MilestoneFactory(pairing=pairing, title="Final", due_on=dt.date(2027, 9, 5))
    MilestoneMoveFactory(milestone=final, reason="Elections")
    steps = [(s.date, s.title, s.text, s.state) for s in timeline(pairing, TODAY)]
    assert steps == [
        ("5 Mar 2026", "Agreement signed by all", "The clock starts.", "done"),
        ("5 Apr 2026", "Kick-off", "", "done"),
        ("11 Dec 2026", "Draft", "In 17 days", "now"),
        ("5 Sep 2027", "Final", "In 285 days. Moved: Elections", ""),
        ("5 Sep 2027", "The cooperation ends", "", ""),
    ]


def test_timeline_before_the_start(db):
    pairing = AcceptedPairingFactory(proposed_at=at(2), accept_by=at(20), sign_by=at(30))
    SignatureFactory(member=pairing.members.first())
    steps = [(s.date, s.title, s.text, s.state) for s in timeline(pairing, TODAY)]
    assert steps == [
        ("2 Nov 2026", "Proposed", "", "done"),
        ("20 Nov 2026", "All cities accept", "2 of 2", "done"),
        ("30 Nov 2026", "All cities sign the agreement", "1 of 2", "now"),
        ("", "The cooperation starts", "With the last signature.", ""),
    ]
    assert timeline(PublishedPairingFactory(), TODAY) == []


def test_topics_stand_once_under_the_first_theme(db):
    water, ports = ThemeFactory(order=1), ThemeFactory(order=2)
    both = TopicFactory(name="b", themes=[water, ports])
    alone = TopicFactory(name="a", themes=[water])
    none = TopicFactory(name="c")
    assert topics_by_theme([ports]) == [(ports, [both]), (water, [alone]), (None, [none])]
