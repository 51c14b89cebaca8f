"""The documents that a call asks for: put on file, replaced, taken away, sent, opened."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications import services
from applications.models import Application
from applications.parts import changes_between, rows_of
from applications.selectors import facts_of, rules_of, tasks_by_draft, tasks_of
from applications.snapshots import row_prints, snapshot_of
from applications.states import Declaration
from core.files.models import StoredFile
from core.files.states import Scan
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.selectors import events_of
from programme.calls.selectors import impact_of
from programme.calls.services import DocumentData, data_of, save_call
from programme.calls.services.calls import impact_of_data
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    ApplicationDocumentFactory,
    ApplicationFactory,
    SubmissionFactory,
    SubmittedApplicationFactory,
)
from tests.factories.files import PDF, PNG, pdf
from tests.factories.programme import CallDocumentFactory, CallFactory, MembershipFactory
from tests.infra.threads import run_in_threads

pytestmark = pytest.mark.django_db


def text(response):
    return " ".join(response.content.decode().split())


def upload(content=PDF, name="decision.pdf"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def asked():
    return CallDocumentFactory(title="Council decision", key="council-decision")


@pytest.fixture
def draft(asked):
    return ApplicationFactory(call=asked.call, response=None)


@pytest.fixture
def lead(draft):
    return MembershipFactory(organisation=draft.organisation).user


def put(draft, asked, lead, **values):
    return services.add_document(
        application=draft, asked=asked, by=lead, **{"upload": upload(), **values}
    )


def task_of(draft):
    draft = Application.objects.get(pk=draft.pk)
    found = [one for one in tasks_by_draft([draft])[draft.pk] if one.key == "documents"]
    return found[0] if found else None


def test_document_on_file_completes_the_task(draft, asked, lead):
    before = task_of(draft)
    assert (before.state, before.missing) == (
        "not_started",
        ("“Council decision” is not on file yet.",),
    )
    document = put(draft, asked, lead)
    assert (document.file.name, document.file.by) == ("decision.pdf", lead)
    assert (task_of(draft).is_done, task_of(draft).hint) == (True, "1 of 1 on file")
    event = events_of(draft)[0]
    assert event.verb == "application.document_added"
    assert event.details["document"] == "Council decision"


def test_call_that_asks_for_nothing_has_no_task():
    assert task_of(ApplicationFactory()) is None


def test_optional_document_may_stay_away(draft, asked):
    asked.is_required = False
    asked.save()
    assert task_of(draft).is_done


def test_what_may_stay_away_is_not_counted_as_missing(draft, asked, lead):
    CallDocumentFactory(call=asked.call, is_required=False)
    put(draft, asked, lead)
    assert (task_of(draft).is_done, task_of(draft).hint) == (
        True,
        "1 of 1 on file, 1 more if you have it",
    )


def test_former_file_stays_until_the_new_one_is_stored(draft, asked, lead):
    first = put(draft, asked, lead).file
    with pytest.raises(InvalidError):
        put(draft, asked, lead, upload=upload(b"no paper"))
    assert draft.documents.get().file == first
    assert default_storage.exists(first.path)
    second = put(draft, asked, lead, upload=upload(PNG, "decision.png")).file
    assert list(StoredFile.objects.all()) == [second]


def test_files_of_all_kinds_share_the_room(draft, asked, lead, settings):
    other = CallDocumentFactory(call=asked.call)
    put(draft, other, lead)
    settings.APPLICATION_MAX_BYTES = 2 * len(PDF) - 1
    with pytest.raises(InvalidError) as error:
        put(draft, asked, lead)
    assert error.value.code == "quota"
    # In the place of the other there is room.
    put(draft, other, lead)


def test_document_is_taken_away(draft, asked, lead):
    put(draft, asked, lead)
    for _time in range(2):
        services.remove_document(application=draft, asked=asked, by=lead)
    assert not StoredFile.objects.exists()
    assert [event.verb for event in events_of(draft)[:2]] == [
        "application.document_removed",
        "application.document_added",
    ]


def test_document_of_another_call_or_gone_is_refused(draft, asked, lead):
    asked.is_asked = False
    asked.save()
    for wrong in (asked, CallDocumentFactory()):
        with pytest.raises(WrongStateError) as error:
            put(draft, wrong, lead)
        assert error.value.code == "not_asked"


def test_only_writers_put_documents_on_file_and_only_in_a_draft(draft, asked, lead):
    viewer = MembershipFactory(organisation=draft.organisation, role="viewer").user
    with pytest.raises(NotAllowedError):
        put(draft, asked, viewer)
    services.withdraw_application(application=draft, by=lead)
    with pytest.raises(WrongStateError):
        put(draft, asked, lead)


def test_what_the_call_asks_for_no_longer_is_named(draft, asked, lead):
    put(draft, asked, lead)
    asked.is_asked = False
    asked.save()
    [gap] = task_of(draft).missing
    assert "no longer asks for “Council decision”" in gap


@pytest.mark.parametrize(
    ("scan", "words", "is_done"),
    [
        (Scan.WAITING, "1 of 1 on file, waiting for the check for viruses", True),
        (Scan.CLEAN, "1 of 1 on file, checked for viruses", True),
        (Scan.REFUSED, "A virus was found in “Council decision”. Put a clean file", False),
    ],
)
def test_task_says_what_the_scanner_says(draft, asked, scan, words, is_done):
    document = ApplicationDocumentFactory(application=draft, asked=asked)
    StoredFile.objects.filter(pk=document.file_id).update(scan=scan)
    assert words in task_of(draft).hint
    assert task_of(draft).is_done is is_done


def test_tasks_of_one_and_of_several_drafts_say_the_same(draft, asked, django_assert_num_queries):
    other = ApplicationFactory(call=asked.call, response=None)
    ApplicationDocumentFactory(application=other, asked=asked)
    drafts = list(
        Application.objects.filter(pk__in=[draft.pk, other.pk])
        .select_related("call", "organisation__country", "response")
        .order_by("pk")
    )
    with django_assert_num_queries(2):
        told = tasks_by_draft(drafts)
    for one in drafts:
        assert told[one.pk] == tasks_of(one, facts_of(one), rules_of(one))


def test_what_is_sent_says_name_and_print_and_stays_with_the_application(draft, asked, lead):
    file = put(draft, asked, lead).file
    sent = services.submit_application(
        application=Application.objects.get(pk=draft.pk), by=lead, declared=Declaration.values
    )
    [row] = sent.submissions.get().snapshot["documents"]
    assert (row["key"], row["file_name"], row["sha256"]) == (
        "council-decision",
        "decision.pdf",
        file.sha256,
    )
    shown = rows_of(sent.submissions.get().snapshot)["document:council-decision"][1]
    assert (shown.label, shown.value) == ("Council decision", "decision.pdf")
    assert shown.note.startswith("PDF, ")


def test_documents_go_along_into_a_copy_and_back(draft, asked, lead):
    put(draft, asked, lead)
    sent = services.submit_application(
        application=Application.objects.get(pk=draft.pk), by=lead, declared=Declaration.values
    )
    first = sent.documents.get()
    copy = services.reopen_application(application=sent, by=lead)
    assert copy.documents.get().file != first.file
    put(copy, asked, lead, upload=upload(PNG, "other.png"))
    services.submit_application(
        application=Application.objects.get(pk=copy.pk), by=lead, declared=Declaration.values
    )
    assert sent.documents.get().file.name == "other.png"
    assert not StoredFile.objects.filter(pk=first.file_id).exists()
    names = [row.snapshot["documents"][0]["file_name"] for row in sent.submissions.all()]
    assert names == ["other.png", "decision.pdf"]


def test_another_file_of_the_same_name_is_a_change(draft, asked, lead):
    put(draft, asked, lead)
    before = snapshot_of(draft)
    put(draft, asked, lead, upload=upload(pdf(lambda document: document.add_blank_page())))
    after = snapshot_of(Application.objects.get(pk=draft.pk))
    assert row_prints(before) != row_prints(after)
    assert [change.label for change in changes_between(before, after)] == ["Council decision"]


def test_same_document_keeps_its_file_when_sent_again(draft, asked, lead):
    put(draft, asked, lead)
    sent = services.submit_application(
        application=Application.objects.get(pk=draft.pk), by=lead, declared=Declaration.values
    )
    before = sent.documents.get().pk
    copy = services.reopen_application(application=sent, by=lead)
    services.submit_application(application=copy, by=lead, declared=Declaration.values)
    assert sent.documents.get().pk == before


def test_starting_again_takes_the_documents_over(draft, asked, lead):
    put(draft, asked, lead)
    services.withdraw_application(application=draft, by=lead)
    again = services.start_application(
        call=asked.call, organisation=draft.organisation, by=lead, take_over=True
    )
    assert snapshot_of(again)["documents"][0]["file_name"] == "decision.pdf"


# What a call asks for ---------------------------------------------------------------


def test_rules_say_what_another_document_means_for_drafts(draft, asked):
    ApplicationDocumentFactory(application=draft, asked=asked)
    ApplicationDocumentFactory(
        application=SubmittedApplicationFactory(call=asked.call), asked=asked
    )
    data = data_of(asked.call)
    data.documents[:] = [DocumentData("Budget"), DocumentData("Photo", is_required=False)]
    found = impact_of_data(asked.call, data).found
    assert [(row.words, row.drafts, row.sent) for row in found] == [
        ("The document “Budget” is asked for: to be put on file by", 1, 0),
        (
            "The document “Council decision” is asked for no longer: to be removed by",
            1,
            1,
        ),
    ]
    assert impact_of(asked.call).drafts == 1


def test_document_that_becomes_required_touches_drafts_without_it(draft, asked):
    asked.is_required = False
    asked.save()
    data = data_of(asked.call)
    [row] = data.documents
    data.documents[:] = [DocumentData(row.title, key=row.key)]
    [found] = impact_of_data(asked.call, data).found
    assert found.drafts == 1


def test_document_that_goes_keeps_what_is_on_file(draft, asked):
    ApplicationDocumentFactory(application=draft, asked=asked)
    call, data = asked.call, data_of(asked.call)
    data.documents.clear()
    save_call(
        call=call,
        data=data,
        by=CoordinatorFactory(),
        read_version=call.version,
        reason="Not needed.",
        impact_confirmed=True,
    )
    assert not call.documents.asked().exists()
    assert draft.documents.get().asked == asked


def test_row_that_goes_from_a_draft_call_is_gone():
    call = CallFactory(status="draft")
    CallDocumentFactory(call=call)
    data = data_of(call)
    data.documents.clear()
    save_call(call=call, data=data, by=CoordinatorFactory(), read_version=call.version)
    assert not call.documents.exists()


# Pages ------------------------------------------------------------------------------


def at(name, draft, *more):
    return reverse(f"applications:{name}", args=[draft.key, *more])


@pytest.fixture
def client_of(sign_in, lead):
    return sign_in(lead)


def test_going_on_takes_the_chosen_file_along(client_of, draft, asked):
    sent = {f"{asked.pk}-file": upload(), "go_on": "1"}
    answer = client_of.post(at("documents", draft), sent)
    assert answer.status_code == 302
    assert answer.url != at("documents", draft)
    assert draft.documents.get().asked == asked


def test_file_that_is_refused_is_not_left_behind_without_a_word(client_of, draft, asked):
    sent = {f"{asked.pk}-file": upload(b"no paper"), "go_on": "1"}
    answer = client_of.post(at("documents", draft), sent)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.content.decode()
    assert 'class="invalid-feedback' in text(answer)
    assert "Choose the file first" in text(
        client_of.post(at("documents", draft), {"put": asked.key})
    )
    assert client_of.post(at("documents", draft), {"go_on": "1"}).status_code == 302


def test_page_lists_what_is_asked_and_puts_it_on_file(client_of, draft, asked):
    asked.help = "That the council wants to take part."
    asked.save()
    words = text(client_of.get(at("documents", draft)))
    assert "That the council wants to take part." in words
    assert "Not on file yet" in words
    answer = client_of.post(at("document", draft, asked.key), {"file": upload()})
    assert answer.url == f"{at('documents', draft)}#d{asked.pk}"
    words = text(client_of.get(answer.url))
    assert "On file" in words
    assert at("document_file", draft, asked.key) in words
    got = client_of.get(at("document_file", draft, asked.key))
    assert b"".join(got.streaming_content) == PDF
    assert "1 of 1 on file" in text(client_of.get(at("detail", draft)))
    assert at("document_file", draft, asked.key) in text(client_of.get(at("check", draft)))


def test_nothing_chosen_is_told_at_the_field(client_of, draft, asked):
    answer = client_of.post(at("document", draft, asked.key), {})
    assert answer.status_code == 422
    assert "Choose the file first" in text(answer)


def test_document_is_taken_away_after_a_question(client_of, draft, asked):
    ApplicationDocumentFactory(application=draft, asked=asked)
    address = at("document_remove", draft, asked.key)
    assert "Remove “Council decision”?" in text(client_of.get(address))
    assert draft.documents.exists()
    assert client_of.post(address).url == f"{at('documents', draft)}#d{asked.pk}"
    assert not draft.documents.exists()
    assert client_of.get(address).url == at("documents", draft)


def test_staff_open_what_was_sent_and_strangers_nothing(sign_in, asked):
    sent = SubmittedApplicationFactory(call=asked.call, submission=False)
    ApplicationDocumentFactory(application=sent, asked=asked)
    SubmissionFactory(application=sent)
    address = at("document_file", sent, asked.key)
    person = CoordinatorFactory()
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
    staff = sign_in(person)
    page = reverse("applications:staff_detail", args=[sent.reference])
    assert f'href="{address}"' in text(staff.get(f"{page}?tab=answers"))
    assert staff.get(address).status_code == 200
    assert sign_in(MembershipFactory().user).get(address).status_code == 404


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_put_one_document_on_file_at_once_leave_one(draft, asked, lead):
    colleague = MembershipFactory(organisation=draft.organisation).user
    files = [PDF + b"% the mayor", PDF + b"% the council"]

    def work(number):
        by = (lead, colleague)[number]
        return put(draft, asked, by, upload=upload(files[number], f"{number}.pdf")).file

    first, second = run_in_threads(2, work)
    kept = draft.documents.get().file
    assert kept in (first, second)
    # What was replaced is gone, from the table and from the disk.
    assert list(StoredFile.objects.all()) == [kept]
    gone = second if kept == first else first
    assert not default_storage.exists(gone.path)
    with default_storage.open(kept.path) as stored:
        assert stored.read() == files[0 if kept == first else 1]
    assert events_of(draft).filter(verb="application.document_added").count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_file_sent_twice_at_once_is_on_file_once(draft, asked, lead):
    results = run_in_threads(4, lambda _: put(draft, asked, lead).file)
    assert not [one for one in results if isinstance(one, Exception)]
    assert draft.documents.get().file == StoredFile.objects.get()
    assert default_storage.exists(StoredFile.objects.get().path)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_document_that_comes_while_the_application_is_sent_is_in_it_or_refused(draft, asked, lead):
    draft = ApplicationFactory(call=asked.call)
    person = MembershipFactory(organisation=draft.organisation).user
    answers = [("why", "Because.", 0), ("where", "Here.", 0)]
    services.save_section(application=draft, answers=answers, by=person)
    put(draft, asked, person)

    def work(number):
        if number:
            return put(draft, asked, person, upload=upload(PDF + b"% late", "late.pdf"))
        again = Application.objects.get(pk=draft.pk)
        return services.submit_application(
            application=again, declared=Declaration.values, by=person
        )

    sent, late = run_in_threads(2, work)
    assert not isinstance(sent, Exception), sent
    kept = draft.documents.get().file
    assert kept.name == ("decision.pdf" if isinstance(late, Exception) else "late.pdf")
    assert isinstance(late, WrongStateError) or not isinstance(late, Exception), late
    assert kept.sha256 in str(draft.submissions.get().snapshot)
    assert default_storage.exists(kept.path)
