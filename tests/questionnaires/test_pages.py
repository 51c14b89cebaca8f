"""The page of a section is the same for whoever owns the answers: each test runs with both."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from core.kit.days import DAY_ERROR
from pairings.models import Pairing
from pairings.states import PairingStatus
from programme.calls.models import Call
from programme.organisations.states import MembershipRole
from questionnaires.models import Response
from questionnaires.services import save_answer
from questionnaires.states import QuestionKind
from questionnaires.values import MOST_KEPT
from tests.factories.action_plans import PlanFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.programme import MembershipFactory
from tests.factories.questionnaires import QuestionFactory

pytestmark = pytest.mark.django_db


@dataclass
class Owner:
    """Answers of an application or a plan, and where their section is written."""

    client: Any
    response: Any
    app: str
    key: str
    stop: Any

    def at(self, name="section", *more):
        return reverse(f"{self.app}:{name}", args=[self.key, "first", *more])

    def post(self, name="section", **data):
        sent = {"why": "", "version_why": 0, "more": "", "version_more": 0} | data
        return self.client.post(self.at(name), sent)

    def stored(self):
        return {a.question.key: a.value for a in self.response.answers.select_related("question")}

    def write(self, key, value, version):
        colleague = MembershipFactory(user__full_name="Luka Perić").user
        save_answer(
            response=self.response,
            question_key=key,
            value=value,
            read_version=version,
            by=colleague,
        )


@pytest.fixture(params=["applications", "action_plans"])
def owner(request, client):
    if request.param == "applications":
        application = ApplicationFactory()
        organisation, response = application.organisation, application.response
        key = application.key

        def stop():
            Call.objects.update(closes_at=timezone.now() - dt.timedelta(hours=1))
            return "The call closed on"
    else:
        plan = PlanFactory()
        organisation, response, key = plan.member.organisation, plan.response, plan.reference

        def stop():
            Pairing.objects.update(status=PairingStatus.CANCELLED)
            return "does not run any more"

    person = MembershipFactory(organisation=organisation, role=MembershipRole.EDITOR).user
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return Owner(client, response, request.param, key, stop)


def text(response):
    return " ".join(response.content.decode().split())


def versions(response):
    html = response.json()["swap"]["answer-versions"]
    return dict(re.findall(r'name="version_(\w+)" value="(\d+)"', html))


def test_page_saves_itself_and_carries_the_versions_read(owner):
    owner.write("why", "So.", 0)
    html = text(owner.client.get(owner.at()))
    assert f'data-autosave="{owner.at("section_save")}"' in html
    assert 'name="version_why" value="1"' in html
    assert 'name="version_more" value="0"' in html


def test_without_javascript_all_is_saved_and_what_is_too_long_is_marked(owner):
    response = owner.post(why="x" * 1001, more="Fine.")
    html = text(response)
    assert response.status_code == 422
    assert "x" * 1001 in html
    assert "<title>Error: " in html
    assert 'name="version_more" value="1"' in html
    assert "1 answer to put right" in html
    assert owner.stored() == {"why": "x" * 1001, "more": "Fine."}


def overview(owner):
    """Return the page that lists the sections."""
    name = "detail" if owner.app == "applications" else "plan"
    return text(owner.client.get(reverse(f"{owner.app}:{name}", args=[owner.key])))


LONG = "x" * 1001
TOO_LONG = "too long by 1 character: it takes at most 1,000 and has 1,001"


@pytest.mark.parametrize("name", ["section", "section_save"])
def test_text_that_is_too_long_is_there_at_return_with_its_error(owner, name):
    owner.post(name, why=LONG, more="Fine.")
    response = owner.client.get(owner.at())
    html = text(response)
    assert response.status_code == 200
    assert f"{LONG}</textarea>" in html
    assert TOO_LONG in html
    assert "1 answer to put right" in html
    assert f"“Why?”: This answer is {TOO_LONG}" in overview(owner)


def test_section_with_a_text_that_is_too_long_is_not_complete(owner):
    complete(owner, why=LONG)
    assert complete(owner, why=LONG, version_why=1).status_code == 422
    assert not owner.response.marks.exists()
    assert complete(owner, why="Short.", version_why=1).status_code == 302
    assert TOO_LONG not in overview(owner)


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        (QuestionKind.NUMBER, "about 120,000", "Type a whole number"),
        (QuestionKind.DATE, "31/2/2027", DAY_ERROR),
        (QuestionKind.SHORT_TEXT, "x" * 301, "too long by 1 character"),
    ],
)
def test_answer_of_any_kind_is_there_at_return_as_it_was_typed(owner, kind, typed, words):
    first = owner.response.version.sections.get(key="first")
    QuestionFactory(section=first, key="which", text="Which?", kind=kind, limit=None, order=3)
    owner.post("section_save", which=typed, version_which=0)
    html = text(owner.client.get(owner.at()))
    assert f'value="{typed}"' in html
    assert str(words) in html
    assert typed in text(owner.client.get(owner.at("answer_history", "which")))
    right = dict.fromkeys((QuestionKind.NUMBER, QuestionKind.SHORT_TEXT), "3")
    owner.post("section_save", which=right.get(kind, "3 February 2027"), version_which=1)
    assert str(words) not in text(owner.client.get(owner.at()))


def test_more_choices_than_allowed_are_there_at_return(owner):
    first = owner.response.version.sections.get(key="first")
    options = [{"value": one, "label": one.upper()} for one in "abc"]
    QuestionFactory(
        section=first,
        key="which",
        kind=QuestionKind.MULTI_CHOICE,
        limit=1,
        options=options,
        order=3,
    )
    owner.post("section_save", which=["a", "c"], version_which=0)
    html = text(owner.client.get(owner.at()))
    assert html.count(" checked") == 2
    assert "Choose at most 1 of these; you have 2." in html


def test_more_than_can_be_kept_is_said_not_to_be_saved_and_stays_on_the_page(owner):
    endless = "x" * (MOST_KEPT + 1)
    told = owner.post("section_save", why=endless, more="Fine.")
    assert told.status_code == 422
    assert "Not saved: 1 answer is too long to be kept." in told.json()["html"]
    assert versions(told) == {"why": "0", "more": "1"}
    html = text(owner.post(why=endless, more="Fine.", version_more=1))
    assert f"{endless}</textarea>" in html
    assert "it is not saved. Keep a copy" in html
    assert "Not saved: 1 answer is too long to be kept." in html
    assert owner.stored() == {"more": "Fine."}


def test_refused_save_does_not_say_saved(owner):
    owner.write("why", "So.", 0)
    words = owner.stop()
    html = text(owner.post(why="Late.", version_why=1))
    state = html.split("data-save-state")[1].split("save-bar-actions")[0]
    assert "Not saved." in state
    assert words in state


def test_two_windows_of_one_person_are_told_as_that(owner):
    owner.post("section_save", why="First window.")
    told = owner.post("section_save", why="Second window.")
    assert "Your other tab saved this at" in told.json()["html"]
    html = text(owner.post(why="Second window."))
    assert "You changed this answer in two tabs" in html
    assert "both changed" not in html
    assert "Your text of the other tab" in html


def test_refusal_stands_above_what_was_typed(owner):
    words = owner.stop()
    response = owner.post(why="Typed <b>late</b>.")
    html = text(response)
    assert response.status_code == 409
    assert words in html
    assert "Typed &lt;b&gt;late&lt;/b&gt;.</textarea>" in html
    assert owner.stored() == {}


def test_page_that_takes_nothing_more_does_not_save_itself(owner):
    owner.stop()
    assert b"data-autosave" not in owner.client.get(owner.at()).content


def test_refused_autosave_stops_with_words(owner):
    words = owner.stop()
    response = owner.post("section_save", why="Late.")
    assert response.status_code == 410
    assert words in response.json()["html"]


def test_autosave_moves_the_versions_on(owner):
    assert versions(owner.post("section_save", why="So.")) == {"why": "1", "more": "0"}
    second = owner.post("section_save", why="So!", version_why=1)
    assert versions(second) == {"why": "2", "more": "0"}
    assert owner.stored() == {"why": "So!"}


def test_autosave_takes_at_most_eight_queries_with_others_beside(
    owner, django_assert_max_num_queries
):
    owner.post("section_save", why="So.")
    ApplicationFactory.create_batch(10)
    with django_assert_max_num_queries(8):
        saved = owner.post("section_save", why="So it is.", version_why=1)
    assert saved.status_code == 200
    assert owner.stored()["why"] == "So it is."


def test_what_was_saved_before_the_answers_were_begun_is_said_to_be_taken_over(owner):
    owner.write("why", "So.", 0)
    assert "Taken over" not in owner.client.get(owner.at()).content.decode()
    Response.objects.update(created_at=timezone.now() + dt.timedelta(seconds=1))
    assert "Taken over, written" in owner.client.get(owner.at()).content.decode()


def test_autosave_names_what_is_no_longer_wrong(owner):
    answered = owner.post("section_save", why="So.", more="x" * 3000).json()
    assert answered["right"] == ["id_why"]


def test_autosave_keeps_the_version_of_a_text_it_does_not_show(owner):
    owner.write("why", "Old.", 0)
    owner.write("why", "New.", 1)
    response = owner.post("section_save", why="Old.", version_why=1, more="A")
    assert versions(response) == {"why": "1", "more": "1"}
    assert owner.stored() == {"why": "New.", "more": "A"}


def test_version_that_cannot_be_read_meets_a_conflict_and_no_loss(owner):
    owner.write("why", "Theirs.", 0)
    response = owner.post(why="Mine.", version_why="<b>")
    assert response.status_code == 409
    assert owner.stored() == {"why": "Theirs."}
    refused = owner.post("section_save", why="Mine.", version_why="<b>")
    assert versions(refused)["why"] == "0"


def test_both_texts_name_the_other_and_lead_back(owner):
    owner.write("why", "Theirs.", 0)
    response = owner.post(why="Mine.", more="Kept.")
    html = text(response)
    assert response.status_code == 409
    assert "You and Luka both changed this answer" in html
    for words in ("Mine.", "Theirs.", f'href="{owner.at()}"'):
        assert words in html
    assert owner.stored() == {"why": "Theirs.", "more": "Kept."}


def decide(owner, **data):
    name = "section" if owner.app == "applications" else "section_conflict"
    return owner.client.post(owner.at(name), data)


@pytest.mark.parametrize(
    ("data", "status", "stored"),
    [
        ({"do": "mine", "mine_why": "Mine."}, 302, "Mine."),
        ({"do": "theirs", "mine_why": "Mine."}, 302, "Theirs."),
        ({"do": "save", "mine_why": "Mine.", "result_why": "Both."}, 302, "Both."),
        ({"do": "choices", "mine_why": "Mine.", "place_why_1": "both"}, 200, "Theirs."),
        ({"do": "save", "mine_why": "Mine.", "result_why": "x" * 1001}, 302, "x" * 1001),
        ({"do": "mine", "mine_why": "x" * 1001}, 302, "x" * 1001),
        ({"do": "save", "mine_why": "Mine.", "result_why": "x" * 100_001}, 422, "Theirs."),
        # No page of ours sends such a text of mine.
        ({"do": "mine", "mine_why": "x" * 100_001}, 302, "Theirs."),
        ({"do": "mine", "mine_why": "Mine.", "version_why": ""}, 409, "Theirs."),
    ],
)
def test_decision_between_two_texts(owner, data, status, stored):
    owner.write("why", "Theirs.", 0)
    response = decide(owner, **({"version_why": 1} | data))
    assert response.status_code == status
    assert owner.stored()["why"] == stored


def test_decision_about_nothing_leads_back(owner):
    assert decide(owner, do="mine").url == owner.at()


def test_decision_that_comes_too_late_is_refused_with_both_texts(owner):
    owner.write("why", "Theirs.", 0)
    words = owner.stop()
    response = decide(owner, do="mine", version_why=1, mine_why="Mine.")
    assert response.status_code == 409
    assert words in text(response)
    assert "Mine." in text(response)


def test_history_shows_what_the_answer_said(owner):
    owner.write("why", "First.", 0)
    owner.write("why", "", 1)
    address = owner.at("answer_history", "why")
    assert f'href="{address}"' in text(owner.client.get(owner.at()))
    html = text(owner.client.get(address))
    for words in ("First.", "The answer was taken out.", "Luka Perić"):
        assert words in html
    empty = owner.client.get(owner.at("answer_history", "more"))
    assert "Nothing written yet" in text(empty)
    assert owner.client.get(owner.at("answer_history", "where")).status_code == 404


@pytest.fixture
def asking(owner):
    first = owner.response.version.sections.get(key="first")
    QuestionFactory(
        section=first,
        key="which",
        text="Which one?",
        condition_question="more",
        condition_value="yes",
        order=3,
    )
    return owner


def complete(owner, **data):
    """Send the page as its button for a finished section does."""
    return owner.post(**({} if owner.app == "applications" else {"do": "done"}), **data)


def test_question_that_an_answer_brings_up_is_asked_before_going_on(asking):
    response = complete(asking, why="So.", more="yes")
    html = text(response)
    assert response.status_code == 422
    assert "Which one?" in html
    assert asking.stored() == {"why": "So.", "more": "yes"}
    again = complete(
        asking, why="So.", version_why=1, more="yes", version_more=1, which="It.", version_which=0
    )
    assert again.status_code == 302


def test_question_that_an_answer_brings_up_is_shown_while_typing(asking):
    assert 'id="asked-which"' in text(asking.client.get(asking.at()))
    said = asking.post("section_save", why="So.", version_why=0, more="yes", version_more=0)
    swap = said.json()["swap"]
    assert "Which one?" in swap["asked-which"]
    assert 'name="version_which"' in swap["answer-versions"]
    held = {"why": "So.", "version_why": 1, "more": "yes", "version_more": 1}
    again = asking.post("section_save", **held, which="It.", version_which=0).json()["swap"]
    # Somebody writes in it: what is there stays.
    assert "asked-which" not in again
    gone = asking.post("section_save", **held | {"more": "no"}, which="It.", version_which=1)
    assert gone.json()["swap"]["asked-which"] == ""
    assert asking.stored()["which"] == "It."


def test_what_a_page_holds_is_kept_while_typing_though_it_is_no_longer_asked(asking):
    asking.write("more", "no", 0)
    response = asking.post("section_save", why="So.", more="yes", which="It.", version_which=0)
    # Two wrote "more"; the rest is saved.
    assert response.status_code == 409
    assert asking.stored() == {"why": "So.", "more": "no", "which": "It."}


def test_section_that_is_not_there_saves_nothing(owner):
    address = reverse(f"{owner.app}:section_save", args=[owner.key, "nowhere"])
    assert owner.client.post(address, {"why": "So.", "version_why": 0}).status_code == 404


def test_section_without_questions_of_the_call_is_not_found(client):
    application = ApplicationFactory()
    Application.objects.update(response=None)
    person = MembershipFactory(
        organisation=application.organisation, role=MembershipRole.EDITOR
    ).user
    client.force_login(person, backend="accounts.backends.PersonBackend")
    address = reverse("applications:section", args=[application.key, "first"])
    assert client.get(address).status_code == 404
