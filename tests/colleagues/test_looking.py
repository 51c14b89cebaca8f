import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.looking import Looking, look_as
from accounts.models import User
from accounts.services import set_staff_role
from accounts.states import StaffRole
from core.trail.models import AuditEvent
from iuc_portal.colleagues.models import StaffInvitation
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, DeskFactory
from tests.factories.applications import SubmittedApplicationFactory
from tests.factories.programme import PartnerCountryFactory

pytestmark = pytest.mark.django_db

LOOK, STOP = reverse("colleagues:look"), reverse("colleagues:stop_looking")
BANNER = "You see the portal as"


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def coordinator():
    return CoordinatorFactory(is_superuser=True, is_staff=True)


@pytest.fixture
def browser(sign_in, coordinator):
    return sign_in(coordinator)


def look(browser, role="observer", *countries):
    data = {"role": role, "countries": [country.pk for country in countries]}
    answer = browser.post(LOOK, data)
    assert answer.status_code == 302
    return browser


def verbs():
    return list(
        AuditEvent.objects.filter(verb__startswith="person.look")
        .order_by("pk")
        .values_list("verb", flat=True)
    )


def test_desk_is_seen_with_its_countries_and_ends_with_the_button(browser):
    india, japan = PartnerCountryFactory(), PartnerCountryFactory(code="JP", name="Japan")
    theirs = SubmittedApplicationFactory(partner_countries=[india])
    others = SubmittedApplicationFactory(partner_countries=[japan])
    look(browser, "regional_desk", india)

    page = browser.get(reverse("applications:staff_list")).content.decode()
    assert BANNER in page
    assert "Regional desk (India)" in page
    assert (theirs.reference in page, others.reference in page) == (True, False)
    hidden = reverse("applications:staff_detail", args=[others.reference])
    assert browser.get(hidden).status_code == 404

    assert browser.post(STOP)["Location"] == reverse("homes:console")
    page = browser.get(reverse("applications:staff_list")).content.decode()
    assert others.reference in page
    assert BANNER not in page
    assert verbs() == ["person.looked_as", "person.looked_back"]


@pytest.mark.parametrize(
    "url",
    ["/", "/staff/", "/staff/applications/", "/my/", "/calls/", "/nothing-here/", "/staff/audit/"],
)
def test_banner_is_on_every_page(browser, url):
    look(browser)
    answer = browser.get(url, follow=True)
    assert BANNER in answer.content.decode()
    assert f'action="{STOP}"' in answer.content.decode()


def test_desk_needs_countries_and_a_coordinator_is_no_choice(browser):
    assert browser.post(LOOK, {"role": "regional_desk"}).status_code == 422
    assert browser.post(LOOK, {"role": "coordinator"}).status_code == 422
    assert verbs() == []


def test_it_is_over_after_30_minutes_and_on_record(browser, coordinator):
    start = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False):
        browser.force_login(coordinator, backend="accounts.backends.PersonBackend")
        look(browser)
    with time_machine.travel(start + dt.timedelta(minutes=29), tick=False):
        assert browser.get(reverse("organisations:staff_people")).status_code == 403
    with time_machine.travel(start + dt.timedelta(minutes=31), tick=False):
        answer = browser.get(reverse("organisations:staff_people"))
    assert answer.status_code == 200
    assert BANNER not in answer.content.decode()
    assert "Your time to look is over." in answer.content.decode()
    assert verbs() == ["person.looked_as", "person.looked_back"]
    assert AuditEvent.objects.get(verb="person.looked_back").details["ended"] == "over"


def test_signing_out_ends_it_on_record(browser):
    look(browser)
    browser.post(reverse("account_logout"))
    assert verbs() == ["person.looked_as", "person.looked_back"]


def test_who_is_coordinator_no_more_looks_as_nobody(browser, coordinator):
    look(browser)
    set_staff_role(person=coordinator, role="assessor", by=CoordinatorFactory())
    page = browser.get("/staff/").content.decode()
    assert BANNER not in page
    assert "Your role has changed" in page
    assert AuditEvent.objects.get(verb="person.looked_back").details["ended"] == "role_changed"


def test_what_is_sent_just_after_the_time_is_not_done_with_full_rights(browser, coordinator):
    start = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False):
        browser.force_login(coordinator, backend="accounts.backends.PersonBackend")
        look(browser)
    url = reverse("colleagues:invite")
    data = {"email": "new@unit.example", "role": "observer"}
    with time_machine.travel(start + dt.timedelta(minutes=31), tick=False):
        refused = browser.post(url, data)
        assert refused.status_code == 403
        words = "Your time to look is over. Send it again as yourself."
        assert words in refused.content.decode()
        assert not StaffInvitation.objects.exists()
        assert browser.post(url, data).status_code == 302
    assert StaffInvitation.objects.exists()


def test_stop_and_signing_out_work_just_after_the_time(browser, coordinator):
    start = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
    for url in (STOP, reverse("account_logout")):
        with time_machine.travel(start, tick=False):
            browser.force_login(coordinator, backend="accounts.backends.PersonBackend")
            look(browser)
        with time_machine.travel(start + dt.timedelta(minutes=31), tick=False):
            assert browser.post(url).status_code == 302


def test_whatever_is_sent_is_refused_with_a_sentence(browser):
    look(browser)
    before = AuditEvent.objects.count()
    for url in (LOOK, "/i18n/setlang/", reverse("organisations:staff_people"), "/accounts/me/"):
        answer = browser.post(url, {"role": "assessor"})
        assert answer.status_code == 403
        assert "Nothing can be changed while you look." in answer.content.decode()
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    "url",
    [
        "/accounts/me/",
        "/accounts/me/held/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/jobs/",
        "/admin/",
        "/invitations/some-token/",
        "/invitations/staff/some-token/",
        "/commitments/some-token/",
        "/pairings.csv",
    ],
)
def test_own_pages_links_of_mails_and_files_are_refused(browser, url):
    look(browser)
    answer = browser.get(url)
    assert answer.status_code == 403
    assert "Press “Stop”" in answer.content.decode()


def test_what_a_page_notes_of_being_read_is_undone(browser, monkeypatch):
    """Whatever a page writes: here a record, in the place of a read mark."""
    from core.trail.services import record_event
    from iuc_portal.homes.views import staff

    def noted(user):
        record_event(verb="x.seen", target=user, by=user)
        return {}

    monkeypatch.setattr(staff, "remit", noted)
    look(browser)
    assert browser.get("/staff/").status_code == 200
    assert not AuditEvent.objects.filter(verb="x.seen").exists()


def test_person_is_looked_as_by_nobody_and_saved_by_nothing(coordinator):
    look_as(coordinator, Looking("observer", dt.datetime(2030, 1, 1, tzinfo=dt.UTC)))
    assert not coordinator.has_perm("accounts.manage_people")
    assert not coordinator.has_perm("trail.add_auditevent")
    with pytest.raises(TypeError):
        coordinator.save()
    assert User.objects.get(pk=coordinator.pk).staff_role == StaffRole.COORDINATOR


@pytest.mark.parametrize("factory", [DeskFactory, AssessorFactory])
def test_nobody_but_a_coordinator_looks(sign_in, factory):
    assert sign_in(factory()).post(LOOK, {"role": "observer"}).status_code == 403
