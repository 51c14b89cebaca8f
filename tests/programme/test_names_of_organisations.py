"""Renaming as a dated fact: what has the new name, and what keeps the name of its day."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from applications.models import Application
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.selectors import events_of
from pairings.models import Signature
from pairings.states import PairingStatus
from programme.organisations.models import Organisation, OrganisationName
from programme.organisations.selectors import likely_doubles
from programme.organisations.selectors.naming import what_follows
from programme.organisations.services import (
    LikelyDoubleError,
    call_by_name_of_today,
    correct_name,
    mark_as_neighbours,
    rename_organisation,
    take_back_name,
)
from tests.factories.accounts import CoordinatorFactory, DeskFactory
from tests.factories.applications import SubmittedApplicationFactory
from tests.factories.pairings import (
    PairingFactory,
    PublishedPairingFactory,
    RunningPairingFactory,
)
from tests.factories.programme import OrganisationFactory, PartnerOrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return CoordinatorFactory()


@pytest.fixture
def city():
    return OrganisationFactory(name="Altdorf")


def day(number):
    return days.today() + dt.timedelta(days=number)


def rename(city, by, name="Neustadt", on=0, reason="Decision of the council."):
    return rename_organisation(organisation=city, name=name, day=day(on), reason=reason, by=by)


def again(city):
    return Organisation.objects.get(pk=city.pk)


def test_name_counts_from_its_day(city, by):
    rename(city, by, on=-10)
    city = again(city)
    assert city.name == "Neustadt"
    assert [city.name_on(day(number)) for number in (-11, -10, 5)] == [
        "Altdorf",
        "Neustadt",
        "Neustadt",
    ]
    [event] = events_of(city).filter(verb="organisation.renamed")
    assert (event.details["before"], event.details["after"]) == ("Altdorf", "Neustadt")
    assert event.reason == "Decision of the council."


def test_name_that_another_one_has_is_warned_of_and_taken_with_a_reason(
    city, by, sign_in, settings
):
    settings.DEMO = True
    other = OrganisationFactory(name="Neustadt", country=city.country)
    # Found to be two under other names.
    mark_as_neighbours(one=city, other=other, reason="Town and county.", by=by)
    with pytest.raises(LikelyDoubleError) as warned:
        rename(city, by)
    assert [str(double.organisation) for double in warned.value.doubles] == ["Neustadt"]
    assert not OrganisationName.objects.exists()
    client = sign_in(by)
    url = reverse("organisations:staff_organisation_names", args=[city.slug])
    typed = {"name": "Neustadt", "day": days.today().isoformat(), "reason": "The law."}
    assert "differs_because" not in client.get(url).content.decode()
    page = client.post(url, typed).content.decode()
    assert "Is it one of these?" in page
    assert "differs_because" in page
    client.post(url, typed | {"differs_because": "In another county."})
    assert again(city).name == "Neustadt"
    [event] = events_of(city).filter(verb="organisation.renamed")
    assert event.details["differs_because"] == "In another county."
    with pytest.raises(LikelyDoubleError):
        correct_name(
            row=again(city).own_names[0], name="Neustad", day=day(0), reason="A slip.", by=by
        )


def test_same_request_twice_is_one_name(city, by):
    first = rename(city, by)
    assert rename(city, by) == first
    assert events_of(city).filter(verb="organisation.renamed").count() == 1
    assert OrganisationName.objects.count() == 2


def test_name_to_come_begins_on_its_day(city, by):
    rename(city, by, on=3)
    assert call_by_name_of_today() == 0
    assert again(city).name == "Altdorf"
    assert again(city).name_on(day(3)) == "Neustadt"
    with time_machine.travel(days.now() + dt.timedelta(days=3), tick=False):
        assert [call_by_name_of_today(), call_by_name_of_today()] == [1, 0]
    assert again(city).name == "Neustadt"
    assert events_of(city).filter(verb="organisation.name_begun").count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Altdorf"}, "name"),
        ({"reason": ""}, "reason"),
        ({"on": 5000}, "day"),
    ],
)
def test_what_is_no_new_name_is_refused(city, by, values, field):
    with pytest.raises(InvalidError) as refusal:
        rename(city, by, **values)
    assert refusal.value.field == field
    assert not OrganisationName.objects.exists()


def test_next_name_is_later_and_only_coordinators_rename(city, by):
    rename(city, by)
    with pytest.raises(InvalidError, match="choose a later day"):
        rename(city, by, name="Third", on=-5)
    with pytest.raises(NotAllowedError):
        rename(city, DeskFactory(), name="Third", on=5)


def test_mistyped_name_is_corrected_everywhere(city, by):
    old = PairingFactory(organisations=[city, PartnerOrganisationFactory()], status="cancelled")
    row = rename(city, by, name="Neustatd")
    correct_name(row=row, name="Neustadt", day=day(-2), reason="Typed wrong.", by=by)
    assert again(city).name == "Neustadt"
    assert again(city).name_on(day(-2)) == "Neustadt"
    assert again(city).name_on(day(-3)) == "Altdorf"
    # It ended today, when the name counted already.
    assert old.members.get(organisation=city).called == ""
    first = again(city).own_names[0]
    correct_name(row=first, name="Alt-Dorf", day=day(0), reason="A hyphen.", by=by)
    assert again(city).name_on(day(-3)) == "Alt-Dorf"
    with pytest.raises(InvalidError, match="called so before or after"):
        correct_name(row=first, name="Neustadt", day=day(0), reason="No.", by=by)


def test_last_change_is_taken_back(city, by):
    row = rename(city, by)
    take_back_name(row=row, reason="Another city.", by=by)
    assert again(city).name == "Altdorf"
    with pytest.raises(WrongStateError):
        take_back_name(row=row, reason="Again.", by=by)
    with pytest.raises(WrongStateError, match="Only the last change"):
        take_back_name(row=again(city).own_names[0], reason="The first.", by=by)


def test_what_is_past_keeps_the_name_of_its_day(city, by):
    other = PartnerOrganisationFactory(name="Panaji")
    published = PublishedPairingFactory(organisations=[city, other])
    with time_machine.travel(days.now() - dt.timedelta(days=9)):
        ended = PairingFactory(organisations=[city, other], status=PairingStatus.DECLINED)
    running = RunningPairingFactory(organisations=[city, other])
    Signature.objects.filter(member__organisation=city).update(signed_on=day(-30))
    rename(city, by, on=-5)
    names = {
        pairing.pk: pairing.members.get(organisation=city).name
        for pairing in (published, ended, running)
    }
    assert names == {published.pk: "Altdorf", ended.pk: "Altdorf", running.pk: "Neustadt"}
    assert running.members.get(organisation=city).signature.called == "Altdorf"
    assert ended.title == "Altdorf – Panaji"
    found = what_follows(again(city), by)
    assert {row.label: row.count for row in found.keeps} == {
        "past or published pairings": 2,
        "agreement signed before": 1,
    }
    assert {row.label: row.count for row in found.carries} == {"pairing under way": 1}


def test_public_page_says_what_it_was_called(city, by, client):
    published = PublishedPairingFactory(organisations=[city, PartnerOrganisationFactory()])
    running = RunningPairingFactory(organisations=[city, PartnerOrganisationFactory()])
    rename(city, by)
    page = client.get(reverse("showcase:pairing", args=[running.slug])).content.decode()
    assert "Neustadt" in page
    assert ": Altdorf" in page
    old = client.get(reverse("showcase:pairing", args=[published.slug])).content.decode()
    assert "Called Neustadt today" in old
    found = client.get(reverse("showcase:pairings"), {"q": "altdorf"}).content.decode()
    assert published.slug in found
    assert running.slug in found


def test_former_name_is_found_and_warned_of(city, by):
    application = SubmittedApplicationFactory(organisation=city)
    sent = application.submissions.first()
    rename(city, by)
    for words in ("altdorf", "neustadt"):
        assert city in Organisation.objects.matching(words)
        assert words in Application.objects.get(pk=application.pk).search_text
    [double] = likely_doubles(name="Stadt Altdorf", country=city.country)
    assert double.organisation == city
    assert str(double.why) == "It was or will be called so."
    assert sent is None or sent.snapshot["organisation"]["name"] == "Altdorf"


def test_pages_rename_correct_and_take_back(city, by, sign_in, settings):
    settings.DEMO = True
    client = sign_in(by)
    url = reverse("organisations:staff_organisation_names", args=[city.slug])
    assert client.post(url, {"name": "", "day": "", "reason": ""}).status_code == 422
    typed = {"name": "Neustadt", "day": day(0).isoformat(), "reason": "Council."}
    assert "It is called Neustadt" in client.post(url, typed, follow=True).content.decode()
    row = OrganisationName.objects.get(name="Neustadt")
    at = reverse("organisations:staff_organisation_name", args=[city.slug, row.pk])
    assert client.get(at).status_code == 200
    first = OrganisationName.objects.get(from_day=None)
    begins = reverse("organisations:staff_organisation_name", args=[city.slug, first.pk])
    typed = {"name": "Alt Dorf", "reason": "A space."}
    assert client.post(begins, typed).status_code == 302
    back = reverse("organisations:staff_organisation_name_back", args=[city.slug, row.pk])
    done = client.post(back, {"reason": "Never decided."}, follow=True).content.decode()
    assert "The change of name is taken back" in done
    assert again(city).name == "Alt Dorf"
    page = client.get(reverse("organisations:staff_organisation", args=[city.slug]))
    assert "Rename it" in page.content.decode()
