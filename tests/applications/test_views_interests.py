"""The pages of the first stage of a call in two stages: one request per outcome."""

import datetime as dt

import pytest
from django.urls import reverse

from applications import services
from applications.models import Interest
from applications.states import InterestStatus
from core.kit import days
from programme.organisations.states import MembershipRole
from questionnaires.models import CallQuestionnaire
from questionnaires.states import Purpose
from tests.factories.applications import (
    DeclinedInterestFactory,
    InterestFactory,
    InvitedInterestFactory,
    SentInterestFactory,
)
from tests.factories.programme import CallFactory, MembershipFactory, TwoStageCallFactory
from tests.factories.questionnaires import TemplateVersionFactory

pytestmark = pytest.mark.django_db

S = InterestStatus
ALL = {"why": "Because.", "version_why": "0", "version": "0"}


@pytest.fixture
def enter(sign_in):
    """Sign in as a member of the organisation that is interested."""

    def member(row, role=MembershipRole.LEAD):
        return sign_in(MembershipFactory(organisation=row.organisation, role=role).user)

    return member


def to(name, interest, *more):
    return reverse(f"applications:{name}", args=[interest.pk, *more])


def close_first_stage(call):
    """Let it have closed an hour ago: the session of who is signed in goes on."""
    call.interest_closes_at = days.now() - dt.timedelta(hours=1)
    call.save(update_fields=["interest_closes_at"])


def complete(interest):
    """Answer all that is asked."""
    person = MembershipFactory(organisation=interest.organisation).user
    answers = [("why", "Because.", 0), ("where", "Here.", 0)]
    services.save_interest_section(interest=interest, answers=answers, by=person)
    return interest


def test_start_asks_for_the_organisation_and_begins(sign_in):
    call = TwoStageCallFactory()
    version = TemplateVersionFactory(template__purpose=Purpose.EXPRESSION)
    CallQuestionnaire.objects.create(call=call, purpose=Purpose.EXPRESSION, version=version)
    member = MembershipFactory()
    client = sign_in(member.user)
    address = reverse("applications:interest_start", args=[call.slug])
    assert member.organisation.name in client.get(address).content.decode()
    answer = client.post(address, {"organisation": member.organisation.pk})
    interest = Interest.objects.get()
    assert (answer.status_code, answer.url) == (302, to("interest", interest))
    assert client.post(address, {}).status_code == 422


def test_start_says_when_nothing_is_taken(sign_in):
    call = TwoStageCallFactory()
    client = sign_in(MembershipFactory().user)
    close_first_stage(call)
    page = client.get(reverse("applications:interest_start", args=[call.slug]))
    assert "not taken now" in page.content.decode()


def test_start_of_a_call_in_one_stage_leads_to_the_application(sign_in):
    call = CallFactory()
    client = sign_in(MembershipFactory().user)
    answer = client.get(reverse("applications:interest_start", args=[call.slug]))
    assert answer.url == reverse("applications:start", args=[call.slug])


def test_list_of_sections_says_what_is_done(enter):
    interest = InterestFactory()
    page = enter(interest).get(to("interest", interest)).content.decode()
    assert "0 of 2 sections complete" in page
    assert to("interest_section", interest, "first") in page


def test_viewer_reads_but_writes_nothing(enter):
    interest = InterestFactory()
    client = enter(interest, MembershipRole.VIEWER)
    assert (
        to("interest_section", interest, "first")
        not in client.get(to("interest", interest)).content.decode()
    )
    assert client.get(to("interest_section", interest, "first")).status_code == 403


def test_section_is_saved_and_leads_on(enter):
    interest = InterestFactory()
    client = enter(interest)
    page = client.get(to("interest_section", interest, "first")).content.decode()
    assert f'data-autosave="{to("interest_section_save", interest, "first")}"' in page
    answer = client.post(to("interest_section", interest, "first"), ALL)
    assert answer.url == to("interest_section", interest, "second")
    answer = client.post(
        to("interest_section", interest, "second"),
        {"where": "Here.", "version_where": "0", "version": "0"},
    )
    assert answer.url == to("interest_check", interest)


def test_section_saves_itself_while_it_is_typed(enter):
    interest = InterestFactory()
    client = enter(interest)
    address = to("interest_section_save", interest, "first")
    assert client.post(address, ALL).status_code == 200
    clash = client.post(address, ALL | {"why": "Other."})
    assert clash.status_code == 409
    close_first_stage(interest.call)
    late = client.post(address, {"why": "Late.", "version_why": "1", "version": "0"})
    assert late.status_code == 410
    assert "were taken until" in late.json()["html"]


def test_two_texts_are_shown_side_by_side_and_history_keeps_both(enter):
    interest = complete(InterestFactory())
    client = enter(interest)
    page = client.post(to("interest_section", interest, "first"), ALL | {"why": "Other."})
    assert page.status_code == 409
    assert "Because." in page.content.decode()
    assert "Other." in page.content.decode()
    history = client.get(to("interest_history", interest, "first", "why"))
    assert "Because." in history.content.decode()


def test_unknown_section_is_not_found(enter):
    interest = InterestFactory()
    assert enter(interest).get(to("interest_section", interest, "third")).status_code == 404


def test_check_names_what_is_missing_and_sends_what_it_shows(enter):
    interest = InterestFactory()
    client = enter(interest)
    assert "has no answer yet" in client.get(to("interest_check", interest)).content.decode()
    complete(interest)
    page = client.get(to("interest_check", interest))
    shown = page.context["form"]["shown"].value()
    answer = client.post(to("interest_send", interest), {"shown": shown})
    assert answer.url == to("interest_sent", interest)
    receipt = client.get(answer.url).content.decode()
    interest.refresh_from_db()
    assert interest.reference in receipt
    assert interest.sha256 in receipt
    again = client.post(to("interest_send", interest), {"shown": shown})
    assert again.url == answer.url


def test_what_changed_meanwhile_is_shown_before_it_is_sent(enter):
    interest = complete(InterestFactory())
    client = enter(interest)
    page = client.post(to("interest_send", interest), {"shown": "another"})
    assert page.status_code == 409
    assert "Nothing is sent yet" in page.content.decode()
    shown = page.context["form"]["shown"].value()
    assert client.post(to("interest_send", interest), {"shown": shown}).status_code == 302


def test_editor_is_told_who_sends(enter):
    interest = complete(InterestFactory())
    client = enter(interest, MembershipRole.EDITOR)
    assert "Only a lead" in client.get(to("interest_check", interest)).content.decode()
    assert client.post(to("interest_send", interest)).status_code == 403


@pytest.mark.parametrize(
    ("factory", "words"),
    [
        (SentInterestFactory, "The coordination unit reads it"),
        (InvitedInterestFactory, "Start the full application"),
        (DeclinedInterestFactory, "Too many on the same topic."),
    ],
)
def test_page_says_what_became_of_it(enter, factory, words):
    interest = factory()
    client = enter(interest)
    page = client.get(to("interest", interest)).content.decode()
    assert words in page
    assert "Because." in page
    for name in ("interest_check", "interest_section"):
        more = ["first"] if name == "interest_section" else []
        assert client.get(to(name, interest, *more)).url == to("interest", interest)


def test_withdrawing_asks_once_more(enter):
    interest = SentInterestFactory()
    client = enter(interest)
    assert "begin anew" in client.get(to("interest_withdraw", interest)).content.decode()
    answer = client.post(to("interest_withdraw", interest), {"reason": "Too early."})
    assert answer.url == to("interest", interest)
    assert Interest.objects.get().status == S.WITHDRAWN
    page = client.get(to("interest", interest)).content.decode()
    assert "begin anew" in page
    assert client.get(to("interest_withdraw", interest)).url == to("interest", interest)


def test_outsiders_find_nothing(sign_in):
    interest = SentInterestFactory()
    client = sign_in(MembershipFactory().user)
    assert client.get(to("interest", interest)).status_code == 404


def test_code_of_a_late_entry_is_asked_for_once_the_first_stage_is_over(sign_in, time_machine):
    call = TwoStageCallFactory()
    person = MembershipFactory().user
    client, page = sign_in(person), reverse("applications:late_entry", args=[call.slug])
    assert 'name="secret_code"' not in client.get(page).content.decode()
    time_machine.move_to(call.interest_closes_at + dt.timedelta(seconds=1))
    client = sign_in(person)
    assert 'name="secret_code"' in client.get(page).content.decode()
    gate = client.get(reverse("applications:start", args=[call.slug])).content.decode()
    assert page in gate
