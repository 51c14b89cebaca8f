"""What the portal holds about a person: nothing is left out, nothing of others is in."""

import json

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.urls import reverse

from core.kit.holdings import holdings
from programme.organisations.services import change_role, invite_member
from tests.factories.accounts import CoordinatorFactory, UserFactory
from tests.factories.applications import ApplicationFactory, AssignmentFactory
from tests.factories.programme import InvitationFactory, MembershipFactory
from tests.factories.reminders import MailFactory

pytestmark = pytest.mark.django_db

# Columns with an address that are not of the type for it.
ADDRESSES = {"recipient", "email", "contact_email"}
# Rows without content of their own: which groups of Django an account is in; we use none.
NOT_HELD = {"accounts.User_groups", "accounts.User_user_permissions"}


def fields_that_name_people():
    people = get_user_model()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if not getattr(field, "concrete", False) or model._meta.label in NOT_HELD:
                continue
            key = field.is_relation and field.related_model is people
            address = isinstance(field, models.EmailField) or (
                field.name in ADDRESSES and not field.is_relation
            )
            if key or address:
                yield f"{model._meta.label}.{field.name}"


def test_every_field_that_names_a_person_stands_in_a_holding():
    named = {
        f"{holding.model._meta.label}.{name}" for holding in holdings() for name in holding.named_by
    }
    found = set(fields_that_name_people())

    assert found - named == set(), "Name these in the app's personal.py."
    assert len(found) > 30


def test_every_holding_can_be_read_and_shows_no_secret():
    person = UserFactory()
    for holding in holdings():
        assert isinstance(holding.records_of(person), list)
        assert str(holding.title)
        assert str(holding.kept_because).endswith(".")
        assert not {"password", "token_hash", "data", "session_key", "text", "html"} & set(
            holding.shows
        )


def held_by(client):
    response = client.get(reverse("accounts:held"))
    assert response["Content-Disposition"].startswith('attachment; filename="what-the-portal-')
    assert "no-store" in response["Cache-Control"]
    document = json.loads(response.content)
    return document, {part["what"]: part["records"] for part in document["held"]}


def test_person_reads_what_is_held(sign_in):
    lead = MembershipFactory(role="lead", organisation__name="City of Split")
    viewer = MembershipFactory(organisation=lead.organisation, role="viewer")
    change_role(membership=viewer, role="editor", by=lead.user)
    ApplicationFactory(
        organisation=lead.organisation, contact_email=lead.user.email.upper(), created_by=lead.user
    )
    MailFactory(recipient=lead.user.email, subject="A mail", text="A secret link")

    document, held = held_by(sign_in(lead.user))

    assert document["person"] == lead.user.email
    assert held["Your account"][0]["full_name"] == lead.user.full_name
    assert [
        (row["organisation.name"], row["role"]) for row in held["Organisations that you belong to"]
    ] == [("City of Split", "lead")]
    assert [row["event.verb"] for row in held["What you did in the portal"]] == [
        "membership.role_changed"
    ]
    assert len(held["Applications that name you as contact"]) == 1
    assert len(held["Applications that you started"]) == 1
    assert [row["subject"] for row in held["Mails to you"]] == ["A mail"]
    assert "A secret link" not in json.dumps(document)


def test_nothing_of_others_is_in(sign_in):
    lead = MembershipFactory(role="lead")
    invite_member(
        organisation=lead.organisation, email="other@city.example", role="viewer", by=lead.user
    )
    stranger = UserFactory(full_name="Somebody Else")
    MailFactory(recipient=stranger.email)
    MembershipFactory(user=stranger, organisation=lead.organisation)
    AssignmentFactory(assigned_by=stranger)

    document, held = held_by(sign_in(lead.user))

    text = json.dumps(document)
    assert "other@city.example" not in text
    assert "Somebody Else" not in text
    assert stranger.email not in text
    assert len(held["Invitations that you sent"]) == 1
    assert "Mails to you" not in held


def test_invited_person_without_a_team_reads_the_invitation(sign_in):
    person = UserFactory()
    InvitationFactory(email=person.email, organisation__name="City of Zadar")
    _document, held = held_by(sign_in(person))
    assert held["Invitations to you"][0]["organisation.name"] == "City of Zadar"


def test_what_was_done_with_the_account_is_in(sign_in, settings):
    from accounts.services import set_staff_role

    settings.DEMO = True
    boss, person = CoordinatorFactory(full_name="Ilse"), UserFactory()
    set_staff_role(person=person, role="observer", by=boss)
    _document, held = held_by(sign_in(person))
    assert [
        (row["event.verb"], row["actor_name"]) for row in held["What was done with your account"]
    ] == [("person.role_set", "Ilse")]


def test_queries_are_as_many_as_kinds_whatever_there_is(sign_in, django_assert_num_queries):
    person = UserFactory()
    client = sign_in(person)
    client.get(reverse("accounts:held"))
    kinds = len(list(holdings()))
    for _ in range(3):
        ApplicationFactory(created_by=person)
        MailFactory(recipient=person.email)
    # The session and the person come first.
    with django_assert_num_queries(kinds + 1):
        client.get(reverse("accounts:held"))


def test_account_page_leads_to_it(sign_in):
    html = sign_in(UserFactory()).get(reverse("accounts:account")).content.decode()
    assert "What the portal holds about you" in html
    assert f'href="{reverse("accounts:held")}"' in html
