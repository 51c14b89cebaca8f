"""What hangs on the closing time of a call: drafts, those who write them, their reminders."""

from collections import defaultdict

from django.urls import reverse

from applications.models import Application
from applications.states import ApplicationStatus
from core.duties.catalogue import key_of
from programme.calls.models import Call
from programme.calls.selectors import Impact, Writer
from programme.organisations.models import Membership
from programme.organisations.states import WRITERS


def add_impact(call: Call, impact: Impact) -> None:
    """Add the drafts with their writers, each person once, and how many were sent; 3 queries."""
    drafts = list(
        Application.objects.filter(call=call, status=ApplicationStatus.DRAFT).select_related(
            "organisation"
        )
    )
    impact.drafts += len(drafts)
    impact.sent += (
        Application.objects.filter(call=call, submitted_at__isnull=False)
        .exclude(status=ApplicationStatus.WITHDRAWN)
        .count()
    )
    impact.about += map(key_of, drafts)
    impact.kinds.append("reminder_draft_closing")
    pages = {
        draft.organisation_id: (
            draft.organisation.name,
            reverse("applications:detail", args=[draft.key]),
        )
        for draft in drafts
    }
    members = Membership.objects.filter(
        organisation__in=pages, role__in=WRITERS, user__is_active=True
    ).select_related("user")
    found = defaultdict(list)
    for member in members.order_by("user", "organisation__search_name"):
        found[member.user].append(pages[member.organisation_id])
    impact.writers += [Writer(person, tuple(theirs)) for person, theirs in found.items()]
