"""The expression of interest: the short first stage of a call that has two."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, can_proceed, transition

from accounts import rules as account_rules
from applications.states import INTEREST_LABELS, INTEREST_TONES, InterestStatus
from core.kit.rows import NOTHING
from programme.calls.models import Call
from programme.organisations.models import Organisation
from programme.organisations.rules import desk_country_codes
from questionnaires.models import Response

if TYPE_CHECKING:
    from accounts.models import User

S = InterestStatus


class InterestQuerySet(models.QuerySet["Interest"]):
    """Who sees which expression of interest."""

    def reached_by(self, user: "User") -> "InterestQuerySet":
        """Return what was sent and is for the person's role of staff.

        It names no partner country, so every desk that has countries reads it; assessors
        read what becomes of it, the application.
        """
        return self.filter(_reach(user))

    def visible_to(self, user: "User") -> "InterestQuerySet":
        """Return what the person may see: their organisation's, and what their role reaches."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(organisation__in=user.memberships.values("organisation")) | _reach(user)
        )


def _reach(user: "User") -> Q:
    """Return the condition on what a role of staff reaches."""
    is_reader = account_rules.sees_everything(user) or (
        account_rules.is_regional_desk(user) and bool(desk_country_codes(user))
    )
    # One that was withdrawn before it was sent stays the city's own, as a draft does.
    return Q(sent_at__isnull=False) if is_reader else NOTHING


class Interest(FSMModelMixin, models.Model):
    """That an organisation would like to apply to a call in two stages, in a few answers.

    `status` moves only through the transitions below, called by services under a lock. What was
    sent stands in `snapshot`, with its fingerprint; who decided before what stands now is in the
    audit trail. Only who is invited may write the full application.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="interests")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="interests")
    status = FSMField(_("status"), choices=S, default=S.DRAFT, protected=True)
    # Given once, on sending; null before.
    reference = models.CharField(max_length=40, unique=True, null=True, blank=True)
    response = models.OneToOneField(Response, models.PROTECT, related_name="interest")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    # Null once the account is gone; the snapshot keeps the name.
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # Exactly what was sent, and its SHA-256.
    snapshot = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # What the city reads of the decision.
    reason = models.TextField(blank=True, default="")
    is_demo = models.BooleanField(default=False)

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-sent_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["call", "organisation"],
                condition=~Q(status=S.WITHDRAWN),
                name="interest_one_per_call",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[S.DRAFT, S.WITHDRAWN])
                | Q(reference__isnull=False, sent_at__isnull=False, snapshot__isnull=False),
                name="interest_sent_has_reference",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[S.INVITED, S.DECLINED])
                | Q(decided_at__isnull=False) & ~Q(reason=""),
                name="interest_decided_has_a_reason",
            ),
        ]
        indexes: ClassVar = [
            # What the list of staff reads, the newest first.
            models.Index(fields=["call", "status", "-sent_at"]),
        ]

    def __str__(self) -> str:
        return self.reference or str(
            _("Expression of interest of %(name)s") % {"name": self.organisation.name}
        )

    @property
    def label(self) -> str:
        """Return the reference, or for a draft the words for it."""
        return self.reference or str(_("Draft"))

    @property
    def public_status(self) -> str:
        """Return the status in the words the city reads."""
        return str(INTEREST_LABELS[InterestStatus(self.status)])

    @property
    def tone(self) -> str:
        """Return the tone of components/status.html."""
        return INTEREST_TONES[InterestStatus(self.status)]

    @property
    def is_draft(self) -> bool:
        """Whether it can still be written."""
        return bool(self.status == S.DRAFT)

    @property
    def is_sent(self) -> bool:
        """Whether it waits for a decision."""
        return bool(self.status == S.SENT)

    @property
    def is_invited(self) -> bool:
        """Whether its organisation may write the full application."""
        return bool(self.status == S.INVITED)

    @property
    def is_decided(self) -> bool:
        """Whether there is a decision that can be taken back."""
        return bool(can_proceed(self.mark_taken_back))

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether it is still the city's to take back."""
        return bool(can_proceed(self.mark_withdrawn))

    @property
    def sender(self) -> str:
        """Return the name of who sent it, also once the account is gone."""
        return str(self.sent_by or (self.snapshot or {}).get("sent_by", ""))

    @transition(field=status, source=S.DRAFT, target=S.SENT)
    def mark_sent(self) -> None:
        """Hand it to the coordination unit."""

    @transition(field=status, source=S.SENT, target=S.INVITED)
    def mark_invited(self) -> None:
        """Let the organisation write the full application."""

    @transition(field=status, source=S.SENT, target=S.DECLINED)
    def mark_declined(self) -> None:
        """Close it: there is no full application."""

    @transition(field=status, source=[S.INVITED, S.DECLINED], target=S.SENT)
    def mark_taken_back(self) -> None:
        """Open the decision again."""

    @transition(field=status, source=[S.DRAFT, S.SENT, S.INVITED], target=S.WITHDRAWN)
    def mark_withdrawn(self) -> None:
        """Close it at the city's wish."""
