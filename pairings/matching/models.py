"""Runs: the pairs of a call as they were worked out from what was known; and its board."""

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Exists, Max, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, StrIndex
from django.utils import timezone

from accounts.rules import is_coordinator
from applications.models import Application
from core.jobs.models import Job
from core.trail.append_only import AppendOnlyModel
from pairings.matching.states import OPEN, STATE_TONES, RunState
from programme.calls.models import Call

if TYPE_CHECKING:
    from accounts.models import User

S = RunState
# What may be megabytes: lists leave it in the database.
LARGE = ("instance", "missing", "banned", "result", "potentials")


def linked_calls(user: "User") -> "models.QuerySet[Run, Any]":
    """Return the ids of the calls with a run that names an applicant the person has a link with.

    That an application was sent tells nothing yet: only a run says what became of it.
    """
    key = Concat(Value("|"), Cast("pk", models.CharField()), Value("|"))
    linked = Application.objects.linked_to(user).annotate(
        named_at=StrIndex(OuterRef("applicants"), key)
    )
    runs: models.QuerySet[Run] = models.QuerySet(Run).filter(Exists(linked.filter(named_at__gt=0)))
    return runs.order_by().values("call")


def _refuse() -> NoReturn:
    message = "Run: a run is never changed or removed; start another one."
    raise TypeError(message)


class RunQuerySet(models.QuerySet["Run"]):
    """Who sees which runs; runs are added, and their result is written once."""

    def reached_by(self, user: "User") -> "RunQuerySet":
        """Return all to a coordinator, but where a run names whom they are linked to."""
        if not is_coordinator(user):
            return self.none()
        return self.exclude(call__in=linked_calls(user))

    def visible_to(self, user: "User") -> "RunQuerySet":
        """No run is anybody's own: what the role reaches."""
        return self.reached_by(user)

    def light(self) -> "RunQuerySet":
        """Leave inputs and result in the database: for lists."""
        return self.defer(*LARGE)

    def next_number(self) -> int:
        """Return the number of the run to come: 1, 2, 3 … Ask it under the lock of the board."""
        return int(self.aggregate(last=Max("number"))["last"] or 0) + 1

    def write_once(self, run: "Run", **values: Any) -> bool:
        """Write state and result of a run that has not ended; tell whether it had not."""
        still_open = self.filter(pk=run.pk, state__in=OPEN)
        # Past the refusal below; what has ended is not found.
        return bool(models.QuerySet.update(still_open, **values))

    def update(self, **kwargs: Any) -> int:  # noqa: ARG002 - Django's signature
        """Refuse; `bulk_update` and `update_or_create` end here or in `save`."""
        _refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        _refuse()


class Run(models.Model):
    """The best pairs of a call under what was given: cities, weights and rules, with the proof.

    What it was given never changes; state and result are written once. Whoever wants it otherwise
    starts another run.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="runs")
    # 1, 2, 3 … of this call.
    number = models.PositiveIntegerField()
    # What it was changed from, and what was changed: keys of `Changes`, or {"anew": true}.
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    change = models.JSONField(default=dict, blank=True)
    # What staff say about it.
    note = models.CharField(max_length=200, blank=True)
    # As `read_instance` takes it: cities by the slugs of organisations, weights and rules.
    instance = models.JSONField()
    # Whose applications it names, by their keys: "|12|57|".
    applicants = models.TextField(blank=True)
    # The SHA-256 of call and instance: the same is not worked out twice. None where it failed.
    inputs = models.CharField(max_length=64, unique=True, null=True, blank=True)
    # By slug, what nobody has said of a city (selectors.instance.missing_of).
    missing = models.JSONField(default=dict, blank=True)
    # Which of the forbidden pairs staff have forbidden; the others are what cities and rules say.
    banned = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    # The work that solves it; gone after some days, and none where the page has waited for it.
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=S, default=S.QUEUED)
    # What `as_json` says of the solution, alternatives included.
    result = models.JSONField(null=True, blank=True)
    # What any process needs to ask or solve again without solving from nothing.
    potentials = models.JSONField(null=True, blank=True)
    # The SHA-256 of the file that it is exported as.
    digest = models.CharField(max_length=64, blank=True)
    pairs = models.PositiveIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    # The lowest score of its pairs; None without any.
    worst = models.PositiveIntegerField(null=True, blank=True)
    seconds = models.FloatField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Why it failed: a sentence for staff.
    error = models.CharField(max_length=500, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "number"], name="run_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at=None)
                | Q(state=S.DONE, ended_at__isnull=False, result__isnull=False)
                | Q(state=S.FAILED, ended_at__isnull=False) & ~Q(error=""),
                name="run_ended_with_a_result_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}: {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new run; one that is written stays as it is."""
        if not self._state.adding:
            _refuse()
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # noqa: ARG002
        """Refuse."""
        _refuse()

    @property
    def is_done(self) -> bool:
        """Whether it has a result."""
        return self.state == S.DONE

    @property
    def is_open(self) -> bool:
        """Whether it waits or is being solved."""
        return self.state in OPEN

    @property
    def is_working(self) -> bool:
        """Whether a worker still has it, or will have it."""
        return self.job is not None and self.job.is_unfinished

    @property
    def possible_pairs(self) -> int:
        """Return how many pairs its cities could make, were all of them allowed."""
        return len(self.instance["left"]) * len(self.instance["right"])

    @property
    def is_proved(self) -> bool:
        """Whether no better pairs exist under its weights and rules."""
        return bool(self.result and self.result["optimal"])

    @property
    def tone(self) -> str:
        """Return the tone of components/status.html."""
        return STATE_TONES[RunState(self.state)]


class Fairness(AppendOnlyModel):
    """What follows from a done run, worked out when somebody asks for it.

    `curve` holds the points of `engine.fairness.curve`, as JSON. `reaches` holds for each pair its
    two cities and how far each weight may move before the pair changes; nothing where a rule
    outside the network keeps that from being known.
    """

    run = models.OneToOneField(Run, models.PROTECT, related_name="fairness")
    curve = models.JSONField()
    reaches = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.run)


class BoardQuerySet(models.QuerySet["Board"]):
    """Whose boards are whose."""

    def reached_by(self, user: "User") -> "BoardQuerySet":
        """As runs: all to a coordinator, but where a run names whom they are linked to."""
        if not is_coordinator(user):
            return self.none()
        return self.exclude(call__in=linked_calls(user))

    def visible_to(self, user: "User") -> "BoardQuerySet":
        """No board is anybody's own: what the role reaches."""
        return self.reached_by(user)


class Board(models.Model):
    """Which run of a call staff work with now. Its lock is taken by whoever starts or puts one."""

    call = models.OneToOneField(Call, models.CASCADE, related_name="board")
    run = models.ForeignKey(Run, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BoardQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.call)
