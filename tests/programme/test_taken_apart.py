"""A merge taken apart, and an organisation split in two."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.urls import reverse

from applications.services import submit_application
from core.duties.catalogue import key_of
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, PortalError, StaleError, WrongStateError
from core.post.models import Mail
from core.trail.selectors import events_of
from pairings.models import PairingMember
from pairings.selectors import members_key
from pairings.services import propose_pairing
from pairings.services.proposals import Party
from programme.organisations.models import (
    LikelyDouble,
    Membership,
    Neighbours,
    Organisation,
    Split,
)
from programme.organisations.relations import columns_of, parts_of, relations, rows_of
from programme.organisations.selectors.apart import way_back
from programme.organisations.selectors.doubles import likely_pairs
from programme.organisations.selectors.merging import moved_to
from programme.organisations.selectors.naming import what_follows
from programme.organisations.services import (
    LikelyDoubleError,
    compare_names,
    mark_as_neighbours,
    merge_organisations,
    rename_organisation,
    split_organisation,
    take_apart,
    take_split_back,
)
from programme.states import Side
from tests.factories.accounts import CoordinatorFactory, DeskFactory
from tests.factories.action_plans import PlanFactory
from tests.factories.applications import (
    ApplicationFactory,
    ClarificationFactory,
    ConflictFactory,
    InterestFactory,
    LeadOfferFactory,
    SubmittedApplicationFactory,
    WishFactory,
)
from tests.factories.calls import ExtensionRequestFactory, LateCodeFactory
from tests.factories.pairings import MilestoneFactory, PairingFactory, RunningPairingFactory
from tests.factories.programme import (
    CallFactory,
    CityFactory,
    ClaimFactory,
    InvitationFactory,
    LanguageFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerOrganisationFactory,
    TagFactory,
    TopicFactory,
)
from tests.factories.reminders import MailFactory
from tests.infra.threads import run_in_threads

pytestmark = pytest.mark.django_db
QUERIES_OF_DOUBLES = 6


def merge(two, **more):
    merge_organisations(
        stays=two.stays, goes=two.goes, reason="One.", by=two.by, **({"picks": {}} | more)
    )
    return two.stays.formers.standing().get()


def apart(two, found):
    return take_apart(merge=found, reason="They are two after all.", by=two.by)


def furnish(two):
    """Give both all that leads to an organisation, some of it the same."""
    goes, stays = two.goes, two.stays
    city, tag, person = CityFactory(), TagFactory(), MembershipFactory(organisation=stays).user
    for each in (goes, stays):
        each.organisationcity_set.create(city=city)
        each.tags.add(tag)
    goes.languages.add(LanguageFactory())
    MembershipFactory(organisation=goes, user=person, role="viewer")
    MembershipFactory(organisation=goes)
    InvitationFactory(organisation=goes)
    ClaimFactory(organisation=goes)
    goes.mail_domains.create(host="rijeka.example")
    application = SubmittedApplicationFactory(organisation=goes)
    InterestFactory(organisation=goes)
    wish = WishFactory(organisation=goes, city=None, kind="organisation")
    WishFactory(organisation=stays, city=None, kind="organisation", application=wish.application)
    LeadOfferFactory(organisation=goes)
    LateCodeFactory(organisation=goes)
    ExtensionRequestFactory(organisation=goes)
    mark_as_neighbours(one=goes, other=OrganisationFactory(), reason="Two.", by=two.by)
    RunningPairingFactory(organisations=[goes, PartnerOrganisationFactory()])
    return application


def picture(organisation):
    """Return all that leads to it, but for the day and number of what was made anew."""
    return {
        name: sorted(
            str(sorted({k: v for k, v in columns_of(row).items() if not _passes(k, v)}.items()))
            for row in rows_of(field, organisation)
        )
        for name, field in relations()
        if name != "organisations.FormerOrganisation.organisation"
    }


def _passes(name, _value):
    return name in ("id", "found_by_id", "search_text")


def test_what_was_merged_is_as_it_was(two):
    application = furnish(two)
    before = [picture(each) for each in (two.goes, two.stays)]
    rows = [columns_of(Organisation.objects.get(pk=each.pk)) for each in (two.goes, two.stays)]
    pk = two.goes.pk
    found = merge(two, picks={"name": "goes", "capacity": "goes"})
    assert Organisation.objects.get(pk=two.stays.pk).name == "Grad Rijeka"
    back = apart(two, found)
    stays = Organisation.objects.get(pk=two.stays.pk)
    assert back.pk == pk
    back = Organisation.objects.get(pk=pk)
    assert [columns_of(back), columns_of(stays)] == rows
    assert [picture(back), picture(stays)] == before
    application.refresh_from_db()
    assert application.organisation == back
    for member in PairingMember.objects.filter(organisation=back):
        bodies = [row.organisation for row in member.pairing.members.all()]
        assert member.pairing.members_key == members_key(bodies)
    assert events_of(back).filter(verb="organisation.taken_apart").count() == 1
    # Merged once more, it takes the same address along.
    merge_organisations(stays=stays, goes=back, picks={}, reason="Yet one.", by=two.by)


def test_past_keeps_the_name_of_what_went_until_they_are_two_again(two):
    other = PartnerOrganisationFactory()
    old = PairingFactory(organisations=[two.goes, other], status="declined")
    found = merge(two)
    assert old.members.get(organisation=two.stays).name == "Grad Rijeka"
    rename_organisation(
        organisation=two.stays, name="Fiume", day=days.today(), reason="Renamed.", by=two.by
    )
    assert old.members.get(organisation=two.stays).name == "Grad Rijeka"
    assert two.stays in Organisation.objects.matching("grad rijeka")
    back = apart(two, found)
    assert old.members.get(organisation=back).called == ""
    assert Organisation.objects.get(pk=two.stays.pk).name == "Fiume"


def test_it_became_part_of_it_on_a_day(two):
    found = merge(two, kind="part_of", day=days.today() - dt.timedelta(days=99))
    assert events_of(two.stays).filter(verb="organisation.took_in").exists()
    assert found.day == days.today() - dt.timedelta(days=99)
    apart(two, found)
    two.goes = Organisation.objects.get(slug=two.goes.slug)
    with pytest.raises(InvalidError, match="still to come"):
        merge(two, day=days.today() + dt.timedelta(days=1))


def test_what_came_since_stays_and_what_changed_says_so(two):
    person = MembershipFactory(organisation=two.goes, role="editor")
    both = MembershipFactory(organisation=two.stays).user
    MembershipFactory(organisation=two.goes, user=both, role="editor")
    kept = SubmittedApplicationFactory(organisation=two.goes)
    paired = SubmittedApplicationFactory(organisation=two.goes, status="accepted")
    found = merge(two)
    MembershipFactory(organisation=two.stays)
    Membership.objects.filter(pk=person.pk).update(role="lead")
    Membership.objects.filter(user=both).delete()
    since = PairingFactory(organisations=[two.stays, PartnerOrganisationFactory()])
    since.members.filter(organisation=two.stays).update(application=paired)
    way = way_back(found)
    assert {each.why for each in way.stuck} == {
        "It was changed since the merge.",
        "This person has left the team since.",
        f"It is paired since, in {since.reference}.",
    }
    labels = {row.label: row.count for row in way.since}
    assert (labels["people of the team"], labels["pairing members"]) == (1, 1)
    back = apart(two, found)
    assert list(back.applications.all()) == [kept]
    assert paired in two.stays.applications.all()
    assert not back.memberships.exists()


def test_only_the_newest_merge_is_taken_apart_once_and_by_coordinators(two):
    found = merge(two)
    third = OrganisationFactory(name="Third", country=two.stays.country)
    merge_organisations(stays=two.stays, goes=third, picks={}, reason="Too.", by=two.by)
    with pytest.raises(WrongStateError, match="Third was merged into it since"):
        apart(two, found)
    newest = two.stays.formers.standing().first()
    with pytest.raises(NotAllowedError):
        take_apart(merge=newest, reason="No.", by=DeskFactory())
    with pytest.raises(InvalidError):
        take_apart(merge=newest, reason=" ", by=two.by)
    apart(two, newest)
    with pytest.raises(WrongStateError, match="two again already"):
        apart(two, newest)
    above = OrganisationFactory(country=two.stays.country)
    merge_organisations(stays=above, goes=two.stays, picks={}, reason="Up.", by=two.by)
    found.refresh_from_db()
    with pytest.raises(WrongStateError, match="itself merged"):
        apart(two, found)


def test_people_and_mails_go_back(two, mailoutbox):
    lead = MembershipFactory(organisation=two.goes).user
    Mail.objects.create(
        kind="x", recipient=lead.email, subject="Old", owner=f"organisation:{two.goes.pk}"
    )
    back = apart(two, merge(two))
    assert Mail.objects.get(subject="Old").owner == f"organisation:{back.pk}"
    [told] = mailoutbox
    assert told.to == [lead.email]
    assert "You work for Grad Rijeka." in told.body


# Split ------------------------------------------------------------------------------------


@pytest.fixture
def one():
    """One organisation that is two: its lead, an editor, an application and a pairing."""
    organisation = OrganisationFactory(name="Twin Towns")
    lead = MembershipFactory(organisation=organisation)
    editor = MembershipFactory(organisation=organisation, role="editor")
    return SimpleNamespace(
        organisation=organisation,
        lead=lead,
        editor=editor,
        application=SubmittedApplicationFactory(organisation=organisation),
        pairing=RunningPairingFactory(organisations=[organisation, PartnerOrganisationFactory()]),
        by=CoordinatorFactory(),
    )


def split(one, parts, shares=None, **more):
    values = {
        "name": "Second Town",
        "body": "municipality",
        "kind": "since",
        "day": days.today(),
        "reason": "The reform was undone.",
    }
    return split_organisation(
        organisation=one.organisation,
        parts=parts,
        shares=shares or {one.lead.pk: "both"},
        by=one.by,
        **(values | more),
    )


def test_chosen_parts_go_and_the_rest_stays(one, mailoutbox):
    call = one.application.call
    interest = InterestFactory(organisation=one.organisation, call=call)
    city = one.organisation.organisationcity_set.create(city=CityFactory()).city
    place = one.organisation.organisationcity_set.get()
    new = split(
        one,
        [f"application:{one.application.pk}", f"pairing:{one.pairing.pk}", f"place:{place.pk}"],
        {one.lead.pk: "both", one.editor.pk: "goes"},
    )
    one.application.refresh_from_db()
    interest.refresh_from_db()
    assert (one.application.organisation, interest.organisation) == (new, new)
    member = one.pairing.members.get(organisation=new)
    assert member.slot.organisation == new
    one.pairing.refresh_from_db()
    bodies = [row.organisation for row in one.pairing.members.all()]
    assert one.pairing.members_key == members_key(bodies)
    assert {row.user for row in new.memberships.all()} == {one.lead.user, one.editor.user}
    assert [row.user for row in one.organisation.memberships.all()] == [one.lead.user]
    assert list(new.cities.all()) == [city]
    assert not one.organisation.cities.exists()
    for each in (one.organisation, new):
        assert each.slots.count() == Organisation.objects.get(pk=each.pk).capacity
    assert new.name_on(days.today() - dt.timedelta(days=1)) == "Twin Towns"
    assert Split.objects.get().out_of == one.organisation
    assert Neighbours.objects.count() == 1
    assert events_of(new).get(verb="organisation.split_off").reason == "The reform was undone."
    assert {each for mail in mailoutbox for each in mail.to} == {
        one.lead.user.email,
        one.editor.user.email,
    }


def test_nothing_ends_with_nobody(one):
    key = f"application:{one.application.pk}"
    with pytest.raises(InvalidError, match="Nobody would lead the new one"):
        split(one, [key], {one.lead.pk: "stays"})
    with pytest.raises(InvalidError, match="Nobody would lead Twin Towns"):
        split(one, [key], {one.lead.pk: "goes"})
    with pytest.raises(InvalidError, match="Choose what goes"):
        split(one, [], {one.lead.pk: "stays"})
    with pytest.raises(InvalidError) as same:
        split(one, [key], name="Twin Towns")
    assert same.value.field == "name"
    one.by = DeskFactory()
    with pytest.raises(NotAllowedError):
        split(one, [key])
    assert not Split.objects.exists()


def test_second_request_finds_it_gone(one):
    key = f"application:{one.application.pk}"
    split(one, [key])
    with pytest.raises(StaleError):
        split(one, [key])
    assert Split.objects.count() == 1


def test_two_that_always_were_have_their_names_from_the_beginning(one):
    old = PairingFactory(
        organisations=[one.organisation, PartnerOrganisationFactory()], status="declined"
    )
    new = split(one, [f"pairing:{old.pk}"], kind="always")
    assert old.members.get(organisation=new).name == "Second Town"
    assert not new.own_names


def test_application_and_its_pairing_go_together(one):
    member = one.pairing.members.get(organisation=one.organisation)
    PairingMember.objects.filter(pk=member.pk).update(application=one.application)
    keys = {part.key: part for part in parts_of(one.organisation)}
    assert set(keys) == {f"application:{one.application.pk}"}
    assert one.pairing.reference in keys[f"application:{one.application.pk}"].hint


def test_who_has_a_link_reads_nothing_of_the_application(one):
    ConflictFactory(application=one.application, person=one.by)
    [part] = [part for part in parts_of(one.organisation, one.by) if part.key[:3] == "app"]
    assert (part.label, part.hint) == ("An application with which you have a link", "")
    found = what_follows(one.organisation, one.by)
    labels = {row.label for row in (*found.carries, *found.keeps)}
    assert not [label for label in labels if "application" in label]


def test_split_is_taken_back_whole(one, mailoutbox):
    organisation = one.organisation
    seat, second = (
        organisation.organisationcity_set.create(city=CityFactory(), order=at) for at in (0, 1)
    )
    capacity = organisation.capacity
    new = split(
        one,
        [f"pairing:{one.pairing.pk}", f"place:{seat.pk}"],
        {one.lead.pk: "both", one.editor.pk: "goes"},
    )
    made_since = SubmittedApplicationFactory(organisation=new)
    found = Split.objects.get()
    mailoutbox.clear()
    with pytest.raises(InvalidError, match="what was wrong"):
        take_split_back(split=found, reason=" ", by=one.by)
    with pytest.raises(NotAllowedError):
        take_split_back(split=found, reason="Wrong.", by=DeskFactory())
    back = take_split_back(split=found, reason="Another city was meant.", by=one.by)
    assert back == organisation
    assert not Organisation.objects.filter(pk=new.pk).exists()
    made_since.refresh_from_db()
    assert made_since.organisation == back
    one.pairing.refresh_from_db()
    assert one.pairing.members.get(organisation=back).slot.organisation == back
    assert {row.user for row in back.memberships.all()} == {one.lead.user, one.editor.user}
    assert (back.capacity, back.slots.count()) == (capacity, capacity)
    ordered = back.organisationcity_set.values_list("city", flat=True)
    assert list(ordered) == [seat.city_id, second.city_id]
    assert back.latitude == seat.city.latitude
    assert not Neighbours.objects.exists()
    assert moved_to(new.slug) == back
    event = events_of(back).get(verb="organisation.split_taken_back")
    assert event.reason == "Another city was meant."
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(
        [one.lead.user.email, one.editor.user.email]
    )
    with pytest.raises(WrongStateError, match="one again already"):
        take_split_back(split=found, reason="Again.", by=one.by)
    # And two once more: as it was after the split.
    again = take_apart(merge=back.formers.standing().get(), reason="It was right.", by=one.by)
    assert (again.pk, again.splits_from.get().out_of) == (new.pk, back)
    assert again.cities.get() == seat.city


def test_mails_follow_what_they_are_about(one):
    member = one.pairing.members.get(organisation=one.organisation)
    plan, milestone = PlanFactory(member=member), MilestoneFactory(pairing=one.pairing)
    question = ClarificationFactory(application=one.application)
    about = [key_of(row) for row in (one.pairing, member, plan, milestone, question)]
    old = key_of(one.organisation)
    for key in about:
        MailFactory(about=key, owner=old)
    staff = MailFactory(about=key_of(one.pairing), owner=key_of(one.by))
    stays = MailFactory(about=key_of(one.organisation), owner=old)
    new = split(one, [f"application:{one.application.pk}", f"pairing:{one.pairing.pk}"])
    theirs = Mail.objects.filter(owner=key_of(new), about__in=about)
    assert theirs.count() == len(about)
    for mail, owner in ((staff, key_of(one.by)), (stays, old)):
        mail.refresh_from_db()
        assert mail.owner == owner
    # One again, what is written then, and two once more.
    take_split_back(split=Split.objects.get(), reason="Wrong.", by=one.by)
    MailFactory(about=key_of(one.pairing), owner=old)
    take_apart(merge=one.organisation.formers.standing().get(), reason="Right.", by=one.by)
    assert theirs.count() == len(about) + 1


def test_split_whose_new_one_was_merged_is_not_taken_back(one):
    new = split(one, [f"application:{one.application.pk}"])
    third = OrganisationFactory(country=new.country, name="Third")
    merge_organisations(stays=third, goes=new, picks={}, reason="One.", by=one.by)
    with pytest.raises(WrongStateError, match="merged into Third since"):
        take_split_back(split=Split.objects.get(), reason="Wrong.", by=one.by)


def test_name_of_a_third_one_is_warned_of_at_a_split(one):
    OrganisationFactory(name="Second Town", country=one.organisation.country)
    key = f"application:{one.application.pk}"
    with pytest.raises(LikelyDoubleError):
        split(one, [key])
    new = split(one, [key], differs_because="Another place of this name.")
    assert new.differs_because == "Another place of this name."


def test_pages_show_both_before_and_do_it(two, one, sign_in, settings):
    settings.DEMO = True
    client = sign_in(one.by)
    url = reverse("organisations:staff_organisation_split", args=[one.organisation.slug])
    typed = {
        "name": "Second Town",
        "body": "municipality",
        "kind": "since",
        "day": days.today().isoformat(),
        "parts": [f"application:{one.application.pk}"],
        f"person_{one.lead.pk}": "stays",
        f"person_{one.editor.pk}": "stays",
        "reason": "Two.",
    }
    assert "Nobody would lead" in client.post(url, typed | {"look": "1"}).content.decode()
    typed[f"person_{one.lead.pk}"] = "both"
    seen = client.post(url, typed | {"look": "1"})
    assert seen.status_code == 200
    assert "This is what it will be" in seen.content.decode()
    assert not Split.objects.exists()
    assert "They are two" in client.post(url, typed, follow=True).content.decode()
    row = Split.objects.get()
    at = reverse("organisations:staff_organisation_split_back", args=[row.out_of.slug, row.pk])
    own = reverse("organisations:staff_organisation", args=[row.out_of.slug])
    assert at in client.get(own).content.decode()
    assert "What comes back to Twin Towns" in client.get(at).content.decode()
    done = client.post(at, {"reason": "A slip."}, follow=True).content.decode()
    assert "The two are Twin Towns again" in done
    found = merge(two)
    at = reverse("organisations:staff_organisation_apart", args=[two.stays.slug, found.pk])
    assert "What goes back to Grad Rijeka" in client.get(at).content.decode()
    done = client.post(at, {"reason": "Two."}, follow=True).content.decode()
    assert "an organisation of its own again" in done


def test_doubles_of_the_register_are_listed_until_decided(
    two, sign_in, settings, django_assert_max_num_queries
):
    settings.DEMO = True
    client = sign_in(two.by)
    url = reverse("organisations:staff_doubles")
    assert compare_names() == 2
    with django_assert_max_num_queries(15):
        page = client.get(url).content.decode()
    assert "Grad Rijeka" in page
    at = reverse("organisations:staff_organisation_neighbours", args=[two.stays.slug])
    assert client.get(f"{at}?of={two.goes.slug}").status_code == 200
    assert client.post(at, {"of": two.goes.slug, "reason": ""}).status_code == 422
    client.post(at, {"of": two.goes.slug, "reason": "Town and county."})
    assert "Grad Rijeka" not in client.get(url).content.decode()
    assert Neighbours.objects.get().reason == "Town and county."


@pytest.mark.parametrize("more", [0, 2])
def test_list_of_doubles_takes_the_same_queries(
    more, two, by_name, sign_in, settings, django_assert_num_queries
):
    settings.DEMO = True
    for number in range(more):
        by_name(f"Rijeka {number}")
    compare_names()
    client, url = sign_in(two.by), reverse("organisations:staff_doubles")
    client.get(url)
    with django_assert_num_queries(QUERIES_OF_DOUBLES):
        page = client.get(url)
    assert page.context["page"].paginator.count >= 1 + more


def test_doubles_of_the_register_are_those_that_registering_warns_of(two, by_name):
    """By one likeness: names that go on, one place, a name that comes."""
    city = CityFactory(country=two.stays.country)
    near, there = by_name("Rijeka Primorska"), by_name("Sušak")
    for each in (two.stays, there):
        each.organisationcity_set.create(city=city)
    by_name("Zadar")
    compare_names()
    whys = {(str(pair.one), str(pair.other)): pair.why for pair in LikelyDouble.objects.all()}
    assert whys[two.stays.name, there.name] == "place"
    assert whys[two.stays.name, near.name] == "nearly"
    assert not [pair for pair in whys if "Zadar" in pair]
    rename_organisation(
        organisation=near, name="Opatija", day=days.today(), reason="A reform.", by=two.by
    )
    assert [compare_names(), compare_names()] == [1, 0]
    shown = likely_pairs(user=two.by)
    assert {pair.why for pair in shown if near in (pair.one, pair.other)} == set()
    rename_organisation(
        organisation=there,
        name="Opatija",
        day=days.today() + dt.timedelta(days=3),
        reason="A reform.",
        differs_because="The county.",
        by=two.by,
    )
    compare_names()
    pair = likely_pairs(user=two.by).get(one=near, other=there)
    assert pair.why == "called"


@pytest.fixture
def by_name(two):
    """Make an organisation of the same country."""
    return lambda name: OrganisationFactory(name=name, country=two.stays.country)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_merge_against_submit(two, monkeypatch):
    application = ApplicationFactory(organisation=two.goes)
    lead = MembershipFactory(organisation=two.goes).user
    monkeypatch.setattr("applications.services.sending._refuse_gaps", lambda *_: None)
    monkeypatch.setattr("applications.services.sending.declarations_for", lambda **_: [])
    work = [
        lambda: merge(two),
        lambda: submit_application(application=application, by=lead),
    ]
    results = run_in_threads(2, lambda number: work[number]())
    failed = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, PortalError) for each in failed), failed
    application.refresh_from_db()
    assert application.organisation == two.stays
    assert not Organisation.objects.filter(pk=two.goes.pk).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_split_against_pairing(one):
    call = CallFactory(partner_countries=[])
    partner = PartnerOrganisationFactory()
    call.named_partners.set([one.organisation, partner])
    topic = TopicFactory()
    work = [
        lambda: split(one, [f"pairing:{one.pairing.pk}"]),
        lambda: propose_pairing(
            call=call,
            parties=[Party(one.organisation, Side.EU), Party(partner, Side.PARTNER)],
            topics=[topic],
            reason="A river.",
            by=one.by,
        ),
    ]
    results = run_in_threads(2, lambda number: work[number]())
    failed = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, PortalError) for each in failed), failed
    for member in PairingMember.objects.exclude(slot=None):
        assert member.slot.organisation_id == member.organisation_id
