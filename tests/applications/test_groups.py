"""A municipality in two applications, and a group whose lead withdraws: everybody is told."""

import pytest
from django.urls import reverse

from applications.eligibility import evaluate
from applications.models import Application
from applications.selectors import facts_of, rules_of, tasks_by_draft
from applications.selectors.doubles import doubles_of
from applications.services import add_municipality, submit_application, withdraw_application
from applications.services.groups import tell_doubles
from applications.states import ApplicantKind, Criterion, Outcome
from core.kit.errors import InvalidError
from core.trail.models import AuditEvent
from programme.calls.models import Call
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


def test_who_sent_before_is_told_once(place, mailoutbox, django_capture_on_commit_callbacks):
    alone = sent(place, city=place)
    member = group(alone, "Fiume")
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            tell_doubles(member.application)
    mail, to_second = mailoutbox
    assert to_second.to == [alone.deputy_email]
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
    assert "No staff." not in told["info@ston.example"]


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


@pytest.fixture
def once(place):
    """A city that has sent, to a call that takes a municipality in one application."""
    alone = sent(place, city=place)
    Call.objects.filter(pk=alone.call_id).update(takes_part_once=True)
    alone.call.refresh_from_db()
    return alone


def test_rule_of_the_call_refuses_the_second_that_names_it(once):
    member = group(once, "Fiume")
    person = MembershipFactory(organisation=member.application.organisation).user
    found = kind_of(member.application)
    assert found.outcome == Outcome.FAIL
    for part in ("one application", "take it out of yours", "then send yours"):
        assert part in found.sentence
    with pytest.raises(InvalidError, match="Fiume is also named in the application of City on"):
        submit_application(application=member.application, by=person)
    withdraw_application(
        application=once, by=MembershipFactory(organisation=once.organisation).user
    )
    assert kind_of(member.application).outcome == Outcome.PASS


@pytest.mark.parametrize("over", ["ineligible", "rejected"])
def test_who_was_refused_may_join_a_group(once, over):
    """ "Apply as a group" must be no dead end."""
    member = group(once, "Fiume")
    assert kind_of(member.application).outcome == Outcome.FAIL
    Application.objects.filter(pk=once.pk).update(status=over)
    assert kind_of(member.application).outcome == Outcome.PASS


def test_both_are_told_as_soon_as_it_is_named(
    once, place, sign_in, mailoutbox, django_capture_on_commit_callbacks
):
    draft = GroupApplicationFactory(call=once.call, organisation__country=once.organisation.country)
    person = MembershipFactory(organisation=draft.organisation).user
    url = reverse("applications:municipality_add", args=[draft.key])
    typed = {"name": "Fiume", "country": place.country_id, "population": "8331"}
    typed |= {"population_year": "2021", "population_source": "Census"}
    with django_capture_on_commit_callbacks(execute=True):
        page = sign_in(person).post(url, typed, follow=True).content.decode()
    assert "This call takes a municipality in one application" in page
    mail, to_second = [mail for mail in mailoutbox if "two applications" in mail.subject]
    assert (mail.to, to_second.to) == ([once.contact_email], [once.deputy_email])
    assert "theirs cannot be sent" in " ".join(mail.body.split())


def test_without_the_rule_nobody_is_told_of_a_draft(
    place, mailoutbox, django_capture_on_commit_callbacks
):
    alone = sent(place, city=place)
    country = alone.organisation.country
    draft = GroupApplicationFactory(call=alone.call, organisation__country=country)
    person = MembershipFactory(organisation=draft.organisation).user
    with django_capture_on_commit_callbacks(execute=True):
        add_municipality(application=draft, name="Fiume", by=person)
    assert not mailoutbox


def test_who_still_writes_is_told_of_what_was_sent(
    once, mailoutbox, django_capture_on_commit_callbacks
):
    member = group(once, "Fiume")
    with django_capture_on_commit_callbacks(execute=True):
        tell_doubles(once)
    assert [mail.to[0] for mail in mailoutbox] == [
        member.application.contact_email,
        member.application.deputy_email,
    ]
    mail = mailoutbox[0]
    assert "yours cannot be sent" in " ".join(mail.body.split())


def test_list_of_drafts_knows_what_the_rule_refuses(once):
    draft = group(once, "Fiume").application
    [found, *_others] = tasks_by_draft([draft])[draft.pk]
    assert any("one application" in gap for gap in found.missing)


def test_rule_is_of_the_moment_it_was_sent(once):
    assert rules_of(once).takes_part_once is False
    copy = ApplicationFactory(
        call=once.call, organisation=once.organisation, revises=once, lead={"name": "Rijeka"}
    )
    assert rules_of(copy).takes_part_once is True
    assert kind_of(copy).outcome == Outcome.PASS
