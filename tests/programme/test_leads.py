"""Organisations without a lead: who gets to know, who stands in, what a coordinator is asked."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.duties.catalogue import Ask, find, kinds
from core.kit.errors import InvalidError
from core.post.models import Mail
from core.trail.selectors import events_of
from programme.organisations.models import Organisation
from programme.organisations.services import close_person
from reminders.services import queue_reminders
from tests.factories.accounts import CoordinatorFactory, DeskFactory, ObserverFactory, UserFactory
from tests.factories.pairings import PairingFactory
from tests.factories.programme import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def lead():
    return MembershipFactory(role="lead", organisation__name="City of Split").user


def without_lead():
    return [str(row) for row in Organisation.objects.without_lead()]


# Which ones -----------------------------------------------------------------------------
def test_organisation_with_people_or_a_pairing_needs_a_lead(lead):
    OrganisationFactory(name="Nobody and nothing")
    MembershipFactory(role="editor", organisation__name="Only an editor")
    MembershipFactory(role="lead", user__is_active=False, organisation__name="Closed account")
    PairingFactory(
        organisations=[OrganisationFactory(name="Paired"), lead.memberships.get().organisation]
    )

    assert without_lead() == ["Closed account", "Only an editor", "Paired"]


@pytest.mark.postgres
def test_accounts_that_are_open_are_not_read_for_those_that_are_closed():
    with connection.cursor() as cursor:
        # A table of a few rows would be read whole.
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "user_closed" in Organisation.objects.without_lead().explain()


def test_it_is_a_duty_of_the_unit(lead):
    editor = MembershipFactory(role="editor")
    duties = list(find(Ask(), [kinds()["lead_missing"]]))

    assert [(duty.about, duty.owner) for duty in duties] == [
        (f"organisation:{editor.organisation_id}", f"desk:{editor.organisation.country_id}")
    ]
    assert duties[0].words.context == editor.organisation.name


def test_console_counts_them_and_leads_to_the_list(lead, sign_in):
    editor = MembershipFactory(role="editor", organisation__name="Only an editor")
    client = sign_in(ObserverFactory())

    home = client.get("/staff/")
    tile = next(tile for tile in home.context["tiles"] if "without a lead" in tile.title)
    page = client.get(tile.url)

    assert tile.number == 1
    assert [row.pk for row in page.context["page"]] == [editor.organisation_id]
    assert page.context["page"][0].leads == 0


# Who stands in ----------------------------------------------------------------------------
def due_pairing(**partner):
    """A proposal that is due tomorrow, to a city with an editor and to one with nobody."""
    pairing = PairingFactory(accept_by=timezone.now() + DAY)
    eu, other = (member.organisation for member in pairing.members.all())
    MembershipFactory(organisation=eu, role="editor", user__email="editor@city.example")
    return pairing, eu, other


def reached(organisation):
    mails = Mail.objects.filter(owner=f"organisation:{organisation.pk}").order_by("recipient")
    return [(mail.recipient, mail.kind) for mail in mails]


def test_what_is_due_reaches_other_members_and_the_unit():
    pairing, eu, other = due_pairing()
    unit = pairing.proposed_by.email

    queue_reminders(now=timezone.now())

    assert set(reached(eu)) == {
        ("editor@city.example", "reminder_acceptance"),
        (unit, "reminder_without_lead"),
    }
    assert reached(other) == [(unit, "reminder_without_lead")]
    mail = Mail.objects.get(owner=f"organisation:{other.pk}")
    assert f"/staff/organisations/{other.slug}/" in mail.text
    assert "Answer to a pairing" in mail.text
    told = Mail.objects.get(recipient="editor@city.example").text
    assert "has nobody in the portal who can do this now" in told


def test_desk_of_the_country_stands_in_before_coordinators():
    _pairing, _eu, other = due_pairing()
    desk = DeskFactory(countries=[other.country])

    queue_reminders(now=timezone.now())

    assert reached(other) == [(desk.email, "reminder_without_lead")]


def test_nobody_stands_in_where_there_is_a_lead():
    _pairing, _eu, other = due_pairing()
    MembershipFactory(organisation=other, role="lead", user__email="lead@city.example")

    queue_reminders(now=timezone.now())

    assert reached(other) == [("lead@city.example", "reminder_acceptance")]


# Closing an account -------------------------------------------------------------------------
def close(person, **more):
    return close_person(person=person, reason="Left the city.", by=CoordinatorFactory(), **more)


def test_only_lead_is_not_closed_without_a_word(lead):
    with pytest.raises(InvalidError, match="only lead of City of Split") as caught:
        close(lead)
    assert caught.value.field == "leads_confirmed"

    close(lead, leads_confirmed=True)

    lead.refresh_from_db()
    assert not lead.is_active
    assert without_lead() == ["City of Split"]
    event = events_of(lead.memberships.get().organisation).get(verb="organisation.lead_lost")
    assert event.details == {"person": str(lead)}


def test_one_of_two_leads_is_closed_as_before(lead):
    MembershipFactory(organisation=lead.memberships.get().organisation, role="lead")
    assert not close(lead).is_active


def test_lead_whose_colleague_cannot_sign_in_is_the_only_one(lead):
    organisation = lead.memberships.get().organisation
    MembershipFactory(organisation=organisation, role="lead", user__is_active=False)
    with pytest.raises(InvalidError):
        close(lead)


def test_page_lists_the_cities_and_asks_again(lead, sign_in):
    client = sign_in(CoordinatorFactory())
    page = reverse("organisations:staff_person_deactivate", args=[lead.pk])

    assert "City of Split" in client.get(page).content.decode()
    refused = client.post(page, {"reason": "Left."})
    assert refused.status_code == 422
    assert "Confirm that you mean it" in refused.content.decode()

    assert client.post(page, {"reason": "Left.", "leads_confirmed": "on"}).status_code == 302


def test_page_asks_once_for_somebody_on_whom_nobody_depends(sign_in):
    page = reverse("organisations:staff_person_deactivate", args=[UserFactory().pk])
    form = sign_in(CoordinatorFactory()).get(page).context["form"]
    assert list(form.fields) == ["reason"]
