import pytest
from django.urls import reverse

from core.trail.models import AuditEvent
from core.trail.services import record_event
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    ObserverFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    """Staff of these tests have no second factor; tests/accounts/test_middleware.py asks for it."""
    settings.DEMO = True


def test_sign_in_leads_staff_to_the_console(sign_in):
    response = sign_in(CoordinatorFactory()).get(reverse("accounts:after_sign_in"))
    assert response["Location"] == reverse("homes:console")


def test_sign_in_leads_city_people_to_their_workspace(sign_in):
    response = sign_in(UserFactory()).get(reverse("accounts:after_sign_in"))
    assert response["Location"] == reverse("homes:workspace")


def test_account_is_saved(sign_in):
    person = UserFactory()
    data = {"full_name": "Ana", "job_title": "Officer", "phone": "", "language": "es"}
    response = sign_in(person).post(reverse("accounts:account"), data)
    assert response.status_code == 302
    person.refresh_from_db()
    assert (person.full_name, person.job_title, person.language) == (
        "Ana",
        "Officer",
        "es",
    )


def test_account_without_name_says_so_and_keeps_what_was_typed(sign_in):
    data = {"full_name": "", "job_title": "<i>Officer</i>", "language": "es"}
    response = sign_in(UserFactory()).post(reverse("accounts:account"), data)
    assert response.status_code == 422
    html = response.content.decode()
    assert "Enter your name." in html
    assert "&lt;i&gt;Officer&lt;/i&gt;" in html
    assert "<title>Error:" in html


def test_account_of_nobody_asks_to_sign_in(client):
    response = client.get(reverse("accounts:account"))
    assert "/accounts/login/?next=/accounts/me/" in response["Location"]


def test_audit_is_for_coordinators_and_observers(sign_in, client):
    url = reverse("trail:audit")
    assert sign_in(CoordinatorFactory()).get(url).status_code == 200
    assert sign_in(ObserverFactory()).get(url).status_code == 200
    assert sign_in(AssessorFactory()).get(url).status_code == 403
    assert sign_in(UserFactory()).get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_audit_shows_before_and_after_as_text(sign_in):
    coordinator = CoordinatorFactory()
    record_event(
        verb="call.rules_changed",
        target=coordinator,
        by=coordinator,
        reason="<script>alert(1)</script>",
        details={"changes": {"Title": ["Old & wise", "New"], "Strict": [True, None]}},
    )
    html = sign_in(coordinator).get(reverse("trail:audit")).content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "Old &amp; wise" in html
    assert "yes" in html
    assert "nothing" in html


@pytest.mark.parametrize(
    ("details", "shown"),
    [
        ({"organisation": "Żupa & sons"}, "Organisation: <b>Żupa &amp; sons</b>"),
        ({"criterion": "population", "released": False}, "Criterion: <b>Number of inhabitants</b>"),
        ({"role": "lead"}, "Role: <b>Lead</b>"),
        ({"kind": "single"}, "Kind of applicant: <b>One city</b>"),
        ({"section": "local_challenge"}, "Part: <b>Local challenge</b>"),
        ({"fields": ["job_title", "phone"]}, "Fields: <b>Position, Telephone</b>"),
        ({"parties": ["Almada", "Kochi"]}, "Cities: <b>Almada, Kochi</b>"),
        ({"population": 41500}, "Inhabitants: <b>41,500</b>"),
        ({"signed_on": "2026-11-22"}, "Signed on: <b>22 November 2026</b>"),
    ],
)
def test_audit_names_what_a_record_is_about(sign_in, details, shown):
    coordinator = CoordinatorFactory()
    record_event(verb="pairing.signed", target=coordinator, by=coordinator, details=details)
    assert shown in sign_in(coordinator).get(reverse("trail:audit")).content.decode()


def test_audit_shows_the_days_between_which_something_moved(sign_in):
    coordinator = CoordinatorFactory()
    details = {"milestone": "Visit", "from": "2026-11-22", "to": "2026-12-01"}
    record_event(
        verb="pairing.milestone_moved", target=coordinator, by=coordinator, details=details
    )
    html = sign_in(coordinator).get(reverse("trail:audit")).content.decode()
    assert "22 November 2026" in html
    assert "1 December 2026" in html


@pytest.mark.parametrize(
    "wrong", [{"since": "yesterdayish"}, {"since": "2.1.2026", "until": "1.1.2026"}]
)
def test_audit_filter_with_a_mistake_says_so_and_lists_nothing(sign_in, wrong):
    coordinator = CoordinatorFactory()
    record_event(verb="person.role_set", target=coordinator, by=coordinator)

    response = sign_in(coordinator).get(reverse("trail:audit"), wrong)

    assert list(response.context["page"]) == []
    html = response.content.decode()
    assert "The filter has a mistake" in html
    assert response.context["filter"].errors


def test_audit_filter_narrows(sign_in):
    coordinator, ana = CoordinatorFactory(), UserFactory(full_name="Ana Kovačević")
    record_event(verb="person.role_set", target=ana, by=coordinator)
    record_event(verb="person.deactivated", target=coordinator, by=ana)
    page = (
        sign_in(coordinator)
        .get(reverse("trail:audit"), {"verb": "person.role_set"})
        .context["page"]
    )
    assert [event.verb for event in page] == ["person.role_set"]


def test_audit_of_one_thing(sign_in):
    coordinator, ana = CoordinatorFactory(), UserFactory()
    event = record_event(verb="person.role_set", target=ana, by=coordinator)
    record_event(verb="person.role_set", target=coordinator, by=coordinator)
    target = f"{event.target_type_id}-{event.target_id}"
    response = sign_in(coordinator).get(reverse("trail:audit"), {"target": target})
    assert list(response.context["page"]) == [event]


@pytest.mark.parametrize(
    "query",
    [{"since": "yesterday"}, {"verb": "nonsense"}, {"target": "1-x"}, {"page": "x"}],
)
def test_audit_with_nonsense_is_still_a_page(sign_in, query):
    response = sign_in(CoordinatorFactory()).get(reverse("trail:audit"), query)
    assert response.status_code == 200


def test_audit_days_in_the_wrong_order_are_refused(sign_in):
    query = {"since": "2026-05-02", "until": "2026-05-01"}
    response = sign_in(CoordinatorFactory()).get(reverse("trail:audit"), query)
    assert "This day lies before the first one." in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_audit_asks_the_same_number_of_queries(sign_in, rows, django_assert_max_num_queries):
    coordinator = CoordinatorFactory()
    for _row in range(rows):
        record_event(verb="person.role_set", target=UserFactory(), by=UserFactory())
    client = sign_in(coordinator)
    client.get(reverse("trail:audit"))
    with django_assert_max_num_queries(8):
        assert client.get(reverse("trail:audit")).status_code == 200
    assert AuditEvent.objects.count() == rows
