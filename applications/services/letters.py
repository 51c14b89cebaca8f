"""Mails to the city."""

from typing import Any

from accounts.mail import send_mail
from applications.models import Application
from applications.selectors import recipients_of


def write_to_city(
    application: Application, template: str, values: dict[str, Any] | None = None
) -> None:
    """Queue a mail to the contact and to who sent the application, each once."""
    for address, language in recipients_of(application):
        send_mail(
            template=template,
            to=address,
            language=language,
            context={"application": application, **(values or {})},
        )
