"""What chosen cities wish for before they are paired, and who reads it."""

import re

import pytest
from django.urls import reverse

from applications.states import Direction
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from pairings.models import PartnerWish
from pairings.selectors import mutual_wishes
from pairings.services import say_wish, take_back_wish
from programme.organisations.services import merge_organisations
from tests.factories.accounts import CoordinatorFactory, UserFactory
from tests.factories.applications import (
    AcceptedApplicationFactory,
    ChallengeFactory,
    ConflictFactory,
    EligibleApplicationFactory,
)
from tests.factories.pairings import PairingFactory, RunningPairingFactory
from tests.factories.programme import (
    CallFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def both():
    """Two chosen cities of a call for both sides, each with a lead."""
    call = CallFactory(applicant_side="both", partner_countries=[PartnerCountryFactory()])
    home = AcceptedApplicationFactory(call=call, organisation__name="Łódź")
    away = AcceptedApplicationFactory(
        call=call, organisation=PartnerOrganisationFactory(name="Panaji", slug="panaji")
    )
    home.lead = MembershipFactory(organisation=home.organisation).user
    away.lead = MembershipFactory(organisation=away.organisation).user
    return home, away


def wish(one, other, *, is_wanted=True, word=""):
    return say_wish(
        application=one, about=other.organisation, is_wanted=is_wanted, word=word, by=one.lead
    )


def address(application, *more, name="partners"):
    return reverse(f"pairings:{name}", args=[application.reference, *more])


def text(response):
    return " ".join(response.content.decode().split())


def test_wish_is_kept_once_and_can_be_said_anew(both):
    home, away = both
    wish(home, away, word="  Ferries. ")
    wish(home, away, word="Ferries.")
    kept = PartnerWish.objects.get()
    assert (kept.is_wanted, kept.word, kept.by) == (True, "Ferries.", home.lead)
    assert AuditEvent.objects.filter(verb="application.wish_said").count() == 1
    wish(home, away, is_wanted=False)
    kept = PartnerWish.objects.get()
    assert (kept.is_wanted, kept.word) == (False, "")
    take_back_wish(application=home, about=away.organisation, by=home.lead)
    take_back_wish(application=home, about=away.organisation, by=home.lead)
    assert not PartnerWish.objects.exists()
    [event] = AuditEvent.objects.filter(verb="application.wish_taken_back")
    # Whom it was about is the city's own.
    assert (event.details, event.reason) == ({}, "")


def test_wish_names_who_can_become_the_partner(both):
    home, away = both
    country = away.organisation.country
    for other in (
        AcceptedApplicationFactory(call=home.call),
        AcceptedApplicationFactory(organisation=PartnerOrganisationFactory(country=country)),
        EligibleApplicationFactory(
            call=home.call, organisation=PartnerOrganisationFactory(country=country)
        ),
    ):
        with pytest.raises(InvalidError, match="Choose one from the list"):
            wish(home, other)


def test_wish_is_said_by_writers_of_a_chosen_city_until_it_is_paired(both):
    home, away = both
    viewer = MembershipFactory(organisation=home.organisation, role="viewer").user
    for person in (viewer, away.lead, CoordinatorFactory()):
        with pytest.raises(NotAllowedError):
            say_wish(application=home, about=away.organisation, is_wanted=True, by=person)
    PairingFactory(call=home.call, organisations=[home.organisation, away.organisation])
    with pytest.raises(WrongStateError, match="names your partner"):
        wish(home, away)
    later = EligibleApplicationFactory(call=home.call)
    later.lead = MembershipFactory(organisation=later.organisation).user
    with pytest.raises(WrongStateError, match="once your city is chosen"):
        wish(later, away)


def test_pages_are_those_of_a_chosen_city_alone(both, sign_in):
    home, away = both
    for person in (UserFactory(), away.lead):
        assert sign_in(person).get(address(home)).status_code == 404
    client = sign_in(home.lead)
    assert client.get(address(home)).status_code == 200
    later = EligibleApplicationFactory(organisation=home.organisation)
    assert client.get(address(later)).status_code == 404
    assert address(home) in text(client.get(reverse("applications:detail", args=[home.key])))


def test_list_shows_topics_without_words_and_is_searched(both, sign_in):
    home, away = both
    learn = ChallengeFactory(application=home, direction=Direction.LEARN)
    ChallengeFactory(
        application=away, direction=Direction.SHARE, topic=learn.topic, words="A secret of ours."
    )
    plain = AcceptedApplicationFactory(
        call=home.call,
        organisation=PartnerOrganisationFactory(name="Agra", country=away.organisation.country),
    )
    client = sign_in(home.lead)
    shown = text(client.get(address(home)))
    assert "A secret of ours" not in shown
    # Who can share what is wanted comes first.
    assert shown.index("Panaji") < shown.index(plain.organisation.name)
    assert "Can share what you want to learn:" in shown
    found = text(client.get(address(home), {"q": learn.topic.name}))
    assert "Panaji" in found
    assert "Agra" not in found
    assert "Nobody is found" in text(client.get(address(home), {"q": "nowhere"}))


def test_who_has_found_a_partner_is_left_out_once_all_may_know_it(both, sign_in):
    home, away = both
    client = sign_in(home.lead)
    other = AcceptedApplicationFactory(call=home.call).organisation
    pairing = PairingFactory(call=home.call, organisations=[other, away.organisation])
    assert "Panaji" in text(client.get(address(home)))
    pairing.delete()
    RunningPairingFactory(call=home.call, organisations=[other, away.organisation])
    assert "Panaji" not in text(client.get(address(home)))


def test_page_of_a_partner_keeps_the_wish(both, sign_in):
    home, _away = both
    client, url = sign_in(home.lead), address(home, "panaji", name="partner")
    assert client.post(url, {"stance": "yes", "word": "Ferries."}).status_code == 302
    assert "We would like to" in text(client.get(address(home)))
    assert "Ferries." in text(client.get(url))
    assert client.post(url, {"word": "x"}).status_code == 422
    assert client.post(url, {"stance": "nothing"}).status_code == 302
    assert not PartnerWish.objects.exists()
    viewer = MembershipFactory(organisation=home.organisation, role="viewer").user
    assert sign_in(viewer).post(url, {"stance": "yes"}).status_code == 403


def test_staff_read_of_wishes_only_the_mutual_ones(both, sign_in, settings):
    settings.DEMO = True  # Staff need no second factor.
    home, away = both
    wish(home, away, word="Ferries.")
    reader = CoordinatorFactory()
    page = reverse("applications:staff_detail", args=[home.reference])
    one_sided = text(sign_in(reader).get(page))
    assert "Mutual wishes" not in one_sided
    assert mutual_wishes(home, reader) == []
    wish(away, home)
    assert mutual_wishes(home, reader) == [away.organisation]
    shown = text(sign_in(reader).get(page))
    assert "Mutual wishes" in shown
    assert "Ferries." not in shown
    pairing = PairingFactory(call=home.call, organisations=[home.organisation, away.organisation])
    detail = reverse("pairings:staff_detail", args=[pairing.reference])
    assert "They wished for each other" in text(sign_in(reader).get(detail))
    # A link with either of the two hides it.
    ConflictFactory(application=away, person=reader)
    assert mutual_wishes(home, reader) == []
    assert "They wished for each other" not in text(sign_in(reader).get(detail))


def test_pages_of_other_cities_are_as_without_the_wish(both, sign_in):
    home, away = both
    client = sign_in(away.lead)
    pages = [
        address(away),
        address(away, home.organisation.slug, name="partner"),
        address(away, name="like_us"),
        reverse("applications:detail", args=[away.key]),
        reverse("homes:workspace"),
        reverse("pairings:mine"),
    ]

    def read():
        shown = [client.get(page) for page in pages]
        assert {response.status_code for response in shown} == {200}
        # Each form has a key of its own.
        return [re.sub(r'(value|datetime)="[^"]*"', "", text(response)) for response in shown]

    before = read()
    wish(home, away, is_wanted=False, word="Their mayor.")
    assert read() == before
    wish(home, away)
    assert read() == before


def test_merged_organisation_keeps_the_newer_of_two_wishes(both):
    home, away = both
    double = OrganisationFactory(country=home.organisation.country)
    place = {"call": home.call, "about": away.organisation}
    wish(home, away)
    PartnerWish.objects.create(organisation=double, is_wanted=False, **place)
    merge_organisations(
        stays=home.organisation,
        goes=double,
        picks={},
        reason="One city hall.",
        by=CoordinatorFactory(),
    )
    kept = PartnerWish.objects.get()
    assert (kept.organisation, kept.is_wanted) == (home.organisation, False)


@pytest.mark.parametrize("number", [1, 3])
def test_pages_have_a_fixed_number_of_queries(number, both, sign_in, django_assert_num_queries):
    home, away = both
    wish(home, away)
    for _n in range(number):
        ChallengeFactory(
            application=AcceptedApplicationFactory(
                call=home.call,
                organisation=PartnerOrganisationFactory(country=away.organisation.country),
            )
        )
    client = sign_in(home.lead)
    urls = [address(home), address(home, "panaji", name="partner"), address(home, name="like_us")]
    for url, most in zip(urls, (15, 14, 11), strict=True):
        client.get(url)
        with django_assert_num_queries(most):
            client.get(url)
