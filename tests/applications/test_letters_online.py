"""A letter written online: who is asked, what the link does, and when nothing is said."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse

from applications.models import Application, OnlineInvitation, SupportLetter
from applications.parts import parts_of
from applications.services import (
    add_and_ask,
    commit_online,
    drop_changes,
    edit_stakeholder,
    invite_online,
    remove_stakeholder,
    reopen_application,
    revoke_online,
    withdraw_application,
    write_letter,
)
from applications.snapshots import snapshot_of
from core.files.models import StoredFile
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.post.models import Mail
from core.trail.models import AuditEvent
from iuc_portal.logs import without_tokens
from tests.applications.test_commitments import upload
from tests.applications.test_services_sending import ready
from tests.applications.test_services_sending import send as submit
from tests.applications.test_words_dropped import shown_on
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    ApplicationFactory,
    GroupApplicationFactory,
    MunicipalityFactory,
    OnlineInvitationFactory,
    OnlineLetterFactory,
    StakeholderFactory,
    SubmissionFactory,
    SubmittedApplicationFactory,
    SupportLetterFactory,
)
from tests.factories.programme import MembershipFactory
from tests.infra.threads import run_in_threads

pytestmark = pytest.mark.django_db

WORDS = "The county runs the buses.\n\nIt gives two planners."


@pytest.fixture(autouse=True)
def nobody_tried_before():
    """Attempts are counted by address, and all tests come from the same one."""
    cache.clear()


@pytest.fixture
def county():
    """A county of a draft, with nothing asked of it."""
    return StakeholderFactory(application=ApplicationFactory(), name="Dubrovnik-Neretva County")


@pytest.fixture
def writer(county):
    return MembershipFactory(organisation=county.application.organisation, role="lead").user


def token_in(mail):
    return re.search(r"/letters/([^/]+)/", mail.body)[1]


@pytest.fixture
def link(county, writer, mailoutbox):
    """Return the token of a link that was sent to the county."""
    invite_online(asked=county, email="Office@County.example", by=writer)
    return token_in(mailoutbox[-1])


def page(client, token):
    return client.get(reverse("applications:write_letter", args=[token]))


def send(client, token, **values):
    typed = {
        "way": "written",
        "statement": WORDS,
        "name": "Nikola",
        "office": "President",
        "may_speak": "on",
        **shown_on(page(client, token)),
        **values,
    }
    return client.post(reverse("applications:write_letter", args=[token]), typed)


def test_county_is_asked_by_mail_in_words_of_the_city(county, link, mailoutbox):
    mail = mailoutbox[-1]
    assert mail.to == ["office@county.example"]
    assert county.role in mail.body
    assert "Opening it changes nothing." in mail.body
    assert link not in str([event.details for event in AuditEvent.objects.all()])
    county.refresh_from_db()
    assert county.contact_email == "office@county.example"


def test_opening_the_link_changes_nothing(client, link):
    before = OnlineInvitation.objects.values().get(), AuditEvent.objects.count()
    for _again in range(2):
        answer = page(client, link)
    assert answer.status_code == 200
    assert "Runs the buses between the towns." in answer.content.decode()
    assert (OnlineInvitation.objects.values().get(), AuditEvent.objects.count()) == before
    assert not SupportLetter.objects.exists()


def test_page_tells_its_address_to_nobody_and_keeps_what_is_typed(client, link):
    answer = page(client, link)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    assert 'name="person" content="link-' in answer.content.decode()
    assert without_tokens(f"GET /letters/{link}/") == "GET /letters/[token]/"


def test_letter_is_written_once(client, link, mailoutbox):
    assert send(client, link).status_code == 302
    letter = SupportLetter.objects.get()
    assert (letter.signed_by_name, letter.signed_by_office) == ("Nikola", "President")
    assert (letter.email, letter.file, letter.statement) == ("office@county.example", None, WORDS)
    receipt, *told = mailoutbox[1:]
    assert receipt.to == ["office@county.example"]
    assert "It gives two planners." in receipt.body
    assert "ana@city.example" in [mail.to[0] for mail in told]
    assert all("has sent its letter" in mail.body for mail in told)
    assert send(client, link, name="Somebody Else").status_code == 302
    assert SupportLetter.objects.get() == letter
    assert AuditEvent.objects.filter(verb="application.letter_given").count() == 1
    assert "The county runs the buses." in page(client, link).content.decode()


def test_letter_of_a_colleague_is_shown_to_be_copied_when_another_was_sent(client, link):
    send(client, link)
    answer = send(client, link, statement="Quite another letter.")
    assert answer.status_code == 409
    assert "Quite another letter." in answer.content.decode()
    assert SupportLetter.objects.get().statement == WORDS


def test_letter_for_a_link_that_is_gone_is_shown_to_be_copied(client, county, writer, link):
    remove_stakeholder(stakeholder=county, by=writer)
    answer = send(client, link)
    assert answer.status_code == 410
    assert "It gives two planners." in answer.content.decode()


def test_letter_is_sent_as_a_file(client, link):
    assert send(client, link, way="sent", statement="", file=upload()).status_code == 302
    letter = SupportLetter.objects.get()
    assert letter.is_online
    assert (letter.statement, letter.file.by) == ("", None)
    assert letter.file.sha256 in AuditEvent.objects.latest("id").details["sha256"]


@pytest.mark.parametrize(
    "missing", ["way", "statement", "name", "office", "may_speak"], ids=lambda name: name
)
def test_nothing_is_said_without(client, link, missing):
    assert send(client, link, **{missing: ""}).status_code == 422
    assert not SupportLetter.objects.exists()


def test_file_is_kept_while_another_field_is_wrong(client, link):
    answer = send(client, link, way="sent", file=upload(), name="")
    assert answer.status_code == 422
    held = StoredFile.objects.get()
    assert held.key in answer.content.decode()
    assert send(client, link, way="sent", held=held.key).status_code == 302
    assert SupportLetter.objects.get().file == held


def test_text_that_was_not_chosen_is_left_alone(client, link):
    assert send(client, link, way="sent", file=upload()).status_code == 302
    assert SupportLetter.objects.get().statement == ""


def test_no_file_is_asked_of_who_writes(client, link):
    answer = send(client, link, way="sent")
    assert answer.status_code == 422
    assert "Choose the file with the signed letter." in answer.content.decode()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, ""),
        ({"statement": " "}, ""),
        ({"statement": WORDS, "upload": "file"}, "two_letters"),
        ({"statement": "a" * 6001}, ""),
    ],
)
def test_letter_is_one_of_both(link, values, code):
    values = values | ({"upload": upload()} if "upload" in values else {})
    with pytest.raises(InvalidError) as error:
        write_letter(token=link, name="Nikola", office="President", **values)
    assert error.value.field == "statement"
    assert error.value.code == code or not code
    assert not SupportLetter.objects.exists()


def refused(token):
    with pytest.raises(WrongStateError) as error:
        write_letter(token=token, name="Nikola", office="President", statement=WORDS)
    assert not SupportLetter.objects.exists()
    return error.value.code


def test_link_runs_out(client, link):
    with time_machine.travel(OnlineInvitation.objects.get().expires_at):
        assert refused(link) == "expired"
        answer = page(client, link)
        assert answer.status_code == 410
        assert "This invitation has run out." in answer.content.decode()
        assert send(client, link).status_code == 410


def test_link_ends_with_what_it_was_for(client, county, writer, link):
    withdraw_application(application=county.application, by=writer)
    assert refused(link) == "moved_on"
    assert page(client, link).status_code == 410


def test_who_wrote_is_told_that_the_application_is_withdrawn(county, writer, mailoutbox):
    OnlineLetterFactory(stakeholder=county)
    SupportLetterFactory(stakeholder=StakeholderFactory(application=county.application))
    withdraw_application(application=county.application, by=writer, reason="Elections.")
    [told] = [mail for mail in mailoutbox if mail.to == ["office@county.example"]]
    assert "for which Dubrovnik-Neretva County wrote a letter" in told.body
    assert "Elections." not in told.body
    assert len(mailoutbox) == 1


def rename(county, writer, name, **values):
    edit_stakeholder(stakeholder=county, by=writer, name=name, **values)


def test_letter_stays_when_the_spelling_is_put_right_and_says_under_which_name(
    client, county, writer, link, sign_in
):
    send(client, link)
    rename(county, writer, "Dubrovnik-Neretwa County")
    letter = SupportLetter.objects.get()
    assert (letter.signed_under, letter.statement) == ("Dubrovnik-Neretva County", WORDS)
    said = "It was signed for “Dubrovnik-Neretva County”"
    assert said in page(client, link).content.decode()
    own = reverse("applications:stakeholders", args=[county.application.key])
    assert said in sign_in(writer).get(own).content.decode()
    sent = snapshot_of(county.application)
    assert sent["stakeholders"][-1]["letter"]["signed_under"] == "Dubrovnik-Neretva County"
    rows = [row.note for part in parts_of(sent) for row in part.rows]
    assert any("for “Dubrovnik-Neretva County”" in note for note in rows)


def test_small_changes_do_not_add_up_to_another_name(client, county, writer, link):
    send(client, link)
    rename(county, writer, "Dubrovnik-Neretwa County")
    with pytest.raises(InvalidError) as error:
        rename(county, writer, "Dubrovnik-Nezetwa County")
    assert error.value.code == "word_goes"
    rename(county, writer, "Dubrovnik-Neretva County")
    assert SupportLetter.objects.get().old_name == ""


def test_letter_goes_with_another_name_once_that_is_confirmed(
    client, county, writer, link, sign_in, mailoutbox
):
    send(client, link)
    before = len(mailoutbox)
    browser = sign_in(writer)
    url = reverse("applications:stakeholder_edit", args=[county.application.key, county.pk])
    typed = {
        "version": Application.objects.get(pk=county.application_id).version,
        "kind": county.kind,
        "role": county.role,
        "name": "University of Split",
    }
    assert 'name="forget"' not in browser.get(url).content.decode()
    answer = browser.post(url, typed)
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "The letter that Nikola, President signed online for “Dubrovnik-Neretva County”" in words
    assert 'name="forget"' in words
    assert SupportLetter.objects.exists()
    assert len(mailoutbox) == before
    assert browser.post(url, typed | {"forget": "on"}).status_code == 302
    assert not SupportLetter.objects.exists()
    [told] = mailoutbox[before:]
    assert told.to == ["office@county.example"]
    assert "signed online for Dubrovnik-Neretva County" in told.body
    assert "now names another one in its place" in told.body
    event = AuditEvent.objects.get(verb="application.stakeholder_changed")
    assert event.details["dropped"] == "Nikola, President"
    answer = page(client, link)
    assert "has put another name in the place" in answer.content.decode()


def test_letter_that_came_as_a_file_goes_with_its_file(client, county, writer, link):
    send(client, link, way="sent", statement="", file=upload())
    rename(county, writer, "University of Split", forget=True)
    assert not SupportLetter.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("changed", ["contact_email", "contact_name", "role"])
def test_letter_stays_when_anything_but_the_name_changes(client, county, writer, link, changed):
    send(client, link)
    value = {"contact_email": "new@county.example"}.get(changed, "Somebody else")
    edit_stakeholder(stakeholder=county, by=writer, **{changed: value})
    assert SupportLetter.objects.get().email == "office@county.example"


def test_open_link_ends_with_another_name_once_that_is_confirmed(
    client, county, writer, link, mailoutbox
):
    rename(county, writer, "Dubrovnik-Neretva Coutny")
    assert page(client, link).status_code == 200
    with pytest.raises(InvalidError, match=r"asked at office@county\.example") as error:
        rename(county, writer, "University of Split")
    assert error.value.field == "forget"
    rename(county, writer, "University of Split", forget=True)
    assert refused(link) == "revoked"
    assert "has put another name in the place" in mailoutbox[-1].body
    assert link not in mailoutbox[-1].body


def test_who_wrote_is_told_when_it_is_taken_out(client, county, writer, link, mailoutbox):
    send(client, link)
    remove_stakeholder(stakeholder=county, by=writer)
    assert mailoutbox[-1].to == ["office@county.example"]
    assert "no longer names Dubrovnik-Neretva County in it" in mailoutbox[-1].body
    assert "a newer mail may have brought you another link" in page(client, link).content.decode()


@pytest.fixture
def sent_without(mailoutbox):
    """Return an application that was sent while its county was asked, its lead, and the link."""
    application, person = ready(partnership=False)
    county = StakeholderFactory(application=application, name="Dubrovnik-Neretva County")
    invite_online(asked=county, email="office@county.example", by=person)
    token = token_in(mailoutbox[-1])
    return submit(application, person), person, token


def test_page_before_the_sending_names_who_has_not_answered(county, writer, link, sign_in):
    url = reverse("applications:check", args=[county.application.key])
    words = sign_in(writer).get(url).content.decode()
    assert "Letter of Dubrovnik-Neretva County" in words
    assert "office@county.example" in words
    assert "with the sending these links end" in words


def test_sending_ends_the_open_links_and_everybody_is_told(
    client, sent_without, sign_in, mailoutbox
):
    application, person, token = sent_without
    told = [mail for mail in mailoutbox if "has ended" in mail.subject]
    assert [mail.to for mail in told] == [["office@county.example"]]
    assert "has sent its application without it" in told[0].body
    assert "it can open it again, and ask you anew" in told[0].body
    assert refused(token) == "moved_on"
    answer = send(client, token)
    assert answer.status_code == 410
    words = answer.content.decode()
    assert "has sent its application without it" in words
    # What was typed behind the dead link is not lost.
    assert "It gives two planners." in words
    receipt = reverse("applications:sent", args=[application.key])
    words = sign_in(person).get(receipt).content.decode()
    assert "Sent without these" in words
    assert "office@county.example" in words


def test_link_says_that_nothing_is_added_once_the_call_has_closed(client, sent_without):
    application, _person, token = sent_without
    with time_machine.travel(application.call.closes_at + dt.timedelta(seconds=1)):
        words = page(client, token).content.decode()
    assert "has sent its application without it" in words
    assert "Nothing can be added any more." in words
    assert "ask you anew" not in words


def test_who_is_asked_again_after_reopening_stands_on_what_is_sent_then(
    client, sent_without, mailoutbox
):
    application, person, _token = sent_without
    copy = reopen_application(application=application, by=person)
    [county] = copy.stakeholders.all()
    invite_online(asked=county, email="office@county.example", by=person)
    token = token_in(mailoutbox[-1])
    assert send(client, token).status_code == 302
    sent = submit(copy, person)
    assert sent.stakeholders.get().letter.statement == WORDS
    assert "The county runs the buses." in page(client, token).content.decode()


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (lambda copy, person: drop_changes(application=copy, by=person), "dropped the changes"),
        (
            lambda copy, person: withdraw_application(application=copy.revises, by=person),
            "withdrawn its application",
        ),
        (submit, "sent its application without it"),
    ],
    ids=["dropped", "withdrawn", "sent"],
)
def test_link_of_a_working_copy_ends_with_it(client, sent_without, mailoutbox, end, words):
    application, person, _token = sent_without
    copy = reopen_application(application=application, by=person)
    [county] = copy.stakeholders.all()
    invite_online(asked=county, email="office@county.example", by=person)
    token = token_in(mailoutbox[-1])
    before = len(mailoutbox)
    end(copy, person)
    told = [mail for mail in mailoutbox[before:] if mail.to == ["office@county.example"]]
    assert len(told) == 1
    assert words in told[0].body
    assert words in page(client, token).content.decode()


def test_nobody_is_told_of_a_link_whose_mail_had_not_left(county, writer, settings):
    settings.EMAIL_BACKEND = "core.post.backends.OutboxBackend"
    invitation = invite_online(asked=county, email="office@county.example", by=writer)
    revoke_online(invitation=invitation, by=writer)
    assert not Mail.objects.filter(kind="link_ended").exists()


def test_link_of_a_county_that_was_taken_out_is_not_known(client, county, writer, link):
    remove_stakeholder(stakeholder=county, by=writer)
    assert page(client, link).status_code == 410


def test_invitation_taken_back_leaves_with_its_mail_unsent(county, writer, settings):
    settings.EMAIL_BACKEND = "core.post.backends.OutboxBackend"
    invitation = invite_online(asked=county, email="office@county.example", by=writer)
    revoke_online(invitation=invitation, by=writer)
    mail = Mail.objects.get(kind="invitation_to_support")
    assert mail.status == "withdrawn"
    # Staff who read the outbox could write for anybody.
    assert mail.is_secret


def test_link_is_for_its_own_page_alone(client, link):
    assert client.get(reverse("applications:commit", args=[link])).status_code == 410
    with pytest.raises(InvalidError):
        commit_online(token=link, name="Nikola", office="President")
    member = MunicipalityFactory(application=GroupApplicationFactory())
    OnlineInvitationFactory(municipality=member, token="member")
    assert page(client, "member").status_code == 410
    with pytest.raises(InvalidError):
        write_letter(token="member", name="A", office="B", statement=WORDS)
    with pytest.raises(InvalidError):
        write_letter(token="made-up", name="A", office="B", statement=WORDS)


def test_another_letter_takes_the_place_of_the_first(client, county, writer, link, mailoutbox):
    send(client, link)
    invite_online(asked=county, email="office@county.example", by=writer)
    send(client, token_in(mailoutbox[-1]), statement="A second letter.")
    assert SupportLetter.objects.get().statement == "A second letter."
    assert AuditEvent.objects.filter(verb="application.letter_asked_again").count() == 1


@pytest.mark.usefixtures("link")
def test_members_and_stakeholders_do_not_share_an_address(county, writer):
    other = StakeholderFactory(application=county.application)
    with pytest.raises(InvalidError) as error:
        invite_online(asked=other, email="office@county.example", by=writer)
    assert error.value.code == "same_address"


@pytest.mark.usefixtures("link")
def test_nobody_is_flooded_with_invitations(county, writer):
    for _again in range(4):
        invite_online(asked=county, email="office@county.example", by=writer)
    with pytest.raises(InvalidError) as error:
        invite_online(asked=county, email="office@county.example", by=writer)
    assert error.value.code == "too_many"


def test_who_only_reads_asks_nobody(county):
    reader = MembershipFactory(organisation=county.application.organisation, role="viewer").user
    with pytest.raises(NotAllowedError):
        invite_online(asked=county, email="office@county.example", by=reader)


def test_named_and_asked_in_one_step_or_not_at_all(county, writer, mailoutbox):
    values = {"kind": "academia", "name": "Institute", "role": "Counts people.", "by": writer}
    with pytest.raises(InvalidError) as error:
        add_and_ask(application=county.application, contact_email="", **values)
    assert error.value.field == "contact_email"
    assert not county.application.stakeholders.filter(name="Institute").exists()
    add_and_ask(application=county.application, contact_email="a@inst.example", **values)
    assert mailoutbox[-1].to == ["a@inst.example"]


def test_public_page_is_slowed_down_for_who_tries(client, link, settings):
    settings.ACCOUNT_RATE_LIMITS = {"commit_online": "1/h/ip"}
    send(client, link, name="")
    assert send(client, link).status_code == 429
    assert not SupportLetter.objects.exists()


def test_city_asks_again_and_takes_back_on_its_pages(county, writer, link, sign_in, mailoutbox):
    browser = sign_in(writer)
    arguments = [county.application.key, county.pk]
    again = browser.post(reverse("applications:letter_resend", args=arguments))
    page = reverse("applications:stakeholders", args=arguments[:1])
    assert again.url == f"{page}#s{county.pk}"
    assert len(mailoutbox) == 2
    revoke = reverse("applications:letter_revoke", args=arguments)
    assert "Take the invitation back?" in browser.get(revoke).content.decode()
    browser.post(revoke)
    assert OnlineInvitation.objects.get().state == "revoked"
    typed = {"email": "president@county.example"}
    invite = reverse("applications:letter_invite", args=arguments)
    assert (
        "Invite Dubrovnik-Neretva County to write a letter" in browser.get(invite).content.decode()
    )
    browser.post(invite, typed)
    assert OnlineInvitation.objects.get().email == "president@county.example"


def test_staff_open_the_letter_from_the_application(sign_in):
    application = SubmittedApplicationFactory(submission=False)
    county = StakeholderFactory(application=application, name="County")
    OnlineLetterFactory(stakeholder=county, email="ana@gmail.com", statement=WORDS)
    SubmissionFactory(application=application)
    person = CoordinatorFactory()
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
    staff = sign_in(person)
    shown = staff.get(reverse("applications:staff_detail", args=[application.reference]))
    letter = reverse("applications:staff_letter", args=[application.reference, county.pk])
    assert letter in shown.content.decode()
    words = staff.get(letter).content.decode()
    assert "It gives two planners." in words
    assert "ana@gmail.com" in words
    assert "public mail provider" in words


def asked():
    application = ApplicationFactory()
    person = MembershipFactory(organisation=application.organisation, role="lead").user
    county = StakeholderFactory(application=application)
    return person, OnlineInvitationFactory(municipality=None, stakeholder=county, token="race")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_letter_sent_from_ten_threads_is_one():
    asked()
    results = run_in_threads(
        10, lambda n: write_letter(token="race", name=f"N {n}", office="P", statement=WORDS)
    )
    assert sum(isinstance(one, SupportLetter) for one in results) == 1
    assert {one.code for one in results if isinstance(one, WrongStateError)} == {"used"}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_taking_out_while_the_office_writes_has_one_winner():
    person, invitation = asked()

    def work(number):
        if number:
            return remove_stakeholder(stakeholder=invitation.stakeholder, by=person)
        return write_letter(token="race", name="Nikola", office="P", statement=WORDS)

    results = run_in_threads(2, work)
    assert not any(
        isinstance(one, Exception) and not isinstance(one, (WrongStateError, InvalidError))
        for one in results
    )
    assert not SupportLetter.objects.exists()
