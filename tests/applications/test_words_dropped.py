"""What was signed online and stands no more: who signed is told, once nothing holds it."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from applications.models import Commitment, OnlineInvitation, SupportLetter
from applications.services import (
    add_letter,
    commit_online,
    drop_changes,
    edit_municipality,
    edit_stakeholder,
    invite_online,
    remove_stakeholder,
    reopen_application,
    withdraw_application,
    write_letter,
)
from core.kit.errors import InvalidError
from tests.applications.test_commitments import upload
from tests.applications.test_services_sending import ready
from tests.applications.test_services_sending import send as submit
from tests.factories.applications import (
    ApplicationFactory,
    GroupApplicationFactory,
    MunicipalityFactory,
    OnlineInvitationFactory,
    OnlineLetterFactory,
    StakeholderFactory,
    SubmittedApplicationFactory,
    WorkingCopyFactory,
)
from tests.factories.programme import CityFactory, MembershipFactory

pytestmark = pytest.mark.django_db

OFFICE = "office@county.example"


@pytest.fixture(autouse=True)
def nobody_tried_before():
    """Attempts are counted by address, and all tests come from the same one."""
    cache.clear()


def lead_of(application):
    return MembershipFactory(organisation=application.organisation, role="lead").user


def told(mailoutbox, address=OFFICE):
    """Return what an office was told since, and forget it."""
    bodies = [mail.body for mail in mailoutbox if mail.to == [address]]
    mailoutbox.clear()
    return bodies


def shown_on(answer):
    """Return what the page of a link says that it has shown, as its form sends it back."""
    form = answer.context.get("form")
    return {"shown": form["shown"].value()} if form else {}


@pytest.fixture
def changing(mailoutbox):
    """Return the county in the working copy of what was sent with its letter, and the lead."""
    application, person = ready(partnership=False)
    county = StakeholderFactory(application=application, name="Dubrovnik-Neretva County")
    OnlineLetterFactory(stakeholder=county)
    copy = reopen_application(application=submit(application, person), by=person)
    mailoutbox.clear()
    return copy.stakeholders.get(), person


def rename(county, person):
    edit_stakeholder(stakeholder=county, by=person, name="University of Split", forget=True)


def remove(county, person):
    remove_stakeholder(stakeholder=county, by=person)


def file_letter(county, person):
    add_letter(
        stakeholder=county,
        upload=upload(),
        signed_by_name="Marija",
        signed_by_office="Rector",
        signed_on=timezone.localdate(),
        by=person,
    )


GOES = pytest.mark.parametrize("change", [rename, remove, file_letter])


@GOES
def test_changes_to_what_was_sent_tell_who_signed_only_once_they_are_sent(
    changing, change, mailoutbox
):
    county, person = changing
    copy = county.application
    change(county, person)
    if change is remove:
        StakeholderFactory(application=copy, name="Chamber of Crafts")
    assert told(mailoutbox) == []
    submit(copy, person)
    [mail] = told(mailoutbox)
    assert "has sent its application anew, without what you signed" in mail
    assert "signed online for Dubrovnik-Neretva County" in mail


@GOES
def test_changes_that_are_dropped_take_nobody_his_word(changing, change, mailoutbox):
    county, person = changing
    standing = county.application.revises
    change(county, person)
    drop_changes(application=standing.working_copies.get(), by=person)
    assert told(mailoutbox) == []
    assert SupportLetter.objects.filter(stakeholder__application=standing).exists()


def test_nobody_is_told_where_the_word_is_sent_again(changing, mailoutbox):
    county, person = changing
    submit(county.application, person)
    assert told(mailoutbox) == []


@pytest.fixture
def signed_anew(mailoutbox):
    """Return a stakeholder that has signed for changes alone, and the lead."""
    application, person = ready(partnership=False)
    StakeholderFactory(application=application, name="Chamber of Crafts")
    copy = reopen_application(application=submit(application, person), by=person)
    county = StakeholderFactory(application=copy, name="Dubrovnik-Neretva County")
    OnlineInvitationFactory(municipality=None, stakeholder=county, token="t", email=OFFICE)
    write_letter(token="t", name="Nikola", office="President", statement="We give two planners.")
    mailoutbox.clear()
    return county, person


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (remove, "no longer names Dubrovnik-Neretva County in it"),
        (
            lambda county, person: drop_changes(application=county.application, by=person),
            "has dropped the changes for which it was signed",
        ),
        (
            lambda county, person: withdraw_application(
                application=county.application.revises, by=person
            ),
            "has withdrawn its application",
        ),
    ],
    ids=["removed", "dropped", "withdrawn"],
)
def test_who_signed_for_changes_alone_is_told_when_they_go(signed_anew, end, words, mailoutbox):
    end(*signed_anew)
    [mail] = told(mailoutbox)
    assert words in mail


def test_member_asked_for_changes_alone_is_told_that_the_application_is_withdrawn(mailoutbox):
    standing = SubmittedApplicationFactory()
    copy = WorkingCopyFactory(revises=standing)
    member = MunicipalityFactory(application=copy, name="Ston")
    OnlineInvitationFactory(municipality=member, email="office@ston.example")
    withdraw_application(application=standing, by=lead_of(standing))
    [mail] = told(mailoutbox, "office@ston.example")
    assert "has withdrawn its application" in mail


@pytest.fixture
def signed():
    """Return a county of a draft that has signed with the link `t`, and the lead."""
    county = StakeholderFactory(application=ApplicationFactory(), name="Dubrovnik-Neretva County")
    OnlineInvitationFactory(
        municipality=None,
        stakeholder=county,
        token="t",
        email=OFFICE,
        asked_as="Dubrovnik-Neretva County",
    )
    write_letter(token="t", name="Nikola", office="President", statement="We give two planners.")
    return county, lead_of(county.application)


def test_old_link_shows_nothing_of_who_took_the_place(client, signed):
    county, person = signed
    rename(county, person)
    file_letter(county, person)
    url = reverse("applications:write_letter", args=["t"])
    for answer in (client.get(url), client.post(url, {"statement": "x", "way": "written"})):
        assert answer.status_code in (409, 410)
        words = answer.content.decode()
        assert "has put another name in the place" in words
        for other in ("Marija", "Rector", "University of Split", ".pdf", "mail to your office"):
            assert other not in words


def test_who_signed_online_is_told_when_a_letter_is_filed_in_its_place(client, signed, mailoutbox):
    mailoutbox.clear()
    file_letter(*signed)
    [mail] = told(mailoutbox)
    assert "has put a signed letter of Dubrovnik-Neretva County on file in its place" in mail
    answer = client.get(reverse("applications:write_letter", args=["t"]))
    assert answer.status_code == 410
    words = answer.content.decode()
    assert "has put a signed letter of Dubrovnik-Neretva County on file" in words
    assert "Marija" not in words
    # There is nothing more to ask for.
    assert "If you want to take part" not in words


def test_letter_in_the_place_of_a_letter_on_file_tells_nobody(mailoutbox):
    county = StakeholderFactory(application=ApplicationFactory())
    person = lead_of(county.application)
    for _again in range(2):
        file_letter(county, person)
    assert mailoutbox == []


def test_address_is_free_again_once_its_word_is_gone(signed):
    county, person = signed
    rename(county, person)
    real = StakeholderFactory(application=county.application, name="Dubrovnik-Neretva County")
    assert invite_online(asked=real, email=OFFICE, by=person).email == OFFICE


def test_small_changes_do_not_add_up_while_the_link_is_open(mailoutbox):
    county = StakeholderFactory(application=ApplicationFactory(), name="Dubrovnik-Neretva County")
    person = lead_of(county.application)
    invite_online(asked=county, email=OFFICE, by=person)
    edit_stakeholder(stakeholder=county, by=person, name="Dubrovnik-Neretwa County")
    with pytest.raises(InvalidError) as error:
        edit_stakeholder(stakeholder=county, by=person, name="Dubrovnik-Nezetwa County")
    assert error.value.code == "word_goes"
    mailoutbox.clear()
    rename(county, person)
    [mail] = told(mailoutbox)
    assert "a letter of Dubrovnik-Neretva County" in mail
    assert "University of Split" not in mail


def test_commitment_goes_with_another_place_of_the_same_country():
    member = MunicipalityFactory(application=GroupApplicationFactory(), name="Ston")
    person = lead_of(member.application)
    here, there = (CityFactory(country=member.country, name=f"Ston {n}") for n in ("a", "b"))
    member.city = here
    member.save(update_fields=["city"])
    OnlineInvitationFactory(municipality=member, token="t", asked_as="Ston")
    commit_online(token="t", name="Silvio", office="Mayor")
    with pytest.raises(InvalidError) as error:
        edit_municipality(municipality=member, by=person, city=there)
    assert error.value.code == "word_goes"
    edit_municipality(municipality=member, by=person, city=None)
    assert OnlineInvitation.objects.get().end == ""


def test_commitment_binds_only_to_the_words_that_were_shown(client):
    member = MunicipalityFactory(application=GroupApplicationFactory(), name="Konavle")
    OnlineInvitationFactory(municipality=member, token="t", asked_as="Konavle")
    url = reverse("applications:commit", args=["t"])
    typed = {"name": "Silvio", "office": "Mayor", "may_bind": "on"}
    typed |= shown_on(client.get(url))
    edit_municipality(municipality=member, by=lead_of(member.application), name="Konavlje")
    answer = client.post(url, typed)
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "what you sign for was changed after you opened this page" in words
    assert "Konavlje takes part in the application" in words
    form = answer.context["form"]
    # The office is asked anew whether it may bind; its name stays.
    assert (form["may_bind"].value(), form["name"].value()) == (False, "Silvio")
    assert not Commitment.objects.exists()
    assert client.post(url, typed | shown_on(answer)).status_code == 302
    assert "Konavlje takes part" in Commitment.objects.get().statement


def test_letter_is_written_for_the_role_that_was_shown(client):
    county = StakeholderFactory(application=ApplicationFactory())
    OnlineInvitationFactory(municipality=None, stakeholder=county, token="t")
    url = reverse("applications:write_letter", args=["t"])
    typed = {"way": "written", "statement": "We help.", "name": "Nikola", "office": "President"}
    typed |= {"may_speak": "on"} | shown_on(client.get(url))
    edit_stakeholder(stakeholder=county, by=lead_of(county.application), role="Pays for all.")
    answer = client.post(url, typed)
    assert answer.status_code == 409
    assert "Pays for all." in answer.content.decode()
    assert not SupportLetter.objects.exists()
    assert client.post(url, typed | shown_on(answer)).status_code == 302
