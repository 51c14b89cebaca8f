"""What a city owes to its application."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application
from applications.selectors import call_rules, facts_of, tasks_of
from applications.states import ApplicationStatus
from core.duties.catalogue import Ask, Duty, Words, duty, key_of, stream
from programme.calls.models import Call
from programme.organisations.states import WRITERS

# So many drafts of an answer say what they lack: that takes about ten queries each.
TOLD_IN_FULL = 3


@duty(
    "draft_closing",
    label=gettext_lazy("Draft whose call closes soon"),
    # A call that has closed takes no draft: nothing is said afterwards.
    days=(14, 3, 1),
    to=WRITERS,
)
def drafts(ask: Ask) -> Iterator[Duty]:
    """Each draft that can still be sent."""
    applications = Application.objects.select_related("call", "organisation", "response")
    if ask.reader is not None:
        applications = applications.filter(
            pk__in=Application.objects.visible_to(ask.reader).values("pk")
        )
    rows = ask.narrow(
        applications.order_by("call__closes_at", "pk"),
        is_open=Q(
            status=ApplicationStatus.DRAFT, call__in=Call.objects.open_at(ask.now).values("pk")
        ),
        is_done=Q(submitted_at__isnull=False),
        owner={"organisation": "organisation"},
        about={"application": "pk", "call": "call", "organisation": "organisation"},
        due="call__closes_at",
    )
    for number, draft in enumerate(stream(rows)):
        yield _draft_due(draft, in_full=number < TOLD_IN_FULL)


def _draft_due(draft: Application, *, in_full: bool) -> Duty:
    return Duty(
        kind="draft_closing",
        about=key_of(draft),
        owner=f"organisation:{draft.organisation_id}",
        due=draft.call.closes_at,
        done=draft.submitted_at is not None,
        page=reverse("applications:detail", args=[draft.key]),
        told_at=_told_at(draft),
        say=lambda: _words(draft, in_full=in_full),
        facts=lambda: {"application": draft, "call": draft.call},
    )


def _told_at(draft: Application) -> dt.datetime | None:
    """Return when the writers of this draft were told of the closing time as it stands."""
    moved_at = draft.call.deadline_moved_at
    return moved_at if moved_at and moved_at > draft.created_at else None


def _words(draft: Application, *, in_full: bool) -> Words:
    tasks = tasks_of(draft, facts_of(draft), call_rules(draft.call)) if in_full else []
    lacking = [task.title for task in tasks if not task.is_done]
    if not in_full:
        text = _("Open it to see what is missing.")
    elif lacking:
        text = _("%(done)d of %(all)d sections are complete. Missing: %(titles)s.") % {
            "done": len(tasks) - len(lacking),
            "all": len(tasks),
            "titles": ", ".join(map(str, lacking)),
        }
    else:
        text = _("All sections are complete. Check your answers; a lead of your city sends it.")
    return Words(
        title=_("Complete and send your application"),
        context=_("Application to “%(call)s”") % {"call": draft.call.title},
        text=text,
        state=_("Draft"),
        parts=tuple(tasks),
    )
