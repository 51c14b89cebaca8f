"""What an applicant looks for: services, page, task, what is sent."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from applications.eligibility import evaluate
from applications.models import Challenge, Profile, Wish
from applications.parts import parts_of
from applications.selectors import facts_of, rules_of, tasks_by_draft
from applications.selectors.profile import like_cities, profile_as_sent, profile_of
from applications.services import save_profile
from applications.services.profile import Deed, NewWish, ProfileData
from applications.snapshots import snapshot_of
from applications.states import Direction
from core.kit.errors import InvalidError, StaleError
from core.trail.models import AuditEvent
from programme.organisations.states import MembershipRole
from tests.factories.applications import (
    AcceptedApplicationFactory,
    ApplicationFactory,
    ChallengeFactory,
    MunicipalityFactory,
    WishFactory,
)
from tests.factories.programme import (
    CityFactory,
    LanguageFactory,
    MainTopicFactory,
    MembershipFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    TagFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return ApplicationFactory(topic=False)


@pytest.fixture
def writer(draft):
    return MembershipFactory(organisation=draft.organisation, role=MembershipRole.EDITOR).user


@pytest.fixture
def put(draft, writer):
    """Save the profile of the draft in the version it has."""

    def save(**values):
        draft.refresh_from_db()
        return save_profile(
            application=draft,
            data=ProfileData(**values),
            read_version=profile_of(draft).version,
            by=writer,
        )

    return save


def task_of(draft):
    draft.refresh_from_db()
    [task] = [one for one in tasks_by_draft([draft])[draft.pk] if one.key == "profile"]
    return task


def in_order(draft, direction=Direction.LEARN):
    return [row.topic for row in draft.challenges.filter(direction=direction)]


# services -----------------------------------------------------------------------------
def test_save_keeps_topics_sizes_wishes_and_counts_the_version(draft, put):
    port, kochi = MainTopicFactory(), CityFactory(country=PartnerCountryFactory())
    saved = put(
        population_from=50_000,
        population_to=700_000,
        kinds=("group",),
        new_topics=((Direction.LEARN, port),),
        new_wish=NewWish(kochi, is_wanted=True, reason="A port."),
        new_cooperation={"partner": "Kamakura", "years": "2017", "words": "Visits."},
    )
    assert saved.version == 2
    assert (saved.population_from, saved.population_to, saved.kinds) == (50_000, 700_000, ["group"])
    assert in_order(draft) == [port]
    assert [(wish.city, wish.reason) for wish in draft.wishes.all()] == [(kochi, "A port.")]
    assert draft.cooperations.get().partner == "Kamakura"


def test_save_writes_the_rows_that_differ(draft, put):
    put(new_topics=((Direction.SHARE, MainTopicFactory()),))
    row = draft.challenges.get()
    put(challenges={row.pk: {"weight": 3, "words": "The contract."}})
    row.refresh_from_db()
    assert (row.weight, row.words) == (3, "The contract.")


def test_save_of_the_same_counts_no_version(draft, put):
    put(population_from=5_000)
    assert put(population_from=5_000).version == 2


def test_a_sitting_is_one_line_in_the_trail(draft, put):
    put(population_from=5_000)
    put(population_from=6_000)
    [event] = AuditEvent.objects.filter(verb="application.section_written")
    assert event.details == {"section": "profile"}


def test_save_refuses_a_page_that_was_read_before_another_save(draft, put, writer):
    put(population_from=5_000)
    with pytest.raises(StaleError):
        save_profile(
            application=draft,
            data=ProfileData(population_from=9_000),
            read_version=1,
            by=writer,
        )
    draft.refresh_from_db()
    assert draft.profile.population_from == 5_000


def test_save_leaves_a_row_alone_that_a_colleague_took_out(draft, put):
    assert put(challenges={4711: {"weight": 3}}).version == 1


@pytest.mark.parametrize(("what", "order"), [("down", [1, 0]), ("up", [0, 1])])
def test_buttons_move_a_topic_among_its_own_side(draft, put, what, order):
    topics = [MainTopicFactory(), MainTopicFactory()]
    put(new_topics=tuple((Direction.LEARN, topic) for topic in topics))
    put(new_topics=((Direction.SHARE, topics[0]),))
    first = draft.challenges.get(topic=topics[0], direction=Direction.LEARN)
    put(deed=Deed(what, "challenges", first.pk))
    assert in_order(draft) == [topics[number] for number in order]


def test_button_takes_a_row_out(draft, put):
    put(new_topics=((Direction.LEARN, MainTopicFactory()),))
    put(deed=Deed("remove", "challenges", draft.challenges.get().pk))
    assert not draft.challenges.exists()


def test_button_of_another_application_does_nothing(draft, put):
    other = ChallengeFactory()
    put(deed=Deed("remove", "challenges", other.pk))
    assert Challenge.objects.filter(pk=other.pk).exists()


def test_save_refuses_a_topic_of_a_theme_that_the_call_does_not_offer(draft, put):
    draft.call.themes.set([ThemeFactory()])
    with pytest.raises(InvalidError, match="not one of this call"):
        put(new_topics=((Direction.LEARN, MainTopicFactory()),))


def test_save_refuses_a_topic_twice_and_a_sixth(draft, put):
    topics = [MainTopicFactory() for _number in range(6)]
    put(new_topics=tuple((Direction.LEARN, topic) for topic in topics[:5]))
    with pytest.raises(InvalidError, match="in the list already"):
        put(new_topics=((Direction.LEARN, topics[0]),))
    with pytest.raises(InvalidError, match="at most 5"):
        put(new_topics=((Direction.LEARN, topics[5]),))


def test_save_refuses_a_city_where_the_call_has_no_partners(draft, put):
    draft.call.partner_countries.set([PartnerCountryFactory()])
    lima = CityFactory(name="Lima", country=PartnerCountryFactory(code="PE", name="Peru"))
    with pytest.raises(InvalidError, match="Lima lies in Peru"):
        put(new_wish=NewWish(lima, is_wanted=True))
    put(new_wish=NewWish(lima, is_wanted=False))
    assert not draft.wishes.get().is_wanted


def test_save_refuses_the_same_place_twice_and_too_many(draft, put):
    kochi = WishFactory(application=draft, city=CityFactory(country=PartnerCountryFactory())).city
    with pytest.raises(InvalidError, match="in the list already"):
        put(new_wish=NewWish(kochi, is_wanted=True))
    for number in range(9):
        WishFactory(application=draft, order=number)
    with pytest.raises(InvalidError, match="at most 10 places"):
        put(new_wish=NewWish(CityFactory(country=kochi.country), is_wanted=True))


def test_save_refuses_an_eleventh_partner(draft, put):
    for number in range(10):
        draft.cooperations.create(partner=f"City {number}")
    with pytest.raises(InvalidError, match="at most 10 partners"):
        put(new_cooperation={"partner": "Kamakura"})


def test_a_row_at_the_end_moves_no_further(draft, put):
    put(new_topics=((Direction.LEARN, MainTopicFactory()),))
    row = draft.challenges.get()
    assert put(deed=Deed("down", "challenges", row.pk)).version == 2


def test_save_takes_a_country_only_to_leave_it_out(draft, put):
    india = PartnerCountryFactory()
    with pytest.raises(InvalidError, match="Themes and partner preferences"):
        put(new_wish=NewWish(india, is_wanted=True))
    put(new_wish=NewWish(india, is_wanted=False, reason="No flights."))
    assert str(Wish.objects.get()) == "India"


def test_save_refuses_sizes_in_the_wrong_order(put):
    with pytest.raises(InvalidError, match="above the largest"):
        put(population_from=700_000, population_to=50_000)


# task ---------------------------------------------------------------------------------
def test_task_asks_for_one_topic(draft):
    task = task_of(draft)
    assert task.missing == ("Name at least one topic that you want to learn about or can share.",)
    ChallengeFactory(application=draft, direction=Direction.SHARE)
    assert task_of(draft).is_done


def test_task_names_what_the_call_no_longer_offers(draft):
    draft.call.partner_countries.clear()
    topic = ChallengeFactory(application=draft).topic
    lima = CityFactory(name="Lima", country=PartnerCountryFactory(code="PE", name="Peru"))
    WishFactory(application=draft, city=lima)
    assert task_of(draft).is_done
    draft.call.themes.set([ThemeFactory()])
    draft.call.partner_countries.set([PartnerCountryFactory()])
    gone = [words for words in task_of(draft).missing if "no longer offers" in words]
    assert [topic.name in gone[0], "Lima" in gone[1]] == [True, True]
    assert draft.challenges.get().topic == topic


def test_preferences_never_decide_eligibility(draft, put):
    before = evaluate(rules_of(draft), facts_of(draft))
    lima = CityFactory(country=PartnerCountryFactory(code="PE", name="Peru"))
    put(
        population_from=40_000_000,
        kinds=("group",),
        new_topics=((Direction.LEARN, MainTopicFactory()),),
        new_wish=NewWish(lima, is_wanted=False),
    )
    draft.refresh_from_db()
    after = evaluate(rules_of(draft), facts_of(draft))
    assert [(one.key, one.outcome) for one in after] == [(one.key, one.outcome) for one in before]


# what is sent -------------------------------------------------------------------------
def test_snapshot_holds_it_with_tags_and_languages_of_the_moment(draft, put):
    draft.organisation.tags.set([TagFactory(name="Port city")])
    draft.organisation.languages.set([LanguageFactory()])
    put(new_topics=((Direction.LEARN, MainTopicFactory(name="Clean air")),), population_from=1_000)
    draft.refresh_from_db()
    [part] = [one for one in parts_of(snapshot_of(draft)) if one.key == "profile"]
    rows = {row.label: row.value for row in part.rows}
    assert rows["We want to learn: Clean air"] == "Nothing is written about it"
    assert rows["Inhabitants of the partner"] == "1,000 or more"
    assert rows["Languages"] == "English"
    assert rows["Kind of place"] == "Port city"


def test_snapshot_holds_all_rows_in_the_order_of_the_page(draft, django_assert_num_queries):
    learn, share = MainTopicFactory(name="Air"), MainTopicFactory(name="Visitors")
    ChallengeFactory(application=draft, topic=share, direction=Direction.SHARE, order=0, weight=3)
    ChallengeFactory(application=draft, topic=learn, order=4)
    WishFactory(application=draft, is_wanted=False, order=0, reason="Too far.")
    kochi = CityFactory(name="Kochi", country=PartnerCountryFactory())
    WishFactory(application=draft, city=kochi, order=1)
    draft.cooperations.create(partner="Kamakura", years="2017", words="Visits.")
    with django_assert_num_queries(2):
        sent = profile_as_sent(draft)
    assert [(row["direction"], row["topic"], row["weight"]) for row in sent["challenges"]] == [
        ("learn", "Air", 2),
        ("share", "Visitors", 3),
    ]
    assert sent["wishes"][0] == {
        "kind": "city",
        "name": "Kochi",
        "country": "India",
        "is_wanted": True,
        "reason": "",
    }
    assert (sent["wishes"][1]["is_wanted"], sent["wishes"][1]["reason"]) == (False, "Too far.")
    assert sent["earlier"] == [{"partner": "Kamakura", "years": "2017", "words": "Visits."}]


def test_what_was_sent_before_there_were_profiles_has_no_part_of_it(draft):
    snapshot = {key: value for key, value in snapshot_of(draft).items() if key != "profile"}
    assert "profile" not in [part.key for part in parts_of(snapshot)]


# cities like this one -----------------------------------------------------------------
def _chosen(**topics):
    chosen = AcceptedApplicationFactory(topic=False)
    for direction, topic in topics.items():
        ChallengeFactory(application=chosen, topic=topic, direction=direction)
    return chosen


def test_like_cities_are_chosen_ones_that_share_what_is_looked_for_first(draft):
    wanted, other = MainTopicFactory(), MainTopicFactory()
    ChallengeFactory(application=draft, topic=wanted)
    plain = _chosen(share=other)
    helpful = _chosen(share=wanted, learn=other)
    _chosen(learn=wanted)
    ApplicationFactory()
    found = like_cities(draft)
    assert [one.organisation for one in found] == [helpful.organisation, plain.organisation]
    assert found[0].helps == [wanted.name]


@pytest.mark.parametrize("number", [1, 12])
def test_like_cities_take_the_same_queries_and_show_four(number, draft, django_assert_num_queries):
    for _one in range(number):
        _chosen(share=MainTopicFactory())
    with django_assert_num_queries(8):
        found = like_cities(draft)
    assert len(found) == min(number, 4)


# page ---------------------------------------------------------------------------------
@pytest.fixture
def page(draft, writer, client):
    client.force_login(writer)
    return client, reverse("applications:profile", args=[draft.key])


def test_page_adds_a_topic_and_stays(page, draft):
    client, url = page
    topic = MainTopicFactory()
    answer = client.post(url, {"version": 1, "learn_topic": topic.pk, "do": "add"})
    assert in_order(draft) == [topic]
    # The first field of the new row gets the focus: how much it matters, as it is chosen.
    [row] = draft.challenges.all()
    assert (answer.status_code, answer.url) == (302, f"{url}#id_weight_{row.pk}_1")
    assert client.post(url, {"version": 2, "do": "add"}).url == url


def test_focus_goes_to_the_row_beside_the_one_that_went_and_then_to_what_adds_one(page, draft):
    client, url = page
    first, second = (WishFactory(application=draft) for _number in range(2))
    answer = client.post(url, {"version": 1, "do": f"up:wishes:{second.pk}"})
    assert answer.url == f"{url}#id_reason_{second.pk}"
    answer = client.post(url, {"version": 2, "do": f"remove:wishes:{first.pk}"})
    assert answer.url == f"{url}#id_reason_{second.pk}"
    answer = client.post(url, {"version": 3, "do": f"remove:wishes:{second.pk}"})
    assert answer.url == f"{url}#add-wish"
    assert 'id="add-wish"' in client.get(url).content.decode()


def test_page_saves_by_itself_what_is_put_back_and_says_what_was_taken_over(page, draft, put):
    client, url = page
    shown = client.post(url, {"version": 1, "population_from": "5000", "put_back": "yes"})
    # What starts a save by itself; nothing is stored without scripts before the button is pressed.
    assert "data-unsaved" in shown.content.decode()
    assert not Profile.objects.exists()
    put(population_from=5_000)
    assert "Taken over" not in client.get(url).content.decode()
    Profile.objects.update(saved_at=draft.created_at - dt.timedelta(days=1))
    assert "Taken over, written" in client.get(url).content.decode()


def test_page_offers_the_topics_of_the_call_by_theme(page, draft):
    client, url = page
    water, ports = ThemeFactory(name="Water", order=1), ThemeFactory(name="Ports", order=2)
    for name, theme in (("Ships", ports), ("Rivers", water), ("Rain", water)):
        MainTopicFactory(name=name, theme=theme)
    draft.call.themes.set([water])
    choices = client.get(url).context["form"].fields["learn_topic"].choices
    assert [
        (str(group), [str(label) for _pk, label in rows]) for group, rows in list(choices)[1:]
    ] == [("Water", ["Rivers", "Rain"])]


def test_page_saves_what_was_typed_with_the_button_of_a_row(page, draft):
    client, url = page
    rows = [ChallengeFactory(application=draft) for _number in range(2)]
    data = {"version": 1, f"words_{rows[0].pk}": "Ships.", f"weight_{rows[0].pk}": 3}
    client.post(url, data | {"do": f"down:challenges:{rows[0].pk}"})
    rows[0].refresh_from_db()
    assert (rows[0].words, rows[0].weight) == ("Ships.", 3)
    assert in_order(draft) == [rows[1].topic, rows[0].topic]
    rows[1].refresh_from_db()
    assert rows[1].words == "How others did it."


def test_page_has_buttons_for_each_row_that_do_what_they_say(page, draft):
    client, url = page
    wishes = [WishFactory(application=draft) for _number in range(2)]
    topic = ChallengeFactory(application=draft)
    earlier = draft.cooperations.create(partner="Kamakura")
    html = client.get(url).content.decode()
    assert sorted(re.findall(r'value="(\w+:\w+:\d*)"', html)) == sorted(
        [
            f"down:wishes:{wishes[0].pk}",
            f"up:wishes:{wishes[1].pk}",
            *(f"remove:wishes:{wish.pk}" for wish in wishes),
            f"remove:challenges:{topic.pk}",
            f"remove:cooperations:{earlier.pk}",
        ]
    )
    client.post(url, {"version": 1, "do": f"up:wishes:{wishes[1].pk}"})
    assert list(draft.wishes.all()) == [wishes[1], wishes[0]]


def test_page_finds_a_city_by_name_and_country_without_script(page, draft):
    client, url = page
    india = PartnerCountryFactory()
    kochi = CityFactory(name="Kochi", country=india)
    CityFactory(name="Kochi", country=PartnerCountryFactory(code="JP", name="Japan"))
    data = {"version": 1, "wish_name": "Kochi", "do": "add"}
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "No single city of this name" in refused.content.decode()
    client.post(url, data | {"wish_name": "kochi, india", "wish_stance": "excluded"})
    [wish] = draft.wishes.all()
    assert (wish.city, wish.is_wanted) == (kochi, False)


def test_page_finds_an_organisation_of_the_other_side(page, draft):
    client, url = page
    abc = PartnerOrganisationFactory(name="Consórcio ABC")
    client.post(url, {"version": 1, "wish_name": "Consorcio ABC", "do": "add"})
    assert draft.wishes.get().organisation == abc


def test_page_goes_on_after_a_plain_save(page, draft):
    client, url = page
    answer = client.post(url, {"version": 1, "population_from": "50,000"})
    assert answer.url != url
    draft.refresh_from_db()
    assert draft.profile.population_from == 50_000


def test_page_shows_what_somebody_else_stored(page, put):
    client, url = page
    put(population_from=5_000)
    answer = client.post(url, {"version": 1, "population_from": "9,000"})
    assert answer.status_code == 409
    assert "5,000" in answer.content.decode()


def test_page_gives_back_what_was_typed_into_a_row_that_is_gone(page, draft):
    client, url = page
    answer = client.post(url, {"version": 1, "words_4711": "Ships and quays."})
    assert answer.status_code == 422
    assert "Your text was: “Ships and quays.”" in answer.content.decode()


def test_autosave_keeps_what_is_written_and_adds_nothing(page, draft):
    client, url = page
    row = ChallengeFactory(application=draft)
    data = {"version": 1, f"words_{row.pk}": "Ships.", "wish_name": "Koc"}
    answer = client.post(f"{url}save/", data)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    row.refresh_from_db()
    assert row.words == "Ships."
    assert not draft.wishes.exists()


def test_autosave_tells_of_a_conflict(page, put):
    client, url = page
    put(population_from=5_000)
    answer = client.post(f"{url}save/", {"version": 1, "population_from": "9,000"})
    assert answer.status_code == 409
    assert "Your other tab saved this" in answer.json()["html"]


def test_autosave_says_what_cannot_be_saved(page):
    client, url = page
    answer = client.post(f"{url}save/", {"version": 1, "population_from": "many"})
    assert answer.status_code == 422
    assert "Not saved." in answer.json()["html"]


def test_page_of_the_city_saves_and_leads_back(page, draft):
    client, url = page
    port = TagFactory()
    answer = client.post(f"{url}city/", {"version": 1, "tags_location": port.pk})
    assert answer.url == url
    assert list(draft.organisation.tags.all()) == [port]


@pytest.mark.parametrize("number", [1, 4])
def test_page_takes_the_same_queries(number, page, draft, django_assert_num_queries):
    client, url = page
    for _one in range(number):
        ChallengeFactory(application=draft)
        WishFactory(application=draft)
        MunicipalityFactory(application=draft)
    client.get(url)
    with django_assert_num_queries(19):
        client.get(url)
