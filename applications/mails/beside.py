"""The mails of a call beside those on an application: reminders, and what offices get."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from applications.mails.texts import (
    ASKED_ABOUT,
    QUESTION,
    Values,
    example_of_application,
    example_of_interest,
    scope_of_application,
)
from applications.services.placeholders import CALL, CITY, NAMES
from core.duties.catalogue import key_of
from core.kit import days
from core.kit.clocks import in_brussels
from core.post.placeholders import Placeholder
from core.post.texts import TextKind
from programme.calls.models import Call
from programme.organisations.models import Organisation

# Of every reminder: when it is due stands in the frame besides.
_OF_REMINDER = (
    Placeholder(
        "reader", gettext_lazy("the name of the reader"), lambda values: values["reader"].full_name
    ),
    Placeholder(
        "due", gettext_lazy("until when it is to be done"), lambda values: in_brussels(_due(values))
    ),
    Placeholder(
        "left",
        gettext_lazy("how long that is, such as “3 days left”"),
        lambda values: days.left_in_words(_due(values), values["now"]),
    ),
    Placeholder("link", gettext_lazy("the address of its page"), lambda values: values["page"]),
)
_OF_CALL = (
    Placeholder(
        "city", gettext_lazy("the name of the applicant"), lambda values: values["organisation"]
    ),
    Placeholder("call", gettext_lazy("the title of the call"), lambda values: values["call"].title),
)


def _due(values: Values) -> dt.datetime:
    found: dt.datetime = values["deadline"]
    return found


def _example(call: Call, *, is_copy: bool = False) -> dict[str, Any]:
    now = days.now()
    values = example_of_application(call) | example_of_interest(call)
    values["application"].revises_id = 0 if is_copy else None
    return values | {
        "call": call,
        "organisation": Organisation(name=_("Example City")),
        "reader": User(full_name=_("Alex Example")),
        "name": _("Example Town"),
        "deadline": now + dt.timedelta(days=7),
        "now": now,
        "overdue": False,
        "stands_in": False,
        "page": settings.BASE_URL + reverse("applications:mine"),
    }


def _reminder(kind: str, *placeholders: Placeholder, **more: Any) -> TextKind:
    values: dict[str, Any] = {
        "key": f"reminder_{kind}",
        "example": _example,
        "scope": lambda values: key_of(values["call"]),
    }
    return TextKind(
        **values | more,
        template=f"reminder_{kind}",
        placeholders=(*(placeholders or _OF_CALL), *_OF_REMINDER),
    )


def _of_first_stage(call: Any) -> bool:
    return bool(call.is_two_stage)


_WRITERS = gettext_lazy("to who writes for the city, before the close")
_NAMED = Placeholder(
    "name",
    gettext_lazy("the name of the municipality or organisation that gets it"),
    lambda values: values["name"],
)


def _to_offices(template: str, **more: Any) -> TextKind:
    return TextKind(
        key=template,
        template=template,
        placeholders=(CITY, CALL, _NAMED),
        scope=scope_of_application,
        example=_example,
        sent_when=gettext_lazy("to offices without an account, as the application is withdrawn"),
        **more,
    )


BESIDE = [
    _reminder(
        "interest_closing",
        label=gettext_lazy("Reminder: the expression of interest is not sent"),
        sent_when=_WRITERS,
        offered=_of_first_stage,
    ),
    _reminder(
        "interest_invited",
        label=gettext_lazy("Reminder: invited, and nothing begun"),
        sent_when=_WRITERS,
        offered=_of_first_stage,
    ),
    _reminder(
        "draft_closing",
        label=gettext_lazy("Reminder: the draft is not sent"),
        sent_when=_WRITERS,
        fits=lambda values: not values["application"].is_copy,
    ),
    _reminder(
        "draft_closing",
        key="reminder_draft_closing.changes",
        label=gettext_lazy("Reminder: the changes are not sent"),
        sent_when=_WRITERS,
        example=lambda call: _example(call, is_copy=True),
        fits=lambda values: values["application"].is_copy,
    ),
    _reminder(
        "clarification",
        *NAMES,
        ASKED_ABOUT,
        QUESTION,
        label=gettext_lazy("Reminder: a question on an answer"),
        sent_when=gettext_lazy("to who writes for the city, before the date of the answer"),
        scope=scope_of_application,
        needed=("question",),
    ),
    _to_offices("group_dissolved", label=gettext_lazy("To the municipalities of a group")),
    _to_offices("support_ended", label=gettext_lazy("To who wrote a letter of support")),
]
