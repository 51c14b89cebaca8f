"""The life of an application, whatever its city, staff and the clock do, in any order."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
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
from applications.models import Application
from applications.selectors import sent_applications, working_copy_of
from applications.snapshots import content_print, snapshot_of
from applications.states import CLARIFIED_IN, ApplicationStatus, Declaration
from core.files.models import StoredFile
from core.files.selectors import unowned_files
from core.kit import days
from core.kit.errors import PortalError
from core.kit.fingerprints import fingerprint
from core.trail.models import AuditEvent
from programme.calls.models import Call
from questionnaires.models import CallQuestionnaire
from questionnaires.states import Purpose
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    ApplicationFactory,
    ChallengeFactory,
    StakeholderFactory,
)
from tests.factories.files import PNG
from tests.factories.programme import CallDocumentFactory, CallFactory, MembershipFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus
WEEK = dt.timedelta(days=7)
PAPERS = st.sampled_from([None, "council.png", "mayor.png"])
TEXTS = st.sampled_from(["Floods.", "Heat in summer.", "Ships & buses <b>.", "雨水"])
CHANGEABLE = (S.SUBMITTED, S.ELIGIBLE, S.INELIGIBLE)
WITHDRAWABLE = (S.SUBMITTED, S.ELIGIBLE, S.RESERVE)


class Life(RuleBasedStateMachine):
    """What one city has before itself, and beside it what must be true of it.

    `written` is what stands in the draft or copy, `paper` the name of the document on file there;
    `sent` both of each version that was sent, oldest first.
    """

    @initialize()
    def begin(self):
        self.call = CallFactory()
        self.asked = CallDocumentFactory(call=self.call, is_required=False)
        version = ApplicationFactory().response.version
        CallQuestionnaire.objects.create(
            call=self.call, purpose=Purpose.APPLICATION, version=version
        )
        membership = MembershipFactory(user__full_name="Ana Kovačević")
        self.city, self.lead = membership.organisation, membership.user
        self.staff = CoordinatorFactory()
        self.pk = None
        self.status = None
        self.written = self.paper = None
        self.sent = []
        self.is_open = True

    # what stands ------------------------------------------------------------------
    @property
    def application(self):
        return Application.objects.get(pk=self.pk)

    @property
    def copy(self):
        return working_copy_of(self.application) if self.pk else None

    def attempt(self, allowed, service):
        """Call the service: it does its work exactly where the model says that it may."""
        if allowed:
            return service()
        with pytest.raises(PortalError):
            service()
        return None

    def text_in(self, application):
        return application.response.answers.get(question__key="why").value

    def paper_in(self, application):
        document = application.documents.select_related("file").first()
        return document.file.name if document else None

    # the city -----------------------------------------------------------------------
    @precondition(lambda self: self.status in (None, S.WITHDRAWN))
    @rule(take_over=st.booleans())
    def start(self, take_over):
        application = self.attempt(
            self.is_open,
            lambda: services.start_application(
                call=self.call, organisation=self.city, by=self.lead, take_over=take_over
            ),
        )
        if application is None:
            return
        brings_along = self.status == S.WITHDRAWN and take_over
        self.pk, self.status = application.pk, S.DRAFT
        self.written, self.paper = (self.written, self.paper) if brings_along else (None, None)
        found = application.response.answers.filter(question__key="why").first()
        assert (found.value if found else None) == self.written
        assert self.paper_in(application) == self.paper
        self.sent = []
        services.edit_municipality(
            municipality=application.municipalities.get(),
            by=self.lead,
            population=120_000,
            population_year=2021,
            population_source="Census",
        )
        application = self.application
        services.save_contacts(
            application=application,
            read_version=application.version,
            by=self.lead,
            deputy_name="Iva Horvat",
            deputy_email="iva@city.example",
            signatory_name="Mato Franković",
        )
        if not application.challenges.exists():
            ChallengeFactory(application=application)
        if not application.stakeholders.exists():
            StakeholderFactory(application=application)

    @precondition(lambda self: self.pk)
    @rule(text=TEXTS, late=st.booleans())
    def write(self, text, late):
        """Write in the draft or the copy; `late` writes in what was sent."""
        target = self.application if late else self.copy or self.application
        stored = {row.question.key: row.version for row in target.response.answers.all()}
        answers = [
            (key, value, stored.get(key, 0)) for key, value in (("why", text), ("where", "Here."))
        ]
        saved = self.attempt(
            self.is_open and target.is_draft,
            lambda: services.save_section(application=target, answers=answers, by=self.lead),
        )
        if saved is not None:
            self.written = text

    @precondition(lambda self: self.pk)
    @rule(name=PAPERS, late=st.booleans())
    def put_or_take_away(self, name, late):
        """Put a document on file in the draft or the copy, or take it away (None)."""
        target = self.application if late else self.copy or self.application
        about = {"application": target, "asked": self.asked, "by": self.lead}
        upload = ContentFile(PNG, name=name)
        done = self.attempt(
            self.is_open and target.is_draft,
            lambda: (
                services.add_document(**about, upload=upload)
                if name
                else services.remove_document(**about)
            ),
        )
        if done is not None:
            self.paper = name

    @precondition(lambda self: self.status == S.DRAFT)
    @rule(clicks=st.integers(1, 3))
    def send(self, clicks):
        for _ in range(clicks):
            allowed = self.status != S.DRAFT or (self.is_open and self.written is not None)
            sent = self.attempt(
                allowed,
                lambda: services.submit_application(
                    application=self.application, declared=Declaration.values, by=self.lead
                ),
            )
            if sent is not None and self.status == S.DRAFT:
                self.status = S.SUBMITTED
                self.sent.append((self.written, self.paper))

    @precondition(lambda self: self.sent)
    @rule()
    def reopen(self):
        had = self.copy
        copy = self.attempt(
            self.is_open and self.status in CHANGEABLE,
            lambda: services.reopen_application(application=self.application, by=self.lead),
        )
        if copy is not None and had is None:
            self.written, self.paper = self.sent[-1]
            assert (self.text_in(copy), self.paper_in(copy)) == self.sent[-1]

    @precondition(lambda self: self.pk and self.copy)
    @rule(clicks=st.integers(1, 2))
    def send_again(self, clicks):
        copy = self.copy
        for click in range(clicks):
            allowed = click > 0 or (self.is_open and self.status in CHANGEABLE)
            if click > 0 and self.copy is not None:
                return
            sent = self.attempt(
                allowed,
                lambda: services.submit_application(
                    application=copy, declared=Declaration.values, by=self.lead
                ),
            )
            if sent is not None and click == 0:
                self.status = S.SUBMITTED
                self.sent.append((self.written, self.paper))

    @precondition(lambda self: self.pk and self.copy)
    @rule()
    def drop(self):
        services.drop_changes(application=self.copy, by=self.lead)
        self.written, self.paper = self.sent[-1]

    @precondition(lambda self: self.pk)
    @rule()
    def withdraw(self):
        allowed = self.status in (S.DRAFT, S.WITHDRAWN, *WITHDRAWABLE)
        done = self.attempt(
            allowed,
            lambda: services.withdraw_application(application=self.application, by=self.lead),
        )
        if done is not None:
            self.status = S.WITHDRAWN

    # staff --------------------------------------------------------------------------
    @precondition(lambda self: self.status in (S.SUBMITTED, S.INELIGIBLE))
    @rule(ruling=st.sampled_from(["fail", "pass"]))
    def check(self, ruling):
        services.rule_criterion(
            application=self.application,
            criterion="population",
            ruling=ruling,
            reason="By the figures.",
            by=self.staff,
        )
        eligible = ruling == "pass"
        if self.status == S.INELIGIBLE and not eligible:
            return
        services.decide_eligibility(
            application=self.application, eligible=eligible, reason="So.", by=self.staff
        )
        self.status = S.ELIGIBLE if eligible else S.INELIGIBLE

    @precondition(lambda self: self.sent)
    @rule(outcome=st.sampled_from([S.ACCEPTED, S.RESERVE, S.REJECTED]))
    def decide(self, outcome):
        done = self.attempt(
            self.status in (S.ELIGIBLE, S.RESERVE) and self.status != outcome,
            lambda: services.decide_application(
                application=self.application, outcome=outcome, reason="So.", by=self.staff
            ),
        )
        if done is not None:
            self.status = outcome

    @precondition(lambda self: self.sent)
    @rule(text=TEXTS)
    def clarify(self, text):
        """Ask about an answer, and let the city say more: the versions stay as they are."""
        asked = self.attempt(
            self.status in CLARIFIED_IN,
            lambda: services.ask_clarification(
                application=self.application,
                row="answer:why",
                question="Where?",
                due_on=days.today() + WEEK,
                by=self.staff,
            ),
        )
        if asked is not None:
            services.answer_clarification(
                clarification=asked, kind="explain", answer=text, by=self.lead
            )

    # the clock ----------------------------------------------------------------------
    @rule()
    def close_or_open(self):
        self.is_open = not self.is_open
        moment = days.now() + (WEEK if self.is_open else -dt.timedelta(seconds=1))
        Call.objects.filter(pk=self.call.pk).update(closes_at=moment)

    # what is always true ------------------------------------------------------------
    @invariant()
    def what_was_sent_last_stands_and_all_is_kept(self):
        if not getattr(self, "pk", None):
            return
        application = self.application
        versions = list(application.submissions.order_by("number"))
        assert application.status == self.status
        assert [version.number for version in versions] == list(range(1, len(self.sent) + 1))
        for version, (text, paper) in zip(versions, self.sent, strict=True):
            assert version.sha256 == fingerprint(version.snapshot)
            assert f"'{text}'" in str(version.snapshot["sections"])
            named = [row["file_name"] for row in version.snapshot["documents"]]
            assert named == ([paper] if paper else [])
        if versions:
            assert application.submitted_at == versions[-1].at
            assert content_print(snapshot_of(application)) == content_print(versions[-1].snapshot)
            verbs = ("application.submitted", "application.sent_again")
            trail = AuditEvent.objects.filter(
                verb__in=verbs, facts__reference=application.reference
            )
            assert trail.count() == len(versions)

    @invariant()
    def nothing_written_is_lost(self):
        if not getattr(self, "pk", None) or self.written is None:
            return
        copy = self.copy
        if self.status == S.DRAFT or copy:
            assert self.text_in(copy or self.application) == self.written
            assert self.paper_in(copy or self.application) == self.paper

    @invariant()
    def each_file_is_there_and_belongs_to_something(self):
        assert not unowned_files().exists()
        assert all(default_storage.exists(stored.path) for stored in StoredFile.objects.all())

    @invariant()
    def one_application_stands_and_staff_see_no_draft(self):
        if not getattr(self, "pk", None):
            return
        own = Application.objects.filter(organisation=self.city)
        assert own.filter(revises=None).exclude(status=S.WITHDRAWN).count() <= 1
        assert own.filter(status=S.DRAFT).exclude(revises=None).count() <= 1
        seen = sent_applications(self.staff).filter(organisation=self.city)
        assert set(seen) == set(own.filter(submitted_at__isnull=False, revises=None))


@pytest.mark.timeout(900)
def test_life_of_an_application():
    run_state_machine_as_test(
        Life,
        settings=settings(
            # Each database has its own locks and rules; one of them has the time for many.
            max_examples=3 if connection.vendor == "postgresql" else 12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
