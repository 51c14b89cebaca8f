"""The console's pages of the first stage of a call: list, decide, take back, export."""

from urllib.parse import urlencode

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from applications.models import Interest
from applications.states import InterestStatus
from core.jobs.models import Job
from core.jobs.services import run_job
from tests.factories.accounts import CoordinatorFactory, DeskFactory, ObserverFactory
from tests.factories.applications import (
    ApplicationFactory,
    DeclinedInterestFactory,
    InterestFactory,
    InvitedInterestFactory,
    SentInterestFactory,
)
from tests.factories.programme import (
    CallFactory,
    MembershipFactory,
    PartnerCountryFactory,
    TwoStageCallFactory,
)

pytestmark = pytest.mark.django_db

S = InterestStatus


@pytest.fixture(autouse=True)
def demo(settings):
    """Let staff in without a second factor."""
    settings.DEMO = True


@pytest.fixture
def staff(sign_in):
    return sign_in(CoordinatorFactory())


def rows_of(call):
    """Make one in each state that staff see; return them."""
    values = {"call": call}
    rows = [
        SentInterestFactory(organisation__name="Parma", **values),
        InvitedInterestFactory(organisation__name="Malmö", **values),
        DeclinedInterestFactory(organisation__name="Zadar", **values),
    ]
    InterestFactory(organisation__name="Rijeka", **values)
    return rows


def list_of(call, **query):
    return f"{reverse('applications:staff_interests', args=[call.slug])}?{urlencode(query)}"


def decide(call, *rows, outcome="invited"):
    query = [("outcome", outcome), *(("interests", row.pk) for row in rows)]
    return f"{reverse('applications:staff_decide_interests', args=[call.slug])}?{urlencode(query)}"


def test_list_shows_what_was_sent_with_its_numbers(staff):
    call = TwoStageCallFactory()
    sent, invited, declined = rows_of(call)
    ApplicationFactory(call=call, organisation=invited.organisation)
    SentInterestFactory(organisation__name="Elsewhere")
    page = staff.get(list_of(call)).content.decode()
    for row in (sent, invited, declined):
        assert row.reference in page
    assert "Rijeka" not in page
    assert "Elsewhere" not in page
    assert "1 waits for a decision" in page
    assert "begun" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"status": "invited"}, ["Malmö"]),
        ({"q": "malmo"}, ["Malmö"]),
        ({"q": "zad"}, ["Zadar"]),
        ({"country": "XX"}, ["Malmö", "Parma", "Zadar"]),
        ({"country": "HR", "status": "sent"}, ["Parma"]),
        ({"q": "nobody"}, []),
    ],
    ids=str,
)
def test_list_is_narrowed(staff, query, names):
    call = TwoStageCallFactory()
    rows_of(call)
    page = staff.get(list_of(call, **query))
    found = sorted(row.organisation.name for row in page.context["page"].object_list)
    assert found == names


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_one_and_three(staff, count, django_assert_max_num_queries):
    call = TwoStageCallFactory()
    for _ in range(count):
        InvitedInterestFactory(call=call)
        SentInterestFactory(call=call)
    staff.get(list_of(call))
    with django_assert_max_num_queries(17):
        staff.get(list_of(call))


def test_empty_list_says_what_comes(staff):
    call = TwoStageCallFactory()
    assert "as soon as a city sends one" in staff.get(list_of(call)).content.decode()


def test_call_in_one_stage_has_no_list(staff):
    assert staff.get(list_of(CallFactory())).status_code == 404


def test_desk_and_observer_read_and_decide_nothing(sign_in):
    call = TwoStageCallFactory()
    sent, *_others = rows_of(call)
    for person in (DeskFactory(countries=[PartnerCountryFactory()]), ObserverFactory()):
        client = sign_in(person)
        page = client.get(list_of(call)).content.decode()
        assert sent.reference in page
        assert "Invite…" not in page
        assert client.get(decide(call, sent)).status_code == 403


def test_detail_shows_what_was_sent(staff):
    interest = SentInterestFactory()
    page = staff.get(reverse("applications:staff_interest", args=[interest.pk])).content.decode()
    assert "Because." in page
    assert interest.sha256 in page
    assert "Invite…" in page


def test_draft_is_hidden_from_staff(staff):
    interest = InterestFactory()
    address = reverse("applications:staff_interest", args=[interest.pk])
    assert staff.get(address).status_code == 404


def test_decision_is_looked_at_then_made(staff, mailoutbox):
    call = TwoStageCallFactory()
    first, second = SentInterestFactory(call=call), SentInterestFactory(call=call)
    gone = DeclinedInterestFactory(call=call)
    for row in (first, second):
        MembershipFactory(organisation=row.organisation)
    address = decide(call, first, second, gone)
    page = staff.get(address)
    assert page.context["changing"] == 2
    assert "stays as it is" in page.content.decode()
    data = {"interests": [first.pk, second.pk, gone.pk], "outcome": "invited"}
    assert staff.post(address, data | {"reason": ""}).status_code == 422
    answer = staff.post(address, data | {"reason": "Clear."}, follow=True)
    assert "2 cities are told by mail." in answer.content.decode()
    assert str(gone.organisation) in answer.content.decode()
    assert {Interest.objects.get(pk=row.pk).status for row in (first, second)} == {S.INVITED}
    assert len(mailoutbox) == 2


def test_what_was_decided_meanwhile_is_told(staff):
    interest = DeclinedInterestFactory()
    address = decide(interest.call, interest)
    data = {"interests": [interest.pk], "outcome": "invited", "reason": "Clear."}
    page = staff.post(address, data)
    assert page.status_code == 409
    assert "decided meanwhile" in page.content.decode()


def test_nothing_chosen_leads_back(staff):
    call = TwoStageCallFactory()
    interest = SentInterestFactory(call=call)
    for address in (
        decide(call),
        decide(call, interest, outcome="nonsense"),
        decide(call, SentInterestFactory()),
    ):
        answer = staff.get(address, follow=True)
        assert "Choose at least one applicant" in answer.content.decode()


def test_decision_is_taken_back_on_a_page_of_its_own(staff):
    interest = InvitedInterestFactory()
    ApplicationFactory(call=interest.call, organisation=interest.organisation)
    address = reverse("applications:staff_take_back_interest", args=[interest.pk])
    assert "has begun its full application" in staff.get(address).content.decode()
    assert staff.post(address, {"reason": " "}).status_code == 422
    answer = staff.post(address, {"reason": "The wrong city."}, follow=True)
    assert "taken back" in answer.content.decode()
    assert Interest.objects.get().status == S.SENT
    assert staff.get(address).status_code == 302


def test_export_holds_the_answers(staff):
    call = TwoStageCallFactory()
    interest = SentInterestFactory(call=call, organisation__name="=cmd()")
    InvitedInterestFactory(call=call)
    address = reverse("applications:export_interests", args=[call.slug])
    staff.post(f"{address}?status=sent", {"ending": "csv"})
    job = Job.objects.get()
    run_job(pk=job.pk)
    job.refresh_from_db()
    with default_storage.open(job.result.path) as file:
        heading, row = file.read().decode("utf-8-sig").strip().splitlines()
    assert "Why?" in heading
    assert interest.reference in row
    assert "Because." in row
    assert "'=cmd()" in row


# The way to the full application -------------------------------------------------------
def test_start_of_the_application_shows_the_gate(sign_in):
    call = TwoStageCallFactory()
    member = MembershipFactory()
    client = sign_in(member.user)
    address = reverse("applications:start", args=[call.slug])
    page = client.get(address).content.decode()
    assert "This call has two stages" in page
    assert reverse("applications:interest_start", args=[call.slug]) in page
    assert client.post(address, {"organisation": member.organisation.pk}).status_code == 422


def test_gate_says_where_the_own_interest_stands(sign_in):
    interest = SentInterestFactory()
    client = sign_in(MembershipFactory(organisation=interest.organisation).user)
    page = client.get(reverse("applications:start", args=[interest.call.slug])).content.decode()
    assert reverse("applications:interest", args=[interest.pk]) in page
    assert "Sent, being read" in page


def test_invited_city_starts_and_reads_that_its_answers_are_there(sign_in):
    interest = InvitedInterestFactory()
    member = MembershipFactory(organisation=interest.organisation)
    client = sign_in(member.user)
    address = reverse("applications:start", args=[interest.call.slug])
    answer = client.post(address, {"organisation": interest.organisation_id})
    assert answer.status_code == 302
    page = client.get(reverse("applications:interest", args=[interest.pk])).content.decode()
    assert "Go to the application" in page
