"""One key a verdict, two people where the call demands them, and the way back."""

import pytest

from applications.models import CriterionRuling, FirstCheck
from applications.selectors import eligibility_of, released_reasons, sent_applications
from applications.selectors.checking import (
    around,
    checked_numbers,
    first_check_of,
    last_step_of,
    to_judge,
)
from applications.selectors.judging import items_of
from applications.services import (
    assign_assessor,
    decide_eligibility,
    judge_commitment,
    pass_and_settle,
    rule_criterion,
    undo_check_step,
)
from applications.states import ApplicationStatus as S
from applications.states import Criterion, Ruling
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from tests.factories.accounts import AssessorFactory, CoordinatorFactory
from tests.factories.applications import (
    AssignmentFactory,
    ClarificationFactory,
    CommitmentFactory,
    ConflictFactory,
    CriterionRulingFactory,
    MunicipalityFactory,
    SubmittedApplicationFactory,
)
from tests.factories.programme import CallFactory

pytestmark = pytest.mark.django_db

GROUP = {"kind": "group"}
UNKNOWN = {"population_source": ""}  # a figure without a source is left to a human


@pytest.fixture
def ilse():
    return CoordinatorFactory(full_name="Ilse Verbeek")


@pytest.fixture
def marek():
    return CoordinatorFactory(full_name="Marek Dvořák")


@pytest.fixture
def two():
    return CallFactory(checkers=2)


def clear(**more):
    return SubmittedApplicationFactory(**more)


def with_letter(**more):
    application = SubmittedApplicationFactory(**GROUP, **more)
    member = MunicipalityFactory(application=application, country=application.organisation.country)
    return application, CommitmentFactory(municipality=member)


def criteria_of(application):
    return {item.result.key: item for item in eligibility_of(fresh(application))}


def fresh(application):
    return (
        type(application)
        .objects.select_related("call", "organisation__country")
        .get(pk=application.pk)
    )


def decide(application, by, *, eligible=True, reason=""):
    return decide_eligibility(
        application=application, eligible=eligible, by=by, reason=reason
    ).status


def verbs(application):
    events = AuditEvent.objects.filter(target_id=str(application.pk)).order_by("pk")
    return [event.verb.partition(".")[2] for event in events]


# one key a verdict
def test_last_letter_that_counts_finds_the_case_eligible(ilse):
    application, letter = with_letter()
    assert pass_and_settle(application=application, by=ilse, commitment=letter).status == S.ELIGIBLE


def test_case_stays_open_while_another_letter_is_unread(ilse):
    application, letter = with_letter()
    CommitmentFactory(municipality=MunicipalityFactory(application=application))
    found = pass_and_settle(application=application, by=ilse, commitment=letter)
    assert found.status == S.SUBMITTED


def test_open_criterion_passes_without_words(ilse):
    application = clear(lead=UNKNOWN)
    assert criteria_of(application)["population"].is_open
    found = pass_and_settle(application=application, by=ilse, criterion=Criterion.POPULATION)
    assert (found.status, CriterionRuling.objects.get().reason) == (S.ELIGIBLE, "")


def test_failed_criterion_passes_only_with_words(ilse):
    application = clear(lead={"population": 50_000})
    with pytest.raises(InvalidError):
        pass_and_settle(application=application, by=ilse, criterion=Criterion.POPULATION)
    assert not CriterionRuling.objects.exists()


@pytest.mark.parametrize("ruling", [Ruling.FAIL, Ruling.WAIVE])
def test_other_rulings_need_words(ilse, ruling):
    with pytest.raises(InvalidError):
        rule_criterion(
            application=clear(lead=UNKNOWN),
            criterion=Criterion.POPULATION,
            ruling=ruling,
            reason=" ",
            by=ilse,
        )


def test_taking_back_is_no_ruling_that_somebody_chooses(ilse):
    with pytest.raises(InvalidError):
        rule_criterion(
            application=clear(),
            criterion=Criterion.POPULATION,
            ruling=Ruling.TAKEN_BACK,
            reason="So.",
            by=ilse,
        )


def test_each_unread_letter_is_an_item_of_its_own():
    application, letter = with_letter()
    members = [letter.municipality]
    [item] = items_of(list(criteria_of(application).values()), members)
    assert (item.key, item.municipality) == (
        f"commitment-{letter.municipality.pk}",
        letter.municipality,
    )


# two people
def test_first_of_two_moves_nothing_and_tells_nobody(two, ilse, mailoutbox):
    application = clear(call=two)
    assert decide(application, ilse) == S.SUBMITTED
    assert FirstCheck.objects.get().by == ilse
    assert verbs(application) == ["check_eligible"]
    assert mailoutbox == []


def test_same_person_twice_is_still_one(two, ilse):
    application = clear(call=two)
    decide(application, ilse)
    assert decide(application, ilse) == S.SUBMITTED
    assert verbs(application) == ["check_eligible"]


def test_another_person_completes_it(two, ilse, marek):
    application = clear(call=two)
    decide(application, ilse)
    assert decide(application, marek) == S.ELIGIBLE
    assert not FirstCheck.objects.exists()
    assert application.decisions.get().by == marek


def test_who_finds_something_else_is_the_first_anew(two, ilse, marek, mailoutbox):
    application = clear(call=two)
    decide(application, ilse)
    CriterionRulingFactory(application=application, ruling="fail", by=marek)
    assert decide(application, marek, eligible=False, reason="Too small.") == S.SUBMITTED
    assert (FirstCheck.objects.get().outcome, FirstCheck.objects.get().by) == (S.INELIGIBLE, marek)
    assert mailoutbox == []


def test_refusal_of_two_is_mailed_once_the_second_agrees(two, ilse, marek, mailoutbox):
    application = clear(call=two)
    CriterionRulingFactory(application=application, ruling="fail", by=ilse)
    decide(application, ilse, eligible=False, reason="Too small.")
    assert decide(application, marek, eligible=False, reason="Much too small.") == S.SUBMITTED
    assert decide(application, ilse, eligible=False, reason="Much too small.") == S.INELIGIBLE
    assert mailoutbox


def test_refusal_by_mistake_is_put_right_by_two(two, ilse, marek, mailoutbox):
    application = clear(call=two)
    CriterionRulingFactory(application=application, ruling="fail", by=ilse)
    for person in (ilse, marek):
        decide(application, person, eligible=False, reason="Too small.")
    told = len(mailoutbox)
    CriterionRulingFactory(application=application, ruling="waive", by=ilse)
    assert decide(application, ilse) == S.INELIGIBLE
    assert len(mailoutbox) == told
    assert decide(application, marek) == S.ELIGIBLE
    assert len(mailoutbox) > told


def test_ruling_anew_takes_the_first_check_away(two, ilse, marek):
    application = clear(call=two)
    decide(application, ilse)
    rule_criterion(
        application=application,
        criterion=Criterion.ROOM,
        ruling=Ruling.WAIVE,
        reason="So.",
        by=marek,
    )
    assert not FirstCheck.objects.exists()
    assert decide(application, marek) == S.SUBMITTED


def test_judging_a_letter_anew_takes_the_first_check_away(two, ilse, marek):
    application, letter = with_letter(call=two)
    pass_and_settle(application=application, by=ilse, commitment=letter)
    assert FirstCheck.objects.exists()
    judge_commitment(commitment=letter, verdict="refused", reason="Not signed.", by=marek)
    assert not FirstCheck.objects.exists()


def test_first_check_of_somebody_with_a_link_does_not_count(two, ilse, marek):
    application = clear(call=two)
    decide(application, ilse)
    ConflictFactory(application=application, person=ilse)
    assert first_check_of(fresh(application), eligibility_of(fresh(application))) is None
    assert decide(application, marek) == S.SUBMITTED
    with pytest.raises(NotAllowedError):
        decide(application, ilse)


def test_call_that_asks_for_one_again_needs_no_second(two, ilse):
    application = clear(call=two)
    decide(application, ilse)
    two.checkers = 1
    two.save()
    assert decide(application, ilse) == S.ELIGIBLE


def test_call_that_asks_for_two_meanwhile_holds_what_is_open(ilse):
    application = clear()
    type(application.call).objects.update(checkers=2)
    assert decide(application, ilse) == S.SUBMITTED


# the way back
def undo(application, by):
    return undo_check_step(application=application, by=by).kind


def test_eligible_is_taken_back_then_the_ruling_then_nothing(ilse):
    application = clear(lead=UNKNOWN)
    pass_and_settle(application=application, by=ilse, criterion=Criterion.POPULATION)
    assert undo(application, ilse) == "eligible"
    assert fresh(application).status == S.SUBMITTED
    assert undo(application, ilse) == "ruling"
    assert criteria_of(application)["population"].is_open
    with pytest.raises(WrongStateError):
        undo(application, ilse)
    assert verbs(application) == [
        "criterion_pass",
        "eligible",
        "check_reopened",
        "criterion_taken_back",
    ]


def test_taken_back_ruling_uncovers_the_one_before(ilse, marek):
    application = clear()
    for person, ruling in ((marek, "waive"), (ilse, "fail")):
        rule_criterion(
            application=application,
            criterion=Criterion.POPULATION,
            ruling=ruling,
            reason="So.",
            by=person,
        )
    undo(application, ilse)
    assert criteria_of(application)["population"].state == "waive"
    assert last_step_of(fresh(application), ilse) is None


def test_letter_waits_again_once_its_verdict_is_taken_back(ilse):
    application, letter = with_letter()
    judge_commitment(commitment=letter, verdict="refused", reason="Not signed.", by=ilse)
    assert undo(application, ilse) == "letter"
    letter.refresh_from_db()
    assert (letter.verdict, letter.verdict_reason, letter.verdict_by) == ("waiting", "", None)


def test_first_check_is_taken_back(two, ilse):
    application = clear(call=two)
    decide(application, ilse)
    assert undo(application, ilse) == "first_check"
    assert not FirstCheck.objects.exists()


def test_nobody_undoes_what_a_colleague_did(ilse, marek):
    application = clear()
    decide(application, ilse)
    with pytest.raises(WrongStateError):
        undo(application, marek)


def test_eligible_stays_once_an_assessor_was_named(ilse):
    application = clear()
    decide(application, ilse)
    assign_assessor(application=application, assessor=AssessorFactory(), by=ilse)
    with pytest.raises(WrongStateError):
        undo(application, ilse)


def test_eligible_stays_where_an_assessor_was_named_before_it(ilse):
    application = clear()
    AssignmentFactory(application=application)
    decide(application, ilse)
    with pytest.raises(WrongStateError):
        undo(application, ilse)


def waive(application, by):
    return rule_criterion(
        application=application,
        criterion=Criterion.POPULATION,
        ruling=Ruling.WAIVE,
        reason="The region is small.",
        released=True,
        by=by,
    )


def reasons(application):
    return [ruling.reason for _title, ruling in released_reasons(fresh(application))]


def test_released_reason_reaches_the_city_once_two_have_decided(two, ilse, marek):
    application = clear(call=two)
    waive(application, ilse)
    decide(application, ilse)
    assert reasons(application) == []
    decide(application, marek)
    assert reasons(application) == ["The region is small."]


def test_reason_of_a_refusal_stays_until_two_have_turned_it_round(two, ilse, marek):
    application = clear(call=two)
    CriterionRulingFactory(
        application=application, ruling="fail", reason="Too small.", released=True, by=ilse
    )
    for person in (ilse, marek):
        decide(application, person, eligible=False, reason="Too small.")
    waive(application, ilse)
    decide(application, ilse)
    assert reasons(application) == ["Too small."]
    decide(application, marek)
    assert reasons(application) == ["The region is small."]


def test_ruling_that_the_city_could_read_is_not_undone(ilse):
    application = clear()
    waive(application, ilse)
    decide(application, ilse)
    assert undo(application, ilse) == "eligible"
    with pytest.raises(WrongStateError):
        undo(application, ilse)

    unread = clear()
    waive(unread, ilse)
    assert undo(unread, ilse) == "ruling"


def test_refusal_that_was_told_is_not_undone_but_turned_round(ilse):
    application = clear()
    CriterionRulingFactory(application=application, ruling="fail", by=ilse)
    decide(application, ilse, eligible=False, reason="Too small.")
    with pytest.raises(WrongStateError):
        undo(application, ilse)
    CriterionRulingFactory(application=application, ruling="waive", by=ilse)
    decide(application, ilse)
    with pytest.raises(WrongStateError):
        undo(application, ilse)


# the queue
def queue(user):
    return to_judge(sent_applications(user), user).order_by("reference")


def test_queue_leaves_out_what_waits_for_others(two, ilse, marek):
    asked, own, open_one = clear(), clear(call=two), clear()
    ClarificationFactory(application=asked)
    decide(own, ilse)
    assert list(queue(ilse)) == [open_one]
    assert set(queue(marek)) == {own, open_one}
    numbers = checked_numbers(sent_applications(ilse), ilse)
    assert (numbers.asked, numbers.second, numbers.waiting) == (1, 1, 1)


def test_refusal_that_one_of_two_has_turned_round_waits_for_the_other(two, ilse, marek):
    application, refused = clear(call=two), clear(call=two)
    for one in (application, refused):
        CriterionRulingFactory(application=one, ruling="fail", by=ilse)
        for person in (ilse, marek):
            decide(one, person, eligible=False, reason="Too small.")
    CriterionRulingFactory(application=application, ruling="waive", by=ilse)
    assert decide(application, ilse) == S.INELIGIBLE

    assert list(queue(ilse)) == []
    assert list(queue(marek)) == [application]
    for person, second, waiting in ((ilse, 1, 0), (marek, 0, 1)):
        numbers = checked_numbers(sent_applications(person), person)
        assert (numbers.failed, numbers.second, numbers.waiting) == (1, second, waiting)
        assert numbers.total == 2

    assert undo(application, ilse) == "first_check"
    assert list(queue(marek)) == []
    assert fresh(application).status == S.INELIGIBLE
    decide(application, ilse)
    assert decide(application, marek) == S.ELIGIBLE
    assert list(queue(marek)) == []


def test_neighbours_follow_the_order_and_come_round(ilse):
    one, two, three = (clear().reference for _ in range(3))

    def names(reference):
        found = around(queue(ilse), reference)
        return [case and case.reference for case in (found.previous, found.next)]

    assert names(two) == [one, three]
    assert names(one) == [None, two]
    assert names(three) == [two, one]
    assert names("gone") == [None, one]
