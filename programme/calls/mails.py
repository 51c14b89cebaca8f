"""The mails on the closing times of a call, whose words staff may exchange for each call."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.duties.catalogue import key_of
from core.kit import days
from core.kit.clocks import in_brussels
from core.post.placeholders import Placeholder
from core.post.texts import TextKind
from programme.calls.models import Call
from programme.organisations.models import Organisation

Values = Mapping[str, Any]


def _moment(name: str, meaning: Any, key: str) -> Placeholder:
    def value(values: Values) -> str:
        at = values.get(key)
        return in_brussels(at) if at else _("not set")

    return Placeholder(name, meaning, value)


def _given_reason(values: Values) -> str:
    reason = values.get("reason")
    return f"{_('The reason given:')} {reason}" if reason else ""


def _after_move(values: Values) -> str:
    if values["is_over"]:
        return _("The call is closed now. What you typed is kept, but it can no longer be sent.")
    return _("Until then a lead of your team can send the application. What you typed is kept.")


def _after_move_of_first_stage(values: Values) -> str:
    if values["is_over"]:
        return _(
            "The first stage is closed now. What you typed is kept, but it can no longer be sent."
        )
    return _(
        "Until then a lead of your team can send the expression of interest. What you typed is "
        "kept."
    )


def _after_no(values: Values) -> str:
    if values["is_over"]:
        return _("The call has closed. What you typed is kept, but it can no longer be sent.")
    return _("Send what you have before then: a lead of your team does it.")


_NAME = Placeholder(
    "name", gettext_lazy("the name of the reader"), lambda values: values["reader"].full_name
)
_CALL = Placeholder(
    "call", gettext_lazy("the title of the call"), lambda values: values["call"].title
)
_CITY = Placeholder(
    "city", gettext_lazy("the name of the applicant"), lambda values: values["organisation"].name
)
_LINK = Placeholder(
    "link",
    gettext_lazy("the address of the reader's applications"),
    lambda _values: settings.BASE_URL + reverse("applications:mine"),
)
_NOTHING_WITHOUT = gettext_lazy("the reason given, with the words before it; nothing without one")


def _example(call: Call) -> dict[str, Any]:
    closes_at = call.closes_at or days.now() + dt.timedelta(days=14)
    return {
        "reader": User(full_name=_("Alex Example")),
        "call": call,
        "organisation": Organisation(name=_("Example City")),
        "pages": [],
        "before": closes_at,
        "after": closes_at + dt.timedelta(days=7),
        "closes_at": closes_at + dt.timedelta(days=7),
        "is_over": False,
        "reason": _("(Here stands the reason.)"),
    }


def _kind(template: str, *placeholders: Placeholder, **more: Any) -> TextKind:
    return TextKind(
        key=template,
        template=template,
        placeholders=(_NAME, _CALL, *placeholders),
        scope=lambda values: key_of(values["call"]),
        example=_example,
        **more,
    )


def _moved(template: str, after: Callable[[Values], str], **more: Any) -> TextKind:
    return _kind(
        template,
        _moment("before", gettext_lazy("until when it was open before"), "before"),
        _moment("after", gettext_lazy("until when it is open now"), "after"),
        Placeholder(
            "reason",
            gettext_lazy("the reason, as staff wrote it"),
            lambda values: values["reason"],
            is_block=True,
        ),
        Placeholder(
            "next", gettext_lazy("a sentence on what can be done now"), after, is_block=True
        ),
        needed=("before", "after", "reason", "next"),
        **more,
    )


def _closing(template: str, *placeholders: Placeholder, **more: Any) -> TextKind:
    return _kind(
        template,
        _CITY,
        _LINK,
        _moment("closes", gettext_lazy("until when it is open for this applicant"), "closes_at"),
        *placeholders,
        **more,
    )


_REASON = Placeholder("reason", _NOTHING_WITHOUT, _given_reason, is_block=True)

TEXTS = [
    _moved(
        "deadline_moved",
        _after_move,
        label=gettext_lazy("Deadline moved"),
        sent_when=gettext_lazy("to everybody who writes a draft, as it moves"),
    ),
    _moved(
        "first_stage_moved",
        _after_move_of_first_stage,
        label=gettext_lazy("Deadline of the first stage moved"),
        sent_when=gettext_lazy("to everybody who writes a draft, as it moves"),
        offered=lambda call: bool(call.is_two_stage),
    ),
    _closing(
        "extension_granted",
        _REASON,
        label=gettext_lazy("More time granted"),
        sent_when=gettext_lazy("to the writers of the city"),
        needed=("closes",),
    ),
    _closing(
        "extension_refused",
        _REASON,
        Placeholder(
            "next", gettext_lazy("a sentence on what can be done now"), _after_no, is_block=True
        ),
        label=gettext_lazy("More time refused"),
        sent_when=gettext_lazy("to the writers of the city"),
        needed=("closes", "reason", "next"),
    ),
    _closing(
        "late_entry_opened",
        label=gettext_lazy("Open by a code for a late entry"),
        sent_when=gettext_lazy("to the writers of the city, as the code is used"),
        needed=("closes",),
    ),
]
