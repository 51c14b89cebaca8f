"""The mails of a call that applicants get, whose words staff may exchange for each call."""

import datetime as dt
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from applications.models import Application, Interest
from applications.selectors import submission_of
from applications.services.letters import failed_in_words
from applications.services.locking import open_until
from applications.services.placeholders import OF_APPLICATION
from applications.states import PUBLIC_LABELS, ApplicationStatus, DecisionOutcome
from core.duties.catalogue import key_of
from core.kit import days
from core.kit.clocks import in_brussels
from core.post.placeholders import Placeholder
from core.post.texts import TextKind
from programme.calls.models import Call
from programme.organisations.models import Organisation
from programme.organisations.states import MembershipRole

S = ApplicationStatus
Values = Mapping[str, Any]
# So many real cases are named where one is chosen.
MOST_CASES = 20


def _moment(name: str, meaning: Any, read: Callable[[Values], dt.datetime | None]) -> Placeholder:
    def value(values: Values) -> str:
        at = read(values)
        return in_brussels(at) if at else ""

    return Placeholder(name, meaning, value)


def _changes(values: Values) -> str:
    at = values.get("open_until")
    if not at:
        return ""
    return _("Until %(when)s you can still change it and send it again.") % {
        "when": in_brussels(at)
    }


def _version(values: Values) -> str:
    number = values["submission"].number
    if number == 1:
        return ""
    words = _("This is version %(number)d. It counts; what you sent before is kept.")
    return words % {"number": number}


def _after_refusal(values: Values) -> str:
    at = values.get("open_until")
    if not at:
        return _(
            "If a fact is wrong, answer to the coordination unit. You can apply to the next call."
        )
    return _(
        "The call is still open: until %(when)s you can change your application, for instance "
        "apply as a group, and send it again."
    ) % {"when": in_brussels(at)}


_REASON = Placeholder(
    "reason",
    gettext_lazy("the reason, as staff wrote it for the applicant"),
    lambda values: values["reason"],
    is_block=True,
)
_SENDER = Placeholder(
    "sender", gettext_lazy("who sent it"), lambda values: values["submission"].sender
)
QUESTION = Placeholder(
    "question",
    gettext_lazy("the question, as staff wrote it"),
    lambda values: values["clarification"].question,
    is_block=True,
)
ASKED_ABOUT = Placeholder(
    "answer",
    gettext_lazy("the name of the answer that is asked about"),
    lambda values: values["clarification"].label,
)
_DUE = _moment(
    "due",
    gettext_lazy("until when the question is answered"),
    lambda values: values["clarification"].due_at,
)


# Examples, and real cases -----------------------------------------------------------------
def example_of_application(call: Call) -> dict[str, Any]:
    """Return what the mails on an application would tell, without any real one."""
    organisation = Organisation(name=_("Example City"))
    application = Application(call=call, organisation=organisation, reference=f"{call.code}-0000")
    criterion = SimpleNamespace(title=_("A criterion"), sentence=_("What is not met."))
    return {
        "application": application,
        "organisation": organisation,
        "submission": SimpleNamespace(number=1, at=days.now(), sender=_("Alex Example")),
        "open_until": call.closes_at,
        "reason": _("(Here stands the reason of the decision.)"),
        "failed": [criterion],
        "was": PUBLIC_LABELS[S.REJECTED],
        "told_at": days.now(),
        "outcome": DecisionOutcome.ACCEPT.value,
        "clarification": SimpleNamespace(
            pk=0,
            label=_("An answer"),
            question=_("(Here stands the question.)"),
            due_at=days.now() + dt.timedelta(days=7),
        ),
    }


def _example_of(outcome: str) -> Callable[[Call], dict[str, Any]]:
    return lambda call: example_of_application(call) | {"outcome": outcome}


def example_of_interest(call: Call) -> dict[str, Any]:
    """Return what the mails on an expression of interest would tell, without any real one."""
    return {
        "interest": Interest(
            pk=0,
            call=call,
            organisation=Organisation(name=_("Example City")),
            reference=f"{call.code}-E-0000",
            sent_at=days.now(),
        ),
        "reason": _("(Here stands the reason of the decision.)"),
    }


def cases(call: Any, person: User) -> list[tuple[str, str]]:
    """Return the newest applications of a call that a person of staff may read."""
    rows = Application.objects.reached_by(person).filter(call=call).exclude(reference=None)
    named = rows.order_by("-submitted_at", "-pk").values_list("reference", "organisation__name")
    return [(reference or "", name) for reference, name in named[:MOST_CASES]]


def case(call: Any, person: User, reference: str) -> dict[str, Any] | None:
    """Return what the mails on an application of a call tell of it; None for one out of reach."""
    rows = Application.objects.reached_by(person).filter(call=call, reference=reference)
    application = rows.select_related("call", "organisation__country").first()
    if application is None:
        return None
    organisation = application.organisation
    found: dict[str, Any] = {
        "application": application,
        "organisation": organisation,
        "open_until": open_until(application),
        "submission": submission_of(application),
        "clarification": application.clarifications.first(),
        "interest": Interest.objects.filter(call=call, organisation=organisation)
        .exclude(reference=None)
        .first(),
        "reader": User.objects.filter(
            memberships__organisation=organisation,
            memberships__role=MembershipRole.LEAD,
            is_active=True,
        ).first(),
    }
    decision = application.decisions.order_by("-number").first()
    if decision is not None and decision.outcome != S.ELIGIBLE:
        found["reason"] = decision.reason
    # What it has not come to yet is told by the example.
    return {name: value for name, value in found.items() if value is not None}


# The kinds ----------------------------------------------------------------------------------
def scope_of_application(values: Values) -> str:
    """Return the call of what a mail tells of."""
    return key_of(values["application"].call)


def _kind(template: str, **more: Any) -> TextKind:
    more.setdefault("key", template)
    more.setdefault("example", example_of_application)
    more["placeholders"] = (*OF_APPLICATION, *more.get("placeholders", ()))
    return TextKind(template=template, scope=scope_of_application, **more)


def _decided(outcome: DecisionOutcome, label: Any) -> TextKind:
    return _kind(
        "application_decided",
        key=f"application_decided.{outcome}",
        label=label,
        sent_when=gettext_lazy("to the applicant, on the release of the letters"),
        placeholders=(_REASON,),
        needed=("reason",),
        example=_example_of(outcome.value),
        fits=lambda values: values.get("outcome") == outcome,
    )


def _question_kind(template: str, **more: Any) -> TextKind:
    return _kind(
        template,
        **more,
        fits=lambda values: not values.get("for_staff"),
    )


def _of_interest(values: Values) -> Interest:
    found: Interest = values["interest"]
    return found


def _interest_kind(template: str, **more: Any) -> TextKind:
    placeholders = (
        Placeholder(
            "city",
            gettext_lazy("the name of the applicant"),
            lambda values: _of_interest(values).organisation.name,
        ),
        Placeholder(
            "reference",
            gettext_lazy("the reference of the expression of interest"),
            lambda values: _of_interest(values).reference or "",
        ),
        Placeholder(
            "call",
            gettext_lazy("the title of the call"),
            lambda values: _of_interest(values).call.title,
        ),
        Placeholder(
            "link",
            gettext_lazy("the address of its page"),
            lambda values: (
                settings.BASE_URL + reverse("applications:interest", args=[values["interest"].pk])
            ),
        ),
        *more.pop("placeholders", ()),
    )
    return TextKind(
        key=template,
        template=template,
        placeholders=placeholders,
        scope=lambda values: key_of(values["interest"].call),
        example=example_of_interest,
        offered=lambda call: bool(call.is_two_stage),
        **more,
    )


OF_APPLICANTS = [
    _interest_kind(
        "interest_received",
        label=gettext_lazy("Expression of interest received"),
        sent_when=gettext_lazy("to the leads, as it is sent"),
    ),
    _interest_kind(
        "interest_invited",
        label=gettext_lazy("Invited to apply"),
        sent_when=gettext_lazy("to the leads, after the first stage"),
        placeholders=(
            _REASON,
            _moment(
                "closes",
                gettext_lazy("until when the application can be sent"),
                lambda values: values["interest"].call.closes_at,
            ),
        ),
        needed=("reason", "closes"),
    ),
    _interest_kind(
        "interest_declined",
        label=gettext_lazy("Not invited"),
        sent_when=gettext_lazy("to the leads, after the first stage"),
        placeholders=(_REASON,),
        needed=("reason",),
    ),
    _kind(
        "application_received",
        label=gettext_lazy("Application received"),
        sent_when=gettext_lazy("to the applicant, as it is sent"),
        placeholders=(
            _SENDER,
            Placeholder(
                "version",
                gettext_lazy("a sentence that it was sent anew; nothing the first time"),
                _version,
                is_block=True,
            ),
            Placeholder(
                "changes",
                gettext_lazy("a sentence until when it can be changed; nothing after the close"),
                _changes,
                is_block=True,
            ),
        ),
        needed=("changes",),
    ),
    _kind(
        "application_withdrawn",
        label=gettext_lazy("Application withdrawn"),
        sent_when=gettext_lazy("to the applicant, as it withdraws"),
    ),
    _question_kind(
        "clarification_asked",
        label=gettext_lazy("A question on an answer"),
        sent_when=gettext_lazy("to the applicant, as staff ask"),
        placeholders=(QUESTION, ASKED_ABOUT, _DUE),
        needed=("question", "due"),
    ),
    _question_kind(
        "clarification_extended",
        label=gettext_lazy("More time for an answer"),
        sent_when=gettext_lazy("to the applicant, as staff set a later date"),
        placeholders=(QUESTION, ASKED_ABOUT, _DUE),
        needed=("question", "due"),
    ),
    _question_kind(
        "clarification_withdrawn",
        label=gettext_lazy("A question taken back"),
        sent_when=gettext_lazy("to the applicant, as staff take it back"),
        placeholders=(QUESTION, ASKED_ABOUT, _REASON),
        needed=("question", "reason"),
    ),
    _kind(
        "application_ineligible",
        label=gettext_lazy("Not eligible"),
        sent_when=gettext_lazy("to the applicant, on the decision"),
        placeholders=(
            Placeholder(
                "criteria",
                gettext_lazy("what is not met, one a line"),
                lambda values: failed_in_words(values["failed"]),
                is_block=True,
            ),
            _REASON,
            Placeholder(
                "next",
                gettext_lazy("a sentence on what can be done now"),
                _after_refusal,
                is_block=True,
            ),
        ),
        needed=("criteria", "reason", "next"),
    ),
    _kind(
        "application_eligible_after_all",
        label=gettext_lazy("Eligible after all"),
        sent_when=gettext_lazy("to the applicant, as a refusal is taken back"),
    ),
    _decided(DecisionOutcome.ACCEPT, gettext_lazy("Outcome: accepted")),
    _decided(DecisionOutcome.RESERVE, gettext_lazy("Outcome: reserve list")),
    _decided(DecisionOutcome.REJECT, gettext_lazy("Outcome: rejected")),
    _kind(
        "application_corrected",
        label=gettext_lazy("A decision put right"),
        sent_when=gettext_lazy("to the applicant, once two people have put it right"),
        placeholders=(_REASON,),
        needed=("reason",),
    ),
    _kind(
        "application_place_given_up",
        label=gettext_lazy("A place given up"),
        sent_when=gettext_lazy("to the applicant, as it gives up its place"),
    ),
]
