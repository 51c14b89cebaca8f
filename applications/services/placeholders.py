"""Names in braces that every mail on an application may hold."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from core.post.placeholders import Placeholder


def _application(values: Any) -> Application:
    found: Application = values["application"]
    return found


CITY = Placeholder(
    "city",
    _("the name of the applicant"),
    lambda values: _application(values).organisation.name,
)
REFERENCE = Placeholder(
    "reference",
    _("the reference of the application"),
    lambda values: _application(values).reference or "",
)
CALL = Placeholder(
    "call", _("the title of the call"), lambda values: _application(values).call.title
)
LINK = Placeholder(
    "link",
    _("the address of its page"),
    lambda values: (
        settings.BASE_URL + reverse("applications:detail", args=[_application(values).key])
    ),
)
# What a reason may name, which is read on pages too: there the address leads nowhere new.
NAMES = (CITY, REFERENCE, CALL)
OF_APPLICATION = (*NAMES, LINK)
