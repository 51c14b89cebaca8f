"""Owners, notes, tags and marks of reading: done, refused, done twice."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.casework import services
from applications.casework.models import CaseOwner, Mention, Note, Seen, StaffTag, Tagging
from applications.casework.selectors import (
    case_of,
    colleagues_for,
    given_to,
    owned_by,
    people_who_are_told,
    tags_in_use,
    unread_mentions,
    without_owner,
)
from applications.casework.services import tags
from applications.casework.states import EDITABLE_FOR
from applications.models import Application
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.post.models import Mail
from core.trail.models import AuditEvent
from core.trail.selectors import audit_events
from reminders.services.sweep import queue_reminders
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
)
from tests.factories.applications import ConflictFactory, SubmittedApplicationFactory
from tests.factories.casework import (
    CaseOwnerFactory,
    NoteFactory,
    SeenFactory,
    StaffTagFactory,
    TaggingFactory,
)
from tests.factories.programme import MembershipFactory, PartnerCountryFactory

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def ilse():
    return CoordinatorFactory(full_name="Ilse Verbeek", email="ilse@unit.example")


@pytest.fixture
def marek():
    return CoordinatorFactory(full_name="Marek Dvořák", email="marek@unit.example")


@pytest.fixture
def application():
    return SubmittedApplicationFactory()


def fresh(row):
    """Return a row as a page reads it: without what another page has remembered."""
    return type(row).objects.get(pk=row.pk)


def verbs():
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def own(application, owner, by, version=0):
    return services.set_owner(application=application, owner=owner, read_version=version, by=by)


# Owners -----------------------------------------------------------------------------


def test_case_is_taken_given_and_let_go(application, ilse, marek):
    own(application, ilse, ilse)
    own(application, marek, ilse, 1)
    row = own(application, None, marek, 2)
    assert (row.owner, row.version) == (None, 3)
    assert verbs() == ["case.taken", "case.given", "case.let_go"]
    given = AuditEvent.objects.get(verb="case.given")
    assert given.words.details == {"former_owner": "Ilse Verbeek", "owner": "Marek Dvořák"}


def test_giving_to_the_owner_leaves_no_line(application, ilse):
    own(application, ilse, ilse)
    own(application, ilse, ilse, 1)
    assert verbs() == ["case.taken"]


def test_who_comes_second_reads_who_was_first(application, ilse, marek):
    own(application, marek, marek)
    with pytest.raises(StaleError, match="Marek Dvořák looks after"):
        own(application, ilse, ilse)
    assert CaseOwner.objects.get().owner == marek


@pytest.mark.parametrize(
    "colleague",
    [
        lambda _: ObserverFactory(),
        lambda _: AssessorFactory(),
        lambda _: DeskFactory(),
        lambda _: CoordinatorFactory(is_active=False),
        lambda application: (
            ConflictFactory(application=application, person=CoordinatorFactory()).person
        ),
    ],
    ids=["observer", "assessor", "desk without countries", "closed", "with a link"],
)
def test_case_is_given_to_nobody_who_may_not_act_on_it(colleague, application, ilse):
    person = colleague(application)
    with pytest.raises(InvalidError, match="does not see this application") as refusal:
        own(application, person, ilse)
    assert refusal.value.field == "owner"
    assert not CaseOwner.objects.exists()


def test_owner_with_a_link_owns_nothing_any_more(application, ilse, marek):
    own(application, marek, marek)
    ConflictFactory(application=application, person=marek)
    assert not owned_by(marek).exists()
    assert case_of(fresh(application), ilse).owner.is_lost
    assert application in without_owner(Application.objects.all())
    assert own(application, ilse, ilse, 1).owner == ilse


@pytest.mark.parametrize("change", [{"is_active": False}, {"staff_role": "observer"}])
def test_owner_who_leaves_or_changes_role_is_shown_as_gone(change, application, ilse, marek):
    own(application, marek, marek)
    type(marek).objects.filter(pk=marek.pk).update(**change)
    assert case_of(fresh(application), ilse).owner.is_lost
    assert application in without_owner(Application.objects.all())


def test_desk_that_loses_its_country_owns_nothing(ilse):
    india = PartnerCountryFactory()
    application = SubmittedApplicationFactory(partner_countries=[india])
    desk = DeskFactory(countries=[india])
    own(application, desk, ilse)
    assert not case_of(fresh(application), ilse).owner.is_lost
    desk.desk_countries.all().delete()
    assert case_of(fresh(application), ilse).owner.is_lost


def test_given_case_stands_as_new_until_it_is_opened(application, ilse, marek):
    own(application, marek, ilse)
    assert given_to(marek).count() == 1
    services.note_seen(application=application, by=marek)
    assert given_to(marek).count() == 0
    assert owned_by(marek).count() == 1


def test_account_that_is_deleted_leaves_the_case_to_nobody(application, marek):
    own(application, marek, marek)
    marek.delete()
    assert CaseOwner.objects.get().owner is None


# Notes ------------------------------------------------------------------------------


def write(application, text, by):
    return services.write_note(application=application, text=text, by=by)


def test_note_stands_with_its_writer_and_its_words_in_no_record(application, ilse):
    note = write(application, "The mayor has called.", ilse)
    assert (note.by, note.name, note.words) == (ilse, "Ilse Verbeek", "The mayor has called.")
    [event] = AuditEvent.objects.all()
    assert event.verb == "note.written"
    assert "mayor" not in f"{event.words.details} {event.words.reason} {event.words.label}"


@pytest.mark.parametrize("text", ["", " \u200b ", "x" * 3001])
def test_note_says_something_and_not_too_much(text, application, ilse):
    with pytest.raises(InvalidError) as refusal:
        write(application, text, ilse)
    assert refusal.value.field == "text"


@pytest.mark.parametrize(
    "text",
    [
        "@Marek Dvořák, please look.",
        "Please look, @marek dvorak!",
        "(@Marek) please look",
        "@marek@unit.example: please look",
        "@Marek's part",
        "“@Marek Dvořák” and again @Marek",
    ],
)
def test_colleague_is_called_by_name(text, application, ilse, marek):
    write(application, text, ilse)
    assert [mention.person for mention in Mention.objects.all()] == [marek]
    assert unread_mentions(marek).count() == 1


@pytest.mark.parametrize("text", ["Write to ana@split.example.", "@ilse: later", "5 @ 3"])
def test_nobody_is_called_by_an_address_or_by_themselves(text, application, ilse, marek):
    write(application, text, ilse)
    assert not Mention.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@Nobody Here", "“@Nobody” calls nobody who reads these notes"),
        ("@Ana", "Several of staff are called “Ana”"),
        ("@Nora Lind", "“@Nora Lind” calls nobody who reads these notes"),
    ],
)
def test_call_that_reaches_nobody_is_refused_with_a_sentence(text, words, application, ilse):
    CoordinatorFactory(full_name="Ana One")
    CoordinatorFactory(full_name="Ana Two")
    AssessorFactory(full_name="Nora Lind")
    with pytest.raises(InvalidError, match=words):
        write(application, text, ilse)
    assert not Note.objects.exists()


def test_colleague_with_a_link_cannot_be_called(application, ilse, marek):
    ConflictFactory(application=application, person=marek)
    with pytest.raises(InvalidError, match="“@Marek” has a link with this applicant"):
        write(application, "@Marek look", ilse)
    [one] = [one for one in colleagues_for(application) if one.person == marek]
    assert not one.sees


def test_member_of_the_applicant_is_called_no_more_than_one_with_a_link(application, ilse, marek):
    MembershipFactory(organisation=application.organisation, user=marek)
    with pytest.raises(InvalidError, match="has a link with this applicant"):
        write(application, "@Marek look", ilse)


def test_observer_reads_and_can_be_called_and_writes_nothing(application, ilse):
    nora = ObserverFactory(full_name="Nora Lind")
    write(application, "@Nora look", ilse)
    assert unread_mentions(nora).count() == 1
    with pytest.raises(NotAllowedError):
        write(application, "I have.", nora)


def test_note_is_changed_within_minutes_and_its_calls_with_it(application, ilse, marek):
    nora = ObserverFactory(full_name="Nora Lind")
    note = write(application, "@Marek look", ilse)
    services.edit_note(note=note, text="@Nora look", by=ilse)
    note.refresh_from_db()
    assert note.words == "@Nora look"
    assert note.edited_at is not None
    assert [mention.person for mention in note.mentions.all()] == [nora]
    assert verbs() == ["note.written", "note.edited"]


def test_note_is_not_changed_later(application, ilse):
    note = write(application, "First.", ilse)
    with (
        time_machine.travel(note.at + EDITABLE_FOR + MINUTE, tick=False),
        pytest.raises(WrongStateError, match="further note"),
    ):
        services.edit_note(note=note, text="Second.", by=ilse)


def test_nobody_changes_the_note_of_another(application, ilse, marek):
    note = write(application, "First.", ilse)
    with pytest.raises(NotAllowedError, match="further note"):
        services.edit_note(note=note, text="Second.", by=marek)


def test_removed_note_loses_its_words_and_leaves_a_mark(application, ilse, marek):
    note = write(application, "@Marek, he is often ill.", ilse)
    services.remove_note(note=note, by=ilse)
    services.remove_note(note=note, by=ilse)
    [shown] = case_of(fresh(application), marek).notes
    assert (shown.words, shown.is_removed, shown.by.name) == ("", True, "Ilse Verbeek")
    assert not unread_mentions(marek).exists()
    assert verbs() == ["note.written", "note.removed"]
    with pytest.raises(WrongStateError):
        services.edit_note(note=note, text="Again.", by=ilse)


def test_database_keeps_no_words_of_a_removed_note():
    with pytest.raises(IntegrityError), transaction.atomic():
        NoteFactory(removed_at=timezone.now())


def test_mention_waits_until_it_is_shown(application, ilse, marek):
    notes = [write(application, "@Marek look", ilse) for _ in range(2)]
    services.note_seen(application=application, by=ilse, notes=[notes[0].pk])
    services.note_seen(application=application, by=marek)
    assert unread_mentions(marek).count() == 2
    services.note_seen(application=application, by=marek, notes=[notes[0].pk])
    assert [one.note for one in unread_mentions(marek)] == [notes[1]]


def test_what_is_no_longer_seen_does_not_wait(application, ilse, marek):
    write(application, "@Marek look", ilse)
    ConflictFactory(application=application, person=marek)
    assert not unread_mentions(marek).exists()
    assert people_who_are_told().get(pk=marek.pk).unread_since is None


def test_one_mail_a_day_for_all_that_waits(ilse, marek):
    day = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    with time_machine.travel(day, tick=False):
        for _ in range(3):
            write(SubmittedApplicationFactory(), "@Marek look", ilse)
    hours = dt.timedelta(hours=1)
    assert queue_reminders(now=day + 8 * hours) == 0
    assert queue_reminders(now=day + 16 * hours) == 1
    assert queue_reminders(now=day + 40 * hours) == 0
    [mail] = Mail.objects.all()
    assert (mail.recipient, mail.kind) == (marek.email, "reminder_notes_unread")
    assert "look" not in mail.text.replace("look ", "")


def test_who_has_read_gets_no_mail(application, ilse, marek):
    day = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    with time_machine.travel(day, tick=False):
        note = write(application, "@Marek look", ilse)
    with time_machine.travel(day + MINUTE, tick=False):
        services.note_seen(application=application, by=marek, notes=[note.pk])
    assert queue_reminders(now=day + dt.timedelta(days=2)) == 0


# Seen -------------------------------------------------------------------------------


def test_opening_again_moves_the_one_mark(application, ilse):
    SeenFactory(application=application, person=ilse, at=timezone.now() - 90 * MINUTE)
    services.note_seen(application=application, by=ilse)
    [row] = Seen.objects.all()
    assert timezone.now() - row.at < MINUTE


@pytest.mark.parametrize(("minutes", "due"), [(None, True), (1, False), (59, False), (61, True)])
def test_mark_is_due_once_an_hour(minutes, due, application, ilse):
    if minutes is not None:
        SeenFactory(application=application, person=ilse, at=timezone.now() - minutes * MINUTE)
    assert case_of(application, ilse).has_to_mark(ilse) is due


def test_mark_is_due_at_once_for_what_has_come_since(application, ilse, marek):
    SeenFactory(application=application, person=marek, at=timezone.now() - 5 * MINUTE)
    assert not case_of(fresh(application), marek).has_to_mark(marek)
    write(application, "@Marek look", ilse)
    assert case_of(fresh(application), marek).has_to_mark(marek)
    own(application, ilse, ilse)
    assert not case_of(fresh(application), ilse).has_to_mark(ilse) or not Seen.objects.filter(
        person=ilse
    )


# Tags -------------------------------------------------------------------------------


def test_tags_are_set_and_recorded_once(application, ilse):
    legal, late = StaffTagFactory(), StaffTagFactory()
    services.set_tags(application=application, tags=[legal, late], by=ilse)
    services.set_tags(application=application, tags=[late, legal], by=ilse)
    services.set_tags(application=application, tags=[late], by=ilse)
    assert [row.tag for row in application.taggings.all()] == [late]
    assert sorted(verbs()) == ["case.tagged", "case.tagged", "case.untagged"]
    assert {event.details["tag"] for event in AuditEvent.objects.all()} == {legal.name, late.name}


def test_tag_taken_off_stays_hidden_from_who_has_a_link(application, ilse, marek):
    tag = StaffTagFactory(name="Inwardly")
    services.set_tags(application=application, tags=[tag], by=ilse)
    services.set_tags(application=application, tags=[], by=ilse)
    assert len(audit_events(reader=marek)) == 2
    ConflictFactory(application=application, person=marek)
    assert not audit_events(reader=marek).exists()
    # Nobody owns it for that, and who takes it first is not too late.
    assert own(application, ilse, ilse).version == 1


def test_what_a_colleague_did_to_the_tags_meanwhile_stays(application, ilse, marek):
    legal, late, new = StaffTagFactory(), StaffTagFactory(), StaffTagFactory()
    services.set_tags(application=application, tags=[legal, late], by=ilse)
    services.set_tags(application=application, tags=[legal, new], by=marek, shown=[legal, late])
    services.set_tags(application=application, tags=[late], by=ilse, shown=[legal, late])
    assert [row.tag for row in application.taggings.all()] == [new]


def test_word_that_a_colleague_adds_at_once_is_refused_with_a_sentence(ilse, monkeypatch):
    asked = []

    def overtaken(row):
        asked.append(row)
        if len(asked) == 1:
            StaffTagFactory(name="Legal")
        else:
            require_free(row)

    require_free = tags._require_free
    monkeypatch.setattr(tags, "_require_free", overtaken)
    with pytest.raises(InvalidError, match="There is the tag “Legal” already"):
        services.save_tag(name="legal", tone="plain", by=ilse)


def test_tags_are_counted_on_what_the_reader_sees(application, ilse):
    tag = TaggingFactory(application=application).tag
    TaggingFactory(tag=tag)
    assert tags_in_use(ilse).get().number == 2
    ConflictFactory(application=application, person=ilse)
    assert tags_in_use(ilse).get().number == 1


def test_tag_that_is_gone_is_refused(application, ilse):
    tag = StaffTagFactory()
    StaffTag.objects.all().delete()
    with pytest.raises(WrongStateError):
        services.set_tags(application=application, tags=[tag], by=ilse)


@pytest.mark.parametrize("name", ["legal question", "LEGAL  QUESTION", "Légal question"])
def test_same_word_is_one_tag(name, ilse):
    services.save_tag(name="Legal question", tone="info", by=ilse)
    with pytest.raises(InvalidError, match="already") as refusal:
        services.save_tag(name=name, tone="plain", by=ilse)
    assert refusal.value.field == "name"


@pytest.mark.parametrize(("name", "tone"), [("", "info"), ("x" * 41, "info"), ("x", "pink")])
def test_tag_has_a_short_word_and_a_known_colour(name, tone, ilse):
    with pytest.raises(InvalidError):
        services.save_tag(name=name, tone=tone, by=ilse)


def test_tag_is_changed_by_who_has_seen_it_as_it_is(ilse):
    tag = StaffTagFactory()
    services.save_tag(name="Late", tone="danger", tag=tag, read_version=1, by=ilse)
    with pytest.raises(StaleError):
        services.save_tag(name="Later", tone="danger", tag=tag, read_version=1, by=ilse)
    assert StaffTag.objects.get().name == "Late"


def test_merging_moves_what_bears_the_tag_and_doubles_nothing(application, ilse):
    late, delayed = StaffTagFactory(), StaffTagFactory()
    other = TaggingFactory(tag=delayed).application
    for tag in (late, delayed):
        TaggingFactory(application=application, tag=tag)
    services.merge_tags(tag=delayed, into=late, by=ilse)
    assert list(StaffTag.objects.all()) == [late]
    assert {row.application for row in Tagging.objects.all()} == {application, other}
    event = AuditEvent.objects.get(verb="tag.merged")
    assert event.facts == {"moved": 1}
    assert event.words.details == {"merged": delayed.name}


def test_tag_is_not_merged_into_itself_or_into_one_that_is_gone(ilse):
    tag, other = StaffTagFactory(), StaffTagFactory()
    with pytest.raises(InvalidError):
        services.merge_tags(tag=tag, into=tag, by=ilse)
    services.merge_tags(tag=other, into=tag, by=ilse)
    with pytest.raises(WrongStateError):
        services.merge_tags(tag=other, into=tag, by=ilse)


def test_tag_in_use_is_not_removed(ilse):
    used, free = TaggingFactory().tag, StaffTagFactory()
    with pytest.raises(WrongStateError, match="Merge"):
        services.remove_tag(tag=used, by=ilse)
    services.remove_tag(tag=free, by=ilse)
    assert list(StaffTag.objects.all()) == [used]


def test_owner_row_of_nobody_says_so():
    assert str(CaseOwnerFactory(owner=None, given_by=None)).endswith(": –")
