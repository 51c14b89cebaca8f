"""What a city owes to its application."""

import datetime as dt
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from applications.models import Application, Clarification, Interest, LeadOffer
from applications.selectors import Task, tasks_by_draft
from applications.selectors.interests import has_begun, is_let_in
from applications.states import CLARIFIED_IN, ApplicationStatus, InterestStatus, OfferState
from core.duties.catalogue import Ask, Duty, Search, Words, duty, key_of
from core.kit.rows import NOTHING
from programme.calls.models import Call
from programme.calls.selectors import with_closing
from programme.organisations.selectors import why_unconfirmed
from programme.organisations.states import LEADS, WRITERS

# So many drafts of an answer say what they lack, which takes three queries for all of them.
TOLD_IN_FULL = 3


@duty(
    "draft_closing",
    label=gettext_lazy("Draft whose call closes soon"),
    # A call that has closed takes no draft: nothing is said afterwards.
    days=(14, 3, 1),
    to=WRITERS,
)
def drafts(ask: Ask) -> Search[Application]:
    """Each draft that can still be sent."""
    applications = with_closing(
        Application.objects.select_related("call", "organisation", "response")
    )
    if ask.reader is not None:
        applications = applications.filter(
            pk__in=Application.objects.visible_to(ask.reader).values("pk")
        )
    return ask.search(
        applications.order_by("closes_at", "pk"),
        _Told().due,
        is_open=Q(
            status=ApplicationStatus.DRAFT,
            call__in=Call.objects.opened_by(ask.now).values("pk"),
            closes_at__gte=ask.now.replace(microsecond=0),
        )
        # Of a call in two stages: only what those invited may send.
        & is_let_in(),
        is_done=Q(submitted_at__isnull=False),
        owner={"organisation": "organisation"},
        about={"application": "pk", "call": "call", "organisation": "organisation"},
        due="closes_at",
    )


class _Told:
    """The first drafts of an answer say what they lack; read together at the first reading."""

    def __init__(self) -> None:
        self._drafts: list[Application] = []
        # By language: each reader has their own.
        self._known: dict[str | None, dict[int, list[Task]]] = {}

    def due(self, draft: Application) -> Duty:
        is_told = len(self._drafts) < TOLD_IN_FULL
        if is_told:
            self._drafts.append(draft)
        return _draft_due(draft, self if is_told else None)

    def tasks_of(self, draft: Application) -> list[Task]:
        known = self._known.setdefault(get_language(), {})
        if draft.pk not in known:
            known |= tasks_by_draft([one for one in self._drafts if one.pk not in known])
        return known[draft.pk]


def _draft_due(draft: Application, told: _Told | None) -> Duty:
    return Duty(
        kind="draft_closing",
        about=key_of(draft),
        owner=f"organisation:{draft.organisation_id}",
        # When it closes for this city: with_closing has read it along.
        due=draft.closes_at,
        done=draft.submitted_at is not None,
        page=reverse("applications:detail", args=[draft.key]),
        told_at=_told_at(draft.call.deadline_moved_at, draft),
        say=lambda: _words(draft, told.tasks_of(draft) if told else None),
        facts=lambda: {"application": draft, "call": draft.call},
    )


def _told_at(moved_at: dt.datetime | None, draft: Application | Interest) -> dt.datetime | None:
    """Return when the writers of this draft were told of the closing time as it stands.

    `moved_at` is when it was moved last.
    """
    return moved_at if moved_at and moved_at > draft.created_at else None


def _words(draft: Application, known: list[Task] | None) -> Words:
    tasks = known or []
    lacking = [task.title for task in tasks if task.is_lacking]
    if known is None:
        text = _("Open it to see what is missing.")
    elif lacking:
        text = _("%(done)d of %(all)d sections are complete. Missing: %(titles)s.") % {
            "done": sum(task.is_done for task in tasks),
            "all": len(tasks),
            "titles": ", ".join(map(str, lacking)),
        }
    elif why := why_unconfirmed(draft.organisation):
        text = why
    else:
        text = _("All is written. Check your answers, declare and send: leads of your team can.")
    return Words(
        title=_("Send your changes, or leave what you have sent")
        if draft.is_copy
        else _("Complete and send your application"),
        context=_("Application to “%(call)s”") % {"call": draft.call.title},
        text=text,
        state=_("Draft"),
        parts=tuple(tasks),
    )


@duty(
    "interest_closing",
    label=gettext_lazy("Expression of interest that is not sent"),
    # What has closed takes nothing: nothing is said afterwards.
    days=(7, 3, 1),
    to=WRITERS,
)
def interests(ask: Ask) -> Search[Interest]:
    """Each draft of an expression of interest that can still be sent."""
    return ask.search(
        _interests(ask).order_by("call__interest_closes_at", "pk"),
        _interest_due,
        is_open=Q(
            status=InterestStatus.DRAFT,
            call__in=Call.objects.opened_by(ask.now).values("pk"),
            call__interest_closes_at__gte=ask.now.replace(microsecond=0),
        ),
        is_done=Q(sent_at__isnull=False),
        owner={"organisation": "organisation"},
        about=ABOUT_INTEREST,
        due="call__interest_closes_at",
    )


@duty(
    "interest_invited",
    label=gettext_lazy("Invited city that has not begun its application"),
    # The application itself reminds of its last days.
    days=(21, 14, 7, 3),
    to=WRITERS,
)
def invited(ask: Ask) -> Search[Interest]:
    """Each invited city that can still begin the full application, and has not."""
    # Who has withdrawn the application knows that there is one to write.
    begun = Q(has_begun(or_withdrawn=True))
    return ask.search(
        with_closing(_interests(ask)).order_by("closes_at", "pk"),
        _invited_due,
        is_open=Q(
            status=InterestStatus.INVITED,
            call__in=Call.objects.opened_by(ask.now).values("pk"),
            closes_at__gte=ask.now.replace(microsecond=0),
        )
        & ~begun,
        is_done=Q(status=InterestStatus.INVITED) & begun,
        owner={"organisation": "organisation"},
        about=ABOUT_INTEREST,
        due="closes_at",
    )


ABOUT_INTEREST = {"interest": "pk", "call": "call", "organisation": "organisation"}


def _interests(ask: Ask) -> "QuerySet[Interest]":
    rows = Interest.objects.select_related("call", "organisation")
    if ask.reader is None:
        return rows
    return rows.filter(pk__in=Interest.objects.visible_to(ask.reader).values("pk"))


def _interest_due(interest: Interest) -> Duty:
    return Duty(
        kind="interest_closing",
        about=key_of(interest),
        owner=f"organisation:{interest.organisation_id}",
        due=interest.call.interest_closes_at,
        done=interest.sent_at is not None,
        page=reverse("applications:interest", args=[interest.pk]),
        told_at=_told_at(interest.call.interest_moved_at, interest),
        say=lambda: Words(
            title=_("Send your expression of interest"),
            context=_("First stage of “%(call)s”") % {"call": interest.call.title},
            text=why_unconfirmed(interest.organisation)
            or _("About ten minutes. A lead of your team sends it."),
            state=_("Draft"),
        ),
        facts=lambda: {"interest": interest, "call": interest.call},
    )


def _invited_due(interest: Any) -> Duty:
    return Duty(
        kind="interest_invited",
        about=key_of(interest),
        owner=f"organisation:{interest.organisation_id}",
        # When it closes for this city: with_closing has read it along.
        due=interest.closes_at,
        page=reverse("applications:start", args=[interest.call.slug]),
        say=lambda: Words(
            title=_("You are invited: start the full application"),
            context=interest.call.title,
            text=_("What you wrote in your expression of interest is filled in there."),
            state=_("Invited"),
            tone="success",
        ),
        facts=lambda: {"interest": interest, "call": interest.call},
    )


@duty(
    "lead_offered",
    # Its mail has been written; no date is set for the answer.
    label=gettext_lazy("Group that an organisation is asked to lead"),
    to=LEADS,
)
def lead_offers(ask: Ask) -> Search[LeadOffer]:
    """Each group whose lead asks another member to lead it; an ask for dates finds none."""
    offers = LeadOffer.objects.select_related("application__call", "former")
    if ask.reader is not None:
        visible = Application.objects.visible_to(ask.reader).values("pk")
        offers = offers.filter(application__in=visible)
    return ask.search(
        offers.order_by("offered_at", "pk"),
        _offer_due,
        is_open=NOTHING if ask.is_dated else Q(state=OfferState.OPEN),
        is_done=Q(state__in=[OfferState.ACCEPTED, OfferState.DECLINED]),
        owner={"organisation": "organisation"},
        about={
            "leadoffer": "pk",
            "application": "application",
            "call": "application__call",
            "organisation": "organisation",
        },
        due="offered_at",
    )


def _offer_due(offer: LeadOffer) -> Duty:
    return Duty(
        kind="lead_offered",
        about=key_of(offer),
        owner=f"organisation:{offer.organisation_id}",
        due=None,
        done=not offer.is_open,
        page=reverse("applications:lead_offer", args=[offer.pk]),
        say=lambda: Words(
            title=_("Say whether you lead the group"),
            context=_("Application to “%(call)s”") % {"call": offer.application.call.title},
            text=_("%(name)s asks you to lead its application.") % {"name": offer.former.name},
            state=_("Asked"),
        ),
    )


@duty(
    "clarification",
    label=gettext_lazy("Answer to a question about an application"),
    # Once the date is over the unit goes on with what was sent: nothing is said afterwards.
    days=(3, 1),
    to=WRITERS,
    watched=True,
)
def clarifications(ask: Ask) -> Search[Clarification]:
    """Each question of staff that waits for its city and can still be answered."""
    asked = Clarification.objects.select_related("application__call", "application__organisation")
    if ask.reader is not None:
        visible = Application.objects.visible_to(ask.reader).values("pk")
        asked = asked.filter(application__in=visible)
    return ask.search(
        asked.order_by("due_at", "pk"),
        partial(_clarification_due, for_staff=ask.reader is not None),
        is_open=Q(
            answered_at=None,
            withdrawn_at=None,
            due_at__gte=ask.now,
            application__status__in=CLARIFIED_IN,
        ),
        is_done=Q(answered_at__isnull=False),
        owner={"organisation": "application__organisation"},
        about={
            "clarification": "pk",
            "application": "application",
            "call": "application__call",
            "organisation": "application__organisation",
        },
        due="due_at",
    )


def _clarification_due(row: Clarification, *, for_staff: bool) -> Duty:
    application = row.application
    page = (
        reverse("applications:staff_clarification", args=[application.reference, row.pk])
        if for_staff
        else reverse("applications:clarification", args=[application.key, row.pk])
    )
    return Duty(
        kind="clarification",
        about=key_of(row),
        owner=f"organisation:{application.organisation_id}",
        due=row.due_at,
        done=row.is_answered,
        page=page,
        told_at=row.told_at,
        say=lambda: Words(
            title=_("Answer a question about your application"),
            context=f"{application.reference}: {row.label}",
            text=row.question,
            state=_("Asked"),
        ),
        facts=lambda: {"application": application, "clarification": row},
    )
