"""The record of deeds: chained, sealed, erasable, and proved."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.services import delete_person, set_staff_role
from core.trail import guards
from core.trail.append_only import AppendOnlyQuerySet
from core.trail.chain import link, plain_json, salted
from core.trail.models import AuditEvent, AuditRoot, EventWords, SealedChain
from core.trail.proving import prove
from core.trail.selectors import events_of, root_over
from core.trail.services import (
    Part,
    erase_records,
    record_event,
    seal_daily,
    seal_records,
)
from core.trail.tasks import seal_records as seal_task
from tests.factories.accounts import CoordinatorFactory, UserFactory
from tests.factories.applications import SubmittedApplicationFactory
from tests.infra.threads import run_in_threads

pytestmark = pytest.mark.django_db


def deed(target, by=None, verb="x.y", **more):
    return record_event(verb=verb, target=target, by=by, **more)


def unguarded(sql, *params):
    """Write past the portal, as the owner of the database can."""
    guards.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    guards.install(connection)


def first_fault(**options):
    proof = prove(**options)
    return str(proof.faults[0]) if proof.faults else ""


@pytest.fixture
def chain():
    """Five deeds about one person, two about another, all sealed."""
    person, by = UserFactory(full_name="Ana Kovačević"), CoordinatorFactory()
    for number in range(5):
        deed(person, by, reason=f"Reason {number}.", details={"fields": ["phone"], "note": "Ana"})
    other = UserFactory()
    deed(other, by), deed(other)
    seal_records()
    return person


def test_records_of_an_object_are_numbered_and_linked(chain):
    events = list(events_of(chain).order_by("number"))
    assert [event.number for event in events] == [1, 2, 3, 4, 5]
    before = ""
    for event in events:
        assert event.hash == link(
            previous=before,
            number=event.number,
            before=event.before,
            digest=event.as_deed().digest(),
        )
        before = event.hash
    assert not prove().faults


def test_returned_record_is_the_stored_one(chain):
    made = deed(chain, details={"share": 0.5, "tags": ("a", "b")})
    stored = AuditEvent.objects.get(pk=made.pk)
    assert vars(stored.as_deed()) == vars(made.as_deed())
    assert (stored.hash, stored.number, stored.details) == (made.hash, 6, made.details)
    assert plain_json({"share": 0.5, "tags": ("a",)}) == {"share": "0.5", "tags": ["a"]}


def test_states_before_and_after_are_on_record():
    person, boss = UserFactory(), CoordinatorFactory()
    set_staff_role(person=person, role="observer", by=boss)
    set_staff_role(person=person, role="coordinator", by=boss)
    rows = events_of(person).order_by("number").values_list("before", "after")
    assert list(rows) == [("", "observer"), ("observer", "coordinator")]


def test_record_names_nobody_and_holds_no_words():
    by = CoordinatorFactory(full_name="Ilse Verbeek")
    application = SubmittedApplicationFactory()
    event = deed(application, by, reason="Łódź", details={"signatory": "Ana", "criterion": "size"})
    row = str(AuditEvent._base_manager.filter(pk=event.pk).values().get())
    assert "Ilse" not in row
    assert "Ana" not in row
    assert "Łódź" not in row
    assert event.facts == {"criterion": "size"}
    assert event.actor_key == by.pseudonym


def test_record_takes_two_queries(django_assert_num_queries):
    person, by = UserFactory(), CoordinatorFactory()
    deed(person, by)
    with django_assert_num_queries(2):
        deed(person, by, reason="Why.", details={"note": "n"})


@pytest.mark.parametrize("table", guards.TABLES)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_database_refuses_to_change_or_remove_a_record(chain, table, change):
    with (
        pytest.raises(DatabaseError, match=guards.REFUSAL),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table))


CHANGED, WORDS, WHO = "it was changed", "its words were changed", "who acted was changed"
ANEW, GONE = "its words were written anew", "its words are gone, and no record says who erased them"
EMPTIED = "salt = '', label = '', reason = '', details = '{}'"


@pytest.mark.parametrize(
    ("table", "change", "says"),
    [
        ("auditevent", "verb = 'x.z'", CHANGED),
        ("auditevent", "facts = '{}'", CHANGED),
        ("auditevent", "facts = 'null'", CHANGED),
        ("auditevent", "facts = '[]'", CHANGED),
        ("auditevent", """facts = '{"words_erased": 5}'""", CHANGED),
        ("auditevent", """facts = '{"words_erased": [{}]}'""", CHANGED),
        ("auditevent", "actor_key = NULL", CHANGED),
        ("auditevent", "before = 'draft'", CHANGED),
        ("auditevent", "hash = words_digest", CHANGED),
        ("eventwords", "reason = 'No.'", WORDS),
        ("eventwords", "label = 'No.'", WORDS),
        ("eventwords", "actor_name = 'I'", WHO),
        ("eventwords", "actor_id = (SELECT MAX(id) FROM accounts_user)", WHO),
        ("eventwords", "actor_salt = ''", "who acted was written anew"),
        ("eventwords", "salt = ''", ANEW),
        ("eventwords", EMPTIED, GONE),
    ],
)
def test_tampered_record_is_named_by_its_number(chain, table, change, says):
    event = events_of(chain).get(number=3)
    key = "id" if table == "auditevent" else "event_id"
    unguarded(f"UPDATE trail_{table} SET {change} WHERE {key} = %s", event.pk)
    fault = first_fault()
    assert fault.startswith(f"accounts.user {chain.pk}, record 3: ")
    assert says in fault
    assert prove().wrong == 1


def test_words_that_were_removed_are_told_from_erased_ones(chain):
    unguarded("DELETE FROM trail_eventwords WHERE event_id = %s", events_of(chain).get(number=3).pk)
    assert "record 3: its words were removed, not erased" in first_fault()


def remove(*events):
    keys = ", ".join(str(event.pk) for event in events)
    unguarded(f"DELETE FROM trail_eventwords WHERE event_id IN ({keys})")
    unguarded(f"DELETE FROM trail_auditevent WHERE id IN ({keys})")


def test_record_cut_out_is_missed(chain):
    remove(events_of(chain).get(number=3))
    assert "record 3: it is missing: after it comes record 4" in first_fault()


def test_tail_cut_off_is_missed_by_the_root(chain):
    remove(*events_of(chain).filter(number__gte=4))
    assert "record 4: it is missing: root 1 sealed 5 records" in first_fault()


def test_whole_chain_dropped_is_missed_by_the_root(chain):
    remove(*events_of(chain))
    assert f"accounts.user {chain.pk}, record 1: it is missing" in first_fault()
    assert prove().chains == 1


def test_last_record_written_anew_with_its_hash_is_found_by_the_root(chain):
    last = events_of(chain).get(number=5)
    last.verb = "x.other"
    digest = link(
        previous=events_of(chain).get(number=4).hash,
        number=5,
        before=last.before,
        digest=last.as_deed().digest(),
    )
    unguarded(
        "UPDATE trail_auditevent SET verb = 'x.other', hash = %s WHERE id = %s", digest, last.pk
    )
    assert "record 5: it is not the record that root 1 sealed" in first_fault()


def test_root_that_was_changed_or_dropped_is_named(chain):
    deed(chain)
    seal_records()
    unguarded("UPDATE trail_auditroot SET records = 1 WHERE number = 1")
    assert first_fault() == "root 1: it is not what was sealed then."
    unguarded("DELETE FROM trail_auditroot WHERE number = 1")
    assert first_fault() == "root 1: it is missing."
    unguarded("DELETE FROM trail_auditroot")
    assert first_fault() == "root 1: it is missing, and its chains are there."


def test_record_that_was_written_anew_as_a_whole_is_found_by_the_root_kept_outside(chain):
    kept = AuditRoot.objects.get()
    for table in ("eventwords", "sealedchain", "auditroot", "auditevent"):
        unguarded(f"DELETE FROM trail_{table}")
    deed(chain)
    seal_records()
    assert not first_fault()
    assert "root 1: it is not the one that was kept" in first_fault(outside=(1, kept.hash))


def test_root_that_is_made_while_the_record_is_read_is_no_fault(chain, monkeypatch):
    def seal_meanwhile(**of_root):
        made = root_over(**of_root)
        deed(chain)
        seal_records()
        return made

    monkeypatch.setattr("core.trail.proving.root_over", seal_meanwhile)
    assert not first_fault()
    assert AuditRoot.objects.count() == 2


def test_erasure_behind_a_gap_still_speaks_for_what_it_lists(chain):
    erase_records(events=events_of(chain).filter(number=2), part=Part.WORDS, reason="Asked for.")
    remove(events_of(chain).get(number=5))
    assert "record 5: it is missing: after it comes record 6" in first_fault()


def test_changed_record_cannot_say_that_words_were_erased(chain):
    second, third = events_of(chain).filter(number__in=(2, 3)).order_by("number")
    unguarded(f"UPDATE trail_eventwords SET {EMPTIED} WHERE event_id = %s", second.pk)
    unguarded(
        """UPDATE trail_auditevent SET facts = '{"words_erased": [2]}' WHERE id = %s""", third.pk
    )
    assert f"record 2: {GONE}" in first_fault()


def test_newest_roots_taken_away_are_missed_once_records_stay_unsealed(chain):
    newest = AuditRoot.objects.get()
    assert f"Newest root: {newest} " in run("verify")
    deed(chain)
    with time_machine.travel(newest.at + dt.timedelta(days=1), tick=False):
        assert not first_fault()
    with time_machine.travel(newest.at + dt.timedelta(days=3), tick=False):
        assert f"root 2: it is missing: a record of {newest.at:%Y-%m-%d} is not" in first_fault()
        seal_records()
        assert not first_fault()
        deed(chain)
        for table, column in (("sealedchain", "root"), ("auditroot", "number")):
            unguarded(f"DELETE FROM trail_{table} WHERE {column} = 2")
        assert "root 2: it is missing" in first_fault()


def test_renamed_model_keeps_its_name_on_record(chain, monkeypatch, request):
    request.addfinalizer(ContentType.objects.clear_cache)
    ContentType.objects.filter(app_label="accounts", model="user").update(model="person")
    ContentType.objects.clear_cache()
    assert prove().wrong
    names = {"accounts.person": "accounts.user"}
    monkeypatch.setattr("core.trail.models.kinds_on_record", lambda: names)
    assert not first_fault()


def test_guards_that_stand_are_left_alone():
    with CaptureQueriesContext(connection) as asked:
        guards.install(connection)
    sql = " ".join(query["sql"] for query in asked)
    assert "DROP" not in sql
    assert "TRIGGER trail" not in sql


def test_erasing_does_not_change_a_state_back(monkeypatch):
    person, boss = UserFactory(), CoordinatorFactory()
    set_staff_role(person=person, role="observer", by=boss)

    read = AppendOnlyQuerySet.latest

    def then_another_writes(rows, *fields):
        last = read(rows, *fields)
        set_staff_role(person=person, role="coordinator", by=boss)
        return last

    monkeypatch.setattr(AppendOnlyQuerySet, "latest", then_another_writes)
    erase_records(events=events_of(person), part=Part.WORDS, reason="Asked for.")
    states = list(events_of(person).order_by("number").values_list("before", "after"))
    assert states[-1] == ("coordinator", "coordinator")
    assert not first_fault()


def test_root_counts_all_and_names_what_has_grown(chain):
    first = AuditRoot.objects.get()
    assert (first.number, first.records, first.chains) == (1, 7, 2)
    assert seal_records() is None
    deed(chain)
    second = seal_records()
    assert (second.number, second.records, second.chains) == (2, 8, 2)
    assert SealedChain.objects.filter(root=2).get().number == 6
    deed(chain)
    assert prove().unsealed == 1


def test_root_is_made_once_a_day_and_late_rather_than_never(chain):
    with time_machine.travel(dt.datetime(2030, 3, 1, 9, tzinfo=dt.UTC), tick=False) as clock:
        deed(chain)
        seal_task()
        deed(chain)
        assert seal_daily() is None
        clock.shift(dt.timedelta(days=1))
        assert seal_daily().number == 3


def test_erased_actor_and_words_leave_the_chain_whole(chain):
    events = events_of(chain)
    assert erase_records(events=events, part=Part.ACTOR, reason="Asked for.") == 5
    assert (
        erase_records(events=events.filter(number=2), part=Part.WORDS, reason="Names a child.") == 1
    )
    assert erase_records(events=events.filter(number=2), part=Part.WORDS, reason="Again.") == 0

    proof = prove()
    assert (proof.faults, proof.actors_erased, proof.words_erased) == ([], 5, 1)
    kept = events_of(chain).get(number=2)
    assert (kept.actor_name, kept.actor, kept.reason, kept.target_label) == ("", None, "", "")
    assert kept.details == {"fields": ["phone"]}
    assert events_of(chain).get(number=3).reason == "Reason 2."
    told = events_of(chain).filter(verb="record.erased")
    assert [event.facts for event in told] == [
        {"words_erased": [2]},
        {"actors_erased": [1, 2, 3, 4, 5]},
    ]
    words = EventWords.objects.get(event=kept)
    assert salted("", words.label, words.reason, words.details) != kept.words_digest


def test_deleted_account_leaves_the_record_whole():
    person, by = UserFactory(), CoordinatorFactory()
    deed(person, person), deed(by, person)
    delete_person(person=person)
    seal_records()
    assert not prove().faults
    assert AuditEvent.objects.filter(words__actor=None).count() == 3


def run(*args):
    out = StringIO()
    call_command("audit", *args, stdout=out)
    return out.getvalue()


def test_command_proves_seals_and_erases(chain):
    assert "7 records in 2 chains, 1 roots, 0 records since the last root" in run("verify")
    deed(chain)
    line = run("root")
    assert line.startswith(f"2:{AuditRoot.objects.first().hash} ")
    assert "8 records in 2 chains" in line
    for words in ([line], line.split(), line.split()[:1]):
        assert "The record holds." in run("verify", "--root", *words)
    name = CoordinatorFactory(full_name="Ilse Verbeek")
    deed(chain, name)
    assert "Erased in 1 records." in run("erase", "--name", "Ilse Verbeek", "--reason", "Asked.")
    [second] = events_of(chain).filter(number=2)
    run("erase", "--record", str(second.pk), "--reason", "Asked.")
    assert "erased: who acted in 1, words of 1." in run("verify")


def test_command_ends_with_an_error_where_the_record_does_not_hold(chain):
    unguarded("UPDATE trail_auditevent SET verb = 'x.z' WHERE number = 2")
    out = StringIO()
    with pytest.raises(CommandError, match="does not hold: 2 wrong"):
        call_command("audit", "verify", stdout=out)
    assert f"WRONG accounts.user {chain.pk}, record 2: it was changed" in out.getvalue()


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["verify", "--root", "one"], "its number, a colon, its hash"),
        (["verify", "--root", " "], "its number, a colon, its hash"),
        (["erase", "--name", "Nobody", "--reason", "So."], "Nothing was found"),
        (["erase", "--name", "Nobody", "--reason", " "], "Write why"),
        (["root"], "no records yet"),
    ],
)
def test_command_says_what_is_missing(args, says):
    with pytest.raises(CommandError, match=says):
        run(*args)


def rows_of(person):
    return list(events_of(person).order_by("number"))


TAMPERINGS = {
    "change": lambda e, a, _: unguarded(
        "UPDATE trail_auditevent SET verb = 'x.z' WHERE id = %s", e[a].pk
    ),
    "words": lambda e, a, _: unguarded(
        "UPDATE trail_eventwords SET reason = 'Other.' WHERE event_id = %s", e[a].pk
    ),
    "delete": lambda e, a, _: remove(e[a]),
    "cut": lambda e, a, _: remove(*e[a:]),
    "swap": lambda e, a, b: swap(e[a], e[b]),
    "insert": lambda e, a, _: insert(e, a),
    "exchange words": lambda e, a, b: exchange(e[a], e[b]),
}


def swap(one, other):
    """Let two records change places."""
    unguarded("UPDATE trail_auditevent SET number = 1000 WHERE id = %s", one.pk)
    unguarded("UPDATE trail_auditevent SET number = %s WHERE id = %s", one.number, other.pk)
    unguarded("UPDATE trail_auditevent SET number = %s WHERE id = %s", other.number, one.pk)


def insert(events, place):
    """Put a copy of a record behind it and move all others on."""
    for event in reversed(events[place + 1 :]):
        unguarded(
            "UPDATE trail_auditevent SET number = %s WHERE id = %s", event.number + 1, event.pk
        )
    columns = "at, verb, target_type_id, target_id, actor_key, before, after, facts"
    columns += ", actor_digest, words_digest, hash"
    unguarded(
        f"INSERT INTO trail_auditevent ({columns}, number) "
        f"SELECT {columns}, number + 1 FROM trail_auditevent WHERE id = %s",
        events[place].pk,
    )
    made = AuditEvent.objects.latest("pk")
    columns = "actor_salt, actor_id, actor_name, salt, label, reason, details"
    unguarded(
        f"INSERT INTO trail_eventwords (event_id, {columns}) "
        f"SELECT %s, {columns} FROM trail_eventwords WHERE event_id = %s",
        made.pk,
        events[place].pk,
    )


def exchange(one, other):
    """Let two records have each other's words."""
    unguarded("UPDATE trail_eventwords SET event_id = 0 WHERE event_id = %s", one.pk)
    unguarded("UPDATE trail_eventwords SET event_id = %s WHERE event_id = %s", one.pk, other.pk)
    unguarded("UPDATE trail_eventwords SET event_id = %s WHERE event_id = 0", other.pk)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(
    length=st.integers(2, 6),
    grown=st.integers(0, 2),
    how=st.sampled_from(sorted(TAMPERINGS)),
    data=st.data(),
)
def test_whatever_is_done_to_a_chain_is_found(length, grown, how, data):
    a = data.draw(st.integers(0, length - 2), label="a")
    b = data.draw(st.integers(a + 1, length - 1), label="b")
    with transaction.atomic():
        person, other = UserFactory(), UserFactory()
        for number in range(length):
            deed(person, reason=f"Reason {number}.")
            deed(other)
        seal_records()
        for _ in range(grown):
            deed(other)
        assert not prove().faults

        TAMPERINGS[how](rows_of(person), a, b)

        proof = prove()
        assert proof.wrong == 1
        where, what = proof.faults[0].where, proof.faults[0].what
        assert where.startswith(f"accounts.user {person.pk}, record ")
        assert a + 1 <= int(where.rsplit(" ", 1)[1]) <= b + 1, what
        transaction.set_rollback(True)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_at_once_write_chains_without_gap_or_fork():
    same, own = UserFactory(), [UserFactory() for _ in range(10)]

    def write(number):
        for _ in range(5):
            with transaction.atomic():
                deed(same)
            with transaction.atomic():
                deed(own[number])

    assert run_in_threads(10, write) == [None] * 10

    assert [event.number for event in rows_of(same)] == list(range(1, 51))
    for person in own:
        assert [event.number for event in rows_of(person)] == [1, 2, 3, 4, 5]
    assert not prove().faults


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_writer_takes_over_the_number_of_one_who_gave_up():
    person = UserFactory()

    def write(number):
        with transaction.atomic():
            deed(person)
            if number % 2:
                transaction.set_rollback(True)

    assert run_in_threads(10, write) == [None] * 10
    assert [event.number for event in rows_of(person)] == [1, 2, 3, 4, 5]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_writers_of_different_objects_do_not_wait_for_each_other():
    """The one holds its transaction open until the other has written."""
    one, other = UserFactory(), UserFactory()
    with transaction.atomic():
        deed(one)
        [done] = run_in_threads(1, lambda _: deed(other).number)
    assert done == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_who_seal_at_once_one_makes_the_root():
    for _ in range(3):
        deed(UserFactory())
    made = run_in_threads(5, lambda _: seal_records())
    assert sum(root is not None for root in made) == 1
    assert AuditRoot.objects.get().records == 3
    assert not prove().faults


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_guard_that_was_switched_off_is_set_again():
    deed(UserFactory())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trail_auditevent DISABLE TRIGGER trail_auditevent_change")
    guards.install(connection)
    with pytest.raises(DatabaseError, match=guards.REFUSAL), connection.cursor() as cursor:
        cursor.execute("DELETE FROM trail_auditevent")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_postgresql_refuses_to_empty_the_record():
    deed(UserFactory())
    with pytest.raises(DatabaseError, match=guards.REFUSAL), connection.cursor() as cursor:
        cursor.execute("TRUNCATE trail_auditevent CASCADE")
