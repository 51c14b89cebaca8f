"""Two rows of the same city made one, with all that leads to them; two that are neighbours."""

import pytest
from django.urls import reverse

from applications.models import Application
from applications.states import WishKind
from core.kit.errors import InvalidError, NotAllowedError, PortalError, WrongStateError
from core.kit.sockets import plugged
from core.trail.selectors import events_of
from pairings.selectors import members_key
from programme.organisations import relations as walk
from programme.organisations.models import FormerOrganisation, Neighbours, Organisation
from programme.organisations.relations import is_once, move_of, moves, relations, rows_of
from programme.organisations.selectors import likely_doubles
from programme.organisations.selectors.merging import in_the_way, what_moves
from programme.organisations.services import (
    forget_neighbours,
    mark_as_neighbours,
    merge_organisations,
)
from programme.organisations.services.organisations import save_with_free_slug
from tests.factories.accounts import CoordinatorFactory, DeskFactory
from tests.factories.applications import (
    ApplicationFactory,
    InterestFactory,
    LeadOfferFactory,
    SubmittedApplicationFactory,
    WishFactory,
)
from tests.factories.calls import ExtensionRequestFactory, LateCodeFactory
from tests.factories.pairings import PairingFactory, PartnerWishFactory
from tests.factories.programme import (
    CallFactory,
    CityFactory,
    ClaimFactory,
    CountryFactory,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
)
from tests.infra.threads import run_in_threads

pytestmark = pytest.mark.django_db


def merge(two, **picks):
    return merge_organisations(
        stays=two.stays, goes=two.goes, picks=picks, reason="One city hall.", by=two.by
    )


def test_every_relation_is_thought_of():
    found = dict(relations())
    for name, field in found.items():
        assert callable(move_of(name, field)), name
    assert set(moves()) <= set(found)
    assert len(found) >= 18


def test_relation_that_nobody_thought_of_is_named(monkeypatch):
    name, field = next((name, field) for name, field in relations() if name in moves())
    assert is_once(field)
    monkeypatch.setattr(walk, "moves", dict)
    with pytest.raises(LookupError, match=r"say in merging\.py"):
        move_of(name, field)


def test_all_that_leads_to_it_leads_to_the_other(two):
    goes = two.goes
    call = CallFactory()
    call.named_partners.set([two.stays, goes])
    MembershipFactory(organisation=goes, role="lead")
    InvitationFactory(organisation=goes)
    ClaimFactory(organisation=goes)
    goes.mail_domains.create(host="rijeka.example")
    goes.organisationcity_set.create(city=CityFactory())
    application = SubmittedApplicationFactory(organisation=goes)
    InterestFactory(organisation=goes)
    WishFactory(organisation=goes, city=None, kind=WishKind.ORGANISATION)
    LeadOfferFactory(organisation=goes)
    LateCodeFactory(organisation=goes)
    ExtensionRequestFactory(organisation=goes)
    PartnerWishFactory(organisation=goes)
    PartnerWishFactory(about=goes)
    pairing = PairingFactory()
    member = pairing.members.select_related("organisation").first()
    pairing.members.filter(pk=member.pk).update(organisation=goes)
    untouched = {
        "calls.OwnClosing.organisation",
        "organisations.Claim.stand_in",
        "organisations.FormerOrganisation.organisation",
        "organisations.Neighbours.one",
        "organisations.Neighbours.other",
        "organisations.OrganisationName.organisation",
        "organisations.Split.organisation",
        "organisations.Split.out_of",
        "organisations.Organisation_tags.organisation",
        "organisations.Organisation_languages.organisation",
        "applications.LeadOffer.former",
    }
    empty = {name for name, field in relations() if not rows_of(field, goes).exists()}
    # A new relation gets a row above, or a reason here.
    assert empty <= untouched

    counts = {row.label: row.count for row in what_moves(goes)}
    assert counts["applications"] == 1
    merge(two)
    assert not Organisation.objects.filter(pk=goes.pk).exists()
    application.refresh_from_db()
    assert application.organisation == two.stays
    assert "rijeka" in application.search_text
    pairing.refresh_from_db()
    bodies = [row.organisation for row in pairing.members.all()]
    assert two.stays in bodies
    assert pairing.members_key == members_key(bodies)
    assert list(call.named_partners.all()) == [two.stays]
    [event] = events_of(two.stays).filter(verb="organisation.merged")
    assert event.details["organisation"] == "Grad Rijeka"
    assert event.reason == "One city hall."


def test_person_of_both_teams_keeps_the_higher_role(two):
    person = MembershipFactory(organisation=two.stays, role="viewer").user
    MembershipFactory(organisation=two.goes, user=person, role="lead")
    merge(two)
    assert two.stays.memberships.get(user=person).role == "lead"


def test_places_that_are_held_come_along(two):
    pairing = PairingFactory()
    member = pairing.members.first()
    slot = two.goes.slots.first() or two.goes.slots.create(number=1)
    two.stays.slots.get_or_create(number=1)
    pairing.members.filter(pk=member.pk).update(organisation=two.goes, slot=slot)
    merge(two)
    member.refresh_from_db()
    assert member.slot.organisation == two.stays
    stays = Organisation.objects.get(pk=two.stays.pk)
    assert stays.capacity == stays.slots.count()


def test_what_is_picked_is_kept(two):
    merge(two, name="goes")
    stays = Organisation.objects.get(pk=two.stays.pk)
    assert stays.name == "Grad Rijeka"
    assert stays.search_name == "grad rijeka"
    former = FormerOrganisation.objects.get()
    assert former.name == "Grad Rijeka"
    assert [row.name for row in stays.own_names] == ["Rijeka", "Grad Rijeka"]


def test_both_with_an_application_to_one_call_are_refused_with_how_to_mend_it(two):
    call = CallFactory()
    SubmittedApplicationFactory(organisation=two.stays, call=call)
    ApplicationFactory(organisation=two.goes, call=call)
    with pytest.raises(InvalidError, match="withdraws its application first"):
        merge(two)
    Application.objects.filter(organisation=two.goes).update(status="withdrawn")
    assert in_the_way(two.stays, two.goes) == []
    merge(two)
    assert two.stays.applications.count() == 2


def test_members_of_one_pairing_are_two(two):
    pairing = PairingFactory()
    one, other = pairing.members.all()[:2]
    pairing.members.filter(pk=one.pk).update(organisation=two.stays)
    pairing.members.filter(pk=other.pk).update(organisation=two.goes)
    with pytest.raises(InvalidError, match="Both are in the pairing"):
        merge(two)


def test_two_pairings_that_would_be_one_are_refused(two):
    first, second = PairingFactory(), PairingFactory()
    shared = OrganisationFactory()
    for pairing, body in ((first, two.stays), (second, two.goes)):
        one, other = pairing.members.all()[:2]
        pairing.members.filter(pk=one.pk).update(organisation=body)
        pairing.members.filter(pk=other.pk).update(organisation=shared)
        pairing.members_key = members_key([body, shared])
        pairing.save()
    with pytest.raises(InvalidError, match="would have the same members"):
        merge(two)


def test_both_that_ask_for_more_time_are_refused(two):
    call = CallFactory()
    for body in (two.stays, two.goes):
        ExtensionRequestFactory(organisation=body, call=call)
    with pytest.raises(InvalidError, match="Answer one of the two first"):
        merge(two)


def test_only_coordinators_merge_and_only_within_a_country(two):
    with pytest.raises(NotAllowedError):
        merge_organisations(
            stays=two.stays, goes=two.goes, picks={}, reason="Same.", by=DeskFactory()
        )
    abroad = OrganisationFactory(country=CountryFactory(code="AT", name="Austria"))
    with pytest.raises(InvalidError, match="same country"):
        merge_organisations(stays=two.stays, goes=abroad, picks={}, reason="Same.", by=two.by)
    with pytest.raises(InvalidError) as refusal:
        merge_organisations(stays=two.stays, goes=two.goes, picks={}, reason=" ", by=two.by)
    assert refusal.value.field == "reason"


def test_old_addresses_lead_to_it_also_after_a_second_merge(two, sign_in, settings):
    settings.DEMO = True
    third = OrganisationFactory(name="Rijeka City", country=two.stays.country)
    old = reverse("organisations:staff_organisation", args=[two.goes.slug])
    merge(two)
    merge_organisations(stays=third, goes=two.stays, picks={}, reason="Again.", by=two.by)
    client = sign_in(two.by)
    assert client.get(old)["Location"] == reverse(
        "organisations:staff_organisation", args=[third.slug]
    )
    nowhere = reverse("organisations:staff_organisation", args=["nowhere"])
    assert client.get(nowhere).status_code == 404


def test_address_of_a_merged_city_is_not_given_to_another(two):
    address = two.goes.slug
    merge(two)
    newer = OrganisationFactory(name=address, country=two.stays.country)
    save_with_free_slug(newer)
    assert newer.slug != address


def test_neighbours_are_no_doubles_until_it_is_taken_back(two):
    def doubles():
        found = likely_doubles(name=two.goes.name, country=two.goes.country, but=two.goes)
        return [each.organisation for each in found]

    alike = OrganisationFactory(name="Grad Rijeka", country=two.goes.country)
    assert alike in doubles()
    for _twice in range(2):
        mark_as_neighbours(one=two.goes, other=alike, reason="Two.", by=two.by)
    assert alike not in doubles()
    assert Neighbours.objects.count() == 1
    assert events_of(alike).filter(verb="organisation.neighbours").count() == 1
    forget_neighbours(one=alike, other=two.goes, by=two.by)
    assert alike in doubles()
    with pytest.raises(WrongStateError):
        forget_neighbours(one=alike, other=two.goes, by=two.by)


def test_neighbours_of_what_goes_are_those_of_what_stays(two):
    beside = OrganisationFactory(country=two.stays.country)
    mark_as_neighbours(one=two.goes, other=beside, reason="Two.", by=two.by)
    mark_as_neighbours(one=two.goes, other=two.stays, reason="Two.", by=two.by)
    merge(two)
    [row] = Neighbours.objects.all()
    assert {row.one, row.other} == {two.stays, beside}


def test_pages_compare_merge_and_keep_as_two(two, sign_in, settings):
    settings.DEMO = True
    client = sign_in(two.by)
    url = reverse("organisations:staff_organisation_merge", args=[two.stays.slug])
    assert client.get(url).status_code == 200
    assert "Grad Rijeka" in client.get(url, {"q": "grad"}).content.decode()
    page = client.get(url, {"of": two.goes.slug}).content.decode()
    assert "Choose what to keep where they differ" in page
    at = reverse("organisations:staff_organisation_neighbours", args=[two.stays.slug])
    kept = client.post(at, {"of": two.goes.slug, "reason": "Two."}, follow=True).content.decode()
    assert "They are kept as two" in kept
    back = reverse("organisations:staff_organisation_no_neighbours", args=[two.stays.slug])
    assert client.post(back, {"of": two.goes.slug}).status_code == 302
    assert not Neighbours.objects.exists()
    typed = {"of": two.goes.slug, "pick_name": "goes", "pick_capacity": "goes", "reason": ""}
    typed |= {"kind": "double", "day": "3 May 2026"}
    assert client.post(url, typed).status_code == 422
    done = client.post(url, typed | {"reason": "One city hall."}, follow=True)
    assert "The two are one: Grad Rijeka" in done.content.decode()


def test_every_merging_module_says_all():
    for module in plugged("merging"):
        assert {*module.SAME, *module.WRITES} <= set(dict(relations()))
        calls = (*module.REFUSE, *module.AFTER, *module.HELD, *module.PARTS)
        assert all(map(callable, (*calls, *module.MOVE.values())))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_merging_both_ways_at_once_leaves_one():
    country = CountryFactory()
    one, other = (OrganisationFactory(country=country) for _ in range(2))
    by = CoordinatorFactory()
    pairs = [(one, other), (other, one)]
    results = run_in_threads(
        2,
        lambda number: merge_organisations(
            stays=pairs[number][0], goes=pairs[number][1], picks={}, reason="Same.", by=by
        ),
    )
    failed = [each for each in results if isinstance(each, Exception)]
    assert len(failed) == 1
    assert isinstance(failed[0], (PortalError, Organisation.DoesNotExist)), failed
    assert Organisation.objects.filter(pk__in=[one.pk, other.pk]).count() == 1
