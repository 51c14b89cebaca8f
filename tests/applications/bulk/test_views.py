"""The pages on which something is done with many applications."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from applications.assessment.models import Outcome
from applications.bulk.models import BulkRun
from core.jobs.services import run_job
from core.jobs.states import JobState
from core.kit.keys import FIELD, new_key
from tests.factories.accounts import CoordinatorFactory, DeskFactory, ObserverFactory
from tests.factories.applications import (
    ConflictFactory,
    EligibleApplicationFactory,
    SubmittedApplicationFactory,
)
from tests.factories.bulk import BulkRowFactory, BulkRunFactory
from tests.factories.jobs import JobFactory
from tests.factories.outcomes import OutcomeFactory
from tests.factories.programme import CallFactory

pytestmark = pytest.mark.django_db

LIST = "/staff/applications/"
BULK = "/staff/bulk/"
REJECT = {"outcome": "rejected", "reason": "Others were stronger."}


@pytest.fixture
def by():
    return CoordinatorFactory(full_name="Ilse Verbeek")


@pytest.fixture
def staff(sign_in):
    """Sign in as staff, with the second factor they need."""

    def enter(person):
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
        return sign_in(person)

    return enter


def text(response):
    return response.content.decode()


def address(applications, **more):
    query = [("id", one.pk) for one in applications] + list(more.items())
    return BULK + "?" + "&".join(f"{name}={value}" for name, value in query)


def looked(client, url, data=REJECT):
    """Look at what changes; return what the page sends along."""
    page = client.post(url, data)
    preview = page.context["preview"]
    return data | {"seen": preview.seen, "asked": preview.asked, "go": "1"}


# Picking in the list -------------------------------------------------------------------


def test_list_has_boxes_for_who_has_something_to_do_with_many(by, staff):
    application = EligibleApplicationFactory()
    box = f'name="id" value="{application.pk}"'
    assert box in text(staff(by).get(LIST))
    assert box not in text(staff(ObserverFactory()).get(LIST))


def test_what_is_picked_on_another_page_goes_along(by, staff):
    first, second = (EligibleApplicationFactory(organisation__name=name) for name in "AB")
    client = staff(by)
    page = client.get(LIST, {"id": [first.pk, 10**9]})
    assert f'value="{first.pk}" aria-label="A" checked' in text(page)
    assert f'<input type="hidden" name="id" value="{10**9}">' in text(page)
    assert "2 chosen" in text(page)
    assert f'value="{second.pk}" aria-label="B">' in text(page)


def test_list_with_boxes_asks_no_more(by, staff, django_assert_num_queries):
    client = staff(by)
    client.get(LIST)
    for number in (1, 2):
        EligibleApplicationFactory.create_batch(number)
        with django_assert_num_queries(13):
            client.get(LIST)


# Choosing and looking ------------------------------------------------------------------


def test_nothing_chosen_leads_back_to_the_list(by, staff):
    page = staff(by).get(BULK, follow=True)
    assert page.redirect_chain == [(LIST, 302)]
    assert "Choose at least one application" in text(page)


def test_chosen_ones_stand_there_before_anything_is_asked(by, staff):
    one = EligibleApplicationFactory(organisation__name="Parma")
    page = staff(by).get(address([one]))
    assert "1 application chosen" in text(page)
    assert "Parma" in text(page)
    assert page.context["preview"] is None


def test_all_of_a_filter_are_chosen_by_address(by, staff):
    call = CallFactory()
    EligibleApplicationFactory.create_batch(3, call=call)
    EligibleApplicationFactory()
    page = staff(by).get(BULK, {"all": "1", "call": call.slug})
    assert "3 applications chosen" in text(page)
    assert f"{LIST}?all=1&amp;call={call.slug}" in text(page)


def test_preview_shows_what_changes_and_writes_nothing(by, staff):
    plain = EligibleApplicationFactory(organisation__name="Parma")
    unchecked = SubmittedApplicationFactory(organisation__name="Sevilla")
    page = staff(by).post(address([plain, unchecked]), REJECT)
    words = text(page)
    assert page.status_code == 200
    assert "<b>1</b> of 2 change." in words
    assert "there is nothing to prepare" in words
    assert words.index("Sevilla") < words.index("Parma")
    assert not Outcome.objects.exists()
    assert not BulkRun.objects.exists()


def test_preview_without_a_reason_says_so_at_its_field(by, staff):
    page = staff(by).post(address([EligibleApplicationFactory()]), {"outcome": "rejected"})
    assert page.status_code == 422
    assert "Write the reason, or choose a paragraph" in text(page)


@pytest.mark.parametrize("number", [1, 3])
def test_preview_takes_the_same_queries(number, by, staff, django_assert_num_queries):
    applications = EligibleApplicationFactory.create_batch(number)
    client = staff(by)
    client.get(LIST)
    with django_assert_num_queries(7):
        client.post(address(applications), REJECT)


def test_run_begins_from_what_was_looked_at(by, staff):
    url = address(EligibleApplicationFactory.create_batch(3))
    client = staff(by)
    sent = client.post(url, looked(client, url))
    run = BulkRun.objects.get()
    assert sent.headers["location"] == reverse("bulk:run", args=[run.pk])
    run_job(pk=run.job_id)
    page = client.get(sent.headers["location"])
    assert "3 done." in text(page)
    assert Outcome.objects.filter(outcome="rejected").count() == 3


def test_form_sent_twice_begins_once(by, staff):
    url = address([EligibleApplicationFactory()])
    client = staff(by)
    data = looked(client, url) | {FIELD: new_key(by.pk)}
    first, second = (client.post(url, data) for _ in range(2))
    assert BulkRun.objects.count() == 1
    assert first.headers["location"] == second.headers["location"]


def test_form_that_was_changed_after_the_look_is_shown_anew(by, staff):
    url = address([EligibleApplicationFactory()])
    client = staff(by)
    page = client.post(url, looked(client, url) | {"outcome": "accepted"})
    assert page.status_code == 409
    assert "You changed what is asked since you looked" in text(page)
    assert page.context["preview"].changes[0].change.after == "Accept"
    assert not BulkRun.objects.exists()


def test_what_nobody_looked_at_is_not_done(by, staff):
    applications = EligibleApplicationFactory.create_batch(2)
    client = staff(by)
    data = looked(client, address(applications[:1]))
    client.post(address(applications), data)
    assert [row.application for row in BulkRun.objects.get().rows.all()] == applications[:1]


def test_application_out_of_reach_is_no_part_of_it(by, staff):
    linked, free = EligibleApplicationFactory.create_batch(2)
    ConflictFactory(application=linked, person=by)
    page = staff(by).get(address([linked, free]))
    assert page.context["applications"] == [free]


# The run -------------------------------------------------------------------------------


def test_page_of_a_run_asks_for_itself_while_it_works(by, staff):
    run = BulkRunFactory(by=by, job=JobFactory(by=by, state=JobState.RUNNING))
    BulkRowFactory(run=run)
    client = staff(by)
    url = reverse("bulk:run", args=[run.pk])
    assert f'hx-get="{url}" hx-trigger="every 2s"' in text(client.get(url))
    part = client.get(url, headers={"HX-Request": "true"})
    assert text(part).lstrip().startswith("<div")
    assert "Stop after this one" in text(part)


@pytest.mark.parametrize(
    ("state", "words"),
    [(JobState.CANCELLED, "Stopped"), (JobState.FAILED, "The work broke off")],
)
def test_page_of_a_run_that_ended_early_offers_to_go_on(state, words, by, staff):
    run = BulkRunFactory(by=by, job=JobFactory(by=by, state=state, message="The disk is full."))
    BulkRowFactory(run=run)
    client = staff(by)
    page = client.get(reverse("bulk:run", args=[run.pk]))
    assert words in text(page)
    assert "Go on with the others" in text(page)
    assert ("The disk is full." in text(page)) is (state == JobState.FAILED)
    client.post(reverse("bulk:go_on", args=[run.pk]))
    run.refresh_from_db()
    assert run.is_working


def test_page_of_a_run_takes_the_same_queries(by, staff, django_assert_num_queries):
    run = BulkRunFactory(by=by)
    client = staff(by)
    url = reverse("bulk:run", args=[run.pk])
    client.get(url)
    for number in (1, 2):
        BulkRowFactory.create_batch(number, run=run, state="done")
        with django_assert_num_queries(8):
            client.get(url)


def test_rows_that_need_a_look_stand_alone_on_request(by, staff):
    run = BulkRunFactory(by=by)
    BulkRowFactory(run=run, state="done", application__organisation__name="Parma")
    BulkRowFactory(
        run=run, state="left", message="A talk began.", application__organisation__name="Albacete"
    )
    words = text(staff(by).get(reverse("bulk:run", args=[run.pk]), {"show": "look"}))
    assert "Albacete" in words
    assert "A talk began." in words
    assert "Parma" not in words


def test_conflicted_person_sees_nothing_of_the_application_in_a_run(by, staff):
    run = BulkRunFactory()
    row = BulkRowFactory(run=run, application__organisation__name="Parma")
    BulkRowFactory(run=run)
    ConflictFactory(application=row.application, person=by)
    page = staff(by).get(reverse("bulk:run", args=[run.pk]))
    assert "Parma" not in text(page)
    assert page.context["numbers"].total == 1


def test_desk_sees_its_own_runs_alone(staff):
    desk = DeskFactory()
    client = staff(desk)
    assert client.get(reverse("bulk:run", args=[BulkRunFactory(by=desk).pk])).status_code == 200
    assert client.get(reverse("bulk:run", args=[BulkRunFactory().pk])).status_code == 404


def test_all_is_taken_back_from_the_page(by, staff):
    url = address(EligibleApplicationFactory.create_batch(2))
    client = staff(by)
    client.post(url, looked(client, url))
    run = BulkRun.objects.get()
    run_job(pk=run.job_id)
    undo = reverse("bulk:undo", args=[run.pk])

    refused = client.post(undo, {"reason": ""})
    assert refused.status_code == 422
    assert "Write why you take it back" in text(refused)

    client.post(undo, {"reason": "The line was wrong."})
    run.refresh_from_db()
    run_job(pk=run.job_id)
    words = text(client.get(reverse("bulk:run", args=[run.pk])))
    assert "The line was wrong." in words
    assert "2 taken back." in words
    assert not Outcome.objects.exists()


def test_one_is_taken_back_on_a_page_of_its_own(by, staff):
    url = address([EligibleApplicationFactory(organisation__name="Parma")])
    client = staff(by)
    client.post(url, looked(client, url))
    run = BulkRun.objects.get()
    run_job(pk=run.job_id)
    undo = reverse("bulk:undo_one", args=[run.pk, run.rows.get().pk])
    assert "“Reject” becomes “open” again." in text(client.get(undo))
    page = client.post(undo, {"reason": "Another talk."}, follow=True)
    assert "Parma: taken back." in text(page)
    assert not Outcome.objects.exists()


def test_what_was_changed_since_says_who(by, staff):
    url = address([EligibleApplicationFactory()])
    client = staff(by)
    client.post(url, looked(client, url))
    run = BulkRun.objects.get()
    run_job(pk=run.job_id)
    Outcome.objects.update(version=2)
    undo = reverse("bulk:undo_one", args=[run.pk, run.rows.get().pk])
    page = client.post(undo, {"reason": "So."})
    assert page.status_code == 409
    assert "Ilse Verbeek saved this first" in text(page)


def test_outcome_of_a_colleague_stays_in_the_preview(by, staff):
    row = OutcomeFactory(outcome="rejected", reason=REJECT["reason"])
    page = staff(by).post(address([row.application]), REJECT)
    assert "Nothing changes" in text(page)


def test_take_back_that_broke_off_is_gone_on_with_from_the_page(by, staff):
    job = JobFactory(by=by, state=JobState.CANCELLED)
    run = BulkRunFactory(by=by, job=job, undone_at=job.created_at, undone_because="So.")
    row = BulkRowFactory(run=run, state="done")
    client = staff(by)
    words = text(client.get(reverse("bulk:run", args=[run.pk])))
    assert "Not all is taken back" in words
    assert "Go on taking back" in words
    assert reverse("bulk:undo_one", args=[run.pk, row.pk]) in words
    client.post(reverse("bulk:go_on", args=[run.pk]))
    run.refresh_from_db()
    assert (run.is_working, run.job.kind) == (True, "bulk.undo")
