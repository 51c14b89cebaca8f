import datetime as dt

import pytest
from django.urls import reverse

from pairings.models import Milestone, Pairing, Signature
from pairings.services import propose_pairing
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)
from tests.factories.applications import AcceptedApplicationFactory
from tests.factories.pairings import (
    AcceptedPairingFactory,
    MilestoneFactory,
    PairingFactory,
    PartnerWishFactory,
    PublishedPairingFactory,
    RunningPairingFactory,
)
from tests.factories.programme import (
    CallFactory,
    CityFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    ThemeFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/staff/pairings/"
NEW = "/staff/pairings/new/"


@pytest.fixture(autouse=True)
def open_console(settings):
    # The second factor has tests of its own.
    settings.DEMO = True


@pytest.fixture
def office(world, sign_in):
    return sign_in(world.coordinator)


@pytest.fixture
def accepted(world):
    return AcceptedPairingFactory(call=world.call, organisations=[world.eu, world.partner])


def text(response):
    return " ".join(response.content.decode().split())


def page(pairing, name, *args):
    return reverse(f"pairings:{name}", args=[pairing.reference, *args])


# The list --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_list_has_a_fixed_number_of_queries(number, office, django_assert_num_queries):
    for _n in range(number):
        pairing = RunningPairingFactory()
        MilestoneFactory(pairing=pairing)
    office.get(LIST)
    with django_assert_num_queries(10):
        assert office.get(LIST).status_code == 200


def test_list_finds_without_accents(world, office):
    PairingFactory(organisations=[world.eu, world.partner], reference="PAIR-2026-0009")
    PairingFactory(reference="PAIR-2026-0010")
    for words in ("lodz", "LODZ panaji", "india lodz", "PAIR-2026-0009"):
        shown = text(office.get(LIST, {"q": words}))
        assert "PAIR-2026-0009" in shown
        assert "1 pairing<" in shown or "1 pairing " in shown
        assert "PAIR-2026-0010" not in shown


def test_list_filters_by_status_call_and_country(world, office):
    first = PairingFactory(organisations=[world.eu, world.partner])
    other = PublishedPairingFactory()
    assert first.reference in text(office.get(LIST, {"status": "live"}))
    assert other.reference not in text(office.get(LIST, {"status": "live"}))
    assert first.reference not in text(office.get(LIST, {"status": "published"}))
    assert first.reference in text(office.get(LIST, {"call": first.call.slug}))
    assert other.reference in text(office.get(LIST, {"country": "IN"}))
    # A value that does not exist is as none.
    assert first.reference in text(office.get(LIST, {"status": "x", "country": "ZZ"}))


def test_list_without_a_hit_offers_all(world, office):
    PairingFactory()
    assert "No pairing fits" in text(office.get(LIST, {"q": "atlantis"}))


def test_empty_list_says_what_to_do(office):
    assert "Accept applications first" in text(office.get(LIST))


def test_list_has_pages(office, monkeypatch):
    monkeypatch.setattr("pairings.views.staff.ROWS", 1)
    first, second = PairingFactory(), PairingFactory()
    assert first.reference in text(office.get(LIST, {"page": 2}))
    assert second.reference in text(office.get(LIST, {"page": 1}))


def test_desk_sees_its_countries_only(world, sign_in):
    japan = PartnerCountryFactory(code="JP", name="Japan")
    india = PairingFactory(organisations=[world.eu, world.partner])
    other = PairingFactory(
        organisations=[OrganisationFactory(), PartnerOrganisationFactory(country=japan)]
    )
    client = sign_in(DeskFactory(countries=[world.partner.country]))
    shown = text(client.get(LIST))
    assert india.reference in shown
    assert other.reference not in shown
    assert client.get(page(other, "staff_detail")).status_code == 404


def test_who_enters(world, accepted, sign_in):
    assert sign_in(ObserverFactory()).get(LIST).status_code == 200
    assert sign_in(ObserverFactory()).get(page(accepted, "staff_detail")).status_code == 200
    assert sign_in(AssessorFactory()).get(LIST).status_code == 403
    assert sign_in(AssessorFactory()).get(page(accepted, "staff_detail")).status_code == 404
    for person in (UserFactory(), world.eu_lead):
        assert sign_in(person).get(LIST).status_code == 404
        assert sign_in(person).get(page(accepted, "staff_detail")).status_code == 404
        assert sign_in(person).get(NEW).status_code == 404


# One pairing -----------------------------------------------------------------------------


def test_detail_shows_actions_to_those_who_may(world, accepted, office, sign_in):
    shown = text(office.get(page(accepted, "staff_detail")))
    assert page(accepted, "staff_cancel") in shown
    assert page(accepted, "staff_sign", accepted.members.first().pk) in shown
    shown = text(sign_in(ObserverFactory()).get(page(accepted, "staff_detail")))
    assert page(accepted, "staff_cancel") not in shown
    assert page(accepted, "staff_sign", accepted.members.first().pk) not in shown


@pytest.mark.parametrize(
    "status",
    ["published", "proposed", "accepted", "running", "completed", "declined", "cancelled"],
)
def test_detail_in_every_state(world, status, office):
    pairing = PairingFactory(organisations=[world.eu, world.partner], status=status)
    response = office.get(page(pairing, "staff_detail"))
    assert response.status_code == 200
    assert "Łódź" in text(response)


def test_cancel_asks_and_does(world, accepted, office):
    address = page(accepted, "staff_cancel")
    shown = text(office.get(address))
    assert "Cancel this pairing?" in shown
    assert "No, keep the pairing" in shown
    response = office.post(address, {"reason": "Funds ended."})
    assert "Tick that you know" in text(response)
    assert Pairing.objects.get().status == "accepted"
    response = office.post(address, {"reason": "Funds ended.", "sure": "on"}, follow=True)
    assert "The pairing is cancelled." in text(response)
    assert Pairing.objects.get().status == "cancelled"
    response = office.post(address, {"reason": "Funds ended again.", "sure": "on"})
    assert response.status_code == 409
    assert "Funds ended again." in text(response)


def test_complete_asks_and_does(world, office):
    pairing = RunningPairingFactory(organisations=[world.eu, world.partner])
    address = page(pairing, "staff_complete")
    assert "Complete this cooperation?" in text(office.get(address))
    assert office.post(address).url == page(pairing, "staff_detail")
    assert Pairing.objects.get().status == "completed"
    response = office.post(address)
    assert response.status_code == 409
    assert "This cannot be done now" in text(response)


def test_complete_lists_what_is_not_done_and_asks_why(world, office):
    pairing = RunningPairingFactory(organisations=[world.eu, world.partner])
    MilestoneFactory(pairing=pairing, title="Final report", due_on=dt.date(2027, 12, 3))
    address = page(pairing, "staff_complete")
    assert "One milestone is not done yet." in text(office.get(address))
    assert "Final report, 3 December 2027" in text(office.get(address))

    refused = office.post(address)
    assert refused.status_code == 422
    assert Pairing.objects.get().status == "running"

    office.post(address, {"reason": "They merged it with another."})
    assert Pairing.objects.get().status == "completed"
    assert "They merged it with another." in text(office.get(page(pairing, "staff_detail")))


def test_staff_record_a_signature(accepted, office):
    member = accepted.members.first()
    address = page(accepted, "staff_sign", member.pk)
    assert office.get(address).status_code == 200
    data = {"signatory_name": "Mayor Mato", "signatory_office": "Mayor"}
    data["signed_on"] = dt.datetime.now(dt.UTC).date().isoformat()
    assert "Give the day" in text(office.post(address, {**data, "signed_on": ""}))
    assert office.post(address, data).url == page(accepted, "staff_detail")
    assert Signature.objects.get().member == member
    response = office.post(address, data)
    assert response.status_code == 409
    assert "has already recorded the signature" in text(response)
    foreign = PairingFactory().members.first()
    assert office.get(page(accepted, "staff_sign", foreign.pk)).status_code == 404


def test_milestone_is_done_or_moved(world, office):
    pairing = RunningPairingFactory(
        organisations=[world.eu, world.partner], started_on=dt.date(2026, 3, 5)
    )
    MilestoneFactory(pairing=pairing, key="draft", due_on=dt.date(2026, 12, 11))
    address = page(pairing, "staff_milestone", "draft")
    assert office.get(address).status_code == 200
    data = {"due_on": "2027-01-22", "reason": "Holidays."}
    assert "Write why" in text(office.post(address, {**data, "reason": ""}))
    assert "Choose another" in text(office.post(address, {**data, "due_on": "2026-12-11"}))
    assert office.post(address, data).url == page(pairing, "staff_detail")
    assert Milestone.objects.get().due_on == dt.date(2027, 1, 22)
    assert office.post(address, {"done": "1"}).url == page(pairing, "staff_detail")
    assert Milestone.objects.get().done_at
    again = office.post(address, {"done": "1"}, follow=True)
    assert again.redirect_chain == [(page(pairing, "staff_detail"), 302)]
    assert "has already marked this milestone as done" in text(again)
    assert office.get(page(pairing, "staff_milestone", "other")).status_code == 404


def test_observer_changes_nothing(world, sign_in):
    pairing = RunningPairingFactory(organisations=[world.eu, world.partner])
    MilestoneFactory(pairing=pairing, key="draft")
    client = sign_in(ObserverFactory())
    for address in (
        NEW,
        page(pairing, "staff_cancel"),
        page(pairing, "staff_complete"),
        page(pairing, "staff_sign", pairing.members.first().pk),
        page(pairing, "staff_milestone", "draft"),
    ):
        assert client.get(address).status_code == 403
        assert client.post(address, {"done": "1"}).status_code == 403
    assert Pairing.objects.get().status == "running"


# A new pairing ---------------------------------------------------------------------------


def chosen(world, *more):
    ids = "".join(f"&partner={city.pk}" for city in (world.partner, *more))
    return f"{NEW}?call={world.call.slug}&eu={world.eu.pk}{ids}"


def test_new_begins_with_a_call(world, office):
    shown = text(office.get(NEW))
    assert world.call.title in shown
    assert world.eu.name not in shown
    assert "does not exist" in text(office.get(NEW, {"call": "atlantis"}))


def test_new_lists_accepted_cities_and_partners(world, office):
    other = OrganisationFactory(name="Never applied")
    chile = PartnerCountryFactory(code="CL", name="Chile")
    far = PartnerOrganisationFactory(name="Far away", country=chile)
    shown = text(office.get(NEW, {"call": world.call.slug}))
    assert "Łódź" in shown
    assert "Panaji-Goa" in shown
    assert "Room for 2 pairings" in shown
    assert other.name not in shown
    assert far.name not in shown


def test_new_search_keeps_what_is_chosen(world, office):
    PartnerOrganisationFactory(name="Vijayawāda")
    response = office.get(f"{chosen(world)}&partner_q=vijayawada")
    shown = text(response)
    assert "Vijayawāda" in shown
    assert "Panaji-Goa" in shown
    assert f'value="{world.partner.pk}" id="partner-{world.partner.pk}" checked' in shown


def test_new_compares_before_it_proposes(world, office):
    water, tourism = ThemeFactory(name="Water"), ThemeFactory(name="Tourism")
    world.application.themes.set([water, tourism])
    record = PublishedPairingFactory(
        organisations=[world.eu, world.partner], topics=[TopicFactory(themes=[water])]
    )
    world.partner.memberships.all().delete()
    shown = text(office.get(chosen(world)))
    assert "Łódź – Panaji-Goa" in shown
    assert f"Open {record.reference}" in shown
    assert "Nobody leads Panaji-Goa in the portal yet" in shown
    assert "0 of 2 places taken" in shown
    assert "tourism, water" in shown


def test_new_says_when_a_city_is_full(world, office):
    for _n in range(2):
        PairingFactory(organisations=[OrganisationFactory(), world.partner])
    shown = text(office.get(chosen(world)))
    assert "Panaji-Goa has no room for another pairing" in shown


def test_new_proposes_a_trio(world, office):
    surat = PartnerOrganisationFactory(name="Surat")
    data = {"topics": [world.topic.pk], "reason": "Three rivers."}
    response = office.post(chosen(world, surat), data, follow=True)
    pairing = Pairing.objects.get()
    assert response.redirect_chain == [(page(pairing, "staff_detail"), 302)]
    shown = text(response)
    assert "Łódź – Panaji-Goa – Surat is proposed. Surat has no lead, so nobody there" in shown
    assert "Every lead of its cities has a mail" not in shown
    assert pairing.members.count() == 3


def test_new_with_faults_keeps_what_was_typed(world, office):
    response = office.post(chosen(world), {"topics": [], "reason": "Because <b>."})
    shown = text(response)
    assert "<title>Error: New pairing" in shown
    assert "Choose at least one topic." in shown
    assert "Because &lt;b&gt;." in shown
    response = office.post(chosen(world), {"topics": [world.topic.pk], "reason": " "})
    assert "Write why these cities fit together." in text(response)
    assert f'id="topic-{world.topic.pk}" checked' in text(response)


def test_new_of_a_pair_that_exists_says_who_made_it(world, office):
    first = propose_pairing(
        call=world.call,
        parties=world.parties,
        topics=[world.topic],
        reason="First.",
        by=CoordinatorFactory(full_name="Sofie Janssens"),
    )
    assert "These cities are already paired" in text(office.get(chosen(world)))
    response = office.post(chosen(world), {"topics": [world.topic.pk], "reason": "A second time."})
    assert response.status_code == 409
    assert "are already paired by Sofie Janssens at" in text(response)
    assert f"Open {first.reference}" in text(response)
    assert "A second time." in text(response)
    assert Pairing.objects.count() == 1


def test_new_without_a_side_asks_for_it(world, office):
    data = {"topics": [world.topic.pk], "reason": "Alone."}
    address = f"{NEW}?call={world.call.slug}&eu={world.eu.pk}"
    response = office.post(address, data)
    assert response.status_code == 422
    assert "Choose at least one partner city." in text(response)


def test_new_says_what_is_missing_when_nothing_is_chosen(world, office):
    words = "Choose at least one city on each side, then compare them."
    address = f"{NEW}?call={world.call.slug}"
    assert words not in text(office.get(address))
    assert words in text(office.get(f"{address}&compare=yes"))
    one = f"{address}&eu={world.eu.pk}&compare=yes"
    assert words in text(office.get(one))
    assert words not in text(office.get(f"{one}&partner={world.partner.pk}"))


def test_new_cannot_smuggle_a_city_that_did_not_apply(world, office):
    stranger = OrganisationFactory(name="Stranger")
    address = f"{NEW}?call={world.call.slug}&eu={stranger.pk}&partner={world.partner.pk}"
    response = office.post(address, {"topics": [world.topic.pk], "reason": "Hm."})
    assert "Choose at least one city in Europe." in text(response)
    assert not Pairing.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_new_has_a_fixed_number_of_queries(number, sign_in, django_assert_num_queries):
    call = CallFactory()
    theme = ThemeFactory()
    eu = OrganisationFactory()
    AcceptedApplicationFactory(call=call, organisation=eu, themes=[theme])
    partners = [PartnerOrganisationFactory() for _n in range(number)]
    for partner in partners:
        PublishedPairingFactory(
            organisations=[OrganisationFactory(), partner], topics=[TopicFactory(themes=[theme])]
        )
    client = sign_in(CoordinatorFactory())
    address = f"{NEW}?call={call.slug}&eu={eu.pk}&partner={partners[0].pk}"
    client.get(address)
    with django_assert_num_queries(25):
        assert client.get(address).status_code == 200


def test_new_warns_of_what_a_city_does_not_want(world, office):
    world.application.partner_countries.set([PartnerCountryFactory(code="CL", name="Chile")])
    said = "Łódź asked for Chile; Panaji-Goa lies in India."
    assert said in text(office.get(chosen(world)))
    wish = PartnerWishFactory(
        call=world.call, organisation=world.partner, about=world.eu, is_wanted=False, word="Far."
    )
    # What was said since the choice counts before the application.
    PartnerWishFactory(call=world.call, organisation=world.eu, about=world.partner)
    shown = text(office.get(chosen(world)))
    assert "Panaji-Goa would rather not work with Łódź: “Far.”" in shown
    assert said not in shown
    wish.delete()
    assert "Not as they wished" not in text(office.get(chosen(world)))


def test_new_shows_inhabitants_and_which_themes_are_not_shared(world, office):
    water = ThemeFactory(name="Water")
    TopicFactory(name="wells", themes=[water])
    world.application.themes.set([water])
    world.partner.cities.add(CityFactory(reference_population=114_759))
    shown = text(office.get(chosen(world)))
    assert "114,759 inhabitants (for comparison only)" in shown
    assert "No theme is known." in shown
    assert 'Water <span class="meta">only Łódź</span>' in shown


def test_detail_of_a_declined_proposal_leads_to_the_board(world, office):
    declined = PairingFactory(
        call=world.call, organisations=[world.eu, world.partner], status="declined"
    )
    running = RunningPairingFactory(call=world.call)
    board = reverse("matching:board", args=[world.call.slug])
    assert board in text(office.get(page(declined, "staff_detail")))
    assert board not in text(office.get(page(running, "staff_detail")))
