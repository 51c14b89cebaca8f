"""The pages of the eligibility workbench: one request per outcome, and flat query counts."""

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from applications.models import Application, Clarification, CriterionRuling, FirstCheck
from applications.selectors.checking import read_version_of_check
from applications.services import judge_commitment, rule_criterion
from core.kit import days
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, ObserverFactory
from tests.factories.applications import (
    ClarificationFactory,
    CommitmentFactory,
    CriterionRulingFactory,
    FirstCheckFactory,
    MunicipalityFactory,
    OnlineCommitmentFactory,
    SubmittedApplicationFactory,
)
from tests.factories.files import PDF
from tests.factories.programme import CallFactory

pytestmark = pytest.mark.django_db

QUEUE = "/staff/eligibility/"
UNKNOWN = {"population_source": ""}


@pytest.fixture
def enter(sign_in):
    def enter(person=None):
        person = person or CoordinatorFactory(full_name="Ilse Verbeek")
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
        return sign_in(person)

    return enter


@pytest.fixture
def staff(enter):
    return enter()


def at(application, name="staff_check"):
    return reverse(f"applications:{name}", args=[application.reference])


def seen(application):
    """What a page of the case carries along: the version that it shows."""
    return {"version": read_version_of_check(Application.objects.get(pk=application.pk))}


def judge(client, application, deed, **values):
    return client.post(at(application, "staff_judge"), seen(application) | {"deed": deed} | values)


def text(response):
    return response.content.decode()


def a_group(factory=CommitmentFactory, **more):
    application = SubmittedApplicationFactory(kind="group", **more)
    member = MunicipalityFactory(
        application=application, country=application.organisation.country, name="Ponte de Lima"
    )
    factory(municipality=member)
    return application, f"commitment-{member.pk}"


def shortcuts(response):
    return set(re.findall(r'data-shortcut="(.)"', text(response)))


def test_queue_opens_its_first_case_and_keeps_the_filter(staff):
    application = SubmittedApplicationFactory()
    answer = staff.get(QUEUE, {"from": f"call={application.call.slug}"})
    assert answer.url == f"{at(application)}?from=call%3D{application.call.slug}"


@pytest.mark.parametrize(
    ("left", "carried"),
    [
        ("http://testserver/staff/applications/?sort=sent", "?from=sort%3Dsent"),
        ("http://elsewhere.example/staff/applications/?sort=sent", ""),
        ("http://testserver/staff/?sort=sent", ""),
        ("http://[", ""),
    ],
)
def test_filter_of_the_list_that_was_left_is_followed(staff, left, carried):
    application = SubmittedApplicationFactory()
    answer = staff.get(QUEUE, headers={"referer": left})
    assert answer.url == f"{at(application)}{carried}"


def test_queue_of_nothing_says_that_all_is_checked(staff):
    SubmittedApplicationFactory(status="eligible")
    answer = staff.get(QUEUE)
    assert answer.status_code == 200
    assert "1 of 1 looked at. Nothing waits for your keys." in text(answer)


def test_case_shows_each_criterion_with_its_facts_and_the_register_beside(staff):
    application = SubmittedApplicationFactory(lead=UNKNOWN)
    page = staff.get(at(application))
    assert "Do you trust the declared figure?" in text(page)
    assert "120,000 declared" in text(page)
    assert {"p", "f", "a", "w"} <= shortcuts(page)
    assert "Not eligible" not in re.sub(r"(?s)<ul class=.dot-key.*?</ul>", "", text(page))


def test_clear_case_takes_one_key_and_the_next_one_opens(staff):
    other, application = SubmittedApplicationFactory(), SubmittedApplicationFactory()
    answer = judge(staff, application, "eligible")
    assert answer.url == f"{at(other)}?done={application.reference}"
    page = staff.get(answer.url)
    assert "found eligible." in text(page)
    assert re.search(
        r'<h2 id="case-h" tabindex="-1" autofocus>\s+' + other.organisation.name, text(page)
    )
    assert "z" in shortcuts(page)


def test_last_case_leads_to_the_end(staff):
    application = SubmittedApplicationFactory()
    answer = judge(staff, application, "eligible")
    assert answer.url == f"{QUEUE}?done={application.reference}"
    assert "That was the last one." in text(staff.get(answer.url))


def test_next_case_comes_from_the_filter(staff):
    call = CallFactory()
    application = SubmittedApplicationFactory(call=call)
    SubmittedApplicationFactory()
    mine = SubmittedApplicationFactory(call=call)
    answer = judge(staff, application, "eligible", **{"from": f"call={call.slug}&sort=sent"})
    assert answer.url.startswith(f"{at(mine)}?")


def test_letter_is_shown_in_the_page_before_it_counts(staff):
    application, item = a_group()
    page = text(staff.get(at(application)))
    address = re.search(r'<iframe src="([^"]+)"', page)[1]
    shown = staff.get(address)
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert "script-src" not in shown["Content-Security-Policy"]
    assert shown["X-Content-Type-Options"] == "nosniff"
    # With another paper beside it there is nothing to press.
    other = staff.get(at(application), {"item": item, "paper": "figures"})
    assert "p" not in shortcuts(other)
    assert "Open the letter" in text(other)


def test_file_is_still_handed_over_where_nobody_asks_to_see_it(staff):
    application, item = a_group()
    address = reverse("applications:commitment_file", args=[application.key, item.split("-")[1]])
    assert staff.get(address)["Content-Disposition"].startswith("attachment")


def test_words_signed_online_are_read_beside_with_advice_on_the_address(staff):
    application, _item = a_group(OnlineCommitmentFactory)
    page = text(staff.get(at(application)))
    assert "The municipality takes part." in page
    assert "office@municipality.example" in page


def test_letter_passes_by_one_key(staff):
    application, item = a_group()
    answer = judge(staff, application, "pass", item=item)
    assert answer.url.startswith(QUEUE)
    application.refresh_from_db()
    assert application.status == "eligible"


def test_letter_that_does_not_count_is_refused_with_words(staff):
    application, item = a_group()
    refused = judge(staff, application, "fail", item=item, reason="")
    assert refused.status_code == 422
    assert '<details class="case-item-fold" name="verdict" open>' in text(refused)
    answer = judge(staff, application, "fail", item=item, reason="Nobody has signed it.")
    page = staff.get(answer.url)
    assert "r" in shortcuts(page)
    assert "Nobody has signed it." in text(page)


def test_failed_criterion_offers_the_refusal_and_passes_only_with_words(staff):
    application = SubmittedApplicationFactory(lead={"population": 50_000})
    page = staff.get(at(application))
    assert {"p", "a", "w", "r"} <= shortcuts(page)
    assert "f" not in shortcuts(page)
    assert judge(staff, application, "pass", item="population", reason="").status_code == 422
    judge(staff, application, "pass", item="population", reason="The census says more.")
    application.refresh_from_db()
    assert application.status == "eligible"


def test_waiver_keeps_its_words_and_leaves_the_decision_to_a_key(staff):
    application = SubmittedApplicationFactory(lead=UNKNOWN)
    answer = judge(staff, application, "waive", item="population", reason="Guests.", released="on")
    ruling = CriterionRuling.objects.get()
    assert (ruling.ruling, ruling.reason, ruling.released) == ("waive", "Guests.", True)
    assert "Every criterion is met" in text(staff.get(answer.url))


def test_refusal_leads_to_the_next_case_of_the_filter(staff):
    following = SubmittedApplicationFactory()
    application = SubmittedApplicationFactory(lead={"population": 50_000})
    url = at(application, "staff_decide_eligibility")
    values = {"eligible": "no", "reason": "Too small.", "confirm": "1", "from": "sort=-sent"}
    values |= seen(application)
    assert staff.post(url, values).url.startswith(at(following))


def test_city_is_asked_and_its_case_leaves_the_queue(staff):
    following = SubmittedApplicationFactory()
    application = SubmittedApplicationFactory(lead=UNKNOWN)
    row = f"municipality:{application.organisation.country_id}:"
    page = text(staff.get(at(application)))
    key = re.search(rf'value="({row}[^"]+)"\s+selected', page)[1]
    values = {"item": "population", "row": key, "question": "Which census?"}
    late = judge(staff, application, "ask", **values, due_on="")
    assert late.status_code == 422
    due = (days.today() + dt.timedelta(days=9)).isoformat()
    answer = judge(staff, application, "ask", **values, due_on=due)
    assert answer.url.startswith(at(following))
    assert Clarification.objects.get().question == "Which census?"
    assert staff.get(QUEUE).url == at(following)


def versions(page):
    """The versions that the forms of a page carry, by far the most of them one."""
    return set(re.findall(r'name="version" value="(\d+)"', page))


def test_verdict_on_what_has_changed_since_is_refused_with_its_words(staff):
    application, item = a_group(lead=UNKNOWN)
    [version] = versions(text(staff.get(at(application))))
    rule_criterion(
        application=application,
        criterion="room",
        ruling="fail",
        reason="It runs two.",
        by=CoordinatorFactory(),
    )
    typed = {"item": "population", "reason": "The census says more.", "version": version}
    for deed in ("waive", "fail", "pass"):
        refused = judge(staff, application, deed, **typed)
        assert refused.status_code == 409
        assert "This case has changed since you opened it" in text(refused)
        assert "The census says more." in text(refused)
    judge(staff, application, "pass", item=item, version=version)
    assert application.rulings.count() == 1
    assert application.municipalities.get(is_lead=False).commitment.verdict == "waiting"
    # Who sends it again from the page that says so has seen what is there now.
    [fresh] = versions(text(refused)) - {version}
    assert judge(staff, application, "waive", **typed | {"version": fresh}).status_code == 302


@pytest.mark.parametrize("is_sent_again", [True, False])
def test_eligible_is_not_found_on_another_letter_or_version(is_sent_again, staff):
    application, _item = a_group()
    letter = application.municipalities.get(is_lead=False).commitment
    by = CoordinatorFactory()
    judge_commitment(commitment=letter, verdict="accepted", reason="", by=by)
    [version] = versions(text(staff.get(at(application))))
    if is_sent_again:
        Application.objects.filter(pk=application.pk).update(submitted_at=days.now())
    else:
        judge_commitment(commitment=letter, verdict="accepted", reason="Read again.", by=by)
    answer = judge(staff, application, "eligible", version=version)
    assert "This case has changed" in text(staff.get(answer.url))
    address = at(application, "staff_decide_eligibility")
    late = staff.post(address, {"eligible": "yes", "version": version})
    assert late.status_code == 409
    application.refresh_from_db()
    assert application.status == "submitted"


def test_verdict_without_the_version_of_its_page_is_refused(staff):
    application = SubmittedApplicationFactory()
    judge(staff, application, "eligible", version="")
    application.refresh_from_db()
    assert application.status == "submitted"


def test_undo_brings_the_case_back(staff):
    application = SubmittedApplicationFactory()
    judge(staff, application, "eligible")
    answer = judge(staff, application, "undo")
    assert staff.get(answer.url).status_code == 200
    application.refresh_from_db()
    assert application.status == "submitted"


def test_second_person_confirms_with_one_key(enter):
    application = SubmittedApplicationFactory(call=CallFactory(checkers=2))
    client = enter(CoordinatorFactory(full_name="Marek Dvořák"))
    answer = judge(client, application, "eligible")
    assert "A colleague confirms it." in text(client.get(answer.url))
    client = enter()
    page = text(client.get(at(application)))
    assert "Marek Dvořák found: Eligible" in page
    assert "Confirm: eligible" in page
    judge(client, application, "eligible")
    application.refresh_from_db()
    assert application.status == "eligible"


def test_refusal_by_the_first_of_two_sends_nothing(staff):
    application = SubmittedApplicationFactory(
        call=CallFactory(checkers=2), lead={"population": 50_000}
    )
    url = at(application, "staff_decide_eligibility")
    values = {"eligible": "no", "reason": "Too small."} | seen(application)
    assert "Keep it for a colleague to confirm" in text(staff.post(url, values))
    answer = staff.post(url, values | {"confirm": "1"}, follow=True)
    assert "A colleague confirms it." in text(answer)
    assert FirstCheck.objects.get().reason == "Too small."


def test_refusal_that_was_told_is_not_turned_round_without_its_mail(staff):
    application = SubmittedApplicationFactory(status="ineligible")
    answer = judge(staff, application, "eligible", **{"from": "q=a"})
    # Whoever comes from the queue goes on with its next case.
    assert answer.url == at(application, "staff_decide_eligibility") + "?from=q%3Da"


def test_refusal_that_a_colleague_has_turned_round_opens_in_the_queue(staff):
    application = SubmittedApplicationFactory(status="ineligible", call__checkers=2)
    assert staff.get(at(application)).status_code == 302
    FirstCheckFactory(application=application)
    assert staff.get(QUEUE).url.startswith(at(application))
    assert staff.get(at(application)).status_code == 200


def test_closed_check_leads_to_how_it_stood(staff):
    application = SubmittedApplicationFactory(status="eligible")
    assert staff.get(at(application)).url.endswith("?tab=eligibility")


@pytest.mark.parametrize("deed", ["", "delete"])
def test_unknown_deed_is_refused(staff, deed):
    assert judge(staff, SubmittedApplicationFactory(), deed).status_code == 422


def test_letter_of_another_application_is_no_item(staff):
    _other, item = a_group()
    assert judge(staff, SubmittedApplicationFactory(), "pass", item=item).status_code == 422


@pytest.mark.parametrize("factory", [ObserverFactory, AssessorFactory])
def test_who_may_not_check_has_no_workbench(enter, factory):
    client = enter(factory())
    assert client.get(at(SubmittedApplicationFactory())).status_code in (403, 404)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_stay_flat(staff, number, django_assert_max_num_queries):
    application, _item = a_group()
    for _each in range(number):
        SubmittedApplicationFactory(call=application.call)
        CommitmentFactory(municipality=MunicipalityFactory(application=application))
        CriterionRulingFactory(application=application, criterion="room")
        ClarificationFactory(application=application, withdrawn_at=days.now())
    done = SubmittedApplicationFactory()
    judge(staff, done, "eligible")
    with django_assert_max_num_queries(15):
        staff.get(at(application), {"done": done.reference})


def test_pdf_is_what_it_was(staff):
    application, _item = a_group()
    page = text(staff.get(at(application)))
    shown = staff.get(re.search(r'<iframe src="([^"]+)"', page)[1])
    assert b"".join(shown.streaming_content).startswith(PDF[:8])
