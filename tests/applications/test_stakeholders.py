"""The stakeholder partnership: who stands in it, whose letter, and where that is read."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, OnlineInvitation, Stakeholder, SupportLetter
from applications.parts import parts_of
from applications.selectors import stakeholders_of, tasks_by_draft
from applications.services import (
    add_letter,
    add_stakeholder,
    edit_stakeholder,
    remove_stakeholder,
    submit_application,
)
from applications.services.stakeholders import MOST_STAKEHOLDERS, ROLE_LIMIT
from applications.snapshots import snapshot_of
from core.files.models import StoredFile
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.trail.models import AuditEvent
from tests.applications.test_commitments import upload
from tests.factories.applications import (
    ApplicationFactory,
    OnlineInvitationFactory,
    OnlineLetterFactory,
    StakeholderFactory,
    SubmittedApplicationFactory,
    SupportLetterFactory,
)
from tests.factories.programme import MembershipFactory

pytestmark = pytest.mark.django_db

COUNTY = {
    "kind": "region",
    "name": "Dubrovnik-Neretva County",
    "role": "Runs the buses between the towns.",
}


@pytest.fixture
def draft():
    return ApplicationFactory(partnership=False, response=None)


@pytest.fixture
def writer(draft):
    return MembershipFactory(organisation=draft.organisation, role="lead").user


@pytest.fixture
def county(draft):
    return StakeholderFactory(application=draft, **COUNTY)


def task_of(application):
    tasks = tasks_by_draft([Application.objects.get(pk=application.pk)])[application.pk]
    [task] = [task for task in tasks if task.key == "stakeholders_list"]
    return task


def test_stakeholder_is_added_in_its_order(draft, writer):
    first = add_stakeholder(application=draft, by=writer, **COUNTY)
    second = add_stakeholder(
        application=draft, by=writer, kind="academia", name=" University ", role="Students."
    )
    assert stakeholders_of(draft) == [first, second]
    assert (second.name, second.search_name) == ("University", "university")
    event = AuditEvent.objects.filter(verb="application.stakeholder_added").first()
    assert event.details["stakeholder"] in {first.name, second.name}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "friend"}, "kind"),
        ({"name": "  "}, "name"),
        ({"role": " "}, "role"),
        ({"role": "a" * (ROLE_LIMIT + 1)}, "role"),
        # Letters of another script that look alike.
        ({"name": "Dubrovnik-Neretva Соunty"}, "name"),
    ],
)
@pytest.mark.usefixtures("county")
def test_what_cannot_stand_on_an_application_is_refused(draft, writer, wrong, field):
    with pytest.raises(InvalidError) as error:
        add_stakeholder(application=draft, by=writer, **{**COUNTY, "name": "Another", **wrong})
    assert error.value.field == field
    assert draft.stakeholders.count() == 1


def test_list_has_an_end(draft, writer):
    StakeholderFactory.create_batch(MOST_STAKEHOLDERS, application=draft)
    with pytest.raises(InvalidError) as error:
        add_stakeholder(application=draft, by=writer, **COUNTY)
    assert error.value.code == "too_many_stakeholders"


def test_who_only_reads_changes_nothing(draft, county):
    reader = MembershipFactory(organisation=draft.organisation, role="viewer").user
    for change in (
        lambda: add_stakeholder(application=draft, by=reader, **COUNTY),
        lambda: edit_stakeholder(stakeholder=county, by=reader, role="Nothing."),
        lambda: remove_stakeholder(stakeholder=county, by=reader),
    ):
        with pytest.raises(NotAllowedError):
            change()


def test_what_was_sent_takes_no_stakeholder():
    sent = SubmittedApplicationFactory()
    writer = MembershipFactory(organisation=sent.organisation, role="lead").user
    with pytest.raises(WrongStateError):
        add_stakeholder(application=sent, by=writer, **COUNTY)


def test_change_of_another_in_between_is_not_overwritten(draft, writer, county):
    read = draft.version
    edit_stakeholder(stakeholder=county, by=writer, read_version=read, role="Runs the ferries.")
    with pytest.raises(StaleError):
        edit_stakeholder(stakeholder=county, by=writer, read_version=read, role="Runs the roads.")
    county.refresh_from_db()
    assert county.role == "Runs the ferries."


def test_nothing_changed_counts_no_version(draft, writer, county):
    edit_stakeholder(stakeholder=county, by=writer, read_version=draft.version, role=county.role)
    assert Application.objects.get(pk=draft.pk).version == draft.version


@pytest.mark.parametrize(
    ("values", "kept"),
    [({"role": "Other."}, 1), ({"name": "DUBROVNIK-NERETVA COUNTY"}, 1), ({"name": "Istria"}, 0)],
)
def test_word_of_one_office_is_not_taken_for_another(writer, county, values, kept):
    OnlineLetterFactory(stakeholder=county)
    OnlineInvitationFactory(municipality=None, stakeholder=county)
    if not kept:
        with pytest.raises(InvalidError) as error:
            edit_stakeholder(stakeholder=county, by=writer, **values)
        assert (error.value.field, error.value.code) == ("forget", "word_goes")
        assert SupportLetter.objects.exists()
    edit_stakeholder(stakeholder=county, by=writer, forget=not kept, **values)
    assert SupportLetter.objects.count() == kept
    assert OnlineInvitation.objects.filter(revoked_at=None).count() == kept


def test_letter_on_file_stays_under_another_name(writer, county):
    SupportLetterFactory(stakeholder=county)
    edit_stakeholder(stakeholder=county, by=writer, name="Dubrovnik-Neretva")
    assert SupportLetter.objects.exists()


def test_stakeholder_goes_with_its_letter(writer, county):
    SupportLetterFactory(stakeholder=county)
    remove_stakeholder(stakeholder=county, by=writer)
    assert not Stakeholder.objects.exists()
    assert not StoredFile.objects.exists()
    with pytest.raises(WrongStateError):
        remove_stakeholder(stakeholder=county, by=writer)


def letter_of(county, writer, **values):
    return add_letter(
        stakeholder=county,
        by=writer,
        **{
            "upload": upload(),
            "signed_by_name": "Nikola",
            "signed_by_office": "President",
            "signed_on": timezone.localdate(),
            **values,
        },
    )


def test_letter_of_the_city_replaces_the_first_and_ends_the_link(writer, county):
    OnlineInvitationFactory(municipality=None, stakeholder=county)
    letter_of(county, writer)
    second = letter_of(county, writer, signed_by_name="Ana")
    assert SupportLetter.objects.get() == second
    assert not second.is_online
    assert StoredFile.objects.count() == 1
    assert OnlineInvitation.objects.get().state == "revoked"


def test_letter_of_tomorrow_is_refused(writer, county):
    with pytest.raises(InvalidError) as error:
        letter_of(county, writer, signed_on=timezone.localdate() + dt.timedelta(days=2))
    assert error.value.field == "signed_on"
    assert not StoredFile.objects.exists()


def test_letters_count_for_the_room_of_all_files(writer, county, settings):
    settings.APPLICATION_MAX_BYTES = upload().size + 10
    letter_of(county, writer)
    other = StakeholderFactory(application=county.application)
    with pytest.raises(InvalidError) as error:
        letter_of(other, writer)
    assert error.value.code == "quota"


def test_task_asks_for_one_and_needs_no_letter(draft):
    assert task_of(draft).missing == (
        "Name at least one organisation that works on this with you.",
    )
    StakeholderFactory(application=draft, **COUNTY)
    assert task_of(draft).is_done
    assert task_of(draft).hint == COUNTY["name"]


def test_nobody_in_the_partnership_is_not_sent(draft, writer):
    with pytest.raises(InvalidError, match="Stakeholder partnership"):
        submit_application(application=draft, by=writer)


def test_what_is_sent_names_them_and_keeps_the_letter(draft, county):
    OnlineLetterFactory(stakeholder=county)
    snapshot = snapshot_of(draft)
    [sent] = snapshot["stakeholders"]
    assert (sent["kind"], sent["name"], sent["role"]) == tuple(COUNTY.values())
    assert sent["letter"]["email"] == "office@county.example"
    [part] = [part for part in parts_of(snapshot) if part.key == "stakeholders_list"]
    who, letter = part.rows
    assert (who.label, who.value) == ("County, province or region", COUNTY["name"])
    assert letter.value == "We run the buses, and give two planners."
    assert "online, office@county.example" in letter.note


def test_older_submissions_say_nothing_of_it():
    assert "stakeholders_list" not in [part.key for part in parts_of({"format": 1})]


class TestPages:
    @pytest.fixture
    def browser(self, sign_in, writer):
        return sign_in(writer)

    @staticmethod
    def at(name, *arguments):
        return reverse(f"applications:{name}", args=arguments)

    def test_city_adds_changes_and_takes_out(self, browser, draft):
        page = self.at("stakeholders", draft.key)
        typed = {**COUNTY, "contact_email": "", "contact_name": "", "version": draft.version}
        assert browser.post(page, typed).status_code == 302
        county = draft.stakeholders.get()
        shown = browser.get(page).content.decode()
        assert "Dubrovnik-Neretva County" in shown
        assert "No letter, none is needed" in shown
        edit = self.at("stakeholder_edit", draft.key, county.pk)
        fresh = Application.objects.get(pk=draft.pk).version
        typed |= {"role": "Runs the ferries.", "version": fresh}
        assert browser.post(edit, typed).status_code == 302
        assert browser.post(edit, typed | {"name": "", "version": fresh + 1}).status_code == 422
        remove = self.at("stakeholder_remove", draft.key, county.pk)
        assert "Remove Dubrovnik-Neretva County?" in browser.get(remove).content.decode()
        # Nobody is left: what adds one gets the focus.
        assert browser.post(remove).url == f"{self.at('stakeholders', draft.key)}#id_kind"
        assert not draft.stakeholders.exists()

    def test_what_is_missing_stands_at_its_field(self, browser, draft):
        answer = browser.post(self.at("stakeholders", draft.key), {"kind": "region"})
        assert answer.status_code == 422
        assert "Name the organisation." in answer.content.decode()

    def test_going_on_adds_what_was_typed(self, browser, draft):
        address = self.at("stakeholders", draft.key)
        typed = {**COUNTY, "go_on": "1"}
        assert browser.post(address, {"go_on": "1"}).status_code == 302
        assert browser.post(address, typed | {"role": ""}).status_code == 422
        assert browser.post(address, typed).url != address
        assert draft.stakeholders.get().name == COUNTY["name"]

    def test_added_and_invited_with_one_button(self, browser, draft, mailoutbox):
        typed = {**COUNTY, "contact_email": "office@county.example", "invite": "1"}
        assert browser.post(self.at("stakeholders", draft.key), typed).status_code == 302
        assert mailoutbox[-1].to == ["office@county.example"]
        shown = browser.get(self.at("stakeholders", draft.key)).content.decode()
        assert "Invited, no answer yet" in shown
        assert "invitation is on its way to office@county.example" in shown

    def test_added_and_invited_needs_an_address(self, browser, draft):
        typed = {**COUNTY, "contact_email": "", "invite": "1"}
        assert browser.post(self.at("stakeholders", draft.key), typed).status_code == 422
        assert not draft.stakeholders.exists()

    def test_letter_is_uploaded_and_handed_out(self, browser, draft, county):
        page = self.at("letter_add", draft.key, county.pk)
        typed = {
            "file": upload(),
            "signed_by_name": "Nikola",
            "signed_by_office": "President",
            "signed_on": timezone.localdate().isoformat(),
        }
        assert browser.post(page, typed).status_code == 302
        file = browser.get(self.at("letter_file", draft.key, county.pk))
        assert file["Content-Disposition"].startswith("attachment")

    def test_letter_without_a_file_has_none_to_hand_out(self, browser, draft, county):
        OnlineLetterFactory(stakeholder=county)
        assert browser.get(self.at("letter_file", draft.key, county.pk)).status_code == 404

    def test_stakeholder_of_another_application_is_not_found(self, browser, draft):
        other = StakeholderFactory()
        for name in ("stakeholder_edit", "stakeholder_remove", "letter_add", "letter_invite"):
            assert browser.get(self.at(name, draft.key, other.pk)).status_code == 404

    @pytest.mark.parametrize("number", [1, 3])
    def test_page_takes_the_same_queries_for_one_and_three(
        self, number, browser, draft, django_assert_num_queries
    ):
        for _more in range(number):
            OnlineLetterFactory(stakeholder=StakeholderFactory(application=draft))
        with django_assert_num_queries(5):
            assert browser.get(self.at("stakeholders", draft.key)).status_code == 200
