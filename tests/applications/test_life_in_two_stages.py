"""The life of an expression of interest and of the application after it, in any order of steps."""

import datetime as dt

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from applications import services
from applications.models import Application, Interest
from applications.states import ApplicationStatus, Declaration, InterestOutcome, InterestStatus
from core.kit import days
from core.kit.errors import PortalError
from core.kit.fingerprints import fingerprint
from programme.calls.models import Call
from questionnaires.states import Purpose
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import ApplicationFactory, InterestFactory
from tests.factories.programme import MembershipFactory, TwoStageCallFactory

pytestmark = pytest.mark.django_db

S = InterestStatus
DAY = dt.timedelta(days=1)
# Who only ever meets a closed call comes nowhere.
MOSTLY, RARELY = st.sampled_from([True] * 3 + [False]), st.sampled_from([False] * 3 + [True])
TEXTS = st.sampled_from(["Floods.", "Heat in summer.", "Ships & buses <b>.", "雨水"])


class TwoStages(RuleBasedStateMachine):
    """What one city and the coordination unit do to the two stages of one call.

    `written` is what stands in the expression of interest, `sent` what was sent of it;
    `is_begun` and `has_applied` say how far the full application has come.
    """

    @initialize()
    def begin_the_world(self):
        self.call = TwoStageCallFactory()
        version = InterestFactory().response.version
        self.call.questionnaires.create(purpose=Purpose.EXPRESSION, version=version)
        membership = MembershipFactory()
        self.city, self.lead = membership.organisation, membership.user
        self.staff = CoordinatorFactory()
        self.pk = self.status = self.written = self.sent = None
        self.is_open = True
        self.is_begun = self.has_applied = False

    @property
    def interest(self):
        return Interest.objects.get(pk=self.pk)

    @property
    def application(self):
        return Application.objects.exclude(status=ApplicationStatus.WITHDRAWN).get(
            organisation=self.city
        )

    def attempt(self, allowed, service):
        """Call the service: it does its work exactly where the model says that it may."""
        if allowed:
            return service()
        with pytest.raises(PortalError):
            service()
        return None

    # the city -----------------------------------------------------------------------
    @precondition(lambda self: self.status in (None, S.WITHDRAWN))
    @rule()
    def express(self):
        interest = self.attempt(
            self.is_open,
            lambda: services.start_interest(call=self.call, organisation=self.city, by=self.lead),
        )
        if interest is not None:
            self.pk, self.status, self.sent = interest.pk, S.DRAFT, None

    @precondition(lambda self: self.pk)
    @rule(text=TEXTS)
    def write(self, text):
        interest = self.interest
        stored = {row.question.key: row.version for row in interest.response.answers.all()}
        answers = [
            (key, value, stored.get(key, 0)) for key, value in (("why", text), ("where", "Here."))
        ]
        saved = self.attempt(
            self.is_open and self.status == S.DRAFT,
            lambda: services.save_interest_section(
                interest=interest, answers=answers, by=self.lead
            ),
        )
        if saved is not None:
            self.written = text

    @precondition(lambda self: self.pk)
    @rule(clicks=st.integers(1, 2))
    def send(self, clicks):
        for _ in range(clicks):
            is_draft = self.status == S.DRAFT
            sent = self.attempt(
                self.status not in (S.DRAFT, S.WITHDRAWN)
                or (is_draft and self.is_open and self.written is not None),
                lambda: services.send_interest(interest=self.interest, by=self.lead),
            )
            if sent is not None and is_draft:
                self.status, self.sent = S.SENT, self.written

    @precondition(lambda self: self.pk)
    @rule(really=RARELY)
    def withdraw(self, really):
        if not really:
            return
        done = self.attempt(
            self.status == S.WITHDRAWN
            or (self.status in (S.DRAFT, S.SENT, S.INVITED) and not self.is_begun),
            lambda: services.withdraw_interest(interest=self.interest, by=self.lead),
        )
        if done is not None:
            self.status = S.WITHDRAWN

    @precondition(lambda self: not self.is_begun)
    @rule()
    def apply(self):
        begun = self.attempt(
            self.status == S.INVITED,
            lambda: services.start_application(
                call=self.call, organisation=self.city, by=self.lead
            ),
        )
        self.is_begun = begun is not None
        if begun is not None:
            # All that is asked, at once: what it is about stands in test_life.py.
            begun.delete()
            ApplicationFactory(call=self.call, organisation=self.city, response=None)

    @precondition(lambda self: self.is_begun)
    @rule()
    def send_the_application(self):
        done = self.attempt(
            self.status == S.INVITED or self.has_applied,
            lambda: services.submit_application(
                application=self.application, declared=Declaration.values, by=self.lead
            ),
        )
        self.has_applied = done is not None

    @precondition(lambda self: self.is_begun)
    @rule()
    def withdraw_the_application(self):
        services.withdraw_application(application=self.application, by=self.lead)
        self.is_begun = self.has_applied = False

    # staff --------------------------------------------------------------------------
    @precondition(lambda self: self.pk)
    @rule(outcome=st.sampled_from(InterestOutcome))
    def decide(self, outcome):
        done = self.attempt(
            self.status == S.SENT,
            lambda: services.decide_interests(
                interests=[self.interest], outcome=outcome, reason="So.", by=self.staff
            ),
        )
        if done is not None:
            self.status = S.INVITED if outcome == InterestOutcome.INVITE else S.DECLINED

    @precondition(lambda self: self.pk)
    @rule()
    def take_back(self):
        done = self.attempt(
            self.status in (S.INVITED, S.DECLINED) and not self.has_applied,
            lambda: services.take_back_decision(
                interest=self.interest, reason="Read again.", by=self.staff
            ),
        )
        if done is not None:
            self.status = S.SENT

    # the clock ----------------------------------------------------------------------
    @rule(is_open=MOSTLY)
    def close_or_open_the_first_stage(self, is_open):
        self.is_open = is_open
        moment = days.now() + (DAY if self.is_open else -dt.timedelta(seconds=1))
        Call.objects.filter(pk=self.call.pk).update(interest_closes_at=moment)

    # what is always true ------------------------------------------------------------
    @invariant()
    def what_was_written_and_sent_stands(self):
        if not getattr(self, "pk", None):
            return
        interest = self.interest
        assert interest.status == self.status
        stored = interest.response.answers.filter(question__key="why").first()
        assert (stored.value if stored else None) == self.written
        if self.status in (S.SENT, S.INVITED, S.DECLINED):
            assert f"'{self.sent}'" in str(interest.snapshot["sections"])
            assert interest.sha256 == fingerprint(interest.snapshot)

    @invariant()
    def who_has_applied_was_invited(self):
        if not hasattr(self, "city"):
            return
        rows = Application.objects.filter(organisation=self.city)
        standing = rows.exclude(status=ApplicationStatus.WITHDRAWN)
        assert standing.count() == self.is_begun
        assert standing.filter(submitted_at__isnull=False).count() == self.has_applied
        if self.has_applied:
            assert self.status == S.INVITED
        own = Interest.objects.filter(organisation=self.city).exclude(status=S.WITHDRAWN)
        assert own.count() == (self.status not in (None, S.WITHDRAWN))


def test_way_through_all_of_it():
    """What the machine below does at random reaches as far as this."""
    life = TwoStages()
    life.begin_the_world()
    life.express()
    life.write(text="Floods.")
    life.send(clicks=2)
    for outcome in (InterestOutcome.DECLINE, InterestOutcome.INVITE):
        life.decide(outcome=outcome)
        if outcome == InterestOutcome.DECLINE:
            life.apply()
            life.take_back()
    life.close_or_open_the_first_stage(is_open=False)
    life.apply()
    life.send_the_application()
    life.take_back()
    life.withdraw(really=True)
    life.what_was_written_and_sent_stands()
    life.who_has_applied_was_invited()
    assert (life.status, life.has_applied) == (S.INVITED, True)


@pytest.mark.timeout(900)
def test_life_of_a_call_in_two_stages():
    run_state_machine_as_test(
        TwoStages,
        settings=settings(
            max_examples=4 if connection.vendor == "postgresql" else 12,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
