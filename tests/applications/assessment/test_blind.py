"""Reading without names: the page of scores has all of it, and nothing else leads to it."""

import re

import pytest
from django.urls import reverse

from applications.assessment.models import Score
from applications.assessment.selectors.blind import Cover, mark, without_names
from applications.models import Application, Conflict
from applications.selectors import searched_text
from applications.snapshots import snapshot_of
from applications.states import ApplicationStatus
from programme.models import CityName
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    AssignmentFactory,
    CommitmentFactory,
    MunicipalityFactory,
    OnlineLetterFactory,
    SubmissionFactory,
    SubmittedApplicationFactory,
)
from tests.factories.assessment import AssessmentPlanFactory, HandedInFactory
from tests.factories.programme import (
    AssessmentCriterionFactory,
    CityFactory,
    CountryFactory,
    OrganisationFactory,
)

pytestmark = pytest.mark.django_db

NAMES = ("Rzeszów", "Rzeszow", "Zgierz", "Polonia", "Kovačević", "kovacevic", "Horvat", "Franković")
ANSWER = (
    "In RZESZÓW and Rzeszow, and in Zgierz near it, Ana Kovačević counts Rzeszów’s floods. "
    "Ask ana@city.example. Polonian rivers rise. The pilot begins in May."
)


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True  # Staff need no second factor.


@pytest.fixture
def application():
    country = CountryFactory(code="PX", name="Polonia")
    city = CityFactory(name="Rzeszów", country=country)
    CityName.objects.get_or_create(city=city, search_name="rzeszow", defaults={"name": "Rzeszow"})
    place = OrganisationFactory(name="City of Rzeszów", country=country)
    place.cities.add(city)
    row = SubmittedApplicationFactory(
        organisation=place,
        status=ApplicationStatus.ELIGIBLE,
        reference="C2C-2026-9001",
        submission=False,
        lead={"name": "Rzeszów", "city": city},
    )
    CommitmentFactory(
        municipality=MunicipalityFactory(application=row, name="Zgierz", country=country),
        file__name="Letter of Zgierz.pdf",
    )
    OnlineLetterFactory(stakeholder__application=row, stakeholder__name="University of Rzeszów")
    answers = [{"key": "why", "question": "Why?", "answer": ANSWER}]
    sections = [{"key": "challenge", "title": "Challenge", "answers": answers}]
    SubmissionFactory(application=row, snapshot=snapshot_of(row) | {"sections": sections})
    row.search_text = searched_text(row)
    row.save()
    return row


@pytest.fixture
def plan(application):
    return AssessmentPlanFactory(call=application.call, is_blind=True)


@pytest.fixture
def assessor(application, plan):
    return AssignmentFactory(application=application).assessor


@pytest.fixture
def criterion(application):
    return AssessmentCriterionFactory(call=application.call, key="challenge")


def page(name, application):
    return reverse(f"assessment:{name}", args=[application.reference])


def assert_nameless(html):
    named = [name for name in NAMES if name.lower() in html.lower()]
    assert not named, re.findall(rf".*(?:{'|'.join(named)}).*", html, re.IGNORECASE)[:4]
    assert "ana@" not in html


def test_names_are_covered_in_any_case_with_their_endings():
    cover = Cover(["Rzeszów", "Ana Kovačević", "Bo"])
    assert cover.over("RZESZÓW, Rzeszów’s, Rzeszow") == f"{mark()}, {mark()}’s, {mark()}"
    assert cover.over("ana kovacevic and Bo, not Banana") == f"{mark()} and {mark()}, not Banana"
    assert Cover([]).over("As it is.") == "As it is."


def test_what_is_read_blind_is_made_of_what_may_be_read(application):
    snapshot = application.submissions.get().snapshot | {"a_new_part": "Rzeszów"}
    sent = without_names(application, snapshot)
    assert_nameless(str(sent))
    assert "The pilot begins in May." in str(sent)
    assert not sent.keys() & {"contact", "deputy", "signatory", "documents", "a_new_part"}


def test_page_of_scores_has_the_answers_without_names(sign_in, application, assessor, criterion):
    html = sign_in(assessor).get(page("score", application)).content.decode()
    assert_nameless(html)
    assert "The pilot begins in May." in html
    assert "You read this without names." in html
    detail = reverse("applications:staff_detail", args=[application.reference])
    assert f'href="{detail}?' not in html
    list_page = sign_in(assessor).get(reverse("assessment:mine")).content.decode()
    assert_nameless(list_page)
    assert page("score", application) in list_page


def test_nothing_else_of_an_assessor_leads_to_it(sign_in, application, assessor):
    client = sign_in(assessor)
    for name in ("staff_detail", "staff_why", "paper"):
        address = reverse(f"applications:{name}", args=[application.reference])
        assert client.get(address).status_code in {403, 404}
    commitment = application.municipalities.get(name="Zgierz").commitment
    assert client.get(_file_page(application, commitment)).status_code == 404
    for address in (
        reverse("applications:staff_list") + "?q=Zgierz",
        reverse("homes:console"),
        reverse("homes:search") + "?q=Zgierz",
    ):
        html = client.get(address).content.decode()
        # What was looked for, and the countries of all applicants, stand there by themselves.
        html = re.sub(
            r'(?:value|action|href)="[^"]*Zgierz"|<option value="PX">Polonia</option>', "", html
        )
        assert_nameless(html)
    assert application.reference not in html
    assert not Application.objects.reached_by(assessor)
    assert not Application.objects.visible_to(assessor)


def _file_page(application, commitment):
    return reverse(
        "applications:commitment_file", args=[application.reference, commitment.municipality_id]
    )


def test_it_is_scored_talked_about_and_handed_in(sign_in, application, assessor, criterion):
    client = sign_in(assessor)
    saved = client.post(
        reverse("assessment:score_save", args=[application.reference, "challenge"]),
        {"value": "4.0", "sentence": "Clear.", "version": "0"},
    )
    assert saved.status_code == 302
    assert Score.objects.get().sentence == "Clear."
    other = AssignmentFactory(application=application)
    HandedInFactory(assignment=other, scores={criterion: 1})
    answer = client.post(page("hand_in", application), {"overall": "", "version": "1"}, follow=True)
    assert_nameless(answer.content.decode())
    for name in ("consensus", "link", "score"):
        assert_nameless(client.get(page(name, application)).content.decode())


def test_a_link_is_declared_without_learning_more(sign_in, application, assessor):
    answer = sign_in(assessor).post(
        page("link", application), {"reason": "I know it."}, follow=True
    )
    assert_nameless(answer.content.decode())
    assert Conflict.objects.get().application == application
    assert sign_in(assessor).get(page("score", application)).status_code == 404


def test_the_unit_reads_it_with_names(sign_in, application, assessor, criterion):
    client = sign_in(CoordinatorFactory())
    detail = reverse("applications:staff_detail", args=[application.reference])
    assert "City of Rzeszów" in client.get(detail).content.decode()
    HandedInFactory(assignment=application.assignments.get(), scores={criterion: 3})
    assert "City of Rzeszów" in client.get(page("consensus", application)).content.decode()


def test_without_the_choice_it_is_read_with_names(sign_in, application, assessor, plan):
    plan.is_blind = False
    plan.save()
    html = sign_in(assessor).get(page("score", application)).content.decode()
    assert "City of Rzeszów" in html
    assert "You read this without names." not in html


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("Ulm", "In Ulm we meet; an ulmus grows.", "In {} we meet; an ulmus grows."),
        ("City of Ulm", "The City of Ulm and Ulm", "The {} and Ulm"),
        ("北京", "我们在北京市工作。", "我们在{}市工作。"),
        ("Łódź", "Lodz, łódź and Łódź’s port", "{}, {} and {}’s port"),
        ("", "Nothing is named.", "Nothing is named."),
    ],
)
def test_names_are_covered_short_ones_and_those_without_spaces_too(name, text, read):
    assert Cover({name}).over(text) == read.format(*[mark()] * 3)
