"""Pairings of two or more organisations, their acceptance, agreement and milestones."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from accounts import rules as account_rules
from applications.models import Application
from core.threads.models import Thread
from core.trail.append_only import AppendOnlyModel
from pairings.states import ENDS, LIVE, PUBLIC, TONES, PairingStatus, PartyAnswer
from programme.calls.models import Call
from programme.calls.states import MilestoneKind
from programme.models import Topic
from programme.organisations.models import CapacitySlot, Organisation
from programme.organisations.rules import of_desk
from programme.states import Origin, Side

if TYPE_CHECKING:
    from accounts.models import User

S = PairingStatus


class PairingQuerySet(models.QuerySet["Pairing"]):
    """Who sees which pairing."""

    def public(self) -> "PairingQuerySet":
        """Pairings everybody may see."""
        return self.filter(status__in=PUBLIC)

    def live(self) -> "PairingQuerySet":
        """Pairings that hold capacity."""
        return self.filter(status__in=LIVE)

    def reached_by(self, user: "User") -> "PairingQuerySet":
        """Return what the person's role of staff reaches.

        Coordinators and observers: all. A regional desk: those with a member in one of its
        countries. Assessors: none.
        """
        if account_rules.sees_everything(user):
            return self
        if account_rules.is_regional_desk(user):
            return self.filter(_with_member(of_desk(user, "organisation__")))
        return self.none()

    def visible_to(self, user: "User") -> "PairingQuerySet":
        """Return the pairings whose workspace the person may open.

        Those of their organisations, and what their role reaches.
        """
        if not user.is_authenticated:
            return self.none()
        if account_rules.sees_everything(user):
            return self
        own = Q(organisation__memberships__user=user)
        if account_rules.is_regional_desk(user):
            own |= of_desk(user, "organisation__")
        return self.filter(_with_member(own))


def _with_member(which: Q) -> Q:
    """Return the condition on pairings of which a member fulfils another.

    A subquery, not a join: no row comes twice, and counting stays cheap.
    """
    return Q(pk__in=PairingMember.objects.filter(which).values("pairing"))


class Pairing(FSMModelMixin, models.Model):
    """Two or more organisations that work together on topics.

    `members_key` is the sorted list of member ids: while a pairing is live the database
    refuses a second one of the same members. Published records hold no capacity. How it
    ended, by whom and why stands in its closing.
    """

    reference = models.CharField(max_length=40, unique=True)
    slug = models.SlugField(max_length=160, unique=True)
    call = models.ForeignKey(Call, models.PROTECT, null=True, blank=True, related_name="pairings")
    status = FSMField(_("status"), choices=S, default=S.PROPOSED, protected=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.PORTAL)
    members_key = models.CharField(max_length=120)
    topics = models.ManyToManyField(Topic, related_name="pairings")
    # Why staff paired them: for staff and the paired cities.
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # Null for published records, whose dates are not known.
    proposed_at = models.DateTimeField(null=True, blank=True)
    accept_by = models.DateTimeField(null=True, blank=True)
    sign_by = models.DateTimeField(null=True, blank=True)
    # Counts what was corrected, amended or prolonged: who accepts says which one was read.
    version = models.PositiveIntegerField(default=1)
    # When staff last reminded by hand who had not answered.
    reminded_at = models.DateTimeField(null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PairingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["members_key"],
                condition=Q(status__in=LIVE),
                name="pairing_live_once",
            ),
            models.UniqueConstraint(
                fields=["members_key"],
                condition=Q(status=S.PUBLISHED),
                name="pairing_published_once",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def title(self) -> str:
        """Return the names of the paired organisations, those of the EU first."""
        members = [*self.eu_members, *self.partner_members]
        return " – ".join(member.name for member in members)

    @property
    def is_region(self) -> bool:
        """Whether all its members are regions, so that pages do not speak of cities."""
        return all(member.organisation.is_region for member in self.members.all())

    @property
    def tone(self) -> str:
        """Return the colour of the status on pages."""
        return TONES[PairingStatus(self.status)]

    @property
    def eu_members(self) -> list["PairingMember"]:
        """Return the members on the EU side, in order; reads what was prefetched."""
        return [m for m in self.members.all() if m.side == Side.EU]

    @property
    def partner_members(self) -> list["PairingMember"]:
        """Return the members on the partner side, in order; reads what was prefetched."""
        return [m for m in self.members.all() if m.side == Side.PARTNER]

    def names_beside(self, organisation_id: int) -> list[str]:
        """Return whom one of its organisations is paired with; reads what was prefetched."""
        return [
            member.name
            for member in self.members.all()
            if member.organisation_id != organisation_id
        ]

    @property
    def closing(self) -> "PairingClosing | None":
        """Return how it ended, None unless it has; reads what was prefetched."""
        newest = next(iter(self.closings.all()), None)
        return newest if newest and newest.outcome == self.status else None

    @transition(field=status, source=S.PROPOSED, target=S.ACCEPTED)
    def mark_accepted(self) -> None:
        """Every party has accepted."""

    @transition(field=status, source=S.ACCEPTED, target=S.RUNNING)
    def mark_running(self) -> None:
        """Every party has signed: the clock starts."""

    @transition(field=status, source=S.RUNNING, target=S.COMPLETED)
    def mark_completed(self) -> None:
        """The cooperation has ended as foreseen."""

    @transition(field=status, source=S.PROPOSED, target=S.DECLINED)
    def mark_declined(self) -> None:
        """A party has declined; the places of all are free again."""

    @transition(field=status, source=[S.PROPOSED, S.ACCEPTED, S.RUNNING], target=S.CANCELLED)
    def mark_cancelled(self) -> None:
        """Staff ended it; the places of all are free again."""


class PairingMember(models.Model):
    """An organisation's part in a pairing: its side, its answer, its signature.

    `slot` is the place of the organisation's capacity it holds; null once the pairing is
    over, and for published records.
    """

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="members")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="pairing_members")
    side = models.CharField(max_length=10, choices=Side)
    application = models.ForeignKey(
        Application,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pairing_members",
    )
    slot = models.OneToOneField(
        CapacitySlot, models.PROTECT, null=True, blank=True, related_name="held_by"
    )
    order = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=10, choices=PartyAnswer, default=PartyAnswer.PENDING)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    decline_reason = models.TextField(blank=True)
    # What it and staff write to each other; no other party reads it. Null until somebody does.
    thread = models.OneToOneField(
        Thread, models.PROTECT, null=True, blank=True, related_name="pairing_member"
    )
    # The name of its day, where the pairing is past and its organisation is called otherwise now.
    called = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pairing", "organisation"], name="member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pairing}: {self.organisation}"

    @property
    def name(self) -> str:
        """Return what the party is called here: as it was, once the pairing is past."""
        return self.called or self.organisation.name

    @property
    def partner_names(self) -> list[str]:
        """Return whom the organisation is paired with; reads what was prefetched."""
        return self.pairing.names_beside(self.organisation_id)


class Signature(models.Model):
    """That a party has signed the Partnership Agreement, and who recorded it."""

    member = models.OneToOneField(PairingMember, models.CASCADE, related_name="signature")
    signed_on = models.DateField()
    signatory_name = models.CharField(max_length=150)
    signatory_office = models.CharField(max_length=150)
    # What the party was called on that day, where it is called otherwise now.
    called = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.member}: {self.signatory_name}"


class Milestone(models.Model):
    """A milestone of a running pairing, made from the call's offsets when the clock starts.

    `due_on` is the day it is due now; how it came to be so stands in its moves.
    """

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="milestones")
    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=15, choices=MilestoneKind, default=MilestoneKind.EVENT)
    due_on = models.DateField(db_index=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pairing", "key"], name="milestone_key_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def last_move(self) -> "MilestoneMove | None":
        """Return the newest move, None when it never moved; reads what was prefetched."""
        return next(iter(self.moves.all()), None)


class PairingClosing(AppendOnlyModel):
    """The end of a pairing: declined by a party, cancelled by staff, or completed as foreseen.

    Who declines or cancels says why; the newest closing counts, all are kept.
    """

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="closings")
    # 1, 2, 3 … of its pairing.
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=[(end.value, end.label) for end in ENDS])
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pairing", "number"], name="closing_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="closing_number_from_1"),
            models.CheckConstraint(condition=Q(outcome__in=ENDS), name="closing_is_an_end"),
            models.CheckConstraint(
                condition=Q(outcome=S.COMPLETED) | ~Q(reason=""), name="closing_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pairing}, {self.number}: {self.outcome}"


class MilestoneMove(AppendOnlyModel):
    """One move of a milestone to another day, with a reason that its cities read."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="moves")
    # 1, 2, 3 … of its milestone.
    number = models.PositiveSmallIntegerField()
    moved_from = models.DateField()
    moved_to = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.TextField()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["milestone", "number"], name="move_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="move_number_from_1"),
            models.CheckConstraint(
                condition=~Q(moved_from=F("moved_to")), name="move_is_to_another_day"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="move_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.milestone}, {self.number}: {self.moved_from} → {self.moved_to}"
