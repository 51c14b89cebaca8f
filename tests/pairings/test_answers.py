import datetime as dt

import pytest
import time_machine

from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from pairings.models import Milestone, Pairing, PairingMember, Signature
from pairings.services import Party, answer_pairing, propose_pairing, record_signature
from pairings.templatetags.pairing_tags import answer_mark
from tests.factories.accounts import CoordinatorFactory, DeskFactory, ObserverFactory
from tests.factories.pairings import AcceptedPairingFactory, PairingFactory
from tests.factories.programme import (
    CallMilestoneFactory,
    MembershipFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.datetime(2026, 3, 5, 9, tzinfo=dt.UTC)


@pytest.fixture
def proposed(world):
    return propose_pairing(
        call=world.call,
        parties=world.parties,
        topics=[world.topic],
        reason="Both live with water.",
        by=world.coordinator,
    )


@pytest.fixture
def accepted(world):
    return AcceptedPairingFactory(
        call=world.call, organisations=[world.eu, world.partner], proposed_by=world.coordinator
    )


def again(pairing):
    return Pairing.objects.get(pk=pairing.pk)


def accept_all(world, pairing):
    eu, partner = pairing.members.all()
    answer_pairing(member=eu, accept=True, by=world.eu_lead)
    answer_pairing(member=partner, accept=True, by=world.partner_lead)


def sign(member, by, **changes):
    values = {
        "signed_on": dt.date(2026, 3, 5),
        "signatory_name": "Mato Franković",
        "signatory_office": "Mayor",
    }
    return record_signature(member=member, by=by, **{**values, **changes})


# Answers ---------------------------------------------------------------------------------


@time_machine.travel(DAY, tick=False)
def test_first_acceptance_waits_for_the_others(world, proposed, mailoutbox):
    mailoutbox.clear()
    member = answer_pairing(member=proposed.members.first(), accept=True, by=world.eu_lead)
    member = PairingMember.objects.get(pk=member.pk)
    assert (member.answer, member.answered_by, member.answered_at) == (
        "accepted",
        world.eu_lead,
        DAY,
    )
    assert again(proposed).status == "proposed"
    assert not mailoutbox


@time_machine.travel(DAY, tick=False)
def test_last_acceptance_opens_the_signing(world, proposed, mailoutbox):
    mailoutbox.clear()
    accept_all(world, proposed)
    pairing = again(proposed)
    assert pairing.status == "accepted"
    # 60 days later, in summer time.
    assert pairing.sign_by == dt.datetime(2026, 5, 4, 15, tzinfo=dt.UTC)
    assert PairingMember.objects.exclude(slot=None).count() == 2
    assert {mail.to[0] for mail in mailoutbox} == {
        world.eu_lead.email,
        world.partner_lead.email,
        world.coordinator.email,
    }
    assert {mail.subject for mail in mailoutbox} == {
        "Łódź – Panaji-Goa: all accept, now sign the agreement"
    }
    city, staff = mailoutbox[0].body, mailoutbox[2].body
    assert f"/my/pairings/{pairing.reference}/sign/" in city
    assert f"/staff/pairings/{pairing.reference}/" in staff
    assert "4 May 2026, 17:00 Brussels time" in city
    assert AuditEvent.objects.filter(verb="pairing.party_accepted").count() == 2
    assert AuditEvent.objects.filter(verb="pairing.accepted").count() == 1


def test_a_trio_needs_all_three(world):
    third = PartnerOrganisationFactory()
    lead = MembershipFactory(organisation=third).user
    pairing = propose_pairing(
        call=world.call,
        parties=[*world.parties, Party(third, "partner")],
        topics=[world.topic],
        reason="Three rivers.",
        by=world.coordinator,
    )
    members = list(pairing.members.all())
    answer_pairing(member=members[0], accept=True, by=world.eu_lead)
    answer_pairing(member=members[1], accept=True, by=world.partner_lead)
    assert again(pairing).status == "proposed"
    answer_pairing(member=members[2], accept=True, by=lead)
    assert again(pairing).status == "accepted"


def test_decline_frees_all_places_and_tells_staff(world, proposed, mailoutbox):
    mailoutbox.clear()
    desk = DeskFactory(countries=[PartnerCountryFactory()])
    DeskFactory(countries=[PartnerCountryFactory(code="JP", name="Japan")])
    CoordinatorFactory()
    eu, partner = proposed.members.all()
    answer_pairing(member=eu, accept=True, by=world.eu_lead)
    answer_pairing(member=partner, accept=False, reason="No staff <now>.", by=world.partner_lead)
    pairing = again(proposed)
    closing = pairing.closings.get()
    assert (pairing.status, closing.outcome) == ("declined", "declined")
    assert (closing.by, closing.reason) == (world.partner_lead, "No staff <now>.")
    assert not PairingMember.objects.exclude(slot=None).exists()
    told = {mail.to[0]: mail for mail in mailoutbox}
    # The other city, who proposed it, the desk of the partner country; nobody else.
    assert set(told) == {world.eu_lead.email, world.coordinator.email, desk.email}
    assert "No staff <now>." in told[desk.email].body
    assert "No staff &lt;now&gt;." in told[desk.email].alternatives[0][0]
    # The reason is for staff.
    assert "No staff" not in told[world.eu_lead.email].body
    assert "No staff" not in told[world.eu_lead.email].alternatives[0][0]


def test_decline_tells_all_coordinators_when_the_proposer_has_left(world, proposed, mailoutbox):
    mailoutbox.clear()
    world.coordinator.is_active = False
    world.coordinator.save()
    others = {CoordinatorFactory().email, CoordinatorFactory().email}
    answer_pairing(
        member=proposed.members.last(), accept=False, reason="No.", by=world.partner_lead
    )
    assert {mail.to[0] for mail in mailoutbox} == {world.eu_lead.email, *others}


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_decline_without_reason(world, proposed, reason):
    with pytest.raises(InvalidError, match="Write why you decline") as caught:
        answer_pairing(
            member=proposed.members.first(), accept=False, reason=reason, by=world.eu_lead
        )
    assert caught.value.field == "reason"
    assert again(proposed).status == "proposed"


def test_second_acceptance_names_the_first(world, proposed):
    member = proposed.members.first()
    with time_machine.travel(DAY, tick=False):
        answer_pairing(member=member, accept=True, by=world.eu_lead)
    with pytest.raises(WrongStateError) as caught:
        answer_pairing(member=member, accept=True, by=world.eu_lead)
    assert str(caught.value) == (
        "Ana Kovačević has already accepted for Łódź at 10:00 on 5 March 2026, Brussels time. "
        "Nothing more is needed until your partner has answered."
    )


def test_a_yes_can_become_a_no_while_the_other_waits(world, proposed):
    member = proposed.members.first()
    answer_pairing(member=member, accept=True, by=world.eu_lead)
    answer_pairing(member=member, accept=False, reason="The council refused.", by=world.eu_lead)
    assert again(proposed).status == "declined"


def test_late_answer_still_counts(world, proposed):
    with time_machine.travel(proposed.accept_by + dt.timedelta(days=40), tick=False):
        accept_all(world, proposed)
    assert again(proposed).status == "accepted"


@pytest.mark.parametrize(
    "status", ["accepted", "running", "completed", "declined", "cancelled", "published"]
)
def test_answer_to_a_closed_proposal(world, status):
    pairing = PairingFactory(organisations=[world.eu, world.partner], status=status)
    with pytest.raises(WrongStateError, match="no longer open"):
        answer_pairing(member=pairing.members.first(), accept=True, by=world.eu_lead)
    assert again(pairing).status == status


def test_only_a_lead_of_the_city_answers(world, proposed):
    editor = MembershipFactory(organisation=world.eu, role="editor").user
    viewer = MembershipFactory(organisation=world.eu, role="viewer").user
    member = proposed.members.first()
    for person in (editor, viewer, world.partner_lead, world.coordinator, ObserverFactory()):
        with pytest.raises(NotAllowedError):
            answer_pairing(member=member, accept=True, by=person)
    assert PairingMember.objects.get(pk=member.pk).answer == "pending"


# Signatures --------------------------------------------------------------------------------


@time_machine.travel(DAY, tick=False)
def test_signature_is_recorded(world, accepted):
    member = accepted.members.first()
    sign(member, world.eu_lead, signatory_name="  Mato \u202eFranković ")
    signature = Signature.objects.get()
    assert (signature.member, signature.signatory_name) == (member, "Mato Franković")
    assert (signature.signatory_office, signature.signed_on) == ("Mayor", dt.date(2026, 3, 5))
    assert (signature.recorded_by, signature.recorded_at) == (world.eu_lead, DAY)
    assert again(accepted).status == "accepted"
    assert AuditEvent.objects.get(verb="pairing.signed").details == {
        "organisation": "Łódź",
        "signed_on": "2026-03-05",
        "signatory": "Mato Franković",
        "office": "Mayor",
    }


@time_machine.travel(DAY, tick=False)
def test_last_signature_starts_the_clock(world, accepted, mailoutbox):
    CallMilestoneFactory(call=world.call, key="kick-off", title="Kick-off", offset_months=0)
    CallMilestoneFactory(
        call=world.call, key="draft", title="Draft", offset_months=9, offset_days=5
    )
    CallMilestoneFactory(
        call=world.call, key="final", title="Final report", kind="final_report", offset_months=18
    )
    eu, partner = accepted.members.all()
    # The last one recorded is not the last one signed.
    sign(eu, world.eu_lead, signed_on=dt.date(2026, 3, 3))
    sign(partner, world.coordinator, signed_on=dt.date(2026, 2, 27))
    pairing = again(accepted)
    assert pairing.status == "running"
    assert pairing.started_on == dt.date(2026, 3, 3)
    assert pairing.ends_on == dt.date(2027, 9, 3)
    assert list(pairing.milestones.values_list("key", "kind", "due_on")) == [
        ("kick-off", "event", dt.date(2026, 3, 3)),
        ("draft", "event", dt.date(2026, 12, 8)),
        ("final", "final_report", dt.date(2027, 9, 3)),
    ]
    assert PairingMember.objects.exclude(slot=None).count() == 2
    assert {mail.to[0] for mail in mailoutbox} == {
        world.eu_lead.email,
        world.partner_lead.email,
        world.coordinator.email,
    }
    assert "The cooperation started on 3 March 2026" in mailoutbox[0].body
    assert "8 December 2026: Draft" in mailoutbox[0].body


@time_machine.travel(dt.datetime(2026, 8, 31, 9, tzinfo=dt.UTC), tick=False)
def test_dates_are_clamped_to_short_months(world, accepted):
    CallMilestoneFactory(call=world.call, key="six", offset_months=6)
    for member in accepted.members.all():
        sign(member, world.coordinator, signed_on=dt.date(2026, 8, 31))
    assert Milestone.objects.get().due_on == dt.date(2027, 2, 28)
    assert again(accepted).ends_on == dt.date(2028, 2, 29)


@time_machine.travel(DAY, tick=False)
def test_a_call_without_milestones_gives_none(world, accepted):
    for member in accepted.members.all():
        sign(member, world.coordinator)
    assert again(accepted).status == "running"
    assert not Milestone.objects.exists()


@time_machine.travel(DAY, tick=False)
def test_second_signature_names_who_recorded_the_first(world, accepted):
    member = accepted.members.first()
    sign(member, world.eu_lead)
    with pytest.raises(WrongStateError) as caught:
        sign(member, world.coordinator)
    assert str(caught.value) == (
        "Ana Kovačević has already recorded the signature of Łódź, on 5 March 2026. "
        "Nothing more is needed."
    )
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"signed_on": dt.date(2026, 3, 7)}, "signed_on"),
        ({"signed_on": dt.date(2025, 3, 4)}, "signed_on"),
        ({"signatory_name": "  "}, "signatory_name"),
        ({"signatory_name": "x" * 151}, "signatory_name"),
        ({"signatory_office": ""}, "signatory_office"),
    ],
)
@time_machine.travel(dt.datetime(2026, 3, 5, 22, tzinfo=dt.UTC), tick=False)
def test_impossible_signature(world, accepted, changes, field):
    with pytest.raises(InvalidError) as caught:
        sign(accepted.members.first(), world.eu_lead, **changes)
    assert caught.value.field == field
    assert not Signature.objects.exists()


@pytest.mark.parametrize(("zone", "is_today"), [("Asia/Kolkata", True), ("Europe/Warsaw", False)])
@time_machine.travel(dt.datetime(2026, 3, 5, 22, tzinfo=dt.UTC), tick=False)
def test_today_is_the_day_where_the_city_lies(world, accepted, zone, is_today):
    # In Brussels it is still the 5th when the 6th has begun in India.
    member = accepted.members.last()
    member.organisation.time_zone = zone
    member.organisation.save()

    if is_today:
        sign(member, world.partner_lead, signed_on=dt.date(2026, 3, 6))
        assert Signature.objects.get().signed_on == dt.date(2026, 3, 6)
    else:
        with pytest.raises(InvalidError, match="lies in the future"):
            sign(member, world.partner_lead, signed_on=dt.date(2026, 3, 6))


@time_machine.travel(DAY, tick=False)
@pytest.mark.parametrize("status", ["proposed", "completed", "declined", "cancelled"])
def test_signature_in_a_wrong_state(world, status):
    pairing = PairingFactory(organisations=[world.eu, world.partner], status=status)
    with pytest.raises(WrongStateError, match="cannot be signed now"):
        sign(pairing.members.first(), world.eu_lead)
    assert not Signature.objects.exists()


@time_machine.travel(DAY, tick=False)
def test_who_may_record_a_signature(world, accepted):
    editor = MembershipFactory(organisation=world.eu, role="editor").user
    member = accepted.members.first()
    for person in (editor, world.partner_lead, ObserverFactory()):
        with pytest.raises(NotAllowedError):
            sign(member, person)
    assert sign(member, DeskFactory(countries=[PartnerCountryFactory()]))


@pytest.mark.parametrize(
    ("answer", "is_own", "mark"),
    [
        ("accepted", True, ("signed", "check")),
        ("declined", False, ("refused", "x")),
        ("pending", True, ("open", "user")),
        ("pending", False, ("wait", "user")),
    ],
)
def test_mark_shows_what_a_city_answered(answer, is_own, mark):
    member = PairingMember(pk=1, answer=answer)
    assert answer_mark(member, [member] if is_own else []) == mark
