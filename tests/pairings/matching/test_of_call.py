"""From an application to a score: the instance of a call, read from the database."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from applications.models import EarlierCooperation, Profile, Wish
from applications.states import Direction, WishKind
from pairings.matching.engine import Session, read_instance
from pairings.matching.selectors import instance_data
from tests.factories.applications import (
    AcceptedApplicationFactory,
    ChallengeFactory,
    EligibleApplicationFactory,
    SubmittedApplicationFactory,
    WishFactory,
)
from tests.factories.pairings import PairingFactory, PartnerWishFactory, PublishedPairingFactory
from tests.factories.programme import (
    CallFactory,
    CityFactory,
    LanguageFactory,
    MainTopicFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def india():
    return PartnerCountryFactory()


@pytest.fixture
def call(india):
    return CallFactory(partner_countries=[india])


@pytest.fixture
def split(call):
    return EligibleApplicationFactory(
        call=call, organisation__slug="split", topic=False, lead={"population": 160_000}
    )


@pytest.fixture
def kochi(india):
    organisation = PartnerOrganisationFactory(slug="kochi", country=india)
    city = CityFactory(name="Kochi", country=india, reference_population=200_000)
    organisation.cities.add(city)
    return organisation


def city_of(call, slug):
    data = instance_data(call)
    [found] = [one for one in (*data["left"], *data["right"]) if one["id"] == slug]
    return found


def test_profile_reaches_the_instance_whole(call, split, kochi, india):
    learn, share = MainTopicFactory(slug="air"), MainTopicFactory(slug="visitors")
    ChallengeFactory(application=split, topic=learn, weight=3)
    ChallengeFactory(application=split, topic=share, direction=Direction.SHARE)
    split.partner_countries.set([india])
    split.organisation.tags.set([TagFactory(slug="port")])
    split.organisation.languages.set([LanguageFactory()])
    Profile.objects.create(application=split, population_from=50_000, kinds=["group"])
    WishFactory(application=split, city=kochi.cities.get())
    EarlierCooperation.objects.create(application=split, partner="Kochi", city=kochi.cities.get())
    assert city_of(call, "split") == {
        "id": "split",
        "country": "HR",
        "kind": "municipality",
        "capacity": 1,
        "population": 160_000,
        "topics": ["air", "visitors"],
        "needs": ["air"],
        "need_weights": {"air": 3},
        "offers": ["visitors"],
        "languages": ["en"],
        "tags": ["port"],
        "preferred_countries": ["IN"],
        "preferred_partners": ["kochi"],
        "preferred_kinds": ["group"],
        "preferred_population": [50_000, None],
        "earlier_partners": ["kochi"],
    }


def test_partner_without_application_has_what_the_register_knows(call, kochi):
    pairing = PublishedPairingFactory(organisations=[kochi, PartnerOrganisationFactory()])
    pairing.topics.get().main_topics.add(MainTopicFactory(slug="ports-and-logistics"))
    city = city_of(call, "kochi")
    assert city["topics"] == ["ports-and-logistics"]
    assert city["population"] == 200_000
    assert "needs" not in city


def test_who_is_matched(call, split, kochi):
    chosen = AcceptedApplicationFactory(call=call)
    SubmittedApplicationFactory(call=call)
    EligibleApplicationFactory()
    PartnerOrganisationFactory(country=PartnerCountryFactory(code="PE", name="Peru"))
    full = PartnerOrganisationFactory(country=kochi.country, capacity=0)
    data = instance_data(call)
    assert {one["id"] for one in data["left"]} == {"split", chosen.organisation.slug}
    assert {one["id"] for one in data["right"]} == {"kochi"}
    assert full.slug not in {one["id"] for one in data["right"]}


def test_what_is_left_out_is_forbidden_and_nothing_else(call, split, kochi, india):
    PartnerOrganisationFactory(slug="surat", country=india)
    WishFactory(application=split, city=kochi.cities.get(), is_wanted=False)
    assert instance_data(call)["forbidden"] == [["split", "kochi"]]
    Wish.objects.create(application=split, kind=WishKind.COUNTRY, country=india, is_wanted=False)
    assert instance_data(call)["forbidden"] == [["split", "kochi"], ["split", "surat"]]


def test_wish_of_a_chosen_city_counts_before_its_application(call, kochi, india):
    chosen = AcceptedApplicationFactory(call=call, organisation__slug="split", topic=False)
    surat = PartnerOrganisationFactory(slug="surat", country=india)
    Wish.objects.create(application=chosen, kind=WishKind.COUNTRY, country=india, is_wanted=False)
    WishFactory(application=chosen, kind=WishKind.ORGANISATION, city=None, organisation=surat)
    said = {"call": call, "organisation": chosen.organisation}
    PartnerWishFactory(**said, about=kochi)
    PartnerWishFactory(**said, about=surat, is_wanted=False)
    city = city_of(call, "split")
    assert city["wishes"] == {"kochi": True, "surat": False}
    assert city["preferred_partners"] == []
    assert instance_data(call)["forbidden"] == [["split", "surat"]]
    [pair] = Session(read_instance(instance_data(call))).solve().pairs
    assert (pair.left, pair.right) == ("split", "kochi")


def test_wish_of_who_is_not_chosen_counts_nothing(call, split, kochi):
    PartnerWishFactory(call=call, organisation=split.organisation, about=kochi, is_wanted=False)
    assert "wishes" not in city_of(call, "split")
    assert instance_data(call)["forbidden"] == []


def test_pairs_that_are_live_elsewhere_are_not_proposed_again(call, split, kochi):
    PairingFactory(organisations=[split.organisation, kochi], call=None)
    assert instance_data(call)["forbidden"] == [["split", "kochi"]]


def test_score_follows_what_the_city_wrote(call, split, kochi, india):
    """The partner that offers what matters most to the city comes first."""
    most, some = MainTopicFactory(slug="air"), MainTopicFactory(slug="parks")
    ChallengeFactory(application=split, topic=most, weight=3)
    ChallengeFactory(application=split, topic=some, weight=1)
    surat = PartnerOrganisationFactory(slug="surat", country=india)
    for organisation, topic in ((kochi, some), (surat, most)):
        offer = EligibleApplicationFactory(call=call, organisation=organisation, topic=False)
        ChallengeFactory(application=offer, topic=topic, direction=Direction.SHARE)
    [pair] = Session(read_instance(instance_data(call))).solve().pairs
    assert (pair.left, pair.right) == ("split", "surat")


def test_command_matches_a_call(call, split, kochi):
    out = StringIO()
    call_command("match", call=call.slug, stdout=out)
    assert "split" in out.getvalue()
    assert "kochi" in out.getvalue()


def test_command_lists_what_a_city_has_not_said(call, split, kochi):
    out = StringIO()
    call_command("match", call=call.slug, stdout=out)
    assert "kochi: topics, needs, offers, languages, tags" in out.getvalue()


def test_command_refuses_a_call_that_is_not_there(call):
    with pytest.raises(CommandError, match="No call has") as error:
        call_command("match", call="nowhere")
    assert error.value.returncode == 2


def test_a_side_with_nobody_gives_no_pairs_and_the_reason(call, tmp_path):
    said, out = StringIO(), tmp_path / "run.json"
    call_command("match", call=call.slug, output=str(out), stdout=said)
    assert said.getvalue().startswith("0 pairs. No city in Europe can be paired in this call")
    written = json.loads(out.read_text())
    assert written["pairs"] == []
    assert written["reason"] in said.getvalue()


@pytest.mark.parametrize("number", [1, 4])
def test_instance_takes_the_same_queries(number, call, kochi, django_assert_num_queries):
    for _one in range(number):
        application = EligibleApplicationFactory(call=call)
        WishFactory(application=application)
    with django_assert_num_queries(20):
        instance_data(call)


@pytest.mark.parametrize("side", ["partner", "both"])
def test_partner_cities_that_apply_stand_on_the_right(call, split, kochi, india, side):
    call.applicant_side = side
    call.save()
    panaji = PartnerOrganisationFactory(slug="panaji", country=india)
    AcceptedApplicationFactory(call=call, organisation=panaji)
    data = instance_data(call)
    assert [(one["id"], one["capacity"]) for one in data["right"]] == [("panaji", 1)]
    # Europe applies too, or any of its cities with a free place can be the partner.
    assert ("split", 1 if side == "both" else 2) in [
        (one["id"], one["capacity"]) for one in data["left"]
    ]


def test_cities_that_the_call_names_stand_on_the_right_in_any_case(call, split, kochi):
    call.applicant_side = "both"
    call.save()
    assert instance_data(call)["right"] == []
    call.named_partners.set([kochi])
    assert [one["id"] for one in instance_data(call)["right"]] == ["kochi"]
