"""A municipality in two applications, and a group whose lead withdraws: everybody is told."""

import pytest
from django.urls import reverse

from applications.eligibility import evaluate
from applications.selectors import facts_of, rules_of
from applications.selectors.doubles import doubles_of
from applications.services import withdraw_application
from applications.services.groups import tell_doubles
from applications.states import ApplicantKind, Criterion, Outcome
from core.trail.models import AuditEvent
from programme.models import CityName
from programme.places import name_key
from tests.factories.applications import (
    ApplicationFactory,
    GroupApplicationFactory,
    MunicipalityFactory,
    OnlineCommitmentFactory,
    SubmittedApplicationFactory,
)
from tests.factories.programme import CityFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    """A place that has a name in another language too."""
    city = CityFactory(name="Rijeka")
    for name in ("Rijeka", "Fiume"):
        CityName.objects.get_or_create(
            city=city, search_name=name_key(name), defaults={"name": name}
        )
    return city


def sent(place, **lead):
    return SubmittedApplicationFactory(
        organisation__country=place.country,
        organisation__name="City on the bay",
        lead={"name": place.name, **lead},
    )


def group(alone, name, city=None):
    """A draft of a group to the same call that names a place of the other's country."""
    country = alone.organisation.country
    draft = GroupApplicationFactory(call=alone.call, organisation__country=country)
    return MunicipalityFactory(application=draft, name=name, city=city, country=country)


def kind_of(application):
    [found] = evaluate(rules_of(application), facts_of(application), [Criterion.KIND])
    return found


@pytest.mark.parametrize(
    ("stored", "typed"),
    [({"city": True}, "Fiume"), ({}, "Fiume"), ({}, "RIJEKA"), ({"city": True}, "Rijeka")],
)
def test_place_is_found_whatever_each_calls_it(place, stored, typed):
    alone = sent(place, **({"city": place} if stored else {}))
    member = group(alone, typed)
    members = list(member.application.municipalities.all())
    assert [row.application for _member, row in doubles_of(member.application, members)] == [alone]
    # And the other way round, once that is sent too.
    assert kind_of(member.application).outcome == Outcome.HUMAN


def test_two_places_of_one_name_are_two(place):
    alone = sent(place, city=place)
    other = CityFactory(name="Rijeka", country=place.country)
    member = group(alone, "Rijeka", city=other)
    assert doubles_of(member.application, list(member.application.municipalities.all())) == []


def test_city_reads_whose_application_names_it_and_may_send_its_own(place):
    alone = sent(place, city=place)
    member = group(alone, "Fiume")
    words = kind_of(member.application).sentence
    assert "Fiume is also named in the application of City on the bay" in words
    assert alone.reference not in words
    assert "You can send yours" in words


def test_drafts_of_others_are_nobodys_business(place):
    draft = ApplicationFactory(
        organisation__country=place.country, lead={"name": "Rijeka", "city": place}
    )
    member = group(draft, "Rijeka")
    assert doubles_of(member.application, list(member.application.municipalities.all())) == []


def test_working_copy_is_no_second_application(place):
    alone = sent(place, city=place)
    copy = ApplicationFactory(
        call=alone.call,
        organisation=alone.organisation,
        revises=alone,
        lead={"name": "Rijeka", "city": place},
    )
    assert doubles_of(copy, list(copy.municipalities.all())) == []


def test_who_sent_before_is_told_once(place, mailoutbox):
    alone = sent(place, city=place)
    member = group(alone, "Fiume")
    for _again in range(2):
        tell_doubles(member.application)
    [mail] = mailoutbox
    assert mail.to == [alone.contact_email]
    assert "named in two applications" in mail.subject
    assert member.application.organisation.name in mail.body
    assert AuditEvent.objects.filter(verb="application.doubled").count() == 1


@pytest.fixture
def band():
    """A group that was sent, one of whose members committed online."""
    application = SubmittedApplicationFactory(kind=ApplicantKind.GROUP)
    member = MunicipalityFactory(application=application, name="Konavle")
    OnlineCommitmentFactory(municipality=member, email="office@konavle.example")
    MunicipalityFactory(application=application, name="Ston", contact_email="info@ston.example")
    lead = MembershipFactory(organisation=application.organisation, role="lead").user
    return application, lead


def test_members_are_told_that_the_group_is_dissolved(band, mailoutbox):
    application, lead = band
    withdraw_application(application=application, by=lead, reason="No staff.")
    told = {mail.to[0]: mail.body for mail in mailoutbox if "group" in mail.subject}
    assert set(told) == {"office@konavle.example", "info@ston.example"}
    assert "in which Konavle took part" in told["office@konavle.example"]
    assert "No staff." in told["info@ston.example"]


def test_lead_that_withdraws_reads_who_is_told_and_how_they_go_on(band, sign_in):
    application, lead = band
    words = sign_in(lead).get(reverse("applications:withdraw", args=[application.key]))
    shown = words.content.decode()
    for part in ("the group is dissolved", "Konavle", "Ston", "another municipality can lead"):
        assert part in shown


def test_city_that_applies_alone_reads_of_no_group(sign_in):
    application = ApplicationFactory()
    lead = MembershipFactory(organisation=application.organisation, role="lead").user
    answer = sign_in(lead).get(reverse("applications:withdraw", args=[application.key]))
    assert "your group" not in answer.content.decode()
