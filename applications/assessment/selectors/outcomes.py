"""What is prepared for a call, what is ready to leave, and what became of a release."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import User
from applications.assessment.models import (
    Correction,
    Letter,
    LetterDraft,
    Outcome,
    Paragraph,
    Release,
)
from applications.assessment.models.outcomes import OutcomeQuerySet
from applications.assessment.states import DECIDABLE, TOLD, PendingOutcome
from applications.models import Application, Decision
from applications.states import DecisionOutcome
from core.kit.fingerprints import fingerprint
from programme.calls.models import Call
from programme.calls.states import CallStatus


def calls_to_decide() -> "QuerySet[Call]":
    """Return the published calls, the last to close first."""
    return Call.objects.filter(status=CallStatus.PUBLISHED).order_by("-closes_at", "pk")


def decidable(user: User, call: Call) -> "QuerySet[Application]":
    """Return the applications of a call that can be decided and that the person's role reaches."""
    return Application.objects.reached_by(user).filter(call=call, status__in=DECIDABLE)


def outcome_of(application: Application) -> Outcome | None:
    """Return what is prepared for an application, or was told by a release."""
    rows = Outcome.objects.filter(application=application)
    return rows.select_related("prepared_by", "release").first()


def outcomes_of(user: User, call: Call) -> OutcomeQuerySet:
    """Return the outcomes of a call, with their applications and the drafts of their letters."""
    return (
        Outcome.objects.visible_to(user)
        .filter(application__call=call)
        .select_related("application__organisation__country", "application__call", "prepared_by")
        .prefetch_related(Prefetch("drafts", LetterDraft.objects.select_related("by")))
        .with_state()
        .order_by("application__organisation__search_name", "pk")
    )


def draft_that_counts(outcome: Outcome) -> LetterDraft | None:
    """Return the own letter that would leave; None while it is the usual one.

    An own letter counts for the outcome and the reason it was written for alone.
    """
    newest = next(iter(outcome.drafts.all()), None)
    if newest is None or newest.is_usual or not fits(newest, outcome):
        return None
    return newest


def fits(draft: LetterDraft, outcome: Outcome) -> bool:
    """Tell whether a letter was written for what is prepared now."""
    return (draft.written_for, draft.reason) == (outcome.outcome, outcome.reason)


@dataclass(frozen=True)
class Readiness:
    """What a release would tell now, by outcome, and what it would leave behind."""

    ready: tuple[Outcome, ...]
    held: int
    undecided: int
    own: int
    # Their applicants have sent again since: they are prepared anew first.
    overtaken: int

    @property
    def total(self) -> int:
        """Return how many cities would be told."""
        return len(self.ready)

    @property
    def by_outcome(self) -> list[tuple[str, str, int]]:
        """Return value, label and number of each outcome."""
        counted = Counter(row.outcome for row in self.ready)
        return [(one.value, str(one.label), counted[one.value]) for one in DecisionOutcome]

    @property
    def mark(self) -> str:
        """Return what stands for exactly these, as they are now."""
        return fingerprint([[row.pk, row.version] for row in sorted(self.ready, key=_key)])


def _key(row: Outcome) -> int:
    return row.pk


def readiness_of(user: User, call: Call) -> Readiness:
    """Return what a release by the person would tell now; three queries."""
    rows: list[Any] = list(outcomes_of(user, call).pending())
    going = tuple(row for row in rows if row.is_ready)
    prepared = Outcome.objects.pending().values("application")
    return Readiness(
        ready=going,
        held=sum(row.is_held or row.outcome == PendingOutcome.HELD for row in rows),
        undecided=decidable(user, call)
        .filter(status=DECIDABLE[0])
        .exclude(pk__in=prepared)
        .count(),
        own=sum(draft_that_counts(row) is not None for row in going),
        overtaken=sum(row.is_overtaken for row in rows),
    )


def paragraphs_for(call: Call) -> "QuerySet[Paragraph]":
    """Return the paragraphs that letters of a call may use, those of all calls too."""
    return Paragraph.objects.filter(Q(call=call) | Q(call=None)).order_by("outcome", "title", "pk")


def releases_of(call: Call) -> "QuerySet[Release]":
    """Return the releases of a call, the last first."""
    return call.releases.select_related("by")


def released_in(release: Release, user: User) -> "QuerySet[Outcome]":
    """Return what a release has in hand or has told, what failed first."""
    return (
        Outcome.objects.visible_to(user)
        .filter(release=release)
        .select_related("application__organisation__country", "decision")
        .order_by("-failure", "released_at", "application__organisation__search_name", "pk")
    )


def open_correction(application: Application) -> Correction | None:
    """Return the correction that waits for the second person."""
    rows = Correction.objects.filter(application=application, confirmed_at=None, discarded_at=None)
    return rows.select_related("prepared_by", "was").first()


@dataclass(frozen=True)
class CallNumbers:
    """How far a call is, by applications."""

    call: Call
    eligible: int
    prepared: int
    told: int


def numbers_of_calls(user: User, calls: list[Call]) -> list[CallNumbers]:
    """Return how far each call is; two queries."""
    reached = Application.objects.reached_by(user).filter(call__in=calls).order_by()
    by_status = Counter(
        {
            (row["call"], row["status"]): row["number"]
            for row in reached.values("call", "status").annotate(number=Count("*"))
        }
    )
    pending = Outcome.objects.visible_to(user).pending().filter(application__call__in=calls)
    prepared = {
        row["application__call"]: row["number"]
        for row in pending.order_by().values("application__call").annotate(number=Count("*"))
    }
    return [
        CallNumbers(
            call=call,
            eligible=by_status[call.pk, DECIDABLE[0]],
            prepared=prepared.get(call.pk, 0),
            told=sum(by_status[call.pk, status] for status in TOLD),
        )
        for call in calls
    ]


def numbers_of(rows: "QuerySet[Outcome]") -> dict[str, int]:
    """Return how many of a release are told, wait and failed; one query."""
    told = Q(released_at__isnull=False)
    return rows.order_by().aggregate(
        told=Count("pk", filter=told),
        waiting=Count("pk", filter=~told & Q(failure="")),
        failed=Count("pk", filter=~told & ~Q(failure="")),
        total=Count("pk"),
    )


def corrections_seen(user: User) -> "QuerySet[Correction]":
    """Return the corrections on applications that the person's role of staff reaches."""
    return Correction.objects.filter(
        application__in=Application.objects.reached_by(user).values("pk")
    ).select_related(
        "application__organisation__country",
        "application__call",
        "was",
        "prepared_by",
        "confirmed_by",
    )


def letter_that_told(decision: Decision) -> Letter | None:
    """Return the letter of a decision; decisions older than the releases have none here."""
    return Letter.objects.filter(decision=decision).first()
