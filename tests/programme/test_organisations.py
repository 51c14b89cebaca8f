import pytest

from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.selectors import events_of
from programme.organisations.models import Organisation
from programme.organisations.selectors import likely_doubles, organisations
from programme.organisations.services import (
    LikelyDoubleError,
    create_organisation,
    set_capacity,
)
from programme.organisations.states import MembershipRole, OrganisationKind, Standing
from programme.states import Origin, Side
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)
from tests.factories.programme import (
    CityFactory,
    CountryFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
)

pytestmark = pytest.mark.django_db


def create(by, **changes):
    values = {
        "name": "City of Łódź",
        "kind": OrganisationKind.MUNICIPALITY,
        "country": CountryFactory(code="PL", name="Poland"),
        **changes,
    }
    return create_organisation(by=by, **values)


def test_city_user_becomes_the_lead():
    person = UserFactory()
    organisation = create(person)
    assert person.memberships.get().role == MembershipRole.LEAD
    assert person.has_perm("organisations.manage_members", organisation)
    assert events_of(organisation).get().verb == "organisation.registered"


def test_staff_do_not_become_members():
    assert not create(CoordinatorFactory()).memberships.exists()


def test_organisation_gets_its_places_and_its_point():
    city = CityFactory(latitude=51.77, longitude=19.46, time_zone="Europe/Warsaw")
    organisation = create(UserFactory(), city=city, capacity=3)
    assert organisation.slots.count() == 3
    assert (organisation.latitude, organisation.time_zone) == (51.77, "Europe/Warsaw")
    assert list(organisation.cities.all()) == [city]


def test_side_follows_the_country():
    assert create(UserFactory()).side == Side.EU
    india = PartnerCountryFactory()
    assert create(UserFactory(), country=india).side == Side.PARTNER


def test_address_is_readable_and_free():
    assert create(UserFactory()).slug == "city-of-lodz"
    germany = CountryFactory(code="DE", name="Germany")
    assert create(UserFactory(), country=germany).slug == "city-of-lodz-2"


def test_name_in_a_foreign_script_gets_an_address():
    assert create(UserFactory(), name="重庆").slug == "city"


@pytest.mark.parametrize("kind", [OrganisationKind.REGION, OrganisationKind.OTHER])
def test_region_is_told_where_it_can_apply(kind):
    with pytest.raises(InvalidError) as caught:
        create(UserFactory(), kind=kind)
    assert caught.value.code == "kind_not_eligible"
    assert "inter-regional" in str(caught.value)
    assert create(CoordinatorFactory(), kind=kind).kind == kind


@pytest.mark.parametrize(
    "name",
    [
        "City of Łódź",
        " City  of ŁÓDŹ ",
        "Łó\u00addź",
        "L\u043ed\u017a",
        "Miasto Lodz",
        "Lodzz",
        "Łódź Metropolitan Area",
    ],
)
def test_likely_double_needs_a_reason(name):
    lodz = create(UserFactory())
    with pytest.raises(LikelyDoubleError) as caught:
        create(UserFactory(), name=name)
    assert [each.organisation for each in caught.value.doubles] == [lodz]
    assert Organisation.objects.count() == 1
    other = create(UserFactory(), name=name, differs_because="Another place of this name.")
    assert other.differs_because == "Another place of this name."
    assert events_of(other).get().reason == "Another place of this name."


def test_two_places_of_one_name_are_both_there():
    first, second = (
        create(UserFactory(), name="Clermont", differs_because=why) for why in ("", "In Oise.")
    )
    assert first.name == second.name
    assert first.slug != second.slug


def test_same_place_is_a_likely_double_whatever_the_name_and_kind():
    city = CityFactory()
    lodz = create(UserFactory(), city=city)
    with pytest.raises(LikelyDoubleError) as caught:
        create(UserFactory(), name="Manufaktura", city=city, kind=OrganisationKind.METROPOLITAN)
    [double] = caught.value.doubles
    assert (double.organisation, str(double.why)) == (lodz, "It is the same place.")


def test_name_of_the_chosen_place_is_compared_too():
    create(UserFactory(), name="Zadar")
    with pytest.raises(LikelyDoubleError):
        create(UserFactory(), name="The Old Town Authority", city=CityFactory(name="Zadar"))


def test_reason_without_a_double_is_not_kept():
    assert create(UserFactory(), differs_because="Just so.").differs_because == ""


@pytest.mark.parametrize("name", ["Lublin", "Lo"])
def test_other_names_are_no_doubles(name):
    create(UserFactory())
    assert create(UserFactory(), name=name).pk


def test_likely_doubles_take_four_queries(django_assert_num_queries):
    city = CityFactory()
    poland = CountryFactory(code="PL", name="Poland")
    for number in range(12):
        OrganisationFactory(name=f"Lodz {number}", country=poland)
    with django_assert_num_queries(4):
        assert len(likely_doubles(name="Lodz", country=poland, city=city)) == 8


def test_people_of_a_city_register_what_staff_confirm():
    assert create(UserFactory()).standing == Standing.TO_CONFIRM
    assert create(CoordinatorFactory(), name="Gdynia").standing == Standing.CONFIRMED


def test_nobody_registers_many():
    person = UserFactory()
    for name in ("Gdynia", "Torun", "Opole"):
        create(person, name=name)
    with pytest.raises(InvalidError) as caught:
        create(person, name="Kielce")
    assert caught.value.code == "too_many"
    staff = CoordinatorFactory()
    for name in ("Kielce", "Rzeszow", "Elblag", "Zabrze"):
        create(staff, name=name)


def test_same_name_in_another_country_is_another():
    create(UserFactory())
    assert create(UserFactory(), country=CountryFactory(code="DE", name="Germany")).pk


@pytest.mark.parametrize("factory", [AssessorFactory, ObserverFactory])
def test_readers_register_nothing(factory):
    with pytest.raises(NotAllowedError):
        create(factory())


def test_demo_people_make_demo_organisations():
    assert create(UserFactory(is_demo=True)).origin == Origin.DEMO
    assert create(UserFactory(), name="Other").origin == Origin.PORTAL


@pytest.mark.parametrize("capacity", [0, 1, 2, 5, 20])
def test_capacity_makes_and_takes_places(capacity):
    organisation = OrganisationFactory()
    set_capacity(organisation=organisation, capacity=capacity, by=CoordinatorFactory())
    organisation.refresh_from_db()
    assert organisation.capacity == organisation.slots.count() == capacity
    numbers = list(organisation.slots.values_list("number", flat=True))
    assert numbers == list(range(1, capacity + 1))


def test_same_capacity_leaves_no_line():
    organisation = OrganisationFactory(capacity=3)
    for capacity in (3, 4, 4):
        set_capacity(organisation=organisation, capacity=capacity, by=CoordinatorFactory())
    assert events_of(organisation).get().details == {"before": 3, "after": 4}


@pytest.mark.parametrize("capacity", [-1, 21])
def test_capacity_out_of_bounds_is_refused(capacity):
    with pytest.raises(InvalidError):
        set_capacity(organisation=OrganisationFactory(), capacity=capacity, by=CoordinatorFactory())


def test_capacity_is_for_coordinators():
    membership = MembershipFactory()
    for person in (membership.user, DeskFactory(), ObserverFactory()):
        with pytest.raises(NotAllowedError):
            set_capacity(organisation=membership.organisation, capacity=3, by=person)


def test_capacity_below_pairings_under_way_is_refused():
    from tests.factories.pairings import PairingFactory

    pairing = PairingFactory()
    organisation = pairing.members.first().organisation
    taken = organisation.slots.exclude(held_by=None).count()
    assert taken
    with pytest.raises(WrongStateError):
        set_capacity(organisation=organisation, capacity=taken - 1, by=CoordinatorFactory())
    set_capacity(organisation=organisation, capacity=taken, by=CoordinatorFactory())
    assert organisation.slots.count() == taken


def test_list_finds_without_accents_and_by_country():
    lodz = create(UserFactory())
    OrganisationFactory(name="Zadar")
    desk = DeskFactory(countries=[PartnerCountryFactory()])
    assert list(organisations(user=desk, words="lodz")) == [lodz]
    assert list(organisations(user=desk, words="POLAND łó")) == [lodz]
    assert not organisations(user=desk, words="lodz croatia")


def test_list_filters_by_side_kind_and_country():
    eu, partner = OrganisationFactory(), PartnerOrganisationFactory()
    group = OrganisationFactory(kind=OrganisationKind.GROUP)
    person = ObserverFactory()
    assert list(organisations(user=person, side=Side.PARTNER)) == [partner]
    assert list(organisations(user=person, kind=OrganisationKind.GROUP)) == [group]
    assert set(organisations(user=person, country="HR")) == {eu, group}


def test_list_counts_people_and_leads():
    organisation = OrganisationFactory()
    MembershipFactory(organisation=organisation)
    MembershipFactory(organisation=organisation, role=MembershipRole.VIEWER)
    row = organisations(user=CoordinatorFactory()).get()
    assert (row.people, row.leads) == (2, 1)


def test_outsiders_and_assessors_see_no_organisation():
    membership = MembershipFactory()
    MembershipFactory()
    visible = Organisation.objects.visible_to
    assert list(visible(membership.user)) == [membership.organisation]
    assert not visible(UserFactory())
    assert not visible(AssessorFactory())
    assert visible(ObserverFactory()).count() == 2


def test_desk_sees_europe_and_its_own_partner_countries():
    india, japan = PartnerCountryFactory(), PartnerCountryFactory(code="JP", name="Japan")
    europe = OrganisationFactory()
    goa = PartnerOrganisationFactory(country=india)
    PartnerOrganisationFactory(country=japan)
    visible = Organisation.objects.visible_to(DeskFactory(countries=[india]))
    assert set(visible) == {europe, goa}


def test_desk_registers_organisations_of_its_own_countries_alone():
    india = PartnerCountryFactory()
    desk = DeskFactory(countries=[india])
    assert create(desk, name="City of Pune", country=india).country == india
    with pytest.raises(NotAllowedError, match="is not a country of your desk"):
        create(desk)
