"""What is prepared for a call, what is ready to leave, and what became of a release."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from django.db.models import (
    Case,
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    When,
    prefetch_related_objects,
)

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
    """Return the published calls with their plans, the last to close first."""
    published = Call.objects.filter(status=CallStatus.PUBLISHED)
    return published.select_related("assessment_plan").order_by("-closes_at", "pk")


def decidable(user: User, call: Call) -> "QuerySet[Application]":
    """Return the applications of a call that can be decided and that the person's role reaches."""
    return Application.objects.reached_by(user).filter(call=call, status__in=DECIDABLE)


def outcome_of(application: Application) -> Outcome | None:
    """Return what is prepared for an application, or was told by a release."""
    rows = Outcome.objects.filter(application=application)
    return rows.select_related("prepared_by", "release").first()


def outcomes_among(pks: Collection[int]) -> OutcomeQuerySet:
    """Return these outcomes with their applications and their state."""
    related = ("application__organisation__country", "application__call", "prepared_by")
    return Outcome.objects.filter(pk__in=pks).select_related(*related).with_state()


def read_drafts(outcome: Outcome) -> None:
    """Read what was written of a letter, the newest first, with who wrote it; one query."""
    prefetch_related_objects(
        [outcome], Prefetch("drafts", LetterDraft.objects.select_related("by"))
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
class Waiting:
    """One outcome that nobody was told, as little of it as a release or a list of letters asks."""

    pk: int
    application: int
    reference: str
    outcome: str
    version: int
    is_kept: bool
    is_ready: bool
    is_overtaken: bool
    has_own: bool

    @property
    def is_held(self) -> bool:
        """Whether it stays behind on a release."""
        return self.is_kept or self.outcome == PendingOutcome.HELD


@dataclass(frozen=True)
class Readiness:
    """What a release would tell now, by outcome, and what it would leave behind.

    `rows` are all that nobody was told, by outcome, then by name.
    """

    rows: tuple[Waiting, ...]
    undecided: int

    @cached_property
    def ready(self) -> list[Waiting]:
        """Return what a release would tell."""
        return [row for row in self.rows if row.is_ready]

    @property
    def total(self) -> int:
        """Return how many cities would be told."""
        return len(self.ready)

    @property
    def held(self) -> int:
        """Return how many stay behind because somebody holds them."""
        return sum(row.is_held for row in self.rows)

    @property
    def own(self) -> int:
        """Return how many of the letters that leave are in words of staff."""
        return sum(row.has_own for row in self.ready)

    @property
    def overtaken(self) -> int:
        """Return how many were sent again since: they are prepared anew first."""
        return sum(row.is_overtaken for row in self.rows)

    @property
    def by_outcome(self) -> list[tuple[str, str, int]]:
        """Return value, label and number of each outcome."""
        counted = Counter(row.outcome for row in self.ready)
        return [(one.value, str(one.label), counted[one.value]) for one in DecisionOutcome]

    @property
    def mark(self) -> str:
        """Return what stands for exactly these, as they are now."""
        return fingerprint(sorted([row.pk, row.version] for row in self.ready))


def readiness_of(user: User, call: Call) -> Readiness:
    """Return what a release by the person would tell now; two queries."""
    counts = LetterDraft.objects.filter(
        ~Exists(
            LetterDraft.objects.filter(
                outcome=OuterRef("outcome"), number__gt=OuterRef("number")
            ).order_by()
        ),
        outcome=OuterRef("pk"),
        written_for=OuterRef("outcome"),
        reason=OuterRef("reason"),
    ).exclude(text="")
    order = [When(outcome=one, then=place) for place, one in enumerate(PendingOutcome)]
    rows = (
        Outcome.objects.visible_to(user)
        .pending()
        .filter(application__call=call)
        .with_state()
        .annotate(has_own=Exists(counts.order_by()), place=Case(*order))
        .order_by("place", "application__organisation__search_name", "pk")
        .values_list(
            *("pk", "application", "application__reference", "outcome", "version"),
            *("is_held", "is_ready", "is_overtaken", "has_own"),
        )
    )
    prepared = Outcome.objects.pending().values("application")
    undecided = decidable(user, call).filter(status=DECIDABLE[0]).exclude(pk__in=prepared)
    return Readiness(tuple(Waiting(*row) for row in rows), undecided.count())


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
