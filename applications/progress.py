"""Where an application stands, in words its city reads: what happened, what is next, by when."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applications.eligibility import instant_words
from applications.models import Application, Clarification, Decision, Submission
from applications.states import CLARIFIED_IN, ApplicationStatus, InterestStatus
from core.kit import days
from programme.calls.states import CallPhase

S = ApplicationStatus


@dataclass(frozen=True)
class Step:
    """One step of components/timeline.html."""

    title: str
    date: str = ""
    text: str = ""
    state: str = ""


@dataclass(frozen=True)
class Next:
    """What comes next for a city, and by when if there is a date; `is_open` if it is its turn."""

    words: str
    at: dt.datetime | None = None
    is_open: bool = False


def next_of(interest: Any, now: dt.datetime | None = None) -> Next:
    """Return what is next for an expression of interest as its city's lists read it.

    `has_begun` and `closes_at` were read along (`as_interest_list`).
    """
    now = now or days.now()
    call, closes_at = interest.call, interest.closes_at
    in_first = call.takes_interests(now)
    in_second = call.phase(now, closes_at=closes_at) == CallPhase.OPEN
    nothing = Next(_("Nothing more happens with this one"))
    over = Next(_("The first stage is closed; your text is kept"))
    send = Next(_("A lead of your team sends it"), call.interest_closes_at, is_open=True)
    anew = Next(_("You can begin anew with what you wrote"), call.interest_closes_at)
    apply = Next(_("You start the full application"), closes_at, is_open=True)
    missed = Next(_("The call has closed"))
    found = {
        InterestStatus.DRAFT: send if in_first else over,
        InterestStatus.SENT: Next(_("The coordination unit reads it and writes to you")),
        InterestStatus.INVITED: apply if in_second else missed,
        InterestStatus.WITHDRAWN: anew if in_first else nothing,
    }
    if interest.is_invited and interest.has_begun:
        return Next(_("The full application is begun"), closes_at)
    return found.get(InterestStatus(interest.status), nothing)


def progress_of(
    application: Application,
    *,
    submissions: Sequence[Submission],
    decisions: Sequence[Decision],
    clarifications: Sequence[Clarification],
    open_until: dt.datetime | None,
) -> list[Step]:
    """Return the steps in their order. The rows come newest first, as their selectors read them.

    `open_until` is when the call closes for the city; None once it has.
    """
    happened = [(row.at, _sent(row)) for row in submissions]
    happened += [(row.at, _decided(row)) for row in decisions]
    happened += [
        (row.answered_at, Step(_("You answered a question"), _when(row.answered_at), row.label))
        for row in clarifications
        if row.answered_at
    ]
    happened.sort(key=lambda one: one[0])
    done = [Step(one.title, one.date, one.text, "done") for _at, one in happened]
    return done + _asked(application, clarifications) + _to_come(application, open_until)


def _when(moment: dt.datetime) -> str:
    return instant_words(moment)


def _sent(row: Submission) -> Step:
    if row.number == 1:
        return Step(_("You sent the application"), _when(row.at))
    return Step(_("You sent version %(number)d") % {"number": row.number}, _when(row.at))


def _decided(row: Decision) -> Step:
    titles = {
        S.ELIGIBLE: _("Checked: you can apply"),
        S.INELIGIBLE: _("Checked: not eligible"),
        S.ACCEPTED: _("Accepted"),
        S.RESERVE: _("Put on the reserve list"),
        S.REJECTED: _("Not chosen"),
    }
    # The reason of the one that stands is told above; one that was turned round is over.
    return Step(titles[S(row.outcome)], _when(row.at))


def _asked(application: Application, clarifications: Sequence[Clarification]) -> list[Step]:
    if application.status not in CLARIFIED_IN:
        return []
    return [
        Step(
            _("Answer a question of the unit"),
            _("By %(when)s") % {"when": _when(row.due_at)},
            row.label,
            "now",
        )
        for row in reversed(clarifications)
        if row.is_waiting and not row.is_late
    ]


def _to_come(application: Application, open_until: dt.datetime | None) -> list[Step]:
    """Return what is next, by whom and when, in the words of where it stands."""
    until = _("Until %(when)s") % {"when": _when(open_until)} if open_until else ""
    steps: dict[str, list[Step]] = {
        S.SUBMITTED: [_is_checked(), *_may_change(until), Step(_is_read()), _result(application)],
        S.ELIGIBLE: [
            Step(_is_read(), text=_("You need to do nothing."), state="now"),
            *_may_change(until),
            _result(application),
        ],
        S.INELIGIBLE: [_change_anew(until) if until else _next_call()],
        S.REJECTED: [_next_call()],
        S.RESERVE: [_waits()],
        S.ACCEPTED: [_partner_comes()],
        S.WITHDRAWN: [Step(_("You withdrew it"), state="done"), *_may_start_again(until)],
    }
    return steps.get(application.status, [])


def _is_checked() -> Step:
    return Step(
        _("Staff check who can apply"),
        text=_("If a fact is missing they ask you here and by mail."),
        state="now",
    )


def _is_read() -> str:
    return _("Assessors read your answers")


def _may_change(until: str) -> list[Step]:
    return [Step(_("You can still change it and send it again"), until)] if until else []


def _change_anew(until: str) -> Step:
    return Step(
        _("Change it and send it again"),
        until,
        _("Change what the call asks for, for instance apply as a group."),
        "now",
    )


def _may_start_again(until: str) -> list[Step]:
    words = _("You may take over everything that was written.")
    return [Step(_("You can start again"), until, words)] if until else []


def _result(application: Application) -> Step:
    on = application.call.decisions_on
    return Step(
        _("You get the result"),
        _("By %(day)s") % {"day": date_format(on, "DATE_FORMAT")} if on else _("At the end"),
        _("By e-mail and here. If you are chosen, you also see the partner that is proposed."),
    )


def _next_call() -> Step:
    return Step(
        _("You can apply to the next call"),
        text=_("Nothing more happens with this one. Look at the calls page for the next."),
    )


def _waits() -> Step:
    return Step(
        _("You wait for a place"),
        text=_("We write to you at once if one becomes free. You need to do nothing."),
        state="now",
    )


def _partner_comes() -> Step:
    return Step(
        _("The unit proposes a partner"),
        text=_("You get a mail with the date by which you accept or decline it."),
        state="now",
    )
