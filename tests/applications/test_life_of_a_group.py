"""The life of a group that is passed on among its members, in any order of steps."""

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
from applications.models import Application, LeadOffer
from applications.selectors import working_copy_of
from applications.states import ApplicantKind, ApplicationStatus, Declaration, OfferState
from core.kit import days
from core.kit.errors import PortalError
from core.kit.fingerprints import fingerprint
from core.trail.selectors import events_of
from programme.calls.models import Call
from tests.factories.applications import (
    GroupApplicationFactory,
    MunicipalityFactory,
    OnlineCommitmentFactory,
)
from tests.factories.programme import MembershipFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus
WEEK = dt.timedelta(days=7)
# Who only ever meets refusals comes nowhere.
MOSTLY, RARELY = st.sampled_from([True] * 3 + [False]), st.sampled_from([False] * 3 + [True])


class Group(RuleBasedStateMachine):
    """What two cities do that lead one group in turn, and the clock.

    `leads` is which of them leads, `asked` whether the other one is asked to; `sent` who led as
    each version was sent, oldest first.
    """

    @initialize()
    def begin(self):
        application = GroupApplicationFactory(response=None)
        country = application.organisation.country
        other = MembershipFactory(organisation__country=country)
        self.pk, self.call = application.pk, application.call
        self.cities = [application.organisation, other.organisation]
        self.people = [MembershipFactory(organisation=self.cities[0]).user, other.user]
        self.names = [city.name for city in self.cities]
        MunicipalityFactory(application=application, name=self.names[1], country=country)
        self.leads, self.asked, self.status, self.sent = 0, False, S.DRAFT, []
        self.is_open, self.is_changing = True, False
        # Whether nothing is missing in what is written, and in what was reopened for it.
        self.is_ready = self.was_ready = False

    # what stands ------------------------------------------------------------------
    @property
    def application(self):
        return Application.objects.get(pk=self.pk)

    @property
    def written(self):
        """The draft, or the copy in which what was sent is changed."""
        return working_copy_of(self.application) or self.application

    @property
    def lead(self):
        return self.people[self.leads]

    @property
    def other(self):
        return self.people[1 - self.leads]

    @property
    def can_pass(self):
        return self.is_open and not self.is_changing and self.status in (S.DRAFT, S.SUBMITTED)

    def attempt(self, allowed, service):
        """Call the service: it does its work exactly where the model says that it may."""
        if allowed:
            return service()
        with pytest.raises(PortalError):
            service()
        return None

    def who(self, is_lead):
        return self.lead if is_lead else self.other

    # whoever leads, and who no longer does ---------------------------------------------
    @rule(is_lead=MOSTLY)
    def make_ready(self, is_lead):
        """Name whom the new lead names anew, and let the other city commit."""
        written = self.written
        done = self.attempt(
            is_lead and self.is_open and written.is_draft,
            lambda: services.save_contacts(
                application=written,
                read_version=written.version,
                by=self.who(is_lead),
                deputy_name="Iva Horvat",
                deputy_email="iva@city.example",
                signatory_name="Mato Franković",
            ),
        )
        if done is not None:
            member = written.municipalities.get(is_lead=False)
            if not hasattr(member, "commitment"):
                OnlineCommitmentFactory(municipality=member)
            self.is_ready = True

    @rule(is_lead=MOSTLY)
    def send(self, is_lead):
        is_draft = self.status == S.DRAFT or self.is_changing
        is_new = is_draft and self.is_ready and self.is_open
        done = self.attempt(
            is_lead and (is_new or (self.status == S.SUBMITTED and not self.is_changing)),
            lambda: services.submit_application(
                application=self.written, declared=Declaration.values, by=self.who(is_lead)
            ),
        )
        if done is not None and is_draft:
            self.status, self.is_changing = S.SUBMITTED, False
            self.sent.append(self.names[self.leads])

    @rule(is_lead=MOSTLY)
    def reopen(self, is_lead):
        done = self.attempt(
            is_lead and self.is_open and self.status == S.SUBMITTED,
            lambda: services.reopen_application(application=self.application, by=self.who(is_lead)),
        )
        if done is not None and not self.is_changing:
            self.is_changing, self.was_ready = True, self.is_ready

    @precondition(lambda self: self.is_changing)
    @rule()
    def drop(self):
        services.drop_changes(application=self.written, by=self.lead)
        self.is_changing, self.is_ready = False, self.was_ready

    @rule(is_lead=RARELY)
    def withdraw(self, is_lead):
        done = self.attempt(
            is_lead,
            lambda: services.withdraw_application(
                application=self.application, by=self.who(is_lead)
            ),
        )
        if done is not None:
            self.status, self.asked, self.is_changing = S.WITHDRAWN, False, False

    # passing on ---------------------------------------------------------------------
    @rule(is_lead=MOSTLY)
    def offer(self, is_lead):
        member = self.application.municipalities.get(is_lead=False)
        done = self.attempt(
            is_lead and self.can_pass,
            lambda: services.offer_lead(
                application=self.application, municipality=member, by=self.who(is_lead)
            ),
        )
        if done is not None:
            self.asked = True

    @precondition(lambda self: self.asked)
    @rule(is_lead=MOSTLY)
    def take_back(self, is_lead):
        offer = LeadOffer.objects.get(state=OfferState.OPEN, application=self.pk)
        done = self.attempt(
            is_lead, lambda: services.take_offer_back(offer=offer, by=self.who(is_lead))
        )
        if done is not None:
            self.asked = False

    @precondition(lambda self: LeadOffer.objects.filter(application=self.pk).exists())
    @rule(accepted=MOSTLY, is_asked=MOSTLY)
    def answer(self, accepted, is_asked):
        """Answer what was offered last, be it open or long over."""
        offer = LeadOffer.objects.filter(application=self.pk).latest("pk")
        same = OfferState.ACCEPTED if accepted else OfferState.DECLINED
        asked = self.cities.index(offer.organisation)
        done = self.attempt(
            is_asked and (offer.state == same or (self.asked and (not accepted or self.can_pass))),
            lambda: services.answer_offer(
                offer=offer, accepted=accepted, by=self.people[asked if is_asked else 1 - asked]
            ),
        )
        if done is not None and self.asked:
            self.asked = False
            if accepted:
                self.leads, self.is_ready = asked, False

    # the clock ----------------------------------------------------------------------
    @rule(is_open=MOSTLY)
    def close_or_open(self, is_open):
        self.is_open = is_open
        moment = days.now() + (WEEK if self.is_open else -dt.timedelta(seconds=1))
        Call.objects.filter(pk=self.call.pk).update(closes_at=moment)

    # what is always true ------------------------------------------------------------
    @invariant()
    def one_city_leads_and_all_else_stays_in_the_group(self):
        application = self.application
        assert (application.status, application.kind) == (self.status, ApplicantKind.GROUP)
        assert application.organisation == self.cities[self.leads]
        led = dict(application.municipalities.values_list("name", "is_lead"))
        assert led == {name: name == self.names[self.leads] for name in self.names}
        copy = working_copy_of(application)
        assert (copy is not None) is self.is_changing
        assert copy is None or copy.organisation == application.organisation
        mine = [Application.objects.visible_to(person) for person in (self.lead, self.other)]
        assert [rows.filter(pk=self.pk).exists() for rows in mine] == [True, False]

    @invariant()
    def at_most_one_offer_waits(self):
        waiting = LeadOffer.objects.filter(application=self.pk, state=OfferState.OPEN)
        assert [offer.organisation for offer in waiting] == (
            [self.cities[1 - self.leads]] if self.asked else []
        )

    @invariant()
    def what_was_sent_says_who_led(self):
        versions = list(self.application.submissions.order_by("number"))
        assert [one.snapshot["organisation"]["name"] for one in versions] == self.sent
        assert all(one.sha256 == fingerprint(one.snapshot) for one in versions)
        passed = events_of(self.application).filter(verb="application.lead_passed").count()
        assert passed % 2 == self.leads


def test_way_through_all_of_it():
    """What the machine below does at random reaches as far as this."""
    life = Group()
    life.begin()
    for is_first in (True, False):
        life.make_ready(is_lead=True)
        life.send(is_lead=True)
        life.offer(is_lead=True)
        life.answer(accepted=True, is_asked=True)
        assert life.leads == is_first
        life.reopen(is_lead=True)
    life.drop()
    life.withdraw(is_lead=True)
    life.one_city_leads_and_all_else_stays_in_the_group()
    life.at_most_one_offer_waits()
    life.what_was_sent_says_who_led()
    assert life.sent == life.names


@pytest.mark.timeout(900)
def test_life_of_a_group_that_is_passed_on():
    run_state_machine_as_test(
        Group,
        settings=settings(
            max_examples=4 if connection.vendor == "postgresql" else 12,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
