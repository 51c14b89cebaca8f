"""What the people of an organisation owe to each other."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.duties.catalogue import Ask, Duty, Search, Words, duty, key_of
from core.kit.rows import NOTHING
from programme.organisations.models import Invitation, Membership, Organisation
from programme.organisations.states import MembershipRole

DAYS_BEFORE = 3


@duty(
    "invitation",
    label=gettext_lazy("Invitation that nobody has taken up"),
    days=(DAYS_BEFORE,),
    ahead=DAYS_BEFORE,
)
def invitations(ask: Ask) -> Search[Invitation]:
    """Each invitation that runs out unanswered, owed by who sent it and could send it again."""
    sent = Invitation.objects.select_related("organisation", "invited_by")
    if ask.reader is not None:
        sent = sent.filter(
            organisation__in=Organisation.objects.visible_to(ask.reader).values("pk")
        )
    leads = Membership.objects.filter(
        user=OuterRef("invited_by"),
        organisation=OuterRef("organisation"),
        role=MembershipRole.LEAD,
    )
    of_staff = Q(invited_by__isnull=False) & ~Q(invited_by__staff_role="")
    return ask.search(
        sent.filter(of_staff | Exists(leads)),
        _answer_due,
        is_open=Q(accepted_at=None, revoked_at=None, expires_at__gt=ask.now),
        is_done=Q(accepted_at__isnull=False),
        owner={"person": "invited_by"},
        about={"invitation": "pk", "organisation": "organisation"},
        due="expires_at",
    )


@duty("lead_missing", label=gettext_lazy("Organisation without a lead"))
def missing_leads(ask: Ask) -> Search[Organisation]:
    """Each organisation that needs a lead and has none, owed by the desk of its country.

    Nobody has set a date for it: an ask for dates finds none.
    """
    rows = Organisation.objects.without_lead().select_related("country")
    if ask.reader is not None:
        rows = rows.filter(pk__in=Organisation.objects.reached_by(ask.reader).values("pk"))
    is_dated = ask.due_from or ask.due_until
    return ask.search(
        rows.order_by("pk"),
        _lead_due,
        is_open=NOTHING if is_dated else ~NOTHING,
        is_done=NOTHING,
        owner={"desk": "country"},
        about={"organisation": "pk"},
        due="created_at",
    )


def _lead_due(organisation: Organisation) -> Duty:
    return Duty(
        kind="lead_missing",
        about=key_of(organisation),
        owner=f"desk:{organisation.country_id}",
        due=None,
        page=reverse("organisations:staff_organisation", args=[organisation.slug]),
        say=lambda: Words(
            title=_("Invite a lead"),
            context=organisation.name,
            text=_("Nobody there can send, accept or sign. What is due reaches other people only."),
            state=_("No lead"),
            tone="warning",
        ),
    )


def _answer_due(invitation: Invitation) -> Duty:
    organisation, sender = invitation.organisation, invitation.invited_by
    in_console = sender is not None and sender.is_staff_member
    page = "organisations:staff_organisation" if in_console else "organisations:team"
    return Duty(
        kind="invitation",
        about=key_of(invitation),
        owner=f"person:{invitation.invited_by_id}",
        due=invitation.expires_at,
        done=invitation.accepted_at is not None,
        page=reverse(page, args=[organisation.slug]),
        say=lambda: Words(
            title=_("%(email)s has not joined yet") % {"email": invitation.email},
            context=organisation.name,
            text=_("The invitation runs out then. Send it again, or take it back."),
            state=_("No answer"),
            tone="warning",
        ),
        facts=lambda: {"email": invitation.email, "city": organisation.name},
    )
