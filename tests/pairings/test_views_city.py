import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from pairings.models import Pairing, PairingMember, Signature
from pairings.services import answer_pairing, cancel_pairing
from tests.factories.accounts import CoordinatorFactory, UserFactory
from tests.factories.pairings import (
    AcceptedPairingFactory,
    MilestoneFactory,
    MilestoneMoveFactory,
    PairingFactory,
    PublishedPairingFactory,
    RunningPairingFactory,
)
from tests.factories.programme import (
    CallCommitmentFactory,
    CallFactory,
    CityFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerOrganisationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed(world):
    return PairingFactory(
        call=world.call,
        organisations=[world.eu, world.partner],
        topics=[world.topic],
        proposed_by=world.coordinator,
    )


@pytest.fixture
def accepted(world):
    return AcceptedPairingFactory(call=world.call, organisations=[world.eu, world.partner])


def page(pairing, name):
    return reverse(f"pairings:{name}", args=[pairing.reference])


def text(response):
    return " ".join(response.content.decode().split())


YES = {"answer": "accept", "allowed": "on", "version": "1"}
SIGNED = {
    "signatory_name": "Mato Franković",
    "signatory_office": "Mayor",
    "signed_on": "2026-03-05",
}


# The list --------------------------------------------------------------------------------


def test_mine_without_a_pairing_says_what_comes(sign_in):
    response = sign_in(MembershipFactory().user).get(reverse("pairings:mine"))
    assert response.status_code == 200
    assert "No pairing yet" in text(response)


def test_mine_shows_what_waits(world, proposed, sign_in):
    accepted = AcceptedPairingFactory(organisations=[world.eu, PartnerOrganisationFactory()])
    PublishedPairingFactory(organisations=[world.eu, world.partner])
    shown = text(sign_in(world.eu_lead).get(reverse("pairings:mine")))
    assert page(proposed, "answer") in shown
    assert page(accepted, "sign") in shown
    assert "A published record of the programme." in shown


def test_mine_does_not_ask_an_editor_to_answer(world, proposed, sign_in):
    editor = MembershipFactory(organisation=world.eu, role="editor").user
    shown = text(sign_in(editor).get(reverse("pairings:mine")))
    assert page(proposed, "workspace") in shown
    assert page(proposed, "answer") not in shown


@pytest.mark.parametrize("number", [1, 3])
def test_mine_has_a_fixed_number_of_queries(number, sign_in, django_assert_num_queries):
    home = OrganisationFactory(capacity=3)
    call = CallFactory()
    lead = MembershipFactory(organisation=home).user
    for _n in range(number):
        pairing = RunningPairingFactory(
            call=call, organisations=[home, PartnerOrganisationFactory()]
        )
        MilestoneFactory(pairing=pairing)
    client = sign_in(lead)
    client.get(reverse("pairings:mine"))
    with django_assert_num_queries(6):
        assert client.get(reverse("pairings:mine")).status_code == 200


# The workspace ---------------------------------------------------------------------------


@time_machine.travel(dt.datetime(2026, 11, 24, 13, 3, tzinfo=dt.UTC), tick=False)
def test_workspace_of_a_running_pairing(world, sign_in):
    pairing = RunningPairingFactory(
        call=world.call,
        organisations=[world.eu, world.partner],
        topics=[world.topic],
        started_on=dt.date(2026, 3, 5),
        ends_on=dt.date(2027, 9, 5),
    )
    draft = MilestoneFactory(
        pairing=pairing, title="Draft plan goes to the partner", due_on=dt.date(2026, 12, 11)
    )
    MilestoneMoveFactory(milestone=draft, moved_from=dt.date(2026, 10, 1), reason="Elections.")
    MilestoneMoveFactory(milestone=draft, reason="Holidays <b>here</b>")
    shown = text(sign_in(world.partner_lead).get(page(pairing, "workspace")))
    assert "Month 9 of 18" in shown
    assert 'Łódź <span class="number">14:03</span>' in shown
    assert 'Panaji-Goa <span class="number">18:33</span>, office closed' in shown
    assert "Next milestone, in 17 days" in shown
    assert "Draft plan goes to the partner" in shown
    assert "Moved from 11 Nov 2026: Holidays &lt;b&gt;here&lt;/b&gt;" in shown
    assert "Moved from 1 Oct 2026: Elections." in shown
    assert "The way to September 2027" in shown
    assert "Mato Franković, Mayor, signed on 5 March 2026" in shown
    assert "Ana Kovačević" in shown
    assert "Priya Naik (you)" in shown
    assert "09:00 to 12:30 in Łódź" in shown
    assert "13:30 to 17:00 in Panaji-Goa" in shown


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("proposed", "Accept or decline this partner"),
        ("accepted", "Your city signs the Partnership Agreement"),
        ("running", "No milestone is open"),
        ("completed", "This cooperation is completed"),
        ("declined", "This proposal has ended: a city declined"),
        ("cancelled", "The coordination unit has cancelled this pairing"),
        ("published", "Its dates and agreement are not known here."),
    ],
)
def test_workspace_in_every_state(world, status, words, sign_in):
    pairing = PairingFactory(
        call=world.call,
        organisations=[world.eu, world.partner],
        status=status,
        sign_by=dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
    )
    response = sign_in(world.eu_lead).get(page(pairing, "workspace"))
    assert response.status_code == 200
    assert words in text(response)


def test_workspace_is_hidden_from_others(world, proposed, client, sign_in, settings):
    settings.DEMO = True  # Staff need no second factor.
    address = page(proposed, "workspace")
    assert client.get(address).url == f"/accounts/login/?next={address}"
    assert sign_in(MembershipFactory().user).get(address).status_code == 404
    assert sign_in(UserFactory()).get(address).status_code == 404
    assert sign_in(CoordinatorFactory()).get(address).status_code == 200


# The answer ------------------------------------------------------------------------------


def test_answer_page_compares_the_cities(world, proposed, sign_in):
    PairingMember.objects.filter(pairing=proposed, side="eu").update(application=world.application)
    seat = CityFactory(
        name="Panaji",
        country=world.partner.country,
        reference_population=70991,
        reference_source="GeoNames, undated",
    )
    world.partner.organisationcity_set.create(city=seat)
    CallCommitmentFactory(call=world.call, text="Sign a Partnership Agreement.")
    shown = text(sign_in(world.eu_lead).get(page(proposed, "answer")))
    assert "Staff propose Panaji-Goa, India, as your partner city" in shown
    assert "Both cities share a river." in shown
    assert "Water and waste management" in shown
    assert "120,000" in shown
    assert "declared; Bureau of Statistics, census, 2021" in shown
    assert "70,991" in shown
    assert "for comparison only; GeoNames, undated" in shown
    assert "ahead of you today" in shown
    assert "Sign a Partnership Agreement." in shown
    assert "You answer for <strong>Łódź</strong>" in shown


def test_answer_page_of_a_trio_names_both_partners(world, sign_in):
    surat = PartnerOrganisationFactory(name="Surat")
    pairing = PairingFactory(call=world.call, organisations=[world.eu, world.partner, surat])
    shown = text(sign_in(world.eu_lead).get(page(pairing, "answer")))
    assert "Staff propose Panaji-Goa (India) and Surat (India) as your partner cities" in shown


def test_accepting(world, proposed, sign_in):
    response = sign_in(world.eu_lead).post(page(proposed, "answer"), YES, follow=True)
    assert response.redirect_chain == [(page(proposed, "workspace"), 302)]
    assert "Łódź has accepted. You get a mail as soon as" in text(response)
    assert PairingMember.objects.get(organisation=world.eu).answer == "accepted"


def test_accepting_last(world, proposed, sign_in):
    answer_pairing(member=proposed.members.last(), accept=True, by=world.partner_lead)
    response = sign_in(world.eu_lead).post(page(proposed, "answer"), YES, follow=True)
    assert "All cities have accepted. Now each of them signs" in text(response)
    assert Pairing.objects.get().status == "accepted"


def test_declining(world, proposed, sign_in):
    data = {"answer": "decline", "reason": "No staff.", "allowed": "on"}
    response = sign_in(world.eu_lead).post(page(proposed, "answer"), data, follow=True)
    assert "Łódź has declined." in text(response)
    assert Pairing.objects.get().status == "declined"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"allowed": "on"}, "Choose yes or no."),
        ({"answer": "decline", "allowed": "on"}, "Write why you decline."),
        ({"answer": "maybe", "allowed": "on"}, "maybe"),
        ({"answer": "accept"}, "Tick that you are allowed to answer"),
        ({"answer": "decline", "reason": "x" * 3001, "allowed": "on"}, "you have 3001"),
    ],
)
def test_answer_that_is_not_complete(world, proposed, data, words, sign_in):
    response = sign_in(world.eu_lead).post(page(proposed, "answer"), data)
    assert response.status_code == 422
    assert words in text(response)
    assert "<title>Error: Proposed pairing" in text(response)
    assert Pairing.objects.get().status == "proposed"


def test_answer_after_the_proposal_was_closed_keeps_what_was_typed(world, proposed, sign_in):
    cancel_pairing(pairing=proposed, reason="Stopped.", by=world.coordinator)
    data = {"answer": "decline", "reason": "Our council said no.", "allowed": "on"}
    response = sign_in(world.eu_lead).post(page(proposed, "answer"), data)
    assert response.status_code == 409
    assert "This proposal is no longer open" in text(response)
    assert "Our council said no." in text(response)


def test_answer_page_of_a_closed_proposal_leads_to_the_workspace(world, accepted, sign_in):
    response = sign_in(world.eu_lead).get(page(accepted, "answer"))
    assert response.url == page(accepted, "workspace")


def test_late_answer_is_welcome_and_says_so(world, proposed, sign_in):
    client = sign_in(world.eu_lead)
    Pairing.objects.update(accept_by=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert "your answer still counts" in text(client.get(page(proposed, "answer")))
    assert client.post(page(proposed, "answer"), YES).status_code == 302


def test_editor_reads_the_proposal_and_cannot_answer(world, proposed, sign_in):
    client = sign_in(MembershipFactory(organisation=world.eu, role="editor").user)
    assert "Only a lead of your city can answer" in text(client.get(page(proposed, "answer")))
    assert client.post(page(proposed, "answer"), YES).status_code == 403
    assert PairingMember.objects.get(organisation=world.eu).answer == "pending"


def test_nobody_answers_by_smuggling_fields(world, proposed, sign_in):
    member = proposed.members.last()
    data = {**YES, "member": member.pk, "organisation": world.partner.pk, "status": "running"}
    sign_in(world.eu_lead).post(page(proposed, "answer"), data)
    assert PairingMember.objects.get(pk=member.pk).answer == "pending"
    assert Pairing.objects.get().status == "proposed"


# The signature ---------------------------------------------------------------------------


@time_machine.travel(dt.datetime(2026, 3, 6, 9, tzinfo=dt.UTC), tick=False)
def test_signing(world, accepted, sign_in):
    client = sign_in(world.eu_lead)
    assert client.get(page(accepted, "sign")).status_code == 200
    response = client.post(page(accepted, "sign"), SIGNED, follow=True)
    assert response.redirect_chain == [(page(accepted, "workspace"), 302)]
    assert "The signature is recorded." in text(response)
    signature = Signature.objects.get()
    assert signature.member.organisation == world.eu
    assert signature.signed_on == dt.date(2026, 3, 5)


@time_machine.travel(dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC), tick=False)
def test_signing_with_a_day_to_come(world, accepted, sign_in):
    response = sign_in(world.eu_lead).post(page(accepted, "sign"), SIGNED)
    assert response.status_code == 422
    assert "lies in the future" in text(response)
    assert "Mato Franković" in text(response)
    assert not Signature.objects.exists()


def test_signing_with_nothing_filled_in(world, accepted, sign_in):
    response = sign_in(world.eu_lead).post(page(accepted, "sign"), {"signed_on": "yesterday"})
    assert "Type the date as day, month and year" in text(response)
    assert "<title>Error: Record the signature" in text(response)


def test_sign_page_begins_with_the_signatory_of_the_application(world, accepted, sign_in):
    PairingMember.objects.filter(organisation=world.eu).update(application=world.application)
    shown = text(sign_in(world.eu_lead).get(page(accepted, "sign")))
    assert 'value="Mato Franković"' in shown


def test_sign_page_before_its_time_leads_to_the_workspace(world, proposed, sign_in):
    response = sign_in(world.eu_lead).get(page(proposed, "sign"))
    assert response.url == page(proposed, "workspace")


def test_editor_and_staff_do_not_sign_here(world, accepted, sign_in, settings):
    settings.DEMO = True  # Staff need no second factor.
    editor = MembershipFactory(organisation=world.eu, role="editor").user
    for person in (editor, CoordinatorFactory()):
        assert sign_in(person).get(page(accepted, "sign")).status_code == 403
        assert sign_in(person).post(page(accepted, "sign"), SIGNED).status_code == 403
    assert not Signature.objects.filter(member__pairing=accepted).exists()


def test_regions_read_of_regions(sign_in, settings):
    settings.DEMO = True
    regions = [
        OrganisationFactory(kind="region", name="Liguria"),
        PartnerOrganisationFactory(kind="region", name="Goa"),
    ]
    pairing = PairingFactory(organisations=regions, reason="Both plan with their rivers.")
    client = sign_in(MembershipFactory(organisation=regions[0]).user)
    for address in (page(pairing, "answer"), page(pairing, "workspace"), reverse("pairings:mine")):
        main = text(client.get(address)).split("<main", 1)[1].split("</main>")[0]
        words = re.sub(r"<[^>]*>", " ", main)
        assert not re.findall(r".{0,40}\b(?:city|cities)\b.{0,20}", words, re.IGNORECASE), address
