import re

import pytest
from django.urls import reverse

from core.kit.keys import FIELD
from pairings.models import Pairing
from pairings.states import PairingStatus
from programme.organisations.states import MembershipRole
from questionnaires.models import AnswerRevision
from questionnaires.services import mark_section, save_answer
from tests.factories.action_plans import PlanFactory
from tests.factories.programme import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return PlanFactory()


@pytest.fixture
def client_of(plan, client):
    """Return a function that signs in a member of the plan's city or its partner."""

    def enter(role=MembershipRole.EDITOR, *, partner=False):
        members = plan.member.pairing.members.all()
        user = MembershipFactory(organisation=members[int(partner)].organisation, role=role).user
        client.force_login(user, backend="accounts.backends.PersonBackend")
        client.user = user
        return client

    return enter


@pytest.fixture
def url(plan):
    def make(name, key="first", *more):
        return reverse(f"action_plans:{name}", args=[plan.reference, key, *more])

    return make


def store(plan, text, version, key="why", by=None):
    return save_answer(
        response=plan.response, question_key=key, value=text, read_version=version, by=by
    )


def answer(plan, key="why"):
    return plan.response.answers.get(question__key=key)


def form(why="", version=0, more="", more_version=0, **extra):
    return {
        "why": why,
        "version_why": version,
        "more": more,
        "version_more": more_version,
    } | extra


def test_save_button_saves_without_javascript(plan, client_of, url):
    client = client_of()
    page = client.post(url("section"), form("So.\r\nTruly."), follow=True)
    assert answer(plan).value == "So.\nTruly."
    assert answer(plan).saved_by == client.user
    assert b"Saved." in page.content


def test_save_while_typing_takes_few_queries(plan, client_of, url, django_assert_max_num_queries):
    client = client_of()
    client.post(url("section_save"), form("So.", 0, "More.", 0))

    # The role and the sitting are asked in the query of the lock.
    with django_assert_max_num_queries(8):
        answered = client.post(url("section_save"), form("So so.", 1, "More so.", 1))

    assert answered.status_code == 200
    assert (answer(plan).version, answer(plan, "more").version) == (2, 2)
    assert AnswerRevision.objects.count() == 4


def test_odd_text_is_shown_as_text(plan, client_of, url):
    client = client_of()
    client.post(url("section"), form("<script>alert(1)</script>\u202e & 🎉"))
    page = client.get(url("section")).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 🎉" in page
    assert "\u202e" not in page


def test_too_long_text_is_kept_and_marked(plan, client_of, url):
    page = client_of().post(url("section"), form("x" * 10_000))
    text = page.content.decode()
    assert "x" * 10_000 in text
    assert "too long by 9,000 characters: it takes at most 1,000 and has 10,000" in text
    assert "<title>Error: " in text
    assert answer(plan).value == "x" * 10_000


def test_stale_save_shows_both_texts(plan, client_of, url):
    client = client_of()
    luka = MembershipFactory(user__full_name="Luka Perić").user
    store(plan, "Old.", 0)
    store(plan, "Theirs.", 1, by=luka)
    page = client.post(url("section"), form("Mine.", 1, "More.", 0))
    assert page.status_code == 409
    text = page.content.decode()
    for words in ("You and Luka both changed this answer", "Mine.", "Theirs.", "Old."):
        assert words in text
    assert answer(plan).value == "Theirs."
    # What did not clash is saved.
    assert answer(plan, "more").value == "More."


@pytest.mark.parametrize(
    ("do", "result", "stored"),
    [("mine", "", "Mine."), ("theirs", "", "Theirs."), ("save", "Both.", "Both.")],
)
def test_conflict_page_takes_mine_theirs_or_both(plan, client_of, url, do, result, stored):
    client = client_of()
    store(plan, "Theirs.", 0)
    data = {"do": do, "version_why": 1, "mine_why": "Mine.", "result_why": result}
    page = client.post(url("section_conflict"), data)
    assert page.status_code == 302
    assert answer(plan).value == stored
    history = set(AnswerRevision.objects.values_list("value", flat=True))
    assert {"Theirs.", stored} == history


def test_conflict_page_is_taken_with_the_key_that_its_form_has(plan, client_of, url):
    client = client_of()
    store(plan, "Theirs.", 0)
    page = client.post(url("section"), form("Mine.", 0))
    [key] = set(
        re.findall(r'name="form_key" value="([^"]+)"', page.content.decode().split("<main")[1])
    )
    data = {"do": "mine", "version_why": 1, "mine_why": "Mine.", FIELD: key}

    first, second = (client.post(url("section_conflict"), data) for _time in range(2))

    assert (first.status_code, answer(plan).value) == (302, "Mine.")
    assert (second.status_code, second["Location"]) == (302, first["Location"])


def test_conflict_page_makes_a_text_from_the_choices(plan, client_of, url):
    client = client_of()
    store(plan, "Theirs.", 0)
    data = {"do": "choices", "version_why": 1, "mine_why": "Mine.", "place_why_1": "both"}
    page = client.post(url("section_conflict"), data)
    assert page.status_code == 200
    assert "Mine. Theirs.</textarea>" in page.content.decode()
    assert answer(plan).value == "Theirs."


def test_conflict_page_meets_another_save(plan, client_of, url):
    client = client_of()
    store(plan, "Theirs.", 0)
    store(plan, "Newer.", 1)
    data = {"do": "mine", "version_why": 1, "mine_why": "Mine."}
    page = client.post(url("section_conflict"), data)
    assert page.status_code == 409
    assert b"Newer." in page.content
    assert answer(plan).value == "Newer."


def test_conflict_page_of_nothing_goes_back(client_of, url):
    assert client_of().post(url("section_conflict"), {"do": "mine"}).status_code == 302


def test_conflict_page_refuses_a_text_that_cannot_be_kept(plan, client_of, url):
    store(plan, "Theirs.", 0)
    data = {"do": "save", "version_why": 1, "mine_why": "M", "result_why": "x" * 100_001}
    page = client_of().post(url("section_conflict"), data)
    assert b"has 100,001 characters" in page.content
    assert answer(plan).value == "Theirs."


def versions(data):
    return dict(re.findall(r'name="version_(\w+)" value="(\d+)"', data["swap"]["answer-versions"]))


def test_autosave_saves_and_moves_the_versions_on(plan, client_of, url):
    client = client_of()
    answered = client.post(url("section_save"), form("So.")).json()
    assert versions(answered) == {"why": "1", "more": "0"}
    assert "Saved" in answered["html"]
    answered = client.post(url("section_save"), form("So, then.", 1)).json()
    assert versions(answered) == {"why": "2", "more": "0"}
    assert answer(plan).value == "So, then."


def test_autosave_conflict_stops_and_keeps_the_old_version(plan, client_of, url):
    client = client_of()
    store(plan, "Theirs.", 0)
    response = client.post(url("section_save"), form("Mine."))
    assert response.status_code == 409
    assert versions(response.json()) == {"why": "0", "more": "0"}
    assert "See both texts" in response.json()["html"]
    # The page then submits as it stands, and both texts are shown.
    assert client.post(url("section"), form("Mine.", 0)).status_code == 409


def test_autosave_never_lets_an_old_text_overwrite(plan, client_of, url):
    """Somebody else wrote "why"; this page changes "more" alone, twice, then "why"."""
    client = client_of()
    store(plan, "Old.", 0)
    store(plan, "New.", 1)
    answered = client.post(url("section_save"), form("Old.", 1, "A", 0)).json()
    assert versions(answered) == {"why": "1", "more": "1"}
    answered = client.post(url("section_save"), form("Old.", 1, "AB", 1)).json()
    assert answer(plan).value == "New."
    assert client.post(url("section_save"), form("Old!", 1, "AB", 2)).status_code == 409


def test_autosave_saves_all_and_counts_what_is_to_be_put_right(plan, client_of, url):
    answered = client_of().post(url("section_save"), form("x" * 1001, 0, "Fine.", 0)).json()
    assert "1 answer to put right" in answered["html"]
    assert answer(plan, "more").value == "Fine."
    assert answer(plan).value == "x" * 1001


def test_autosave_of_a_cancelled_pairing_stops_with_words(plan, client_of, url):
    Pairing.objects.update(status=PairingStatus.CANCELLED)
    response = client_of().post(url("section_save"), form("So."))
    assert response.status_code == 410
    assert "does not run any more" in response.json()["html"]


def test_cancelled_pairing_leaves_the_plan_to_read_and_shows_back_what_was_typed(
    plan, client_of, url
):
    Pairing.objects.update(status=PairingStatus.CANCELLED)
    client = client_of()
    assert b"data-autosave" not in client.get(url("section")).content
    page = client.post(url("section"), form("My long text."))
    assert page.status_code == 409
    assert b"My long text." in page.content


def test_mark_as_complete_saves_first_and_goes_on(plan, client_of, url):
    page = client_of().post(url("section"), form("So.", do="done"))
    assert page.url == url("section", "second")
    assert answer(plan).value == "So."
    assert plan.response.marks.count() == 1


def test_mark_as_complete_names_what_is_missing_and_keeps_what_was_typed(plan, client_of, url):
    page = client_of().post(url("section"), form("", 0, "Kept.", do="done"))
    text = page.content.decode()
    assert "<title>Error: " in text
    assert "Kept." in text
    assert 'name="version_more" value="1"' in text
    assert not plan.response.marks.exists()


def test_last_section_marked_leads_to_the_overview(plan, client_of, url):
    store(plan, "Here", 0, key="where")
    typed = {"where": "Here", "version_where": "1", "do": "done"}
    page = client_of().post(url("section", "second"), typed)
    assert page.url == reverse("action_plans:plan", args=[plan.reference])


def test_complete_section_is_read_until_it_is_opened_again(plan, client_of, url):
    client = client_of()
    store(plan, "So.", 0)
    mark_section(response=plan.response, section_key="first", by=client.user)
    page = client.get(url("section")).content
    assert b"Open this part again" in page
    assert b"data-autosave" not in page
    client.post(url("section_reopen"))
    assert b"data-autosave" in client.get(url("section")).content


@pytest.mark.parametrize(
    ("role", "partner"),
    [(MembershipRole.VIEWER, False), (MembershipRole.LEAD, True)],
)
def test_readers_see_texts_and_no_controls(plan, client_of, url, role, partner):
    store(plan, "So.", 0)
    client = client_of(role, partner=partner)
    page = client.get(url("section"))
    assert b"So." in page.content
    for control in (b"<textarea", b"data-autosave", b"Mark as complete"):
        assert control not in page.content
    names = ("section", "section_save", "section_conflict", "section_reopen")
    for name in names:
        assert client.post(url(name), form("Mine.", 1)).status_code == 403
    assert answer(plan).value == "So."


def test_history_shows_who_wrote_what(plan, client_of, url):
    client = client_of()
    store(plan, "First.", 0, by=client.user)
    other = MembershipFactory(user__full_name="Luka Perić").user
    store(plan, "", 1, by=other)
    page = client.get(url("answer_history", "first", "why")).content.decode()
    for words in ("First.", "The answer was taken out.", "Luka Perić", str(client.user)):
        assert words in page
    assert (
        "Nothing written yet" in client.get(url("answer_history", "first", "more")).content.decode()
    )


def test_unknown_section_or_question_is_not_found(client_of, url):
    client = client_of()
    assert client.get(url("section", "third")).status_code == 404
    assert client.get(url("answer_history", "first", "where")).status_code == 404


@pytest.mark.parametrize(("shows", "address"), [("measures", "measures"), ("", None)])
def test_section_leads_to_the_list_it_is_about(plan, client_of, url, shows, address):
    plan.response.version.sections.filter(key="first").update(shows=shows, help="Be brief.")
    html = client_of().get(url("section")).content.decode()
    assert ("Open the list this part is about" in html) is bool(address)
    if address:
        assert f'href="{reverse(f"action_plans:{address}", args=[plan.reference])}"' in html
