"""Who is written to about an application."""

from accounts.models import User
from applications.models import Application
from applications.selectors.records import submission_of


def recipients_of(application: Application) -> list[tuple[str, str]]:
    """Return (address, language) of who is written to: the contact and the last sender."""
    submission = submission_of(application)
    sender = submission.by if submission else None
    found: dict[str, str] = {}
    if sender and sender.is_active:
        found[sender.email] = sender.language
    contact = application.contact_email.lower()
    if contact and contact not in found:
        person = User.objects.filter(email=contact).first()
        default = sender.language if sender else "en-gb"
        found[contact] = person.language if person else default
    return list(found.items())
