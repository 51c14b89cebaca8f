import re

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from accounts.models import User
from programme.organisations.models import Membership, Organisation
from programme.organisations.services import invite_member
from programme.organisations.states import MembershipRole
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, UserFactory
from tests.factories.programme import (
    CityFactory,
    CountryFactory,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
)

pytestmark = pytest.mark.django_db
LEAD, EDITOR, VIEWER = MembershipRole.LEAD, MembershipRole.EDITOR, MembershipRole.VIEWER


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def lead():
    return MembershipFactory(organisation__name="Dubrovnik", organisation__slug="dubrovnik")


def url(name, membership, **more):
    return reverse(f"organisations:{name}", args=[membership.organisation.slug, *more.values()])


# Looking for a city -----------------------------------------------------------------
def test_search_finds_without_accents_large_ones_first(client):
    poland = CountryFactory(code="PL", name="Poland")
    lodz = CityFactory(name="Łódź", country=poland, reference_population=648_711)
    CityFactory(name="Nowa Łódź", country=poland, reference_population=900_000)
    small = CityFactory(name="Łódźko", country=poland, reference_population=None)
    found = client.get(reverse("organisations:city_search"), {"q": "lodz"}).json()
    assert [row["id"] for row in found][:2] == [lodz.pk, small.pk]
    assert found[0] == {"id": lodz.pk, "label": "Łódź", "hint": "Poland, 648,711"}


def test_search_can_be_kept_to_a_country(client):
    croatian = CityFactory(name="Zadar")
    CityFactory(name="Zadar", country=PartnerCountryFactory())
    found = client.get(reverse("organisations:city_search"), {"q": "zad", "country": "HR"}).json()
    assert [row["id"] for row in found] == [croatian.pk]


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "x" * 101}, {"q": "%"}])
def test_search_for_nothing_finds_nothing(client, query):
    CityFactory()
    assert client.get(reverse("organisations:city_search"), query).json() == []


def test_search_suggests_ten_at_most(client, django_assert_num_queries):
    CityFactory.create_batch(12)
    with django_assert_num_queries(1):
        found = client.get(reverse("organisations:city_search"), {"q": "city"}).json()
    assert len(found) == 10


# Registering a city -----------------------------------------------------------------
def register(client, **changes):
    data = {"city": "Zadar", "name": "City of Zadar", "kind": "municipality", **changes}
    return client.post(reverse("organisations:new_organisation"), data)


def test_city_is_registered_by_its_name_alone(sign_in):
    city = CityFactory(name="Zadar")
    person = UserFactory()
    response = register(sign_in(person))
    organisation = Organisation.objects.get()
    assert response["Location"] == reverse("organisations:team", args=["city-of-zadar"])
    assert list(organisation.cities.all()) == [city]
    assert organisation.memberships.get().user == person


def test_city_that_nobody_knows_is_registered_with_its_country(sign_in):
    country = CountryFactory()
    assert register(sign_in(UserFactory())).status_code == 422
    assert register(sign_in(UserFactory()), country=country.pk).status_code == 302
    assert Organisation.objects.get().latitude is None


def test_cities_of_one_name_are_told_apart_by_country(sign_in):
    croatian = CityFactory(name="Zadar")
    CityFactory(name="Žadar", country=PartnerCountryFactory())
    response = register(sign_in(UserFactory()))
    assert "several cities of this name" in response.content.decode()
    assert register(sign_in(UserFactory()), country="HR").status_code == 302
    assert list(Organisation.objects.get().cities.all()) == [croatian]


def test_choice_that_no_longer_fits_the_text_is_dropped(sign_in):
    chosen, typed = CityFactory(name="Split"), CityFactory(name="Zadar")
    register(sign_in(UserFactory()), city_id=chosen.pk)
    assert list(Organisation.objects.get().cities.all()) == [typed]


def test_country_that_contradicts_the_city_is_named(sign_in):
    city = CityFactory(name="Zadar")
    PartnerCountryFactory()
    response = register(sign_in(UserFactory()), city_id=city.pk, country="IN")
    assert "Zadar lies in Croatia." in response.content.decode()


def test_region_reads_where_it_can_apply(sign_in):
    CityFactory(name="Zadar")
    html = register(sign_in(UserFactory()), kind="region").content.decode()
    assert "inter-regional" in html
    assert 'value="City of Zadar"' in html
    assert not Organisation.objects.exists()


def test_likely_double_shows_what_to_join_and_asks_for_a_reason(sign_in):
    CityFactory(name="Zadar")
    register(sign_in(UserFactory()))
    organisation = Organisation.objects.get()
    client = sign_in(UserFactory())
    assert (
        "differs_because"
        not in client.get(reverse("organisations:new_organisation")).content.decode()
    )
    response = register(client, name="C\u0456ty of Zadar")
    html = response.content.decode()
    assert response.status_code == 422
    assert reverse("organisations:ask", args=[organisation.slug]) in html
    assert "Ask to join them" in html
    assert 'name="differs_because"' in html
    kept = register(client, name="C\u0456ty of Zadar", differs_because="Ours is in the hills.")
    assert kept.status_code == 302
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize("sign", ["\u00ad", "\u200d", "\u3164", "\u2800", "\U000e0041"], ids=ascii)
def test_invisible_name_is_no_name(sign_in, sign):
    CityFactory(name="Zadar")
    response = register(sign_in(UserFactory()), name=sign * 17)
    assert response.context["form"].errors["name"] == ["Enter the official name of the authority."]
    assert not Organisation.objects.exists()


def test_soft_hyphen_makes_no_second_city(sign_in):
    CityFactory(name="Zadar")
    register(sign_in(UserFactory()), name="Rijeka")
    assert register(sign_in(UserFactory()), name="Rij\u00adeka").status_code == 422
    assert register(sign_in(UserFactory()), name="R\u0456jeka").status_code == 422


def test_markup_and_direction_marks_in_a_name_are_text(sign_in):
    CityFactory(name="Zadar")
    client = sign_in(UserFactory())
    register(client, name="<img src=x>\u202e Zadar 😀")
    organisation = Organisation.objects.get()
    assert organisation.name == "<img src=x> Zadar 😀"
    html = client.get(reverse("organisations:team", args=[organisation.slug])).content.decode()
    assert "&lt;img src=x&gt; Zadar 😀" in html
    assert "<img src=x>" not in html


def test_name_of_10000_characters_is_refused_in_words(sign_in):
    CityFactory(name="Zadar")
    response = register(sign_in(UserFactory()), name="x" * 10_000)
    assert "at most 200 characters; you have 10000" in response.content.decode()


def test_assessor_registers_nothing(sign_in):
    assert register(sign_in(AssessorFactory())).status_code == 403
    assert not Organisation.objects.exists()


# The team ---------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_team_asks_the_same_number_of_queries(sign_in, lead, rows, django_assert_max_num_queries):
    MembershipFactory.create_batch(rows, organisation=lead.organisation, role=EDITOR)
    InvitationFactory.create_batch(rows, organisation=lead.organisation)
    client = sign_in(lead.user)
    client.get(url("team", lead))
    with django_assert_max_num_queries(10):
        assert client.get(url("team", lead)).status_code == 200


def test_viewer_sees_the_team_without_controls(sign_in, lead):
    viewer = MembershipFactory(organisation=lead.organisation, role=VIEWER)
    InvitationFactory(organisation=lead.organisation, email="x@city.example")
    html = sign_in(viewer.user).get(url("team", lead)).content.decode()
    assert lead.user.email in html
    assert "x@city.example" not in html
    assert "Change role" not in html
    assert "Leave" in html


def test_stranger_does_not_learn_of_the_team(sign_in, lead):
    assert sign_in(MembershipFactory().user).get(url("team", lead)).status_code == 404


def test_lead_invites(sign_in, lead, mailoutbox):
    data = {"email": "new@city.example", "role": EDITOR}
    response = sign_in(lead.user).post(url("invite", lead), data, follow=True)
    assert "An invitation is on its way to new@city.example." in response.content.decode()
    assert mailoutbox[0].to == ["new@city.example"]


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a@b.example\nBcc: c@d.example"])
def test_bad_address_is_refused(sign_in, lead, email, mailoutbox):
    data = {"email": email, "role": EDITOR}
    response = sign_in(lead.user).post(url("invite", lead), data)
    assert response.status_code == 422
    assert not mailoutbox


def test_editor_may_not_invite(sign_in, lead):
    editor = MembershipFactory(organisation=lead.organisation, role=EDITOR)
    data = {"email": "new@city.example", "role": LEAD}
    assert sign_in(editor.user).post(url("invite", lead), data).status_code == 403
    assert not lead.organisation.invitations.exists()


def test_lead_changes_a_role(sign_in, lead):
    member = MembershipFactory(organisation=lead.organisation, role=VIEWER)
    page = url("change_role", lead, pk=member.pk)
    assert sign_in(lead.user).post(page, {"role": EDITOR}).status_code == 302
    member.refresh_from_db()
    assert member.role == EDITOR


@pytest.mark.parametrize("name", ["change_role", "remove_member"])
def test_staff_stay_in_the_console(sign_in, lead, name):
    html = sign_in(CoordinatorFactory()).get(url(name, lead, pk=lead.pk)).content.decode()
    assert 'class="console-head"' in html
    assert reverse("organisations:staff_organisation", args=["dubrovnik"]) in html
    assert reverse("organisations:team", args=["dubrovnik"]) + '"' not in html


def test_lead_stays_in_the_workspace(sign_in, lead):
    html = sign_in(lead.user).get(url("remove_member", lead, pk=lead.pk)).content.decode()
    assert 'class="console-head"' not in html
    assert reverse("organisations:team", args=["dubrovnik"]) + '"' in html


def test_staff_stay_in_the_console_when_taking_an_invitation_back(sign_in, lead):
    invitation = InvitationFactory(organisation=lead.organisation)
    page = url("revoke_invitation", lead, pk=invitation.pk)
    html = sign_in(CoordinatorFactory()).get(page).content.decode()
    assert 'class="console-head"' in html


def test_last_lead_reads_why_the_role_stays(sign_in, lead):
    page = url("change_role", lead, pk=lead.pk)
    response = sign_in(lead.user).post(page, {"role": VIEWER})
    assert response.status_code == 409
    assert "is the last lead" in response.content.decode()


def test_member_of_another_team_is_not_found(sign_in, lead):
    other = MembershipFactory()
    page = url("change_role", lead, pk=other.pk)
    assert sign_in(lead.user).get(page).status_code == 404


def test_removing_asks_first(sign_in, lead):
    member = MembershipFactory(organisation=lead.organisation, role=VIEWER)
    page = url("remove_member", lead, pk=member.pk)
    client = sign_in(lead.user)
    assert client.get(page).status_code == 200
    assert Membership.objects.filter(pk=member.pk).exists()
    assert client.post(page).status_code == 302
    assert not Membership.objects.filter(pk=member.pk).exists()


def test_leaving_asks_first(sign_in, lead):
    member = MembershipFactory(organisation=lead.organisation, role=VIEWER)
    client = sign_in(member.user)
    assert client.get(url("leave", lead)).status_code == 200
    assert client.post(url("leave", lead))["Location"] == reverse("homes:workspace")
    assert client.get(url("team", lead)).status_code == 404


def test_last_lead_does_not_leave(sign_in, lead):
    response = sign_in(lead.user).post(url("leave", lead), follow=True)
    assert "is the last lead" in response.content.decode()


def test_invitation_is_taken_back_after_asking(sign_in, lead):
    invitation = InvitationFactory(organisation=lead.organisation)
    page = url("revoke_invitation", lead, pk=invitation.pk)
    client = sign_in(lead.user)
    assert client.get(page).status_code == 200
    client.post(page)
    invitation.refresh_from_db()
    assert invitation.revoked_at


def test_invitation_is_sent_again(sign_in, lead, mailoutbox):
    invitation = InvitationFactory(organisation=lead.organisation)
    sign_in(lead.user).post(url("resend_invitation", lead, pk=invitation.pk))
    assert mailoutbox[0].to == [invitation.email]


def test_coordinator_comes_back_to_the_console(sign_in, lead):
    member = MembershipFactory(organisation=lead.organisation, role=VIEWER)
    page = url("remove_member", lead, pk=member.pk)
    response = sign_in(CoordinatorFactory()).post(page)
    assert response["Location"] == reverse("organisations:staff_organisation", args=["dubrovnik"])


# The page of an invitation ----------------------------------------------------------
@pytest.fixture
def link(lead, mailoutbox):
    invite_member(
        organisation=lead.organisation, email="new@city.example", role=EDITOR, by=lead.user
    )
    path = re.search(r"/invitations/[^/]+/", mailoutbox[0].body)[0]
    mailoutbox.clear()
    return path


def sign_up(client, link, email):
    # The limits count in the cache, which tests share.
    cache.clear()
    data = {"email": email, "full_name": "Nina New", "password1": "a-long-enough-secret"}
    return client.post(f"/accounts/signup/?next={link}", {**data, "next": link})


def test_link_alone_lets_nobody_in_as_the_invited_address(client, link, lead):
    assert f"/accounts/signup/?next={link}" in client.get(link).content.decode()

    response = sign_up(client, link, "new@city.example")

    assert response["Location"] != link
    client.post(link)
    person = User.objects.get(email="new@city.example")
    assert "_auth_user_id" not in client.session
    assert not person.emailaddress_set.filter(verified=True).exists()
    assert not person.memberships.exists()


def test_invited_person_confirms_the_address_and_joins(client, link, lead, mailoutbox):
    client.get(link)
    sign_up(client, link, "new@city.example")
    (mail,) = mailoutbox
    assert mail.to == ["new@city.example"]
    (confirm,) = re.findall(r"https?://[^/]+(/accounts/confirm-email/\S+)", mail.body)

    answer = client.get(confirm)
    if answer.status_code == 200:
        client.post(confirm)
    client.post(
        "/accounts/login/", {"login": "new@city.example", "password": "a-long-enough-secret"}
    )

    assert client.post(link)["Location"] == url("team", lead)
    person = User.objects.get(email="new@city.example")
    assert person.memberships.get().role == EDITOR


def test_opening_the_link_joins_nobody(sign_in, link, lead):
    client = sign_in(UserFactory(email="new@city.example"))
    assert client.get(link).status_code == 200
    assert lead.organisation.memberships.count() == 1


def test_person_with_another_address_reads_what_to_do(sign_in, link):
    response = sign_in(UserFactory(email="other@city.example")).get(link)
    assert response.status_code == 403
    assert "This invitation is for another address" in response.content.decode()


def test_person_joins_by_an_invitation_to_a_further_address(sign_in, link, lead):
    person = UserFactory(email="other@city.example")
    client = sign_in(person)
    assert "Add an address" in client.get(link).content.decode()
    person.emailaddress_set.create(email="new@city.example", verified=True)
    assert client.get(link).status_code == 200
    assert client.post(link)["Location"] == url("team", lead)
    assert person.memberships.get().role == EDITOR


def test_used_link_says_so(sign_in, link):
    client = sign_in(UserFactory(email="new@city.example"))
    client.post(link)
    for response in (client.get(link), client.post(link)):
        assert response.status_code == 410
        assert "This invitation was used already" in response.content.decode()


def test_revoked_link_says_so(client, link, lead):
    lead.organisation.invitations.update(revoked_at=lead.since)
    response = client.get(link)
    assert response.status_code == 410
    assert "This invitation was taken back" in response.content.decode()


def test_expired_link_says_so(client, link):
    with time_machine.travel("2100-01-01", tick=False):
        response = client.get(link)
    assert response.status_code == 410
    assert "This invitation has run out" in response.content.decode()


def test_unknown_link_says_so(client):
    response = client.get("/invitations/nonsense/")
    assert response.status_code == 410
    assert "This invitation is not known" in response.content.decode()


# Deleting one's own account ---------------------------------------------------------
def test_account_is_deleted_after_asking(sign_in):
    person = UserFactory()
    client = sign_in(person)
    page = reverse("organisations:delete_account")
    assert client.get(page).status_code == 200
    assert client.post(page).status_code == 422
    answer = client.post(page, {"sure": "on"})
    assert answer["Location"] == reverse("showcase:home")
    assert answer["Clear-Site-Data"] == '"storage"'
    assert not User.objects.filter(pk=person.pk).exists()
    assert client.get(page).status_code == 302


def test_last_lead_reads_why_the_account_stays(sign_in, lead):
    client, page = sign_in(lead.user), reverse("organisations:delete_account")
    warned = client.get(page).content.decode()
    assert "First name who leads next" in warned
    assert reverse("organisations:team", args=[lead.organisation.slug]) in warned
    response = client.post(page, {"sure": "on"}, follow=True)
    assert "is the last lead of Dubrovnik" in response.content.decode()


def test_organisation_without_people_has_a_page_for_staff(sign_in):
    organisation = OrganisationFactory()
    page = reverse("organisations:team", args=[organisation.slug])
    assert sign_in(CoordinatorFactory()).get(page).status_code == 200
